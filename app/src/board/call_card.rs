//! A call: who it is, where it comes from, what it is doing and for how long, and what went wrong.

mod facts;

use leptos::prelude::*;
use switchyard::{call::Direction, id::CallId};
use web_sys::MouseEvent;

use self::facts::{Facts, Other, facts};
use super::{
    ghost::card_id,
    move_menu::{self, label},
    moves::Move,
    state::Board,
};
use crate::{
    say,
    ui::{
        browser,
        icon::{Icon, icon, live_icon},
        live::{text, word},
        timer::timer,
    },
    words,
};

/// The card of a call.
pub(crate) fn call_card(call: &CallId) -> Option<impl IntoView + use<>> {
    let board = Board::expect();
    // A card that is no longer known is about to go; nothing is drawn for it.
    let signal = board.card(call)?;
    let lang = board.lang;
    let (who, number, line) = signal.with_untracked(|card| {
        let caller = &card.call.caller;
        let number = caller.name.is_some().then(|| words::number(lang, caller));
        let label = &card.call.line.label;
        let line = match card.call.direction {
            Direction::Inbound => say!(lang, call.from_line, line = label),
            Direction::Outbound => say!(lang, call.by_line, line = label),
            Direction::Internal => say!(lang, call.colleague).to_owned(),
        };
        (words::who(lang, caller), number, line)
    });
    let facts = Memo::new(move |_| facts(board, &signal.read()));
    let id = call.clone();
    let opened = call.clone();
    let name = say!(lang, call.with, who = who.clone());
    let view = view! {
        <article
            class="call"
            id=card_id(call)
            data-call=call.to_string()
            data-state=word(move || facts.read().state)
            tabindex="0"
            aria-label=name
            aria-describedby="drag-help"
        >
            <div class="call-head">
                <span class="call-icon">{live_icon(move || facts.read().icon)}</span>
                <span class="call-who" class:number=number.is_none()>{who}</span>
                {timer(move || facts.read().since)}
                <button
                    type="button"
                    class="icon-button call-menu"
                    data-part="menu"
                    aria-haspopup="menu"
                    aria-label=say!(lang, moves.open)
                    title=say!(lang, moves.open)
                    on:click=move |event: MouseEvent| {
                        if let Some(button) = browser::target(&event).and_then(|at| at.closest("button").ok().flatten()) {
                            move_menu::open(board, &opened, &button);
                        }
                    }
                >
                    {icon(Icon::DOTS)}
                </button>
            </div>
            <p class="call-from">
                {number.map(|number| view! { <span class="digits">{number}</span> " " })}
                <span class="call-line">{line}</span>
            </p>
            <div class="call-foot">
                <p class="call-state">{text(move || facts.read().words.clone())}</p>
                {buttons(facts, id.clone())}
            </div>
            {others(facts, id)}
            {move || {
                facts.read().trouble.clone().map(|why| view! { <p class="call-trouble">{icon(Icon::WARNING)} <span>{why}</span></p> })
            }}
        </article>
    };
    Some(view)
}

/// Who was added from outside, each with how far they are, and a way out.
fn others(facts: Memo<Facts>, call: CallId) -> impl IntoView {
    let board = Board::expect();
    let added = Memo::new(move |_| facts.read().added.clone());
    let draw = move |other: Other| {
        let Other { leg, who, remove, .. } = other;
        let call = call.clone();
        let words = word(move || added.with(|all| all.iter().find(|one| one.leg == leg).map_or("", |one| one.words)));
        let out = remove.map(|remove| {
            let name = label(board, &remove);
            view! {
                <button
                    type="button"
                    class="icon-button"
                    aria-label=name.clone()
                    title=name
                    on:click=move |_| board.act(&call, remove.clone())
                >
                    {icon(Icon::CLOSE)}
                </button>
            }
        });
        view! {
            <li>
                <span class="call-added-who">{who}</span>
                <span class="quiet">{words}</span>
                {out}
            </li>
        }
    };
    // Whoever has the call may send them out, and that can change.
    view! {
        <ul class="call-added">
            <For each=move || added.get() key=|other| (other.leg, other.remove.is_some()) let:other>
                {draw(other)}
            </For>
        </ul>
    }
}

/// The one click for what is done most.
fn buttons(facts: Memo<Facts>, id: CallId) -> impl IntoView {
    let board = Board::expect();
    let buttons = Memo::new(move |_| facts.read().buttons.clone());
    let draw = move |what: Move| {
        let id = id.clone();
        let lang = board.lang;
        let (text, name) = match &what {
            Move::Cancel => (say!(lang, call.cancel).to_owned(), say!(lang, call.cancel_move).to_owned()),
            what => (label(board, what), label(board, what)),
        };
        let (part, class) = match &what {
            Move::HangUp => ("hang-up", "button grave"),
            Move::Cancel => ("cancel", "button"),
            Move::Park => ("park", "button"),
            _ => ("take", "button primary"),
        };
        view! {
            <button type="button" class=class data-part=part aria-label=name on:click=move |_| board.act(&id, what.clone())>
                {text}
            </button>
        }
    };
    move || {
        let buttons = buttons.get();
        (!buttons.is_empty())
            .then(|| view! { <div class="call-buttons">{buttons.into_iter().map(&draw).collect_view()}</div> })
    }
}

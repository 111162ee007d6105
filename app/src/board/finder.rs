//! Contacts on the floor: found by a few letters; called, or added to the reader's call, with a click or by dragging them
//! onto one's own card. Nothing is asked of the server before it is opened.

use std::time::Duration;

use js_sys::encode_uri_component;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent};

use super::{ghost::contact_id, reach::own_call, state::Board};
use crate::{
    api::{contacts::FOUND, remote::find_contacts},
    say,
    ui::{
        avatar::avatar,
        browser,
        icon::{Icon, icon, live_icon},
        live::{text, truth, word},
    },
};

const BUTTON: &str = "finder-button";
const FINDER: &str = "finder";
const FIELD: &str = "finder-words";
/// How long to wait for the next letter, milliseconds.
const PAUSE_MILLIS: u64 = 150;

/// What came of looking.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Found,
    Nobody,
    Failed,
}

/// The button that opens it, and closes it again.
#[component]
pub(crate) fn FinderButton(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let lang = Board::expect().lang;
    let expanded = word(move || if open.get() { "true" } else { "false" });
    let toggle = move |_| {
        open.update(|open| *open = !*open);
        if open.get_untracked() {
            // It is shown with the next frame.
            request_animation_frame(focus);
        }
    };
    view! {
        <button
            type="button"
            id=BUTTON
            class="icon-button labelled"
            aria-expanded=expanded
            aria-controls=FINDER
            aria-keyshortcuts="F"
            on:click=toggle
        >
            {icon(Icon::CONTACT)} <span>{say!(lang, contacts.title)}</span>
        </button>
    }
}

/// A key asks for it: it is opened, if it is not, and the cursor is where one types.
pub(super) fn show() {
    match browser::by_id(BUTTON) {
        Some(button) if button.get_attribute("aria-expanded").as_deref() == Some("false") => button.click(),
        _ => focus(),
    }
}

fn focus() {
    if let Some(field) = browser::by_id(FIELD).and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        browser::focus(&field);
        field.select();
    }
}

/// The field, and who was found.
#[component]
pub(crate) fn Finder(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let board = Board::expect();
    let lang = board.lang;
    let found = RwSignal::new(Vec::<[String; 2]>::new());
    let outcome = RwSignal::new(Outcome::Found);
    // Where those are who are not shown.
    let others = RwSignal::new(None::<String>);
    let words = RwSignal::new(String::new());
    // Answers to what was typed before are not shown.
    let turn = StoredValue::new(0_u32);
    let look = move || {
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let wanted = move || board.is_there() && turn.get_value() == mine;
        let ask = move || {
            if !wanted() {
                return;
            }
            spawn_local(async move {
                let asked = words.get_untracked();
                let answer = find_contacts(&asked).await;
                if !wanted() {
                    return;
                }
                outcome.set(match &answer {
                    Ok(contacts) if contacts.is_empty() => Outcome::Nobody,
                    Ok(_) => Outcome::Found,
                    Err(_) => Outcome::Failed,
                });
                let mut contacts = answer.unwrap_or_default();
                let more = contacts.len() > usize::from(FOUND);
                contacts.truncate(FOUND.into());
                found.set(contacts);
                others.set(more.then(|| format!("/contacts?q={}", String::from(encode_uri_component(&asked)))));
            });
        };
        set_timeout(ask, Duration::from_millis(PAUSE_MILLIS));
    };
    Effect::new(move |_| {
        if open.get() {
            look();
        }
    });
    let note = word(move || match outcome.get() {
        Outcome::Found => "",
        Outcome::Nobody => say!(lang, contacts.none),
        Outcome::Failed => say!(lang, contacts.failed),
    });
    view! {
        <div
            class="finder"
            id=FINDER
            role="group"
            aria-label=say!(lang, contacts.title)
            hidden=truth(move || !open.get())
            on:keydown=move |event: KeyboardEvent| {
                if event.key() == "Escape" {
                    open.set(false);
                    // The focus goes back to where it came from, and not away with what is hidden.
                    if let Some(button) = browser::by_id(BUTTON).and_then(|button| button.dyn_into().ok()) {
                        browser::focus(&button);
                    }
                }
            }
        >
            <div class="finder-head">
                <label class="sr-only" for=FIELD>{say!(lang, contacts.search)}</label>
                <input
                    id=FIELD
                    type="search"
                    autocomplete="off"
                    placeholder=say!(lang, contacts.search)
                    on:input=move |event| {
                        words.set(event_target_value(&event));
                        look();
                    }
                />
                <a href="/contacts" class="button">{say!(lang, contacts.back)}</a>
            </div>
            <p class="quiet" aria-live="polite">{note}</p>
            <ul class="finder-found">
                // Whoever is found again keeps their card: a finger may be on it.
                <For each=move || found.get() key=Clone::clone let:card>
                    {contact(board, card)}
                </For>
            </ul>
            <p class="finder-more" hidden=truth(move || others.with(Option::is_none))>
                <a href=text(move || others.get().unwrap_or_default()) class="add-link">{say!(lang, contacts.others)}</a>
            </p>
        </div>
    }
}

/// Somebody's card.
fn contact(board: Board, [name, number]: [String; 2]) -> impl IntoView {
    let readable = switchyard::phone::readable(&number);
    let (called, who) = (number.clone(), name.clone());
    let (me, seat) = (board.me(), board.seat(&board.me()));
    let known = number.clone();
    // Whether they are added to a call, or called; nothing when they are in the reader's call already.
    let adds = Memo::new(move |_| {
        // Whether the reader has a call follows from what they are doing.
        if let Some(seat) = &seat {
            seat.track();
        }
        let own = board.with_floor(|floor| own_call(floor, &me).cloned());
        let Some(card) = own.and_then(|call| board.card(&call)) else { return Some(false) };
        card.with(|card| (!card.call.has_number(&known)).then_some(true))
    });
    let words = {
        let name = name.clone();
        text(move || {
            if adds.get() == Some(true) {
                say!(board.lang, moves.invite, name = name)
            } else {
                say!(board.lang, phone.call_colleague, name = name)
            }
        })
    };
    view! {
        <li class="contact" id=contact_id(&number) data-contact=number.clone()>
            {avatar(&number, &name)}
            <span class="contact-who">
                <span class="agent-name">{name}</span>
                <span class="quiet digits">{readable}</span>
            </span>
            <span class="quiet" hidden=truth(move || adds.get().is_some())>{say!(board.lang, call.in_call)}</span>
            <button
                type="button"
                class="icon-button"
                hidden=truth(move || adds.get().is_none())
                aria-label=words
                title=words
                on:click=move |_| board.reach_contact(&called, &who)
            >
                {live_icon(move || if adds.get() == Some(true) { Icon::ADD } else { Icon::PHONE })}
            </button>
        </li>
    }
}

//! Saying whether calls may come: for oneself with three buttons, for others from a menu.

use std::sync::Arc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use switchyard::{
    agent::{Presence, Status},
    id::AgentId,
};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, MouseEvent};

use super::state::Board;
use crate::{
    say,
    ui::{
        browser,
        icon::{Icon, icon},
        live::{text, word},
        menu::{Entry, Request},
        timer::{ServerTime, clock_face},
    },
    words,
};

const PRESENCES: [Presence; 3] = [Presence::Available, Presence::Away, Presence::Offline];

fn shape(presence: Presence) -> Icon {
    Icon::of(match presence {
        Presence::Available => Status::Available,
        Presence::Away => Status::Away,
        Presence::Offline => Status::Offline,
    })
}

/// The reader's own presence.
pub(crate) fn own_presence(agent: &AgentId) -> Option<impl IntoView + use<>> {
    let board = Board::expect();
    let seat = board.seat(agent)?;
    let view = view! {
        <div class="presence" role="group" aria-label=say!(board.lang, agent.presence)>
            {PRESENCES
                .map(|presence| {
                    let (seat, agent) = (seat.clone(), agent.clone());
                    view! {
                        <button
                            type="button"
                            data-presence=presence_key(presence)
                            aria-pressed=word(move || if seat.read().agent.presence == presence { "true" } else { "false" })
                            on:click=move |_| board.set_presence(agent.clone(), presence)
                        >
                            {icon(shape(presence))}
                            <span>{words::presence(board.lang, presence)}</span>
                        </button>
                    }
                })
                .collect_view()}
        </div>
    };
    Some(view)
}

fn presence_key(presence: Presence) -> &'static str {
    match presence {
        Presence::Available => "available",
        Presence::Away => "away",
        Presence::Offline => "offline",
    }
}

/// The time after a call, running down, and the end of it: only the agent themselves know when they are done.
pub(crate) fn wrap_up(agent: &AgentId, mine: bool) -> Option<impl IntoView + use<>> {
    let board = Board::expect();
    let seat = board.seat(agent)?;
    let ServerTime(now) = expect_context();
    let until = Memo::new(move |_| {
        let seat = seat.read();
        seat.agent.wrap_up_until.filter(|_| seat.status == Status::WrapUp)
    });
    // Whoever said in the meantime that no calls may come is done, not ready.
    let said = board.seat(agent)?;
    let goes_on = Memo::new(move |_| said.read().agent.presence == Presence::Available);
    let left = text(move || {
        let Some(until) = until.get() else { return String::new() };
        // Rounded up: nobody is ready at 0:01.
        let time = clock_face(until.millis_since(now.get()) + 999);
        if goes_on.get() {
            say!(board.lang, agent.ready_in, time = time)
        } else {
            say!(board.lang, agent.done_in, time = time)
        }
    });
    let done = word(move || if goes_on.get() { say!(board.lang, agent.ready) } else { say!(board.lang, agent.done) });
    let view = move || {
        until.get().is_some().then(|| {
            view! {
                <div class="wrap-up">
                    <span class="digits">{left}</span>
                    {mine
                        .then(|| {
                            view! {
                                <button type="button" class="button primary" on:click=move |_| board.finish_wrap_up()>
                                    {done}
                                </button>
                            }
                        })}
                </div>
            }
        })
    };
    Some(view)
}

/// Why somebody is away who did not say so, and the way back.
pub(crate) fn missed_away(agent: &AgentId, mine: bool) -> Option<impl IntoView + use<>> {
    let board = Board::expect();
    let seat = board.seat(agent)?;
    let missed = Memo::new(move |_| seat.read().agent.missed_away);
    let agent = agent.clone();
    let view = move || {
        let why = say!(board.lang, agent.missed_away, count = missed.get()?);
        let agent = agent.clone();
        Some(view! {
            <div class="missed-away" class:quiet=!mine>
                <p>{why}</p>
                {mine
                    .then(|| {
                        let back = move |_| board.set_presence(agent.clone(), Presence::Available);
                        view! {
                            <button type="button" class="button primary" on:click=back>
                                {say!(board.lang, agent.take_calls)}
                            </button>
                        }
                    })}
            </div>
        })
    };
    Some(view)
}

/// What supervisors open on a colleague's card.
#[component]
pub(crate) fn PresenceMenu(
    /// The colleague.
    agent: AgentId,
) -> impl IntoView {
    let board = Board::expect();
    let open = move |event: MouseEvent| {
        let button = browser::target(&event).and_then(|at| at.closest("button").ok().flatten());
        let Some(opener) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) else { return };
        let entries = PRESENCES
            .map(|presence| {
                let agent = agent.clone();
                Entry {
                    label: words::presence(board.lang, presence).to_owned(),
                    short: None,
                    reason: None,
                    grave: false,
                    action: Arc::new(move || board.set_presence(agent.clone(), presence)),
                }
            })
            .to_vec();
        let label = say!(board.lang, agent.presence_of, name = board.name(&agent));
        board.menu.set(Some(Request { label, entries, caption: None, opener: SendWrapper::new(opener) }));
    };
    view! {
        <button
            type="button"
            class="icon-button"
            aria-haspopup="menu"
            aria-label=say!(board.lang, agent.set_presence)
            title=say!(board.lang, agent.set_presence)
            on:click=open
        >
            {icon(Icon::DOTS)}
        </button>
    }
}

//! Single keys for what is done all day. They never fire while somebody types, and can be turned off.

use leptos::prelude::*;
use switchyard::{agent::Presence, floor::Floor, id::CallId};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{drag::Input, finder, ghost::card_id, hands::tell, moves::Move, state::Board};
use crate::{
    lang::Lang,
    phone::{self, Key},
    say,
    ui::browser,
};

/// The cookie that turns them off.
const COOKIE: &str = "keys";

/// A key and what it does.
#[derive(Clone, Copy)]
pub(crate) struct Shortcut {
    /// The key.
    pub(crate) key: &'static str,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    Available,
    Away,
    Ready,
    Park,
    PickUp,
    Waiting,
    Lot,
    Me,
    Finder,
    Help,
    Phone(Key),
}

/// Every shortcut, in the order of the help.
pub(crate) const SHORTCUTS: [Shortcut; 19] = [
    Shortcut { key: "A", what: What::Available },
    Shortcut { key: "W", what: What::Away },
    Shortcut { key: "R", what: What::Ready },
    Shortcut { key: "P", what: What::Park },
    Shortcut { key: "U", what: What::PickUp },
    Shortcut { key: "Q", what: What::Waiting },
    Shortcut { key: "L", what: What::Lot },
    Shortcut { key: "C", what: What::Me },
    Shortcut { key: "F", what: What::Finder },
    Shortcut { key: "O", what: What::Phone(Key::Power) },
    Shortcut { key: "T", what: What::Phone(Key::Answer) },
    Shortcut { key: "X", what: What::Phone(Key::Decline) },
    Shortcut { key: "K", what: What::Phone(Key::Mute) },
    Shortcut { key: "H", what: What::Phone(Key::Hold) },
    Shortcut { key: "E", what: What::Phone(Key::HangUp) },
    Shortcut { key: "D", what: What::Phone(Key::Keypad) },
    Shortcut { key: "S", what: What::Phone(Key::Settings) },
    Shortcut { key: "J", what: What::Phone(Key::Rejoin) },
    Shortcut { key: "?", what: What::Help },
];

impl Shortcut {
    /// What it does, in words.
    pub(crate) fn words(self, lang: Lang) -> &'static str {
        match self.what {
            What::Available => say!(lang, help.available),
            What::Away => say!(lang, help.away),
            What::Ready => say!(lang, help.ready),
            What::Park => say!(lang, help.park),
            What::PickUp => say!(lang, help.pick_up),
            What::Waiting => say!(lang, help.find_waiting),
            What::Lot => say!(lang, help.find_lot),
            What::Me => say!(lang, help.find_me),
            What::Finder => say!(lang, help.find_contact),
            What::Help => say!(lang, help.this),
            What::Phone(Key::Power) => say!(lang, help.phone_power),
            What::Phone(Key::Answer) => say!(lang, help.phone_answer),
            What::Phone(Key::Decline) => say!(lang, help.phone_decline),
            What::Phone(Key::Mute) => say!(lang, help.phone_mute),
            What::Phone(Key::Hold) => say!(lang, help.phone_hold),
            What::Phone(Key::HangUp) => say!(lang, help.phone_hang_up),
            What::Phone(Key::Keypad) => say!(lang, help.phone_keypad),
            What::Phone(Key::Settings) => say!(lang, help.phone_settings),
            What::Phone(Key::Rejoin) => say!(lang, help.phone_rejoin),
        }
    }
}

/// Whether the single keys are on.
pub(crate) fn enabled() -> bool {
    let cookies = js_sys::Reflect::get(&document(), &"cookie".into()).ok().and_then(|cookies| cookies.as_string());
    !cookies.unwrap_or_default().split(';').any(|cookie| cookie.trim() == "keys=off")
}

/// Turns them on or off.
pub(crate) fn enable(on: bool) {
    browser::set_cookie(COOKIE, if on { "on" } else { "off" });
}

/// A key goes down anywhere on the page.
pub(crate) fn pressed(board: Board, event: &KeyboardEvent) {
    if event.key() == "Escape" {
        tell(board, Input::Cancel);
        return;
    }
    if event.alt_key() || event.ctrl_key() || event.meta_key() || event.repeat() || event.is_composing() {
        return;
    }
    let typing = browser::target(event).is_some_and(|at| {
        matches!(at.closest("input, textarea, select, [contenteditable], dialog, [role=menu]"), Ok(Some(_)))
    });
    if typing || board.drag.with_value(|drag| drag.lifted().is_some()) || !enabled() {
        return;
    }
    let key = event.key();
    if phone::typed(board, &key) {
        event.prevent_default();
        return;
    }
    if let Some(shortcut) = SHORTCUTS.iter().find(|shortcut| shortcut.key.eq_ignore_ascii_case(&key)) {
        event.prevent_default();
        run(board, shortcut.what);
    }
}

fn run(board: Board, what: What) {
    let me = board.me();
    match what {
        What::Available => board.set_presence(me, Presence::Available),
        What::Away => board.set_presence(me, Presence::Away),
        What::Ready => board.finish_wrap_up(),
        What::Park => {
            let mine = |floor: &Floor| {
                floor.calls.values().find(|call| call.talking_to() == Some(&me)).map(|call| call.id.clone())
            };
            match board.with_floor(mine) {
                Some(call) => board.act(&call, Move::Park),
                None => board.speech.warn(say!(board.lang, help.no_call).to_owned()),
            }
        }
        What::PickUp => match board.waiting.with_untracked(|waiting| waiting.first().cloned()) {
            Some(call) => board.act(&call, Move::PickUp),
            None => board.speech.warn(say!(board.lang, help.no_waiting).to_owned()),
        },
        What::Waiting => match board.waiting.with_untracked(|waiting| waiting.first().cloned()) {
            Some(call) => go_to_card(&call),
            None => go_to("waiting"),
        },
        What::Lot => go_to("lot"),
        What::Me => go_to(&format!("agent-{me}")),
        What::Finder => finder::show(),
        What::Help => board.help.set(true),
        What::Phone(key) => phone::pressed(board, key),
    }
}

fn go_to_card(call: &CallId) {
    if let Some(card) = browser::by_id(&card_id(call)) {
        browser::focus(&card);
        browser::reveal(&card);
    }
}

/// To the first thing in a part of the page that can have the focus, else to the part itself.
fn go_to(id: &str) {
    let Some(part) = browser::by_id(id) else { return };
    browser::reveal(&part);
    let first = part.query_selector("[data-call], button").ok().flatten();
    if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
        browser::focus(&first);
    } else {
        let _ = part.set_attribute("tabindex", "-1");
        browser::focus(&part);
    }
}

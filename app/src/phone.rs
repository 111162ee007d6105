//! The softphone: calls are heard and spoken in the page, through Twilio's voice SDK.
//!
//! `state`, `news` and `machine` are the phone as such: pure, told what happens, saying what to do. `hands` does it: with the SDK
//! (`sdk`, `load`, `calls`, `digits`), the other tabs (`tabs`), the server (`socket`, `dial`) and the reader's ears (`alarm`,
//! `devices`, `levels`). `bar`, `keypad` and `settings` are what is seen of it.

mod alarm;
mod bar;
mod calls;
mod clicks;
mod devices;
pub(crate) mod dial;
mod digits;
mod floor;
pub(crate) mod hands;
mod keypad;
mod levels;
mod lines;
mod load;
mod machine;
pub mod news;
mod page;
mod power;
pub(crate) mod said;
mod sdk;
mod settings;
mod socket;
pub mod state;
mod tabs;
#[cfg(test)]
mod tests;

use leptos::prelude::*;
use switchyard::floor::Recorded;

pub(crate) use self::bar::PhoneBar;
use self::{
    devices::Choice,
    news::{Click, Input},
    state::Phone,
};
use crate::board::Board;

/// What is open above the bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Panel {
    /// Nothing.
    #[default]
    Closed,
    /// The keys, and the field for a number.
    Keypad,
    /// Microphone, speaker, ring.
    Settings,
}

/// The signals of the phone.
#[derive(Clone, Copy, Default)]
pub(crate) struct Softphone {
    /// The phone itself.
    pub(crate) state: RwSignal<Phone>,
    /// What is open.
    pub(crate) panel: RwSignal<Panel>,
    /// What was typed to be dialled.
    pub(crate) number: RwSignal<String>,
    /// The digits typed into the call.
    pub(crate) digits: RwSignal<String>,
    /// The microphones and speakers that there are.
    devices: RwSignal<Vec<Choice>>,
}

/// Events arrived from the floor: some say what became of somebody who was called.
pub(crate) fn heard(board: Board, events: &[Recorded]) {
    if let Some((call, trouble)) = floor::not_reached(events)
        && board.phone().state.with_untracked(|phone| phone.lines.iter().any(|line| line.call.as_ref() == Some(&call)))
    {
        hands::tell(board, Input::NotReached(call, trouble));
    }
}

/// Calls a number or an extension.
pub(crate) fn dial(board: Board, number: String) {
    hands::click(board, Click::Dial(number));
}

/// What the keyboard can do with the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// Switches it on or off.
    Power,
    /// Answers.
    Answer,
    /// Declines.
    Decline,
    /// Mutes, or not.
    Mute,
    /// Holds, or resumes.
    Hold,
    /// Hangs up.
    HangUp,
    /// Opens the keypad.
    Keypad,
    /// Opens the settings.
    Settings,
    /// Comes back to a call.
    Rejoin,
}

/// A key was pressed that is about the phone.
pub(crate) fn pressed(board: Board, key: Key) {
    let click = match key {
        Key::Power if board.phone().state.with_untracked(|phone| phone.on) => Click::Off,
        Key::Power => Click::On { available: false },
        Key::Answer => Click::Answer,
        Key::Decline => Click::Decline,
        Key::Mute => Click::Mute,
        Key::Hold => Click::Hold,
        Key::HangUp => Click::HangUp,
        Key::Rejoin => Click::Rejoin,
        Key::Keypad => return bar::toggle(board, Panel::Keypad),
        Key::Settings => return bar::toggle(board, Panel::Settings),
    };
    hands::click(board, click);
}

/// A digit was typed anywhere on the page; answers whether it went into a call.
pub(crate) fn typed(board: Board, digit: &str) -> bool {
    let one = matches!(digit.as_bytes(), [b'0'..=b'9' | b'*' | b'#']);
    let talking = board.phone().state.with_untracked(|phone| phone.current().is_some());
    if one && talking {
        keypad::send(board, digit);
    }
    one && talking
}

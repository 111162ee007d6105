//! The menu of moves: everything that a drag can do, by name, with the reason for what is not possible now.

use std::sync::Arc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use switchyard::{floor::Way, id::CallId};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    finder,
    moves::{Move, Offered, moves},
    reach::own_call,
    state::Board,
};
use crate::{
    api::AskError,
    say,
    ui::menu::{Entry, Request},
    words,
};

/// The menu that is open on a board.
pub(crate) type MenuRequest = Request;

/// What a move is called.
pub(crate) fn label(board: Board, what: &Move) -> String {
    let lang = board.lang;
    match what {
        Move::PickUp => say!(lang, moves.pick_up).to_owned(),
        Move::Retrieve => say!(lang, moves.retrieve).to_owned(),
        Move::Park => say!(lang, moves.park).to_owned(),
        Move::ParkIn(slot) => say!(lang, moves.park_in, slot = slot.0),
        Move::Transfer(agent) | Move::Give(agent) if board.way_to(agent) == Some(Way::Voicemail) => {
            say!(lang, moves.voicemail, name = board.name(agent))
        }
        Move::Transfer(agent) | Move::Give(agent) if board.way_to(agent) == Some(Way::Mobile) => {
            say!(lang, moves.transfer_mobile, name = board.name(agent))
        }
        Move::Transfer(agent) => say!(lang, moves.transfer, name = board.name(agent)),
        Move::Give(agent) => say!(lang, moves.give, name = board.name(agent)),
        Move::Queue => say!(lang, moves.queue).to_owned(),
        Move::Cancel => say!(lang, moves.cancel).to_owned(),
        Move::Hold => say!(lang, phone.hold).to_owned(),
        Move::Resume => say!(lang, phone.resume).to_owned(),
        Move::Invite(agent) => say!(lang, moves.invite, name = board.name(agent)),
        Move::Dismiss(agent) => say!(lang, moves.dismiss, name = board.name(agent)),
        Move::Remove(_, who) => say!(lang, moves.dismiss, name = words::who(lang, who)),
        Move::HangUp => say!(lang, moves.hang_up).to_owned(),
    }
}

/// Opens the menu of a call beside its button.
pub(crate) fn open(board: Board, call: &CallId, button: &Element) {
    let Some(opener) = button.dyn_ref::<HtmlElement>().cloned() else { return };
    let (me, now) = (board.me(), board.moment());
    let agents = board.order.get_untracked();
    let offered = board.with_floor(|floor| moves(floor, &me, call, &agents, now));
    let mut entries: Vec<_> = offered.into_iter().map(|offered| entry(board, call, offered)).collect();
    entries.extend(add_outside(board, call));
    let label = say!(board.lang, moves.menu, call = board.call_with(call));
    board.menu.set(Some(Request {
        label,
        entries,
        caption: Some(say!(board.lang, moves.park_in_head)),
        opener: SendWrapper::new(opener),
    }));
}

/// Whoever has the call chooses among the contacts whom to add to it.
fn add_outside(board: Board, call: &CallId) -> Option<Entry> {
    let (me, now) = (board.me(), board.moment());
    let mine =
        board.with_floor(|floor| own_call(floor, &me) == Some(call) && floor.may_add(&me, call, "", now).is_ok());
    mine.then(|| Entry {
        label: say!(board.lang, moves.add_outside).to_owned(),
        short: None,
        reason: None,
        grave: false,
        action: Arc::new(finder::show),
    })
}

fn entry(board: Board, call: &CallId, offered: Offered) -> Entry {
    let Offered { what, verdict } = offered;
    let intent = what.intent(&board.me(), call);
    let to = match &intent {
        switchyard::floor::Intent::MoveCall { to, .. } => Some(to),
        _ => None,
    };
    let reason = verdict.err().map(|refusal| board.why_not(&AskError::Refused(refusal), Some(call), to));
    let short = match &what {
        Move::ParkIn(slot) => Some(slot.to_string()),
        _ => None,
    };
    let call = call.clone();
    Entry {
        label: label(board, &what),
        short,
        reason,
        grave: what == Move::HangUp,
        action: Arc::new(move || board.act(&call, what.clone())),
    }
}

//! Does what a drag says, whichever hand holds the card, a call's, a colleague's or a contact's: shows it, lights the targets, asks the
//! floor, puts it back.

use std::time::Duration;

use leptos::prelude::*;
use switchyard::{
    call::{OfferReason, Place},
    floor::{Refusal, Target, Way},
    id::{AgentId, CallId},
};

use super::{
    drag::{Hand, Input, Piece, Step},
    ghost,
    glide::{self, FLY_MILLIS, Rect},
    moves::Move,
    pointer,
    state::Board,
    targets,
};
use crate::{api::AskError, live::Link, say, ui::browser, words};

/// Tells the drag what happened, and does what it says.
pub(crate) fn tell(board: Board, input: Input) -> Step {
    let hand = board.drag.with_value(super::drag::Drag::hand);
    let legal = |piece: &Piece, to: &Target| may_drop(board, piece, to).is_ok();
    let step = board.drag.try_update_value(|drag| drag.step(input, legal)).unwrap_or(Step::Nothing);
    let keyboard = hand == Some(Hand::Keyboard);
    match &step {
        Step::Lift(piece) => lift(board, piece),
        Step::Hover(to) => hover(board, to.as_ref()),
        Step::Drop(piece, to) => drop_on(board, piece, to, keyboard),
        Step::Refuse(piece, to) => refuse(board, piece, to),
        Step::Return(piece) => {
            if let (true, Piece::Call(call)) = (keyboard, piece) {
                board.speech.show(say!(board.lang, drag.cancelled, call = board.call_with(call)));
            }
            put_back(board, piece);
        }
        Step::Vanish(piece) => {
            ghost::lay_down();
            if let Piece::Call(call) = piece {
                board.speech.warn(whereabouts(board, call));
            }
            finish(board, piece);
        }
        Step::Nothing | Step::Watch(_) | Step::Forget | Step::Rest => {}
    }
    step
}

/// The connection is lost: what is in hand is put back, because nobody knows any more where it may go.
pub(crate) fn interrupt(board: Board) {
    if board.drag.with_value(|drag| drag.lifted().is_some()) {
        tell(board, Input::Cancel);
        board.speech.warn(say!(board.lang, drag.offline).to_owned());
    }
}

/// Whether the call may go there now, as far as this page knows.
fn verdict(board: Board, call: &CallId, to: &Target) -> Result<(), Refusal> {
    let (me, now) = (board.me(), board.moment());
    board.with_floor(|floor| floor.may_move(&me, call, to, now))
}

/// Whether what is in hand may be dropped there now. Colleagues and contacts are dropped onto one's own card; anywhere else
/// it is as if they had not been moved.
fn may_drop(board: Board, piece: &Piece, to: &Target) -> Result<(), Refusal> {
    match piece {
        Piece::Call(call) => verdict(board, call, to),
        Piece::Agent(agent) if *to == Target::Agent(board.me()) => board.may_reach(agent).map(|_| ()),
        Piece::Contact(number) if *to == Target::Agent(board.me()) => board.may_reach_outside(number).map(|_| ()),
        Piece::Agent(_) | Piece::Contact(_) => Err(Refusal::AlreadyThere),
    }
}

/// Every place where the call may go, in the order of the arrow keys.
pub(crate) fn legal_targets(board: Board, call: &CallId) -> Vec<Target> {
    let agents = board.order.get_untracked().into_iter().map(Target::Agent);
    let slots = board.lot.get_untracked().into_iter().map(|slot| Target::Slot(Some(slot)));
    agents.chain(slots).chain([Target::Queue]).filter(|to| verdict(board, call, to).is_ok()).collect()
}

fn lift(board: Board, piece: &Piece) {
    let keyboard = board.drag.with_value(super::drag::Drag::hand) == Some(Hand::Keyboard);
    if board.link.get_untracked() != Link::Live {
        board.speech.warn(say!(board.lang, drag.offline).to_owned());
        forget(board);
        return;
    }
    let Some(card) = ghost::element(piece) else {
        forget(board);
        return;
    };
    if let (true, Piece::Call(call)) = (keyboard, piece) {
        let count = legal_targets(board, call).len();
        if count == 0 {
            board.speech.warn(say!(board.lang, drag.lifted_none, call = board.call_with(call)));
            forget(board);
            return;
        }
        board.speech.show(say!(board.lang, drag.lifted, call = board.call_with(call), count = count));
    } else {
        pointer::set_grip(ghost::raise(&card, pointer::position()));
    }
    board.menu.set(None);
    board.hold();
    browser::mark(&card, "data-lifted", Some(""));
    set_dragging(Some(if keyboard { "keyboard" } else { "pointer" }));
    targets::paint(|to| may_drop(board, piece, to));
}

/// The drag never began.
fn forget(board: Board) {
    board.drag.set_value(super::drag::Drag::Rest);
}

fn hover(board: Board, to: Option<&Target>) {
    targets::hover(to);
    let Some((piece, hand)) = board.drag.with_value(|drag| Some((drag.lifted()?.clone(), drag.hand()?))) else {
        return;
    };
    match (hand, piece) {
        (Hand::Keyboard, Piece::Agent(_) | Piece::Contact(_)) => {}
        (Hand::Keyboard, Piece::Call(call)) => {
            let Some(to) = to else { return };
            board.speech.show(position(board, &call, to));
            if let Some(element) = targets::elements(&targets::key(to)).first() {
                browser::reveal(element);
            }
        }
        (Hand::Pointer(_), piece) => {
            let words = to.and_then(|to| match &piece {
                Piece::Call(call) => outlook(board, call, to),
                Piece::Agent(agent) => colleague_outlook(board, agent, to),
                Piece::Contact(number) => contact_outlook(board, number, to),
            });
            ghost::caption(words.as_ref().map(|(words, legal)| (words.as_str(), *legal)));
        }
    }
}

/// What a drop would do, or why it would not.
fn outlook(board: Board, call: &CallId, to: &Target) -> Option<(String, bool)> {
    match verdict(board, call, to) {
        Ok(()) => {
            let me = board.me();
            let what = board.with_call(call, |_, call| Move::of_drop(&me, call, to))?;
            Some((super::move_menu::label(board, &what), true))
        }
        Err(Refusal::AlreadyThere) => Some((say!(board.lang, drag.here).to_owned(), true)),
        Err(refusal) => Some((board.why_not(&AskError::Refused(refusal), Some(call), Some(to)), false)),
    }
}

/// What a drop of a colleague would do, or why it would not.
fn colleague_outlook(board: Board, agent: &AgentId, to: &Target) -> Option<(String, bool)> {
    (*to == Target::Agent(board.me())).then(|| match board.may_reach(agent) {
        Ok(reach) => (board.reach_words(&board.name(agent), &reach), true),
        Err(refusal) => (board.unreachable(agent, refusal), false),
    })
}

/// What a drop of a contact would do, or why it would not.
fn contact_outlook(board: Board, number: &str, to: &Target) -> Option<(String, bool)> {
    (*to == Target::Agent(board.me())).then(|| match board.may_reach_outside(number) {
        Ok(reach) => (board.reach_words(&contact_name(number), &reach), true),
        Err(refusal) => (board.not_callable(refusal), false),
    })
}

/// A contact's name, as their card says it.
fn contact_name(number: &str) -> String {
    ghost::contact_name(number).unwrap_or_else(|| switchyard::phone::readable(number))
}

/// What the arrow keys chose, and which of how many it is.
fn position(board: Board, call: &CallId, to: &Target) -> String {
    let lang = board.lang;
    let targets = legal_targets(board, call);
    let (place, count) = (targets.iter().position(|target| target == to).unwrap_or_default() + 1, targets.len());
    match to {
        Target::Agent(agent) => {
            let status = board.seat(agent).map(|seat| seat.read_untracked().status);
            let status = status.map(|status| words::status_inside(lang, status)).unwrap_or_default();
            // Whoever is not here is reached elsewhere: that is heard before the call is let go.
            let status = match board.way_to(agent) {
                Some(Way::Voicemail) => format!("{status}, {}", say!(lang, agent.voicemail)),
                Some(Way::Mobile) => format!("{status}, {}", say!(lang, agent.on_mobile)),
                Some(Way::Phone) | None => status.to_owned(),
            };
            say!(lang, drag.over_agent, name = board.name(agent), status = status, place = place, count = count)
        }
        Target::Slot(Some(slot)) => say!(lang, drag.over_slot, slot = slot.0, place = place, count = count),
        Target::Slot(None) => say!(lang, drag.over_lot, place = place, count = count),
        Target::Queue => say!(lang, drag.over_queue, place = place, count = count),
    }
}

fn drop_on(board: Board, piece: &Piece, to: &Target, keyboard: bool) {
    let call = match piece {
        Piece::Call(call) => call,
        Piece::Agent(agent) => {
            put_back(board, piece);
            return board.reach(agent);
        }
        Piece::Contact(number) => {
            let who = contact_name(number);
            put_back(board, piece);
            return board.reach_contact(number, &who);
        }
    };
    let me = board.me();
    let what = board.with_call(call, |_, call| Move::of_drop(&me, call, to));
    if !keyboard {
        let goal = landing_place(to);
        if let Some(rect) = goal.or_else(ghost::rect) {
            glide::note_landing(call, rect);
        }
        ghost::fly_to(goal);
    }
    finish(board, piece);
    if let Some(what) = what {
        board.act(call, what);
    }
}

/// Where a dropped card seems to go until the floor says where it is.
fn landing_place(to: &Target) -> Option<Rect> {
    // The smallest: the lot is shown twice on a phone, as a region and as a button.
    let element = targets::elements(&targets::key(to)).into_iter().next()?;
    let rect = Rect::of(&element);
    match to {
        Target::Slot(Some(_)) => Some(rect),
        // At the pointer, pulled a little towards the target.
        _ => ghost::rect(),
    }
}

fn refuse(board: Board, piece: &Piece, to: &Target) {
    match (may_drop(board, piece, to), piece) {
        // Dropped where it came from: that is changing one's mind.
        (Err(Refusal::AlreadyThere) | Ok(()), _) => {}
        (Err(refusal), Piece::Call(call)) => {
            let why = board.why_not(&AskError::Refused(refusal), Some(call), Some(to));
            board.complain(call, why);
        }
        (Err(refusal), Piece::Agent(agent)) => board.speech.warn(board.unreachable(agent, refusal)),
        (Err(refusal), Piece::Contact(_)) => board.speech.warn(board.not_callable(refusal)),
    }
    put_back(board, piece);
}

/// The card flies back to where it was.
fn put_back(board: Board, piece: &Piece) {
    ghost::fly_to(ghost::element(piece).map(|card| Rect::of(&card)));
    finish(board, piece);
}

/// The hand is empty: everything looks as ever, and the cards go where they belong.
fn finish(board: Board, piece: &Piece) {
    targets::clear();
    set_dragging(None);
    if let Some(card) = ghost::element(piece) {
        browser::mark(&card, "data-lifted", None);
    }
    pointer::let_go();
    board.release();
    let settle = move || {
        if board.is_there() {
            tell(board, Input::Settled);
        }
    };
    set_timeout(settle, Duration::from_millis(u64::from(FLY_MILLIS) + 40));
}

/// The floor has changed while a card is in hand: is it still ours to move, and what is legal now?
pub(crate) fn look_again(board: Board) {
    let Some(piece) = board.drag.with_value(|drag| drag.lifted().cloned()) else { return };
    let gone = match &piece {
        Piece::Call(call) => is_gone(board, call),
        Piece::Agent(agent) => board.seat(agent).is_none(),
        Piece::Contact(_) => false,
    };
    if gone {
        tell(board, Input::Gone(piece));
    } else {
        targets::paint(|to| may_drop(board, &piece, to));
    }
}

/// Whether the call ended, or is somewhere else than where it was picked up. The queue may ring somebody for a caller
/// who is in hand: that can be overruled, so it changes nothing.
fn is_gone(board: Board, call: &CallId) -> bool {
    let before = board.with_layout(|layout| layout.spots.get(call).cloned());
    board
        .with_call(call, |floor, call| {
            let asked = call.offer.as_ref().is_some_and(|offer| offer.reason != OfferReason::Routed);
            let elsewhere = before.is_some_and(|before| before != super::layout::spot(floor, call));
            let routed = call.offer.is_some() && !asked || call.place == Place::Queue;
            asked || call.pending.is_some() || (elsewhere && !routed)
        })
        .unwrap_or(true)
}

/// Who has the call now.
fn whereabouts(board: Board, call: &CallId) -> String {
    let lang = board.lang;
    let name = board.call_with(call);
    let found = board.with_call(call, |floor, call| {
        let with = call.offer.as_ref().map(|offer| &offer.agent).or_else(|| call.talking_to());
        match (with, &call.place, &call.pending) {
            (_, _, Some(switchyard::call::Pending::Park { slot, by, .. })) | (None, Place::Slot { slot, by }, None) => {
                say!(lang, drag.taken_slot, call = name.clone(), slot = slot.0, name = words::name(lang, floor, by))
            }
            (Some(agent), ..) => say!(lang, drag.taken, call = name.clone(), name = words::name(lang, floor, agent)),
            _ => say!(lang, drag.taken_moved, call = name.clone()),
        }
    });
    found.unwrap_or_else(|| say!(lang, drag.ended, call = name))
}

fn set_dragging(by: Option<&str>) {
    if let Some(floor) = browser::by_id("floor") {
        browser::mark(&floor, "data-dragging", by);
    }
}

//! Dragging without a pointer: Space picks a card up, the arrow keys choose where it goes, Space drops it, Escape puts
//! it back. The focus stays with the card all the while.

use leptos::prelude::*;
use switchyard::{floor::Target, id::CallId};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{
    drag::{Hand, Input, Piece},
    hands::{legal_targets, tell},
    move_menu,
    state::Board,
};
use crate::ui::browser;

/// A key goes down somewhere on the board.
pub(crate) fn pressed(board: Board, event: &KeyboardEvent) {
    if event.alt_key() || event.ctrl_key() || event.meta_key() || event.is_composing() {
        return;
    }
    let held = board.drag.with_value(|drag| drag.lifted().cloned().zip(drag.hand()));
    match held {
        Some((Piece::Call(call), Hand::Keyboard)) => carried(board, &call, event),
        // Colleagues are not carried by the keyboard: there is a button on their cards.
        Some(_) => {}
        None => on_card(board, event),
    }
}

/// Keys while a card is in hand. None of them does anything else.
fn carried(board: Board, call: &CallId, event: &KeyboardEvent) {
    match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => aim(board, call, 1),
        "ArrowLeft" | "ArrowUp" => aim(board, call, -1),
        "Home" => aim_at(board, legal_targets(board, call).into_iter().next()),
        "End" => aim_at(board, legal_targets(board, call).pop()),
        " " | "Enter" => {
            tell(board, Input::Put);
        }
        "Escape" => {
            tell(board, Input::Cancel);
        }
        // The focus must not leave a card that is in hand.
        "Tab" => {}
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

fn aim(board: Board, call: &CallId, by: isize) {
    let targets = legal_targets(board, call);
    let Ok(count) = isize::try_from(targets.len()) else { return };
    if count == 0 {
        return;
    }
    let now = board.drag.with_value(|drag| targets.iter().position(|to| Some(to) == drag.over()));
    let now = now.and_then(|now| isize::try_from(now).ok());
    let next = match now {
        Some(now) => (now + by).rem_euclid(count),
        None if by > 0 => 0,
        None => count - 1,
    };
    aim_at(board, targets.into_iter().nth(next.unsigned_abs()));
}

fn aim_at(board: Board, to: Option<Target>) {
    tell(board, Input::Over(to));
}

/// Keys on a card that rests.
fn on_card(board: Board, event: &KeyboardEvent) {
    // Keys of the buttons on a card are theirs.
    let Some(card) = browser::target(event).and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return };
    let Some(call) = card.get_attribute("data-call").map(CallId::from) else { return };
    match event.key().as_str() {
        " " | "Enter" if !event.repeat() => {
            tell(board, Input::Take(Piece::Call(call)));
        }
        " " | "Enter" => {}
        "m" | "M" => {
            if let Ok(Some(button)) = card.query_selector("[data-part='menu']") {
                move_menu::open(board, &call, &button);
            }
        }
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

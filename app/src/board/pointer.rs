//! From the browser's pointer events to the drag: mouse, pen and touch alike. A move only notes where the pointer is;
//! everything else happens once a frame.

use std::{cell::RefCell, time::Duration};

use leptos::prelude::*;
use switchyard::id::{AgentId, CallId};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{AddEventListenerOptions, Element, Event, PointerEvent};

use super::{
    drag::{Device, HOLD_MILLIS, Hand, Input, Piece, Point, Step},
    ghost,
    glide::Rect,
    hands::tell,
    state::Board,
    targets,
};
use crate::ui::browser;

/// How near to an edge the page begins to scroll, and how fast it scrolls at most, in pixels a frame.
const EDGE: f64 = 64.0;
const SPEED: f64 = 16.0;
/// How much higher a finger carries a card, in pixels.
const ABOVE_FINGER: f64 = 48.0;
/// On these a press is theirs.
const CONTROLS: &str = "button, a, input, select, textarea, [role=menu], dialog";

/// What is known of the pointer between two events.
#[derive(Default)]
struct Track {
    at: Point,
    /// From the pointer to the corner of the card.
    grip: Point,
    frame_due: bool,
    /// Fingers hide what is under them.
    finger: bool,
}

thread_local! {
    static TRACK: RefCell<Track> = RefCell::default();
}

/// Where the pointer is.
pub(crate) fn position() -> Point {
    TRACK.with_borrow(|track| track.at)
}

/// Where the corner of the card in hand is, seen from the pointer.
pub(crate) fn set_grip(grip: Point) {
    TRACK.with_borrow_mut(|track| {
        let lift = if track.finger { ABOVE_FINGER } else { 0.0 };
        track.grip = Point { y: grip.y - lift, ..grip };
    });
}

fn point(event: &PointerEvent) -> Point {
    Point { x: f64::from(event.client_x()), y: f64::from(event.client_y()) }
}

fn device(event: &PointerEvent) -> Device {
    match event.pointer_type().as_str() {
        "touch" => Device::Touch,
        "pen" => Device::Pen,
        _ => Device::Mouse,
    }
}

/// A pointer goes down somewhere on the board.
pub(crate) fn down(board: Board, event: &PointerEvent) {
    if event.button() != 0 || event.ctrl_key() {
        return;
    }
    let Some(target) = browser::target(event) else { return };
    if matches!(target.closest(CONTROLS), Ok(Some(_))) {
        return;
    }
    let Some(piece) = piece(&target) else { return };
    let (pointer, device, at) = (event.pointer_id(), device(event), point(event));
    let step = tell(board, Input::Press { pointer, device, piece, at });
    let Step::Watch(device) = step else { return };
    TRACK.with_borrow_mut(|track| {
        track.at = at;
        track.finger = device == Device::Touch;
    });
    if device == Device::Touch {
        let held = move || {
            if board.is_there() && matches!(tell(board, Input::Held { pointer }), Step::Lift(_)) {
                capture(pointer);
                schedule(board);
                // A short buzz, where there is one: the card is in hand.
                let _ = js_sys::Reflect::get(&window().navigator(), &"vibrate".into())
                    .and_then(|vibrate| js_sys::Function::from(vibrate).call1(&window().navigator(), &8.into()));
            }
        };
        set_timeout(held, Duration::from_millis(HOLD_MILLIS));
    }
}

/// What is picked up there: a call, or else the colleague or the contact whose card it is.
fn piece(target: &Element) -> Option<Piece> {
    let named = |what: &str| target.closest(&format!("[{what}]")).ok()??.get_attribute(what);
    let call = named("data-call").map(|call| Piece::Call(CallId::from(call)));
    call.or_else(|| named("data-colleague").map(|agent| Piece::Agent(AgentId::from(agent))))
        .or_else(|| named("data-contact").map(Piece::Contact))
}

/// A pointer moves.
pub(crate) fn travel(board: Board, event: &PointerEvent) {
    let pointer = event.pointer_id();
    let resting = board.drag.with_value(|drag| matches!(drag, super::drag::Drag::Rest));
    if resting {
        return;
    }
    let at = point(event);
    match board.drag.with_value(super::drag::Drag::hand) {
        Some(Hand::Pointer(holding)) if holding == pointer => {
            TRACK.with_borrow_mut(|track| track.at = at);
            schedule(board);
        }
        Some(_) => {}
        None => {
            TRACK.with_borrow_mut(|track| track.at = at);
            if matches!(tell(board, Input::Travel { pointer, at }), Step::Lift(_)) {
                capture(pointer);
                schedule(board);
            }
        }
    }
}

/// A pointer goes up. Where it is counts, not where the last frame saw it.
pub(crate) fn up(board: Board, event: &PointerEvent) {
    let pointer = event.pointer_id();
    if board.drag.with_value(super::drag::Drag::hand) == Some(Hand::Pointer(pointer)) {
        TRACK.with_borrow_mut(|track| track.at = point(event));
        aim(board);
    }
    tell(board, Input::Release { pointer });
}

/// The browser took a pointer away.
pub(crate) fn lost(board: Board, event: &PointerEvent) {
    tell(board, Input::Lost { pointer: event.pointer_id() });
}

/// Nothing is captured any more.
pub(crate) fn let_go() {
    TRACK.with_borrow_mut(|track| track.frame_due = false);
}

/// All events of this pointer come to the board from now on, wherever it goes.
fn capture(pointer: i32) {
    if let Some(board) = browser::by_id("floor") {
        let _ = board.set_pointer_capture(pointer);
    }
}

fn schedule(board: Board) {
    let due = TRACK.with_borrow_mut(|track| std::mem::replace(&mut track.frame_due, true));
    if !due {
        request_animation_frame(move || frame(board));
    }
}

fn frame(board: Board) {
    let due = TRACK.with_borrow_mut(|track| std::mem::take(&mut track.frame_due));
    if !due || !board.is_there() || board.drag.with_value(|drag| drag.lifted().is_none()) {
        return;
    }
    let (at, grip) = TRACK.with_borrow(|track| (track.at, track.grip));
    ghost::put(Point { x: at.x + grip.x, y: at.y + grip.y });
    let under = aim(board);
    if scroll_edges(at, under.as_ref()) {
        schedule(board);
    }
}

/// Tells the drag what is under the pointer.
fn aim(board: Board) -> Option<Element> {
    let at = position();
    #[expect(clippy::cast_possible_truncation, reason = "pixels of a screen")]
    let under = document().element_from_point(at.x as f32, at.y as f32);
    tell(board, Input::Over(under.as_ref().and_then(targets::around)));
    under
}

/// Scrolls what is under the pointer, or the page, when the pointer is near an edge.
fn scroll_edges(at: Point, under: Option<&Element>) -> bool {
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    let area = under.and_then(|under| under.closest("[data-scroll]").ok().flatten());
    if let Some(area) = area.filter(|area| area.scroll_height() > area.client_height() + 1) {
        let rect = Rect::of(&area);
        let by = pull(at.y, rect.top.max(0.0), (rect.top + rect.height).min(height));
        let before = area.scroll_top();
        #[expect(clippy::cast_possible_truncation, reason = "a few pixels")]
        area.set_scroll_top(before + by as i32);
        if area.scroll_top() != before {
            return true;
        }
    }
    let by = pull(at.y, 0.0, height);
    let before = window().scroll_y().unwrap_or_default();
    window().scroll_by_with_x_and_y(0.0, by);
    (window().scroll_y().unwrap_or_default() - before).abs() > 0.5
}

/// How far to scroll in a frame: the nearer to the edge, the farther.
fn pull(at: f64, top: f64, bottom: f64) -> f64 {
    let edge = EDGE.min((bottom - top) / 4.0).max(1.0);
    if at < top + edge {
        -SPEED * ((top + edge - at) / edge).min(1.0)
    } else if at > bottom - edge {
        SPEED * ((at - bottom + edge) / edge).min(1.0)
    } else {
        0.0
    }
}

/// While a finger holds a card the page must not scroll with it. Only a listener that is not passive may say so, and
/// the view has no way to ask for one.
pub(crate) fn hold_page_still(board: Board, floor: &Element) {
    let still = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        if board.is_there() && board.drag.with_value(|drag| drag.lifted().is_some()) && event.cancelable() {
            event.prevent_default();
        }
    });
    let options = AddEventListenerOptions::new();
    options.set_passive(false);
    let listener = still.as_ref().unchecked_ref();
    let _ = floor.add_event_listener_with_callback_and_add_event_listener_options("touchmove", listener, &options);
    // It lives as long as the element.
    still.forget();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_scrolls_near_its_edges_only() {
        assert!(pull(10.0, 0.0, 800.0) < 0.0);
        assert!(pull(400.0, 0.0, 800.0).abs() < f64::EPSILON);
        assert!((pull(800.0, 0.0, 800.0) - SPEED).abs() < f64::EPSILON);
        assert!((pull(-50.0, 0.0, 800.0) + SPEED).abs() < f64::EPSILON);
    }
}

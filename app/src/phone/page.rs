//! What happens to the page as a whole: it is touched, put away, brought back, and its network comes and goes.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{AddEventListenerOptions, Element, Event, PageTransitionEvent};

use super::{
    Panel, alarm, devices, hands,
    news::{Click, Input},
    socket, tabs,
};
use crate::board::Board;

/// Listens as long as the page lives.
pub(super) fn listen(board: Board) {
    // Before anybody else hears of it: the SDK declines what rings when its page goes away, and a reload is no answer.
    on("pagehide", move |event| {
        hands::ignore_ringing();
        if event.unchecked_ref::<PageTransitionEvent>().persisted() {
            tabs::release();
        }
    });
    on("pageshow", move |event| {
        if event.unchecked_ref::<PageTransitionEvent>().persisted() {
            hands::tell(board, Input::Restored);
            socket::reopen();
        }
    });
    on("online", |_| socket::hurry());
    for touch in ["pointerdown", "keydown"] {
        on(touch, |_| alarm::unlock());
    }
    on("click", move |event| stay_on_the_floor(board, &event));
    if let Ok(media) = window().navigator().media_devices() {
        let changed = Closure::<dyn FnMut(Event)>::new(move |_| devices::refresh(board));
        let _ = media.add_event_listener_with_callback("devicechange", changed.into_js_value().unchecked_ref());
    }
}

fn on(event: &str, react: impl FnMut(Event) + 'static) {
    let options = AddEventListenerOptions::new();
    options.set_capture(true);
    options.set_passive(true);
    let listener = Closure::<dyn FnMut(Event)>::new(react).into_js_value();
    let _ = window().add_event_listener_with_callback_and_add_event_listener_options(
        event,
        listener.unchecked_ref(),
        &options,
    );
}

/// Whoever talks on this page would leave their caller with it: a way to another page opens beside it then.
fn stay_on_the_floor(board: Board, event: &Event) {
    let clicked = event.target().and_then(|at| at.dyn_into::<Element>().ok());
    let Some(link) = clicked.and_then(|at| at.closest("a[href^='/']").ok().flatten()) else { return };
    let talks = board.phone().state.with_untracked(|phone| phone.owns() && phone.current().is_some());
    // As it was, when they do not talk any more.
    let _ = if talks { link.set_attribute("target", "_blank") } else { link.remove_attribute("target") };
}

/// The pages on which a number is a link of ours: a click there calls it.
const OURS: [&str; 2] = ["/calls", "/contacts"];

/// A link led here with a number: it is put where it can be dialled with one click. From a page of ours that click was
/// made; an address alone must not be able to place a call.
pub(super) fn dial_from_address(board: Board) {
    let search = window().location().search().unwrap_or_default();
    let Some(number) = search.trim_start_matches('?').split('&').find_map(|pair| pair.strip_prefix("dial=")) else {
        return;
    };
    let number = js_sys::decode_uri_component(number).map(String::from).unwrap_or_default();
    board.phone().number.set(number.clone());
    board.phone().panel.set(Panel::Keypad);
    if from_a_page_of_ours() {
        hands::tell(board, Input::Click(Click::Dial(number)));
    }
    // The page is loaded again without it.
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some("/"));
    }
}

/// Whether the reader came by a link on a page of ours with numbers: where they come from is the browser's word, not the
/// address's.
fn from_a_page_of_ours() -> bool {
    let Ok(origin) = window().location().origin() else { return false };
    let referrer = document().referrer();
    let path = referrer.strip_prefix(&origin).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    OURS.into_iter().any(|page| path.strip_prefix(page).is_some_and(|below| below.is_empty() || below.starts_with('/')))
}

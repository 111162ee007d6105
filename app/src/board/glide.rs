//! Motion that explains: a card that went somewhere else glides there from where it was. Transforms only, run by the
//! browser's own animations; nothing moves for readers who asked for less motion.

use std::{cell::RefCell, time::Duration};

use leptos::prelude::*;
use switchyard::id::CallId;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use super::ghost::card_id;
use crate::ui::browser::{self, px};

/// How long a card takes to its new place.
const GLIDE_MILLIS: u32 = 260;
/// How long a card that was let go takes to where it belongs.
pub(crate) const FLY_MILLIS: u32 = 180;
/// How long it is remembered where a card was dropped: it glides on from there.
const LANDING_MILLIS: i64 = 4000;
/// More cards than this do not glide at once: nobody could follow them.
const MANY: usize = 12;

/// A rectangle on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Rect {
    pub(crate) fn of(element: &Element) -> Self {
        let rect = element.get_bounding_client_rect();
        Self { left: rect.left(), top: rect.top(), width: rect.width(), height: rect.height() }
    }
}

thread_local! {
    /// Where cards were dropped a moment ago.
    static LANDINGS: RefCell<Vec<(CallId, Rect, i64)>> = RefCell::default();
}

/// Remembers where a card was dropped: wherever it appears next, it comes from there.
pub(crate) fn note_landing(call: &CallId, at: Rect) {
    LANDINGS.with_borrow_mut(|landings| {
        landings.retain(|(known, ..)| known != call);
        landings.push((call.clone(), at, browser::now()));
    });
}

fn landing(call: &CallId) -> Option<Rect> {
    LANDINGS.with_borrow_mut(|landings| {
        let now = browser::now();
        landings.retain(|(_, _, at)| now - *at < LANDING_MILLIS);
        let at = landings.iter().position(|(known, ..)| known == call)?;
        Some(landings.swap_remove(at).1)
    })
}

/// Cards that are about to go somewhere else, and where they are.
pub(crate) struct Glide {
    from: Vec<(CallId, Rect)>,
    focused: Option<(CallId, Option<String>)>,
}

/// Looks where the cards are that are about to move, before the page changes.
pub(crate) fn prepare(moved: &[CallId]) -> Glide {
    if moved.is_empty() || cfg!(feature = "ssr") {
        return Glide { from: Vec::new(), focused: None };
    }
    let focused = focused(moved);
    let from = if browser::calm() || moved.len() > MANY {
        Vec::new()
    } else {
        let shown = |call: &CallId| browser::by_id(&card_id(call)).map(|card| Rect::of(&card));
        let rect = |call: &CallId| landing(call).or_else(|| shown(call));
        moved.iter().filter_map(|call| Some((call.clone(), rect(call)?))).collect()
    };
    Glide { from, focused }
}

/// The moved card that holds the keyboard's focus, and the part of it that does.
fn focused(moved: &[CallId]) -> Option<(CallId, Option<String>)> {
    let active = document().active_element()?;
    let card = active.closest("[data-call]").ok()??;
    let id = card.get_attribute("data-call")?;
    let call = moved.iter().find(|call| call.as_str() == id)?;
    Some((call.clone(), active.get_attribute("data-part")))
}

impl Glide {
    /// Goes, as soon as the page has changed and before it is painted.
    pub(crate) fn start(self) {
        if self.from.is_empty() && self.focused.is_none() {
            return;
        }
        request_animation_frame(move || {
            if let Some((call, part)) = self.focused {
                refocus(&call, part.as_deref());
            }
            for (call, from) in self.from {
                if let Some(card) = browser::by_id(&card_id(&call)) {
                    let to = Rect::of(&card);
                    let start = format!("translate({},{})", px(from.left - to.left), px(from.top - to.top));
                    animate(&card, &[("transform", &start, "none")], GLIDE_MILLIS);
                }
            }
        });
    }
}

/// The focus stays with a card that moved: it is a new element in a new place.
fn refocus(call: &CallId, part: Option<&str>) {
    let Some(card) = browser::by_id(&card_id(call)) else { return };
    let inside = part.and_then(|part| card.query_selector(&format!("[data-part='{part}']")).ok().flatten());
    let inside = inside.and_then(|element| element.dyn_into::<HtmlElement>().ok());
    browser::focus(inside.as_ref().unwrap_or(&card));
    browser::reveal(&card);
}

/// A card springs back from where it was dropped.
pub(crate) fn spring_back(call: &CallId) {
    let (Some(from), Some(card)) = (landing(call), browser::by_id(&card_id(call))) else { return };
    if !browser::calm() {
        let to = Rect::of(&card);
        let start = format!("translate({},{})", px(from.left - to.left), px(from.top - to.top));
        animate(&card, &[("transform", &start, "none")], GLIDE_MILLIS);
    }
}

/// Something flies from one place to another, and `then` is done.
pub(crate) fn fly(element: &Element, from: &Rect, to: &Rect, then: impl FnOnce() + 'static) {
    if browser::calm() {
        then();
        return;
    }
    let start = format!("translate3d({},{},0)", px(from.left), px(from.top));
    let end = format!("translate3d({},{},0)", px(to.left), px(to.top));
    animate(element, &[("transform", &start, &end), ("opacity", "1", "0.4")], FLY_MILLIS);
    set_timeout(then, Duration::from_millis(FLY_MILLIS.into()));
}

/// `Element.animate`, which the bindings count as unstable.
fn animate(element: &Element, properties: &[(&str, &str, &str)], millis: u32) {
    let frames = js_sys::Object::new();
    for (property, from, to) in properties {
        let values = js_sys::Array::of2(&JsValue::from_str(from), &JsValue::from_str(to));
        let _ = js_sys::Reflect::set(&frames, &JsValue::from_str(property), &values);
    }
    let options = js_sys::Object::new();
    for (key, value) in [
        ("duration", JsValue::from(millis)),
        ("easing", JsValue::from_str("cubic-bezier(0.2, 0.8, 0.2, 1)")),
        ("fill", JsValue::from_str("none")),
    ] {
        let _ = js_sys::Reflect::set(&options, &JsValue::from_str(key), &value);
    }
    let animate = js_sys::Reflect::get(element, &JsValue::from_str("animate"));
    if let Some(animate) = animate.ok().and_then(|animate| animate.dyn_into::<js_sys::Function>().ok()) {
        let _ = animate.call2(element, &frames, &options);
    }
}

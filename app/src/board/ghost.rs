//! The card in hand: a copy that follows the pointer, above everything. The card itself stays as a placeholder.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    drag::Point,
    glide::{self, Rect},
};
use crate::ui::browser;

const LAYER: &str = "ghost";
const CAPTION: &str = "ghost-caption";

/// The layer in which the copy moves, and the words that go with it.
#[component]
pub(crate) fn Ghost() -> impl IntoView {
    view! {
        <div id=LAYER aria-hidden="true"></div>
        <div id=CAPTION aria-hidden="true"></div>
    }
}

/// The id of a call's card on the page.
pub(crate) fn card_id(call: &switchyard::id::CallId) -> String {
    format!("call-{call}")
}

/// Makes the copy, exactly over its card.
pub(crate) fn raise(card: &HtmlElement) {
    let Some(layer) = browser::by_id(LAYER) else { return };
    layer.set_inner_html("");
    let rect = Rect::of(card);
    let Some(copy) = card.clone_node_with_deep(true).ok().and_then(|copy| copy.dyn_into::<Element>().ok()) else { return };
    // A copy is nobody's card: it must not be found by id, by name or by the keyboard.
    for attribute in ["id", "tabindex", "role", "aria-label", "aria-describedby", "data-call", "data-lifted"] {
        let _ = copy.remove_attribute(attribute);
    }
    let _ = layer.append_child(&copy);
    let style = layer.style();
    let _ = style.set_property("width", &format!("{}px", rect.width));
    let _ = style.set_property("height", &format!("{}px", rect.height));
    let _ = layer.set_attribute("data-shown", "");
    put(Point { x: rect.left, y: rect.top });
}

/// Moves the copy. Only a transform: nothing is laid out.
pub(crate) fn put(at: Point) {
    if let Some(layer) = browser::by_id(LAYER) {
        let _ = layer.style().set_property("transform", &format!("translate3d({}px,{}px,0)", at.x, at.y));
    }
}

/// Says beside the pointer what a drop would do, or why it would not.
pub(crate) fn caption(words: Option<(&str, bool)>, at: Point) {
    let Some(caption) = browser::by_id(CAPTION) else { return };
    match words {
        Some((words, legal)) => {
            caption.set_text_content(Some(words));
            let _ = caption.set_attribute("data-shown", if legal { "yes" } else { "no" });
        }
        None => {
            let _ = caption.remove_attribute("data-shown");
        }
    }
    place_caption(at);
}

/// Moves the words with the pointer.
pub(crate) fn place_caption(at: Point) {
    if let Some(caption) = browser::by_id(CAPTION) {
        let _ = caption.style().set_property("transform", &format!("translate3d({}px,{}px,0)", at.x, at.y));
    }
}

/// Where the copy is, if there is one.
pub(crate) fn rect() -> Option<Rect> {
    let layer = browser::by_id(LAYER)?;
    layer.has_attribute("data-shown").then(|| Rect::of(&layer))
}

/// The copy flies to a place and is gone. Answers for how long it flies, in milliseconds.
pub(crate) fn fly_to(goal: Option<Rect>) {
    let Some(layer) = browser::by_id(LAYER) else { return };
    caption(None, Point::default());
    let (Some(from), Some(goal)) = (rect(), goal) else {
        lay_down();
        return;
    };
    glide::fly(&layer, &from, &goal, lay_down);
}

/// The copy is gone at once.
pub(crate) fn lay_down() {
    if let Some(layer) = browser::by_id(LAYER) {
        layer.set_inner_html("");
        let _ = layer.remove_attribute("data-shown");
        let _ = layer.remove_attribute("style");
    }
    caption(None, Point::default());
}

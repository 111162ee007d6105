//! The card in hand: a copy that follows the pointer, above everything. The card itself stays as a placeholder.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    drag::{Piece, Point},
    glide::{self, Rect},
};
use crate::ui::browser::{self, px};

const LAYER: &str = "ghost";
const CAPTION: &str = "ghost-caption";
/// How much room the words need above the copy.
const CAPTION_ROOM: f64 = 40.0;
/// The copy is no wider than this, so that it does not hide what is under it.
const WIDEST: f64 = 250.0;
/// How deep inside the copy the pointer holds it at most: what is under the pointer should be seen below it.
const DEEPEST: f64 = 26.0;

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

/// The id of a contact's card on the page.
pub(crate) fn contact_id(number: &str) -> String {
    format!("contact-{number}")
}

/// What somebody is called whose card is among the contacts.
pub(crate) fn contact_name(number: &str) -> Option<String> {
    browser::by_id(&contact_id(number))?.query_selector(".agent-name").ok()??.text_content()
}

/// What is picked up, on the page. Of a colleague's card that is its head: their calls stay where they are.
pub(crate) fn element(piece: &Piece) -> Option<HtmlElement> {
    match piece {
        Piece::Call(call) => browser::by_id(&card_id(call)),
        Piece::Agent(agent) => {
            let head = browser::by_id(&format!("agent-{agent}"))?.query_selector(".agent-head").ok()??;
            head.dyn_into().ok()
        }
        Piece::Contact(number) => browser::by_id(&contact_id(number)),
    }
}

/// Makes the copy over its card, and answers where its corner is, seen from a pointer at `at`.
pub(crate) fn raise(card: &HtmlElement, at: Point) -> Point {
    let Some(layer) = browser::by_id(LAYER) else { return Point::default() };
    layer.set_inner_html("");
    let rect = Rect::of(card);
    let Some(copy) = card.clone_node_with_deep(true).ok().and_then(|copy| copy.dyn_into::<Element>().ok()) else {
        return Point::default();
    };
    // A copy is nobody's card: it must not be found by id, by name or by the keyboard.
    for attribute in
        ["id", "tabindex", "role", "aria-label", "aria-describedby", "data-call", "data-contact", "data-lifted"]
    {
        let _ = copy.remove_attribute(attribute);
    }
    let _ = layer.append_child(&copy);
    let width = rect.width.min(WIDEST);
    let _ = layer.style().set_property("width", &px(width));
    let _ = layer.set_attribute("data-shown", "");
    let inside = (at.x - rect.left).clamp(0.0, rect.width) * width / rect.width.max(1.0);
    let grip = Point { x: -inside, y: -(at.y - rect.top).clamp(0.0, DEEPEST) };
    put(Point { x: at.x + grip.x, y: at.y + grip.y });
    grip
}

/// Moves the copy. Only a transform: nothing is laid out.
pub(crate) fn put(at: Point) {
    for id in [LAYER, CAPTION] {
        if let Some(element) = browser::by_id(id) {
            // The words sit on top of the copy, and stay on the screen.
            let y = if id == CAPTION { at.y.max(CAPTION_ROOM) } else { at.y };
            let _ = element.style().set_property("transform", &format!("translate3d({},{},0)", px(at.x), px(y)));
        }
    }
}

/// Says on the copy what a drop would do, or why it would not.
pub(crate) fn caption(words: Option<(&str, bool)>) {
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
}

/// Where the copy is, if there is one.
pub(crate) fn rect() -> Option<Rect> {
    let layer = browser::by_id(LAYER)?;
    layer.has_attribute("data-shown").then(|| Rect::of(&layer))
}

/// The copy flies to a place and is gone.
pub(crate) fn fly_to(goal: Option<Rect>) {
    let Some(layer) = browser::by_id(LAYER) else { return };
    caption(None);
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
    caption(None);
}

//! A menu: one panel for whichever button opened it, with the keys that menus have.

use std::sync::Arc;

use leptos::{html, prelude::*};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::{board::Rect, ui::browser};

/// How far the panel stays from the edges of the window, in pixels.
const MARGIN: f64 = 8.0;

/// What an entry does.
pub(crate) type Action = Arc<dyn Fn() + Send + Sync>;

/// A line of a menu.
#[derive(Clone)]
pub(crate) struct Entry {
    /// What it is called.
    pub(crate) label: String,
    /// What is written when entries of a kind stand side by side, as slots do.
    pub(crate) short: Option<String>,
    /// Why it cannot be chosen now.
    pub(crate) reason: Option<String>,
    /// It ends something.
    pub(crate) grave: bool,
    /// What it does.
    pub(crate) action: Action,
}

/// A menu that is open.
#[derive(Clone)]
pub(crate) struct Request {
    /// What it is for.
    pub(crate) label: String,
    /// Its lines.
    pub(crate) entries: Vec<Entry>,
    /// What those that stand side by side have in common.
    pub(crate) caption: Option<&'static str>,
    /// What opened it.
    pub(crate) opener: SendWrapper<HtmlElement>,
}

/// Draws the menu that is open.
#[component]
pub(crate) fn Menu(
    /// Which one; `None` when none is.
    open: RwSignal<Option<Request>>,
) -> impl IntoView {
    move || open.get().map(|request| view! { <Panel request open /> })
}

#[component]
fn Panel(request: Request, open: RwSignal<Option<Request>>) -> impl IntoView {
    let panel = NodeRef::<html::Div>::new();
    let opener = request.opener.clone();
    browser::mark(&opener, "aria-expanded", Some("true"));
    let close = move |focus: bool| {
        let Some(request) = open.try_update(Option::take).flatten() else { return };
        browser::mark(&request.opener, "aria-expanded", None);
        if focus {
            browser::focus(&request.opener);
        }
    };
    Effect::new(move |_| {
        let Some(panel) = panel.get() else { return };
        place(&panel, &opener);
        if let Some(first) = items(&panel).first() {
            browser::focus(first);
        }
    });
    let keys = move |event: KeyboardEvent| {
        let Some(panel) = panel.get_untracked() else { return };
        let handled = match event.key().as_str() {
            "Escape" | "Tab" => {
                close(true);
                true
            }
            key => go(&panel, key),
        };
        if handled {
            event.prevent_default();
        }
        event.stop_propagation();
    };
    let (single, side_by_side): (Vec<_>, Vec<_>) =
        request.entries.into_iter().enumerate().partition(|(_, entry)| entry.short.is_none());
    // Grave entries come last, after those that stand side by side.
    let (grave, single): (Vec<_>, Vec<_>) = single.into_iter().partition(|(_, entry)| entry.grave);
    let draw = move |entries: Vec<(usize, Entry)>| {
        entries.into_iter().map(|(number, entry)| view! { <Line number entry close /> }).collect_view()
    };
    let caption = request.caption.map(|words| view! { <span class="menu-caption" aria-hidden="true">{words}</span> });
    let beside = (!side_by_side.is_empty())
        .then(|| view! { <div class="menu-row" role="presentation">{caption} {draw(side_by_side)}</div> });
    view! {
        <div class="menu-back" on:pointerdown=move |_| close(false)></div>
        <div class="menu" role="menu" aria-label=request.label node_ref=panel on:keydown=keys tabindex="-1">
            {draw(single)}
            {beside}
            {draw(grave)}
        </div>
    }
}

#[component]
fn Line(number: usize, entry: Entry, close: impl Fn(bool) + Copy + 'static) -> impl IntoView {
    let Entry { label, short, reason, grave, action } = entry;
    let allowed = reason.is_none();
    let described = reason.is_some().then(|| format!("menu-why-{number}"));
    let choose = move |_| {
        if allowed {
            close(true);
            action();
        }
    };
    let beside = short.is_some();
    let written = short.unwrap_or_else(|| label.clone());
    let title = reason.clone().filter(|_| beside);
    // Beside the item, not in it: its name is what it does, and why it cannot be done now describes it.
    let why = reason.map(|reason| {
        let class = if beside { "sr-only" } else { "menu-why" };
        view! { <span class=class id=format!("menu-why-{number}")>{reason}</span> }
    });
    view! {
        <div class="menu-line" role="presentation">
            <div
                class="menu-item"
                class:menu-short=beside
                class:grave=grave
                role="menuitem"
                tabindex="-1"
                aria-label=label
                title=title
                aria-disabled=(!allowed).then_some("true")
                aria-describedby=described
                on:click=choose
            >
                {written}
            </div>
            {why}
        </div>
    }
}

fn items(panel: &HtmlElement) -> Vec<HtmlElement> {
    let Ok(found) = panel.query_selector_all("[role=menuitem]") else { return Vec::new() };
    (0..found.length()).filter_map(|i| found.item(i)?.dyn_into().ok()).collect()
}

/// Moves the focus, or chooses. Answers whether the key was for the menu.
fn go(panel: &HtmlElement, key: &str) -> bool {
    let items = items(panel);
    let active = document().active_element();
    let now = items.iter().position(|item| active.as_ref().is_some_and(|active| item.is_same_node(Some(active))));
    let last = items.len().saturating_sub(1);
    let next = match key {
        "ArrowDown" | "ArrowRight" => now.map_or(0, |now| if now == last { 0 } else { now + 1 }),
        "ArrowUp" | "ArrowLeft" => now.map_or(last, |now| if now == 0 { last } else { now - 1 }),
        "Home" | "PageUp" => 0,
        "End" | "PageDown" => last,
        "Enter" | " " => {
            if let Some(item) = now.and_then(|now| items.get(now)) {
                item.click();
            }
            return true;
        }
        letter if letter.chars().count() == 1 => {
            let begins = |item: &&HtmlElement| {
                let label = item.get_attribute("aria-label").unwrap_or_default();
                label.get(..letter.len()).is_some_and(|start| start.eq_ignore_ascii_case(letter))
            };
            let after = now.map_or(0, |now| now + 1);
            let found = items.iter().skip(after).find(begins).or_else(|| items.iter().find(begins));
            if let Some(item) = found {
                browser::focus(item);
                browser::reveal(item);
            }
            return true;
        }
        _ => return false,
    };
    if let Some(item) = items.get(next) {
        browser::focus(item);
        browser::reveal(item);
    }
    true
}

/// Beside its button: below if there is room, else above.
fn place(panel: &HtmlElement, opener: &HtmlElement) {
    let (button, own) = (Rect::of(opener), Rect::of(panel));
    let size =
        |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value: wasm_bindgen::JsValue| value.as_f64());
    let (Some(width), Some(height)) = (size(window().inner_width()), size(window().inner_height())) else { return };
    let left = (button.left + button.width - own.width).clamp(MARGIN, (width - own.width - MARGIN).max(MARGIN));
    let below = button.top + button.height + 4.0;
    let top = if below + own.height + MARGIN <= height { below } else { (button.top - own.height - 4.0).max(MARGIN) };
    let top = top.min((height - own.height - MARGIN).max(MARGIN));
    let _ = panel.style().set_property("left", &browser::px(left));
    let _ = panel.style().set_property("top", &browser::px(top));
}

//! Where the browser takes over what the server rendered: the board, where there is one, and the few things that every
//! page does.

use leptos::{mount::hydrate_from, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event};

use crate::{
    api::floor::FloorView,
    board::{BOARD, BOARD_DATA, FloorBoard},
    lang, theme,
    ui::{browser, moment, player, switches},
};

/// Takes over the page.
pub fn hydrate() {
    moment::localise_all();
    listen_for_themes();
    player::listen();
    let Some(board) = browser::by_id(BOARD) else { return };
    let data = browser::by_id(BOARD_DATA).and_then(|data| data.text_content()).unwrap_or_default();
    match serde_json::from_str::<FloorView>(&data) {
        Ok(view) => hydrate_from(board, move || {
            provide_context(lang::detect());
            view! { <FloorBoard view /> }
        })
        .forget(),
        // The page is there as it was rendered; it only does not go on.
        Err(error) => leptos::logging::error!("the floor in the page cannot be read: {error}"),
    }
}

/// The theme's switch is the same on every page, so one listener serves them all.
fn listen_for_themes() {
    let turn = Closure::<dyn FnMut(Event)>::new(|event: Event| {
        let switch = browser::target(&event).and_then(|at| at.closest(switches::THEME).ok().flatten());
        if let Some(switch) = switch {
            turn_theme(&switch);
        }
    });
    let _ = document().add_event_listener_with_callback("click", turn.as_ref().unchecked_ref());
    turn.forget();
}

fn turn_theme(switch: &Element) {
    let theme = theme::detect().next();
    theme::apply(theme);
    if let Some(words) = switch.get_attribute(&format!("data-{}", theme.as_str())) {
        let _ = switch.set_attribute("aria-label", &words);
        let _ = switch.set_attribute("title", &words);
    }
}

//! The keys: for a number to be dialled, and for digits that are typed into a call.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent, MouseEvent, SubmitEvent};

use super::{Panel, hands, news::Click};
use crate::{
    board::Board,
    say,
    ui::{
        browser,
        icon::{Icon, icon},
        live::{text, truth},
    },
};

/// The keys, in the order of a telephone, with the letters that stand on them.
const KEYS: [(&str, &str); 12] = [
    ("1", ""),
    ("2", "abc"),
    ("3", "def"),
    ("4", "ghi"),
    ("5", "jkl"),
    ("6", "mno"),
    ("7", "pqrs"),
    ("8", "tuv"),
    ("9", "wxyz"),
    ("*", ""),
    ("0", "+"),
    ("#", ""),
];
/// The id of the field.
const FIELD: &str = "phone-number";

/// The panel with the keys.
pub(super) fn keypad(board: Board) -> impl IntoView {
    let lang = board.lang;
    let phone = board.phone();
    let talking = truth(move || phone.state.with(|phone| phone.current().is_some()));
    let digits = text(move || phone.digits.get());
    let number = text(move || phone.number.get());
    let line = board.profile().line;
    let keys = KEYS.map(|(key, letters)| {
        view! {
            <button type="button" class="key" data-key=key>
                <span>{key}</span>
                <small aria-hidden="true">{letters}</small>
            </button>
        }
    });
    // One listener for all twelve.
    let pressed = move |event: MouseEvent| {
        let key = browser::target(&event).and_then(|at| at.closest("[data-key]").ok().flatten());
        if let Some(key) = key.and_then(|key| key.get_attribute("data-key")) {
            press(board, &key);
        }
    };
    view! {
        <div
            class="phone-panel"
            role="group"
            aria-label=say!(lang, phone.keypad)
            hidden=truth(move || phone.panel.get() != Panel::Keypad)
            on:keydown=move |event: KeyboardEvent| {
                if event.key() == "Escape" {
                    phone.panel.set(Panel::Closed);
                }
            }
        >
            <form
                class="phone-dial"
                hidden=talking
                on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    dial(board);
                }
            >
                <label class="sr-only" for=FIELD>{say!(lang, phone.number)}</label>
                <input
                    id=FIELD
                    type="tel"
                    autocomplete="off"
                    placeholder=say!(lang, phone.number)
                    prop:value=number
                    on:input=move |event| phone.number.set(event_target_value(&event))
                />
                <button class="button primary">{icon(Icon::PHONE)} <span>{say!(lang, phone.call)}</span></button>
            </form>
            {line.map(|line| view! { <p class="quiet phone-line" hidden=talking>{say!(lang, phone.as_line, line = line)}</p> })}
            <p class="phone-digits digits" aria-live="off" hidden=truth(move || !talking.get())>{digits}</p>
            <div class="keys-grid" on:click=pressed>{keys.collect_view()}</div>
        </div>
    }
}

fn press(board: Board, key: &str) {
    if board.phone().state.with_untracked(|phone| phone.current().is_some()) {
        send(board, key);
    } else {
        board.phone().number.update(|number| number.push_str(key));
    }
}

/// Sends a digit into the call, and shows it.
pub(super) fn send(board: Board, digit: &str) {
    board.phone().digits.update(|digits| {
        digits.push_str(digit);
        // Only the last ones are of interest.
        if digits.len() > 24 {
            digits.remove(0);
        }
    });
    hands::click(board, Click::Digits(digit.to_owned()));
}

fn dial(board: Board) {
    let number = board.phone().number.get_untracked();
    if !number.trim().is_empty() {
        board.phone().digits.set(String::new());
        hands::click(board, Click::Dial(number));
    }
}

/// Puts the cursor where a number is typed.
pub(super) fn focus() {
    // The panel is shown with the next frame.
    request_animation_frame(|| {
        if let Some(field) = browser::by_id(FIELD).and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
            browser::focus(&field);
            field.select();
        }
    });
}

//! The keys: for a number to be dialled or added to a call, and for digits that are typed into one.

use leptos::{prelude::*, task::spawn_local};
use switchyard::{call::Outside, id::CallId};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent, MouseEvent, SubmitEvent};

use super::{
    Panel, dial, hands,
    news::{Click, Input},
    state::Phone,
};
use crate::{
    board::Board,
    say,
    ui::{
        browser,
        icon::{Icon, icon},
        live::{text, truth, word},
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
    // Whoever has a call adds somebody to it; whoever was added to one only types digits.
    let silent = truth(move || phone.state.with(|phone| phone.current().is_some() && own(phone).is_none()));
    let call = word(move || {
        if phone.state.with(|phone| own(phone).is_some()) { say!(lang, phone.add) } else { say!(lang, phone.call) }
    });
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
                hidden=silent
                on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    enter(board);
                }
            >
                <label class="sr-only" for=FIELD>{say!(lang, phone.number)}</label>
                <input
                    id=FIELD
                    type="tel"
                    autocomplete="off"
                    // Beside the longest words of the button there is room for a short one.
                    placeholder=say!(lang, contacts.number)
                    prop:value=number
                    on:input=move |event| phone.number.set(event_target_value(&event))
                />
                <button class="button primary">{icon(Icon::PHONE)} <span>{call}</span></button>
            </form>
            {line.map(|line| view! { <p class="quiet phone-line" hidden=silent>{say!(lang, phone.as_line, line = line)}</p> })}
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

/// The call to which the reader may add somebody.
fn own(phone: &Phone) -> Option<CallId> {
    let mine = phone.fact(phone.current()?.call.as_ref()?)?;
    (mine.has_it && mine.outside == Outside::Connected).then(|| mine.call.clone())
}

/// Calls the number that was typed, or adds it to the call.
fn enter(board: Board) {
    let number = board.phone().number.get_untracked();
    if number.trim().is_empty() {
        return;
    }
    if let Some(call) = board.phone().state.with_untracked(own) {
        add(board, call, number);
    } else {
        board.phone().digits.set(String::new());
        hands::click(board, Click::Dial(number));
    }
}

/// What cannot be added stays in the field.
fn add(board: Board, call: CallId, number: String) {
    spawn_local(async move {
        let answer = dial::add(board, &call, &number).await;
        if !board.is_there() {
            return;
        }
        match answer {
            Ok(_) => board.phone().number.set(String::new()),
            Err(trouble) => hands::tell(board, Input::MayNotDial(trouble)),
        }
    });
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

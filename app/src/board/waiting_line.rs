//! The waiting line, the longest waiting first. Its numbers are the list's own: nothing is redrawn when the line moves up.

use leptos::prelude::*;
use switchyard::floor::Target;

use super::{call_card::call_card, state::Board, targets};
use crate::{
    say,
    ui::live::{text, word},
};

/// Everyone who waits, except those who are ringing at somebody: their cards are there.
#[component]
pub(crate) fn WaitingLine() -> impl IntoView {
    let board = Board::expect();
    let lang = board.lang;
    let nobody = move || board.waiting.read().is_empty();
    // Those who are ringing at somebody wait, too, but their cards are there.
    let ringing = Memo::new(move |_| board.counts.read().waiting.saturating_sub(board.waiting.read().len()));
    let of_them = text(move || match ringing.get() {
        0 => String::new(),
        ringing => say!(lang, floor.of_them_ringing, count = ringing),
    });
    let empty = word(move || match ringing.get() {
        0 => say!(lang, floor.nobody_waiting),
        _ => say!(lang, floor.nobody_else_waiting),
    });
    view! {
        <section
            class="region waiting"
            aria-label=say!(lang, floor.waiting)
            id="waiting"
            data-drop=targets::key(&Target::Queue)
            data-scroll
        >
            <header class="region-head">
                <h2>{say!(lang, floor.waiting)}</h2>
                <p class="region-note">
                    <span class="digits">{text(move || board.counts.read().waiting.to_string())}</span>
                    <span class="digits">{of_them}</span>
                </p>
            </header>
            <ol class="line">
                <For each=move || board.waiting.get() key=Clone::clone let:call>
                    <li>
                        {call_card(&call)}
                    </li>
                </For>
            </ol>
            {move || nobody().then(|| view! {
                <div class="empty">
                    <svg class="empty-drawing" viewBox="0 0 120 40" aria-hidden="true">
                        <path d="M4 30h112M14 30v-3M30 30v-3M46 30v-3M62 30v-3M78 30v-3M94 30v-3M110 30v-3"></path>
                        <path class="empty-branch" d="M52 30c14 0 14-16 28-16h36"></path>
                        <circle cx="52" cy="14" r="4"></circle>
                    </svg>
                    <p>{empty}</p>
                    <p class="quiet">{say!(lang, floor.nobody_waiting_more)}</p>
                </div>
            })}
        </section>
    }
}

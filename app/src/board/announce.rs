//! What the board says: to screen readers always, and to the eyes when it matters.

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::live::{text, word};

/// How long a warning stays on the screen.
const STAYS: Duration = Duration::from_secs(7);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Said {
    text: String,
    shown: bool,
    warning: bool,
    serial: u32,
}

/// The voice of the board.
#[derive(Clone, Copy, Default)]
pub(crate) struct Speech(RwSignal<Said>);

impl Speech {
    /// Says something that can be seen on the board anyway.
    pub(crate) fn say(self, text: String) {
        self.set(text, false, false);
    }

    /// Says something, and shows it.
    pub(crate) fn show(self, text: String) {
        self.set(text, true, false);
    }

    /// Says what went wrong, and shows it.
    pub(crate) fn warn(self, text: String) {
        self.set(text, true, true);
    }

    fn set(self, text: String, shown: bool, warning: bool) {
        let serial = self.0.with_untracked(|said| said.serial.wrapping_add(1));
        self.0.set(Said { text, shown, warning, serial });
        if shown {
            set_timeout(
                move || {
                    if self.0.try_with_untracked(|said| said.serial) == Some(serial) {
                        self.0.set(Said { serial, ..Said::default() });
                    }
                },
                STAYS,
            );
        }
    }
}

/// The region in which it is said.
#[component]
pub(crate) fn Announcer(
    /// The voice.
    speech: Speech,
) -> impl IntoView {
    let said = speech.0;
    let class = word(move || match said.read() {
        said if !said.shown => "sr-only",
        said if said.warning => "toast toast-warning",
        _ => "toast",
    });
    // The same words said twice are read twice only if the text differs: every second time it ends with a hard space.
    let text = text(move || {
        let said = said.read();
        let end = if said.serial.is_multiple_of(2) || said.text.is_empty() { "" } else { "\u{a0}" };
        format!("{}{end}", said.text)
    });
    view! { <div role="status" aria-live="polite" class=class>{text}</div> }
}

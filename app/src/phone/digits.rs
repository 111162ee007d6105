//! Digits typed into a call, at the pace at which they can be heard: a browser that is given more forgets what it has not
//! sent yet, so whatever is typed meanwhile waits.

use std::{cell::RefCell, time::Duration};

use leptos::prelude::set_timeout;

use super::hands;

/// How long one digit takes: the SDK's tone of 160 ms and its pause of 70 ms, and a little more.
const DIGIT: Duration = Duration::from_millis(240);

thread_local! {
    /// The call that digits are being sent into, and those that wait.
    static SENDING: RefCell<Option<(u32, String)>> = const { RefCell::new(None) };
}

/// Sends digits into a call, after those that are on their way.
pub(super) fn send(key: u32, digits: &str) {
    let waits = SENDING.with_borrow_mut(|sending| match sending {
        Some((call, waiting)) if *call == key => {
            waiting.push_str(digits);
            true
        }
        other => {
            *other = Some((key, String::new()));
            false
        }
    });
    if !waits {
        play(key, digits);
    }
}

fn play(key: u32, digits: &str) {
    hands::with_call(key, |call| {
        let _ = call.send_digits(digits);
    });
    let count = u32::try_from(digits.len()).unwrap_or(u32::MAX);
    set_timeout(move || next(key), DIGIT.saturating_mul(count));
}

fn next(key: u32) {
    let waiting = SENDING.with_borrow_mut(|sending| {
        let (_, waiting) = sending.as_mut().filter(|(call, _)| *call == key)?;
        let waiting = std::mem::take(waiting);
        if waiting.is_empty() {
            *sending = None;
            return None;
        }
        Some(waiting)
    });
    if let Some(waiting) = waiting {
        play(key, &waiting);
    }
}

//! The line by which the server knows that this page is there. It is open as long as the agent can be rung here; when it
//! breaks, the server knows within moments, whatever the carrier still believes.

use std::{cell::RefCell, time::Duration};

use leptos::prelude::{set_timeout, window};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{CloseEvent, WebSocket};

/// The first wait before it is opened again, and the longest, in milliseconds.
const FIRST_MILLIS: u32 = 300;
const LAST_MILLIS: u32 = 5_000;
/// What is said to the server when the reader switches the phone off: nobody has to wait for it to come back.
const OFF: &str = "off";

#[derive(Default)]
struct Line {
    wanted: bool,
    socket: Option<WebSocket>,
    failures: u32,
}

thread_local! {
    static LINE: RefCell<Line> = RefCell::default();
}

/// Opens the line, or closes it.
pub(super) fn set(wanted: bool) {
    let before = LINE.with_borrow_mut(|line| std::mem::replace(&mut line.wanted, wanted));
    if wanted == before {
        return;
    }
    if wanted {
        open();
    } else if let Some(socket) = LINE.with_borrow_mut(|line| line.socket.take()) {
        let _ = socket.send_with_str(OFF);
        let _ = socket.close();
    }
}

/// The page was put away and is back: what was open is dead.
pub(super) fn reopen() {
    if LINE.with_borrow(|line| line.wanted) {
        open();
    }
}

fn open() {
    let location = window().location();
    let (Ok(protocol), Ok(host)) = (location.protocol(), location.host()) else { return };
    let scheme = if protocol == "https:" { "wss" } else { "ws" };
    let Ok(socket) = WebSocket::new(&format!("{scheme}://{host}/api/device")) else { return };
    let opened = Closure::<dyn FnMut()>::new(|| LINE.with_borrow_mut(|line| line.failures = 0));
    socket.set_onopen(Some(opened.into_js_value().unchecked_ref()));
    let mine = socket.clone();
    let closed = Closure::<dyn FnMut(CloseEvent)>::new(move |_: CloseEvent| lost(&mine));
    socket.set_onclose(Some(closed.into_js_value().unchecked_ref()));
    LINE.with_borrow_mut(|line| line.socket = Some(socket));
}

fn lost(socket: &WebSocket) {
    let again = LINE.with_borrow_mut(|line| {
        if line.socket.as_ref() != Some(socket) {
            return None;
        }
        line.socket = None;
        line.failures += 1;
        line.wanted.then_some(line.failures)
    });
    if let Some(failures) = again {
        set_timeout(again_if_wanted, patience(failures, js_sys::Math::random()));
    }
}

fn again_if_wanted() {
    let idle = LINE.with_borrow(|line| line.wanted && line.socket.is_none());
    if idle {
        open();
    }
}

/// How long to wait after so many failures in a row. A thousand pages do not come back in the same moment.
fn patience(failures: u32, chance: f64) -> Duration {
    let most = FIRST_MILLIS.saturating_mul(2_u32.saturating_pow(failures.clamp(1, 10) - 1)).min(LAST_MILLIS);
    Duration::from_millis(u64::from(most)).mul_f64(0.75 + chance.clamp(0.0, 1.0) / 4.0)
}

/// There is a network again, says the browser or the carrier: nobody waits any longer.
pub(super) fn hurry() {
    again_if_wanted();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_begins_short_and_ends_at_five_seconds() {
        assert_eq!(patience(1, 1.0), Duration::from_millis(300));
        assert_eq!(patience(2, 1.0), Duration::from_millis(600));
        assert_eq!(patience(99, 1.0), Duration::from_secs(5));
        assert!(patience(99, 0.0) >= Duration::from_millis(3_700));
    }
}

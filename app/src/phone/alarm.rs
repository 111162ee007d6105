//! Ringing: a sound, the title of the tab, and a notification when nobody looks at the tab.

use std::{cell::RefCell, time::Duration};

use leptos::prelude::*;
use wasm_bindgen::{JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlAudioElement, Notification, NotificationOptions, NotificationPermission};

use super::{devices, sdk, state::Phone};
use crate::{board::Board, say};

/// How long the title shows each of its two texts.
const BLINK: Duration = Duration::from_millis(900);

#[derive(Default)]
struct Alarm {
    sound: Option<HtmlAudioElement>,
    notification: Option<Notification>,
    /// The title that the page had, and the clock that changes it.
    title: Option<(String, IntervalHandle)>,
    /// For which line it rings.
    line: Option<u32>,
}

thread_local! {
    static ALARM: RefCell<Alarm> = RefCell::default();
}

/// Rings, or not, as the phone says.
pub(super) fn follow(board: Board, phone: &Phone) {
    let ringing = phone.ringing().map(|line| (line.key, line.who.clone()));
    let key = ringing.as_ref().map(|(key, _)| *key);
    if ALARM.with_borrow_mut(|alarm| std::mem::replace(&mut alarm.line, key)) == key {
        return;
    }
    stop();
    let Some((_, who)) = ringing else { return };
    let words = say!(board.lang, phone.incoming, who = who);
    flash(words.clone());
    if phone.owns() {
        // Whoever is talking only hears a knock.
        sound(phone.current().is_some());
        if document().hidden() {
            notify(&words);
        }
    }
}

fn stop() {
    let Alarm { sound, notification, title, .. } = ALARM.with_borrow_mut(|alarm| {
        let line = alarm.line;
        std::mem::replace(alarm, Alarm { line, ..Alarm::default() })
    });
    if let Some(sound) = sound {
        let _ = sound.pause();
    }
    if let Some(notification) = notification {
        notification.close();
    }
    if let Some((title, clock)) = title {
        clock.clear();
        document().set_title(&title);
    }
}

fn sound(knock: bool) {
    let source = if knock { "/voice/sounds/knock.wav" } else { "/voice/sounds/ring.wav" };
    let Ok(element) = HtmlAudioElement::new_with_src(source) else { return };
    element.set_loop(!knock);
    devices::play_through(&element, devices::Kind::Ring);
    play(&element);
    ALARM.with_borrow_mut(|alarm| alarm.sound = Some(element));
}

fn play(element: &HtmlAudioElement) {
    if let Ok(playing) = element.play() {
        // Nothing may be heard before the page was touched once; the first touch tries again.
        spawn_local(async move {
            let _ = JsFuture::from(playing).await;
        });
    }
}

/// The ring goes on elsewhere.
pub(super) fn move_ring() {
    ALARM.with_borrow(|alarm| {
        if let Some(sound) = &alarm.sound {
            devices::play_through(sound, devices::Kind::Ring);
        }
    });
}

/// The page was touched: what the browser held back may be heard.
pub(super) fn unlock() {
    sdk::unlock();
    ALARM.with_borrow(|alarm| {
        if let Some(sound) = alarm.sound.as_ref().filter(|sound| sound.paused() && sound.loop_()) {
            play(sound);
        }
    });
}

fn flash(words: String) {
    let title = document().title();
    let mut on = false;
    let usual = title.clone();
    let blink = move || {
        on = !on && document().hidden();
        document().set_title(if on { &words } else { &usual });
    };
    let blink = RefCell::new(blink);
    let tick = move || (blink.borrow_mut())();
    if let Ok(clock) = set_interval_with_handle(tick, BLINK) {
        ALARM.with_borrow_mut(|alarm| alarm.title = Some((title, clock)));
    }
}

/// Asks whether the page may notify, once, when the phone is switched on.
pub(super) fn ask_leave() {
    if has_notifications()
        && Notification::permission() == NotificationPermission::Default
        && let Ok(asked) = Notification::request_permission()
    {
        spawn_local(async move {
            let _ = JsFuture::from(asked).await;
        });
    }
}

fn has_notifications() -> bool {
    js_sys::Reflect::has(&js_sys::global(), &"Notification".into()).unwrap_or_default()
}

fn notify(words: &str) {
    if !has_notifications() || Notification::permission() != NotificationPermission::Granted {
        return;
    }
    let options = NotificationOptions::new();
    options.set_icon("/favicon.svg");
    options.set_tag("switchyard-phone");
    options.set_require_interaction(true);
    // On some telephones only a service worker may notify.
    let Ok(notification) = Notification::new_with_options(words, &options) else { return };
    let show = Closure::<dyn FnMut(JsValue)>::new(|_| {
        let _ = window().focus();
    });
    notification.set_onclick(Some(wasm_bindgen::JsCast::unchecked_ref(&show.into_js_value())));
    ALARM.with_borrow_mut(|alarm| alarm.notification = Some(notification));
}

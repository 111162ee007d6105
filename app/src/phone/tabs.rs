//! Several tabs, one phone: the browser gives a lock to one tab at a time, and that one owns the device. The others show
//! its phone and send it what the reader clicks. When the owner is closed, the next one gets the lock.

use std::cell::RefCell;

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use super::{news::Click, state::Phone};

/// What the lock and the channel are called.
const NAME: &str = "switchyard-phone";
/// Where it is remembered that the phone is on, and whose it is.
const ON: &str = "switchyard-phone-on";

/// What tabs tell each other.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Message {
    /// A tab has come: what does the phone do?
    Hello,
    /// This is the phone.
    State(Phone),
    /// The reader did something in a tab that does not own the device.
    Do(Click),
}

#[derive(Default)]
struct Tabs {
    channel: Option<BroadcastChannel>,
    /// The lock was asked for.
    claimed: bool,
    /// Gives it back.
    release: Option<Function>,
}

thread_local! {
    static TABS: RefCell<Tabs> = RefCell::default();
}

/// Listens to the other tabs.
pub(super) fn join(hear: impl Fn(Message) + 'static) {
    let Ok(channel) = BroadcastChannel::new(NAME) else { return };
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        // A tab that still runs an older version may say things that are not understood; it is as if it were not there.
        if let Some(message) = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok()) {
            hear(message);
        }
    });
    channel.set_onmessage(Some(listener.into_js_value().unchecked_ref()));
    TABS.with_borrow_mut(|tabs| tabs.channel = Some(channel));
}

/// Tells the other tabs.
pub(super) fn tell(message: &Message) {
    let Ok(text) = serde_json::to_string(message) else { return };
    TABS.with_borrow(|tabs| {
        if let Some(channel) = &tabs.channel {
            let _ = channel.post_message(&text.into());
        }
    });
}

/// Waits for the device to be ours.
pub(super) fn claim(owned: impl FnOnce() + 'static) {
    if TABS.with_borrow_mut(|tabs| std::mem::replace(&mut tabs.claimed, true)) {
        return;
    }
    let locks = Reflect::get(&window().navigator(), &"locks".into()).unwrap_or_default();
    if !locks.is_object() {
        // Browsers without locks, and pages that did not come safely: each tab is on its own.
        owned();
        return;
    }
    let held = Closure::once_into_js(move |_lock: JsValue| {
        owned();
        Promise::new(&mut |resolve, _| TABS.with_borrow_mut(|tabs| tabs.release = Some(resolve)))
    });
    if let Ok(request) = Reflect::get(&locks, &"request".into())
        && let Some(request) = request.dyn_ref::<Function>()
    {
        let _ = request.call2(&locks, &NAME.into(), &held);
    }
}

/// Gives the device to another tab.
pub(super) fn release() {
    let release = TABS.with_borrow_mut(|tabs| {
        tabs.claimed = false;
        tabs.release.take()
    });
    if let Some(release) = release {
        let _ = release.call0(&JsValue::NULL);
    }
}

/// Whether the phone of this agent was on when it was seen last.
pub(super) fn was_on(agent: &str) -> bool {
    remembered(ON).as_deref() == Some(agent)
}

/// Remembers whether the phone of this agent is on.
pub(super) fn remember_on(agent: Option<&str>) {
    remember(ON, agent.unwrap_or_default());
}

/// What this browser remembers.
pub(super) fn remembered(name: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(name).ok().flatten().filter(|value| !value.is_empty())
}

/// Remembers it.
pub(super) fn remember(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(name, value);
    }
}

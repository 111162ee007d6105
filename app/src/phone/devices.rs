//! Microphone, speaker and ring: which ones there are, which one the reader chose, and using it at once.

use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlAudioElement, MediaDeviceInfo, MediaDeviceKind};

use super::{hands, tabs};
use crate::board::Board;

/// What sound goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What the reader speaks into.
    Microphone,
    /// Where they hear the caller.
    Speaker,
    /// Where it rings.
    Ring,
}

/// A device that there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The browser's name for it.
    pub(crate) id: String,
    /// What people call it; empty until the microphone was allowed.
    pub(crate) label: String,
    /// It is a microphone.
    pub(crate) input: bool,
}

impl Kind {
    /// Under which name it is remembered.
    fn name(self) -> &'static str {
        match self {
            Self::Microphone => "switchyard-phone-microphone",
            Self::Speaker => "switchyard-phone-speaker",
            Self::Ring => "switchyard-phone-ring",
        }
    }
}

/// What the reader chose; `None` is whatever the system uses.
pub(super) fn chosen(kind: Kind) -> Option<String> {
    tabs::remembered(kind.name())
}

/// Uses a device from now on, also in a call that is under way.
pub(super) fn choose(kind: Kind, id: &str) {
    tabs::remember(kind.name(), id);
    match kind {
        Kind::Microphone => apply_microphone(id),
        Kind::Speaker => apply_speaker(),
        Kind::Ring => super::alarm::move_ring(),
    }
}

fn apply_microphone(id: &str) {
    let Some(device) = hands::device() else { return };
    let busy = Reflect::get(&device, &"isBusy".into()).is_ok_and(|busy| busy.is_truthy());
    if let Some(audio) = device.audio().filter(|_| busy) {
        let id = if id.is_empty() { "default" } else { id };
        // If it cannot be opened, the call goes on with the one that it has.
        forget(audio.set_input(id));
    }
}

/// Lets go of the microphone that was chosen: the next call opens it again.
pub(super) fn let_go() {
    if let Some(audio) = hands::device().and_then(|device| device.audio()) {
        forget(audio.unset_input());
    }
}

/// Lets the SDK play where the reader chose.
pub(super) fn apply_speaker() {
    if let Some(audio) = hands::device().and_then(|device| device.audio()) {
        forget(audio.speakers().set(chosen(Kind::Speaker).as_deref().unwrap_or("default")));
    }
}

/// Waits for nothing: what cannot be done is left as it is.
fn forget(promise: js_sys::Promise) {
    spawn_local(async move {
        let _ = JsFuture::from(promise).await;
    });
}

/// Opens the microphone that the reader chose, for a call that begins. Where it is not there any more, the SDK opens the
/// system's; when it is pulled out during the call, too.
pub(super) async fn open_chosen() {
    let audio = hands::device().and_then(|device| device.audio());
    let Some((audio, id)) = audio.zip(chosen(Kind::Microphone)) else { return };
    // The last call may still be letting go of it.
    let _ = JsFuture::from(audio.unset_input()).await;
    let _ = JsFuture::from(audio.set_input(&id)).await;
}

/// The chosen microphone, if it is there.
pub(super) fn chosen_and_there(board: Board) -> Option<String> {
    let there = |id: &String| board.phone().devices.with_untracked(|known| known.iter().any(|choice| choice.id == *id));
    chosen(Kind::Microphone).filter(there)
}

/// Looks which devices there are.
pub(super) fn refresh(board: Board) {
    let Ok(devices) = window().navigator().media_devices() else { return };
    let Ok(listed) = devices.enumerate_devices() else { return };
    spawn_local(async move {
        let Ok(listed) = JsFuture::from(listed).await else { return };
        let found: Vec<Choice> = listed.unchecked_into::<Array>().iter().filter_map(|info| choice(&info)).collect();
        if board.is_there() && board.phone().devices.with_untracked(|known| *known != found) {
            board.phone().devices.set(found);
        }
    });
}

fn choice(info: &JsValue) -> Option<Choice> {
    let info: &MediaDeviceInfo = info.unchecked_ref();
    let (id, label) = (info.device_id(), info.label());
    // The system's choice has an entry of its own.
    let real = !id.is_empty() && id != "default" && id != "communications";
    let sound = info.kind() != MediaDeviceKind::Videoinput;
    (real && sound).then(|| Choice { id, label, input: info.kind() == MediaDeviceKind::Audioinput })
}

/// Lets an element play through a device, where the browser can.
pub(super) fn play_through(element: &HtmlAudioElement, kind: Kind) {
    if let Ok(set) = Reflect::get(element, &"setSinkId".into())
        && let Some(set) = set.dyn_ref::<Function>()
        && let Ok(done) = set.call1(element, &chosen(kind).unwrap_or_default().into())
    {
        forget(done.unchecked_into());
    }
}

/// Plays a short sound through a device.
pub(super) fn test(kind: Kind) {
    let sound = if kind == Kind::Ring { "/voice/sounds/ring.wav" } else { "/voice/sounds/test.wav" };
    if let Ok(element) = HtmlAudioElement::new_with_src(sound) {
        play_through(&element, kind);
        if let Ok(played) = element.play() {
            forget(played);
        }
    }
}

//! What a phone needs before it can be registered: a token, the SDK, and a microphone that may be used.

use js_sys::{Object, Promise, Reflect};
use leptos::prelude::{document, window};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlScriptElement, MediaStream, MediaStreamConstraints, MediaStreamTrack};

use super::{sdk, state::Trouble};
use crate::api::remote;

const SDK: &str = "/voice/twilio.min.js";
const INSECURE_EDGE: &str = "/voice/insecure-edge.js";
/// The SDK's options. Every sound is named, or it would be fetched from elsewhere; the SDK does not ring, the page does.
const OPTIONS: &str = r#"{
"allowIncomingWhileBusy":true,"codecPreferences":["opus","pcmu"],"enableImprovedSignalingErrorPrecision":true,
"logLevel":"error","maxCallSignalingTimeoutMs":30000,"publishEvents":false,"tokenRefreshMs":60000,
"sounds":{"incoming":"/voice/sounds/silence.wav","outgoing":"/voice/sounds/silence.wav","disconnect":"/voice/sounds/ended.wav",
"dtmf0":"/voice/sounds/dtmf0.wav","dtmf1":"/voice/sounds/dtmf1.wav","dtmf2":"/voice/sounds/dtmf2.wav",
"dtmf3":"/voice/sounds/dtmf3.wav","dtmf4":"/voice/sounds/dtmf4.wav","dtmf5":"/voice/sounds/dtmf5.wav",
"dtmf6":"/voice/sounds/dtmf6.wav","dtmf7":"/voice/sounds/dtmf7.wav","dtmf8":"/voice/sounds/dtmf8.wav",
"dtmf9":"/voice/sounds/dtmf9.wav","dtmfs":"/voice/sounds/dtmfs.wav","dtmfh":"/voice/sounds/dtmfh.wav"}}"#;

/// What the server answers.
#[derive(Debug, Deserialize)]
pub(super) struct Grant {
    /// For the carrier.
    pub(super) token: String,
    /// Where the carrier is, when it is not Twilio itself.
    pub(super) edge: Option<Edge>,
}

/// A carrier on this machine.
#[derive(Debug, Deserialize)]
pub(super) struct Edge {
    host: String,
    insecure: bool,
}

/// Asks the server for a token.
pub(super) async fn grant() -> Result<Grant, Trouble> {
    let (status, text) = remote::post("/api/token", "{}").await.map_err(|_| Trouble::NoConnection)?;
    match status {
        remote::OK => serde_json::from_str(&text).map_err(|_| Trouble::Unavailable),
        401 => Err(Trouble::SignedOut),
        403 => Err(Trouble::TokenRefused),
        409 => Err(Trouble::NoCarrier),
        _ => Err(Trouble::Unavailable),
    }
}

/// Loads the SDK, unless it is there already.
pub(super) async fn sdk(edge: Option<&Edge>) -> Result<(), Trouble> {
    if sdk::is_supported().is_none() {
        if let Some(edge) = edge.filter(|edge| edge.insecure) {
            script(INSECURE_EDGE, Some(&edge.host)).await?;
        }
        script(SDK, None).await?;
    }
    match sdk::is_supported() {
        Some(true) => Ok(()),
        Some(false) => Err(Trouble::Unsupported),
        None => Err(Trouble::NotLoaded),
    }
}

async fn script(from: &str, host: Option<&str>) -> Result<(), Trouble> {
    let element = document().create_element("script").ok().and_then(|element| element.dyn_into().ok());
    let script: HtmlScriptElement = element.ok_or(Trouble::NotLoaded)?;
    if let Some(host) = host {
        let _ = script.set_attribute("data-host", host);
    }
    script.set_src(from);
    let loaded = Promise::new(&mut |resolve, reject| {
        script.set_onload(Some(&resolve));
        script.set_onerror(Some(&reject));
        if let Some(head) = document().head() {
            let _ = head.append_child(&script);
        }
    });
    JsFuture::from(loaded).await.map(|_| ()).map_err(|_| {
        script.remove();
        Trouble::NotLoaded
    })
}

/// Asks for this microphone, or for the system's. The browser asks the reader while the page goes on.
pub(super) fn ask_microphone(id: Option<&str>) -> Result<JsFuture, Trouble> {
    let devices = window().navigator().media_devices().map_err(|_| Trouble::Unsupported)?;
    let constraints = MediaStreamConstraints::new();
    constraints.set_audio(&microphone(id));
    // Whoever asks listens at once: a refusal that comes early is not missed.
    devices.get_user_media_with_constraints(&constraints).map(JsFuture::from).map_err(|_| Trouble::Unsupported)
}

/// The microphone that was asked for.
pub(super) async fn microphone_given(asked: JsFuture) -> Result<MediaStream, Trouble> {
    let stream = asked.await.map_err(|error| match sdk::text(&error, "name").as_deref() {
        Some("NotAllowedError" | "SecurityError") => Trouble::MicDenied,
        Some("NotFoundError" | "OverconstrainedError") => Trouble::NoMic,
        _ => Trouble::MicBroken,
    })?;
    Ok(stream.unchecked_into())
}

/// Lets go of a microphone.
pub(super) fn close(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

/// What the browser is asked for. Chromium ignores a microphone that is only preferred.
fn microphone(id: Option<&str>) -> JsValue {
    id.map_or(JsValue::TRUE, |id| object("deviceId", &object("exact", &id.into())))
}

/// An object with one field.
pub(super) fn object(name: &str, value: &JsValue) -> JsValue {
    let object = Object::new();
    // A field of a fresh object can be set.
    let _ = Reflect::set(&object, &name.into(), value);
    object.into()
}

/// The options of the SDK's device.
pub(super) fn options(edge: Option<&Edge>) -> JsValue {
    let options = js_sys::JSON::parse(OPTIONS).unwrap_or_default();
    if let Some(edge) = edge {
        let _ = Reflect::set(&options, &"chunderw".into(), &edge.host.as_str().into());
    }
    options
}

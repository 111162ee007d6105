//! Calling the server's functions from the browser, with `fetch` and nothing around it: the generated way brings streams,
//! aborts and codecs that a page does not need, and a third more WebAssembly.

use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use switchyard::floor::Intent;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, Response};

use super::{AskError, floor::FloorView};

/// The status of what went well.
pub(crate) const OK: u16 = 200;
/// How long an answer may take, milliseconds.
const PATIENCE_MILLIS: u32 = 10_000;

/// The arguments of `ask`.
#[derive(Serialize)]
struct Ask {
    intent: Intent,
}

/// No arguments.
#[derive(Serialize)]
struct Nothing {}

/// Asks for something; answers the version of the floor after it.
pub(crate) async fn ask(intent: Intent) -> Result<u64, AskError> {
    call("/api/fn/ask", &Ask { intent }).await
}

/// The floor as it is now.
pub(crate) async fn load_floor() -> Result<FloorView, AskError> {
    call("/api/fn/load_floor", &Nothing {}).await
}

/// What is looked for among the contacts.
#[derive(Serialize)]
struct FindContacts<'a> {
    words: &'a str,
}

/// The first contacts with these words: of each the name and the number, and one more than is shown if there are others.
pub(crate) async fn find_contacts(words: &str) -> Result<Vec<[String; 2]>, AskError> {
    call("/api/fn/find_contacts", &FindContacts { words }).await
}

async fn call<T: for<'de> Deserialize<'de>>(function: &str, arguments: &impl Serialize) -> Result<T, AskError> {
    let body = serde_json::to_string(arguments).map_err(broken)?;
    let (status, text) = post(function, &body).await.map_err(|_| AskError::Network)?;
    if status == OK {
        serde_json::from_str(&text).map_err(broken)
    } else {
        // An answer that is not ours comes from something between us and the server.
        Err(serde_json::from_str(&text).unwrap_or(AskError::Network))
    }
}

fn broken(error: impl std::fmt::Display) -> AskError {
    AskError::Broken(error.to_string())
}

/// The status, and what was answered.
pub(crate) async fn post(path: &str, body: &str) -> Result<(u16, String), JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    headers.set("accept", "application/json")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&JsValue::from_str(body));
    // An answer that never comes must not be waited for for ever.
    request.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MILLIS)));
    let response = JsFuture::from(window().fetch_with_str_and_init(path, &request)).await?;
    let response: Response = response.unchecked_into();
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.status(), text.as_string().unwrap_or_default()))
}

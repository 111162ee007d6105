//! A telephone in a page: a visitor calls a number of this network with their own microphone.
//!
//! The page offers a wire, asks now and then how the call stands, and says when it hangs up. Whoever neither asks nor
//! sends audio any more has closed the page.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    control::refuse,
    engine::{Behaviour, Deed, Far, InboundCall, is_e164},
    network::Network,
    webhook::lock,
};

/// A page that did not ask for so long and whose microphone is not heard is gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// When the page of each call asked last.
#[derive(Debug, Default)]
pub(crate) struct Phones(Mutex<HashMap<String, Instant>>);

/// The page, and what it talks to.
pub(crate) fn router() -> Router<Arc<Network>> {
    let file = |kind: &'static str, body: &'static str| {
        get(async move || {
            let policy = "default-src 'none'; img-src data:; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
                          form-action 'none'; frame-ancestors 'none'";
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
                (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
            ];
            (headers, body)
        })
    };
    Router::new()
        .route("/phone", file("text/html; charset=utf-8", include_str!("phone/page.html")))
        .route("/phone/phone.css", file("text/css; charset=utf-8", include_str!("phone/phone.css")))
        .route("/phone/phone.js", file("text/javascript; charset=utf-8", include_str!("phone/phone.js")))
        .route("/phone/words.js", file("text/javascript; charset=utf-8", include_str!("phone/words.js")))
        .route("/phone/numbers", get(numbers))
        .route("/phone/calls", post(call))
        .route("/phone/calls/{sid}", get(how).delete(hang_up))
        .route("/phone/calls/{sid}/digits", post(press))
}

/// The numbers that can be called.
async fn numbers(State(network): State<Arc<Network>>) -> Response {
    let numbers = network.look(|engine| {
        let numbers = engine.directory.numbers.values();
        let described = numbers.map(|number| json!({ "number": number.e164, "name": number.friendly_name }));
        described.collect::<Vec<_>>()
    });
    Json(numbers).into_response()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CallBody {
    from: String,
    to: String,
    /// The page's offer.
    sdp: String,
}

async fn call(State(network): State<Arc<Network>>, Json(body): Json<CallBody>) -> Response {
    if !is_e164(&body.from) {
        return refuse(StatusCode::BAD_REQUEST, "a number is + and 7 to 15 digits");
    }
    let wire = network.media.studio().answer(&body.sdp);
    let (peer, answer) = match wire {
        Ok(wire) => wire,
        Err(trouble) => return refuse(StatusCode::BAD_REQUEST, trouble.to_string()),
    };
    let call =
        InboundCall { from: body.from, to: body.to, name: None, behaviour: Behaviour::default(), far: Far::Client };
    let sid = network.with(|engine| {
        let sid = engine.call_in(call)?;
        network.media.studio().connect(&sid, peer);
        Some(sid)
    });
    match sid {
        Some(sid) => {
            lock(&network.phones.0).insert(sid.clone(), Instant::now());
            (StatusCode::CREATED, Json(json!({ "sid": sid, "sdp": answer }))).into_response()
        }
        None => refuse(StatusCode::NOT_FOUND, "nobody has that number"),
    }
}

/// How a call stands; asking keeps it.
async fn how(State(network): State<Arc<Network>>, Path(sid): Path<String>) -> Response {
    if let Some(asked) = lock(&network.phones.0).get_mut(&sid) {
        *asked = Instant::now();
    }
    let found = network.look(|engine| {
        engine.calls.get(&sid).map(|call| {
            let held = engine.member_of(call).is_some_and(|member| member.hold);
            json!({ "status": call.status.as_str(), "over": call.status.ended(), "held": held })
        })
    });
    match found {
        Some(state) => Json(state).into_response(),
        None => refuse(StatusCode::NOT_FOUND, "there is no such call"),
    }
}

async fn hang_up(State(network): State<Arc<Network>>, Path(sid): Path<String>) -> Response {
    does(&network, &sid, &Deed::HangsUp)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DigitsBody {
    digits: String,
}

/// Keys of a browser that cannot send them with its audio.
async fn press(State(network): State<Arc<Network>>, Path(sid): Path<String>, Json(body): Json<DigitsBody>) -> Response {
    does(&network, &sid, &Deed::Presses(body.digits))
}

/// Only of calls that were made here.
fn does(network: &Arc<Network>, sid: &str, deed: &Deed) -> Response {
    if !lock(&network.phones.0).contains_key(sid) {
        return refuse(StatusCode::NOT_FOUND, "there is no such call");
    }
    network.with(|engine| engine.far(sid, deed));
    StatusCode::NO_CONTENT.into_response()
}

impl Phones {
    /// Hangs up for pages that are gone, for as long as it is awaited.
    pub(crate) async fn run(network: Arc<Network>) {
        let mut ticks = tokio::time::interval(Duration::from_secs(1));
        loop {
            ticks.tick().await;
            let mut phones = lock(&network.phones.0).clone();
            phones.retain(|_, asked| asked.elapsed() > PATIENCE);
            for sid in phones.into_keys() {
                let silent = network.media.studio().silent_for(&sid);
                if silent.is_some_and(|silent| silent < PATIENCE) {
                    continue;
                }
                lock(&network.phones.0).remove(&sid);
                network.with(|engine| engine.far(&sid, &Deed::HangsUp));
            }
        }
    }
}

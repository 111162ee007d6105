//! People outside who call in.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::refuse;
use crate::{
    engine::{Behaviour, Deed, Far, InboundCall},
    network::Network,
};

/// Who calls whom, and what they will do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallBody {
    from: String,
    to: String,
    name: Option<String>,
    behaviour: Option<Behaviour>,
}

/// Somebody calls a number.
pub(super) async fn call(State(network): State<Arc<Network>>, Json(body): Json<CallBody>) -> Response {
    let CallBody { from, to, name, behaviour } = body;
    let call = InboundCall { from, to, name, behaviour: behaviour.unwrap_or_default(), far: Far::Caller };
    match network.with(|engine| engine.call_in(call)) {
        Some(sid) => (StatusCode::CREATED, Json(json!({ "sid": sid }))).into_response(),
        None => refuse(StatusCode::NOT_FOUND, "nobody has that number"),
    }
}

/// They hang up.
pub(super) async fn hang_up(State(network): State<Arc<Network>>, Path(sid): Path<String>) -> Response {
    does(&network, &sid, &Deed::HangsUp)
}

/// Keys.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DigitsBody {
    digits: String,
}

/// They press keys.
pub(super) async fn press(
    State(network): State<Arc<Network>>,
    Path(sid): Path<String>,
    Json(body): Json<DigitsBody>,
) -> Response {
    does(&network, &sid, &Deed::Presses(body.digits))
}

/// For how long.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordingBody {
    seconds: u32,
}

/// A call was recorded.
pub(super) async fn record(
    State(network): State<Arc<Network>>,
    Path(sid): Path<String>,
    Json(RecordingBody { seconds }): Json<RecordingBody>,
) -> Response {
    match network.with(|engine| engine.record(&sid, seconds)) {
        Some(sid) => (StatusCode::CREATED, Json(json!({ "sid": sid }))).into_response(),
        None => refuse(StatusCode::NOT_FOUND, "there is no such call"),
    }
}

/// Somebody tells the client at a leg something, as Twilio's User Defined Messages do.
pub(super) async fn message(
    State(network): State<Arc<Network>>,
    Path(sid): Path<String>,
    Json(content): Json<Value>,
) -> Response {
    let event = network.with(|engine| engine.fresh_sid("KX"));
    let payload = json!({
        "callsid": sid,
        "content": content,
        "contenttype": "application/json",
        "messagetype": "user-defined-message",
        "voiceeventsid": event,
    });
    if network.board.send(&sid, "message", &payload) {
        Json(json!({ "sid": event })).into_response()
    } else {
        refuse(StatusCode::NOT_FOUND, "there is no such call of a client")
    }
}

fn does(network: &Arc<Network>, sid: &str, deed: &Deed) -> Response {
    let there = network.with(|engine| {
        let there = engine.calls.get(sid).is_some_and(|call| !call.status.ended());
        engine.far(sid, deed);
        there
    });
    if there { StatusCode::NO_CONTENT.into_response() } else { refuse(StatusCode::NOT_FOUND, "there is no such call") }
}

//! Scripted clients and phones, and doing by hand what they would do.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::refuse;
use crate::{
    engine::{Deed, Script},
    network::Network,
};

/// Says how a client takes calls. It is registered from now on, unless the script says otherwise.
pub(super) async fn put_client(
    State(network): State<Arc<Network>>,
    Path(identity): Path<String>,
    Json(script): Json<Script>,
) -> Json<Script> {
    network.with(|engine| engine.directory.clients.insert(identity, script.clone()));
    Json(script)
}

/// Says how a phone takes calls.
pub(super) async fn put_phone(
    State(network): State<Arc<Network>>,
    Path(e164): Path<String>,
    Json(script): Json<Script>,
) -> Json<Script> {
    network.with(|engine| engine.directory.phones.insert(e164, script.clone()));
    Json(script)
}

pub(super) async fn client_does(
    State(network): State<Arc<Network>>,
    Path((identity, deed)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    does(&network, &format!("client:{identity}"), &deed, &body)
}

pub(super) async fn phone_does(
    State(network): State<Arc<Network>>,
    Path((e164, deed)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    does(&network, &e164, &deed, &body)
}

/// Which leg, where there may be several.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Which {
    call_sid: Option<String>,
}

/// Lets an endpoint answer, decline or hang up: the leg that is named, or the newest one for which that makes sense.
fn does(network: &Arc<Network>, to: &str, deed: &str, body: &[u8]) -> Response {
    let deed = match deed {
        "answer" => Deed::Answers,
        "reject" => Deed::Rejects,
        "hangup" => Deed::HangsUp,
        _ => return refuse(StatusCode::NOT_FOUND, "it can answer, reject and hangup"),
    };
    let which = if body.is_empty() { Ok(Which::default()) } else { serde_json::from_slice(body) };
    let which: Which = match which {
        Ok(which) => which,
        Err(error) => return refuse(StatusCode::BAD_REQUEST, error.to_string()),
    };
    let done = network.with(|engine| {
        let sid = engine.leg_to(to, which.call_sid.as_deref(), &deed)?;
        engine.far(&sid, &deed);
        Some(sid)
    });
    match done {
        Some(sid) => Json(json!({ "sid": sid })).into_response(),
        None => refuse(StatusCode::NOT_FOUND, "there is no such leg"),
    }
}

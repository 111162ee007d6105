//! Text messages between people outside and numbers.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::refuse;
use crate::{
    engine::{MessageStatus, NewMessage},
    network::Network,
};

/// Who writes to whom.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextBody {
    from: String,
    to: String,
    body: String,
    /// How far one that went out has come.
    status: Option<MessageStatus>,
}

/// Somebody writes to a number, or was written to from one.
pub(super) async fn text(State(network): State<Arc<Network>>, Json(new): Json<TextBody>) -> Response {
    let TextBody { from, to, body, status } = new;
    let new = NewMessage { from, to, body, status: status.unwrap_or(MessageStatus::Delivered) };
    match network.with(|engine| engine.text(new)) {
        Some(sid) => (StatusCode::CREATED, Json(json!({ "sid": sid }))).into_response(),
        None => refuse(StatusCode::NOT_FOUND, "nobody has that number"),
    }
}

/// How far.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusBody {
    status: MessageStatus,
}

/// A message has come further.
pub(super) async fn move_on(
    State(network): State<Arc<Network>>,
    Path(sid): Path<String>,
    Json(StatusBody { status }): Json<StatusBody>,
) -> Response {
    if network.with(|engine| engine.text_is(&sid, status)) {
        StatusCode::NO_CONTENT.into_response()
    } else {
        refuse(StatusCode::NOT_FOUND, "there is no such message")
    }
}

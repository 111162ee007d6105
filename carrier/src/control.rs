//! What tests and demonstrations use besides Twilio's interfaces: who exists, who calls, what is true.

mod endpoints;
mod people;
mod texts;
mod truth;
mod world;

use std::sync::Arc;

use axum::{
    Json, Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{delete, get, post, put},
};
use serde_json::json;

use crate::network::Network;

/// The control interface.
pub(crate) fn router() -> Router<Arc<Network>> {
    Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/carrier/accounts/{sid}", put(world::put_account))
        .route("/carrier/accounts/{sid}/status", put(world::put_status))
        .route("/carrier/accounts/{sid}/keys/{key}", put(world::put_key).delete(world::revoke_key))
        .route("/carrier/numbers/{e164}", put(world::put_number).delete(world::remove_number))
        .route("/carrier/applications/{sid}", put(world::put_application))
        .route("/carrier/faults", put(world::put_faults).delete(world::clear_faults))
        .route("/carrier/clients/{identity}", put(endpoints::put_client))
        .route("/carrier/clients/{identity}/{deed}", post(endpoints::client_does))
        .route("/carrier/phones/{e164}", put(endpoints::put_phone))
        .route("/carrier/phones/{e164}/{deed}", post(endpoints::phone_does))
        .route("/carrier/calls", post(people::call))
        .route("/carrier/calls/{sid}", delete(people::hang_up))
        .route("/carrier/calls/{sid}/digits", post(people::press))
        .route("/carrier/calls/{sid}/recordings", post(people::record))
        .route("/carrier/calls/{sid}/heard.wav", get(truth::heard))
        .route("/carrier/calls/{sid}/messages", get(truth::messages).post(people::message))
        .route("/carrier/messages", post(texts::text))
        .route("/carrier/messages/{sid}", put(texts::move_on))
        .route("/carrier/truth", get(truth::tell).delete(truth::reset))
        .route("/carrier/webhooks", get(truth::webhooks))
        .route("/carrier/notifications", get(truth::notifications))
}

/// Why something cannot be done, in a word.
pub(crate) fn refuse(status: StatusCode, error: impl Into<String>) -> Response {
    (status, Json(json!({ "error": error.into() }))).into_response()
}

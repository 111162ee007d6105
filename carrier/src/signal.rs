//! The socket that Twilio's Voice SDK talks to: registration, calls in both directions, and getting lost ones back.

mod board;
mod calls;
mod news;
mod session;
mod socket;
pub(crate) mod token;
mod wire;

use std::sync::Arc;

use axum::{
    Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};

pub(crate) use board::Board;

use crate::network::Network;

/// What the SDK connects to.
pub(crate) fn router() -> Router<Arc<Network>> {
    Router::new()
        .route("/signal", get(socket::connect))
        .route("/v4/EndpointEvents", post(ignore).options(ignore))
        .route("/v4/EndpointMetrics", post(ignore).options(ignore))
}

/// What the SDK tells of itself is of no use here; it is let from any page, and stays unread.
async fn ignore() -> impl IntoResponse {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "*, X-Twilio-Token, Content-Type"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, headers)
}

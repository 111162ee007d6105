//! Errors as Twilio answers them, and the misfortune that may befall any request.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Request, State},
    http::{StatusCode, Uri},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{engine::ApiError, faults::RestFailure, network::Network, webhook::lock};

/// An error in Twilio's form.
pub(super) fn answer(error: &ApiError, path: &str) -> Response {
    let message = if error.code == 20404 && error.message.is_empty() {
        format!("The requested resource {path} was not found")
    } else {
        error.message.clone()
    };
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
    let body = json!({
        "code": error.code,
        "message": message,
        "more_info": format!("https://www.twilio.com/docs/errors/{}", error.code),
        "status": error.status,
    });
    (status, Json(body)).into_response()
}

/// What is not there.
pub(crate) async fn not_found(uri: Uri) -> Response {
    answer(&ApiError::missing(), uri.path())
}

pub(super) async fn method_not_allowed(uri: Uri) -> Response {
    answer(&ApiError { status: 405, code: 20004, message: "Method not allowed".to_owned() }, uri.path())
}

/// Slows requests down and lets them fail, as the faults will have it.
pub(super) async fn misfortune(State(network): State<Arc<Network>>, request: Request, next: Next) -> Response {
    let fate = lock(&network.post.faults).rest_fate();
    let path = request.uri().path().to_owned();
    let fail = |status| {
        let (code, message) = match status {
            429 => (20429, "Too Many Requests"),
            503 => (20503, "Service is temporarily unavailable"),
            _ => (20500, "An internal server error has occurred"),
        };
        answer(&ApiError { status, code, message: message.to_owned() }, &path)
    };
    tokio::time::sleep(Duration::from_millis(fate.slow_ms)).await;
    match fate.failure {
        None => next.run(request).await,
        Some(RestFailure::TooMany) => fail(429),
        Some(RestFailure::Before(status)) => fail(status),
        Some(RestFailure::After(status)) => {
            next.run(request).await;
            fail(status)
        }
    }
}

//! What programs send: names in addresses, and bodies. What cannot be read is a problem like any other.

use super::problem::Problem;
use axum::{
    Json,
    extract::{FromRequestParts, Path, rejection::JsonRejection},
    http::{StatusCode, request::Parts},
};

/// Whom or what an address names.
pub(super) struct Named<T>(pub(super) T);

impl<S: Send + Sync, T: From<String>> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let id = Path::<String>::from_request_parts(parts, state).await;
        // What is no text, or none that a database holds, is no name.
        let id = id.ok().map(|Path(id)| id).filter(|id| !id.contains('\0'));
        id.map(|id| Self(id.into())).ok_or(Problem::NotFound)
    }
}

/// A body, once it is known that whoever sends it may: until then nobody is told what is wrong with it.
pub(super) fn body<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, Problem> {
    body.map(|Json(body)| body).map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::MediaType,
        _ => Problem::Malformed(error.body_text()),
    })
}

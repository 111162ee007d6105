//! What a page may ask of the server. Every function is a public address: each authorises by the visit's session.

pub mod calls;
pub mod contacts;
pub mod demo;
pub mod dial;
pub mod floor;
#[cfg(feature = "ssr")]
pub mod numbers;
#[cfg(feature = "ssr")]
pub(crate) mod people;
#[cfg(feature = "ssr")]
pub(crate) mod privacy;
pub(crate) mod remote;
#[cfg(feature = "ssr")]
pub(crate) mod request;
#[cfg(feature = "ssr")]
pub(crate) mod rules;
#[cfg(feature = "ssr")]
pub mod twilio;
#[cfg(feature = "ssr")]
pub mod visit;
#[cfg(feature = "ssr")]
pub(crate) mod voicemail;

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};
use switchyard::floor::Refusal;
use thiserror::Error;

/// Why something that was asked of the server did not happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum AskError {
    /// The floor's rules say no.
    #[error(transparent)]
    Refused(Refusal),
    /// The server's database is down. Nothing happened.
    #[error("the server is busy")]
    Unavailable,
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    SignedOut,
    /// The server could not be reached.
    #[error("the server could not be reached")]
    Network,
    /// The request or the answer could not be read.
    #[error("the request or its answer cannot be read: {0}")]
    Broken(String),
}

impl FromServerFnError for AskError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Network,
            other => {
                #[cfg(feature = "ssr")]
                request::blame(&other);
                Self::Broken(other.to_string())
            }
        }
    }
}

#[cfg(feature = "ssr")]
impl AskError {
    /// Says it with the right HTTP status, too, when it is the answer to a call of a function. A page that shows an error
    /// decides for itself what it is.
    pub(crate) fn answered(self) -> Self {
        use axum::http::StatusCode;
        if !request::path().starts_with("/api/fn/") {
            return self;
        }
        let status = match &self {
            Self::Refused(Refusal::CallGone | Refusal::NoSuchAgent | Refusal::NoSuchSlot) => StatusCode::NOT_FOUND,
            Self::Refused(Refusal::NotYours | Refusal::NotAllowed) => StatusCode::FORBIDDEN,
            Self::Refused(_) => StatusCode::CONFLICT,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Network | Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(status);
        }
        self
    }
}

//! Before a page places a call: what was typed is made a number, or it is said why not. The call itself is checked again
//! when the carrier asks what to do with it.

use leptos::{
    prelude::*,
    server_fn::{
        codec::{Json, JsonEncoding},
        error::{FromServerFnError, ServerFnErrorErr},
    },
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What can be dialled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialable {
    /// E.164.
    pub number: String,
    /// The contact's name, if the number is one's.
    pub name: Option<String>,
}

/// Why it cannot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum DialError {
    /// It is not a number that could exist.
    #[error("this is not a phone number")]
    NotANumber,
    /// The workspace does not call that country.
    #[error("calls to this country are not allowed")]
    CountryNotAllowed,
    /// More calls were placed in the last hour than are allowed.
    #[error("too many calls were placed in the last hour")]
    TooMany {
        /// After how many seconds the next is allowed.
        retry_secs: u32,
    },
    /// A call rings or is talked to at whoever asks.
    #[error("there is a call already")]
    Busy,
    /// The workspace is not connected to a carrier.
    #[error("this workspace has no carrier yet")]
    NoCarrier,
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    SignedOut,
    /// The server, or its database, cannot be reached.
    #[error("the server is busy")]
    Unavailable,
}

impl FromServerFnError for DialError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Unavailable
    }
}

/// Makes a number of what somebody typed.
#[server(prefix = "/api/fn", endpoint = "prepare_dial", input = Json, output = Json)]
pub async fn prepare_dial(
    /// As it was typed.
    to: String,
) -> Result<Dialable, DialError> {
    prepare(&to).await.inspect_err(|error| {
        use axum::http::StatusCode;
        let status = match error {
            DialError::NotANumber => StatusCode::UNPROCESSABLE_ENTITY,
            DialError::CountryNotAllowed => StatusCode::FORBIDDEN,
            DialError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            DialError::Busy | DialError::NoCarrier => StatusCode::CONFLICT,
            DialError::SignedOut => StatusCode::UNAUTHORIZED,
            DialError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        };
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(status);
        }
    })
}

#[cfg(feature = "ssr")]
async fn prepare(to: &str) -> Result<Dialable, DialError> {
    use switchyard::{dialing::NumberError, floor::Refusal};
    let (visit, session) = super::visit::Visit::signed_in().map_err(|_| DialError::SignedOut)?;
    let plan = visit.dial_plan.as_ref().ok_or(DialError::NoCarrier)?;
    let number = plan.dialable(to).map_err(|error| match error {
        NumberError::NotANumber => DialError::NotANumber,
        NumberError::CountryNotAllowed => DialError::CountryNotAllowed,
    })?;
    let floor = visit.floors.of(&session.workspace).snapshot().await.map_err(|_| DialError::Unavailable)?;
    floor.may_dial(&session.agent, visit.clock.now()).map_err(|refusal| match refusal {
        Refusal::TooManyCalls { retry_secs } => DialError::TooMany { retry_secs },
        _ => DialError::Busy,
    })?;
    let name = visit.store.contact_name(&session.workspace, &number).await.unwrap_or_default();
    Ok(Dialable { number, name })
}

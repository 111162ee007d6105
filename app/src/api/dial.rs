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
use switchyard::{floor::Refusal, id::AgentId};
use thiserror::Error;

/// What can be dialled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialable {
    /// E.164, or a colleague's extension.
    pub number: String,
    /// The name of the contact or of the colleague.
    pub name: Option<String>,
}

/// Why it cannot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum DialError {
    /// It is not a number that could exist.
    #[error("this is not a phone number")]
    NotANumber,
    /// Emergency services are not reached from here.
    #[error("emergency numbers cannot be called from here")]
    Emergency,
    /// The workspace does not call that country.
    #[error("calls to this country are not allowed")]
    CountryNotAllowed,
    /// The floor says no: whoever asks has a call, the colleague has one, too many calls were placed.
    #[error("{why}")]
    Refused {
        /// Why.
        why: Refusal,
        /// The colleague whom it is about.
        colleague: Option<AgentId>,
    },
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

    #[cfg_attr(not(feature = "ssr"), expect(unused_variables, reason = "the server says whom to blame"))]
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        #[cfg(feature = "ssr")]
        super::request::blame(&error);
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
            DialError::Emergency | DialError::CountryNotAllowed => StatusCode::FORBIDDEN,
            DialError::Refused { why: Refusal::TooManyCalls { .. }, .. } => StatusCode::TOO_MANY_REQUESTS,
            DialError::Refused { .. } | DialError::NoCarrier => StatusCode::CONFLICT,
            DialError::SignedOut => StatusCode::UNAUTHORIZED,
            DialError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        };
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(status);
            if let DialError::Refused { why: Refusal::TooManyCalls { retry_secs }, .. } = error {
                response.insert_header(axum::http::header::RETRY_AFTER, (*retry_secs).into());
            }
        }
    })
}

#[cfg(feature = "ssr")]
async fn prepare(to: &str) -> Result<Dialable, DialError> {
    use switchyard::dialing::NumberError;
    let (visit, session) = super::visit::Visit::signed_in().map_err(|_| DialError::SignedOut)?;
    if visit.dial_plan.as_ref().is_some_and(|plan| plan.is_emergency(to)) {
        return Err(DialError::Emergency);
    }
    let floor = visit.floors.of(&session.workspace).snapshot().await.map_err(|_| DialError::Unavailable)?;
    if let Some(colleague) = floor.by_extension(to.trim()).map(|agent| &agent.profile) {
        let refused = |why| DialError::Refused { why, colleague: Some(colleague.id.clone()) };
        floor.may_call(&session.agent, &colleague.id).map_err(refused)?;
        return Ok(Dialable { number: colleague.extension.clone(), name: Some(colleague.name.clone()) });
    }
    let plan = visit.dial_plan.as_ref().ok_or(DialError::NoCarrier)?;
    let number = plan.dialable(to).map_err(|error| match error {
        NumberError::NotANumber => DialError::NotANumber,
        NumberError::CountryNotAllowed => DialError::CountryNotAllowed,
    })?;
    let refused = |why| DialError::Refused { why, colleague: None };
    floor.may_dial(&session.agent, visit.clock.now()).map_err(refused)?;
    let name = visit.store.contact_name(&session.workspace, &number).await.unwrap_or_default();
    Ok(Dialable { number, name })
}

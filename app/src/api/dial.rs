//! Before a page places a call: what was typed is made a number, or it is said why not. The call itself is checked again
//! when the carrier asks what to do with it. Whoever is added to a call is called from here.

use leptos::{
    prelude::*,
    server_fn::{
        codec::{Json, JsonEncoding},
        error::{FromServerFnError, ServerFnErrorErr},
    },
};
use serde::{Deserialize, Serialize};
use switchyard::{
    floor::Refusal,
    id::{AgentId, CallId},
};
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
    /// No number of the workspace rings here: there is none that whoever is called could see.
    #[error("no number of this workspace rings here")]
    NoNumber,
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
    edge::prepare(&to).await.inspect_err(DialError::answered)
}

/// Calls whoever was typed into a call: somebody outside, or a colleague by their extension. Answers the version of the
/// floor after it.
#[server(prefix = "/api/fn", endpoint = "add_to_call", input = Json, output = Json)]
pub async fn add_to_call(
    /// Which call.
    call: CallId,
    /// As it was typed.
    to: String,
) -> Result<u64, DialError> {
    edge::add(call, &to).await.inspect_err(DialError::answered)
}

/// What only the server can do.
#[cfg(feature = "ssr")]
mod edge {
    use axum::http::{StatusCode, header::RETRY_AFTER};
    use leptos::prelude::use_context;
    use switchyard::{
        call::Caller,
        dialing::NumberError,
        floor::{Command, Intent, Refusal},
        id::{AgentId, CallId},
        ports::Session,
        service::Rejected,
    };

    use super::{DialError, Dialable};
    use crate::api::{numbers, visit::Visit};

    impl DialError {
        /// Says it with the right HTTP status, too.
        pub(super) fn answered(&self) {
            let status = match self {
                Self::NotANumber => StatusCode::UNPROCESSABLE_ENTITY,
                Self::Emergency | Self::CountryNotAllowed | Self::Refused { why: Refusal::NotYours, .. } => {
                    StatusCode::FORBIDDEN
                }
                Self::Refused { why: Refusal::CallGone, .. } => StatusCode::NOT_FOUND,
                Self::Refused { why: Refusal::TooManyCalls { .. }, .. } => StatusCode::TOO_MANY_REQUESTS,
                Self::Refused { .. } | Self::NoCarrier | Self::NoNumber => StatusCode::CONFLICT,
                Self::SignedOut => StatusCode::UNAUTHORIZED,
                Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            };
            if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
                response.set_status(status);
                if let Self::Refused { why: Refusal::TooManyCalls { retry_secs }, .. } = self {
                    response.insert_header(RETRY_AFTER, (*retry_secs).into());
                }
            }
        }
    }

    pub(super) async fn prepare(to: &str) -> Result<Dialable, DialError> {
        let (visit, session) = Visit::signed_in().map_err(|_| DialError::SignedOut)?;
        let floor = visit.floors.of(&session.workspace).snapshot().await.map_err(|_| DialError::Unavailable)?;
        if let Some(colleague) = floor.by_extension(to.trim()).map(|agent| &agent.profile) {
            let refused = |why| DialError::Refused { why, colleague: Some(colleague.id.clone()) };
            floor.may_call(&session.agent, &colleague.id).map_err(refused)?;
            return Ok(Dialable { number: colleague.extension.clone(), name: Some(colleague.name.clone()) });
        }
        let number = number(&visit, to)?;
        let refused = |why| DialError::Refused { why, colleague: None };
        floor.may_dial(&session.agent, visit.clock.now()).map_err(refused)?;
        let name = visit.store.contact_name(&session.workspace, &number).await.unwrap_or_default();
        Ok(Dialable { number, name })
    }

    pub(super) async fn add(call: CallId, to: &str) -> Result<u64, DialError> {
        let (visit, session) = Visit::signed_in().map_err(|_| DialError::SignedOut)?;
        let handle = visit.floors.of(&session.workspace);
        let floor = handle.snapshot().await.map_err(|_| DialError::Unavailable)?;
        if let Some(colleague) = floor.by_extension(to.trim()).map(|agent| agent.profile.id.clone()) {
            let intent = Intent::Invite { call, agent: colleague.clone() };
            let asked = handle.send(Command::Ask { by: session.agent, intent }).await;
            return asked.map_err(|rejected| refused(rejected, Some(colleague)));
        }
        let number = number(&visit, to)?;
        let line = numbers::shown_line(&visit, &session).await.map_err(|_| DialError::Unavailable)?;
        let line = line.ok_or(DialError::NoNumber)?;
        let Session { workspace, agent: by, .. } = session;
        let name = visit.store.contact_name(&workspace, &number).await.unwrap_or_default();
        let added = Command::Add { call, by, to: Caller { number, name }, line };
        handle.send(added).await.map_err(|rejected| refused(rejected, None))
    }

    /// Of what is no colleague's extension: those from before emergency numbers were looked at may be such numbers.
    fn number(visit: &Visit, typed: &str) -> Result<String, DialError> {
        let plan = visit.dial_plan.as_ref().ok_or(DialError::NoCarrier)?;
        if plan.is_emergency(typed) {
            return Err(DialError::Emergency);
        }
        plan.dialable(typed).map_err(|error| match error {
            NumberError::NotANumber => DialError::NotANumber,
            NumberError::CountryNotAllowed => DialError::CountryNotAllowed,
        })
    }

    fn refused(rejected: Rejected, colleague: Option<AgentId>) -> DialError {
        match rejected {
            Rejected::Refused(why) => DialError::Refused { why, colleague },
            Rejected::Unavailable => DialError::Unavailable,
        }
    }
}

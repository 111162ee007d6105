//! Which program asks, for whom, and for what.

use axum::{
    extract::FromRequestParts,
    http::{header::AUTHORIZATION, request::Parts},
};
use switchyard::{
    ports::Session,
    token::{ApiToken, Scope},
};

use super::problem::Problem;
use crate::{
    auth::{ClientAddress, hash},
    state::Deps,
};

/// How tokens begin, so that whoever finds one knows what it is.
pub(crate) const PREFIX: &str = "swy_";
/// When a token was used is noted this often at most, milliseconds.
const NOTE_EVERY_MILLIS: i64 = 60_000;

/// A program with a token.
pub(crate) struct Caller {
    token: ApiToken,
    /// For whom it acts.
    pub(super) session: Session,
}

impl Caller {
    /// Goes on only if the token may be used for this. Every operation begins with it.
    pub(super) fn within(self, scope: Scope) -> Result<Session, Problem> {
        if self.token.may(scope) { Ok(self.session) } else { Err(Problem::OutOfScope(scope)) }
    }
}

impl FromRequestParts<Deps> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, deps: &Deps) -> Result<Self, Problem> {
        let said = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = said.and_then(|said| said.split_once(' ')).filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
        let token = token.map(|(_, token)| token.trim()).filter(|token| token.starts_with(PREFIX));
        let known = match token {
            Some(token) => deps.store.token(&hash(token)).await?,
            None => None,
        };
        let Some((token, session)) = known else {
            // This cannot fail: an address that is not known is none.
            let Ok(ClientAddress(address)) = ClientAddress::from_request_parts(parts, deps).await;
            address.map_or(Ok(()), |address| deps.limits.stranger(address)).map_err(Problem::TooMany)?;
            return Err(Problem::Unauthorised);
        };
        deps.limits.program(&format!("{} {}", session.workspace, token.id)).map_err(Problem::TooMany)?;
        let now = deps.clock.now();
        if token.used.is_none_or(|used| now.millis_since(used) > NOTE_EVERY_MILLIS) {
            // That it cannot be noted is no reason not to answer.
            if let Err(error) = deps.store.note_token_use(&session.workspace, &token.id, now).await {
                tracing::warn!(%error, "the use of a token was not noted");
            }
        }
        Ok(Self { token, session })
    }
}

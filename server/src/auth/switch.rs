//! Going from one workspace to another, for those who belong to several.

use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use switchyard::{
    people::{Account, Standing},
    ports::{Session, StoreError},
};

use super::{SignedIn, token_hash};
use crate::state::Deps;

/// Where to.
#[derive(Deserialize)]
pub struct Choice {
    workspace: String,
}

/// `POST /switch`: the same session goes on as the person's account in the other workspace. Whatever is open for the one
/// that they leave ends: it would ask in the name of another.
pub async fn switch(
    State(deps): State<Deps>,
    Extension(SignedIn(session)): Extension<SignedIn>,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Response {
    let Some(session) = session else { return Redirect::to("/sign-in").into_response() };
    match go(&deps, &session, &headers, &choice.workspace).await {
        Ok(true) => Redirect::to("/").into_response(),
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "somebody could not go to another workspace");
            (StatusCode::SERVICE_UNAVAILABLE, "not now; try again").into_response()
        }
    }
}

async fn go(deps: &Deps, session: &Session, headers: &HeaderMap, workspace: &str) -> Result<bool, StoreError> {
    let Some(own) = deps.store.account(&session.workspace, &session.agent).await? else { return Ok(false) };
    let there = |account: &Account| account.workspace.as_str() == workspace && account.standing() == Standing::Active;
    let Some(next) = deps.store.accounts_of(&own.email).await?.into_iter().find(there) else { return Ok(false) };
    let token = token_hash(headers).unwrap_or_default();
    deps.store.switch_session(&token, &next.workspace, &next.profile.id).await?;
    deps.endings.tell(&session.workspace, &session.agent);
    Ok(true)
}

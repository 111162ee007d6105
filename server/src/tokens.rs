//! The form of the page with the API's tokens. The store knows only their hashes.

use axum::{
    Form,
    extract::{Path, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use std::collections::BTreeMap;
use switchyard::{
    audit::{Change, Deed},
    people::{self, Fault},
    ports::{Session, StoreError},
    token::{ApiToken, Scope, scopes_to_text},
};

use crate::{
    api::PREFIX,
    auth::{hash, new_token},
    forms::{Fields, again, field, once},
    people::{new_id, trouble},
    settings::Allowed,
    state::Deps,
};

/// The page.
const PATH: &str = "/settings/api";

/// `POST /settings/api`: shown once, on the answer itself, so that it is in no address and no log.
pub async fn add(State(deps): State<Deps>, Allowed(session): Allowed, parts: Parts, Form(fields): Fields) -> Response {
    match make(&deps, &session, &fields).await {
        Ok(token) => once(&deps, parts, PATH, token).await,
        Err(faults) => again(&deps, parts, PATH, fields, faults).await,
    }
}

async fn make(deps: &Deps, session: &Session, typed: &BTreeMap<String, String>) -> Result<String, Vec<Fault>> {
    let name = people::name(field(typed, "name"));
    let scopes: Vec<Scope> =
        Scope::ALL.into_iter().filter(|scope| !field(typed, &format!("scope-{}", scope.code())).is_empty()).collect();
    let none = scopes.is_empty().then_some(Fault::ScopesMissing);
    let name = match (name, none) {
        (Ok(name), None) => name,
        (name, none) => return Err(name.err().into_iter().chain(none).collect()),
    };
    let secret = format!("{PREFIX}{}", new_token());
    let token = ApiToken {
        id: new_id(),
        name,
        scopes,
        by: session.agent.clone(),
        created: deps.clock.now(),
        used: None,
        revoked: None,
    };
    let stored = deps.store.put_token(&hash(&secret), &session.workspace, &token).await;
    stored.map_err(|error| vec![trouble(&error)])?;
    let scopes = Change::new("scopes", None, Some(&scopes_to_text(&token.scopes)));
    deps.note(session, Deed::ApiTokenMade, &token.name, vec![scopes]).await;
    Ok(secret)
}

/// `POST /settings/api/{id}/revoke`.
pub async fn revoke(State(deps): State<Deps>, Allowed(session): Allowed, Path(id): Path<String>) -> Response {
    let revoked = async {
        let known = deps.store.tokens(&session.workspace).await?.into_iter().find(|token| token.id == id);
        let name = deps.store.revoke_token(&session.workspace, &id, deps.clock.now()).await?;
        Ok::<_, StoreError>(name.map(|name| (name, known.map(|token| scopes_to_text(&token.scopes)))))
    };
    match revoked.await {
        Ok(Some((name, scopes))) => {
            let scopes = Change::new("scopes", scopes.as_deref(), None);
            deps.note(&session, Deed::ApiTokenRevoked, &name, vec![scopes]).await;
            Redirect::to("/settings/api?done=saved").into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a token was not revoked");
            (StatusCode::SERVICE_UNAVAILABLE, "nothing was done: the server is busy; try again").into_response()
        }
    }
}

/// The addresses of the forms lead back to their page.
pub async fn back() -> Redirect {
    Redirect::to(PATH)
}

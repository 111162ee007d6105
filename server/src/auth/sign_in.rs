//! The forms of the sign-in page. They work without scripts, and answer with a redirect.

use std::collections::BTreeMap;

use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode, header::SET_COOKIE, request::Parts},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use switchyard::{
    id::AgentId,
    people::{Account, Standing},
    ports::StoreError,
};
use url::form_urlencoded;

use super::{
    COOKIE_NAME, ClientAddress, SESSION_SECS, SignedIn, hash, new_token, token,
    verify::{Refused, WINDOW, verify},
};
use crate::{forms::again, limits::TooMany, state::Deps};

/// Who wants in, and where to go then.
#[derive(Deserialize)]
pub struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// Whom to be, in the demo.
#[derive(Deserialize)]
pub struct DemoChoice {
    agent: String,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in`: throttled, and the same answer for accounts that do not exist.
pub async fn sign_in(
    State(deps): State<Deps>,
    ClientAddress(address): ClientAddress,
    parts: Parts,
    Form(form): Form<Credentials>,
) -> Response {
    let email = form.email.trim().to_lowercase();
    let found = async {
        Ok::<_, StoreError>(match verify(&deps, &email, form.password, address).await? {
            Ok(()) => first_active(deps.store.accounts_of(&email).await?).ok_or(Refused::Wrong),
            Err(refused) => Err(refused),
        })
    };
    match found.await {
        Ok(Ok(account)) => enter(&deps, &account, &form.next).await,
        Ok(Err(Refused::Wrong)) => back("credentials", &form.next),
        Ok(Err(Refused::Throttled)) => {
            let page = again(&deps, parts, &path("throttled", &form.next), BTreeMap::new(), Vec::new()).await;
            TooMany(WINDOW).mark(page)
        }
        Err(error) => {
            tracing::error!(%error, "nobody can sign in");
            back("unavailable", &form.next)
        }
    }
}

/// Whoever belongs to several workspaces begins in the first, and goes on to another from there.
fn first_active(accounts: Vec<Account>) -> Option<Account> {
    accounts.into_iter().find(|account| account.standing() == Standing::Active)
}

/// `POST /sign-in/demo`: one click, in demo mode only.
pub async fn sign_in_demo(State(deps): State<Deps>, Form(form): Form<DemoChoice>) -> Response {
    let Some(accounts) = &deps.demo else { return StatusCode::NOT_FOUND.into_response() };
    let agent = AgentId::from(form.agent);
    if !accounts.iter().any(|account| account.agent == agent) {
        return back("credentials", &form.next);
    }
    match deps.store.account(&crate::demo::WORKSPACE.into(), &agent).await {
        Ok(Some(account)) if account.standing() == Standing::Active => enter(&deps, &account, &form.next).await,
        Ok(_) => back("credentials", &form.next),
        Err(error) => {
            tracing::error!(%error, "nobody can sign in");
            back("unavailable", &form.next)
        }
    }
}

/// `POST /sign-out`.
pub async fn sign_out(
    State(deps): State<Deps>,
    Extension(SignedIn(session)): Extension<SignedIn>,
    headers: HeaderMap,
) -> Response {
    if let Some(token) = token(&headers)
        && let Err(error) = deps.store.close_session(&hash(token)).await
    {
        tracing::error!(%error, "a session was not closed");
        return (StatusCode::SERVICE_UNAVAILABLE, "not now; try again").into_response();
    }
    // Other tabs of the same browser have something open, too.
    if let Some(session) = session {
        deps.endings.tell(&session.workspace, &session.agent);
    }
    (AppendHeaders([(SET_COOKIE, cookie(&deps, "", 0))]), Redirect::to("/sign-in")).into_response()
}

/// Opens a session, and the page at `next` in the person's language.
pub(crate) async fn enter(deps: &Deps, account: &Account, next: &str) -> Response {
    let token = new_token();
    let expires = deps.clock.now().plus_secs(SESSION_SECS);
    if let Err(error) = deps.store.open_session(&hash(&token), &account.workspace, &account.profile.id, expires).await {
        tracing::error!(%error, "a session was not opened");
        return back("unavailable", next);
    }
    let language = account.language.map(app::language_cookie);
    let cookies = std::iter::once(cookie(deps, &token, SESSION_SECS)).chain(language);
    (AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie))), Redirect::to(inside(next))).into_response()
}

fn back(reason: &str, next: &str) -> Response {
    Redirect::to(&path(reason, next)).into_response()
}

/// The page, which says why.
fn path(reason: &str, next: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("error", reason)
        .append_pair("next", inside(next))
        .finish();
    format!("/sign-in?{query}")
}

/// Only paths of this site: `//elsewhere.example` and `/\elsewhere.example` lead away from it.
fn inside(next: &str) -> &str {
    let leads_away = next.starts_with("//") || next.contains(['\\', '\r', '\n', '\t']);
    if next.starts_with('/') && !leads_away { next } else { "/" }
}

fn cookie(deps: &Deps, token: &str, seconds: u32) -> String {
    let secure = if deps.is_secure() { "; Secure" } else { "" };
    format!("{COOKIE_NAME}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn after_signing_in_nobody_is_sent_to_another_site() {
        assert_eq!(inside("/calls?x=1"), "/calls?x=1");
        for away in
            ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", "", "/\t/elsewhere.example"]
        {
            assert_eq!(inside(away), "/", "{away}");
        }
    }
}

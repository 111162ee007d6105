//! The forms of the sign-in page. They work without scripts, and answer with a redirect.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Form,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header::SET_COOKIE},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use switchyard::{
    id::{AgentId, WorkspaceId},
    ports::StoreError,
    time::Timestamp,
};
use url::form_urlencoded;

use super::{COOKIE_NAME, SESSION_SECS, hash, new_token, password::verify_password, token};
use crate::state::Deps;

/// Tries are counted over this time: those since the last success per account, and all per address, behind which there
/// may be a whole office.
const WINDOW: Duration = Duration::from_mins(15);
const TRIES_PER_ACCOUNT: u32 = 5;
const TRIES_PER_ADDRESS: u32 = 100;

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
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Form(form): Form<Credentials>,
) -> Response {
    let email = form.email.trim().to_lowercase();
    match check(&deps, &email, form.password, address).await {
        Ok(Ok((workspace, agent))) => enter(&deps, &workspace, &agent, &form.next).await,
        Ok(Err(reason)) => back(reason, &form.next),
        Err(error) => {
            tracing::error!(%error, "nobody can sign in");
            back("unavailable", &form.next)
        }
    }
}

async fn check(
    deps: &Deps,
    email: &str,
    password: String,
    address: SocketAddr,
) -> Result<Result<(WorkspaceId, AgentId), &'static str>, StoreError> {
    let now = deps.clock.now();
    let since = Timestamp(now.0 - i64::try_from(WINDOW.as_millis()).unwrap_or(i64::MAX));
    let (by_account, by_address) = (hash(&format!("account:{email}")), hash(&format!("address:{}", address.ip())));
    // Counted before the password is looked at: many attempts at once must not all pass the count.
    let account_tries = deps.store.note_failure(&by_account, now, since).await?;
    let address_tries = deps.store.note_failure(&by_address, now, since).await?;
    if account_tries > TRIES_PER_ACCOUNT || address_tries > TRIES_PER_ADDRESS {
        return Ok(Err("throttled"));
    }
    let account = deps.store.account_by_email(email).await?;
    let hash = account.as_ref().map(|account| account.password.clone());
    if verify_password(password, hash).await
        && let Some(account) = account
    {
        deps.store.clear_failures(&by_account).await?;
        return Ok(Ok((account.workspace, account.profile.id)));
    }
    Ok(Err("credentials"))
}

/// `POST /sign-in/demo`: one click, in demo mode only.
pub async fn sign_in_demo(State(deps): State<Deps>, Form(form): Form<DemoChoice>) -> Response {
    let Some(accounts) = &deps.demo else { return StatusCode::NOT_FOUND.into_response() };
    let agent = AgentId::from(form.agent);
    if !accounts.iter().any(|account| account.agent == agent) {
        return back("credentials", &form.next);
    }
    enter(&deps, &crate::demo::WORKSPACE.into(), &agent, &form.next).await
}

/// `POST /sign-out`.
pub async fn sign_out(State(deps): State<Deps>, headers: HeaderMap) -> Response {
    if let Some(token) = token(&headers)
        && let Err(error) = deps.store.close_session(&hash(token)).await
    {
        tracing::error!(%error, "a session was not closed");
        return (StatusCode::SERVICE_UNAVAILABLE, "not now; try again").into_response();
    }
    (AppendHeaders([(SET_COOKIE, cookie(&deps, "", 0))]), Redirect::to("/sign-in")).into_response()
}

async fn enter(deps: &Deps, workspace: &WorkspaceId, agent: &AgentId, next: &str) -> Response {
    let token = new_token();
    let expires = deps.clock.now().plus_secs(SESSION_SECS);
    if let Err(error) = deps.store.open_session(&hash(&token), workspace, agent, expires).await {
        tracing::error!(%error, "a session was not opened");
        return back("unavailable", next);
    }
    (AppendHeaders([(SET_COOKIE, cookie(deps, &token, SESSION_SECS))]), Redirect::to(inside(next))).into_response()
}

fn back(reason: &str, next: &str) -> Response {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("error", reason)
        .append_pair("next", inside(next))
        .finish();
    Redirect::to(&format!("/sign-in?{query}")).into_response()
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

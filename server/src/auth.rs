//! Signing in and out, and who somebody is. Sessions are opaque tokens in a cookie that scripts cannot read; the store
//! knows only their hashes.

mod address;
mod endings;
mod origin;
mod password;
mod sign_in;
mod switch;
mod verify;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, StatusCode, header::COOKIE, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngExt;
use sha2::{Digest, Sha256};
use switchyard::ports::Session;

pub use self::{
    address::ClientAddress,
    endings::{Endings, Watch},
    origin::same_origin,
    password::hash_password,
    sign_in::{sign_in, sign_in_demo, sign_out},
    switch::switch,
};
pub(crate) use self::{
    address::network,
    sign_in::enter,
    verify::{Refused, WINDOW, verify},
};
use crate::state::Deps;

/// The cookie with the token.
const COOKIE_NAME: &str = "switchyard_session";
/// How long a session lasts, seconds: a working day and some.
const SESSION_SECS: u32 = 14 * 60 * 60;

/// Who is signed in, if anybody is. Every request to pages and their functions carries it.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Option<Session>);

/// Somebody who is signed in; everybody else is led to the sign-in, and from there back: every form's address leads to its
/// page.
#[derive(Clone, Debug)]
pub struct Colleague(pub(crate) Session);

impl<S: Sync> FromRequestParts<S> for Colleague {
    type Rejection = Redirect;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Redirect> {
        let session = parts.extensions.get::<SignedIn>().and_then(|SignedIn(session)| session.clone());
        session.map(Self).ok_or_else(|| Redirect::to(&format!("/sign-in?next={}", parts.uri.path())))
    }
}

/// Finds out who is signed in. When that cannot be found out nobody is taken for signed out.
pub async fn identify(State(deps): State<Deps>, mut request: Request, next: Next) -> Response {
    let session = match token(request.headers()) {
        None => None,
        Some(token) => match deps.store.session(&hash(token), deps.clock.now()).await {
            Ok(session) => session,
            Err(error) => {
                tracing::error!(%error, "sessions cannot be read");
                let words = "The database cannot be reached. Nothing is lost; try again in a moment.";
                return (StatusCode::SERVICE_UNAVAILABLE, words).into_response();
            }
        },
    };
    request.extensions_mut().insert(SignedIn(session));
    next.run(request).await
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE_NAME).map(|(_, token)| token)
}

/// The hash of the token that a request carries, if it carries one.
pub(crate) fn token_hash(headers: &HeaderMap) -> Option<String> {
    token(headers).map(hash)
}

/// A token of 256 random bits.
pub(crate) fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>())
}

/// What the store knows of a token. Tokens are random, so a fast hash is enough.
pub fn hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

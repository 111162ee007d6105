//! A request to the REST API: who asks, for what, with which parameters.

use std::sync::Arc;

use axum::{
    Json,
    body::to_bytes,
    extract::{FromRequest, FromRequestParts, MatchedPath, RawPathParams, Request},
    http::{HeaderMap, Method, StatusCode, header::AUTHORIZATION},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use subtle::ConstantTimeEq;

use super::{form::Form, trouble};
use crate::{
    engine::{ApiError, Engine},
    network::Network,
    openapi, sid,
};

/// Larger requests are not read.
const LARGEST_BODY: usize = 256 * 1024;

/// A request that may be made, by an account that exists.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) account: String,
    pub(crate) form: Form,
    /// The path as it was asked for.
    pub(crate) path: String,
    names: Vec<(String, String)>,
}

/// What is answered.
#[derive(Debug)]
pub(crate) enum Answer {
    Found(Value),
    Created(Value),
    Deleted,
}

impl Ask {
    /// A part of the path, without the `.json` at its end.
    pub(crate) fn name(&self, key: &str) -> &str {
        let value = self.names.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value);
        value.strip_suffix(".json").unwrap_or(value)
    }

    pub(crate) fn answer(&self, answer: Result<Answer, ApiError>) -> Response {
        match answer {
            Ok(Answer::Found(value)) => Json(value).into_response(),
            Ok(Answer::Created(value)) => (StatusCode::CREATED, Json(value)).into_response(),
            Ok(Answer::Deleted) => StatusCode::NO_CONTENT.into_response(),
            Err(error) => trouble::answer(&error, &self.path),
        }
    }
}

impl FromRequest<Arc<Network>> for Ask {
    type Rejection = Response;

    async fn from_request(request: Request, network: &Arc<Network>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        let refuse = |error: ApiError| trouble::answer(&error, &path);
        let template =
            MatchedPath::from_request_parts(&mut parts, network).await.map_err(IntoResponse::into_response)?;
        let names =
            RawPathParams::from_request_parts(&mut parts, network).await.map_err(IntoResponse::into_response)?;
        let names: Vec<(String, String)> = names.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        // Only JSON is spoken here; Twilio's XML is for paths that don't say `.json`.
        if path.strip_suffix(".json").is_none() {
            return Err(refuse(ApiError::missing()));
        }
        let first = names.first().map_or("", |(_, value)| value);
        let account = first.strip_suffix(".json").unwrap_or(first).to_owned();
        let main_only = template.as_str() == "/2010-04-01/Accounts/{Sid}";
        if !network.with(|engine| authorised(engine, &parts.headers, &account, main_only)) {
            return Err(refuse(ApiError { status: 401, code: 20003, message: "Authenticate".to_owned() }));
        }
        let form = if parts.method == Method::GET {
            Form::read(parts.uri.query().unwrap_or_default().as_bytes())
        } else {
            let bytes = to_bytes(body, LARGEST_BODY).await;
            Form::read(&bytes.map_err(|_| refuse(ApiError::bad(20001, "The request is too large")))?)
        };
        if network.strict {
            let template = template.as_str();
            let template = format!("{}.json", template.strip_suffix(".json").unwrap_or(template));
            let method = parts.method.as_str().to_ascii_lowercase();
            openapi::check(&template, &method, &form.0).map_err(refuse)?;
        }
        Ok(Self { account, form, path, names })
    }
}

/// Basic authentication with the account's token or one of its keys; keys of the standard kind don't open `/Accounts`.
fn authorised(engine: &Engine, headers: &HeaderMap, account: &str, main_only: bool) -> bool {
    let Some((user, password)) = credentials(headers) else { return false };
    let Some(account) = engine.directory.accounts.get(account) else { return false };
    let secret = match user.as_str() {
        user if user == account.sid => Some(&account.auth_token),
        user if sid::is("SK", user) && !main_only => account.keys.get(user),
        _ => None,
    };
    secret.is_some_and(|secret| bool::from(secret.as_bytes().ct_eq(password.as_bytes())))
}

fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (user, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

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
    engine::{AccountStatus, ApiError, Engine},
    network::Network,
    openapi,
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
        Self::read(request, network, true).await
    }
}

impl Ask {
    /// A request for a sound, whose path does not end in `.json`.
    pub(super) async fn for_sound(request: Request, network: &Arc<Network>) -> Result<Self, Response> {
        Self::read(request, network, false).await
    }

    async fn read(request: Request, network: &Arc<Network>, json: bool) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        let refuse = |error: ApiError| trouble::answer(&error, &path);
        let template =
            MatchedPath::from_request_parts(&mut parts, network).await.map_err(IntoResponse::into_response)?;
        let names =
            RawPathParams::from_request_parts(&mut parts, network).await.map_err(IntoResponse::into_response)?;
        let names: Vec<(String, String)> = names.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        let template = template.as_str();
        // Only JSON is spoken here; Twilio's XML is for paths of its older API that don't say `.json`.
        if json && template.starts_with("/2010") && path.strip_suffix(".json").is_none() {
            return Err(refuse(ApiError::missing()));
        }
        let account = network.look(|engine| admitted(engine, &parts.headers, template, &names)).map_err(refuse)?;
        let form = if parts.method == Method::GET {
            Form::read(parts.uri.query().unwrap_or_default().as_bytes())
        } else {
            let bytes = to_bytes(body, LARGEST_BODY).await;
            Form::read(&bytes.map_err(|_| refuse(ApiError::bad(20001, "The request is too large")))?)
        };
        if json && network.strict && template != super::REGULATIONS {
            let method = parts.method.as_str().to_ascii_lowercase();
            openapi::check(&described(template), &method, &form.0).map_err(refuse)?;
        }
        Ok(Self { account, form, path, names })
    }
}

/// The template by which Twilio's description knows a path.
fn described(template: &str) -> String {
    // Toll-free numbers are asked for and described as local ones are.
    let template = template.replace("/TollFree", "/Local");
    format!("{}.json", template.strip_suffix(".json").unwrap_or(&template))
}

/// Whether only the account's own token opens a path; keys of the standard kind don't (Twilio: API keys).
fn main_only(template: &str) -> bool {
    template == "/2010-04-01/Accounts/{Sid}" || template.contains("/Keys") || template.contains("/AuthTokens/")
}

/// The account that is asked about, if whoever asks may: basic authentication with one of its tokens or keys. The newer
/// paths don't name it, and are about the account of the credentials.
fn admitted(
    engine: &Engine,
    headers: &HeaderMap,
    template: &str,
    names: &[(String, String)],
) -> Result<String, ApiError> {
    let refused = || ApiError { status: 401, code: 20003, message: "Authenticate".to_owned() };
    let (user, password) = credentials(headers).ok_or_else(refused)?;
    let mut accounts = engine.directory.accounts.values();
    let known = names.first().map(|(_, value)| value.strip_suffix(".json").unwrap_or(value));
    let known = known.filter(|_| template.starts_with("/2010"));
    let account = accounts.find(|account| match known {
        Some(known) => account.sid == known,
        None => account.sid == user || account.keys.contains_key(&user),
    });
    let account = account.ok_or_else(refused)?;
    let secrets = if user == account.sid {
        [Some(&account.auth_token), account.secondary.as_ref()]
    } else {
        [account.keys.get(&user).map(|key| &key.secret).filter(|_| !main_only(template)), None]
    };
    let is_right = |secret: &String| bool::from(secret.as_bytes().ct_eq(password.as_bytes()));
    if !secrets.into_iter().flatten().any(is_right) {
        return Err(refused());
    }
    // The account can say of itself that it does not work.
    let about_itself = template == "/2010-04-01/Accounts/{Sid}" && engine.quirks.suspended_account_can_be_read;
    if account.status != AccountStatus::Active && !about_itself {
        let message = format!("Account is {}", account.status.as_str());
        return Err(ApiError { status: 403, code: 20005, message });
    }
    Ok(account.sid.clone())
}

fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (user, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

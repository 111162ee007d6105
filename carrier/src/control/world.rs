//! Accounts, numbers and faults.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::refuse;
use crate::{
    engine::{AccountStatus, Hook, Hooks, Key, KeyKind, is_e164},
    faults::{Faults, Misfortune},
    network::Network,
    sid,
    twiml::Method,
    webhook::lock,
};

/// An account's secrets.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountBody {
    auth_token: String,
    /// Secrets by the SID of the API key.
    #[serde(default)]
    api_keys: BTreeMap<String, String>,
}

/// Makes an account, or gives it other secrets.
pub(super) async fn put_account(
    State(network): State<Arc<Network>>,
    Path(account): Path<String>,
    Json(body): Json<AccountBody>,
) -> Response {
    if !sid::is("AC", &account) || !body.api_keys.keys().all(|key| sid::is("SK", key)) {
        return refuse(StatusCode::BAD_REQUEST, "an account is AC and 32 hexadecimal digits, a key SK and as many");
    }
    network.with(|engine| engine.put_account(&account, body.auth_token, body.api_keys));
    Json(json!({ "sid": account })).into_response()
}

/// An API key, as it is made in Twilio's console.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyBody {
    secret: String,
    #[serde(default)]
    kind: ConsoleKind,
}

/// The kinds that need no policy; restricted keys are made through REST.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ConsoleKind {
    Main,
    #[default]
    Standard,
}

/// Makes an API key, or gives it another secret.
pub(super) async fn put_key(
    State(network): State<Arc<Network>>,
    Path((account, sid)): Path<(String, String)>,
    Json(body): Json<KeyBody>,
) -> Response {
    if !sid::is("SK", &sid) {
        return refuse(StatusCode::BAD_REQUEST, "a key is SK and 32 hexadecimal digits");
    }
    let kind = match body.kind {
        ConsoleKind::Main => KeyKind::Main,
        ConsoleKind::Standard => KeyKind::Standard,
    };
    let there = network.with(|engine| {
        let now = engine.now();
        let key = Key { sid: sid.clone(), friendly_name: None, kind, secret: body.secret, created: now, updated: now };
        engine.account(&account).map(|account| account.keys.insert(sid.clone(), key)).is_ok()
    });
    if there { Json(json!({ "sid": sid })).into_response() } else { no_account() }
}

/// How an account is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusBody {
    status: AccountStatus,
}

/// Suspends an account, closes it, or lets it work again.
pub(super) async fn put_status(
    State(network): State<Arc<Network>>,
    Path(account): Path<String>,
    Json(body): Json<StatusBody>,
) -> Response {
    let there = network.with(|engine| engine.account(&account).map(|account| account.status = body.status).is_ok());
    if there { StatusCode::NO_CONTENT.into_response() } else { no_account() }
}

/// Revokes an API key.
pub(super) async fn revoke_key(
    State(network): State<Arc<Network>>,
    Path((account, key)): Path<(String, String)>,
) -> Response {
    let gone = network.with(|engine| engine.account(&account).is_ok_and(|account| account.keys.remove(&key).is_some()));
    if gone { StatusCode::NO_CONTENT.into_response() } else { refuse(StatusCode::NOT_FOUND, "there is no such key") }
}

/// A number vanishes: nobody has it any more.
pub(super) async fn remove_number(State(network): State<Arc<Network>>, Path(e164): Path<String>) -> Response {
    let gone = network.with(|engine| engine.directory.numbers.remove(&e164).is_some());
    if gone { StatusCode::NO_CONTENT.into_response() } else { refuse(StatusCode::NOT_FOUND, "nobody has that number") }
}

/// How a number is configured. What is not given is not set.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberBody {
    account_sid: String,
    friendly_name: Option<String>,
    voice_url: Option<String>,
    voice_method: Option<String>,
    voice_fallback_url: Option<String>,
    voice_fallback_method: Option<String>,
    status_callback: Option<String>,
    status_callback_method: Option<String>,
    #[serde(default)]
    voice_caller_id_lookup: bool,
}

/// Gives a number to an account, or configures it anew.
pub(super) async fn put_number(
    State(network): State<Arc<Network>>,
    Path(e164): Path<String>,
    Json(body): Json<NumberBody>,
) -> Response {
    if !is_e164(&e164) {
        return refuse(StatusCode::BAD_REQUEST, "a number is + and 7 to 15 digits");
    }
    let sid = network.with(|engine| {
        engine.directory.accounts.contains_key(&body.account_sid).then(|| {
            let number = engine.put_number(&body.account_sid, &e164);
            number.friendly_name = body.friendly_name.unwrap_or_else(|| e164.clone());
            number.hooks = Hooks {
                voice: hook(body.voice_url, body.voice_method.as_deref()),
                voice_fallback: hook(body.voice_fallback_url, body.voice_fallback_method.as_deref()),
                status: hook(body.status_callback, body.status_callback_method.as_deref()),
                caller_id_lookup: body.voice_caller_id_lookup,
                ..Hooks::default()
            };
            number.voice_application.clear();
            number.sms_application.clear();
            number.sid.clone()
        })
    });
    match sid {
        Some(sid) => Json(json!({ "sid": sid })).into_response(),
        None => no_account(),
    }
}

/// How a TwiML application is configured. What is not given is not set.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicationBody {
    account_sid: String,
    voice_url: Option<String>,
    voice_method: Option<String>,
    voice_fallback_url: Option<String>,
    voice_fallback_method: Option<String>,
    status_callback: Option<String>,
    status_callback_method: Option<String>,
}

/// Makes a TwiML application, or configures it anew.
pub(super) async fn put_application(
    State(network): State<Arc<Network>>,
    Path(sid): Path<String>,
    Json(body): Json<ApplicationBody>,
) -> Response {
    if !sid::is("AP", &sid) {
        return refuse(StatusCode::BAD_REQUEST, "an application is AP and 32 hexadecimal digits");
    }
    let there = network.with(|engine| {
        let there = engine.directory.accounts.contains_key(&body.account_sid);
        if there {
            let hooks = Hooks {
                voice: hook(body.voice_url, body.voice_method.as_deref()),
                voice_fallback: hook(body.voice_fallback_url, body.voice_fallback_method.as_deref()),
                status: hook(body.status_callback, body.status_callback_method.as_deref()),
                ..Hooks::default()
            };
            engine.put_application(&body.account_sid, &sid, hooks);
        }
        there
    });
    if there { Json(json!({ "sid": sid })).into_response() } else { no_account() }
}

fn no_account() -> Response {
    refuse(StatusCode::NOT_FOUND, "there is no such account")
}

/// A URL, empty if none is given, with its method, or else `POST`.
fn hook(url: Option<String>, method: Option<&str>) -> Hook {
    Hook { url: url.unwrap_or_default(), method: method.and_then(Method::read).unwrap_or(Method::Post) }
}

/// Lets things go wrong from now on.
pub(super) async fn put_faults(State(network): State<Arc<Network>>, Json(body): Json<Misfortune>) -> Response {
    if let Err(error) = body.check() {
        return refuse(StatusCode::BAD_REQUEST, error);
    }
    *lock(&network.post.faults) = Faults::new(body.clone());
    Json(body).into_response()
}

/// All goes well again.
pub(super) async fn clear_faults(State(network): State<Arc<Network>>) -> StatusCode {
    *lock(&network.post.faults) = Faults::default();
    StatusCode::NO_CONTENT
}

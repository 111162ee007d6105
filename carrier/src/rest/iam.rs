//! The newer API of keys (Twilio: IAM, Key resource v1): it makes restricted ones, and tells them from others by their policy.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    ask::{Answer, Ask},
    keys, paging, permissions,
};
use crate::engine::{ApiError, Engine, Key, KeyKind};

/// A key has so many permissions at most (Twilio: Restricted API keys).
const MOST_PERMISSIONS: usize = 100;

#[derive(Deserialize)]
struct Policy {
    allow: Vec<String>,
}

/// Makes a standard or a restricted key; its secret is shown this once.
pub(super) fn create(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    known(ask, &["AccountSid", "FriendlyName", "KeyType", "Policy"])?;
    own_account(ask)?;
    let name = keys::friendly_name(ask)?;
    let kind = match ask.form.some("KeyType") {
        None => KeyKind::Standard,
        Some("restricted") => KeyKind::Restricted(policy(ask)?.ok_or_else(unfit)?),
        Some(_) => return Err(unfit()),
    };
    let key = engine.create_key(&ask.account, name, kind)?;
    let mut answer = render(&key);
    answer["secret"] = json!(key.secret);
    Ok(Answer::Created(answer))
}

/// Lists the keys of the account, without their policies.
pub(super) fn list(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    known(ask, &["AccountSid", "PageSize", "Page", "PageToken"])?;
    own_account(ask)?;
    let all = engine.account(&ask.account)?.keys.values().map(keys::render).collect();
    Ok(paging::whole(&format!("https://iam.twilio.com{}", ask.path), "keys", all))
}

pub(super) fn fetch(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    keys::find(engine, ask).map(|key| Answer::Found(render(key)))
}

pub(super) fn update(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    known(ask, &["FriendlyName", "Policy"])?;
    let (name, policy, now) = (keys::friendly_name(ask)?, policy(ask)?, engine.now());
    let key = keys::find(engine, ask)?;
    match (&mut key.kind, policy) {
        (_, None) => {}
        (KeyKind::Restricted(before), Some(policy)) => *before = policy,
        (_, Some(_)) => return Err(unfit()),
    }
    key.friendly_name = name.or(key.friendly_name.take());
    key.updated = now;
    Ok(Answer::Found(render(key)))
}

/// With the policy, which only restricted keys have.
fn render(key: &Key) -> Value {
    let mut all = keys::render(key);
    all["policy"] = match &key.kind {
        KeyKind::Restricted(allow) => json!({ "allow": allow }),
        KeyKind::Main | KeyKind::Standard => Value::Null,
    };
    all
}

fn policy(ask: &Ask) -> Result<Option<Vec<String>>, ApiError> {
    let Some(text) = ask.form.some("Policy") else { return Ok(None) };
    let Policy { allow } = serde_json::from_str(text).map_err(|_| unfit())?;
    if allow.is_empty() || allow.len() > MOST_PERMISSIONS {
        return Err(unfit());
    }
    match allow.iter().find(|one| !permissions::is_one(one)) {
        Some(wrong) => Err(ApiError::bad(70002, format!("assertion '{wrong}' is invalid"))),
        None => Ok(Some(allow)),
    }
}

/// The account is named besides, and is that of the credentials: newer APIs know no parents.
fn own_account(ask: &Ask) -> Result<(), ApiError> {
    match ask.form.some("AccountSid") {
        None => Err(ApiError::bad(20001, "Missing required parameter AccountSid in the request")),
        Some(account) if account == ask.account => Ok(()),
        Some(_) => Err(ApiError::unknown()),
    }
}

fn known(ask: &Ask, names: &[&str]) -> Result<(), ApiError> {
    match ask.form.0.iter().find(|(name, _)| !names.contains(&name.as_str())) {
        Some((name, _)) => Err(ApiError::bad(20001, format!("Unknown parameters: {name}"))),
        None => Ok(()),
    }
}

/// What Twilio says of keys that cannot be so. That it says it of these too is not documented.
fn unfit() -> ApiError {
    ApiError::bad(70001, "The request has constraint violations")
}

//! The API keys of an account, and its next auth token (Twilio: Keys; Accounts v1: `AuthTokens`). Only the account's own
//! token and main keys open these: a key of the standard kind does not. All kinds are listed; which kind a key is of, only
//! the newer API says (`iam`).

use serde_json::{Value, json};

use super::{
    ask::{Answer, Ask},
    paging,
};
use crate::{
    engine::{ApiError, Engine, Key, KeyKind},
    sid,
    time::{iso8601, rfc2822},
};

/// Makes a key; its secret is shown this once.
pub(super) fn create(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let key = engine.create_key(&ask.account, friendly_name(ask)?, KeyKind::Standard)?;
    let mut answer = render(&key);
    answer["secret"] = json!(key.secret);
    Ok(Answer::Created(answer))
}

pub(super) fn list(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let keys = engine.account(&ask.account)?.keys.values();
    let items: Vec<(String, Value)> = keys.map(|key| (key.sid.clone(), render(key))).collect();
    paging::page(ask, "keys", &items)
}

pub(super) fn fetch(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    find(engine, ask).map(|key| Answer::Found(render(key)))
}

pub(super) fn update(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let now = engine.now();
    let name = friendly_name(ask)?;
    let key = find(engine, ask)?;
    key.friendly_name = name.or(key.friendly_name.take());
    key.updated = now;
    Ok(Answer::Found(render(key)))
}

/// Revokes a key: tokens that it signed are worth nothing from now on.
pub(super) fn delete(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let sid = find(engine, ask)?.sid.clone();
    engine.account(&ask.account)?.keys.remove(&sid);
    Ok(Answer::Deleted)
}

/// Makes the next auth token.
pub(super) fn create_secondary(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let token = engine.create_secondary(&ask.account)?;
    token_answer(engine, ask, "secondary_auth_token", &token).map(Answer::Created)
}

/// Takes the next auth token back.
pub(super) fn delete_secondary(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    engine.account(&ask.account)?.secondary.take().map(|_| Answer::Deleted).ok_or_else(ApiError::missing)
}

/// The next auth token becomes the only one.
pub(super) fn promote(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let token = engine.promote_secondary(&ask.account)?;
    token_answer(engine, ask, "auth_token", &token).map(Answer::Found)
}

fn token_answer(engine: &mut Engine, ask: &Ask, name: &str, token: &str) -> Result<Value, ApiError> {
    let account = engine.account(&ask.account)?;
    let mut answer = json!({
        "account_sid": account.sid,
        "date_created": iso8601(account.created),
        "date_updated": iso8601(account.updated),
        "url": format!("https://accounts.twilio.com{}", ask.path),
    });
    answer[name] = json!(token);
    Ok(answer)
}

/// A key's name of at most 64 letters, if one is given.
pub(super) fn friendly_name(ask: &Ask) -> Result<Option<String>, ApiError> {
    let name = ask.form.some("FriendlyName").map(str::to_owned);
    match &name {
        // Keys have an error of their own for this: seen at Twilio, and not documented.
        Some(name) if name.chars().count() > 64 => Err(ApiError::bad(70001, "The request has constraint violations")),
        _ => Ok(name),
    }
}

pub(super) fn find<'a>(engine: &'a mut Engine, ask: &Ask) -> Result<&'a mut Key, ApiError> {
    if !sid::is("SK", ask.name("Sid")) {
        return Err(ApiError::bad(70002, "Invalid Sid provided in the request"));
    }
    engine.account(&ask.account)?.keys.get_mut(ask.name("Sid")).ok_or_else(ApiError::missing)
}

pub(super) fn render(key: &Key) -> Value {
    json!({
        "sid": key.sid,
        "friendly_name": key.friendly_name,
        "date_created": rfc2822(key.created),
        "date_updated": rfc2822(key.updated),
    })
}

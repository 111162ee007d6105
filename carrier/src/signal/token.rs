//! Access tokens: what they must be like, and whom they speak for (Twilio: Access Tokens, Voice SDK errors 31201–31207).
//!
//! Only HS256 is ever signed by Twilio's libraries, so that checking one takes no more than an HMAC.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::Sha256;

use crate::{
    engine::{AccountStatus, Directory, KeyKind},
    quirks::Quirks,
    sid,
    time::Millis,
};

/// Tokens live for a day at most, in seconds.
const LONGEST_LIFE: i64 = 24 * 60 * 60;

/// Clocks may differ by so many seconds.
const LEEWAY: i64 = 5;

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("JWT signature validation failed")]
    Signature,
    #[error("No valid account")]
    Account,
    #[error("JWT is invalid")]
    Invalid,
    #[error("JWT token expired")]
    Expired,
    #[error("JWT token expiration too long")]
    TooLong,
    /// It is signed with a key that may not sign tokens.
    #[error("Invalid Token: signed with a restricted API key")]
    Restricted,
}

impl Refused {
    /// As the SDK is told.
    pub(crate) fn code(self, quirks: &Quirks) -> u32 {
        match self {
            Self::Signature => 31202,
            Self::Account => 31203,
            Self::Invalid => 31204,
            Self::Expired => 31205,
            Self::TooLong => 31207,
            Self::Restricted => quirks.restricted_key_token,
        }
    }
}

/// Whom a token speaks for, and what it allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bearer {
    pub(crate) account: String,
    pub(crate) identity: String,
    /// Calls may come to it.
    pub(crate) incoming: bool,
    /// Where calls that it makes are asked about.
    pub(crate) application: Option<String>,
    /// What is said there besides what the browser says.
    pub(crate) params: Vec<(String, String)>,
    /// Seconds since the Unix epoch.
    pub(crate) expires: i64,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    cty: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    exp: i64,
    nbf: Option<i64>,
    iat: Option<i64>,
    grants: Grants,
}

#[derive(Deserialize)]
struct Grants {
    identity: String,
    voice: Option<Voice>,
}

#[derive(Deserialize)]
struct Voice {
    incoming: Option<Incoming>,
    outgoing: Option<Outgoing>,
}

#[derive(Deserialize)]
struct Incoming {
    #[serde(default)]
    allow: bool,
}

#[derive(Deserialize)]
struct Outgoing {
    application_sid: Option<String>,
    params: Option<Map<String, Value>>,
}

/// Checks a token.
pub(crate) fn check(token: &str, directory: &Directory, now: Millis) -> Result<Bearer, Refused> {
    let now = now / 1000;
    let mut parts = token.split('.');
    let (Some(header), Some(claims), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Refused::Invalid);
    };
    let kind: Header = read(header)?;
    if kind.alg != "HS256" || kind.typ.as_deref() != Some("JWT") || kind.cty.as_deref() != Some("twilio-fpa;v=1") {
        return Err(Refused::Invalid);
    }
    let said: Claims = read(claims)?;
    let account =
        directory.accounts.get(&said.sub).filter(|account| directory.status(account) == AccountStatus::Active);
    let account = account.ok_or(Refused::Account)?;
    // A key of another account, or none at all, cannot have signed it.
    let key = account.keys.get(&said.iss).filter(|_| sid::is("SK", &said.iss)).ok_or(Refused::Signature)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.secret.as_bytes()).map_err(|_| Refused::Signature)?;
    mac.update(header.as_bytes());
    mac.update(b".");
    mac.update(claims.as_bytes());
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Refused::Invalid)?;
    mac.verify_slice(&signature).map_err(|_| Refused::Signature)?;
    if matches!(key.kind, KeyKind::Restricted(_)) {
        return Err(Refused::Restricted);
    }
    if said.exp + LEEWAY <= now {
        return Err(Refused::Expired);
    }
    let begins = said.nbf.or(said.iat).unwrap_or(now);
    if begins > now + LEEWAY {
        return Err(Refused::Invalid);
    }
    if said.exp - said.iat.unwrap_or(now) > LONGEST_LIFE {
        return Err(Refused::TooLong);
    }
    let identity = said.grants.identity;
    let named = (1..=121).contains(&identity.len()) && identity.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let voice = said.grants.voice.filter(|_| named).ok_or(Refused::Invalid)?;
    let outgoing = voice.outgoing;
    let params = outgoing.as_ref().and_then(|outgoing| outgoing.params.as_ref());
    Ok(Bearer {
        account: account.sid.clone(),
        identity,
        incoming: voice.incoming.is_some_and(|incoming| incoming.allow),
        params: params.into_iter().flatten().map(|(name, value)| (name.clone(), text(value))).collect(),
        application: outgoing.and_then(|outgoing| outgoing.application_sid),
        expires: said.exp,
    })
}

fn read<T: for<'a> Deserialize<'a>>(part: &str) -> Result<T, Refused> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| Refused::Invalid)?;
    serde_json::from_slice(&bytes).map_err(|_| Refused::Invalid)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests;

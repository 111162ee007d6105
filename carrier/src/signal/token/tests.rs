//! Tokens, good and bad.

use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::engine::{Account, Engine, Pace};

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const KEY: &str = "SK00000000000000000000000000000001";
const SECRET: &str = "sekret_sekret_sekret_sekret_12345";

/// When the vector was made, in milliseconds.
const MADE: Millis = 1_767_225_600_000;

fn directory() -> Directory {
    let mut engine = Engine::new(0, crate::Quirks::default(), Pace { speed: 1, cps: 1 }, Some(1));
    let keys = BTreeMap::from([(KEY.to_owned(), SECRET.to_owned())]);
    engine.put_account(ACCOUNT, "token".to_owned(), keys);
    engine.directory
}

#[test]
fn a_restricted_key_and_an_account_that_does_not_work_sign_nothing() {
    let vector: Value = serde_json::from_str(include_str!("../../../tests/data/access_token.json")).expect("a vector");
    let jwt = vector["jwt"].as_str().expect("a token");
    let mut directory = directory();
    let account = directory.accounts.get_mut(ACCOUNT).expect("the account");
    let set = |account: &mut Account, kind| account.keys.get_mut(KEY).expect("the key").kind = kind;
    set(account, KeyKind::Restricted(vec!["/twilio/voice/calls/*".to_owned()]));
    assert_eq!(check(jwt, &directory, MADE), Err(Refused::Restricted));
    let account = directory.accounts.get_mut(ACCOUNT).expect("the account");
    set(account, KeyKind::Main);
    assert!(check(jwt, &directory, MADE).is_ok());
    directory.accounts.get_mut(ACCOUNT).expect("the account").status = AccountStatus::Suspended;
    assert_eq!(check(jwt, &directory, MADE), Err(Refused::Account));
}

fn sign(header: &Value, claims: &Value, secret: &str) -> String {
    let body = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(body.as_bytes());
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

#[test]
fn a_token_of_twilios_library_is_good() {
    let vector: Value = serde_json::from_str(include_str!("../../../tests/data/access_token.json")).expect("a vector");
    let bearer = check(vector["jwt"].as_str().expect("a token"), &directory(), MADE).expect("a good token");
    assert_eq!((bearer.account.as_str(), bearer.identity.as_str()), (ACCOUNT, "t42_agent_7"));
    assert!(bearer.incoming);
    assert_eq!(bearer.application.as_deref(), Some("AP00000000000000000000000000000001"));
    assert_eq!(bearer.params, [("tenant".to_owned(), "t42".to_owned())]);
}

#[test]
fn what_is_wrong_with_a_token_is_told() {
    let header = json!({ "alg": "HS256", "typ": "JWT", "cty": "twilio-fpa;v=1" });
    let now = MADE / 1000;
    let claims = json!({
        "iss": KEY, "sub": ACCOUNT, "iat": now, "exp": now + 3600,
        "grants": { "identity": "ana", "voice": { "incoming": { "allow": true } } },
    });
    let with = |path: &str, value: Value| {
        let mut claims = claims.clone();
        *claims.pointer_mut(path).expect("a claim") = value;
        sign(&header, &claims, SECRET)
    };
    let other = |header: Value| sign(&header, &claims, SECRET);
    let directory = directory();
    assert!(check(&sign(&header, &claims, SECRET), &directory, MADE).is_ok());
    for (token, refused) in [
        (sign(&header, &claims, "another"), Refused::Signature),
        (with("/iss", json!("SK00000000000000000000000000000002")), Refused::Signature),
        (with("/sub", json!("AC00000000000000000000000000000002")), Refused::Account),
        (with("/exp", json!(now - 60)), Refused::Expired),
        (with("/exp", json!(now + 25 * 3600)), Refused::TooLong),
        (with("/iat", json!(now + 60)), Refused::Invalid),
        (with("/grants/identity", json!("ana@home")), Refused::Invalid),
        (with("/grants/identity", json!("")), Refused::Invalid),
        (with("/grants/voice", Value::Null), Refused::Invalid),
        (other(json!({ "alg": "HS256", "typ": "JWT" })), Refused::Invalid),
        (other(json!({ "alg": "none", "typ": "JWT", "cty": "twilio-fpa;v=1" })), Refused::Invalid),
        ("a.b.c".to_owned(), Refused::Invalid),
        (String::new(), Refused::Invalid),
    ] {
        assert_eq!(check(&token, &directory, MADE), Err(refused), "{token}");
    }
}

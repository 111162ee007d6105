//! Access tokens with which a page of ours registers at Twilio (Twilio: Access Tokens). They are made when asked for and
//! never stored.

use jsonwebtoken::{Algorithm, EncodingKey, Header, errors::Error};
use serde::Serialize;
use switchyard::time::Timestamp;

use crate::vault::Secret;

/// How long a token is good for, seconds. The page asks for the next one before that.
pub const LIFETIME_SECS: u32 = 15 * 60;

/// What signs access tokens: an API key of type Main or Standard. It never appears in logs.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// Its SID, `SK…`.
    pub sid: String,
    /// Its secret.
    pub secret: Secret,
}

#[derive(Serialize)]
struct Claims<'a> {
    jti: String,
    grants: Grants<'a>,
    iat: i64,
    exp: i64,
    iss: &'a str,
    sub: &'a str,
}

#[derive(Serialize)]
struct Grants<'a> {
    identity: &'a str,
    voice: Voice<'a>,
}

#[derive(Serialize)]
struct Voice<'a> {
    incoming: Incoming,
    outgoing: Outgoing<'a>,
}

#[derive(Serialize)]
struct Incoming {
    allow: bool,
}

#[derive(Serialize)]
struct Outgoing<'a> {
    application_sid: &'a str,
}

/// A token with which `identity` takes calls, and places them through `application` (`AP…`) of `account` (`AC…`).
///
/// # Errors
/// The key cannot sign.
pub fn issue(key: &ApiKey, account: &str, application: &str, identity: &str, now: Timestamp) -> Result<String, Error> {
    let iat = now.0 / 1000;
    let claims = Claims {
        jti: format!("{}-{iat}", key.sid),
        grants: Grants {
            identity,
            voice: Voice { incoming: Incoming { allow: true }, outgoing: Outgoing { application_sid: application } },
        },
        iat,
        exp: iat + i64::from(LIFETIME_SECS),
        iss: &key.sid,
        sub: account,
    };
    let mut header = Header::new(Algorithm::HS256);
    header.cty = Some("twilio-fpa;v=1".to_owned());
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(key.secret.expose().as_bytes()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use hmac::{Hmac, KeyInit, Mac};
    use serde_json::{Value, json};
    use sha2::Sha256;

    use super::*;

    fn part(token: &str, n: usize) -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(n).unwrap()).unwrap()).unwrap()
    }

    /// Made by Twilio's own library, with more grants and a longer life than ours.
    #[test]
    fn a_token_is_what_twilios_library_makes() {
        let vector: Value = serde_json::from_str(include_str!("../../tests/data/access_token_vector.json")).unwrap();
        let theirs = &vector["payload"];
        let secret = vector["api_key_secret"].as_str().unwrap();
        let key = ApiKey { sid: theirs["iss"].as_str().unwrap().into(), secret: Secret::new(secret) };
        let now = Timestamp(theirs["iat"].as_i64().unwrap() * 1000 + 999);
        let application = theirs["grants"]["voice"]["outgoing"]["application_sid"].as_str().unwrap();
        let identity = theirs["grants"]["identity"].as_str().unwrap();
        let ours = issue(&key, theirs["sub"].as_str().unwrap(), application, identity, now).unwrap();

        assert_eq!(part(&ours, 0), vector["header"]);
        let mut expected = theirs.clone();
        expected["exp"] = json!(theirs["iat"].as_i64().unwrap() + i64::from(LIFETIME_SECS));
        let voice = &mut expected["grants"]["voice"];
        voice.as_object_mut().unwrap().remove("push_credential_sid");
        voice["outgoing"].as_object_mut().unwrap().remove("params");
        assert_eq!(part(&ours, 1), expected);

        for token in [ours.as_str(), vector["jwt"].as_str().unwrap()] {
            let (signed, signature) = token.rsplit_once('.').unwrap();
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
            mac.update(signed.as_bytes());
            mac.verify_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        }
    }

    #[test]
    fn a_key_is_not_shown() {
        let key = ApiKey { sid: "SK1".into(), secret: Secret::new("hidden") };
        assert!(!format!("{key:?}").contains("hidden"));
    }
}

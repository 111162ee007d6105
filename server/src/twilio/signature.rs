//! `X-Twilio-Signature` (Twilio: Webhooks Security): base64 of HMAC-SHA1, keyed with the account's auth token, over the
//! URL followed by the form's parameters, sorted by name.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// An account's auth token, as the key of signatures. It never appears in logs.
#[derive(Clone)]
pub struct SigningKey(String);

impl SigningKey {
    /// A key from an account's auth token.
    pub fn new(auth_token: impl Into<String>) -> Self {
        Self(auth_token.into())
    }

    /// The signature of a request: `url` as Twilio was given it, without user, password and fragment; `form` as decoded
    /// from the body, in any order, empty for a GET.
    pub fn sign(&self, url: &str, form: &[(String, String)]) -> String {
        // Values of one name are sorted too, and each counts once: so do Twilio's own libraries.
        let mut sorted: Vec<_> = form.iter().collect();
        sorted.sort();
        sorted.dedup();
        let mut mac = self.mac();
        mac.update(url.as_bytes());
        for (name, value) in sorted {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
        STANDARD.encode(mac.finalize().into_bytes())
    }

    /// Whether `signature` is this key's for the request, in constant time.
    pub fn verifies(&self, url: &str, form: &[(String, String)], signature: &str) -> bool {
        self.sign(url, form).as_bytes().ct_eq(signature.as_bytes()).into()
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length (RFC 2104, section 2)")]
    fn mac(&self) -> Hmac<Sha1> {
        Hmac::new_from_slice(self.0.as_bytes()).expect("HMAC takes keys of any length")
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

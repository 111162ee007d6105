//! `X-Twilio-Signature`: how Twilio proves that a request is its own (Twilio: Security, "Validating requests").

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// The signature of a request to `url` with these form parameters (none for GET), as base64 of an HMAC-SHA1.
///
/// `url` is signed as [`signed_url`] gives it. Parameters are sorted by name, byte for byte; the values of a repeated
/// name are sorted and each distinct one counts once.
pub fn sign(auth_token: &str, url: &str, params: &[(String, String)]) -> String {
    let mut sorted: Vec<_> = params.iter().collect();
    sorted.sort();
    sorted.dedup();
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(auth_token.as_bytes()) else {
        unreachable!("HMAC takes a key of any length")
    };
    mac.update(url.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The form of a voice webhook's URL that is signed: without fragment and credentials, and over https without the port.
pub fn signed_url(url: &str) -> String {
    let url = url.split_once('#').map_or(url, |(before, _)| before);
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.rsplit_once(':') {
        Some((name, port)) if scheme.eq_ignore_ascii_case("https") && port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Vectors computed with the `twilio` packages of npm and `PyPI`, and the example printed in Twilio's documentation.
    #[test]
    fn every_published_vector_is_met() {
        let vectors: Vec<Value> =
            serde_json::from_str(include_str!("../tests/data/signature_vectors.json")).expect("valid JSON");
        assert!(vectors.len() >= 12);
        for vector in vectors {
            let text = |key: &str| vector[key].as_str().unwrap_or_default();
            let params: Vec<(String, String)> = vector["params"]
                .as_object()
                .into_iter()
                .flatten()
                .flat_map(|(name, value)| match value {
                    Value::Array(all) => {
                        all.iter().map(|one| (name.clone(), one.as_str().unwrap_or_default().to_owned())).collect()
                    }
                    one => vec![(name.clone(), one.as_str().unwrap_or_default().to_owned())],
                })
                .collect();
            assert_eq!(sign(text("token"), text("url"), &params), text("signature"), "{}", text("name"));
        }
    }

    #[test]
    fn repeated_values_count_once() {
        let pair = |value: &str| ("Digits".to_owned(), value.to_owned());
        assert_eq!(
            sign("12345", "https://x/", &[pair("5678"), pair("1234"), pair("1234")]),
            sign("12345", "https://x/", &[pair("1234"), pair("5678")]),
        );
    }

    #[test]
    fn ports_stay_over_http_and_go_over_https() {
        assert_eq!(signed_url("http://u:p@127.0.0.1:8080/a?b=c#rc=2"), "http://127.0.0.1:8080/a?b=c");
        assert_eq!(signed_url("https://u:p@host:8443/a?b=c:1#rc=2"), "https://host/a?b=c:1");
        assert_eq!(signed_url("https://host?x=a@b"), "https://host?x=a@b");
    }
}

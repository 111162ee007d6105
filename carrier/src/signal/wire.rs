//! The messages of the SDK's signalling, as they go over the socket (protocol version 1.6).

use serde::Deserialize;
use serde_json::{Value, json};

/// A message from the SDK.
#[derive(Debug, Deserialize)]
pub(crate) struct Incoming {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) payload: Payload,
}

/// What a message may say; each kind says some of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Payload {
    pub(crate) callsid: String,
    pub(crate) sdp: String,
    pub(crate) token: String,
    /// Seconds for which a call is to be kept while its socket is gone.
    #[serde(rename = "reconnectTimeout")]
    pub(crate) reconnect_timeout: u64,
    pub(crate) media: Media,
    pub(crate) reconnect: Option<String>,
    pub(crate) twilio: Params,
    pub(crate) dtmf: String,
    pub(crate) content: Value,
    pub(crate) contenttype: String,
    pub(crate) messagetype: String,
    pub(crate) voiceeventsid: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Media {
    pub(crate) audio: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Params {
    pub(crate) params: String,
}

/// A message to the SDK.
pub(crate) fn message(kind: &str, payload: &Value) -> String {
    json!({ "type": kind, "version": "1.6", "payload": payload }).to_string()
}

/// An error, about nothing in particular.
pub(crate) fn error(code: u32, text: &str) -> String {
    message("error", &json!({ "error": { "code": code, "message": text } }))
}

/// What is passed to a client with a call: it decodes the values, but takes the names as they are.
pub(crate) fn custom(params: &[(String, String)]) -> String {
    let value = |value: &str| url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>();
    params.iter().map(|(name, text)| format!("{name}={}", value(text))).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn custom_parameters_are_written_as_the_sdk_reads_them() {
        let params = [("custom + param", "我"), ("foobar", "some + value")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(custom(&params), "custom + param=%E6%88%91&foobar=some+%2B+value");
    }

    proptest! {
        #[test]
        fn no_frame_makes_it_panic(text in ".*") {
            let _ = serde_json::from_str::<Incoming>(&text);
        }
    }
}

//! Checks answers against Twilio's own description of them.

use carrier::openapi::description;
use serde_json::Value;

/// Twilio's own examples don't keep these to the letter either: `null` while a conference lives.
const NULL_ANYWAY: &[&str] = &["reason_conference_ended"];

/// An answer must be what the description promises for a path (from the account's on), method and status: every
/// property there, none besides, and each of its kind.
pub(crate) fn check(path: &str, method: &str, status: u16, answer: &Value) {
    let whole =
        if path.starts_with("/2010") { path.to_owned() } else { format!("/2010-04-01/Accounts/{{AccountSid}}{path}") };
    let responses = &description()["paths"][whole.as_str()][method]["responses"];
    let schema = &responses[status.to_string()]["content"]["application/json"]["schema"];
    assert!(schema.is_object(), "{method} {whole} does not answer {status}");
    let mut faults = Vec::new();
    compare(answer, schema, "", &mut faults);
    assert!(faults.is_empty(), "{method} {whole}: {faults:#?}\n{answer:#}");
}

fn compare(value: &Value, schema: &Value, at: &str, faults: &mut Vec<String>) {
    if let Some(pointer) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        let schema = description().pointer(pointer).expect("references lead somewhere");
        return compare(value, schema, at, faults);
    }
    let name = at.rsplit('/').next().unwrap_or_default();
    if value.is_null() {
        if schema["nullable"] != true && !NULL_ANYWAY.contains(&name) {
            faults.push(format!("{at} is null"));
        }
        return;
    }
    let kind = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64(),
        Some("boolean") => value.is_boolean(),
        Some("number") => value.is_number(),
        _ => true,
    };
    if !kind {
        faults.push(format!("{at} is not a {}: {value}", schema["type"]));
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        faults.push(format!("{at} is none of {allowed:?}: {value}"));
    }
    if let Some(text) = value.as_str() {
        // Unset SIDs are null in some places and empty in others, as with Twilio.
        if let Some((prefixes, _)) = schema["pattern"].as_str().and_then(|pattern| pattern[1..].split_once('['))
            && !text.is_empty()
            && !(text.len() == 34
                && prefixes.trim_matches(['(', ')']).split('|').any(|prefix| text.starts_with(prefix))
                && text[2..].bytes().all(|b| b.is_ascii_hexdigit()))
        {
            faults.push(format!("{at} is not a SID with {prefixes}: {text}"));
        }
        if schema["format"] == "date-time-rfc-2822" && jiff::fmt::rfc2822::parse(text).is_err() {
            faults.push(format!("{at} is not a date of RFC 2822: {text}"));
        }
    }
    if let (Some(object), Some(properties)) = (value.as_object(), schema["properties"].as_object()) {
        for key in object.keys().filter(|key| !properties.contains_key(*key)) {
            faults.push(format!("{at}/{key} does not exist"));
        }
        for (key, schema) in properties {
            match object.get(key) {
                Some(value) => compare(value, schema, &format!("{at}/{key}"), faults),
                None => faults.push(format!("{at}/{key} is missing")),
            }
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        compare(item, &schema["items"], &format!("{at}/{index}"), faults);
    }
}

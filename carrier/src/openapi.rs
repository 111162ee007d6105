//! Twilio's own description of its API, against which requests are checked.

use std::sync::LazyLock;

use serde_json::Value;

use crate::engine::ApiError;

static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../openapi/voice.json")).expect("the embedded description is valid JSON")
});

/// Twilio's `OpenAPI` description of the voice part of its 2010-04-01 API, without prose.
pub fn description() -> &'static Value {
    &DESCRIPTION
}

/// Twilio: "Unknown parameters".
const BAD_PARAMETER: u32 = 20001;

/// An account itself, whose status has an error of its own.
const ACCOUNT: &str = "/2010-04-01/Accounts/{Sid}.json";

/// What the description only says in prose: the words that a parameter takes.
const WORDS: &[(&str, &str)] = &[
    ("StatusCallbackEvent", "initiated ringing answered completed"),
    ("ConferenceStatusCallbackEvent", "start end join leave mute hold modify speaker announcement"),
    ("RecordingStatusCallbackEvent", "started in-progress paused resumed stopped completed failed absent"),
    ("ConferenceRecordingStatusCallbackEvent", "in-progress completed failed absent"),
    ("Beep", "true false onEnter onExit"),
    ("ConferenceRecord", "true false record-from-start do-not-record"),
    ("ConferenceTrim", "trim-silence do-not-trim"),
    ("Trim", "trim-silence do-not-trim"),
    ("RecordingChannels", "mono dual"),
    ("RecordingTrack", "inbound outbound both"),
    ("JitterBufferSize", "off small medium large"),
    ("MachineDetection", "Enable DetectMessageEnd"),
    ("AsyncAmd", "true false"),
];

/// What the description only says in prose: the range of a number.
const RANGES: &[(&str, i64, i64)] = &[
    ("MaxParticipants", 2, 250),
    ("TimeLimit", 1, 86_400),
    ("MachineDetectionSpeechThreshold", 1_000, 6_000),
    ("MachineDetectionSpeechEndThreshold", 500, 5_000),
    ("MachineDetectionSilenceTimeout", 2_000, 10_000),
];

/// Checks the parameters of a request against the description of its operation: no unknown ones, and none with a value
/// of the wrong kind. `path` is the path's template, `method` in lower case.
pub(crate) fn check(path: &str, method: &str, params: &[(String, String)]) -> Result<(), ApiError> {
    let operation = &description()["paths"][path][method];
    // The newer APIs are not in the description; what is served of them takes no parameters.
    let form = &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]["properties"];
    for (name, value) in params {
        let schema = if method == "get" {
            let all = operation["parameters"].as_array().into_iter().flatten();
            all.clone().find(|p| p["in"] == "query" && p["name"] == name.as_str()).map(|p| &p["schema"])
        } else {
            form.get(name)
        };
        let schema = schema.ok_or_else(|| ApiError::bad(BAD_PARAMETER, format!("Unknown parameters: {name}")))?;
        fits(name, value, resolve(schema), path)?;
    }
    Ok(())
}

/// Follows a reference within the description.
fn resolve(schema: &Value) -> &Value {
    let target = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    target.and_then(|pointer| description().pointer(pointer)).unwrap_or(schema)
}

fn fits(name: &str, value: &str, schema: &Value, path: &str) -> Result<(), ApiError> {
    let refuse = |what: &str| Err(ApiError::bad(BAD_PARAMETER, format!("Invalid value for {name}: '{value}' {what}")));
    if schema["type"] == "array" {
        return value.split_whitespace().try_for_each(|word| fits(name, word, resolve(&schema["items"]), path));
    }
    if let Some((_, words)) = WORDS.iter().find(|(one, _)| *one == name)
        && !words.split_whitespace().any(|word| word == value)
    {
        return refuse(&format!("is none of: {words}"));
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.iter().any(|one| one == value)
    {
        if name == "Status" && path == ACCOUNT {
            return Err(ApiError::bad(21475, format!("Unable to update Status, invalid Status: {value}")));
        }
        return refuse("is not one of the values that exist");
    }
    match schema["type"].as_str() {
        Some("boolean") if !matches!(value, "true" | "false") => return refuse("is neither true nor false"),
        Some("integer") => {
            let Ok(number) = value.parse::<i64>() else { return refuse("is not an integer") };
            let (least, most) = range(name, schema, path);
            if number < least || number > most {
                return refuse(&format!("is not between {least} and {most}"));
            }
        }
        _ => {}
    }
    // What a number refers to is taken away with an empty SID.
    let clears = value.is_empty() && path.contains("/IncomingPhoneNumbers");
    if let Some(prefix) = schema["pattern"].as_str().and_then(|pattern| pattern.get(1..3))
        && !clears
        && !crate::sid::is(prefix, value)
    {
        return refuse(&format!("is not a SID that begins with {prefix}"));
    }
    // An empty URL means none, and for waitUrl silence.
    if schema["format"] == "uri" && !value.is_empty() && !is_url(value) {
        let code = match name {
            "Url" | "FallbackUrl" => 21205,
            _ if name.ends_with("StatusCallback") => 21609,
            _ => BAD_PARAMETER,
        };
        return Err(ApiError::bad(code, format!("{name} is not a valid URL: {value}")));
    }
    Ok(())
}

fn range(name: &str, schema: &Value, path: &str) -> (i64, i64) {
    if name == "Timeout" {
        return (if path.ends_with("/Participants.json") { 5 } else { 1 }, 600);
    }
    if let Some((_, least, most)) = RANGES.iter().find(|(one, ..)| *one == name) {
        return (*least, *most);
    }
    (schema["minimum"].as_i64().unwrap_or(i64::MIN), schema["maximum"].as_i64().unwrap_or(i64::MAX))
}

/// Absolute, over HTTP, with a host that is one (no underscores).
fn is_url(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.contains('_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTICIPANTS: &str = "/2010-04-01/Accounts/{AccountSid}/Conferences/{ConferenceSid}/Participants.json";

    fn code(name: &str, value: &str) -> Option<u32> {
        check(PARTICIPANTS, "post", &[(name.to_owned(), value.to_owned())]).err().map(|error| error.code)
    }

    #[test]
    fn what_twilio_describes_is_let_through() {
        for (name, value) in [
            ("Timeout", "5"),
            ("Muted", "true"),
            ("WaitUrl", ""),
            ("StatusCallback", "http://127.0.0.1:3000/x#rc=2"),
            ("StatusCallbackEvent", "initiated ringing"),
            ("CallSidToCoach", "CA0123456789abcdef0123456789ABCDEF"),
        ] {
            assert_eq!(code(name, value), None, "{name}={value}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for (name, value, expected) in [
            ("Mutted", "true", 20001),
            ("Muted", "yes", 20001),
            ("Timeout", "4", 20001),
            ("Timeout", "soon", 20001),
            ("MaxParticipants", "251", 20001),
            ("StatusCallbackEvent", "initiated rang", 20001),
            ("StatusCallbackMethod", "PUT", 20001),
            ("CallSidToCoach", "CA12", 20001),
            ("StatusCallback", "/relative", 21609),
            ("ConferenceStatusCallback", "http://under_score/", 21609),
        ] {
            assert_eq!(code(name, value), Some(expected), "{name}={value}");
        }
    }
}

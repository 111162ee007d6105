//! Reads TwiML into verbs as Twilio does: names are case sensitive, and what is unknown is warned about and ignored.

use super::{
    Dial, Document, Gather, Method, Noun, Record, Room, Target, Unreadable, Verb, Warning,
    tree::{self, Element},
};
use crate::engine::Hook;

/// Twilio: "SCHEMA validation warning".
const SCHEMA: u32 = 12200;

/// The attributes of each element (Twilio: TwiML for Programmable Voice).
const ATTRIBUTES: &[(&str, &str)] = &[
    ("Say", "voice language loop"),
    ("Play", "loop digits"),
    ("Pause", "length"),
    (
        "Gather",
        "action method input numDigits timeout finishOnKey speechTimeout language hints partialResultCallback \
         partialResultCallbackMethod actionOnEmptyResult bargeIn profanityFilter speechModel enhanced maxSpeechTime debug",
    ),
    (
        "Record",
        "action method timeout finishOnKey maxLength playBeep trim recordingStatusCallback \
         recordingStatusCallbackMethod recordingStatusCallbackEvent recordingConfigurationId transcribe transcribeCallback",
    ),
    (
        "Dial",
        "action method answerOnBridge callerId callReason hangupOnStar record recordingStatusCallback \
         recordingStatusCallbackMethod recordingStatusCallbackEvent recordingTrack recordingConfigurationId referUrl \
         referMethod ringTone timeLimit timeout trim sequential events passports",
    ),
    ("Redirect", "method"),
    ("Reject", "reason"),
    ("Hangup", ""),
    (
        "Number",
        "url method sendDigits statusCallback statusCallbackEvent statusCallbackMethod byoc machineDetection \
         machineDetectionTimeout machineDetectionSpeechThreshold machineDetectionSpeechEndThreshold \
         machineDetectionSilenceTimeout amdStatusCallback amdStatusCallbackMethod",
    ),
    ("Client", "url method statusCallback statusCallbackEvent statusCallbackMethod clientNotificationUrl"),
    (
        "Conference",
        "muted beep startConferenceOnEnter endConferenceOnExit participantLabel jitterBufferSize waitUrl waitMethod \
         maxParticipants record recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent region \
         trim coach statusCallback statusCallbackEvent statusCallbackMethod eventCallbackUrl recordingConfigurationId",
    ),
];

/// Verbs that exist in TwiML, but are not played here.
const ELSEWHERE: &[&str] =
    &["Enqueue", "Connect", "Start", "Stop", "Leave", "Sms", "Message", "Refer", "Pay", "Prompt", "Queue"];

/// Reads a document.
pub(crate) fn parse(xml: &str) -> Result<Document, Unreadable> {
    let root = tree::read(xml)?;
    if root.name != "Response" {
        return Err(Unreadable(format!("the root element must be <Response>, not <{}>", root.name)));
    }
    let mut warnings = Vec::new();
    let verbs = root.children.iter().filter_map(|child| verb(child, &mut warnings)).collect();
    Ok(Document { verbs, warnings })
}

fn verb(element: &Element, warnings: &mut Vec<Warning>) -> Option<Verb> {
    check_attributes(element, warnings);
    Some(match element.name.as_str() {
        "Say" => Verb::Say {
            text: element.text.trim().to_owned(),
            language: element.attribute("language").and_then(some),
            times: number(element, "loop", 1),
        },
        "Play" => Verb::Play {
            url: some(element.text.trim()),
            digits: element.attribute("digits").map(str::to_owned),
            times: number(element, "loop", 1),
        },
        "Pause" => Verb::Pause { seconds: number(element, "length", 1) },
        "Gather" => Verb::Gather(gather(element, warnings)),
        "Record" => Verb::Record(record(element, warnings)),
        "Redirect" => Verb::Redirect { url: some(element.text.trim()), method: method(element, "method") },
        "Reject" => Verb::Reject { busy: element.attribute("reason") == Some("busy") },
        "Hangup" => Verb::Hangup,
        "Dial" => Verb::Dial(dial(element, warnings)),
        other if ELSEWHERE.contains(&other) => Verb::Unsupported(other.to_owned()),
        other => {
            warn(warnings, format!("invalid content was found starting with element '{other}'"));
            return None;
        }
    })
}

fn gather(element: &Element, warnings: &mut Vec<Warning>) -> Gather {
    let prompts = element.children.iter().filter_map(|child| verb(child, warnings)).collect::<Vec<_>>();
    let (prompts, odd): (Vec<_>, Vec<_>) =
        prompts.into_iter().partition(|verb| matches!(verb, Verb::Say { .. } | Verb::Play { .. } | Verb::Pause { .. }));
    if !odd.is_empty() {
        warn(warnings, "Gather nests only Say, Play and Pause".to_owned());
    }
    Gather {
        action: hook(element, "action", "method"),
        digits: element.attribute("input").is_none_or(|input| input.split_whitespace().any(|kind| kind == "dtmf")),
        count: element.attribute("numDigits").and_then(|n| n.parse().ok()).filter(|n| *n > 0),
        timeout: number(element, "timeout", 5),
        finish_on: element.attribute("finishOnKey").map_or(Some('#'), |key| key.chars().next()),
        even_if_empty: flag(element, "actionOnEmptyResult", false),
        prompts,
    }
}

fn record(element: &Element, warnings: &mut Vec<Warning>) -> Record {
    if !element.children.is_empty() {
        warn(warnings, "Record nests nothing".to_owned());
    }
    let longest = number(element, "maxLength", 3_600);
    if longest < 2 {
        warn(warnings, format!("maxLength must be greater than 1, not {longest}"));
    }
    Record {
        action: hook(element, "action", "method"),
        timeout: number(element, "timeout", 5),
        finish_on: element.attribute("finishOnKey").unwrap_or("1234567890*#").to_owned(),
        longest: longest.max(2),
        beep: flag(element, "playBeep", true),
        trim: element.attribute("trim") != Some("do-not-trim"),
        status: hook(element, "recordingStatusCallback", "recordingStatusCallbackMethod"),
        events: words(element, "recordingStatusCallbackEvent", "completed"),
    }
}

fn dial(element: &Element, warnings: &mut Vec<Warning>) -> Dial {
    let mut nouns: Vec<Noun> = element.children.iter().filter_map(|child| noun(child, warnings)).collect();
    if let Some(number) = some(element.text.trim())
        && nouns.is_empty()
    {
        nouns.push(Noun::Number(Target {
            name: number,
            screen: None,
            status: None,
            events: Vec::new(),
            params: Vec::new(),
        }));
    }
    Dial {
        action: hook(element, "action", "method"),
        caller_id: element.attribute("callerId").and_then(some),
        answer_on_bridge: flag(element, "answerOnBridge", false),
        hangup_on_star: flag(element, "hangupOnStar", false),
        sequential: flag(element, "sequential", false),
        timeout: number(element, "timeout", 30).clamp(5, 600),
        time_limit: number(element, "timeLimit", 14_400).max(1),
        nouns,
    }
}

fn noun(element: &Element, warnings: &mut Vec<Warning>) -> Option<Noun> {
    check_attributes(element, warnings);
    Some(match element.name.as_str() {
        "Number" => Noun::Number(target(element, &element.text)),
        "Client" => {
            let identity = element.children.iter().find(|child| child.name == "Identity");
            Noun::Client(target(element, identity.map_or(&element.text, |child| &child.text)))
        }
        "Conference" => Noun::Conference(Box::new(room(element, warnings))),
        "Sip" | "Queue" | "Application" | "WhatsApp" | "Sim" => Noun::Unsupported(element.name.clone()),
        other => {
            warn(warnings, format!("invalid content was found starting with element '{other}'"));
            return None;
        }
    })
}

fn target(element: &Element, name: &str) -> Target {
    let mut params = Vec::new();
    for child in element.children.iter().filter(|child| child.name == "Parameter") {
        if let (Some(name), Some(value)) = (child.attribute("name"), child.attribute("value")) {
            params.push((name.to_owned(), value.to_owned()));
        }
    }
    Target {
        name: name.trim().to_owned(),
        screen: hook(element, "url", "method"),
        status: hook(element, "statusCallback", "statusCallbackMethod"),
        events: words(element, "statusCallbackEvent", "completed"),
        params,
    }
}

fn room(element: &Element, warnings: &mut Vec<Warning>) -> Room {
    let max = element.attribute("maxParticipants").and_then(|n| n.parse().ok()).unwrap_or(250_usize);
    if !(2..=250).contains(&max) {
        warn(warnings, format!("maxParticipants must be between 2 and 250, not {max}"));
    }
    Room {
        name: element.text.trim().to_owned(),
        muted: flag(element, "muted", false),
        start_on_enter: flag(element, "startConferenceOnEnter", true),
        end_on_exit: flag(element, "endConferenceOnExit", false),
        label: element.attribute("participantLabel").and_then(some),
        wait: element
            .attribute("waitUrl")
            .map(|url| Hook { url: url.trim().to_owned(), method: method(element, "waitMethod") }),
        max: max.clamp(2, 250),
        coach: element.attribute("coach").and_then(some),
        status: hook(element, "statusCallback", "statusCallbackMethod"),
        events: words(element, "statusCallbackEvent", "start end"),
    }
}

fn check_attributes(element: &Element, warnings: &mut Vec<Warning>) {
    let Some((_, known)) = ATTRIBUTES.iter().find(|(name, _)| *name == element.name) else {
        return;
    };
    for (name, value) in &element.attributes {
        if !known.split_whitespace().any(|one| one == name) && !name.starts_with("xml") {
            warn(warnings, format!("attribute '{name}' is not allowed to appear in element '{}'", element.name));
        } else if name.to_ascii_lowercase().ends_with("method") && Method::read(value).is_none() {
            warn(warnings, format!("value '{value}' of attribute '{name}' on element '{}' is not valid", element.name));
        }
    }
}

fn warn(warnings: &mut Vec<Warning>, message: String) {
    warnings.push(Warning { code: SCHEMA, message });
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn flag(element: &Element, name: &str, default: bool) -> bool {
    element.attribute(name).map_or(default, |value| value.eq_ignore_ascii_case("true"))
}

fn number(element: &Element, name: &str, default: u32) -> u32 {
    element.attribute(name).and_then(|value| value.trim().parse().ok()).unwrap_or(default)
}

fn method(element: &Element, name: &str) -> Method {
    element.attribute(name).and_then(Method::read).unwrap_or(Method::Post)
}

fn hook(element: &Element, url: &str, how: &str) -> Option<Hook> {
    let url = element.attribute(url)?.trim();
    some(url).map(|url| Hook { url, method: method(element, how) })
}

fn words(element: &Element, name: &str, default: &str) -> Vec<String> {
    element.attribute(name).unwrap_or(default).split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;

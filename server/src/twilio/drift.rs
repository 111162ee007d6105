//! What should be so at Twilio and what is, compared. Pure: it is told what was read, and says what differs, since when,
//! and which parameters put it right.
//!
//! Values are compared as they are, with query and fragment; `null` and an empty text are both "unset".

use switchyard::{
    drift::{Difference, Subject},
    time::Timestamp,
};

use super::client::Resource;
use crate::urls::Urls;

/// A property that is looked after: its name, and the parameter that changes it, if it can be changed.
type Watched = (&'static str, Option<&'static str>);

/// What is compared of a TwiML application (Twilio: Application resource).
const APPLICATION: &[Watched] = &[
    ("voice_url", Some("VoiceUrl")),
    ("voice_method", Some("VoiceMethod")),
    ("voice_fallback_url", Some("VoiceFallbackUrl")),
    ("voice_fallback_method", Some("VoiceFallbackMethod")),
    ("status_callback", Some("StatusCallback")),
    ("status_callback_method", Some("StatusCallbackMethod")),
    ("sms_url", Some("SmsUrl")),
    ("sms_method", Some("SmsMethod")),
    ("sms_fallback_url", Some("SmsFallbackUrl")),
    ("sms_fallback_method", Some("SmsFallbackMethod")),
    ("message_status_callback", Some("MessageStatusCallback")),
    ("api_version", Some("ApiVersion")),
    ("public_application_connect_enabled", Some("PublicApplicationConnectEnabled")),
];

/// What is compared of a number (Twilio: `IncomingPhoneNumber` resource). What has no parameter here is not ours to change.
const NUMBER: &[Watched] = &[
    ("account_sid", None),
    ("status", None),
    ("capabilities.voice", None),
    ("capabilities.sms", None),
    ("emergency_address_status", None),
    ("bundle_sid", None),
    ("voice_receive_mode", Some("VoiceReceiveMode")),
    // A trunk drives an application out, and the other way round: the trunk goes first.
    ("trunk_sid", Some("TrunkSid")),
    ("voice_application_sid", Some("VoiceApplicationSid")),
    ("voice_url", Some("VoiceUrl")),
    ("voice_method", Some("VoiceMethod")),
    ("voice_fallback_url", Some("VoiceFallbackUrl")),
    ("voice_fallback_method", Some("VoiceFallbackMethod")),
    ("status_callback", Some("StatusCallback")),
    ("status_callback_method", Some("StatusCallbackMethod")),
    ("sms_application_sid", Some("SmsApplicationSid")),
    ("sms_url", Some("SmsUrl")),
    ("sms_method", Some("SmsMethod")),
    ("sms_fallback_url", Some("SmsFallbackUrl")),
    ("sms_fallback_method", Some("SmsFallbackMethod")),
];

/// What is not ours to say: it should be as it was when the number came here, or as it has been accepted since.
const AS_BEFORE: &[&str] = &["status", "capabilities.sms", "emergency_address_status", "bundle_sid"];

/// With an application Twilio ignores these of a number, so that they may be what they were.
const IGNORED_WITH_APPLICATION: &[&str] = &["voice_url", "voice_method", "voice_fallback_url", "voice_fallback_method"];

/// What should be so of an application or a number: property, value, and the parameter that makes it so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted(Vec<(Watched, String)>);

impl Wanted {
    /// How the workspace's TwiML application should be.
    pub fn application(urls: &Urls) -> Self {
        let value = |field: &str| match field {
            "voice_url" => urls.inbound(),
            "status_callback" => urls.status(),
            "sms_url" | "message_status_callback" => urls.messages(),
            "api_version" => "2010-04-01".to_owned(),
            "public_application_connect_enabled" => "false".to_owned(),
            method if method.ends_with("_method") => "POST".to_owned(),
            _ => String::new(),
        };
        Self(APPLICATION.iter().map(|watched| (*watched, value(watched.0))).collect())
    }

    /// How a number of the account should be that is pointed at an application; `before` is how it was.
    pub fn number(urls: &Urls, account: &str, application: &str, before: &Resource) -> Self {
        let value = |field: &str| match field {
            "account_sid" => account.to_owned(),
            "voice_application_sid" => application.to_owned(),
            "voice_receive_mode" => "voice".to_owned(),
            "capabilities.voice" => "true".to_owned(),
            "status_callback" => urls.status(),
            "sms_url" => urls.messages(),
            field if AS_BEFORE.contains(&field) => before.get(field).to_owned(),
            method if method.ends_with("_method") => "POST".to_owned(),
            _ => String::new(),
        };
        let watched = NUMBER.iter().filter(|(field, _)| !IGNORED_WITH_APPLICATION.contains(field));
        Self(watched.map(|watched| (*watched, value(watched.0))).collect())
    }

    /// How a number was before, so that it can be put back.
    pub fn as_before(before: &Resource) -> Self {
        let watched = NUMBER.iter().filter(|(_, parameter)| parameter.is_some());
        let kept = watched.filter(|(field, _)| {
            // Of a trunk and an application only the one that was there is named: the other one would drive it out.
            *field != "voice_application_sid" || before.get("trunk_sid").is_empty()
        });
        Self(kept.map(|watched| (*watched, before.get(watched.0).to_owned())).collect())
    }

    /// Empties what points to us in how a number was.
    pub fn clear_of_ours(&self, before: &mut Resource) {
        const POINTING: [&str; 3] = ["voice_application_sid", "status_callback", "sms_url"];
        for ((field, _), ours) in self.0.iter().filter(|((field, _), _)| POINTING.contains(field)) {
            if before.get(field) == ours {
                before.0.remove(*field);
            }
        }
    }

    /// What differs from how it should be.
    pub fn compare(&self, subject: &Subject, found: &Resource, now: Timestamp) -> Vec<Difference> {
        let differing = self.0.iter().filter(|((field, _), ours)| found.get(field) != ours);
        let difference = |((field, parameter), ours): &(Watched, String)| Difference {
            subject: subject.clone(),
            field: (*field).to_owned(),
            ours: ours.clone(),
            theirs: found.get(field).to_owned(),
            since: now,
            repairable: parameter.is_some(),
            acceptable: AS_BEFORE.contains(field),
        };
        differing.map(difference).collect()
    }

    /// The parameters that make everything so that can be, or only one property.
    pub fn form(&self, only: Option<&str>) -> Vec<(&'static str, &str)> {
        let all = self.0.iter().filter(|((field, _), _)| only.is_none_or(|only| only == *field));
        all.filter_map(|((_, parameter), value)| Some(((*parameter)?, value.as_str()))).collect()
    }
}

#[cfg(test)]
#[path = "drift/tests.rs"]
mod tests;

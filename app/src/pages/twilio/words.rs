//! Twilio's properties, and what can be wrong, in the reader's language.

use switchyard::drift::Problem;

use crate::{lang::Lang, say};

/// What came of a form.
pub(in crate::pages) mod outcome {
    use switchyard::phone::readable;

    use crate::{api::request, lang::Lang, say};

    /// Why it did not work, by the word in the page's address.
    pub(in crate::pages) fn error(lang: Lang, word: &str, code: &str) -> String {
        let words = match word {
            "sid" => say!(lang, twilio.error_sid),
            "credentials" => say!(lang, twilio.error_credentials),
            "suspended" => say!(lang, twilio.suspended),
            "closed" => say!(lang, twilio.closed),
            "key" => say!(lang, twilio.error_key),
            "key-elsewhere" => say!(lang, twilio.error_key_elsewhere),
            "key-restricted" => say!(lang, twilio.error_key_restricted),
            "taken" => say!(lang, twilio.error_taken),
            "country" => say!(lang, twilio.error_country),
            "unreached" => say!(lang, twilio.error_unreached),
            "not-connected" => say!(lang, twilio.error_not_connected),
            "unreachable" => say!(lang, twilio.error_unreachable),
            "refused" => return say!(lang, twilio.error_refused, code = code),
            "vault" => say!(lang, twilio.error_vault),
            _ => say!(lang, twilio.unavailable),
        };
        words.to_owned()
    }

    /// What was done, and what is left at Twilio of what was there before.
    pub(in super::super) fn done(lang: Lang, word: &str) -> Option<String> {
        let words = match word {
            "connected" => say!(lang, twilio.done_connected),
            "checked" => say!(lang, twilio.done_checked),
            "numbers" => say!(lang, twilio.done_numbers),
            "restored" => say!(lang, twilio.done_restored),
            "repaired" => say!(lang, twilio.done_repaired),
            "accepted" => say!(lang, twilio.done_accepted),
            "key" => say!(lang, twilio.done_key),
            "token" => say!(lang, twilio.done_token),
            "forgotten" => say!(lang, twilio.done_forgotten),
            _ => return None,
        };
        // Addresses can be made by anybody: nothing but a name is shown.
        let is_name = |key: &String| key.bytes().all(|letter| letter.is_ascii_alphanumeric());
        let key = || request::query("key").filter(is_name).unwrap_or_default();
        let key = match request::query("old").as_deref() {
            Some("not-ours") => Some(say!(lang, twilio.key_not_ours, key = key())),
            Some("left") => Some(say!(lang, twilio.key_left, key = key())),
            _ => None,
        };
        let are_numbers = |text: &String| text.bytes().all(|letter| matches!(letter, b'.' | b'0'..=b'9'));
        let numbers = request::query("numbers").filter(are_numbers).map(|numbers| {
            let all: Vec<_> = numbers.split('.').map(|digits| readable(&format!("+{digits}"))).collect();
            say!(lang, twilio.numbers_left, numbers = all.join(", "))
        });
        Some([Some(words.to_owned()), key, numbers].into_iter().flatten().collect::<Vec<_>>().join(" "))
    }
}

/// What is wrong, and what to do about it.
pub(in crate::pages) fn problem(lang: Lang, problem: &Problem) -> String {
    match problem {
        Problem::Unreachable => say!(lang, twilio.error_unreachable).to_owned(),
        Problem::Refused { code, message } => say!(lang, twilio.refused, code = code, message = message),
        Problem::Sealed => say!(lang, twilio.credentials_sealed).to_owned(),
        Problem::TokenRefused => say!(lang, twilio.token_refused).to_owned(),
        Problem::Suspended => say!(lang, twilio.suspended).to_owned(),
        Problem::Closed => say!(lang, twilio.closed).to_owned(),
        Problem::NoKey => say!(lang, twilio.no_key).to_owned(),
        Problem::KeyRevoked { key } => say!(lang, twilio.key_revoked, key = key),
        Problem::ApplicationGone => say!(lang, twilio.application_gone).to_owned(),
        Problem::NumberGone { number } => say!(lang, twilio.number_gone, number = number),
        Problem::AddressChanged { from, to } => say!(lang, twilio.address_changed, from = from, to = to),
    }
}

/// A property as it is noted: of a number, which comes first, or of the application.
pub(in crate::pages) fn property(lang: Lang, noted: &str) -> String {
    let (of, name) = noted.rsplit_once(' ').map_or((None, noted), |(of, name)| (Some(of), name));
    match (of, field(lang, name)) {
        (_, None) => noted.to_owned(),
        (None, Some(words)) => words.to_owned(),
        (Some(of), Some(words)) => format!("{of}, {words}"),
    }
}

/// A property's name, where it has one besides Twilio's.
pub(super) fn field(lang: Lang, field: &str) -> Option<&'static str> {
    Some(match field {
        "voice_url" => say!(lang, twilio.voice_url),
        "voice_method" => say!(lang, twilio.voice_method),
        "voice_fallback_url" => say!(lang, twilio.voice_fallback_url),
        "voice_fallback_method" => say!(lang, twilio.voice_fallback_method),
        "status_callback" => say!(lang, twilio.status_callback),
        "status_callback_method" => say!(lang, twilio.status_callback_method),
        "sms_url" => say!(lang, twilio.sms_url),
        "sms_method" => say!(lang, twilio.sms_method),
        "sms_fallback_url" => say!(lang, twilio.sms_fallback_url),
        "sms_fallback_method" => say!(lang, twilio.sms_fallback_method),
        "message_status_callback" => say!(lang, twilio.message_status_callback),
        "api_version" => say!(lang, twilio.api_version),
        "public_application_connect_enabled" => say!(lang, twilio.public_connect),
        "voice_application_sid" => say!(lang, twilio.voice_application),
        "sms_application_sid" => say!(lang, twilio.sms_application),
        "trunk_sid" => say!(lang, twilio.trunk),
        "voice_receive_mode" => say!(lang, twilio.receive_mode),
        "account_sid" => say!(lang, twilio.account_sid),
        "status" => say!(lang, twilio.number_status),
        "capabilities.voice" => say!(lang, twilio.takes_calls),
        "capabilities.sms" => say!(lang, twilio.takes_texts),
        "emergency_address_status" => say!(lang, twilio.emergency_address),
        "bundle_sid" => say!(lang, twilio.bundle),
        _ => return None,
    })
}

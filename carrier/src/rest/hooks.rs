//! The URLs that numbers and TwiML applications have in common.

use serde_json::{Map, Value, json};

use super::form::Form;
use crate::{
    engine::{ApiError, Hook, Hooks},
    twiml::Method,
};

/// Changes what a request names; an empty URL is none. `asked` says whether the own voice URL is asked at all.
pub(super) fn change(form: &Form, hooks: &mut Hooks, asked: bool) -> Result<(), ApiError> {
    let mut changed = hooks.clone();
    for (hook, url, method) in [
        (&mut changed.voice, "VoiceUrl", "VoiceMethod"),
        (&mut changed.voice_fallback, "VoiceFallbackUrl", "VoiceFallbackMethod"),
        (&mut changed.status, "StatusCallback", "StatusCallbackMethod"),
        (&mut changed.sms, "SmsUrl", "SmsMethod"),
        (&mut changed.sms_fallback, "SmsFallbackUrl", "SmsFallbackMethod"),
    ] {
        text(form, url, &mut hook.url);
        hook.method = form.get(method).and_then(Method::read).unwrap_or(hook.method);
    }
    changed.caller_id_lookup = form.flag("VoiceCallerIdLookup").unwrap_or(changed.caller_id_lookup);
    if asked && changed.voice.url.is_empty() && !changed.voice_fallback.url.is_empty() {
        return Err(ApiError::bad(21405, "VoiceFallbackUrl was given without a VoiceUrl"));
    }
    *hooks = changed;
    Ok(())
}

/// Changes a text that a request names.
pub(super) fn text(form: &Form, name: &str, text: &mut String) {
    if let Some(given) = form.get(name) {
        given.clone_into(text);
    }
}

/// A friendly name of at most 64 letters.
pub(super) fn friendly_name(form: &Form, text: &mut String) -> Result<(), ApiError> {
    match form.get("FriendlyName") {
        Some(given) if given.chars().count() > 64 => {
            Err(ApiError::bad(20001, "FriendlyName must be 64 characters or less"))
        }
        Some(given) => {
            given.clone_into(text);
            Ok(())
        }
        None => Ok(()),
    }
}

/// As properties of a number or an application.
pub(super) fn render(hooks: &Hooks) -> Map<String, Value> {
    let mut all = Map::new();
    let mut put = |url: &str, method: &str, hook: &Hook| {
        all.insert(url.to_owned(), json!(hook.url));
        all.insert(method.to_owned(), json!(hook.method.as_str()));
    };
    put("voice_url", "voice_method", &hooks.voice);
    put("voice_fallback_url", "voice_fallback_method", &hooks.voice_fallback);
    put("status_callback", "status_callback_method", &hooks.status);
    put("sms_url", "sms_method", &hooks.sms);
    put("sms_fallback_url", "sms_fallback_method", &hooks.sms_fallback);
    all.insert("voice_caller_id_lookup".to_owned(), json!(hooks.caller_id_lookup));
    all
}

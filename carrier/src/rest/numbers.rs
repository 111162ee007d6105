//! The numbers of an account (Twilio: `IncomingPhoneNumber` resource), to be read only.

use serde_json::{Value, json};

use super::{
    ask::{Answer, Ask},
    paging,
};
use crate::{
    engine::{ApiError, Engine, Hook, Number},
    time::rfc2822,
};

pub(super) fn list(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let equal = |name: &str, value: &str| ask.form.some(name).is_none_or(|wanted| wanted == value);
    let items: Vec<(String, Value)> = engine
        .directory
        .numbers
        .values()
        .filter(|number| number.account == ask.account)
        .filter(|number| equal("PhoneNumber", &number.e164) && equal("FriendlyName", &number.friendly_name))
        .map(|number| (number.sid.clone(), render(number)))
        .collect();
    paging::page(ask, "incoming_phone_numbers", &items)
}

pub(super) fn fetch(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let mut numbers = engine.directory.numbers.values();
    let number = numbers.find(|number| number.sid == ask.name("Sid") && number.account == ask.account);
    number.map(|number| Answer::Found(render(number))).ok_or_else(ApiError::missing)
}

fn render(number: &Number) -> Value {
    let url = |hook: &Option<Hook>| hook.as_ref().map(|hook| hook.url.clone()).unwrap_or_default();
    let method = |hook: &Option<Hook>| hook.as_ref().map_or("POST", |hook| hook.method.as_str());
    json!({
        "account_sid": number.account,
        "address_sid": null,
        "address_requirements": "none",
        "api_version": "2010-04-01",
        "beta": false,
        "capabilities": { "voice": true, "sms": false, "mms": false, "fax": false },
        "date_created": rfc2822(number.created),
        "date_updated": rfc2822(number.created),
        "emergency_status": "Inactive",
        "emergency_address_sid": null,
        "emergency_address_status": "unregistered",
        "friendly_name": number.friendly_name,
        "identity_sid": null,
        "origin": "twilio",
        "phone_number": number.e164,
        "sid": number.sid,
        "sms_application_sid": "",
        "sms_fallback_method": "POST",
        "sms_fallback_url": "",
        "sms_method": "POST",
        "sms_url": "",
        "status_callback": url(&number.status),
        "status_callback_method": method(&number.status),
        "trunk_sid": null,
        "uri": format!("/2010-04-01/Accounts/{}/IncomingPhoneNumbers/{}.json", number.account, number.sid),
        "voice_application_sid": "",
        "voice_caller_id_lookup": number.caller_id_lookup,
        "voice_fallback_method": method(&number.fallback),
        "voice_fallback_url": url(&number.fallback),
        "voice_method": method(&number.voice),
        "voice_url": url(&number.voice),
        "bundle_sid": null,
        "voice_receive_mode": "voice",
        "status": "in-use",
        "type": "local",
    })
}

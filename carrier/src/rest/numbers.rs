//! The numbers of an account (Twilio: `IncomingPhoneNumber` resource).

use serde_json::{Value, json};

use super::{
    ask::{Answer, Ask},
    hooks, paging,
};
use crate::{
    engine::{ApiError, Engine, Number, contains, is_e164},
    sid,
    time::rfc2822,
};

/// Buys a number, and sets it up at once.
pub(super) fn create(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let form = &ask.form;
    let wanted = form
        .some("PhoneNumber")
        .ok_or_else(|| ApiError::bad(21421, "PhoneNumber is required: an AreaCode alone is not enough here"))?;
    if !is_e164(wanted) {
        return Err(ApiError::bad(21421, format!("{wanted} is not a valid phone number.")));
    }
    let given = |name| form.some(name).unwrap_or_default();
    let (address, bundle) = (given("AddressSid"), given("BundleSid"));
    let bought = engine.buy(&ask.account, wanted, address, bundle)?.clone();
    match changed(engine, ask, bought) {
        Ok(number) => {
            let answer = render(&number);
            engine.directory.numbers.insert(number.e164.clone(), number);
            Ok(Answer::Created(answer))
        }
        Err(error) => {
            engine.directory.numbers.remove(wanted);
            Err(error)
        }
    }
}

pub(super) fn list(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let named = ask.form.some("FriendlyName");
    let pattern = ask.form.some("PhoneNumber");
    let items: Vec<(String, Value)> = engine
        .directory
        .numbers
        .values()
        .filter(|number| number.account == ask.account && named.is_none_or(|name| name == number.friendly_name))
        .filter(|number| pattern.is_none_or(|pattern| contains(&number.e164, pattern).unwrap_or(false)))
        .map(|number| (number.sid.clone(), render(number)))
        .collect();
    paging::page(ask, "incoming_phone_numbers", &items)
}

pub(super) fn fetch(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    find(engine, ask).map(|number| Answer::Found(render(&number)))
}

pub(super) fn update(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let number = find(engine, ask)?;
    let number = changed(engine, ask, number)?;
    let answer = render(&number);
    engine.directory.numbers.insert(number.e164.clone(), number);
    Ok(Answer::Found(answer))
}

/// Gives a number back.
pub(super) fn delete(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let number = find(engine, ask)?;
    engine.directory.numbers.remove(&number.e164);
    Ok(Answer::Deleted)
}

fn find(engine: &Engine, ask: &Ask) -> Result<Number, ApiError> {
    let mut numbers = engine.directory.numbers.values();
    let number = numbers.find(|number| number.sid == ask.name("Sid") && number.account == ask.account);
    number.cloned().ok_or_else(ApiError::missing)
}

/// Gives the number to another account of the family (Twilio: Subaccounts, "Exchanging numbers", errors 21471 to 21474).
fn hand_over(engine: &Engine, ask: &Ask, number: &mut Number, other: &str) -> Result<(), ApiError> {
    let accounts = &engine.directory.accounts;
    if accounts.get(&ask.by).is_none_or(|by| by.owner.is_some()) {
        return Err(ApiError::bad(21474, "API User must be the parent account to transfer phone numbers."));
    }
    if !accounts.contains_key(other) {
        return Err(ApiError::bad(21471, format!("Account {other} does not exist")));
    }
    if !engine.directory.is_of(other, &ask.by) {
        return Err(ApiError::bad(21473, format!("Account {other} is not related to the phone number owner")));
    }
    if !engine.is_active(other) {
        return Err(ApiError::bad(21472, format!("Account {other} is not active")));
    }
    other.clone_into(&mut number.account);
    // They stay with the account that has them. What Twilio does with the references is not documented.
    number.voice_application.clear();
    number.sms_application.clear();
    Ok(())
}

/// The number as it is after the request.
fn changed(engine: &Engine, ask: &Ask, mut number: Number) -> Result<Number, ApiError> {
    let form = &ask.form;
    if let Some(other) = form.some("AccountSid").filter(|other| *other != ask.account) {
        hand_over(engine, ask, &mut number, other)?;
    }
    for (name, application) in
        [("VoiceApplicationSid", &mut number.voice_application), ("SmsApplicationSid", &mut number.sms_application)]
    {
        let Some(given) = form.get(name) else { continue };
        let known = engine.directory.applications.get(given).is_some_and(|one| one.account == number.account);
        if !given.is_empty() && !known {
            return Err(ApiError::bad(21218, format!("{name} {given} is not valid")));
        }
        given.clone_into(application);
    }
    // A trunk and an application for voice drive each other out.
    match (form.get("TrunkSid"), form.some("VoiceApplicationSid")) {
        (Some(trunk), _) => {
            trunk.clone_into(&mut number.trunk);
            if sid::is("TK", trunk) {
                number.voice_application.clear();
            }
        }
        (None, Some(_)) => number.trunk.clear(),
        (None, None) => {}
    }
    let asked = number.voice_application.is_empty();
    hooks::change(form, &mut number.hooks, asked)?;
    hooks::friendly_name(form, &mut number.friendly_name)?;
    hooks::text(form, "AddressSid", &mut number.address);
    hooks::text(form, "BundleSid", &mut number.bundle);
    number.fax = form.some("VoiceReceiveMode").map_or(number.fax, |mode| mode == "fax");
    number.updated = engine.now();
    Ok(number)
}

pub(crate) fn render(number: &Number) -> Value {
    let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let mut all = hooks::render(&number.hooks);
    for (key, value) in [
        ("account_sid", json!(number.account)),
        ("address_sid", json!(some(&number.address))),
        ("address_requirements", json!(number.address_requirements)),
        ("api_version", json!("2010-04-01")),
        ("beta", json!(false)),
        ("capabilities", json!({ "voice": true, "sms": number.sms, "mms": false, "fax": false })),
        ("date_created", json!(rfc2822(number.created))),
        ("date_updated", json!(rfc2822(number.updated))),
        ("emergency_status", json!("Inactive")),
        ("emergency_address_sid", Value::Null),
        ("emergency_address_status", json!("unregistered")),
        ("friendly_name", json!(number.friendly_name)),
        ("identity_sid", Value::Null),
        ("origin", json!("twilio")),
        ("phone_number", json!(number.e164)),
        ("sid", json!(number.sid)),
        ("sms_application_sid", json!(number.sms_application)),
        ("trunk_sid", json!(some(&number.trunk))),
        ("uri", json!(format!("/2010-04-01/Accounts/{}/IncomingPhoneNumbers/{}.json", number.account, number.sid))),
        ("voice_application_sid", json!(number.voice_application)),
        ("bundle_sid", json!(some(&number.bundle))),
        ("voice_receive_mode", json!(if number.fax { "fax" } else { "voice" })),
        ("status", json!("in-use")),
        ("type", json!(number.kind.as_str())),
    ] {
        all.insert(key.to_owned(), value);
    }
    Value::Object(all)
}

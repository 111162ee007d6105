//! The TwiML applications of an account (Twilio: Application resource).

use serde_json::{Value, json};

use super::{
    ask::{Answer, Ask},
    hooks, paging,
};
use crate::{
    engine::{ApiError, Application, Engine},
    time::rfc2822,
};

pub(super) fn create(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let mut application = Application::new(engine.fresh_sid("AP"), &ask.account, engine.now());
    change(ask, &mut application)?;
    let answer = render(&application);
    engine.directory.applications.insert(application.sid.clone(), application);
    Ok(Answer::Created(answer))
}

/// Lists applications; names are not unique.
pub(super) fn list(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let applications = engine.directory.applications.values().filter(|one| one.account == ask.account);
    let named = ask.form.some("FriendlyName");
    let items: Vec<(String, Value)> = applications
        .filter(|one| named.is_none_or(|name| name == one.friendly_name))
        .map(|one| (one.sid.clone(), render(one)))
        .collect();
    paging::page(ask, "applications", &items)
}

pub(super) fn fetch(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    find(engine, ask).map(|application| Answer::Found(render(application)))
}

pub(super) fn update(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let now = engine.now();
    let application = find(engine, ask)?;
    change(ask, application)?;
    application.updated = now;
    Ok(Answer::Found(render(application)))
}

pub(super) fn delete(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let sid = find(engine, ask)?.sid.clone();
    engine.remove_application(&sid);
    Ok(Answer::Deleted)
}

fn find<'a>(engine: &'a mut Engine, ask: &Ask) -> Result<&'a mut Application, ApiError> {
    let application = engine.directory.applications.get_mut(ask.name("Sid"));
    application.filter(|one| one.account == ask.account).ok_or_else(ApiError::missing)
}

fn change(ask: &Ask, application: &mut Application) -> Result<(), ApiError> {
    let form = &ask.form;
    hooks::change(form, &mut application.hooks, true)?;
    hooks::friendly_name(form, &mut application.friendly_name)?;
    hooks::text(form, "SmsStatusCallback", &mut application.sms_status);
    hooks::text(form, "MessageStatusCallback", &mut application.message_status);
    application.public_connect = form.flag("PublicApplicationConnectEnabled").unwrap_or(application.public_connect);
    Ok(())
}

pub(crate) fn render(application: &Application) -> Value {
    let mut all = hooks::render(&application.hooks);
    for (key, value) in [
        ("account_sid", json!(application.account)),
        ("api_version", json!("2010-04-01")),
        ("date_created", json!(rfc2822(application.created))),
        ("date_updated", json!(rfc2822(application.updated))),
        ("friendly_name", json!(application.friendly_name)),
        ("message_status_callback", json!(application.message_status)),
        ("public_application_connect_enabled", json!(application.public_connect)),
        ("sid", json!(application.sid)),
        ("sms_status_callback", json!(application.sms_status)),
        ("uri", json!(format!("/2010-04-01/Accounts/{}/Applications/{}.json", application.account, application.sid))),
    ] {
        all.insert(key.to_owned(), value);
    }
    Value::Object(all)
}

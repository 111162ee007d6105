//! The Messages resource (Twilio: Message resource), as far as finding and deleting go: nothing is sent from here.

use serde_json::{Value, json};

use super::{
    ask::{Answer, Ask},
    calls::within,
    paging,
};
use crate::{
    engine::{ApiError, Engine, Message},
    time::rfc2822,
};

/// Lists messages, the newest first.
pub(super) fn list(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let is = |name: &str, value: &str| ask.form.some(name).is_none_or(|wanted| wanted == value);
    let items: Vec<(String, Value)> = engine
        .messages
        .newest()
        .filter(|message| message.account == ask.account)
        .filter(|message| is("From", &message.from) && is("To", &message.to))
        .filter(|message| within(ask, "DateSent", Some(message.created)))
        .map(|message| (message.sid.clone(), render(message)))
        .collect();
    paging::page(ask, "messages", &items)
}

pub(super) fn fetch(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    engine.message(&ask.account, ask.name("Sid")).map(render).map(Answer::Found)
}

pub(super) fn delete(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    engine.delete_message(&ask.account, ask.name("Sid"))?;
    Ok(Answer::Deleted)
}

fn render(message: &Message) -> Value {
    let uri = format!("/2010-04-01/Accounts/{}/Messages/{}", message.account, message.sid);
    let created = rfc2822(message.created);
    json!({
        "sid": message.sid,
        "account_sid": message.account,
        "api_version": "2010-04-01",
        "from": message.from,
        "to": message.to,
        "body": message.body,
        "direction": message.direction,
        "status": message.status.as_str(),
        "date_created": created,
        "date_sent": created,
        "date_updated": rfc2822(message.updated),
        "num_media": "0",
        "num_segments": message.segments().to_string(),
        "messaging_service_sid": null,
        "error_code": null,
        "error_message": null,
        "price": null,
        "price_unit": "USD",
        "uri": format!("{uri}.json"),
        "subresource_uris": { "media": format!("{uri}/Media.json"), "feedback": format!("{uri}/Feedback.json") },
    })
}

//! The account itself (Twilio: Account resource), to be read only and with its own token.

use serde_json::{Map, Value, json};

use super::ask::{Answer, Ask};
use crate::{
    engine::{ApiError, Engine},
    time::rfc2822,
};

pub(super) fn fetch(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let account = engine.directory.accounts.get(&ask.account).ok_or_else(ApiError::missing)?;
    let uri = format!("/2010-04-01/Accounts/{}", account.sid);
    let resources = ["Applications", "Calls", "Conferences", "IncomingPhoneNumbers", "Keys"];
    let sub: Map<String, Value> = resources
        .iter()
        .map(|name| {
            let key = name.replace("PhoneNumbers", "_phone_numbers").to_ascii_lowercase();
            (key, json!(format!("{uri}/{name}.json")))
        })
        .collect();
    Ok(Answer::Found(json!({
        "auth_token": account.auth_token,
        "date_created": rfc2822(account.created),
        "date_updated": rfc2822(account.updated),
        "friendly_name": "Carrier",
        "owner_account_sid": account.sid,
        "sid": account.sid,
        "status": account.status.as_str(),
        "subresource_uris": sub,
        "type": "Full",
        "uri": format!("{uri}.json"),
    })))
}

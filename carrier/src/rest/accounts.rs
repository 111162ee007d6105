//! Accounts (Twilio: Account resource, Subaccounts): each reads itself, and the one that others belong to makes, reads,
//! suspends and closes those. The account's own token opens these, and main keys.

use serde_json::{Map, Value, json};

use super::{
    ask::{Answer, Ask},
    hooks, paging,
};
use crate::{
    engine::{Account, AccountStatus, ApiError, Engine},
    time::rfc2822,
};

/// Makes a subaccount of the account that asks.
pub(super) fn create(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let mut name = String::new();
    hooks::friendly_name(&ask.form, &mut name)?;
    let name = Some(name).filter(|name| !name.is_empty());
    let sid = engine.create_subaccount(&ask.account, name)?.sid.clone();
    read(engine, &sid).map(Answer::Created)
}

/// Lists the account that asks and those that belong to it.
pub(super) fn list(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let (named, status) = (ask.form.some("FriendlyName"), ask.form.some("Status"));
    let directory = &engine.directory;
    let items: Vec<(String, Value)> = directory
        .accounts
        .values()
        .filter(|account| directory.is_of(&account.sid, &ask.account))
        .filter(|account| named.is_none_or(|name| name == account.friendly_name))
        .filter(|account| status.is_none_or(|status| status == directory.status(account).as_str()))
        .map(|account| (account.sid.clone(), render(engine, account)))
        .collect();
    paging::page(ask, "accounts", &items)
}

pub(super) fn fetch(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    read(engine, &ask.account).map(Answer::Found)
}

pub(super) fn update(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let mut name = engine.account(&ask.account)?.friendly_name.clone();
    hooks::friendly_name(&ask.form, &mut name)?;
    if let Some(status) = ask.form.some("Status") {
        let status = [AccountStatus::Active, AccountStatus::Suspended, AccountStatus::Closed]
            .into_iter()
            .find(|one| one.as_str() == status)
            .ok_or_else(|| ApiError::bad(21475, "Unable to update Status, invalid Status."))?;
        // "You must use your main account's authentication credentials" (Twilio: Subaccounts); with which error those of the
        // subaccount itself are refused is not documented.
        let account = engine.account(&ask.account)?;
        if account.owner.as_ref().is_some_and(|owner| *owner != ask.by) {
            return Err(ApiError::unknown());
        }
        engine.change_status(&ask.account, status)?;
    }
    let now = engine.now();
    let account = engine.account(&ask.account)?;
    account.friendly_name = name;
    account.updated = now;
    read(engine, &ask.account).map(Answer::Found)
}

fn read(engine: &Engine, sid: &str) -> Result<Value, ApiError> {
    engine.directory.accounts.get(sid).map(|account| render(engine, account)).ok_or_else(ApiError::missing)
}

fn render(engine: &Engine, account: &Account) -> Value {
    let uri = format!("/2010-04-01/Accounts/{}", account.sid);
    let resources = ["Applications", "Calls", "Conferences", "IncomingPhoneNumbers", "Keys"];
    let sub: Map<String, Value> = resources
        .iter()
        .map(|name| {
            let key = name.replace("PhoneNumbers", "_phone_numbers").to_ascii_lowercase();
            (key, json!(format!("{uri}/{name}.json")))
        })
        .collect();
    json!({
        "auth_token": account.auth_token,
        "date_created": rfc2822(account.created),
        "date_updated": rfc2822(account.updated),
        "friendly_name": account.friendly_name,
        "owner_account_sid": account.owner.as_ref().unwrap_or(&account.sid),
        "sid": account.sid,
        "status": engine.directory.status(account).as_str(),
        "subresource_uris": sub,
        "type": "Full",
        "uri": format!("{uri}.json"),
    })
}

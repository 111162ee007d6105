//! What is kept of one person, as a file. What is not in it is named there too, with where it is.

use serde_json::{Value, json};
use switchyard::{
    audit::Entry,
    call::Call,
    contacts::Contact,
    floor::Event,
    history::CallRecord,
    id::WorkspaceId,
    people::{Account, LINK_DAYS},
    ports::StoreError,
    time::Timestamp,
    voicemail::VoiceMessage,
};

use super::{Desk, PAGE, traces};
use crate::webhooks::host;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// All pages of a list. The page after another begins below its last row.
macro_rules! every {
    ($row:ty, |$below:ident| $page:expr) => {{
        let mut all: Vec<$row> = Vec::new();
        loop {
            let bookmark = all.last().map(<$row>::bookmark);
            let $below = bookmark.as_ref();
            let page: Vec<$row> = $page.await?;
            let is_last = page.len() < PAGE as usize;
            all.extend(page);
            if is_last {
                break all;
            }
        }
    }};
}

/// Everything that is kept of somebody outside.
pub async fn of_number(desk: Desk<'_>, workspace: &WorkspaceId, number: &str) -> Result<Value, StoreError> {
    let store = desk.store();
    let contact = store.contact_with(workspace, number).await?;
    let calls = every!(CallRecord, |below| store.calls_with(workspace, number, below, PAGE));
    let contact = contact.map(|Contact { name, note, .. }| json!({ "name": name, "note": note }));
    let told = store.deliveries_about(workspace, number).await?;
    let messages = store.messages_from(workspace, number).await?;
    let floor = desk.floors.of(workspace).snapshot().await;
    let floor = floor.map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let live = floor.calls.values().filter_map(|call| going_on(call, number));
    let log = log_about(desk, workspace, number).await?;
    Ok(json!({
        "workspace": workspace,
        "made": desk.now().iso(),
        "number": number,
        "contact": contact,
        "live": live.collect::<Vec<_>>(),
        "calls": calls.iter().map(call).collect::<Vec<_>>(),
        "added_to": added_to(desk, workspace, number).await?,
        "messages": messages.iter().map(|one| message(desk, one)).collect::<Vec<_>>(),
        "webhooks": told.into_iter().map(|(url, event, at)| delivery(&url, &event, at)).collect::<Vec<_>>(),
        "log": log,
        "not_in_this_file": elsewhere(desk, workspace, &messages).await?,
    }))
}

/// Everything that is kept of somebody in the workspace, but what they sign in with.
pub async fn of_person(desk: Desk<'_>, account: &Account) -> Result<Value, StoreError> {
    let Account { workspace, profile, email, .. } = account;
    let (store, agent) = (desk.store(), &profile.id);
    let found = traces::find(desk, account).await?;
    let mut calls = every!(CallRecord, |below| store.calls_of(workspace, agent, below, PAGE));
    let by_name = found.calls.iter().filter(|record| calls.iter().all(|known| known.call != record.call));
    let by_name: Vec<CallRecord> = by_name.cloned().collect();
    calls.extend(by_name);
    calls.sort_by_key(|record| std::cmp::Reverse(record.ended));
    let messages = every!(VoiceMessage, |below| store.messages(workspace, Some(agent), below, PAGE));
    let sessions = store.sessions_of(workspace, agent).await?;
    let link = store.link_of(workspace, agent).await?.filter(|expires| *expires > desk.now());
    let numbers = store.numbers(workspace).await?;
    let answered = numbers.iter().filter(|number| number.answered_by.is_none() || number.names(agent));
    let tokens = store.tokens(workspace).await?;
    let mut not_in_this_file = elsewhere(desk, workspace, &messages).await?;
    let secrets = "what they sign in with: a hash of the password, of sessions, of a link and of tokens";
    not_in_this_file.push(json!({ "what": secrets, "where": "in the database of this server" }));
    Ok(json!({
        "workspace": workspace,
        "made": desk.now().iso(),
        "account": {
            "name": profile.name,
            "email": email,
            "extension": profile.extension,
            "role": profile.role,
            "language": account.language,
            "fallback": account.fallback,
            "caller_id": account.caller_id,
            "joined": account.joined.map(Timestamp::iso),
            "deactivated": account.deactivated.map(Timestamp::iso),
        },
        "numbers": answered.map(|number| json!({
            "number": number.number,
            "label": number.label,
            "everybody": number.answered_by.is_none(),
        })).collect::<Vec<_>>(),
        "link": link.map(|expires| json!({ "made": made(expires).iso(), "expires": expires.iso() })),
        "sessions_until": sessions.into_iter().map(Timestamp::iso).collect::<Vec<_>>(),
        "api_tokens": tokens.iter().filter(|token| token.by == *agent).map(|token| json!({
            "name": token.name,
            "scopes": token.scopes,
            "created": token.created.iso(),
            "used": token.used.map(Timestamp::iso),
            "revoked": token.revoked.map(Timestamp::iso),
        })).collect::<Vec<_>>(),
        "calls": calls.iter().map(call).collect::<Vec<_>>(),
        "messages": messages.iter().map(|one| message(desk, one)).collect::<Vec<_>>(),
        "webhooks": found.deliveries.iter().map(|told| delivery(&told.url, &told.event, told.at)).collect::<Vec<_>>(),
        "log": found.log.iter().map(noted).collect::<Vec<_>>(),
        "not_in_this_file": not_in_this_file,
    }))
}

/// When a link was made that expires then: each works for as long.
fn made(expires: Timestamp) -> Timestamp {
    Timestamp(expires.0 - i64::from(LINK_DAYS) * DAY_MILLIS)
}

/// A call of theirs that goes on, or one that they were added to.
fn going_on(call: &Call, number: &str) -> Option<Value> {
    let theirs = call.caller.number == number;
    (theirs || call.numbers_added().any(|added| added == number)).then(|| {
        json!({
            "call": call.id,
            "direction": call.direction,
            "added": !theirs,
            "name": if theirs { call.caller.name.as_deref() } else { None },
            "line": call.line.number,
            "agent": call.handled_by,
            "arrived": call.arrived.iso(),
            "answered": call.answered.map(Timestamp::iso),
        })
    })
}

/// Calls with others that they were called into. The history does not keep whom: the operational log does, for days.
async fn added_to(desk: Desk<'_>, workspace: &WorkspaceId, number: &str) -> Result<Vec<Value>, StoreError> {
    let events = desk.store().events_about(workspace, number).await?;
    let added = events.into_iter().filter_map(|recorded| match recorded.event {
        Event::Adding { call, who, line, by, .. } if who.number == number => Some(json!({
            "call": call,
            "at": recorded.at.iso(),
            "name": who.name,
            "line": line.number,
            "by": by,
        })),
        _ => None,
    });
    Ok(added.collect())
}

/// Entries of the audit log that are about a number, or in which it was chosen for something.
async fn log_about(desk: Desk<'_>, workspace: &WorkspaceId, number: &str) -> Result<Vec<Value>, StoreError> {
    let names = |value: &Option<String>| value.as_deref() == Some(number);
    let is_about = |entry: &Entry| {
        entry.subject == number || entry.changes.iter().any(|change| names(&change.before) || names(&change.after))
    };
    let (mut found, mut below) = (Vec::new(), None);
    loop {
        let page = desk.store().audit(workspace, below, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(found) };
        below = Some(*last);
        found.extend(page.iter().map(|(_, entry)| entry).filter(|entry| is_about(entry)).map(noted));
    }
}

/// What the file does not say, and where that is.
async fn elsewhere(
    desk: Desk<'_>,
    workspace: &WorkspaceId,
    messages: &[VoiceMessage],
) -> Result<Vec<Value>, StoreError> {
    let connection = desk.store().connection(workspace).await?;
    let recordings = messages.iter().map(|message| {
        json!({
            "recording": message.recording,
            "account": message.account,
            "at": message.at.iso(),
            "seconds": message.seconds,
        })
    });
    let account = connection.map(|connection| format!("at Twilio, in the account {}", connection.account));
    Ok(vec![
        json!({
            "what": "the sound of the messages",
            "where": "at Twilio; under `listen` for whoever may hear it",
            "recordings": recordings.collect::<Vec<_>>(),
        }),
        json!({
            "what": "what Twilio notes of calls and of text messages, and what else was recorded there",
            "where": account.as_deref().unwrap_or("at Twilio, in accounts that were connected before"),
        }),
        json!({
            "what": "the operational log, by which the floor goes on after a restart, and what is still to be told elsewhere",
            "where": "in the database of this server, for some days",
        }),
        json!({ "what": "backups", "where": "with the operator of this server" }),
    ])
}

fn noted(entry: &Entry) -> Value {
    json!({ "at": entry.at.iso(), "deed": entry.deed, "subject": entry.subject, "changes": entry.changes })
}

/// What was told elsewhere: to whom, of which event, and when.
fn delivery(url: &str, event: &str, at: Timestamp) -> Value {
    json!({ "to": host(url), "event": event, "at": at.iso() })
}

/// A message: the sound itself is at Twilio, and heard through us.
fn message(desk: Desk<'_>, message: &VoiceMessage) -> Value {
    json!({
        "recording": message.recording,
        "call": message.call,
        "from": message.number,
        "for": message.agent,
        "seconds": message.seconds,
        "at": message.at.iso(),
        "heard": message.heard.map(Timestamp::iso),
        "listen": format!("{}/voicemail/{}/audio", desk.setup.public_url, message.recording),
    })
}

fn call(record: &CallRecord) -> Value {
    json!({
        "call": record.call,
        "direction": record.direction,
        "number": record.caller.number,
        "name": record.caller.name,
        "line": record.line.number,
        "colleague": record.colleague,
        "agent": record.agent,
        "arrived": record.arrived.iso(),
        "answered": record.answered.map(Timestamp::iso),
        "ended": record.ended.iso(),
        "outcome": record.outcome,
        "hung_up_by": record.hung_up_by,
        "voicemail": record.voicemail.as_ref().map(|voicemail| &voicemail.agent),
    })
}

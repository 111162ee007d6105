//! Personal data: what is kept of one person is given out as a file, and erased.
//!
//! Erasing somebody outside begins at Twilio, which is asked for every call with their number: as long as it does not
//! answer, or one of these goes on, nothing is erased. Then everything here is, in one transaction that also notes which
//! calls are still to be deleted there, with their recordings. That is done at once and, where it fails, tried again.

mod forms;

use serde_json::{Value, json};
use switchyard::{
    call::{Caller, Direction},
    contacts::Contact,
    floor::Command,
    history::CallRecord,
    id::{AgentId, WorkspaceId},
    people::{Account, Fallback, Standing},
    ports::{CarrierCall, Store, StoreError},
    service::{Floors, Rejected},
    time::Timestamp,
    voicemail::VoiceMessage,
};
use thiserror::Error;

pub use self::forms::{back, erase_contact, erase_person, export_contact, export_person, retain};
use crate::{
    numbers,
    state::Deps,
    twilio::{client::ApiError, setup::Setup, translate::is_over},
    webhooks::host,
};

/// Calls that are read at once.
const PAGE: u32 = 500;

/// Why somebody's data could not be given out or erased.
#[derive(Debug, Error)]
pub enum PrivacyError {
    /// A call of theirs goes on, or ended so lately that news of it may still come.
    #[error("a call of theirs goes on, or ended less than two minutes ago")]
    Calling,
    /// They still belong to the workspace.
    #[error("only people who were deactivated can be erased")]
    Active,
    /// The number is one of the workspace's own.
    #[error("this is one of the workspace's own numbers")]
    Ours,
    /// The workspace is connected with Twilio, and it cannot be asked: its credentials cannot be opened.
    #[error("nothing was erased: Twilio cannot be asked for their calls")]
    Unasked,
    /// Twilio could not be asked for their calls.
    #[error("nothing was erased: {0}")]
    Carrier(#[from] ApiError),
    /// The database, or the floor, did not do it.
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
}

impl From<Rejected> for PrivacyError {
    fn from(rejected: Rejected) -> Self {
        Self::Store(StoreError::Unavailable(rejected.to_string()))
    }
}

/// What this is done with: by the server, and by a command beside it.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The store, the clock, and the carrier.
    pub setup: &'a Setup,
    /// The floors, which remember calls for a while.
    pub floors: &'a Floors,
}

impl Desk<'_> {
    fn store(&self) -> &dyn Store {
        &*self.setup.store
    }

    fn now(&self) -> Timestamp {
        self.setup.clock.now()
    }
}

impl Deps {
    /// What personal data are handled with.
    pub fn desk(&self) -> Desk<'_> {
        Desk { setup: &self.setup, floors: &self.floors }
    }
}

/// Everything that is kept of somebody outside.
pub async fn of_number(desk: Desk<'_>, workspace: &WorkspaceId, number: &str) -> Result<Value, StoreError> {
    let contact = desk.store().contact_with(workspace, number).await?;
    let mut calls: Vec<CallRecord> = Vec::new();
    loop {
        let below = calls.last().map(CallRecord::bookmark);
        let page = desk.store().calls_with(workspace, number, below.as_ref(), PAGE).await?;
        let last = page.len() < PAGE as usize;
        calls.extend(page);
        if last {
            break;
        }
    }
    let contact = contact.map(|Contact { name, note, .. }| json!({ "name": name, "note": note }));
    let told = desk.store().deliveries_about(workspace, number).await?;
    let messages = desk.store().messages_from(workspace, number).await?;
    Ok(json!({
        "workspace": workspace,
        "made": desk.now().iso(),
        "number": number,
        "contact": contact,
        "calls": calls.iter().map(call).collect::<Vec<_>>(),
        "messages": messages.iter().map(message).collect::<Vec<_>>(),
        "webhooks": told.into_iter().map(delivery).collect::<Vec<_>>(),
    }))
}

/// Everything that is kept of somebody in the workspace, but what they sign in with.
pub async fn of_person(desk: Desk<'_>, account: &Account) -> Result<Value, StoreError> {
    let Account { workspace, profile, email, .. } = account;
    let mut calls: Vec<CallRecord> = Vec::new();
    loop {
        let below = calls.last().map(CallRecord::bookmark);
        let page = desk.store().calls_of(account, below.as_ref(), PAGE).await?;
        let last = page.len() < PAGE as usize;
        calls.extend(page);
        if last {
            break;
        }
    }
    let told = desk.store().deliveries_of(account).await?;
    let mut messages: Vec<VoiceMessage> = Vec::new();
    loop {
        let below = messages.last().map(VoiceMessage::bookmark);
        let page = desk.store().messages(workspace, Some(&profile.id), below.as_ref(), PAGE).await?;
        let last = page.len() < PAGE as usize;
        messages.extend(page);
        if last {
            break;
        }
    }
    let sessions = desk.store().sessions_of(workspace, &profile.id).await?;
    let mut log = Vec::new();
    let mut below = None;
    loop {
        let page = desk.store().audit(workspace, below, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        below = Some(*last);
        log.extend(page.into_iter().map(|(_, entry)| entry).filter(|entry| is_about(entry, account)));
    }
    let log: Vec<Value> = log
        .iter()
        .map(|entry| json!({ "at": entry.at.iso(), "deed": entry.deed, "subject": entry.subject, "changes": entry.changes }))
        .collect();
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
            "joined": account.joined.map(Timestamp::iso),
            "deactivated": account.deactivated.map(Timestamp::iso),
        },
        "sessions_until": sessions.into_iter().map(Timestamp::iso).collect::<Vec<_>>(),
        "calls": calls.iter().map(call).collect::<Vec<_>>(),
        "messages": messages.iter().map(message).collect::<Vec<_>>(),
        "webhooks": told.into_iter().map(delivery).collect::<Vec<_>>(),
        "log": log,
    }))
}

/// Whether somebody did it, or it was done to them.
fn is_about(entry: &switchyard::audit::Entry, account: &Account) -> bool {
    use switchyard::audit::Actor;
    let by = matches!(&entry.by, Actor::Person { id, .. } if *id == account.profile.id);
    by || entry.whom.as_ref() == Some(&account.profile.id)
}

/// What was told elsewhere: to whom, of which event, and when.
fn delivery((url, event, at): (String, String, Timestamp)) -> Value {
    json!({ "to": host(&url), "event": event, "at": at.iso() })
}

/// A message: the sound itself is on its page, and at Twilio.
fn message(message: &VoiceMessage) -> Value {
    json!({
        "recording": message.recording,
        "call": message.call,
        "from": message.number,
        "for": message.agent,
        "seconds": message.seconds,
        "at": message.at.iso(),
        "heard": message.heard.map(Timestamp::iso),
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

/// Erases somebody outside here, and notes what is to be deleted at Twilio: [`finish`] does that.
pub async fn erase_number(desk: Desk<'_>, workspace: &WorkspaceId, number: &str) -> Result<(), PrivacyError> {
    // With one of our own numbers it would be every call that ever came in.
    if numbers::is_ours(desk.store(), workspace, number).await? {
        return Err(PrivacyError::Ours);
    }
    let calls = calls_with(desk, workspace, number).await?;
    forget(desk, workspace, |_, caller, _| caller.number == number).await?;
    Ok(desk.store().erase_number(workspace, number, &calls, desk.now()).await?)
}

/// Erases somebody who belongs to the workspace no more.
pub async fn erase(desk: Desk<'_>, account: &Account) -> Result<(), PrivacyError> {
    if account.standing() != Standing::Deactivated {
        return Err(PrivacyError::Active);
    }
    let profile = &account.profile;
    let theirs = |direction, caller: &Caller, colleague: Option<&AgentId>| match colleague {
        Some(colleague) => *colleague == profile.id,
        // From before it was kept who of us it was.
        None => {
            direction == Direction::Internal
                && (caller.number == profile.extension || caller.name.as_deref() == Some(&profile.name))
        }
    };
    // Their own telephone was called too, for calls that were moved to them.
    let calls = match &account.fallback {
        Fallback::Mobile(number) => calls_with(desk, &account.workspace, number).await?,
        Fallback::Nowhere | Fallback::Voicemail => Vec::new(),
    };
    forget(desk, &account.workspace, theirs).await?;
    Ok(desk.store().erase_person(account, &calls, desk.now()).await?)
}

/// Twilio's calls with a number, all of which must be over.
async fn calls_with(desk: Desk<'_>, workspace: &WorkspaceId, number: &str) -> Result<Vec<CarrierCall>, PrivacyError> {
    let Some(tenant) = desk.setup.tenants.of(workspace).await else {
        return match desk.store().connection(workspace).await? {
            Some(_) => Err(PrivacyError::Unasked),
            None => Ok(Vec::new()),
        };
    };
    let found = tenant.client.calls_with(number).await?;
    if found.iter().any(|call| !is_over(&call.status)) {
        return Err(PrivacyError::Calling);
    }
    Ok(found.into_iter().map(|call| CarrierCall { account: tenant.account.clone(), call: call.sid }).collect())
}

/// The floor forgets their calls, and a snapshot is kept that knows nothing of them.
async fn forget(
    desk: Desk<'_>,
    workspace: &WorkspaceId,
    with: impl Fn(Direction, &Caller, Option<&AgentId>) -> bool,
) -> Result<(), PrivacyError> {
    let floor = desk.floors.of(workspace);
    let calls = floor.snapshot().await?.remembered(&with, desk.now()).ok_or(PrivacyError::Calling)?;
    floor.send(Command::Forget { calls }).await?;
    let snapshot = floor.snapshot().await?;
    // Somebody may have called at this very moment.
    if snapshot.remembered(&with, desk.now()).is_none() {
        return Err(PrivacyError::Calling);
    }
    desk.store().save_snapshot(workspace, &snapshot, desk.now()).await?;
    Ok(())
}

/// Deletes what is still to be deleted at Twilio, of one workspace or of all. What cannot be is tried again; what is in an
/// account that is no longer connected waits for it.
pub async fn finish(desk: Desk<'_>, of: Option<&WorkspaceId>) {
    let waiting = match desk.store().undeleted().await {
        Ok(waiting) => waiting,
        Err(error) => return tracing::warn!(%error, "what is to be deleted at Twilio is not known"),
    };
    for (workspace, CarrierCall { account, call }) in
        waiting.into_iter().filter(|(workspace, _)| of.is_none_or(|of| of == workspace))
    {
        let tenant = desk.setup.tenants.of(&workspace).await;
        let Some(tenant) = tenant.filter(|tenant| tenant.account == account) else { continue };
        // A message that was removed is a recording whose call stays.
        let deleted = if call.starts_with("RE") {
            tenant.client.delete_recording(&call).await
        } else {
            tenant.client.delete_call(&call).await
        };
        let deleted = match deleted {
            Ok(()) => desk.store().deleted(&workspace, &call, desk.now()).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = deleted {
            tracing::warn!(%workspace, %call, error, "a call is not yet deleted at Twilio");
        }
    }
}

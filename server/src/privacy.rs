//! Personal data: what is kept of one person is given out as a file, and erased.
//!
//! Erasing somebody outside begins at Twilio, which is asked for every call and text message with their number: as long as
//! it does not answer, or one of these calls goes on, nothing is erased. Then everything here is, in one transaction that also
//! notes what is still to be deleted there, calls with their recordings. That is done at once and, where it fails, tried again.

mod export;
mod forms;
mod traces;

use std::collections::BTreeSet;

use switchyard::{
    audit::Entry,
    call::{Caller, Direction},
    floor::Command,
    history::CallRecord,
    id::{AgentId, WorkspaceId},
    people::{Account, Fallback, Standing},
    phone::is_e164,
    ports::{CarrierCall, Store, StoreError},
    service::{Floors, Rejected},
    time::Timestamp,
};
use thiserror::Error;
use tokio::sync::Mutex;

pub use self::export::{of_number, of_person};
pub use self::forms::{back, erase_contact, erase_person, export_contact, export_person, retain};
use crate::{
    numbers,
    state::Deps,
    twilio::{client::ApiError, setup::Setup, translate::is_over},
    urls::agent_of_identity,
};

/// Rows that are read at once.
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
    /// Taken while somebody is erased whom a page might change at the same moment.
    pub people: Option<&'a Mutex<()>>,
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
        Desk { setup: &self.setup, floors: &self.floors, people: Some(&self.people) }
    }
}

/// Erases somebody outside here, and notes what is to be deleted at Twilio: [`finish`] does that.
pub async fn erase_number(desk: Desk<'_>, workspace: &WorkspaceId, number: &str) -> Result<(), PrivacyError> {
    // With one of our own numbers it would be every call that ever came in.
    if numbers::is_ours(desk.store(), workspace, number).await? {
        return Err(PrivacyError::Ours);
    }
    let calls = at_twilio(desk, workspace, number).await?;
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
    let found = traces::find(desk, account).await?;
    // Their own telephone was called too, for calls that were moved to them; under former numbers before.
    let mut calls = Vec::new();
    let colleagues = desk.store().accounts(&account.workspace).await?;
    for number in mobiles(account, &found.log) {
        // With one of our own it would be every call that ever came in. One that somebody else has by now, or that is
        // somebody's outside, is theirs: it is erased with them.
        let has =
            |other: &Account| other.profile.id != profile.id && other.fallback == Fallback::Mobile(number.to_owned());
        let is_anothers = colleagues.iter().any(has)
            || desk.store().contact_with(&account.workspace, number).await?.is_some()
            || numbers::is_ours(desk.store(), &account.workspace, number).await?;
        if !is_anothers {
            calls.extend(at_twilio(desk, &account.workspace, number).await?);
        }
    }
    forget(desk, &account.workspace, theirs).await?;
    let traces = found.traces();
    let _turn = match desk.people {
        Some(people) => Some(people.lock().await),
        None => None,
    };
    Ok(desk.store().erase_person(account, &traces, &calls, desk.now()).await?)
}

/// The number of their own telephone, and those that it had before, as the audit log knows.
fn mobiles<'a>(account: &'a Account, log: &'a [Entry]) -> BTreeSet<&'a str> {
    let theirs = log.iter().filter(|entry| entry.whom.as_ref() == Some(&account.profile.id));
    let changes = theirs.flat_map(|entry| &entry.changes).filter(|change| change.what == "fallback");
    let known = changes.flat_map(|change| [&change.before, &change.after]).flatten().map(String::as_str);
    known.filter(|fallback| is_e164(fallback)).chain(account.fallback.mobile()).collect()
}

/// What Twilio has of a number and the workspace: calls, all of which must be over, and text messages. One that is on its way
/// is deleted later. What other systems on the same account have to do with the number is theirs.
async fn at_twilio(desk: Desk<'_>, workspace: &WorkspaceId, number: &str) -> Result<Vec<CarrierCall>, PrivacyError> {
    let Some(tenant) = desk.setup.tenants.of(workspace).await else {
        return match desk.store().connection(workspace).await? {
            Some(_) => Err(PrivacyError::Unasked),
            None => Ok(Vec::new()),
        };
    };
    let mut found = match tenant.client.calls_with(number).await {
        Ok(found) => found,
        // What was in it is Twilio's to forget.
        Err(error) if error.is_account_inactive() && is_closed(desk, workspace).await? => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let ours = numbers::ours(desk.store(), workspace).await?;
    let mut lines = lines(desk, workspace, number).await?;
    lines.extend(ours.iter().cloned());
    found.retain(|call| call.other_than(number).is_some_and(|other| is_us(workspace, &lines, other)));
    if found.iter().any(|call| !is_over(&call.status)) {
        return Err(PrivacyError::Calling);
    }
    let mut found: Vec<String> = found.into_iter().map(|call| call.sid).collect();
    let mut messages = tenant.client.messages_with(number).await?;
    messages.retain(|message| message.other_than(number).is_some_and(|other| ours.contains(other)));
    found.extend(messages.into_iter().map(|message| message.sid));
    Ok(found.into_iter().map(|call| CarrierCall { account: tenant.account.clone(), call }).collect())
}

/// Whether somebody in a call at Twilio is one of us: a number of ours, or a page.
fn is_us(workspace: &WorkspaceId, lines: &BTreeSet<String>, other: &str) -> bool {
    match other.strip_prefix("client:") {
        Some(identity) => agent_of_identity(workspace, identity).is_some(),
        None => lines.contains(other),
    }
}

/// The numbers through which we had to do with a number, given back since or not, as far as the history goes.
async fn lines(desk: Desk<'_>, workspace: &WorkspaceId, number: &str) -> Result<BTreeSet<String>, StoreError> {
    let (mut lines, mut below) = (BTreeSet::new(), None);
    loop {
        let page = desk.store().calls_with(workspace, number, below.as_ref(), PAGE).await?;
        below = page.last().map(CallRecord::bookmark);
        if below.is_none() {
            return Ok(lines);
        }
        lines.extend(page.into_iter().map(|record| record.line.number));
    }
}

/// Whether the account of a workspace is closed, and not only suspended.
async fn is_closed(desk: Desk<'_>, workspace: &WorkspaceId) -> Result<bool, PrivacyError> {
    let Some(connection) = desk.store().connection(workspace).await? else { return Ok(false) };
    let owner = desk.setup.tenants.owner(&connection).map_err(|_| PrivacyError::Unasked)?;
    Ok(owner.account().await?.get("status") == "closed")
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
        let deleted = match call.get(..2) {
            Some("RE") => tenant.client.delete_recording(&call).await,
            Some("SM" | "MM") => tenant.client.delete_message(&call).await,
            _ => tenant.client.delete_call(&call).await,
        };
        let deleted = match deleted {
            // With a closed account everything in it goes.
            Err(error) if error.is_account_inactive() && is_closed(desk, &workspace).await.unwrap_or(false) => Ok(()),
            deleted => deleted,
        };
        let deleted = match deleted {
            Ok(()) => desk.store().deleted(&workspace, &call, desk.now()).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = deleted {
            tracing::warn!(%workspace, %call, error, "a call, a recording or a message is not yet deleted at Twilio");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_numbers_and_our_pages_are_us_and_other_systems_are_not() {
        let lines = BTreeSet::from(["+40312345678".to_owned()]);
        for us in ["+40312345678", "client:salon_ana"] {
            assert!(is_us(&"salon".into(), &lines, us), "{us}");
        }
        for other in ["+40312000001", "client:ana", "client:bakery_ana", "sip:desk@elsewhere.example", ""] {
            assert!(!is_us(&"salon".into(), &lines, other), "{other}");
        }
    }
}

//! Where somebody of the workspace stands by what they were called: in calls from before it was kept who was called, in
//! what was told elsewhere of calls between two of us, and among those who answer a number in the audit log.

use std::collections::BTreeMap;

use serde::Deserialize;
use switchyard::{
    audit::Entry,
    history::CallRecord,
    id::{AgentId, WorkspaceId},
    people::Account,
    ports::{Naming, StoreError, Traces},
    register::Register,
};

use super::{Desk, PAGE};

/// All of that, as it is.
pub(super) struct Found {
    /// The newest first.
    pub(super) calls: Vec<CallRecord>,
    /// The newest first.
    pub(super) deliveries: Vec<Naming>,
    /// Entries of the audit log, the newest first: those that name them, and what they did or was done to them.
    pub(super) log: Vec<Entry>,
    traces: Traces,
}

impl Found {
    /// What is erased of it.
    pub(super) fn traces(self) -> Traces {
        self.traces
    }
}

/// What a message to others says of the colleague who was called.
#[derive(Deserialize)]
struct Told {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    call: Called,
}

#[derive(Deserialize)]
struct Called {
    number: String,
    name: Option<String>,
    /// Only of calls that are over.
    colleague: Option<AgentId>,
}

/// Finds somebody.
pub(super) async fn find(desk: Desk<'_>, account: &Account) -> Result<Found, StoreError> {
    let (store, workspace, agent) = (desk.store(), &account.workspace, &account.profile.id);
    // The log is read twice: who was called what must be known before it can be said who is meant.
    let is_renamed =
        |entry: &Entry| entry.changes.iter().any(|change| change.what == "name" || change.what == "extension");
    let (_, renames): (Vec<i64>, Vec<Entry>) = entries(desk, workspace, is_renamed).await?.into_iter().unzip();
    let register = Register::of(&store.accounts(workspace).await?, &renames);
    let (mut calls, mut deliveries) = (BTreeMap::new(), BTreeMap::new());
    for word in register.words(agent) {
        let named = store.calls_naming(workspace, word).await?;
        calls.extend(named.into_iter().map(|record| (record.call.clone(), record)));
    }
    // Whoever is told of by who they are may have been called something that nobody knows any more.
    for word in register.words(agent).into_iter().chain([agent.as_str()]) {
        let named = store.deliveries_naming(workspace, word).await?;
        deliveries.extend(named.into_iter().map(|naming| (naming.id, naming)));
    }
    calls.retain(|_, CallRecord { caller, arrived, .. }| {
        register.is_meant(agent, &caller.number, caller.name.as_deref(), *arrived)
    });
    deliveries.retain(|_, naming| match serde_json::from_str(&naming.body) {
        Ok(Told { data: Data { call: Called { colleague: Some(colleague), .. } } }) => colleague == *agent,
        Ok(Told { data: Data { call: Called { number, name, .. } } }) => {
            register.is_meant(agent, &number, name.as_deref(), naming.at)
        }
        Err(_) => false,
    });
    let theirs = |entry: &Entry| is_about(entry, account) || register.without(agent, entry).is_some();
    let log = entries(desk, workspace, theirs).await?;
    let traces = Traces {
        calls: calls.keys().cloned().collect(),
        deliveries: deliveries.keys().copied().collect(),
        entries: log.iter().filter_map(|(id, entry)| Some((*id, register.without(agent, entry)?))).collect(),
    };
    let mut calls: Vec<CallRecord> = calls.into_values().collect();
    calls.sort_by_key(|record| std::cmp::Reverse(record.ended));
    let log = log.into_iter().map(|(_, entry)| entry).collect();
    Ok(Found { calls, deliveries: deliveries.into_values().rev().collect(), log, traces })
}

/// Entries of the audit log that are wanted, the newest first. The whole of it may be large.
async fn entries(
    desk: Desk<'_>,
    workspace: &WorkspaceId,
    wanted: impl Fn(&Entry) -> bool,
) -> Result<Vec<(i64, Entry)>, StoreError> {
    let (mut entries, mut below) = (Vec::new(), None);
    loop {
        let page = desk.store().audit(workspace, below, PAGE).await?;
        below = page.last().map(|(id, _)| *id);
        if below.is_none() {
            return Ok(entries);
        }
        entries.extend(page.into_iter().filter(|(_, entry)| wanted(entry)));
    }
}

/// Whether somebody did it, or it was done to them.
fn is_about(entry: &Entry, account: &Account) -> bool {
    use switchyard::audit::Actor;
    let by = matches!(&entry.by, Actor::Person { id, .. } if *id == account.profile.id);
    by || entry.whom.as_ref() == Some(&account.profile.id)
}

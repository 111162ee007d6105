//! The workspace's numbers: who answers each, when, and which one is shown to whom we call.

mod arrivals;
mod buy;
mod edit;
mod hours;
mod release;

use std::collections::BTreeSet;

use switchyard::{
    call::Line,
    floor::Command,
    hours::zone_of,
    id::{AgentId, WorkspaceId},
    numbers::{self, Number},
    people::{Language, Standing},
    ports::{Arrival, Store, StoreError, Workspace},
    time::Timestamp,
};

pub use self::{
    arrivals::Arrivals,
    buy::buy,
    edit::{edit, zone},
    hours::zones,
    release::release,
};
use crate::state::Deps;

/// Where a number's own page is: its digits.
pub(crate) fn path_of(number: &str) -> String {
    format!("/settings/numbers/{}", number.trim_start_matches('+'))
}

/// What is known of a call that comes in.
pub(crate) struct Called {
    /// The caller's name, if they are a contact.
    pub(crate) caller: Option<String>,
    /// Which number they call.
    pub(crate) line: Line,
    /// Outside its hours: the language in which callers are told.
    pub(crate) closed: Option<Language>,
}

/// Who calls which number. What is not known of either keeps no call out, and a database that is away keeps it out only
/// when the call itself cannot be noted.
pub(crate) async fn called(deps: &Deps, workspace: &WorkspaceId, number: &str, caller: &str) -> Called {
    let known = deps.arrivals.of(workspace, number, caller).await;
    let closed = known.as_ref().and_then(|known| closed(known, deps.clock.now()));
    let (caller, label) = known.map_or((None, None), |known| (known.caller, known.label));
    let line = Line { number: number.to_owned(), label: label.unwrap_or_else(|| number.to_owned()) };
    Called { caller, line, closed }
}

fn closed(known: &Arrival, now: Timestamp) -> Option<Language> {
    let hours = known.hours.as_ref()?;
    let home = &known.workspace;
    let zone = home.zone.as_deref().unwrap_or_else(|| zone_of(&home.country));
    // A zone that nobody knows any more keeps no call out either.
    let (day, minute) = hours::local(now, zone)?;
    (!hours.is_open(day, minute)).then_some(home.language)
}

/// The workspace itself.
pub(crate) async fn home(deps: &Deps, workspace: &WorkspaceId) -> Result<Option<Workspace>, StoreError> {
    let all = deps.store.workspaces().await?;
    Ok(all.into_iter().find(|known| known.id == *workspace))
}

/// The workspace's own numbers: whoever calls one calls the floor.
pub(crate) async fn ours(store: &dyn Store, workspace: &WorkspaceId) -> Result<BTreeSet<String>, StoreError> {
    let named = store.numbers(workspace).await?.into_iter().map(|own| own.number);
    let connected = store.connected_numbers(workspace).await?.into_iter().map(|own| own.number);
    Ok(named.chain(connected).collect())
}

/// Whether a number is one of them.
pub(crate) async fn is_ours(store: &dyn Store, workspace: &WorkspaceId, number: &str) -> Result<bool, StoreError> {
    Ok(ours(store, workspace).await?.contains(number))
}

/// The number that whoever this person calls sees, if the workspace has any that rings here.
pub(crate) async fn caller_id(
    deps: &Deps,
    workspace: &WorkspaceId,
    agent: &AgentId,
) -> Result<Option<Line>, StoreError> {
    let numbers = deps.store.numbers(workspace).await?;
    let account = deps.store.account(workspace, agent).await?;
    let chosen = account.as_ref().and_then(|account| account.caller_id.as_deref());
    Ok(numbers::shown(&numbers, agent, chosen).map(Number::line))
}

/// Tells the floor who answers which numbers.
pub(crate) async fn staff(deps: &Deps, workspace: &WorkspaceId) -> Result<(), StoreError> {
    // Whoever left answers nothing; a number that nobody is left to answer is answered by everybody.
    let everyone = deps.store.accounts(workspace).await?;
    let is_here = |agent: &AgentId| {
        everyone.iter().any(|account| account.profile.id == *agent && account.standing() != Standing::Deactivated)
    };
    let mut lines = numbers::lines(&deps.store.numbers(workspace).await?);
    lines.retain(|_, agents| {
        agents.retain(is_here);
        !agents.is_empty()
    });
    let told = deps.floor(workspace).send(Command::Staff(lines)).await;
    told.map(drop).map_err(|error| StoreError::Unavailable(error.to_string()))
}

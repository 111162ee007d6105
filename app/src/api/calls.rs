//! Calls that are over.

use std::collections::{BTreeMap, BTreeSet};

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use switchyard::{
    history::{Bookmark, CallRecord},
    id::{AgentId, CallId, ContactId},
};

#[cfg(feature = "ssr")]
use switchyard::{contacts::Contact, rights::Right};

use super::AskError;

/// How many calls a page shows.
#[cfg(feature = "ssr")]
const PAGE: u32 = 50;

/// A page of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallsView {
    /// The newest first.
    pub calls: Vec<CallRecord>,
    /// The names of everyone in the workspace.
    pub names: BTreeMap<AgentId, String>,
    /// Who has the numbers of these calls, as far as they are known: their ids and names.
    pub contacts: BTreeMap<String, (ContactId, String)>,
    /// The calls in which messages were left that the reader may hear.
    pub messages: BTreeSet<CallId>,
    /// The page after this one begins below this place; `None` on the last page.
    pub older: Option<Bookmark>,
}

/// The newest calls, or those below a place in the history.
#[server(prefix = "/api/fn", endpoint = "load_calls", input = Json, output = Json)]
pub async fn load_calls(
    /// Where the page before ended.
    below: Option<Bookmark>,
) -> Result<CallsView, AskError> {
    let (visit, session) = super::visit::Visit::signed_in()?;
    let calls = visit.store.history(&session.workspace, below.as_ref(), CallsView::LIMIT).await;
    with_names(&visit, &session, calls.map_err(|_| AskError::Unavailable.answered())?, None).await
}

#[cfg(feature = "ssr")]
impl CallsView {
    /// One more than is shown says whether there is another page.
    pub(crate) const LIMIT: u32 = PAGE + 1;
}

/// A page of so many calls, and one more if there are more: of everybody, or with one contact, which may be years of calls apart.
#[cfg(feature = "ssr")]
pub(crate) async fn with_names(
    visit: &super::visit::Visit,
    session: &switchyard::ports::Session,
    mut calls: Vec<CallRecord>,
    with: Option<&Contact>,
) -> Result<CallsView, AskError> {
    let unavailable = |_| AskError::Unavailable.answered();
    let workspace = &session.workspace;
    let more = calls.len() > PAGE as usize;
    calls.truncate(PAGE as usize);
    let accounts = visit.store.accounts(workspace).await.map_err(unavailable)?;
    let mut contacts: Vec<_> = with.cloned().into_iter().collect();
    let mut messages = Vec::new();
    if let (Some(oldest), Some(newest)) = (calls.last(), calls.first()) {
        let whose = (!session.role.may(Right::HearMessages)).then_some(&session.agent);
        let (from, until) = (oldest.ended, newest.ended);
        if with.is_none() {
            contacts = visit.store.contacts_between(workspace, from, until).await.map_err(unavailable)?;
        }
        messages = visit.store.calls_with_messages(workspace, whose, from, until).await.map_err(unavailable)?;
    }
    Ok(CallsView {
        older: calls.last().filter(|_| more).map(CallRecord::bookmark),
        names: accounts.into_iter().map(|account| (account.profile.id, account.profile.name)).collect(),
        messages: messages.into_iter().collect(),
        contacts: contacts.into_iter().map(|contact| (contact.number, (contact.id, contact.name))).collect(),
        calls,
    })
}

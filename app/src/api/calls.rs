//! Calls that are over.

use std::collections::BTreeMap;

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use switchyard::{
    history::{Bookmark, CallRecord},
    id::{AgentId, ContactId},
};

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
    with_names(&visit, &session.workspace, calls.map_err(|_| AskError::Unavailable.answered())?).await
}

#[cfg(feature = "ssr")]
impl CallsView {
    /// One more than is shown says whether there is another page.
    pub(crate) const LIMIT: u32 = PAGE + 1;
}

/// A page of so many calls, and one more if there are more.
#[cfg(feature = "ssr")]
pub(crate) async fn with_names(
    visit: &super::visit::Visit,
    workspace: &switchyard::id::WorkspaceId,
    mut calls: Vec<CallRecord>,
) -> Result<CallsView, AskError> {
    let unavailable = |_| AskError::Unavailable.answered();
    let more = calls.len() > PAGE as usize;
    calls.truncate(PAGE as usize);
    let accounts = visit.store.accounts(workspace).await.map_err(unavailable)?;
    let contacts = match (calls.last(), calls.first()) {
        (Some(oldest), Some(newest)) => {
            visit.store.contacts_between(workspace, oldest.ended, newest.ended).await.map_err(unavailable)?
        }
        _ => Vec::new(),
    };
    Ok(CallsView {
        older: calls.last().filter(|_| more).map(CallRecord::bookmark),
        names: accounts.into_iter().map(|account| (account.profile.id, account.profile.name)).collect(),
        contacts: contacts.into_iter().map(|contact| (contact.number, (contact.id, contact.name))).collect(),
        calls,
    })
}

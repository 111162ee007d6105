//! Calls that are over.

use std::collections::BTreeMap;

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use switchyard::{
    history::{Bookmark, CallRecord},
    id::AgentId,
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
    let unavailable = |_| AskError::Unavailable.answered();
    // One more than is shown says whether there is another page.
    let mut calls = visit.store.history(&session.workspace, below.as_ref(), PAGE + 1).await.map_err(unavailable)?;
    let more = calls.len() > PAGE as usize;
    calls.truncate(PAGE as usize);
    let accounts = visit.store.accounts(&session.workspace).await.map_err(unavailable)?;
    Ok(CallsView {
        older: calls.last().filter(|_| more).map(CallRecord::bookmark),
        names: accounts.into_iter().map(|account| (account.profile.id, account.profile.name)).collect(),
        calls,
    })
}

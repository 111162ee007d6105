//! Calls that are over.

use std::collections::BTreeMap;

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use switchyard::{history::CallRecord, id::AgentId, time::Timestamp};

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
    /// The page after this one begins before this moment; `None` on the last page.
    pub older: Option<Timestamp>,
}

/// The newest calls that ended before `before`, or the newest at all.
#[server(prefix = "/api/fn", endpoint = "load_calls", input = Json, output = Json)]
pub async fn load_calls(
    /// The first moment that is too late; `None` is now.
    before: Option<Timestamp>,
) -> Result<CallsView, AskError> {
    let (visit, session) = super::visit::Visit::signed_in()?;
    let unavailable = |_| AskError::Unavailable.answered();
    let before = before.unwrap_or(Timestamp(i64::MAX));
    // One more than is shown says whether there is another page.
    let mut calls = visit.store.history(&session.workspace, before, PAGE + 1).await.map_err(unavailable)?;
    let more = calls.len() > PAGE as usize;
    calls.truncate(PAGE as usize);
    let accounts = visit.store.accounts(&session.workspace).await.map_err(unavailable)?;
    Ok(CallsView {
        older: calls.last().filter(|_| more).map(|call| call.ended),
        names: accounts.into_iter().map(|account| (account.profile.id, account.profile.name)).collect(),
        calls,
    })
}

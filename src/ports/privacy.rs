//! What is kept of one person: given to them, and erased.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    history::{Bookmark, CallRecord},
    id::{AgentId, WorkspaceId},
    people::Account,
    retention::Retention,
    time::Timestamp,
};

/// A call at the carrier, by its names for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierCall {
    /// The account that it is in: in any other it is not found, and is there all the same.
    pub account: String,
    /// The call, or a recording alone, when that is all that is to be deleted.
    pub call: String,
}

/// How many of a workspace's calls are still to be deleted at the carrier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undeleted {
    /// In the account that is connected.
    pub here: u32,
    /// In accounts that were connected before: nobody can delete them from here.
    pub elsewhere: u32,
}

/// What is kept of one person. Counts of calls stay as they are when somebody is erased.
#[async_trait]
pub trait Privacy: Send + Sync {
    /// When the sessions of somebody end.
    async fn sessions_of(&self, workspace: &WorkspaceId, agent: &AgentId) -> Result<Vec<Timestamp>, StoreError>;
    /// The calls that somebody talked in, ended, or was called in by a colleague, the newest first, as
    /// [`Directory::history`](super::Directory::history) answers them.
    async fn calls_of(
        &self,
        account: &Account,
        below: Option<&Bookmark>,
        limit: u32,
    ) -> Result<Vec<CallRecord>, StoreError>;
    /// Deliveries that tell of somebody as [`Self::erase_person`] finds them, the newest first: which endpoint, which event,
    /// and when.
    async fn deliveries_of(&self, account: &Account) -> Result<Vec<(String, String, Timestamp)>, StoreError>;

    /// Erases a number and whoever has it: the contact, their messages, their name and number in the history, and the operational log up
    /// to the newest snapshot, which must know nothing of them. The carrier's `calls` are still to be deleted there.
    async fn erase_number(
        &self,
        workspace: &WorkspaceId,
        number: &str,
        calls: &[CarrierCall],
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// Erases somebody who belongs to the workspace no more: what [`Account::erased`] leaves of their account stays, and the
    /// address is forgotten unless they sign in with it elsewhere. The carrier's `calls` are still to be deleted there.
    async fn erase_person(&self, account: &Account, calls: &[CarrierCall], at: Timestamp) -> Result<(), StoreError>;

    /// How long a workspace keeps its history, with messages, and its audit log.
    async fn retention(&self, workspace: &WorkspaceId) -> Result<Retention, StoreError>;
    /// Changes how long they are kept.
    async fn put_retention(&self, workspace: &WorkspaceId, retention: Retention) -> Result<(), StoreError>;
    /// Removes the calls of a workspace's history that ended before `before`. Answers how many.
    async fn forget_calls(&self, workspace: &WorkspaceId, before: Timestamp) -> Result<u64, StoreError>;
    /// Removes the entries of a workspace's audit log from before `before`. Answers how many.
    async fn forget_audit(&self, workspace: &WorkspaceId, before: Timestamp) -> Result<u64, StoreError>;

    /// Calls, and recordings of messages, that are still to be deleted at the carrier.
    async fn undeleted(&self) -> Result<Vec<(WorkspaceId, CarrierCall)>, StoreError>;
    /// How many of a workspace's calls are still to be deleted at the carrier.
    async fn undeleted_of(&self, workspace: &WorkspaceId) -> Result<Undeleted, StoreError>;
    /// A call or a recording was deleted at the carrier. For a day no news of it brings it back.
    async fn deleted(&self, workspace: &WorkspaceId, call: &str, at: Timestamp) -> Result<(), StoreError>;
}

//! What is kept of one person: given to them, and erased.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    audit::Change,
    floor::Recorded,
    history::{Bookmark, CallRecord},
    id::{AgentId, CallId, WorkspaceId},
    people::Account,
    retention::Retention,
    time::Timestamp,
};

/// A call at the carrier, by its names for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierCall {
    /// The account that it is in: in any other it is not found, and is there all the same.
    pub account: String,
    /// The call; or a recording alone, when that is all that is to be deleted; or a text message.
    pub call: String,
}

/// A delivery whose message has a word in it, which may be what somebody is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naming {
    /// Its number.
    pub id: i64,
    /// To which address; nothing when the endpoint is gone.
    pub url: String,
    /// Of which event.
    pub event: String,
    /// When.
    pub at: Timestamp,
    /// What was told.
    pub body: String,
}

/// Where somebody of the workspace stands by what they were called, and not by who they are
/// ([`Register`](crate::register::Register)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Calls between two of us, from before it was kept who was called.
    pub calls: Vec<CallId>,
    /// Deliveries that told of such calls.
    pub deliveries: Vec<i64>,
    /// Entries of the audit log, and what is left of them.
    pub entries: Vec<(i64, Vec<Change>)>,
}

/// How many of a workspace's calls, recordings and text messages are still to be deleted at the carrier.
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
    /// When the link by which somebody can come in expires, if they have one.
    async fn link_of(&self, workspace: &WorkspaceId, agent: &AgentId) -> Result<Option<Timestamp>, StoreError>;
    /// The calls that somebody talked in, ended, was left a message in, or was called in by a colleague, the newest first, as
    /// [`Directory::history`](super::Directory::history) answers them.
    async fn calls_of(
        &self,
        workspace: &WorkspaceId,
        agent: &AgentId,
        below: Option<&Bookmark>,
        limit: u32,
    ) -> Result<Vec<CallRecord>, StoreError>;
    /// Calls between two of us of which it was not kept who was called, but that it was this name or extension.
    async fn calls_naming(&self, workspace: &WorkspaceId, word: &str) -> Result<Vec<CallRecord>, StoreError>;
    /// Deliveries that tell of calls between two of us and have this word in them, whatever it stands for there, the newest first.
    async fn deliveries_naming(&self, workspace: &WorkspaceId, word: &str) -> Result<Vec<Naming>, StoreError>;
    /// What is left in the operational log that has this number in it, in order.
    async fn events_about(&self, workspace: &WorkspaceId, number: &str) -> Result<Vec<Recorded>, StoreError>;

    /// Erases a number and whoever has it: the contact, their messages, their name and number in the history, and the operational log up
    /// to the newest snapshot, which must know nothing of them. The carrier's `calls` are still to be deleted there.
    async fn erase_number(
        &self,
        workspace: &WorkspaceId,
        number: &str,
        calls: &[CarrierCall],
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// Erases somebody who belongs to the workspace no more, where they stand by who they are and in the `traces`: what
    /// [`Account::erased`] leaves of their account stays, and the address is forgotten unless they sign in with it elsewhere.
    /// The carrier's `calls` are still to be deleted there.
    async fn erase_person(
        &self,
        account: &Account,
        traces: &Traces,
        calls: &[CarrierCall],
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// How long a workspace keeps what it keeps.
    async fn retention(&self, workspace: &WorkspaceId) -> Result<Retention, StoreError>;
    /// Changes how long they are kept.
    async fn put_retention(&self, workspace: &WorkspaceId, retention: Retention) -> Result<(), StoreError>;
    /// Removes the calls of a workspace's history that ended before `before`. Answers how many.
    async fn forget_calls(&self, workspace: &WorkspaceId, before: Timestamp) -> Result<u64, StoreError>;
    /// Removes the entries of a workspace's audit log from before `before`. Answers how many.
    async fn forget_audit(&self, workspace: &WorkspaceId, before: Timestamp) -> Result<u64, StoreError>;

    /// Calls, recordings of messages, and text messages that are still to be deleted at the carrier.
    async fn undeleted(&self) -> Result<Vec<(WorkspaceId, CarrierCall)>, StoreError>;
    /// How many of a workspace's calls are still to be deleted at the carrier.
    async fn undeleted_of(&self, workspace: &WorkspaceId) -> Result<Undeleted, StoreError>;
    /// A call, a recording or a text message was deleted at the carrier. For a day no news of it brings it back.
    async fn deleted(&self, workspace: &WorkspaceId, call: &str, at: Timestamp) -> Result<(), StoreError>;
}

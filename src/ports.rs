//! What the rules need from the world, as traits. Adapters are in `server`; each is held to one contract test.

mod audit;
mod connections;
mod contacts;
mod people;
mod privacy;
mod tokens;
mod voicemail;
mod webhooks;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use self::audit::Audit;
pub use self::connections::{ConnectedNumber, Connection, Connections};
pub use self::contacts::Contacts;
pub use self::people::People;
pub use self::privacy::{CarrierCall, Naming, Privacy, Traces, Undeleted};
pub use self::tokens::Tokens;
pub use self::voicemail::Voicemail;
pub use self::webhooks::Webhooks;
use crate::{
    agent::Role,
    floor::{Effect, Floor, Recorded},
    history::{Among, Bookmark, CallRecord},
    hours::Hours,
    id::{AgentId, CallId, WorkspaceId},
    numbers::Number,
    people::Language,
    time::Timestamp,
    webhooks::Message,
};

/// The store did not do what was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Somebody else appended first: load what they wrote, decide again.
    #[error("the log has moved on")]
    Conflict,
    /// What must be unique belongs to somebody else: an e-mail address, an extension, a carrier's account.
    #[error("it is already taken")]
    Taken,
    /// The database cannot be reached, or failed.
    #[error("the database failed: {0}")]
    Unavailable(String),
    /// A row does not hold what it should.
    #[error("a stored value cannot be read: {0}")]
    Corrupt(String),
}

/// What is written in one transaction: all of it or nothing.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// At least one event, with the versions that follow the expected one, without gaps.
    pub events: Vec<Recorded>,
    /// For the outbox, in order.
    pub effects: Vec<Effect>,
    /// Rows of the history: written, or written over by call.
    pub records: Vec<CallRecord>,
    /// For every endpoint of the workspace that is told of such events, in order.
    pub messages: Vec<Message>,
}

/// A floor as it was stored: a snapshot and what happened since.
#[derive(Debug, Default)]
pub struct Stored {
    /// The newest snapshot; an empty floor when there is none.
    pub floor: Floor,
    /// Events after it, in order.
    pub events: Vec<Recorded>,
}

/// An effect in the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxItem {
    /// Its number: effects of one workspace are numbered in the order in which they were asked for.
    pub id: i64,
    /// Whose.
    pub workspace: WorkspaceId,
    /// What to do.
    pub effect: Effect,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was asked for.
    pub created: Timestamp,
}

/// The log of one workspace, and what is written with it.
#[async_trait]
pub trait Log: Send + Sync {
    /// The floor as stored.
    async fn load(&self, workspace: &WorkspaceId) -> Result<Stored, StoreError>;

    /// Appends after `expected`, the version that the writer knows.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the log is not at `expected`; then nothing was written.
    async fn append(&self, workspace: &WorkspaceId, expected: u64, batch: &Batch) -> Result<(), StoreError>;

    /// Events after `version`, in order, at most `limit`.
    /// The first is `version + 1` unless retention removed it: then the answer does not start there, and readers need a snapshot.
    async fn events_after(
        &self,
        workspace: &WorkspaceId,
        version: u64,
        limit: u32,
    ) -> Result<Vec<Recorded>, StoreError>;

    /// Keeps `floor` as the newest snapshot. An older one than what is kept changes nothing.
    async fn save_snapshot(&self, workspace: &WorkspaceId, floor: &Floor, at: Timestamp) -> Result<(), StoreError>;

    /// Removes events from before `before` that a snapshot covers, and effects that were done before then. Answers how many rows went.
    async fn forget_before(&self, before: Timestamp) -> Result<u64, StoreError>;
}

/// Effects that wait to be carried out. Effects of one call are handed out one at a time, in order.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Effects that are due, the oldest of each call, at most `limit`. Each is claimed until `claim_until`: two workers
    /// never hold the same one, and one whose worker died is due again then.
    async fn claim(&self, now: Timestamp, claim_until: Timestamp, limit: u32) -> Result<Vec<OutboxItem>, StoreError>;

    /// Ends every claim on effects that are not finished, and counts a try for each: whoever held them is no more, and
    /// may have got through. For the start of the only process that works on this store.
    async fn release_claims(&self) -> Result<(), StoreError>;

    /// The effect was carried out, or given up; `error` says why it was given up.
    async fn finish(
        &self,
        workspace: &WorkspaceId,
        id: i64,
        now: Timestamp,
        error: Option<&str>,
    ) -> Result<(), StoreError>;

    /// The effect is tried again at `due`, and has been tried once more.
    async fn retry(&self, workspace: &WorkspaceId, id: i64, due: Timestamp, error: &str) -> Result<(), StoreError>;

    /// Effects of a call that are not yet finished.
    async fn unfinished(&self, workspace: &WorkspaceId, call: &CallId) -> Result<Vec<OutboxItem>, StoreError>;
}

/// A company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// Its id, part of every public address.
    pub id: WorkspaceId,
    /// As people call it.
    pub name: String,
    /// Where it is, by ISO 3166-1 (`RO`): its people write numbers as is usual there.
    pub country: String,
    /// The language that new people are spoken to in.
    pub language: Language,
    /// The carrier's name of its account, when it has one.
    pub account: Option<String>,
    /// Its time zone, by IANA's name; `None` is that of its country.
    pub zone: Option<String>,
}

/// What is known when somebody calls one of a workspace's numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Whose number it is.
    pub workspace: Workspace,
    /// What the workspace calls the number, if it knows it.
    pub label: Option<String>,
    /// When the number is open; `None` is always.
    pub hours: Option<Hours>,
    /// The caller's name, if they are a contact.
    pub caller: Option<String>,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Where.
    pub workspace: WorkspaceId,
    /// Who.
    pub agent: AgentId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// Workspaces, numbers and the history.
#[async_trait]
pub trait Directory: Send + Sync {
    /// Every workspace.
    async fn workspaces(&self) -> Result<Vec<Workspace>, StoreError>;
    /// Creates or changes a workspace.
    async fn put_workspace(&self, workspace: &Workspace) -> Result<(), StoreError>;
    /// The workspace that owns a carrier's account.
    async fn workspace_of_account(&self, account: &str) -> Result<Option<Workspace>, StoreError>;

    /// Creates or changes a number. One that is the default takes that from the one before. Whether it rings here is not
    /// said with this, but by [`Connections::note_number`].
    async fn put_number(&self, workspace: &WorkspaceId, number: &Number) -> Result<(), StoreError>;
    /// A workspace's numbers, in order.
    async fn numbers(&self, workspace: &WorkspaceId) -> Result<Vec<Number>, StoreError>;
    /// What is known of calls to a workspace's numbers, each asked for by the number that was called and the caller's: in
    /// one statement, because every call asks. Nothing when there is no such workspace.
    async fn arrivals(&self, workspace: &WorkspaceId, calls: &[(&str, &str)]) -> Result<Vec<Arrival>, StoreError>;
    /// Forgets a number, and that people show it. The history still names it.
    async fn remove_number(&self, workspace: &WorkspaceId, number: &str) -> Result<(), StoreError>;

    /// The newest calls of a workspace's history, or those below a place in it, at most `limit`, the newest first.
    async fn history(
        &self,
        workspace: &WorkspaceId,
        below: Option<&Bookmark>,
        limit: u32,
    ) -> Result<Vec<CallRecord>, StoreError>;
    /// The same of the calls that are looked for.
    async fn calls_among(
        &self,
        workspace: &WorkspaceId,
        among: &Among,
        below: Option<&Bookmark>,
        limit: u32,
    ) -> Result<Vec<CallRecord>, StoreError>;
    /// A call of a workspace's history.
    async fn past_call(&self, workspace: &WorkspaceId, call: &CallId) -> Result<Option<CallRecord>, StoreError>;
}

/// Who is signed in, and who tries to be. Tokens and addresses arrive here already hashed.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Opens a session.
    async fn open_session(
        &self,
        token_hash: &str,
        workspace: &WorkspaceId,
        agent: &AgentId,
        expires: Timestamp,
    ) -> Result<(), StoreError>;
    /// The session with this token, if it has not expired, with the person's name and role as they are now. Nobody who was
    /// deactivated has one.
    async fn session(&self, token_hash: &str, now: Timestamp) -> Result<Option<Session>, StoreError>;
    /// Goes on with a session as another account of the same person.
    async fn switch_session(
        &self,
        token_hash: &str,
        workspace: &WorkspaceId,
        agent: &AgentId,
    ) -> Result<(), StoreError>;
    /// Closes every session of whoever signs in with this address, in all workspaces, but the one with the token `except`.
    async fn close_sessions(&self, email: &str, except: Option<&str>) -> Result<(), StoreError>;
    /// Closes a session. One that is not there is closed.
    async fn close_session(&self, token_hash: &str) -> Result<(), StoreError>;
    /// Notes a failed sign-in under a key and answers how many there were since `since`, this one included.
    async fn note_failure(&self, key: &str, now: Timestamp, since: Timestamp) -> Result<u32, StoreError>;
    /// How many failed sign-ins there were under a key since `since`.
    async fn failures(&self, key: &str, since: Timestamp) -> Result<u32, StoreError>;
    /// Forgets the failures under a key.
    async fn clear_failures(&self, key: &str) -> Result<(), StoreError>;
}

/// All of it.
pub trait Store:
    Log + Outbox + Directory + Contacts + People + Sessions + Connections + Audit + Privacy + Tokens + Voicemail + Webhooks
{
}
impl<T> Store for T where
    T: Log
        + Outbox
        + Directory
        + Contacts
        + People
        + Sessions
        + Connections
        + Audit
        + Privacy
        + Tokens
        + Voicemail
        + Webhooks
{
}

/// The clock: the only place where `now` comes from.
pub trait Clock: Send + Sync {
    /// This moment.
    fn now(&self) -> Timestamp;
}

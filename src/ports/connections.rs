//! How each workspace is connected with its carrier. What is secret arrives here sealed, and leaves sealed.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::{id::WorkspaceId, time::Timestamp};

/// A workspace's account at the carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Whose.
    pub workspace: WorkspaceId,
    /// The carrier's name of the account, unique on this installation.
    pub account: String,
    /// The secret that the carrier signs with, sealed.
    pub auth_token: String,
    /// While it is changed: the other one that may be signed with, sealed.
    pub other_token: Option<String>,
    /// The name of the key with which we ask the carrier and sign access tokens.
    pub key: Option<String>,
    /// Its secret, sealed.
    pub key_secret: Option<String>,
    /// What the carrier calls the application through which calls come to us.
    pub application: Option<String>,
    /// Where the carrier was told to reach us, without a slash at the end.
    pub base_url: String,
    /// Whom the workspace calls: countries by ISO 3166-1, separated by spaces, its own first.
    pub countries: String,
    /// When any of this changed. A later change has a later time, also within one millisecond.
    pub changed: Timestamp,
}

/// A number of a workspace's account that was pointed at us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedNumber {
    /// E.164.
    pub number: String,
    /// How it was set up before, as JSON.
    pub before: String,
}

/// Connections with carriers, the numbers that came through them, and what the last comparison found.
#[async_trait]
pub trait Connections: Send + Sync {
    /// Every workspace that is connected.
    async fn connections(&self) -> Result<Vec<Connection>, StoreError>;
    /// The connection of a workspace.
    async fn connection(&self, workspace: &WorkspaceId) -> Result<Option<Connection>, StoreError>;
    /// The connection that has this account.
    async fn connection_of_account(&self, account: &str) -> Result<Option<Connection>, StoreError>;
    /// Connects a workspace that is not, or changes how it is connected, unless somebody else has done so `since` it was read:
    /// `None` where there was nothing to read, else when that had changed. Answers whether it is kept.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the account is another workspace's.
    async fn put_connection(&self, connection: &Connection, since: Option<Timestamp>) -> Result<bool, StoreError>;

    /// The numbers that were pointed at us, in order.
    async fn connected_numbers(&self, workspace: &WorkspaceId) -> Result<Vec<ConnectedNumber>, StoreError>;
    /// Notes a number before it is pointed at us. What is known already of how it was before stays.
    async fn note_number(&self, workspace: &WorkspaceId, number: &ConnectedNumber) -> Result<(), StoreError>;
    /// What is known of how a number was before is put right. A number that was never noted is not noted by this.
    async fn amend_number(&self, workspace: &WorkspaceId, number: &ConnectedNumber) -> Result<(), StoreError>;
    /// Forgets a number: it is not ours to look after any more.
    async fn forget_number(&self, workspace: &WorkspaceId, number: &str) -> Result<(), StoreError>;

    /// What the last comparison with the carrier found, as JSON.
    async fn findings(&self, workspace: &WorkspaceId) -> Result<Option<String>, StoreError>;
    /// Keeps what a comparison found, instead of what the one before did.
    async fn put_findings(&self, workspace: &WorkspaceId, findings: &str) -> Result<(), StoreError>;
}

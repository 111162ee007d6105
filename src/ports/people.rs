//! Accounts, the passwords behind them, and the ways in: set-up codes and links. Codes and tokens arrive here already hashed.

use async_trait::async_trait;

use super::{StoreError, Workspace};
use crate::{
    id::{AgentId, WorkspaceId},
    people::Account,
    time::Timestamp,
};

/// Who belongs to which workspace, and how they get in.
#[async_trait]
pub trait People: Send + Sync {
    /// Notes the code with which the first workspace can be made. Those before it are worth nothing.
    async fn put_set_up_code(&self, code_hash: &str) -> Result<(), StoreError>;
    /// Makes the first workspace and its owner, who signs in with this password (Argon2id, in PHC format), if there is no
    /// workspace and this is the code, which is then worth nothing. Answers whether it was done: of two at once, one is.
    async fn found(
        &self,
        code_hash: &str,
        workspace: &Workspace,
        owner: &Account,
        password: &str,
    ) -> Result<bool, StoreError>;

    /// Makes a workspace and its owner, who comes in by the link with this hash until it expires, all with one stroke.
    /// Answers whether it was done: nothing is when there is a workspace with this id.
    async fn open_workspace(
        &self,
        workspace: &Workspace,
        owner: &Account,
        link_hash: &str,
        expires: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Everyone in a workspace, by extension, those who were deactivated included.
    async fn accounts(&self, workspace: &WorkspaceId) -> Result<Vec<Account>, StoreError>;
    /// Somebody in a workspace.
    async fn account(&self, workspace: &WorkspaceId, agent: &AgentId) -> Result<Option<Account>, StoreError>;
    /// The accounts of whoever signs in with this address (compared in lower case), by workspace.
    async fn accounts_of(&self, email: &str) -> Result<Vec<Account>, StoreError>;
    /// The workspaces to which whoever has this account belongs, by name.
    async fn workspaces_of(&self, workspace: &WorkspaceId, agent: &AgentId) -> Result<Vec<Workspace>, StoreError>;
    /// Creates or changes an account, by id. An address that is there already stays: [`People::change_email`] changes it.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when somebody in the workspace has the address or the extension.
    async fn put_account(&self, account: &Account) -> Result<(), StoreError>;
    /// Somebody belongs to the workspace no more: their sessions there and their links are gone with the same stroke.
    async fn deactivate(&self, workspace: &WorkspaceId, agent: &AgentId, at: Timestamp) -> Result<(), StoreError>;

    /// The password of whoever signs in with this address (Argon2id, in PHC format); `None` when they have none yet, or when
    /// nobody signs in with it.
    async fn password(&self, email: &str) -> Result<Option<String>, StoreError>;
    /// Changes the password of whoever signs in with this address.
    async fn put_password(&self, email: &str, password: &str) -> Result<(), StoreError>;
    /// Changes the address that somebody signs in with, in all workspaces.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when somebody else signs in with it.
    async fn change_email(&self, from: &str, to: &str) -> Result<(), StoreError>;

    /// Notes a link by which somebody can get in. The one that they had before is worth nothing.
    async fn put_link(
        &self,
        token_hash: &str,
        workspace: &WorkspaceId,
        agent: &AgentId,
        expires: Timestamp,
    ) -> Result<(), StoreError>;
    /// Whose link this is, if it has not expired or been used.
    async fn link(&self, token_hash: &str, now: Timestamp) -> Result<Option<Account>, StoreError>;
    /// Uses a link: whoever it was for belongs to the workspace from now on, under this name, and signs in with the
    /// password, if one is given. Answers whether it was still there: of two at once, one is.
    async fn use_link(
        &self,
        token_hash: &str,
        now: Timestamp,
        name: &str,
        password: Option<&str>,
    ) -> Result<bool, StoreError>;
}

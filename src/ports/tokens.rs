//! Tokens with which programs use the API. They arrive here already hashed.

use async_trait::async_trait;

use super::{Session, StoreError};
use crate::{id::WorkspaceId, time::Timestamp, token::ApiToken};

/// The API tokens of each workspace.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// Adds a token of somebody's.
    async fn put_token(&self, token_hash: &str, workspace: &WorkspaceId, token: &ApiToken) -> Result<(), StoreError>;
    /// A workspace's tokens, the newest first, those that were revoked included.
    async fn tokens(&self, workspace: &WorkspaceId) -> Result<Vec<ApiToken>, StoreError>;
    /// The token with this hash, and for whom it acts, with their name and role as they are now. None when it was revoked,
    /// or when whoever made it was deactivated.
    async fn token(&self, token_hash: &str) -> Result<Option<(ApiToken, Session)>, StoreError>;
    /// A token is worth nothing from now on. Answers its name, or nothing when there is no such token, or not any more.
    async fn revoke_token(
        &self,
        workspace: &WorkspaceId,
        id: &str,
        at: Timestamp,
    ) -> Result<Option<String>, StoreError>;
    /// Notes that a token was used.
    async fn note_token_use(&self, workspace: &WorkspaceId, id: &str, at: Timestamp) -> Result<(), StoreError>;
}

//! Who did what as an administrator.

use async_trait::async_trait;

use super::StoreError;
use crate::{audit::Entry, id::WorkspaceId};

/// The audit log of each workspace: it only grows, until [retention](crate::retention) removes what is old.
#[async_trait]
pub trait Audit: Send + Sync {
    /// Notes what was done.
    async fn note(&self, workspace: &WorkspaceId, entry: &Entry) -> Result<(), StoreError>;
    /// What was done, the newest first, at most `limit`; below an entry's number, or from the newest on.
    async fn audit(
        &self,
        workspace: &WorkspaceId,
        below: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, Entry)>, StoreError>;
}

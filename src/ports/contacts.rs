//! Whom a workspace knows outside.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    contacts::{Contact, Search},
    history::{Bookmark, CallRecord},
    id::{ContactId, WorkspaceId},
    time::Timestamp,
};

/// Contacts, and their calls.
#[async_trait]
pub trait Contacts: Send + Sync {
    /// Adds somebody.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when another contact has the number.
    async fn add_contact(&self, contact: &Contact) -> Result<(), StoreError>;
    /// Changes somebody. Answers whether they were still there.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when another contact has the number.
    async fn change_contact(&self, contact: &Contact) -> Result<bool, StoreError>;
    /// Removes somebody. Their calls stay in the history. Answers whether they were still there.
    async fn remove_contact(&self, workspace: &WorkspaceId, contact: &ContactId) -> Result<bool, StoreError>;

    /// Somebody.
    async fn contact(&self, workspace: &WorkspaceId, contact: &ContactId) -> Result<Option<Contact>, StoreError>;
    /// Whoever has this number.
    async fn contact_with(&self, workspace: &WorkspaceId, number: &str) -> Result<Option<Contact>, StoreError>;
    /// The name of whoever has this number.
    async fn contact_name(&self, workspace: &WorkspaceId, number: &str) -> Result<Option<String>, StoreError> {
        Ok(self.contact_with(workspace, number).await?.map(|contact| contact.name))
    }
    /// Those who are looked for, by name, at most `limit`; those that follow `after`, from the first when there is nobody
    /// of that id any more.
    async fn contacts(
        &self,
        workspace: &WorkspaceId,
        search: &Search,
        after: Option<&ContactId>,
        limit: u32,
    ) -> Result<Vec<Contact>, StoreError>;
    /// Those with whom calls ended between two moments, both included.
    async fn contacts_between(
        &self,
        workspace: &WorkspaceId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Contact>, StoreError>;

    /// The calls with a number, the newest first, as [`Directory::history`](super::Directory::history) answers them.
    async fn calls_with(
        &self,
        workspace: &WorkspaceId,
        number: &str,
        below: Option<&Bookmark>,
        limit: u32,
    ) -> Result<Vec<CallRecord>, StoreError>;
}

//! Whom a workspace knows outside.

use async_trait::async_trait;
use switchyard::{
    contacts::{Contact, Search, folded},
    history::{Bookmark, CallRecord},
    id::{ContactId, WorkspaceId},
    ports::{Contacts, StoreError},
    time::Timestamp,
};

use super::{
    Sql,
    directory::{CallRow, record},
    engine::{Engine, Scope, part, values},
};

/// Workspace, contact, number, name, note.
type ContactRow = (String, String, String, String, String);

#[async_trait]
impl<E: Engine> Contacts for Sql<E> {
    async fn add_contact(&self, contact: &Contact) -> Result<(), StoreError> {
        let Contact { workspace, id, number, name, note } = contact;
        self.0
            .run(
                Scope::Of(workspace),
                "INSERT INTO contacts (workspace, contact, number, name, folded, note) VALUES ($1, $2, $3, $4, $5, $6)",
                &values![workspace, id, number, name, &folded(name), note],
            )
            .await?;
        Ok(())
    }

    async fn change_contact(&self, contact: &Contact) -> Result<bool, StoreError> {
        let Contact { workspace, id, number, name, note } = contact;
        let changed = self
            .0
            .run(
                Scope::Of(workspace),
                "UPDATE contacts SET number = $3, name = $4, folded = $5, note = $6 WHERE workspace = $1 AND contact = $2",
                &values![workspace, id, number, name, &folded(name), note],
            )
            .await?;
        Ok(changed > 0)
    }

    async fn remove_contact(&self, workspace: &WorkspaceId, contact: &ContactId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM contacts WHERE workspace = $1 AND contact = $2";
        Ok(self.0.run(Scope::Of(workspace), sql, &values![workspace, contact]).await? > 0)
    }

    async fn contact(&self, workspace: &WorkspaceId, contact: &ContactId) -> Result<Option<Contact>, StoreError> {
        let sql = "SELECT workspace, contact, number, name, note FROM contacts WHERE workspace = $1 AND contact = $2";
        Ok(self.0.read(Scope::Of(workspace), sql, &values![workspace, contact]).await?.pop().map(read))
    }

    async fn contact_with(&self, workspace: &WorkspaceId, number: &str) -> Result<Option<Contact>, StoreError> {
        let sql = "SELECT workspace, contact, number, name, note FROM contacts WHERE workspace = $1 AND number = $2";
        Ok(self.0.read(Scope::Of(workspace), sql, &values![workspace, number]).await?.pop().map(read))
    }

    async fn contacts(
        &self,
        workspace: &WorkspaceId,
        search: &Search,
        after: Option<&ContactId>,
        limit: u32,
    ) -> Result<Vec<Contact>, StoreError> {
        let after = match after {
            Some(after) => self.contact(workspace, after).await?,
            None => None,
        };
        // Everybody has a name, so that everybody follows nobody.
        let (name, id) = after.map_or_else(Default::default, |after| (folded(&after.name), after.id.to_string()));
        let digits = search.digits.as_deref().map(part);
        let rows = self
            .0
            .read(
                Scope::Of(workspace),
                "SELECT workspace, contact, number, name, note FROM contacts
                 WHERE workspace = $1 AND (folded LIKE $2 ESCAPE '!' OR number LIKE $3)
                 AND (folded, contact) > ($4, $5) ORDER BY folded, contact LIMIT $6",
                &values![workspace, &part(&search.name), digits.as_deref(), &name, &id, limit],
            )
            .await?;
        Ok(rows.into_iter().map(read).collect())
    }

    async fn contacts_between(
        &self,
        workspace: &WorkspaceId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Contact>, StoreError> {
        let rows = self
            .0
            .read(
                Scope::Of(workspace),
                "SELECT workspace, contact, number, name, note FROM contacts WHERE workspace = $1 AND number IN (
                     SELECT from_number FROM calls WHERE workspace = $1 AND ended BETWEEN $2 AND $3
                 )",
                &values![workspace, from, to],
            )
            .await?;
        Ok(rows.into_iter().map(read).collect())
    }

    async fn calls_with(
        &self,
        workspace: &WorkspaceId,
        number: &str,
        below: Option<&Bookmark>,
        limit: u32,
    ) -> Result<Vec<CallRecord>, StoreError> {
        let (ended, call) = below.map_or((Timestamp(i64::MAX), ""), |below| (below.ended, below.call.as_str()));
        self.0
            .read::<CallRow>(
                Scope::Of(workspace),
                "SELECT call, direction, from_number, from_name, to_number, to_label, colleague, agent, arrived, answered,
                 ended, outcome, hung_up_by, voicemail, voicemail_since FROM calls
                 WHERE workspace = $1 AND from_number = $2 AND (ended, call) < ($3, $4)
                 ORDER BY ended DESC, call DESC LIMIT $5",
                &values![workspace, number, ended, call, limit],
            )
            .await?
            .into_iter()
            .map(record)
            .collect()
    }
}

fn read((workspace, id, number, name, note): ContactRow) -> Contact {
    Contact { workspace: workspace.into(), id: id.into(), number, name, note }
}

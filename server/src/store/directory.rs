//! Workspaces, numbers, contacts, and the history.

use async_trait::async_trait;
use switchyard::{
    call::{Caller, Line},
    history::{Bookmark, CallRecord, HungUpBy},
    id::WorkspaceId,
    people::Language,
    ports::{Directory, Number, StoreError, Workspace},
    time::Timestamp,
};

use super::{
    Sql,
    engine::{Engine, Scope, corrupt, values, word},
};

/// Workspace, name, country, language, the carrier's account.
pub(super) type WorkspaceRow = (String, String, String, String, Option<String>);
/// Call, direction, caller's number and name, our number and label, agent, arrived, answered, ended, outcome, hung up by.
type CallRow =
    (String, String, String, Option<String>, String, String, Option<String>, i64, Option<i64>, i64, String, String);

#[async_trait]
impl<E: Engine> Directory for Sql<E> {
    async fn workspaces(&self) -> Result<Vec<Workspace>, StoreError> {
        let sql = "SELECT workspace, name, country, language, account FROM workspaces ORDER BY workspace";
        self.0.read(Scope::Installation, sql, &[]).await?.into_iter().map(workspace).collect()
    }

    async fn put_workspace(&self, workspace: &Workspace) -> Result<(), StoreError> {
        self.0
            .run(
                Scope::Of(&workspace.id),
                "INSERT INTO workspaces (workspace, name, country, language, account) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (workspace) DO UPDATE SET name = excluded.name, country = excluded.country,
                 language = excluded.language, account = excluded.account",
                &values![
                    &workspace.id,
                    &workspace.name,
                    &workspace.country,
                    workspace.language.code(),
                    workspace.account.as_deref()
                ],
            )
            .await?;
        Ok(())
    }

    async fn workspace_of_account(&self, account: &str) -> Result<Option<Workspace>, StoreError> {
        let sql = "SELECT workspace, name, country, language, account FROM workspaces WHERE account = $1";
        self.0.read(Scope::Installation, sql, &values![account]).await?.pop().map(workspace).transpose()
    }

    async fn put_number(&self, workspace: &WorkspaceId, number: &Number) -> Result<(), StoreError> {
        self.0
            .run(
                Scope::Of(workspace),
                "INSERT INTO numbers (workspace, number, label) VALUES ($1, $2, $3)
                 ON CONFLICT (workspace, number) DO UPDATE SET label = excluded.label",
                &values![workspace, &number.number, &number.label],
            )
            .await?;
        Ok(())
    }

    async fn numbers(&self, workspace: &WorkspaceId) -> Result<Vec<Number>, StoreError> {
        let sql = "SELECT number, label FROM numbers WHERE workspace = $1 ORDER BY number";
        let rows = self.0.read(Scope::Of(workspace), sql, &values![workspace]).await?;
        Ok(rows.into_iter().map(|(number, label)| Number { number, label }).collect())
    }

    async fn put_contact(&self, workspace: &WorkspaceId, number: &str, name: &str) -> Result<(), StoreError> {
        self.0
            .run(
                Scope::Of(workspace),
                "INSERT INTO contacts (workspace, number, name) VALUES ($1, $2, $3)
                 ON CONFLICT (workspace, number) DO UPDATE SET name = excluded.name",
                &values![workspace, number, name],
            )
            .await?;
        Ok(())
    }

    async fn contact_name(&self, workspace: &WorkspaceId, number: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT name FROM contacts WHERE workspace = $1 AND number = $2";
        let mut rows: Vec<(String,)> = self.0.read(Scope::Of(workspace), sql, &values![workspace, number]).await?;
        Ok(rows.pop().map(|(name,)| name))
    }

    async fn history(
        &self,
        workspace: &WorkspaceId,
        below: Option<&Bookmark>,
        limit: u32,
    ) -> Result<Vec<CallRecord>, StoreError> {
        let (ended, call) = below.map_or((Timestamp(i64::MAX), ""), |below| (below.ended, below.call.as_str()));
        self.0
            .read(
                Scope::Of(workspace),
                "SELECT call, direction, from_number, from_name, to_number, to_label, agent, arrived, answered, ended,
                 outcome, hung_up_by FROM calls WHERE workspace = $1 AND (ended, call) < ($2, $3)
                 ORDER BY ended DESC, call DESC LIMIT $4",
                &values![workspace, ended, call, limit],
            )
            .await?
            .into_iter()
            .map(record)
            .collect()
    }
}

pub(super) fn workspace((id, name, country, language, account): WorkspaceRow) -> Result<Workspace, StoreError> {
    let language = Language::parse(&language).ok_or_else(|| corrupt(format!("a workspace speaks {language:?}")))?;
    Ok(Workspace { id: id.into(), name, country, language, account })
}

fn record(row: CallRow) -> Result<CallRecord, StoreError> {
    let (call, direction, number, name, to_number, label, agent, arrived, answered, ended, outcome, hung_up_by) = row;
    Ok(CallRecord {
        call: call.into(),
        direction: word(direction)?,
        caller: Caller { number, name },
        line: Line { number: to_number, label },
        agent: agent.map(Into::into),
        arrived: Timestamp(arrived),
        answered: answered.map(Timestamp),
        ended: Timestamp(ended),
        outcome: word(outcome)?,
        hung_up_by: match hung_up_by.strip_prefix("agent:") {
            Some(agent) => HungUpBy::Agent(agent.into()),
            None if hung_up_by == "caller" => HungUpBy::Caller,
            None => return Err(corrupt(format!("a call hung up by {hung_up_by:?}"))),
        },
    })
}

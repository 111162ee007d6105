//! Who did what as an administrator.

use async_trait::async_trait;
use switchyard::{
    audit::{Actor, Entry},
    id::{AgentId, WorkspaceId},
    ports::{Audit, StoreError},
    time::Timestamp,
};

use super::{
    Sql,
    engine::{Engine, Scope, corrupt, decode, values, word},
};

/// Id, moment, actor, actor's name, deed, subject, whom, changes.
type EntryRow = (i64, i64, Option<String>, String, String, String, Option<String>, String);

/// Those who are no person of the workspace.
const COMMAND: &str = "command";
const SERVER: &str = "server";

#[async_trait]
impl<E: Engine> Audit for Sql<E> {
    async fn note(&self, workspace: &WorkspaceId, entry: &Entry) -> Result<(), StoreError> {
        let deed = match serde_json::to_value(entry.deed) {
            Ok(serde_json::Value::String(word)) => word,
            other => return Err(corrupt(format!("a deed is {other:?}"))),
        };
        let changes = serde_json::to_string(&entry.changes).map_err(corrupt)?;
        let whom = entry.whom.as_ref().map(AgentId::as_str);
        let (actor, name) = match &entry.by {
            Actor::Person { id, name } => (Some(id.as_str()), name.as_str()),
            Actor::Command => (None, COMMAND),
            Actor::Server => (None, SERVER),
        };
        self.0
            .run(
                Scope::Of(workspace),
                "INSERT INTO audit (workspace, at, actor, actor_name, deed, subject, whom, changes)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                &values![workspace, entry.at, actor, name, &deed, &entry.subject, whom, &changes],
            )
            .await?;
        Ok(())
    }

    async fn audit(
        &self,
        workspace: &WorkspaceId,
        below: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, Entry)>, StoreError> {
        self.0
            .read(
                Scope::Of(workspace),
                "SELECT id, at, actor, actor_name, deed, subject, whom, changes FROM audit
                 WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                &values![workspace, below.unwrap_or(i64::MAX), limit],
            )
            .await?
            .into_iter()
            .map(entry)
            .collect()
    }
}

fn entry((id, at, actor, name, deed, subject, whom, changes): EntryRow) -> Result<(i64, Entry), StoreError> {
    let by = match (actor, name.as_str()) {
        (Some(id), _) => Actor::Person { id: id.into(), name },
        (None, COMMAND) => Actor::Command,
        (None, SERVER) => Actor::Server,
        (None, other) => return Err(corrupt(format!("something was done by {other:?}"))),
    };
    Ok((
        id,
        Entry {
            at: Timestamp(at),
            by,
            deed: word(deed)?,
            subject,
            whom: whom.map(Into::into),
            changes: decode(&changes)?,
        },
    ))
}

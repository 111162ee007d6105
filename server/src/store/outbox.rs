//! Effects that wait to be carried out.

use async_trait::async_trait;
use switchyard::{
    floor::Effect,
    id::{CallId, WorkspaceId},
    ports::{Outbox, OutboxItem, StoreError},
    time::Timestamp,
};

use super::{
    Sql,
    engine::{Engine, Scope, corrupt, decode, values},
};

/// Id, workspace, call, body, attempts, created.
type ItemRow = (i64, String, String, String, i64, i64);

#[async_trait]
impl<E: Engine> Outbox for Sql<E> {
    async fn claim(&self, now: Timestamp, claim_until: Timestamp, limit: u32) -> Result<Vec<OutboxItem>, StoreError> {
        let mut rows: Vec<ItemRow> =
            self.0.write(Scope::Installation, E::CLAIM, &values![now, claim_until, limit]).await?;
        rows.sort_unstable_by_key(|row| row.0);
        rows.into_iter().map(item).collect()
    }

    async fn release_claims(&self) -> Result<(), StoreError> {
        let sql = "UPDATE outbox SET claimed_until = 0, attempts = attempts + 1
                   WHERE finished IS NULL AND claimed_until > 0";
        self.0.run(Scope::Installation, sql, &values![]).await?;
        Ok(())
    }

    // Neither touches what is already finished: a worker that was slower than its claim comes too late.

    async fn finish(
        &self,
        workspace: &WorkspaceId,
        id: i64,
        now: Timestamp,
        error: Option<&str>,
    ) -> Result<(), StoreError> {
        self.0
            .run(
                Scope::Of(workspace),
                "UPDATE outbox SET finished = $3, error = $4 WHERE workspace = $1 AND id = $2 AND finished IS NULL",
                &values![workspace, id, now, error],
            )
            .await?;
        Ok(())
    }

    async fn retry(&self, workspace: &WorkspaceId, id: i64, due: Timestamp, error: &str) -> Result<(), StoreError> {
        self.0
            .run(
                Scope::Of(workspace),
                "UPDATE outbox SET attempts = attempts + 1, due = $3, error = $4, claimed_until = 0
                 WHERE workspace = $1 AND id = $2 AND finished IS NULL",
                &values![workspace, id, due, error],
            )
            .await?;
        Ok(())
    }

    async fn unfinished(&self, workspace: &WorkspaceId, call: &CallId) -> Result<Vec<OutboxItem>, StoreError> {
        self.0
            .read(
                Scope::Of(workspace),
                "SELECT id, workspace, call, body, attempts, created FROM outbox
                 WHERE workspace = $1 AND call = $2 AND finished IS NULL ORDER BY id",
                &values![workspace, call],
            )
            .await?
            .into_iter()
            .map(item)
            .collect()
    }
}

fn item((id, workspace, call, body, attempts, created): ItemRow) -> Result<OutboxItem, StoreError> {
    Ok(OutboxItem {
        id,
        workspace: workspace.into(),
        effect: Effect { call: call.into(), kind: decode(&body)? },
        attempts: u32::try_from(attempts).map_err(corrupt)?,
        created: Timestamp(created),
    })
}

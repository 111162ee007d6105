//! Who is signed in, and who tried to be.

use async_trait::async_trait;
use switchyard::{
    id::{AgentId, WorkspaceId},
    ports::{Session, Sessions, StoreError},
    time::Timestamp,
};

use super::{
    Sql,
    engine::{Engine, Scope, corrupt, values, word},
};

#[async_trait]
impl<E: Engine> Sessions for Sql<E> {
    async fn open_session(
        &self,
        token_hash: &str,
        workspace: &WorkspaceId,
        agent: &AgentId,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        self.0
            .run(
                Scope::Of(workspace),
                "INSERT INTO sessions (token_hash, workspace, agent, expires) VALUES ($1, $2, $3, $4)",
                &values![token_hash, workspace, agent, expires],
            )
            .await?;
        Ok(())
    }

    async fn session(&self, token_hash: &str, now: Timestamp) -> Result<Option<Session>, StoreError> {
        self.0
            .read::<(String, String, String, String)>(
                Scope::Installation,
                "SELECT workspace, agent, name, role FROM sessions JOIN accounts USING (workspace, agent)
                 WHERE token_hash = $1 AND expires > $2 AND deactivated IS NULL",
                &values![token_hash, now],
            )
            .await?
            .pop()
            .map(|(workspace, agent, name, role)| {
                Ok(Session { workspace: workspace.into(), agent: agent.into(), name, role: word(role)? })
            })
            .transpose()
    }

    async fn close_session(&self, token_hash: &str) -> Result<(), StoreError> {
        self.0.run(Scope::Installation, "DELETE FROM sessions WHERE token_hash = $1", &values![token_hash]).await?;
        Ok(())
    }

    async fn switch_session(
        &self,
        token_hash: &str,
        workspace: &WorkspaceId,
        agent: &AgentId,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE sessions SET workspace = $2, agent = $3 WHERE token_hash = $1";
        self.0.run(Scope::Installation, sql, &values![token_hash, workspace, agent]).await?;
        Ok(())
    }

    async fn close_sessions(&self, email: &str, except: Option<&str>) -> Result<(), StoreError> {
        self.0
            .run(
                Scope::Installation,
                "DELETE FROM sessions WHERE token_hash <> $2 AND EXISTS (
                     SELECT 1 FROM accounts WHERE accounts.workspace = sessions.workspace
                     AND accounts.agent = sessions.agent AND email = $1
                 )",
                &values![&email.to_lowercase(), except.unwrap_or_default()],
            )
            .await?;
        Ok(())
    }

    async fn note_failure(&self, key: &str, now: Timestamp, since: Timestamp) -> Result<u32, StoreError> {
        self.0
            .run(
                Scope::Installation,
                "INSERT INTO sign_in_failures (key, at, times) VALUES ($1, $2, 1)
                 ON CONFLICT (key, at) DO UPDATE SET times = sign_in_failures.times + 1",
                &values![key, now],
            )
            .await?;
        self.failures(key, since).await
    }

    async fn failures(&self, key: &str, since: Timestamp) -> Result<u32, StoreError> {
        let sums: Vec<(i64,)> = self
            .0
            .read(
                Scope::Installation,
                "SELECT CAST(coalesce(sum(times), 0) AS BIGINT) FROM sign_in_failures WHERE key = $1 AND at >= $2",
                &values![key, since],
            )
            .await?;
        u32::try_from(sums.iter().map(|(sum,)| sum).sum::<i64>()).map_err(corrupt)
    }

    async fn clear_failures(&self, key: &str) -> Result<(), StoreError> {
        self.0.run(Scope::Installation, "DELETE FROM sign_in_failures WHERE key = $1", &values![key]).await?;
        Ok(())
    }
}

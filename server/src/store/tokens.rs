//! Tokens with which programs use the API.

use async_trait::async_trait;
use switchyard::{
    id::WorkspaceId,
    ports::{Session, StoreError, Tokens},
    time::Timestamp,
    token::{ApiToken, scopes_from_text, scopes_to_text},
};

use super::{
    Sql,
    engine::{Engine, Scope, values, word},
};

/// Id, name, scopes, agent, created, used, revoked.
type TokenRow = (String, String, String, String, i64, Option<i64>, Option<i64>);
/// The same; then workspace, the person's name, their role.
type OwnedRow = (String, String, String, String, i64, Option<i64>, Option<i64>, String, String, String);

#[async_trait]
impl<E: Engine> Tokens for Sql<E> {
    async fn put_token(&self, token_hash: &str, workspace: &WorkspaceId, token: &ApiToken) -> Result<(), StoreError> {
        let scopes = scopes_to_text(&token.scopes);
        self.0
            .run(
                Scope::Of(workspace),
                "INSERT INTO api_tokens (token_hash, workspace, id, agent, name, scopes, created)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                &values![token_hash, workspace, &token.id, &token.by, &token.name, &scopes, token.created],
            )
            .await?;
        Ok(())
    }

    async fn tokens(&self, workspace: &WorkspaceId) -> Result<Vec<ApiToken>, StoreError> {
        let rows: Vec<TokenRow> = self
            .0
            .read(
                Scope::Of(workspace),
                "SELECT id, name, scopes, agent, created, used, revoked FROM api_tokens WHERE workspace = $1
                 ORDER BY created DESC, id",
                &values![workspace],
            )
            .await?;
        Ok(rows.into_iter().map(token).collect())
    }

    async fn token(&self, token_hash: &str) -> Result<Option<(ApiToken, Session)>, StoreError> {
        let row: Option<OwnedRow> = self
            .0
            .read(
                Scope::Installation,
                "SELECT id, api_tokens.name, scopes, agent, created, used, revoked, workspace, accounts.name, role
                 FROM api_tokens JOIN accounts USING (workspace, agent)
                 WHERE token_hash = $1 AND revoked IS NULL AND deactivated IS NULL",
                &values![token_hash],
            )
            .await?
            .pop();
        row.map(|(id, name, scopes, agent, created, used, revoked, workspace, person, role)| {
            let session =
                Session { workspace: workspace.into(), agent: agent.as_str().into(), name: person, role: word(role)? };
            Ok((token((id, name, scopes, agent, created, used, revoked)), session))
        })
        .transpose()
    }

    async fn revoke_token(
        &self,
        workspace: &WorkspaceId,
        id: &str,
        at: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let sql = "UPDATE api_tokens SET revoked = $3 WHERE workspace = $1 AND id = $2 AND revoked IS NULL
                   RETURNING name";
        let mut rows: Vec<(String,)> = self.0.write(Scope::Of(workspace), sql, &values![workspace, id, at]).await?;
        Ok(rows.pop().map(|(name,)| name))
    }

    async fn note_token_use(&self, workspace: &WorkspaceId, id: &str, at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE api_tokens SET used = $3 WHERE workspace = $1 AND id = $2";
        self.0.run(Scope::Of(workspace), sql, &values![workspace, id, at]).await?;
        Ok(())
    }
}

fn token((id, name, scopes, by, created, used, revoked): TokenRow) -> ApiToken {
    ApiToken {
        id,
        name,
        scopes: scopes_from_text(&scopes),
        by: by.into(),
        created: Timestamp(created),
        used: used.map(Timestamp),
        revoked: revoked.map(Timestamp),
    }
}

//! How workspaces are connected with Twilio, and what the last comparison found.

use async_trait::async_trait;
use switchyard::{
    id::WorkspaceId,
    ports::{ConnectedNumber, Connection, Connections, StoreError},
    time::Timestamp,
};

use super::{
    Sql,
    engine::{Engine, Scope, Step, values},
};

/// Workspace, account, token, other token, key, its secret, application, base URL, countries, changed.
type ConnectionRow =
    (String, String, String, Option<String>, Option<String>, Option<String>, Option<String>, String, String, i64);

#[async_trait]
impl<E: Engine> Connections for Sql<E> {
    async fn connections(&self) -> Result<Vec<Connection>, StoreError> {
        let sql = "SELECT workspace, account, auth_token, other_token, api_key, key_secret, application, base_url,
                   countries, changed FROM twilio_accounts ORDER BY workspace";
        Ok(self.0.read(Scope::Installation, sql, &[]).await?.into_iter().map(connection).collect())
    }

    async fn connection(&self, workspace: &WorkspaceId) -> Result<Option<Connection>, StoreError> {
        let sql = "SELECT workspace, account, auth_token, other_token, api_key, key_secret, application, base_url,
                   countries, changed FROM twilio_accounts WHERE workspace = $1";
        Ok(self.0.read(Scope::Of(workspace), sql, &values![workspace]).await?.pop().map(connection))
    }

    async fn connection_of_account(&self, account: &str) -> Result<Option<Connection>, StoreError> {
        let sql = "SELECT workspace, account, auth_token, other_token, api_key, key_secret, application, base_url,
                   countries, changed FROM twilio_accounts WHERE account = $1";
        Ok(self.0.read(Scope::Installation, sql, &values![account]).await?.pop().map(connection))
    }

    async fn put_connection(&self, connection: &Connection, since: Option<Timestamp>) -> Result<bool, StoreError> {
        let mut values = Vec::from(values![
            &connection.workspace,
            &connection.account,
            &connection.auth_token,
            connection.other_token.as_deref(),
            connection.key.as_deref(),
            connection.key_secret.as_deref(),
            connection.application.as_deref(),
            &connection.base_url,
            &connection.countries,
            connection.changed
        ]);
        let scope = Scope::Of(&connection.workspace);
        let Some(since) = since else {
            let sql = "INSERT INTO twilio_accounts (workspace, account, auth_token, other_token, api_key, key_secret,
                       application, base_url, countries, changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                       ON CONFLICT (workspace) DO NOTHING";
            return Ok(self.0.run(scope, sql, &values).await? == 1);
        };
        values.push(since.into());
        let steps = [
            // The calls of the time until now are in the account that is left.
            Step::may(
                "INSERT INTO former_accounts (workspace, account, until) SELECT workspace, account, $4 FROM twilio_accounts
                 WHERE workspace = $1 AND account <> $2 AND changed = $3",
                values![&connection.workspace, &connection.account, since, connection.changed],
            ),
            Step {
                sql: "UPDATE twilio_accounts SET account = $2, auth_token = $3, other_token = $4, api_key = $5,
                      key_secret = $6, application = $7, base_url = $8, countries = $9, changed = $10
                      WHERE workspace = $1 AND changed = $11",
                values,
                must: true,
            },
        ];
        self.0.together(scope, &steps).await
    }

    async fn connected_numbers(&self, workspace: &WorkspaceId) -> Result<Vec<ConnectedNumber>, StoreError> {
        let sql = "SELECT number, before FROM twilio_numbers WHERE workspace = $1 ORDER BY number";
        let rows = self.0.read(Scope::Of(workspace), sql, &values![workspace]).await?;
        Ok(rows.into_iter().map(|(number, before)| ConnectedNumber { number, before }).collect())
    }

    async fn note_number(&self, workspace: &WorkspaceId, number: &ConnectedNumber) -> Result<(), StoreError> {
        self.0
            .run(
                Scope::Of(workspace),
                "INSERT INTO twilio_numbers (workspace, number, before) VALUES ($1, $2, $3)
                 ON CONFLICT (workspace, number) DO NOTHING",
                &values![workspace, &number.number, &number.before],
            )
            .await?;
        Ok(())
    }

    async fn amend_number(&self, workspace: &WorkspaceId, number: &ConnectedNumber) -> Result<(), StoreError> {
        let sql = "UPDATE twilio_numbers SET before = $3 WHERE workspace = $1 AND number = $2";
        self.0.run(Scope::Of(workspace), sql, &values![workspace, &number.number, &number.before]).await?;
        Ok(())
    }

    async fn forget_number(&self, workspace: &WorkspaceId, number: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM twilio_numbers WHERE workspace = $1 AND number = $2";
        self.0.run(Scope::Of(workspace), sql, &values![workspace, number]).await?;
        Ok(())
    }

    async fn findings(&self, workspace: &WorkspaceId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT findings FROM twilio_accounts WHERE workspace = $1";
        let mut rows: Vec<(Option<String>,)> = self.0.read(Scope::Of(workspace), sql, &values![workspace]).await?;
        Ok(rows.pop().and_then(|(findings,)| findings))
    }

    async fn put_findings(&self, workspace: &WorkspaceId, findings: &str) -> Result<(), StoreError> {
        let sql = "UPDATE twilio_accounts SET findings = $2 WHERE workspace = $1";
        self.0.run(Scope::Of(workspace), sql, &values![workspace, findings]).await?;
        Ok(())
    }
}

fn connection(row: ConnectionRow) -> Connection {
    let (workspace, account, auth_token, other_token, key, key_secret, application, base_url, countries, changed) = row;
    Connection {
        workspace: workspace.into(),
        account,
        auth_token,
        other_token,
        key,
        key_secret,
        application,
        base_url,
        countries,
        changed: Timestamp(changed),
    }
}

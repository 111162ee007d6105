//! Endpoints that are told of events, and what is on its way to them.

use async_trait::async_trait;
use switchyard::{
    id::WorkspaceId,
    ports::{StoreError, Webhooks},
    time::Timestamp,
    webhooks::{Attempt, Claimed, Delivery, Endpoint, Off, Secrets, State, events_from_text, events_to_text},
};

use super::{
    Sql,
    engine::{Engine, Scope, Step, corrupt, decode, part, values},
    log::SLICE,
};

/// Workspace, id, name, URL, events, secret, last secret, until when, created, off since, why, failing since.
type EndpointRow = (
    String,
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<i64>,
    i64,
    Option<i64>,
    Option<String>,
    Option<i64>,
);
/// Id, message, event, body, created, state, due, attempts.
type DeliveryRow = (i64, String, String, String, i64, String, i64, String);
/// The same; then workspace, endpoint, tries.
type ClaimedRow = (i64, String, String, String, i64, String, i64, String, String, String, i64);

#[async_trait]
impl<E: Engine> Webhooks for Sql<E> {
    async fn add_endpoint(&self, workspace: &WorkspaceId, endpoint: &Endpoint) -> Result<(), StoreError> {
        self.0
            .run(
                Scope::Of(workspace),
                "INSERT INTO webhook_endpoints (workspace, id, name, url, events, secret, created)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                &values![
                    workspace,
                    &endpoint.id,
                    &endpoint.name,
                    &endpoint.url,
                    &events_to_text(&endpoint.events),
                    &endpoint.secrets.now,
                    endpoint.created
                ],
            )
            .await?;
        self.1.forget(workspace);
        Ok(())
    }

    async fn change_endpoint(&self, workspace: &WorkspaceId, endpoint: &Endpoint) -> Result<bool, StoreError> {
        let Endpoint { id, name, url, events, .. } = endpoint;
        // What failed at another address is forgiven.
        let sql = "UPDATE webhook_endpoints SET name = $3, url = $4, events = $5,
                   failing = CASE WHEN url = $4 THEN failing END WHERE workspace = $1 AND id = $2";
        let events = events_to_text(events);
        Ok(self.0.run(Scope::Of(workspace), sql, &values![workspace, id, name, url, &events]).await? > 0)
    }

    async fn switch_endpoint(
        &self,
        workspace: &WorkspaceId,
        id: &str,
        off: Option<(Timestamp, Off)>,
    ) -> Result<bool, StoreError> {
        let Some((since, why)) = off else {
            // It begins anew: what failed before is forgiven.
            let sql = "UPDATE webhook_endpoints SET off_since = NULL, off_why = NULL, failing = NULL
                       WHERE workspace = $1 AND id = $2 AND off_since IS NOT NULL";
            let switched = self.0.run(Scope::Of(workspace), sql, &values![workspace, id]).await? > 0;
            self.1.forget(workspace);
            return Ok(switched);
        };
        let steps = [
            Step::must(
                "UPDATE webhook_endpoints SET off_since = $3, off_why = $4
                 WHERE workspace = $1 AND id = $2 AND off_since IS NULL",
                values![workspace, id, since, why.code()],
            ),
            Step::may(
                "UPDATE webhook_deliveries SET state = 'failed'
                 WHERE workspace = $1 AND endpoint = $2 AND state = 'waiting'",
                values![workspace, id],
            ),
        ];
        self.0.together(Scope::Of(workspace), &steps).await
    }

    async fn remove_endpoint(&self, workspace: &WorkspaceId, id: &str) -> Result<bool, StoreError> {
        let steps = [
            Step::must("DELETE FROM webhook_endpoints WHERE workspace = $1 AND id = $2", values![workspace, id]),
            Step::may("DELETE FROM webhook_deliveries WHERE workspace = $1 AND endpoint = $2", values![workspace, id]),
        ];
        self.0.together(Scope::Of(workspace), &steps).await
    }

    async fn endpoints(&self, workspace: &WorkspaceId) -> Result<Vec<Endpoint>, StoreError> {
        let sql =
            "SELECT workspace, id, name, url, events, secret, last_secret, last_until, created, off_since, off_why,
                   failing FROM webhook_endpoints WHERE workspace = $1 ORDER BY created, id";
        let rows = self.0.read(Scope::Of(workspace), sql, &values![workspace]).await?;
        rows.into_iter().map(|row| Ok(endpoint(row)?.1)).collect()
    }

    async fn endpoint(&self, workspace: &WorkspaceId, id: &str) -> Result<Option<Endpoint>, StoreError> {
        let sql =
            "SELECT workspace, id, name, url, events, secret, last_secret, last_until, created, off_since, off_why,
                   failing FROM webhook_endpoints WHERE workspace = $1 AND id = $2";
        let row = self.0.read(Scope::Of(workspace), sql, &values![workspace, id]).await?.pop();
        row.map(|row| Ok(endpoint(row)?.1)).transpose()
    }

    async fn every_endpoint(&self) -> Result<Vec<(WorkspaceId, Endpoint)>, StoreError> {
        let sql =
            "SELECT workspace, id, name, url, events, secret, last_secret, last_until, created, off_since, off_why,
                   failing FROM webhook_endpoints ORDER BY workspace, id";
        self.0.read(Scope::Installation, sql, &[]).await?.into_iter().map(endpoint).collect()
    }

    async fn put_secrets(
        &self,
        workspace: &WorkspaceId,
        id: &str,
        known: &Secrets,
        new: &Secrets,
    ) -> Result<bool, StoreError> {
        let (last, until) = match &new.before {
            Some((last, until)) => (Some(last.as_str()), Some(*until)),
            None => (None, None),
        };
        let sql = "UPDATE webhook_endpoints SET secret = $4, last_secret = $5, last_until = $6
                   WHERE workspace = $1 AND id = $2 AND secret = $3";
        let values = values![workspace, id, &known.now, &new.now, last, until];
        Ok(self.0.run(Scope::Of(workspace), sql, &values).await? > 0)
    }

    async fn add_delivery(
        &self,
        workspace: &WorkspaceId,
        endpoint: &str,
        message: &str,
        event: &str,
        body: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO webhook_deliveries (workspace, endpoint, message, event, body, created, due)
                   SELECT workspace, id, $3, $4, $5, $6, $6 FROM webhook_endpoints
                   WHERE workspace = $1 AND id = $2 AND off_since IS NULL";
        let values = values![workspace, endpoint, message, event, body, at];
        Ok(self.0.run(Scope::Of(workspace), sql, &values).await? > 0)
    }

    async fn claim_deliveries(
        &self,
        now: Timestamp,
        claim_until: Timestamp,
        limit: u32,
        each: u32,
    ) -> Result<Vec<Claimed>, StoreError> {
        // Those of an endpoint that are claimed already come first among its own, and so count. Two processes that look at
        // once see the same; the second to write finds that they are claimed.
        let sql = "UPDATE webhook_deliveries SET claimed_until = $2 WHERE claimed_until <= $1 AND id IN (
                       SELECT id FROM (
                           SELECT d.id, d.claimed_until, row_number() OVER (
                               PARTITION BY d.workspace, d.endpoint
                               ORDER BY CASE WHEN d.claimed_until > $1 THEN 0 ELSE 1 END, d.id
                           ) AS place
                           FROM webhook_deliveries AS d
                           JOIN webhook_endpoints AS e ON e.workspace = d.workspace AND e.id = d.endpoint
                           WHERE d.state = 'waiting' AND d.due <= $1 AND e.off_since IS NULL
                       ) AS ranked
                       WHERE place <= $4 AND claimed_until <= $1 ORDER BY place, id LIMIT $3
                   )
                   RETURNING id, message, event, body, created, state, due, attempts, workspace, endpoint, tries";
        let values = values![now, claim_until, limit, each];
        let mut rows: Vec<ClaimedRow> = self.0.write(Scope::Installation, sql, &values).await?;
        rows.sort_unstable_by_key(|row| row.0);
        rows.into_iter()
            .map(|(id, message, event, body, created, state, due, attempts, workspace, endpoint, tries)| {
                Ok(Claimed {
                    workspace: workspace.into(),
                    endpoint,
                    tries: u32::try_from(tries).map_err(corrupt)?,
                    delivery: delivery((id, message, event, body, created, state, due, attempts))?,
                })
            })
            .collect()
    }

    async fn release_deliveries(&self) -> Result<(), StoreError> {
        let sql = "UPDATE webhook_deliveries SET claimed_until = 0 WHERE state = 'waiting' AND claimed_until > 0";
        self.0.run(Scope::Installation, sql, &[]).await?;
        Ok(())
    }

    async fn note_attempt(
        &self,
        claimed: &Claimed,
        attempt: &Attempt,
        state: State,
        due: Timestamp,
    ) -> Result<(), StoreError> {
        let Claimed { workspace, endpoint, tries, delivery } = claimed;
        let attempts = serde_json::to_string(&[&delivery.attempts[..], std::slice::from_ref(attempt)].concat())
            .map_err(corrupt)?;
        let failed = i64::from(attempt.trouble.is_some());
        let steps = [
            Step::may(
                "UPDATE webhook_deliveries SET attempts = $3, tries = $4, due = $5, claimed_until = 0,
                 state = CASE WHEN $6 = 'waiting' THEN state ELSE $6 END WHERE workspace = $1 AND id = $2",
                values![workspace, delivery.id, &attempts, tries + 1, due, state.code()],
            ),
            Step::may(
                "UPDATE webhook_endpoints SET failing = CASE WHEN $4 = 1 THEN $3 END
                 WHERE workspace = $1 AND id = $2 AND ($4 = 1) = (failing IS NULL)",
                values![workspace, endpoint, attempt.at, failed],
            ),
        ];
        self.0.together(Scope::Of(workspace), &steps).await?;
        Ok(())
    }

    async fn send_again(
        &self,
        workspace: &WorkspaceId,
        endpoint: &str,
        id: i64,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE webhook_deliveries SET state = 'waiting', due = $4, tries = 0
                   WHERE workspace = $1 AND endpoint = $2 AND id = $3 AND EXISTS (
                       SELECT 1 FROM webhook_endpoints WHERE workspace = $1 AND id = $2 AND off_since IS NULL
                   )";
        Ok(self.0.run(Scope::Of(workspace), sql, &values![workspace, endpoint, id, at]).await? > 0)
    }

    async fn deliveries(
        &self,
        workspace: &WorkspaceId,
        endpoint: &str,
        below: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let sql = "SELECT id, message, event, body, created, state, due, attempts FROM webhook_deliveries
                   WHERE workspace = $1 AND endpoint = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
        let values = values![workspace, endpoint, below.unwrap_or(i64::MAX), limit];
        self.0.read(Scope::Of(workspace), sql, &values).await?.into_iter().map(delivery).collect()
    }

    async fn deliveries_about(
        &self,
        workspace: &WorkspaceId,
        number: &str,
    ) -> Result<Vec<(String, String, Timestamp)>, StoreError> {
        let sql = "SELECT coalesce(e.url, ''), d.event, d.created FROM webhook_deliveries AS d
                   LEFT JOIN webhook_endpoints AS e ON e.workspace = d.workspace AND e.id = d.endpoint
                   WHERE d.workspace = $1 AND d.body LIKE $2 ESCAPE '!' ORDER BY d.id DESC";
        let rows: Vec<(String, String, i64)> =
            self.0.read(Scope::Of(workspace), sql, &values![workspace, &part(number)]).await?;
        Ok(rows.into_iter().map(|(url, event, at)| (url, event, Timestamp(at))).collect())
    }

    async fn forget_deliveries(&self, workspace: &WorkspaceId, before: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM webhook_deliveries WHERE workspace = $1 AND id IN (
                       SELECT id FROM webhook_deliveries WHERE workspace = $1 AND created < $2
                       AND NOT (state = 'waiting' AND due >= $2) ORDER BY created LIMIT $3
                   )";
        self.forget(Scope::Of(workspace), sql, &values![workspace, before, SLICE]).await
    }
}

fn endpoint(row: EndpointRow) -> Result<(WorkspaceId, Endpoint), StoreError> {
    let (workspace, id, name, url, events, secret, last, until, created, off_since, off_why, failing) = row;
    let off = off_since.zip(off_why).map(|(since, why)| {
        let why = Off::parse(&why).ok_or_else(|| corrupt(format!("an endpoint is off because of {why:?}")))?;
        Ok::<_, StoreError>((Timestamp(since), why))
    });
    let before = last.zip(until).map(|(last, until)| (last, Timestamp(until)));
    let endpoint = Endpoint {
        id,
        name,
        url,
        events: events_from_text(&events),
        secrets: Secrets { now: secret, before },
        created: Timestamp(created),
        off: off.transpose()?,
        failing: failing.map(Timestamp),
    };
    Ok((workspace.into(), endpoint))
}

fn delivery((id, message, event, body, created, state, due, attempts): DeliveryRow) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        id,
        message,
        event,
        body,
        created: Timestamp(created),
        state: State::parse(&state).ok_or_else(|| corrupt(format!("a delivery is {state:?}")))?,
        due: Timestamp(due),
        attempts: decode(&attempts)?,
    })
}

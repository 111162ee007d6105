//! The log of each floor: events, snapshots, and what is written in the same transaction.

use std::{borrow::Cow, collections::BTreeMap};

use async_trait::async_trait;
use serde::Serialize;
use switchyard::{
    call::Direction,
    floor::{Floor, Recorded},
    history::{CallRecord, HungUpBy, Outcome},
    id::{AgentId, CallId, WorkspaceId},
    ports::{Batch, Log, StoreError, Stored},
    time::Timestamp,
};

use super::{
    Sql,
    engine::{Engine, Scope, Value, corrupt, decode, stored, values},
};

/// Rows that retention removes at once: in between others may write.
pub(super) const SLICE: u32 = 2000;

#[derive(Serialize)]
struct EventRow {
    version: u64,
    at: Timestamp,
    body: String,
}

#[derive(Serialize)]
struct EffectRow<'a> {
    call: &'a CallId,
    body: String,
}

#[derive(Serialize)]
struct MessageRow {
    message: String,
    event: &'static str,
    body: String,
}

#[derive(Serialize)]
struct CallRow<'a> {
    call: &'a CallId,
    direction: Direction,
    from_number: Cow<'a, str>,
    from_name: Option<Cow<'a, str>>,
    to_number: &'a str,
    to_label: &'a str,
    colleague: Option<&'a AgentId>,
    agent: Option<&'a AgentId>,
    arrived: Timestamp,
    answered: Option<Timestamp>,
    ended: Timestamp,
    outcome: Outcome,
    hung_up_by: String,
    voicemail: Option<&'a AgentId>,
    voicemail_since: Option<Timestamp>,
}

impl<'a> From<&'a CallRecord> for CallRow<'a> {
    fn from(record: &'a CallRecord) -> Self {
        Self {
            call: &record.call,
            direction: record.direction,
            from_number: storable(&record.caller.number),
            from_name: record.caller.name.as_deref().map(storable),
            to_number: &record.line.number,
            to_label: &record.line.label,
            colleague: record.colleague.as_ref(),
            agent: record.agent.as_ref(),
            arrived: record.arrived,
            answered: record.answered,
            ended: record.ended,
            outcome: record.outcome,
            hung_up_by: match &record.hung_up_by {
                HungUpBy::Caller => "caller".to_owned(),
                HungUpBy::Agent(agent) => format!("agent:{agent}"),
            },
            voicemail: record.voicemail.as_ref().map(|voicemail| &voicemail.agent),
            voicemail_since: record.voicemail.as_ref().map(|voicemail| voicemail.since),
        }
    }
}

/// Text from outside without NUL, which PostgreSQL cannot hold: one strange caller must not fail the batch of all.
pub(super) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "").into() } else { text.into() }
}

pub(super) fn encode(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(corrupt)
}

/// A JSON array with an object, or an array, for each row, which the engines take apart: one parameter, however many there are.
pub(super) fn encode_rows<'a, T: 'a, R: Serialize>(
    rows: impl IntoIterator<Item = &'a T>,
    row: impl Fn(&'a T) -> Result<R, StoreError>,
) -> Result<String, StoreError> {
    encode(&rows.into_iter().map(row).collect::<Result<Vec<_>, _>>()?)
}

#[async_trait]
impl<E: Engine> Log for Sql<E> {
    async fn load(&self, workspace: &WorkspaceId) -> Result<Stored, StoreError> {
        // One statement, so that a snapshot and the retention that follows it cannot come in between.
        let mut rows = self
            .0
            .read::<(i64, i64, i64, String)>(
                Scope::Of(workspace),
                "SELECT CAST(0 AS BIGINT) AS kind, version, at, body FROM snapshots WHERE workspace = $1
                 UNION ALL
                 SELECT CAST(1 AS BIGINT) AS kind, version, at, body FROM events WHERE workspace = $1
                 AND version > coalesce((SELECT version FROM snapshots WHERE workspace = $1), 0)
                 ORDER BY kind, version",
                &values![workspace],
            )
            .await?
            .into_iter()
            .peekable();
        let floor: Floor = match rows.next_if(|(kind, ..)| *kind == 0) {
            Some((.., body)) => decode(&body)?,
            None => Floor::default(),
        };
        let events = rows.map(|(_, version, at, body)| recorded((version, at, body))).collect::<Result<Vec<_>, _>>()?;
        follows(floor.version, &events)?;
        Ok(Stored { floor, events })
    }

    async fn append(&self, workspace: &WorkspaceId, expected: u64, batch: &Batch) -> Result<(), StoreError> {
        // Effects and rows come of events; without one there is nothing that a version could guard.
        let Some(last) = batch.events.last() else { return Err(corrupt("a batch without events")) };
        follows(expected, &batch.events)?;
        let events = encode_rows(&batch.events, |recorded| {
            Ok(EventRow { version: recorded.version, at: recorded.at, body: encode(&recorded.event)? })
        })?;
        let effects =
            encode_rows(&batch.effects, |effect| Ok(EffectRow { call: &effect.call, body: encode(&effect.kind)? }))?;
        // A call that ended and was amended within one batch is one row: the last word counts.
        let records: BTreeMap<_, _> = batch.records.iter().map(|record| (&record.call, record)).collect();
        let records = encode_rows(records.into_values(), |record| Ok(CallRow::from(record)))?;
        let listened = !batch.messages.is_empty() && self.has_listeners(workspace).await?;
        let messages = encode_rows(batch.messages.iter().filter(|_| listened), |message| {
            let body = encode(&message.payload(workspace))?;
            Ok(MessageRow { message: message.id(workspace), event: message.event.code(), body })
        })?;
        match self
            .0
            .append(workspace, &values![workspace, stored(expected)?, last.at, &events, &effects, &records, &messages])
            .await
        {
            // Another writer was at the same version at the same time.
            Ok(0) | Err(StoreError::Taken) => Err(StoreError::Conflict),
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn events_after(
        &self,
        workspace: &WorkspaceId,
        version: u64,
        limit: u32,
    ) -> Result<Vec<Recorded>, StoreError> {
        self.0
            .read(
                Scope::Of(workspace),
                "SELECT version, at, body FROM events WHERE workspace = $1 AND version > $2 ORDER BY version LIMIT $3",
                &values![workspace, stored(version)?, limit],
            )
            .await?
            .into_iter()
            .map(recorded)
            .collect()
    }

    async fn save_snapshot(&self, workspace: &WorkspaceId, floor: &Floor, at: Timestamp) -> Result<(), StoreError> {
        self.0
            .run(
Scope::Of(workspace),
                "INSERT INTO snapshots (workspace, version, at, body) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (workspace) DO UPDATE SET version = excluded.version, at = excluded.at, body = excluded.body
                 WHERE snapshots.version < excluded.version",
                &values![workspace, stored(floor.version)?, at, &encode(floor)?],
            )
            .await?;
        Ok(())
    }

    async fn forget_before(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut gone = 0;
        let snapshots: Vec<(String, i64)> =
            self.0.read(Scope::Installation, "SELECT workspace, version FROM snapshots", &[]).await?;
        for (workspace, version) in &snapshots {
            // Only ever from the front, even if the clock once went back: a log has no holes.
            gone += self
                .forget(
                    Scope::Installation,
                    "WITH oldest AS (
                         SELECT version, at FROM events WHERE workspace = $1 AND version <= $2 ORDER BY version LIMIT $4
                     )
                     DELETE FROM events WHERE workspace = $1 AND version <
                     (SELECT coalesce(min(version) FILTER (WHERE at >= $3), max(version) + 1) FROM oldest)",
                    &values![workspace, *version, before, SLICE],
                )
                .await?;
        }
        for sql in [
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE finished < $1 ORDER BY finished LIMIT $2)",
            "DELETE FROM sessions WHERE token_hash IN (SELECT token_hash FROM sessions WHERE expires < $1 LIMIT $2)",
            "DELETE FROM links WHERE token_hash IN (SELECT token_hash FROM links WHERE expires < $1 LIMIT $2)",
            "DELETE FROM sign_in_failures WHERE (key, at) IN (SELECT key, at FROM sign_in_failures WHERE at < $1 LIMIT $2)",
        ] {
            gone += self.forget(Scope::Installation, sql, &values![before, SLICE]).await?;
        }
        Ok(gone)
    }
}

impl<E: Engine> Sql<E> {
    /// Repeats a statement that removes a slice until nothing is left for it.
    pub(super) async fn forget(
        &self,
        scope: Scope<'_>,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        let mut gone = 0;
        loop {
            let slice = self.0.run(scope, sql, values).await?;
            gone += slice;
            if slice < u64::from(SLICE) {
                return Ok(gone);
            }
        }
    }
}

pub(super) fn recorded((version, at, body): (i64, i64, String)) -> Result<Recorded, StoreError> {
    Ok(Recorded { version: u64::try_from(version).map_err(corrupt)?, at: Timestamp(at), event: decode(&body)? })
}

/// Events must follow a version without gaps.
fn follows(version: u64, events: &[Recorded]) -> Result<(), StoreError> {
    match (version + 1..).zip(events).find(|(due, recorded)| *due != recorded.version) {
        Some((due, recorded)) => Err(corrupt(format!("event {} is where {due} should be", recorded.version))),
        None => Ok(()),
    }
}

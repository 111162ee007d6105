//! What is kept of one person: given to them, and erased.

use async_trait::async_trait;
use switchyard::{
    floor::Recorded,
    history::{Bookmark, CallRecord, ERASED},
    id::{AgentId, WorkspaceId},
    people::Account,
    ports::{CarrierCall, Naming, Privacy, StoreError, Traces, Undeleted},
    retention::Retention,
    time::Timestamp,
};

use super::{
    Sql,
    directory::{CallRow, record},
    engine::{Engine, Scope, Step, corrupt, part, values},
    log::{SLICE, encode, encode_rows, recorded},
    people::KNOW,
};

/// The log is read by nobody any more from before the newest snapshot. Texts in it cannot be told apart from names.
const FORGET_LOG: &str = "DELETE FROM events WHERE workspace = $1
     AND version <= coalesce((SELECT version FROM snapshots WHERE workspace = $1), 0)";

/// How late news of a recording or a call may be that is deleted, milliseconds: the carrier tells of it again for hours.
const LATE_MILLIS: i64 = 24 * 3_600_000;
/// The sound of somebody's messages is still to be deleted at the carrier.
const MESSAGES_OF_NUMBER: &str = "INSERT INTO erasures (workspace, account, call, asked)
     SELECT workspace, account, recording, $3 FROM voicemail WHERE workspace = $1 AND number = $2
     ON CONFLICT (workspace, call) DO NOTHING";
/// Calls of theirs from when the workspace had another account are in that one.
const CALLS_BEFORE: &str = "INSERT INTO erasures (workspace, account, call, asked)
     SELECT c.workspace, f.account, c.call, $3 FROM calls AS c JOIN former_accounts AS f ON f.workspace = c.workspace
     AND f.until = (SELECT min(until) FROM former_accounts WHERE workspace = $1 AND until >= c.ended)
     WHERE c.workspace = $1 AND c.from_number = $2
     ON CONFLICT (workspace, call) DO NOTHING";
const MESSAGES_OF_PERSON: &str = "INSERT INTO erasures (workspace, account, call, asked)
     SELECT workspace, account, recording, at FROM voicemail WHERE workspace = $1 AND agent = $2
     ON CONFLICT (workspace, call) DO NOTHING";

/// Calls at the carrier as [`Listed`](super::listed::Listed) has them.
fn at_carrier(calls: &[CarrierCall]) -> Result<String, StoreError> {
    encode_rows(calls, |CarrierCall { account, call }| Ok([account, call]))
}

/// What matches JSON with this text in it.
fn text_inside(text: &str) -> Result<String, StoreError> {
    Ok(part(&serde_json::to_string(text).map_err(corrupt)?))
}

#[async_trait]
impl<E: Engine> Privacy for Sql<E> {
    async fn sessions_of(&self, workspace: &WorkspaceId, agent: &AgentId) -> Result<Vec<Timestamp>, StoreError> {
        let sql = "SELECT expires FROM sessions WHERE workspace = $1 AND agent = $2 ORDER BY expires";
        let rows: Vec<(i64,)> = self.0.read(Scope::Of(workspace), sql, &values![workspace, agent]).await?;
        Ok(rows.into_iter().map(|(expires,)| Timestamp(expires)).collect())
    }

    async fn link_of(&self, workspace: &WorkspaceId, agent: &AgentId) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT expires FROM links WHERE workspace = $1 AND agent = $2";
        let mut rows: Vec<(i64,)> = self.0.read(Scope::Of(workspace), sql, &values![workspace, agent]).await?;
        Ok(rows.pop().map(|(expires,)| Timestamp(expires)))
    }

    async fn calls_of(
        &self,
        workspace: &WorkspaceId,
        agent: &AgentId,
        below: Option<&Bookmark>,
        limit: u32,
    ) -> Result<Vec<CallRecord>, StoreError> {
        let (ended, call) = below.map_or((Timestamp(i64::MAX), ""), |below| (below.ended, below.call.as_str()));
        self.0
            .read::<CallRow>(
                Scope::Of(workspace),
                "SELECT call, direction, from_number, from_name, to_number, to_label, colleague, agent, arrived, answered,
                 ended, outcome, hung_up_by, voicemail, voicemail_since FROM calls
                 WHERE workspace = $1 AND (agent = $2 OR hung_up_by = $3 OR colleague = $2 OR voicemail = $2)
                 AND (ended, call) < ($4, $5) ORDER BY ended DESC, call DESC LIMIT $6",
                &values![workspace, agent, &format!("agent:{agent}"), ended, call, limit],
            )
            .await?
            .into_iter()
            .map(record)
            .collect()
    }

    async fn calls_naming(&self, workspace: &WorkspaceId, word: &str) -> Result<Vec<CallRecord>, StoreError> {
        let sql =
            "SELECT call, direction, from_number, from_name, to_number, to_label, colleague, agent, arrived, answered,
                   ended, outcome, hung_up_by, voicemail, voicemail_since FROM calls
                   WHERE workspace = $1 AND direction = 'internal' AND colleague IS NULL
                   AND (from_number = $2 OR from_name = $2) ORDER BY ended DESC, call DESC";
        let rows: Vec<CallRow> = self.0.read(Scope::Of(workspace), sql, &values![workspace, word]).await?;
        rows.into_iter().map(record).collect()
    }

    async fn deliveries_naming(&self, workspace: &WorkspaceId, word: &str) -> Result<Vec<Naming>, StoreError> {
        let sql = "SELECT d.id, coalesce(e.url, ''), d.event, d.created, d.body FROM webhook_deliveries AS d
                   LEFT JOIN webhook_endpoints AS e ON e.workspace = d.workspace AND e.id = d.endpoint
                   WHERE d.workspace = $1 AND d.body LIKE '%\"direction\":\"internal\"%' AND d.body LIKE $2 ESCAPE '!'
                   ORDER BY d.id DESC";
        let rows: Vec<(i64, String, String, i64, String)> =
            self.0.read(Scope::Of(workspace), sql, &values![workspace, &text_inside(word)?]).await?;
        let naming = |(id, url, event, at, body)| Naming { id, url, event, at: Timestamp(at), body };
        Ok(rows.into_iter().map(naming).collect())
    }

    async fn events_about(&self, workspace: &WorkspaceId, number: &str) -> Result<Vec<Recorded>, StoreError> {
        let sql =
            "SELECT version, at, body FROM events WHERE workspace = $1 AND body LIKE $2 ESCAPE '!' ORDER BY version";
        let rows: Vec<(i64, i64, String)> =
            self.0.read(Scope::Of(workspace), sql, &values![workspace, &text_inside(number)?]).await?;
        rows.into_iter().map(recorded).collect()
    }

    async fn erase_number(
        &self,
        workspace: &WorkspaceId,
        number: &str,
        calls: &[CarrierCall],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (number_inside, as_text) = (part(number), text_inside(number)?);
        let (number_text, erased_text) = (encode(&number)?, encode(&ERASED)?);
        let calls = at_carrier(calls)?;
        let steps = [
            Step::may(E::LISTED.to_delete, values![workspace, &calls, at]),
            Step::may(CALLS_BEFORE, values![workspace, number, at]),
            // What was told elsewhere, or is still to be, with what was answered.
            Step::may(
                "DELETE FROM webhook_deliveries
                 WHERE workspace = $1 AND (body LIKE $2 ESCAPE '!' OR attempts LIKE $2 ESCAPE '!')",
                values![workspace, &number_inside],
            ),
            // What the carrier said of a failure may name the number.
            Step::may(
                "DELETE FROM outbox WHERE workspace = $1 AND (error LIKE $3 ESCAPE '!' OR body LIKE $3 ESCAPE '!'
                 OR call IN (SELECT call FROM calls WHERE workspace = $1 AND from_number = $2))",
                values![workspace, number, &number_inside],
            ),
            Step::may(
                "UPDATE calls SET from_number = $3, from_name = NULL WHERE workspace = $1 AND from_number = $2",
                values![workspace, number, ERASED],
            ),
            // Their sound goes with the calls; where the carrier has forgotten those, by itself.
            Step::may(MESSAGES_OF_NUMBER, values![workspace, number, at]),
            Step::may("DELETE FROM voicemail WHERE workspace = $1 AND number = $2", values![workspace, number]),
            Step::may("DELETE FROM contacts WHERE workspace = $1 AND number = $2", values![workspace, number]),
            Step::may(
                "UPDATE audit SET subject = $3 WHERE workspace = $1 AND subject = $2",
                values![workspace, number, ERASED],
            ),
            // As it was chosen for something, or is no more; what else was changed with it stays.
            Step::may(
                "UPDATE audit SET changes = replace(changes, $3, $4) WHERE workspace = $1 AND changes LIKE $2 ESCAPE '!'",
                values![workspace, &as_text, &number_text, &erased_text],
            ),
            Step::may(FORGET_LOG, values![workspace]),
        ];
        self.0.together(Scope::Of(workspace), &steps).await?;
        Ok(())
    }

    async fn erase_person(
        &self,
        account: &Account,
        traces: &Traces,
        calls: &[CarrierCall],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (workspace, profile) = (&account.workspace, &account.profile);
        let left = account.erased();
        let calls = at_carrier(calls)?;
        let named = encode_rows(&traces.calls, |call| Ok([call]))?;
        let told = encode_rows(&traces.deliveries, |id| Ok([id]))?;
        let entries = encode_rows(&traces.entries, |(id, changes)| Ok((id, encode(changes)?)))?;
        let steps = [
            Step::may(E::LISTED.to_delete, values![workspace, &calls, at]),
            // What they said to others from their own telephone goes with the call.
            Step::may(E::LISTED.messages, values![workspace, &calls]),
            // Where they are known by what they were called.
            Step::may(E::LISTED.calls, values![workspace, &named, ERASED]),
            Step::may(E::LISTED.deliveries, values![workspace, &told]),
            Step::may(E::LISTED.entries, values![workspace, &entries]),
            Step::may(KNOW, values![&left.email]),
            Step::must(
                "UPDATE accounts SET email = $3, name = $4, extension = $5, language = NULL, fallback = NULL
                 WHERE workspace = $1 AND agent = $2 AND deactivated IS NOT NULL AND email = $6",
                values![
                    workspace,
                    &profile.id,
                    &left.email,
                    &left.profile.name,
                    &left.profile.extension,
                    &account.email
                ],
            ),
            Step::may(
                "UPDATE calls SET from_number = $3, from_name = NULL WHERE workspace = $1 AND colleague = $2",
                values![workspace, &profile.id, ERASED],
            ),
            Step::may(
                "UPDATE audit SET actor_name = $3 WHERE workspace = $1 AND actor = $2",
                values![workspace, &profile.id, ERASED],
            ),
            // Under whatever name it was noted.
            Step::may(
                "UPDATE audit SET subject = $3, changes = '[]' WHERE workspace = $1 AND whom = $2",
                values![workspace, &profile.id, ERASED],
            ),
            // What others said to them, and nobody else is to hear.
            Step::may(MESSAGES_OF_PERSON, values![workspace, &profile.id]),
            Step::may("DELETE FROM voicemail WHERE workspace = $1 AND agent = $2", values![workspace, &profile.id]),
            Step::may(FORGET_LOG, values![workspace]),
            Step::may(
                "DELETE FROM identities WHERE email = $1 AND NOT EXISTS (SELECT 1 FROM accounts WHERE email = $1)",
                values![&account.email],
            ),
        ];
        // Accounts elsewhere are seen only from outside this workspace; every statement names its own.
        if !self.0.together(Scope::Installation, &steps).await? {
            return Err(corrupt("whoever is to be erased belongs to the workspace"));
        }
        Ok(())
    }

    async fn retention(&self, workspace: &WorkspaceId) -> Result<Retention, StoreError> {
        let sql = "SELECT keep_calls, keep_messages, keep_audit, keep_deliveries FROM workspaces WHERE workspace = $1";
        let mut rows: Vec<(Option<i64>, Option<i64>, Option<i64>, i64)> =
            self.0.read(Scope::Of(workspace), sql, &values![workspace]).await?;
        let Some((calls, messages, audit, deliveries)) = rows.pop() else { return Ok(Retention::default()) };
        let days = |days: Option<i64>| days.map(u32::try_from).transpose().map_err(corrupt);
        let deliveries = u32::try_from(deliveries).map_err(corrupt)?;
        Ok(Retention { calls: days(calls)?, messages: days(messages)?, audit: days(audit)?, deliveries })
    }

    async fn put_retention(&self, workspace: &WorkspaceId, retention: Retention) -> Result<(), StoreError> {
        // Nothing is kept for no time at all: 0 stands for none.
        let sql = "UPDATE workspaces SET keep_calls = nullif($2, 0), keep_messages = nullif($3, 0),
                   keep_audit = nullif($4, 0), keep_deliveries = $5 WHERE workspace = $1";
        let Retention { calls, messages, audit, deliveries } = retention;
        let [calls, messages, audit] = [calls, messages, audit].map(Option::unwrap_or_default);
        let values = values![workspace, calls, messages, audit, deliveries];
        self.0.run(Scope::Of(workspace), sql, &values).await?;
        Ok(())
    }

    async fn forget_calls(&self, workspace: &WorkspaceId, before: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM calls WHERE workspace = $1 AND call IN (
                       SELECT call FROM calls WHERE workspace = $1 AND ended < $2 ORDER BY ended LIMIT $3
                   )";
        self.forget(Scope::Of(workspace), sql, &values![workspace, before, SLICE]).await
    }

    async fn forget_audit(&self, workspace: &WorkspaceId, before: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM audit WHERE workspace = $1 AND id IN (
                       SELECT id FROM audit WHERE workspace = $1 AND at < $2 ORDER BY at LIMIT $3
                   )";
        self.forget(Scope::Of(workspace), sql, &values![workspace, before, SLICE]).await
    }

    async fn undeleted(&self) -> Result<Vec<(WorkspaceId, CarrierCall)>, StoreError> {
        let sql = "SELECT workspace, account, call FROM erasures WHERE done IS NULL ORDER BY asked, workspace, call";
        let rows: Vec<(String, String, String)> = self.0.read(Scope::Installation, sql, &[]).await?;
        Ok(rows
            .into_iter()
            .map(|(workspace, account, call)| (workspace.into(), CarrierCall { account, call }))
            .collect())
    }

    async fn undeleted_of(&self, workspace: &WorkspaceId) -> Result<Undeleted, StoreError> {
        let sql = "SELECT count(t.account), count(*) - count(t.account) FROM erasures AS e
                   LEFT JOIN twilio_accounts AS t ON t.workspace = e.workspace AND t.account = e.account
                   WHERE e.workspace = $1 AND e.done IS NULL";
        let rows: Vec<(i64, i64)> = self.0.read(Scope::Of(workspace), sql, &values![workspace]).await?;
        let (here, elsewhere) = rows.first().copied().unwrap_or_default();
        let count = |count: i64| u32::try_from(count).map_err(corrupt);
        Ok(Undeleted { here: count(here)?, elsewhere: count(elsewhere)? })
    }

    async fn deleted(&self, workspace: &WorkspaceId, call: &str, at: Timestamp) -> Result<(), StoreError> {
        let steps = [
            Step::may(
                "UPDATE erasures SET done = $3 WHERE workspace = $1 AND call = $2 AND done IS NULL",
                values![workspace, call, at],
            ),
            Step::may(
                "DELETE FROM erasures WHERE workspace = $1 AND done < $2",
                values![workspace, Timestamp(at.0 - LATE_MILLIS)],
            ),
        ];
        self.0.together(Scope::Of(workspace), &steps).await?;
        Ok(())
    }
}

//! Workspaces, numbers, and the history.

use std::collections::BTreeSet;

use async_trait::async_trait;
use switchyard::{
    call::{Caller, Line},
    history::{Among, Bookmark, CallRecord, HungUpBy, InVoicemail},
    id::{AgentId, CallId, WorkspaceId},
    numbers::Number,
    people::Language,
    ports::{Arrival, Directory, StoreError, Workspace},
    time::Timestamp,
};

use super::{
    Sql,
    engine::{Engine, Scope, Step, corrupt, decode, values, word},
    log::{encode, storable},
};

/// Workspace, name, country, language, the carrier's account, time zone.
pub(super) type WorkspaceRow = (String, String, String, String, Option<String>, Option<String>);
/// Number, label, hours, and whether everybody answers it, it is the default and rings here; then one of those who answer.
type NumberRow = (String, String, Option<String>, i64, i64, i64, Option<String>);
/// A workspace; then of a number its label and hours, and the name of a contact.
type ArrivalRow =
    (String, String, String, String, Option<String>, Option<String>, Option<String>, Option<String>, Option<String>);
/// Call, direction, caller's number and name, our number and label, colleague, agent, arrived, answered, ended, outcome,
/// hung up by, whose voicemail it ended in, and since when.
pub(super) type CallRow = (
    String,
    String,
    String,
    Option<String>,
    String,
    String,
    Option<String>,
    Option<String>,
    i64,
    Option<i64>,
    i64,
    String,
    String,
    Option<String>,
    Option<i64>,
);

/// Reads calls of the history: not before `$2`, below the place of `$3` and `$4`, with `$5` if anybody, at most `$6`.
macro_rules! calls {
    ($more:literal) => {
        concat!(
            "SELECT call, direction, from_number, from_name, to_number, to_label, colleague, agent, arrived, answered,
             ended, outcome, hung_up_by, voicemail, voicemail_since FROM calls WHERE workspace = $1 AND ended >= $2
             AND (ended, call) < ($3, $4) AND (agent = $5 OR $5 IS NULL) ",
            $more,
            " ORDER BY ended DESC, call DESC LIMIT $6"
        )
    };
}

#[async_trait]
impl<E: Engine> Directory for Sql<E> {
    async fn workspaces(&self) -> Result<Vec<Workspace>, StoreError> {
        let sql = "SELECT workspace, name, country, language, account, zone FROM workspaces ORDER BY workspace";
        self.0.read(Scope::Installation, sql, &[]).await?.into_iter().map(workspace).collect()
    }

    async fn put_workspace(&self, workspace: &Workspace) -> Result<(), StoreError> {
        self.0
            .run(
                Scope::Of(&workspace.id),
                "INSERT INTO workspaces (workspace, name, country, language, account, zone)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (workspace) DO UPDATE SET name = excluded.name, country = excluded.country,
                 language = excluded.language, account = excluded.account, zone = excluded.zone",
                &values![
                    &workspace.id,
                    &workspace.name,
                    &workspace.country,
                    workspace.language.code(),
                    workspace.account.as_deref(),
                    workspace.zone.as_deref()
                ],
            )
            .await?;
        Ok(())
    }

    async fn workspace_of_account(&self, account: &str) -> Result<Option<Workspace>, StoreError> {
        let sql = "SELECT workspace, name, country, language, account, zone FROM workspaces WHERE account = $1";
        self.0.read(Scope::Installation, sql, &values![account]).await?.pop().map(workspace).transpose()
    }

    async fn put_number(&self, workspace: &WorkspaceId, number: &Number) -> Result<(), StoreError> {
        let hours = number.hours.as_ref().map(serde_json::to_string).transpose().map_err(corrupt)?;
        let (everybody, is_default) = (i64::from(number.answered_by.is_none()), i64::from(number.is_default));
        let name = &number.number;
        let mut steps = vec![
            Step::may(
                "UPDATE numbers SET is_default = 0 WHERE workspace = $1 AND number <> $2 AND $3 = 1",
                values![workspace, name, is_default],
            ),
            Step::must(
                "INSERT INTO numbers (workspace, number, label, hours, everybody, is_default)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (workspace, number) DO UPDATE SET label = excluded.label, hours = excluded.hours,
                 everybody = excluded.everybody, is_default = excluded.is_default",
                values![workspace, name, &number.label, hours.as_deref(), everybody, is_default],
            ),
            Step::may("DELETE FROM number_agents WHERE workspace = $1 AND number = $2", values![workspace, name]),
        ];
        steps.extend(number.answered_by.iter().flatten().map(|agent| {
            Step::must(
                "INSERT INTO number_agents (workspace, number, agent) VALUES ($1, $2, $3)",
                values![workspace, name, agent],
            )
        }));
        self.0.together(Scope::Of(workspace), &steps).await?;
        Ok(())
    }

    async fn numbers(&self, workspace: &WorkspaceId) -> Result<Vec<Number>, StoreError> {
        let rows: Vec<NumberRow> = self
            .0
            .read(
                Scope::Of(workspace),
                "SELECT number, label, hours, everybody, is_default,
                 (SELECT count(*) FROM twilio_numbers AS t WHERE t.workspace = $1 AND t.number = numbers.number), agent
                 FROM numbers LEFT JOIN number_agents USING (workspace, number) WHERE workspace = $1
                 ORDER BY number, agent",
                &values![workspace],
            )
            .await?;
        let mut numbers: Vec<Number> = Vec::new();
        for (number, label, hours, everybody, is_default, rings_here, agent) in rows {
            if numbers.last().is_none_or(|last| last.number != number) {
                numbers.push(Number {
                    number,
                    label,
                    answered_by: (everybody == 0).then(BTreeSet::new),
                    hours: hours.as_deref().map(decode).transpose()?,
                    is_default: is_default != 0,
                    rings_here: rings_here != 0,
                });
            }
            if let Some(agents) = numbers.last_mut().and_then(|number| number.answered_by.as_mut()) {
                agents.extend(agent.map(AgentId::from));
            }
        }
        Ok(numbers)
    }

    async fn arrivals(&self, workspace: &WorkspaceId, calls: &[(&str, &str)]) -> Result<Vec<Arrival>, StoreError> {
        // PostgreSQL holds no NUL, so that nothing it knows has one.
        let calls: Vec<_> = calls.iter().map(|(number, caller)| (storable(number), storable(caller))).collect();
        let calls = encode(&calls)?;
        let rows: Vec<ArrivalRow> = self.0.read(Scope::Of(workspace), E::ARRIVALS, &values![workspace, &calls]).await?;
        rows.into_iter().map(arrival).collect()
    }

    async fn remove_number(&self, workspace: &WorkspaceId, number: &str) -> Result<(), StoreError> {
        let steps = [
            Step::may(
                "UPDATE accounts SET caller_id = NULL WHERE workspace = $1 AND caller_id = $2",
                values![workspace, number],
            ),
            Step::may("DELETE FROM number_agents WHERE workspace = $1 AND number = $2", values![workspace, number]),
            Step::may("DELETE FROM numbers WHERE workspace = $1 AND number = $2", values![workspace, number]),
        ];
        self.0.together(Scope::Of(workspace), &steps).await?;
        Ok(())
    }

    async fn history(
        &self,
        workspace: &WorkspaceId,
        below: Option<&Bookmark>,
        limit: u32,
    ) -> Result<Vec<CallRecord>, StoreError> {
        self.calls_among(workspace, &Among::default(), below, limit).await
    }

    async fn calls_among(
        &self,
        workspace: &WorkspaceId,
        among: &Among,
        below: Option<&Bookmark>,
        limit: u32,
    ) -> Result<Vec<CallRecord>, StoreError> {
        let below = below.map(|below| (below.ended, below.call.as_str()));
        let until = among.until.map(|until| (until, ""));
        let (ended, call) = below.into_iter().chain(until).min().unwrap_or((Timestamp(i64::MAX), ""));
        let (since, agent) = (among.since.unwrap_or(Timestamp(i64::MIN)), among.agent.as_ref().map(AgentId::as_str));
        let mut values = values![workspace, since, ended, call, agent, limit].to_vec();
        // A statement of its own, because there is an index for it.
        let sql = match &among.number {
            None => calls!(""),
            Some(number) => {
                values.push(number.into());
                calls!("AND from_number = $7")
            }
        };
        self.0.read(Scope::Of(workspace), sql, &values).await?.into_iter().map(record).collect()
    }

    async fn past_call(&self, workspace: &WorkspaceId, call: &CallId) -> Result<Option<CallRecord>, StoreError> {
        let sql = "SELECT call, direction, from_number, from_name, to_number, to_label, colleague, agent, arrived, answered,
                   ended, outcome, hung_up_by, voicemail, voicemail_since FROM calls WHERE workspace = $1 AND call = $2";
        self.0.read(Scope::Of(workspace), sql, &values![workspace, call]).await?.pop().map(record).transpose()
    }
}

pub(super) fn workspace((id, name, country, language, account, zone): WorkspaceRow) -> Result<Workspace, StoreError> {
    let language = Language::parse(&language).ok_or_else(|| corrupt(format!("a workspace speaks {language:?}")))?;
    Ok(Workspace { id: id.into(), name, country, language, account, zone })
}

fn arrival(
    (id, name, country, language, account, zone, label, hours, caller): ArrivalRow,
) -> Result<Arrival, StoreError> {
    Ok(Arrival {
        workspace: workspace((id, name, country, language, account, zone))?,
        label,
        hours: hours.as_deref().map(decode).transpose()?,
        caller,
    })
}

pub(super) fn record(row: CallRow) -> Result<CallRecord, StoreError> {
    let (
        call,
        direction,
        number,
        name,
        line,
        label,
        colleague,
        agent,
        arrived,
        answered,
        ended,
        outcome,
        hung_up_by,
        of,
        since,
    ) = row;
    Ok(CallRecord {
        call: call.into(),
        direction: word(direction)?,
        caller: Caller { number, name },
        line: Line { number: line, label },
        colleague: colleague.map(Into::into),
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
        voicemail: of.zip(since).map(|(agent, since)| InVoicemail { agent: agent.into(), since: Timestamp(since) }),
    })
}

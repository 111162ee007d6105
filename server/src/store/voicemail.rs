//! Messages that callers left.

use async_trait::async_trait;
use switchyard::{
    history::Bookmark,
    id::{AgentId, CallId, RecordingId, WorkspaceId},
    ports::{StoreError, Voicemail},
    time::Timestamp,
    voicemail::VoiceMessage,
};

use super::{
    Sql,
    engine::{Engine, Scope, Step, corrupt, values},
};

type MessageRow = (String, String, String, String, String, i64, i64, Option<i64>);

#[async_trait]
impl<E: Engine> Voicemail for Sql<E> {
    async fn note_message(&self, workspace: &WorkspaceId, message: &VoiceMessage) -> Result<bool, StoreError> {
        let VoiceMessage { recording, account, call, agent, number, seconds, at, heard } = message;
        let noted = self
            .0
            .run(
                Scope::Of(workspace),
                "INSERT INTO voicemail (workspace, recording, account, call, agent, number, seconds, at, heard)
                 SELECT $1, $2, $3, $4, $5, coalesce(nullif($6, ''),
                 (SELECT from_number FROM calls WHERE workspace = $1 AND call = $4), 'anonymous'), $7, $8, $9
                 WHERE NOT EXISTS (SELECT 1 FROM erasures WHERE workspace = $1 AND call IN ($2, $4))
                 ON CONFLICT (workspace, recording) DO NOTHING",
                &values![workspace, recording, account, call, agent, number, *seconds, *at, *heard],
            )
            .await?;
        Ok(noted > 0)
    }

    async fn messages(
        &self,
        workspace: &WorkspaceId,
        agent: Option<&AgentId>,
        below: Option<&Bookmark>,
        limit: u32,
    ) -> Result<Vec<VoiceMessage>, StoreError> {
        let (at, recording) = below.map_or((Timestamp(i64::MAX), ""), |below| (below.ended, below.call.as_str()));
        // Nobody has an empty id: that is everybody.
        let agent = agent.map_or("", AgentId::as_str);
        self.0
            .read::<MessageRow>(
                Scope::Of(workspace),
                "SELECT recording, account, call, agent, number, seconds, at, heard FROM voicemail
                 WHERE workspace = $1 AND ($2 = '' OR agent = $2) AND (at, recording) < ($3, $4)
                 ORDER BY at DESC, recording DESC LIMIT $5",
                &values![workspace, agent, at, recording, limit],
            )
            .await?
            .into_iter()
            .map(read)
            .collect()
    }

    async fn messages_in(&self, workspace: &WorkspaceId, call: &CallId) -> Result<Vec<VoiceMessage>, StoreError> {
        let sql = "SELECT recording, account, call, agent, number, seconds, at, heard FROM voicemail
                   WHERE workspace = $1 AND call = $2 ORDER BY at DESC, recording DESC";
        let rows: Vec<MessageRow> = self.0.read(Scope::Of(workspace), sql, &values![workspace, call]).await?;
        rows.into_iter().map(read).collect()
    }

    async fn calls_with_messages(
        &self,
        workspace: &WorkspaceId,
        agent: Option<&AgentId>,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<CallId>, StoreError> {
        let agent = agent.map_or("", AgentId::as_str);
        let sql = "SELECT DISTINCT voicemail.call FROM calls JOIN voicemail
                   ON voicemail.workspace = calls.workspace AND voicemail.call = calls.call
                   WHERE calls.workspace = $1 AND ($2 = '' OR voicemail.agent = $2) AND calls.ended BETWEEN $3 AND $4";
        let rows: Vec<(String,)> =
            self.0.read(Scope::Of(workspace), sql, &values![workspace, agent, from, until]).await?;
        Ok(rows.into_iter().map(|(call,)| call.into()).collect())
    }

    async fn messages_from(&self, workspace: &WorkspaceId, number: &str) -> Result<Vec<VoiceMessage>, StoreError> {
        let sql = "SELECT recording, account, call, agent, number, seconds, at, heard FROM voicemail
                   WHERE workspace = $1 AND number = $2 ORDER BY at DESC, recording DESC";
        let rows: Vec<MessageRow> = self.0.read(Scope::Of(workspace), sql, &values![workspace, number]).await?;
        rows.into_iter().map(read).collect()
    }

    async fn message(
        &self,
        workspace: &WorkspaceId,
        recording: &RecordingId,
    ) -> Result<Option<VoiceMessage>, StoreError> {
        let sql = "SELECT recording, account, call, agent, number, seconds, at, heard FROM voicemail
                   WHERE workspace = $1 AND recording = $2";
        let mut rows: Vec<MessageRow> = self.0.read(Scope::Of(workspace), sql, &values![workspace, recording]).await?;
        rows.pop().map(read).transpose()
    }

    async fn new_messages(&self, workspace: &WorkspaceId, agent: &AgentId) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM voicemail WHERE workspace = $1 AND agent = $2 AND heard IS NULL";
        let mut rows: Vec<(i64,)> = self.0.read(Scope::Of(workspace), sql, &values![workspace, agent]).await?;
        u32::try_from(rows.pop().map_or(0, |(count,)| count)).map_err(corrupt)
    }

    async fn message_heard(
        &self,
        workspace: &WorkspaceId,
        recording: &RecordingId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE voicemail SET heard = $3 WHERE workspace = $1 AND recording = $2 AND heard IS NULL";
        self.0.run(Scope::Of(workspace), sql, &values![workspace, recording, at]).await?;
        Ok(())
    }

    async fn remove_message(
        &self,
        workspace: &WorkspaceId,
        recording: &RecordingId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let steps = [
            Step::may(
                "INSERT INTO erasures (workspace, account, call, asked)
                 SELECT workspace, account, recording, $3 FROM voicemail WHERE workspace = $1 AND recording = $2
                 ON CONFLICT (workspace, call) DO NOTHING",
                values![workspace, recording, at],
            ),
            Step::must("DELETE FROM voicemail WHERE workspace = $1 AND recording = $2", values![workspace, recording]),
        ];
        self.0.together(Scope::Of(workspace), &steps).await
    }

    async fn forget_messages(
        &self,
        workspace: &WorkspaceId,
        before: Timestamp,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let steps = [
            Step::may(
                "INSERT INTO erasures (workspace, account, call, asked)
                 SELECT workspace, account, recording, $3 FROM voicemail WHERE workspace = $1 AND at < $2
                 ON CONFLICT (workspace, call) DO NOTHING",
                values![workspace, before, at],
            ),
            Step::may("DELETE FROM voicemail WHERE workspace = $1 AND at < $2", values![workspace, before]),
        ];
        self.0.together(Scope::Of(workspace), &steps).await?;
        Ok(())
    }
}

fn read(row: MessageRow) -> Result<VoiceMessage, StoreError> {
    let (recording, account, call, agent, number, seconds, at, heard) = row;
    Ok(VoiceMessage {
        recording: recording.into(),
        account,
        call: call.into(),
        agent: agent.into(),
        number,
        seconds: u32::try_from(seconds).map_err(corrupt)?,
        at: Timestamp(at),
        heard: heard.map(Timestamp),
    })
}

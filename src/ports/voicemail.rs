//! Messages that callers left.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    history::Bookmark,
    id::{AgentId, CallId, RecordingId, WorkspaceId},
    time::Timestamp,
    voicemail::VoiceMessage,
};

/// Messages of each workspace. Those that are removed are noted, so that their sound is deleted at the carrier too
/// ([`Privacy::undeleted`](super::Privacy::undeleted)).
#[async_trait]
pub trait Voicemail: Send + Sync {
    /// Notes a message. One that is known already stays as it is. Whoever left it is who called, if the history knows the
    /// call, and their number is not given. Answers whether it is new.
    async fn note_message(&self, workspace: &WorkspaceId, message: &VoiceMessage) -> Result<bool, StoreError>;
    /// The newest messages, those for one person or all, or those below a place in the list, at most `limit`, the newest first.
    async fn messages(
        &self,
        workspace: &WorkspaceId,
        agent: Option<&AgentId>,
        below: Option<&Bookmark>,
        limit: u32,
    ) -> Result<Vec<VoiceMessage>, StoreError>;
    /// The messages that were left in a call, the newest first.
    async fn messages_in(&self, workspace: &WorkspaceId, call: &CallId) -> Result<Vec<VoiceMessage>, StoreError>;
    /// The calls that ended between two moments, both included, in which messages were left that are still there: those for
    /// one person, or all.
    async fn calls_with_messages(
        &self,
        workspace: &WorkspaceId,
        agent: Option<&AgentId>,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<CallId>, StoreError>;
    /// The messages of whoever has a number, the newest first.
    async fn messages_from(&self, workspace: &WorkspaceId, number: &str) -> Result<Vec<VoiceMessage>, StoreError>;
    /// One message.
    async fn message(
        &self,
        workspace: &WorkspaceId,
        recording: &RecordingId,
    ) -> Result<Option<VoiceMessage>, StoreError>;
    /// How many messages for somebody are new.
    async fn new_messages(&self, workspace: &WorkspaceId, agent: &AgentId) -> Result<u32, StoreError>;
    /// A message is no longer new.
    async fn message_heard(
        &self,
        workspace: &WorkspaceId,
        recording: &RecordingId,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// Removes a message. Answers whether it was still there.
    async fn remove_message(
        &self,
        workspace: &WorkspaceId,
        recording: &RecordingId,
        at: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Removes the messages from before `before`.
    async fn forget_messages(
        &self,
        workspace: &WorkspaceId,
        before: Timestamp,
        at: Timestamp,
    ) -> Result<(), StoreError>;
}

//! Messages that callers leave for somebody who is not here.

use crate::{
    agent::Role,
    history::Bookmark,
    id::{AgentId, CallId, RecordingId},
    rights::Right,
    time::Timestamp,
};

/// The longest that a message may be, seconds.
pub const LONGEST_SECS: u32 = 180;
/// How long nothing is heard before it is over, seconds.
pub const SILENCE_SECS: u32 = 5;

/// A message. The sound is at the carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoiceMessage {
    /// The carrier's name for it.
    pub recording: RecordingId,
    /// The carrier's account that it is in.
    pub account: String,
    /// The call in which it was left.
    pub call: CallId,
    /// For whom.
    pub agent: AgentId,
    /// Who left it: E.164, or what the carrier says of a withheld number.
    pub number: String,
    /// How long it is.
    pub seconds: u32,
    /// When it was left.
    pub at: Timestamp,
    /// Since when it is no longer new.
    pub heard: Option<Timestamp>,
}

impl VoiceMessage {
    /// Its place in a list of messages.
    pub fn bookmark(&self) -> Bookmark {
        Bookmark { ended: self.at, call: self.recording.as_str().into() }
    }
}

/// Whether somebody may listen to the messages for an agent, and delete them: everybody to their own.
pub fn may_hear(me: &AgentId, role: Role, agent: &AgentId) -> bool {
    me == agent || role.may(Right::HearMessages)
}

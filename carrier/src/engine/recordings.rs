//! Recordings of calls: what Twilio says of them. The sound of those that were spoken is in the studio.

use super::{ApiError, Engine, Hook};
use crate::time::Millis;

/// A recording that is complete.
#[derive(Debug)]
pub(crate) struct Recording {
    pub(crate) sid: String,
    pub(crate) account: String,
    /// The call it is of; the recording stays when the call is deleted.
    pub(crate) call: String,
    pub(crate) created: Millis,
    pub(crate) seconds: u32,
    /// What made it, in Twilio's words.
    pub(crate) source: &'static str,
    /// The silence at both ends is left out.
    pub(crate) trimmed: bool,
    /// Who is told that it is ready.
    pub(super) callback: Option<Hook>,
}

impl Engine {
    /// A call was recorded, without sound. `None` when there is no such call.
    pub(crate) fn record(&mut self, call: &str, seconds: u32) -> Option<String> {
        let account = self.calls.get(call)?.account.clone();
        let sid = self.sid("RE");
        let recording = Recording {
            sid: sid.clone(),
            account,
            call: call.to_owned(),
            created: self.now,
            seconds,
            source: "StartCallRecordingAPI",
            trimmed: false,
            callback: None,
        };
        self.recordings.insert(sid.clone(), recording);
        Some(sid)
    }

    /// A recording of an account.
    pub(crate) fn recording(&self, account: &str, sid: &str) -> Result<&Recording, ApiError> {
        self.recordings.get(sid).filter(|recording| recording.account == account).ok_or_else(ApiError::missing)
    }
}

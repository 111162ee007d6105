//! Forgetting calls that are over before the clock does: nothing is to be kept of whoever they were with.

use super::super::{Event, Floor, evolve::REMEMBER_SECS};
use crate::{
    call::{Call, Caller, Direction},
    id::CallId,
    time::Timestamp,
};

impl Floor {
    /// The calls with somebody that are over and still remembered. `None` as long as one of theirs goes on, or one that they
    /// were added to, or news of one may still come in, which would bring it back.
    pub fn remembered(&self, with: impl Fn(Direction, &Caller) -> bool, now: Timestamp) -> Option<Vec<CallId>> {
        let added = |call: &Call| {
            let tried = call.notice.as_ref().and_then(|notice| notice.added.as_ref());
            call.added.iter().map(|added| &added.who).chain(tried).any(|who| with(Direction::Outbound, who))
        };
        if self.calls.values().any(|call| with(call.direction, &call.caller) || added(call)) {
            return None;
        }
        let over = self.ended.iter().map(|ended| &ended.record);
        let over: Vec<_> = over.filter(|record| with(record.direction, &record.caller)).collect();
        let settled = over.iter().all(|record| record.ended.plus_secs(REMEMBER_SECS) < now);
        settled.then(|| over.into_iter().map(|record| record.call.clone()).collect())
    }

    pub(super) fn decide_forget(&self, calls: &[CallId]) -> Vec<Event> {
        let calls: Vec<_> = calls.iter().filter(|call| self.ended(call).is_some()).cloned().collect();
        if calls.is_empty() { Vec::new() } else { vec![Event::Forgotten { calls }] }
    }
}

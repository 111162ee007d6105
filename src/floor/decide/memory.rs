//! Forgetting calls that are over before the clock does: nothing is to be kept of whoever they were with.

use super::super::{Event, Floor, evolve::REMEMBER_SECS};
use crate::{
    call::{Call, Caller, Direction},
    history::CallRecord,
    id::{AgentId, CallId},
    time::Timestamp,
};

impl Floor {
    /// The calls with somebody that are over and still remembered. `None` as long as one of theirs goes on, or one that they
    /// were added to, or news of one may still come in, which would bring it back.
    /// `with` is asked of each by its direction, the person outside, and who of us is in their place; and with whoever a
    /// message is left for.
    pub fn remembered(
        &self,
        with: impl Fn(Direction, &Caller, Option<&AgentId>) -> bool,
        now: Timestamp,
    ) -> Option<Vec<CallId>> {
        let added = |call: &Call| {
            let tried = call.notice.as_ref().and_then(|notice| notice.added.as_ref());
            call.added.iter().map(|added| &added.who).chain(tried).any(|who| with(Direction::Outbound, who, None))
        };
        let spoken_to = |direction, caller: &Caller, agent: Option<&AgentId>| {
            agent.is_some_and(|agent| with(direction, caller, Some(agent)))
        };
        let theirs = |call: &Call| {
            with(call.direction, &call.caller, call.colleague.as_ref())
                || spoken_to(call.direction, &call.caller, call.voicemail())
                || added(call)
        };
        if self.calls.values().any(theirs) {
            return None;
        }
        let over = self.ended.iter().map(|ended| &ended.record);
        let was_theirs = |record: &&CallRecord| {
            let voicemail = record.voicemail.as_ref().map(|voicemail| &voicemail.agent);
            with(record.direction, &record.caller, record.colleague.as_ref())
                || spoken_to(record.direction, &record.caller, voicemail)
        };
        let over: Vec<_> = over.filter(was_theirs).collect();
        let settled = over.iter().all(|record| record.ended.plus_secs(REMEMBER_SECS) < now);
        settled.then(|| over.into_iter().map(|record| record.call.clone()).collect())
    }

    pub(super) fn decide_forget(&self, calls: &[CallId]) -> Vec<Event> {
        let calls: Vec<_> = calls.iter().filter(|call| self.ended(call).is_some()).cloned().collect();
        if calls.is_empty() { Vec::new() } else { vec![Event::Forgotten { calls }] }
    }
}

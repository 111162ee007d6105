//! Callers who leave a message for somebody who is not here. They leave their room for it, and do not come back: what the
//! carrier says of the room is no news of them any more.

use super::super::{Event, Floor};
use crate::{
    agent::WhenAway,
    call::{Call, Direction, Failure, Pending, Place},
    history::HungUpBy,
    id::{AgentId, CallId, RoomRef},
    time::Timestamp,
};

impl Floor {
    /// Callers whose number only one person answers, who is not here and has a voicemail: they need not wait. Whoever talked
    /// to one of us already, or was called by us, waits for them to come back.
    pub(in crate::floor) fn to_voicemail(&self, now: Timestamp) -> Vec<Event> {
        // Most floors most of the time have nobody who is away, or nobody waiting; both are cheap to see.
        if self.calls.is_empty() || !self.agents.values().any(|agent| agent.when_away == WhenAway::Voicemail) {
            return Vec::new();
        }
        // What the carrier refused once it will refuse again; people may still ask for it.
        let refused = |call: &Call| {
            call.notice.as_ref().is_some_and(|notice| matches!(notice.failure, Failure::CarrierRefused { .. }))
        };
        let is_new = |call: &Call| call.direction == Direction::Inbound && call.answered.is_none();
        let waiting = self.waiting().into_iter().filter(|call| is_new(call) && call.is_routable(now) && !refused(call));
        waiting.filter_map(|call| Some(requested(call, self.only_voicemail(call, now)?, None))).collect()
    }

    /// Whose voicemail takes this call.
    fn only_voicemail(&self, call: &Call, now: Timestamp) -> Option<&AgentId> {
        self.only_one_away(call, now).filter(|(_, when_away)| *when_away == WhenAway::Voicemail).map(|(agent, _)| agent)
    }

    /// There is a message. The news of it often comes when the call is over.
    pub(super) fn decide_message(&self, call: &CallId, agent: &AgentId) -> Vec<Event> {
        let is_new = match (self.calls.get(call), self.ended(call)) {
            (Some(live), _) => !live.message,
            (None, Some(ended)) => !ended.message,
            (None, None) => false,
        };
        is_new.then(|| Event::MessageLeft { call: call.clone(), agent: agent.clone() }).into_iter().collect()
    }
}

/// The carrier asks what whoever is sent to a voicemail hears there: they are in it.
pub(super) fn voicemail_began(call: &Call, agent: &AgentId) -> Vec<Event> {
    match &call.pending {
        Some(Pending::Voicemail { agent: to, .. }) if to == agent => {}
        _ => return Vec::new(),
    }
    let began = Event::VoicemailBegan { call: call.id.clone(), agent: agent.clone() };
    let_go(call).into_iter().chain([began]).collect()
}

/// Whoever talks to somebody who is sent to a voicemail is free.
pub(super) fn let_go(call: &Call) -> Option<Event> {
    let Place::Agent { agent, leg } = &call.place else { return None };
    Some(Event::Released { call: call.id.clone(), agent: agent.clone(), leg: *leg, wrap_up: true })
}

/// The call is sent to somebody's voicemail.
pub(super) fn requested(call: &Call, agent: &AgentId, by: Option<&AgentId>) -> Event {
    Event::VoicemailRequested { call: call.id.clone(), agent: agent.clone(), by: by.cloned() }
}

/// They could not be sent there, and are where they were. Whoever was talking to them may be gone.
pub(super) fn voicemail_failed(call: &Call, failure: Failure) -> Vec<Event> {
    let failed = Event::MoveFailed { call: call.id.clone(), failure };
    std::iter::once(failed).chain(super::observations::left_alone(call)).collect()
}

/// Somebody outside left a room. Unless that is the way to a voicemail, or it was an earlier room of theirs, they are gone.
pub(super) fn left(call: &Call, room: &RoomRef) -> Vec<Event> {
    let elsewhere = matches!(call.pending, Some(Pending::Voicemail { .. }))
        || matches!(call.place, Place::Voicemail { .. })
        || call.room.as_ref().is_some_and(|known| known != room);
    if elsewhere {
        return Vec::new();
    }
    vec![Event::Ended { call: call.id.clone(), by: super::observations::ended_by(call, HungUpBy::Caller) }]
}

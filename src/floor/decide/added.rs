//! People outside who are added to a call: called into it, sent out again, and never left in it without one of us.
//!
//! Their legs are numbered, named and observed like those of agents. What an agent's hold is for one, it is for all of them:
//! whoever is outside hears music or takes part. So nobody is added while the caller is on hold, and nobody is put on hold
//! while somebody is being called.

use super::{
    super::{Event, Floor, Refusal},
    dial::DIAL_SECS,
    guests::takes_others,
};
use crate::{
    call::{Call, Caller, Failure, Leg, LegEnd, LegState, Line},
    id::{AgentId, CallId, LegId},
    time::Timestamp,
};

impl Floor {
    pub(super) fn decide_add(
        &self,
        call: &CallId,
        by: &AgentId,
        to: &Caller,
        line: &Line,
        now: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        self.may_add(by, call, &to.number, now)?;
        Ok(vec![Event::Adding {
            call: call.clone(),
            leg: self.live(call)?.next_leg(),
            who: to.clone(),
            line: line.clone(),
            by: by.clone(),
        }])
    }

    /// Whether this agent could call somebody outside, E.164, into a call now.
    ///
    /// # Errors
    /// Why not.
    pub fn may_add(&self, by: &AgentId, call: &CallId, number: &str, now: Timestamp) -> Result<(), Refusal> {
        let call = self.live(call)?;
        self.may_touch(by, call)?;
        takes_others(call)?;
        if call.held {
            return Err(Refusal::OnHold);
        }
        if call.has_number(number) {
            return Err(Refusal::AlreadyThere);
        }
        self.within_limits(by, now)
    }

    /// Whoever has the call sends them out again, or gives up calling them. One who is out of it stays so.
    pub(super) fn decide_remove(&self, by: &AgentId, call: &CallId, leg: LegId) -> Result<Vec<Event>, Refusal> {
        let call = self.live(call)?;
        self.may_touch(by, call)?;
        Ok(call.added(leg).map(|_| added_left(call, leg, None)).into_iter().collect())
    }
}

pub(super) fn added_left(call: &Call, leg: LegId, why: Option<Failure>) -> Event {
    Event::AddedLeft { call: call.id.clone(), leg, why }
}

/// Their leg ended: they hung up, or never got into the call. The others go on.
pub(super) fn added_gone(call: &Call, leg: &Leg, end: LegEnd) -> Event {
    // The news of a short talk may be the first that there was one.
    let talked = leg.state == LegState::Joined || end == LegEnd::Completed;
    let why = match end {
        _ if talked => None,
        LegEnd::Busy => Some(Failure::Busy),
        end => Some(end.into()),
    };
    added_left(call, leg.id, why)
}

/// Nobody of us is left in the call: whoever was added is not left there either.
pub(super) fn left_behind(call: &Call) -> Vec<Event> {
    if !call.guests.is_empty() {
        return Vec::new();
    }
    call.added.iter().map(|added| added_left(call, added.leg, None)).collect()
}

/// Somebody who never answers is not waited for for ever.
pub(super) fn added_due(call: &Call, now: Timestamp) -> Vec<Event> {
    let due = |leg: LegId, since: Timestamp| !call.is_joined(leg) && since.plus_secs(DIAL_SECS) <= now;
    let first = call.added.iter().find(|added| due(added.leg, added.since));
    first.map(|added| added_left(call, added.leg, Some(Failure::NoAnswer))).into_iter().collect()
}

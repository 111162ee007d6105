//! Calls that agents place: who may, and what becomes of the person called.

use super::super::{Event, Floor, LegNews, Refusal};
use crate::{
    agent::Status,
    call::{Call, Caller, Direction, LegEnd, Line, Outside},
    history::HungUpBy,
    id::{AgentId, CallId, LegId, LegRef},
    time::Timestamp,
};

/// How long it may take until somebody answers, seconds: longer than the carrier rings.
pub(super) const DIAL_SECS: u32 = 75;
/// Calls are counted over this time, seconds.
pub(in crate::floor) const COUNTED_SECS: u32 = 3600;

impl Floor {
    pub(super) fn decide_dial(
        &self,
        call: &CallId,
        by: &AgentId,
        to: &Caller,
        colleague: Option<&AgentId>,
        line: &Line,
        now: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        if self.calls.contains_key(call) || self.ended(call).is_some() {
            return Ok(Vec::new());
        }
        match colleague {
            Some(colleague) => self.may_call(by, colleague)?,
            None => self.may_dial(by, now)?,
        }
        Ok(vec![Event::Dialed {
            call: call.clone(),
            agent: by.clone(),
            leg: LegId(1),
            to: to.clone(),
            colleague: colleague.cloned(),
            line: line.clone(),
        }])
    }

    /// Whether this agent could call a colleague now.
    ///
    /// # Errors
    /// Why not.
    pub fn may_call(&self, by: &AgentId, colleague: &AgentId) -> Result<(), Refusal> {
        if by == colleague {
            return Err(Refusal::Yourself);
        }
        self.has_no_call(by)?;
        match self.status(colleague).ok_or(Refusal::NoSuchAgent)? {
            Status::OnCall => Err(Refusal::AgentBusy),
            Status::Ringing => Err(Refusal::AgentRinging),
            Status::Offline => Err(Refusal::AgentOffline),
            // Colleagues may be disturbed where callers may not.
            Status::Available | Status::Away | Status::WrapUp => Ok(()),
        }
    }

    fn has_no_call(&self, agent: &AgentId) -> Result<(), Refusal> {
        match self.status(agent).ok_or(Refusal::NoSuchAgent)? {
            Status::OnCall | Status::Ringing => Err(Refusal::OnACall),
            _ => Ok(()),
        }
    }

    /// Whether this agent could place a call to somebody outside now.
    ///
    /// # Errors
    /// Why not.
    pub fn may_dial(&self, by: &AgentId, now: Timestamp) -> Result<(), Refusal> {
        self.has_no_call(by)?;
        self.within_limits(by, now)
    }

    /// Whether this agent may call anybody more in this hour: whoever is added to a call counts like whoever is called.
    pub(in crate::floor) fn within_limits(&self, by: &AgentId, now: Timestamp) -> Result<(), Refusal> {
        let counted: Vec<_> = self.dials.iter().filter(|(_, at)| at.plus_secs(COUNTED_SECS) > now).collect();
        let own: Vec<_> = counted.iter().filter(|(agent, _)| agent == by).copied().collect();
        for (placed, limit) in [(own, self.settings.dials_per_agent), (counted, self.settings.dials_per_floor)] {
            // The oldest of the last `limit` calls must be an hour old.
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            if placed.len() >= limit {
                let oldest = placed.len().checked_sub(limit.max(1)).map_or(now, |first| placed[first].1);
                let wait = oldest.plus_secs(COUNTED_SECS).millis_since(now).max(0) / 1000 + 1;
                return Err(Refusal::TooManyCalls { retry_secs: u32::try_from(wait).unwrap_or(COUNTED_SECS) });
            }
        }
        Ok(())
    }

    pub(super) fn decide_outside(&self, call: &CallId, news: &LegNews, reference: Option<&LegRef>) -> Vec<Event> {
        let Some(live) = self.calls.get(call) else { return self.decide_late_outside(call, news, reference) };
        if live.direction == Direction::Inbound {
            return Vec::new();
        }
        match news {
            LegNews::Gone(end) => gone(live, *end),
            LegNews::Dialing => further(live, Outside::Dialing, reference),
            LegNews::Ringing => further(live, Outside::Ringing, reference),
            LegNews::Joined => further(live, Outside::Connected, reference),
        }
    }

    /// News of the person called when the call is over. A leg that can be named only now that nobody wants it is ended
    /// then; one that had talked puts the history right.
    fn decide_late_outside(&self, call: &CallId, news: &LegNews, reference: Option<&LegRef>) -> Vec<Event> {
        let Some(ended) = self.ended(call).filter(|ended| ended.record.direction != Direction::Inbound) else {
            return Vec::new();
        };
        match (news, &ended.record.agent) {
            (LegNews::Gone(LegEnd::Completed), Some(agent)) if ended.record.answered.is_none() => {
                vec![Event::AnswerNoted { call: call.clone(), agent: agent.clone(), leg: LegId(1) }]
            }
            (LegNews::Gone(_), _) => Vec::new(),
            _ if reference.is_some() && ended.outside_leg.is_none() => {
                vec![moved(call, Outside::Dialing, reference)]
            }
            _ => Vec::new(),
        }
    }
}

/// Somebody who never answers is not waited for for ever.
pub(super) fn dial_due(call: &Call, now: Timestamp) -> Vec<Event> {
    let trying = matches!(call.outside, Outside::Dialing | Outside::Ringing);
    if trying && call.arrived.plus_secs(DIAL_SECS) <= now { gone(call, LegEnd::NoAnswer) } else { Vec::new() }
}

/// The person whom we called answered, or is nearer to it; what says less than is known changes nothing.
pub(super) fn further(call: &Call, state: Outside, reference: Option<&LegRef>) -> Vec<Event> {
    let new_reference = reference.filter(|_| call.outside_leg.is_none());
    let rank = |state| match state {
        Outside::Dialing => 0,
        Outside::Ringing => 1,
        Outside::Connected => 2,
        Outside::Gone(_) => 3,
    };
    if rank(state) <= rank(call.outside) && new_reference.is_none() {
        return Vec::new();
    }
    let state = if rank(state) > rank(call.outside) { state } else { call.outside };
    vec![moved(&call.id, state, new_reference)]
}

/// They did not get into the call, or left it: it is over.
pub(super) fn gone(call: &Call, end: LegEnd) -> Vec<Event> {
    let mut events = Vec::new();
    // The news of a short talk may be the first that there was one.
    let talked = end == LegEnd::Completed;
    if call.outside != Outside::Connected {
        events.push(moved(&call.id, if talked { Outside::Connected } else { Outside::Gone(end) }, None));
    }
    events.push(Event::Ended { call: call.id.clone(), by: super::observations::ended_by(call, HungUpBy::Caller) });
    events
}

fn moved(call: &CallId, state: Outside, reference: Option<&LegRef>) -> Event {
    Event::OutsideMoved { call: call.clone(), state, reference: reference.cloned() }
}

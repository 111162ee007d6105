//! Folding events into the floor. Browsers do the same with the same code. An event about something unknown is
//! ignored: `decide` never makes one.

use super::{DeviceNews, EndedCall, Event, Floor, OfferEnd, Recorded, decide::COUNTED_SECS};
use crate::{
    agent::{Agent, Device, Presence},
    call::{
        Added, Call, Caller, Direction, Failure, Guest, Leg, LegState, Line, Notice, Offer, OfferReason, Outside,
        Pending, Place,
    },
    history::{CallRecord, HungUpBy, Outcome},
    id::{AgentId, CallId, LegId, LegRef},
    time::Timestamp,
};

/// How long a call that ended is remembered for late observations, seconds, and how many at most.
pub(super) const REMEMBER_SECS: u32 = 120;
const REMEMBER_CALLS: usize = 200;
/// How long the queue waits when an agent's leg broke off, seconds: when a caller hangs up, the news of the agent's leg
/// often comes first, and nobody should be rung for somebody who is leaving.
const LOST_SECS: u32 = 2;
/// How long the queue waits before it tries again after the carrier failed, seconds.
const RETRY_SECS: u32 = 5;

impl Floor {
    /// Folds one event. The order of versions is the caller's to keep.
    pub fn evolve(&mut self, recorded: &Recorded) {
        let at = recorded.at;
        self.version = recorded.version;
        match &recorded.event {
            Event::Configured(settings) => self.settings = settings.clone(),
            Event::Staffed(lines) => self.lines = lines.clone(),
            Event::Seated(profile) => {
                let agent = self.agents.entry(profile.id.clone()).or_insert_with(|| Agent {
                    profile: profile.clone(),
                    presence: Presence::Offline,
                    presence_since: at,
                    wrap_up_until: None,
                    missed: 0,
                    idle_since: at,
                    device: Device::Elsewhere,
                });
                agent.profile = profile.clone();
            }
            Event::Unseated(agent) => {
                self.agents.remove(agent);
            }
            Event::PresenceSet { agent, presence, .. } => self.with_agent(agent, |agent| {
                agent.presence = *presence;
                agent.presence_since = at;
                agent.idle_since = at;
                agent.missed = 0;
                agent.wrap_up_until = None;
            }),
            Event::DeviceSet { agent, news } => self.with_agent(agent, |agent| {
                agent.device = match news {
                    DeviceNews::Here => Device::Here,
                    DeviceNews::Lost => Device::Gone { since: at },
                    DeviceNews::Off => Device::Elsewhere,
                };
            }),
            Event::WrapUpEnded { agent } => self.with_agent(agent, |agent| {
                agent.wrap_up_until = None;
                agent.idle_since = at;
            }),
            Event::Arrived { call, caller, line } => {
                self.calls.insert(call.clone(), Call::inbound(call.clone(), caller.clone(), line.clone(), at));
            }
            Event::TurnedAway { call, caller, line } => self.turn_away(call, caller, line, at),
            Event::Dialed { call, agent, leg, to, colleague, line } => {
                let (whom, line) = (to.clone(), line.clone());
                let placed = Call::outbound(call.clone(), whom, colleague.clone(), line, agent.clone(), *leg, at);
                self.calls.insert(call.clone(), placed);
                self.with_agent(agent, |agent| agent.wrap_up_until = None);
                // Calls between two of us cost nothing.
                if colleague.is_none() {
                    self.count_dial(agent, at);
                }
            }
            Event::OutsideMoved { call, state, reference } => {
                if let Some(call) = self.calls.get_mut(call) {
                    evolve_outside(call, *state, reference.as_ref(), at);
                } else if let Some(ended) = self.ended.iter_mut().find(|ended| ended.record.call == *call) {
                    ended.outside_leg = ended.outside_leg.take().or_else(|| reference.clone());
                }
            }
            Event::Ended { call, by } => {
                if let Some(call) = self.calls.remove(call) {
                    self.after(&call, at);
                    let record = CallRecord::of(&call, at, by.clone());
                    self.remember(EndedCall { record, legs: call.legs, outside_leg: call.outside_leg }, at);
                }
            }
            Event::Forgotten { calls } => self.ended.retain(|ended| !calls.contains(&ended.record.call)),
            Event::AnswerNoted { call, agent, leg } => self.note_answer(call, agent, *leg, at),
            Event::LegMoved { call, leg, state, reference } => {
                let live = self.calls.get_mut(call).map(|call| &mut call.legs);
                let ended = self.ended.iter_mut().find(|ended| ended.record.call == *call).map(|ended| &mut ended.legs);
                if let Some(legs) = live.or(ended) {
                    move_leg(legs, *leg, *state, reference.as_ref());
                }
            }
            Event::RoomOpened { call, .. }
            | Event::Offered { call, .. }
            | Event::Answered { call, .. }
            | Event::GuestJoined { call, .. }
            | Event::GuestLeft { call, .. }
            | Event::Adding { call, .. }
            | Event::AddedLeft { call, .. }
            | Event::TookOver { call, .. }
            | Event::OfferEnded { call, .. }
            | Event::CallerHeld { call }
            | Event::CallerResumed { call }
            | Event::LineBroke { call, .. }
            | Event::LineMended { call, .. }
            | Event::Released { call, .. }
            | Event::AgentLost { call, .. }
            | Event::ParkRequested { call, .. }
            | Event::Parked { call, .. }
            | Event::Requeued { call, .. }
            | Event::HangUpRequested { call, .. }
            | Event::MoveFailed { call, .. } => {
                if let Some(call) = self.calls.get_mut(call) {
                    evolve_call(call, &recorded.event, at);
                }
                self.evolve_agent(&recorded.event, at);
            }
        }
    }

    /// What an event about a call means for the agent in it.
    fn evolve_agent(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Offered { agent, .. } => self.with_agent(agent, |agent| agent.wrap_up_until = None),
            Event::Answered { agent, .. } => self.with_agent(agent, |agent| agent.missed = 0),
            Event::OfferEnded { agent, why: OfferEnd::Failed(failure), .. } => self.with_agent(agent, |agent| {
                agent.idle_since = at;
                if counts_as_missed(failure) {
                    agent.missed = agent.missed.saturating_add(1);
                }
            }),
            Event::Released { agent, wrap_up: true, .. } | Event::AgentLost { agent, .. } => {
                self.start_wrap_up(agent, at);
            }
            Event::Released { agent, .. } | Event::GuestLeft { agent, .. } => {
                self.with_agent(agent, |agent| agent.idle_since = at);
            }
            Event::GuestJoined { agent, .. } => self.with_agent(agent, |agent| agent.missed = 0),
            Event::Adding { by, .. } => self.count_dial(by, at),
            _ => {}
        }
    }

    /// A call that is over had been answered, as a late message says.
    fn note_answer(&mut self, call: &CallId, agent: &AgentId, leg: LegId, at: Timestamp) {
        if let Some(ended) = self.ended.iter_mut().find(|ended| ended.record.call == *call) {
            ended.record.answered = Some(ended.record.ended);
            ended.record.agent = Some(agent.clone());
            ended.record.outcome = Outcome::Answered;
            move_leg(&mut ended.legs, leg, LegState::Gone, None);
        }
        self.with_agent(agent, |agent| agent.missed = 0);
        if self.ended(call).is_some_and(|ended| ended.record.direction != Direction::Internal) {
            self.start_wrap_up(agent, at);
        }
    }

    fn count_dial(&mut self, agent: &AgentId, at: Timestamp) {
        self.dials.push_back((agent.clone(), at));
        while self.dials.front().is_some_and(|(_, first)| first.plus_secs(COUNTED_SECS) <= at) {
            self.dials.pop_front();
        }
    }

    fn with_agent(&mut self, agent: &AgentId, change: impl FnOnce(&mut Agent)) {
        if let Some(agent) = self.agents.get_mut(agent) {
            change(agent);
        }
    }

    /// A call is over: whoever had it has time to write down what came of it. Guests, and those who only talked to each
    /// other, wait for the next.
    fn after(&mut self, call: &Call, at: Timestamp) {
        for agent in call.guests.iter().map(|guest| &guest.agent).chain(&call.colleague) {
            self.with_agent(agent, |agent| agent.idle_since = at);
        }
        match call.talking_to() {
            Some(agent) if call.colleague.is_some() => self.with_agent(agent, |agent| agent.idle_since = at),
            Some(agent) => self.start_wrap_up(agent, at),
            None => {}
        }
    }

    fn start_wrap_up(&mut self, agent: &AgentId, at: Timestamp) {
        let until = (self.settings.wrap_up_secs > 0).then(|| at.plus_secs(self.settings.wrap_up_secs));
        self.with_agent(agent, |agent| {
            agent.wrap_up_until = until;
            agent.idle_since = at;
        });
    }

    /// A call that was over as soon as it was known.
    fn turn_away(&mut self, call: &CallId, caller: &Caller, line: &Line, at: Timestamp) {
        let call = Call::inbound(call.clone(), caller.clone(), line.clone(), at);
        let record = CallRecord { outcome: Outcome::Closed, ..CallRecord::of(&call, at, HungUpBy::Caller) };
        self.remember(EndedCall { record, legs: call.legs, outside_leg: call.outside_leg }, at);
    }

    fn remember(&mut self, ended: EndedCall, at: Timestamp) {
        self.ended.push_back(ended);
        while self.ended.len() > REMEMBER_CALLS
            || self.ended.front().is_some_and(|first| first.record.ended.plus_secs(REMEMBER_SECS) < at)
        {
            self.ended.pop_front();
        }
    }
}

/// Whether a ring that failed this way is the agent's miss. When the carrier fails, it is not.
pub(super) fn counts_as_missed(failure: &Failure) -> bool {
    matches!(failure, Failure::NoAnswer | Failure::Declined | Failure::Unreachable)
}

fn evolve_call(call: &mut Call, event: &Event, at: Timestamp) {
    match event {
        Event::RoomOpened { room, .. } => call.room = Some(room.clone()),
        Event::Offered { agent, leg, reason, by, .. } => {
            let back_to = match reason {
                OfferReason::Transferred => call.talking_to().cloned(),
                _ => None,
            };
            call.offer =
                Some(Offer { agent: agent.clone(), leg: *leg, since: at, reason: *reason, by: by.clone(), back_to });
            make_leg(call, *leg, Some(agent.clone()));
            call.not_before = None;
            if by.is_some() {
                call.notice = None;
            }
        }
        Event::Answered { agent, leg, .. } => {
            // For the caller it is one talk, however often the line broke.
            let back = call.offer.as_ref().is_some_and(|offer| offer.reason == OfferReason::Rejoined);
            let since = if back { call.place_since } else { at };
            go(call, Place::Agent { agent: agent.clone(), leg: *leg }, since);
            call.offer = None;
            call.answered.get_or_insert(at);
            call.handled_by = Some(agent.clone());
            call.notice = None;
        }
        Event::GuestJoined { agent, leg, .. } => {
            call.guests.push(Guest { agent: agent.clone(), leg: *leg, since: at });
            call.offer = None;
            call.notice = None;
        }
        Event::GuestLeft { leg, .. } => call.guests.retain(|guest| guest.leg != *leg),
        Event::Adding { leg, who, line, .. } => {
            make_leg(call, *leg, None);
            call.added.push(Added { leg: *leg, who: who.clone(), line: line.clone(), since: at });
            call.notice = None;
        }
        Event::AddedLeft { leg, why, .. } => {
            let who = call.added(*leg).map(|added| added.who.clone());
            call.added.retain(|added| added.leg != *leg);
            if let Some(failure) = why {
                call.notice = Some(Notice { failure: failure.clone(), agent: None, added: who, at });
            }
        }
        Event::TookOver { agent, leg, .. } => {
            call.guests.retain(|guest| guest.leg != *leg);
            go(call, Place::Agent { agent: agent.clone(), leg: *leg }, at);
            call.handled_by = Some(agent.clone());
            call.not_before = None;
        }
        Event::OfferEnded { agent, why, .. } => {
            call.offer = None;
            if let OfferEnd::Failed(failure) = why {
                call.notice = Some(Notice { failure: failure.clone(), agent: Some(agent.clone()), added: None, at });
                if !counts_as_missed(failure) {
                    call.not_before = Some(at.plus_secs(RETRY_SECS));
                }
            }
        }
        Event::LineBroke { .. } => {
            call.broken = Some(at);
            call.stays_held = call.held;
        }
        Event::LineMended { .. } => mend(call),
        Event::CallerHeld { .. } => call.held = true,
        Event::CallerResumed { .. } => call.held = false,
        Event::Released { .. } | Event::Requeued { .. } => leave(call, at),
        Event::AgentLost { .. } => {
            leave(call, at);
            call.not_before = Some(at.plus_secs(LOST_SECS));
        }
        Event::ParkRequested { slot, by, .. } => {
            call.pending = Some(Pending::Park { slot: *slot, by: by.clone(), since: at });
            call.notice = None;
        }
        Event::Parked { slot, by, .. } => {
            // From slot to slot the caller goes on waiting: the reminder is not put off.
            let since = if matches!(call.place, Place::Slot { .. }) { call.place_since } else { at };
            go(call, Place::Slot { slot: *slot, by: by.clone() }, since);
            call.pending = None;
        }
        Event::HangUpRequested { by, .. } => call.pending = Some(Pending::HangUp { by: by.clone(), since: at }),
        Event::MoveFailed { failure, .. } => {
            call.pending = None;
            call.notice = Some(Notice { failure: failure.clone(), agent: None, added: None, at });
        }
        _ => {}
    }
}

fn evolve_outside(call: &mut Call, state: Outside, reference: Option<&LegRef>, at: Timestamp) {
    if state == Outside::Connected && call.outside != Outside::Connected {
        call.answered.get_or_insert(at);
        call.place_since = at;
    }
    call.outside = state;
    if reference.is_some() {
        call.outside_leg = reference.cloned();
    }
}

fn make_leg(call: &mut Call, id: LegId, agent: Option<AgentId>) {
    // A leg that broke stays known as long as the call is its agent's.
    let talking = match &call.place {
        Place::Agent { leg, .. } => Some(*leg),
        Place::Queue | Place::Slot { .. } => None,
    };
    call.legs.retain(|leg| leg.state != LegState::Gone || Some(leg.id) == talking);
    call.legs.push(Leg { id, agent, state: LegState::Asked, reference: None });
    call.leg_count = id.0;
}

fn mend(call: &mut Call) {
    call.broken = None;
    call.stays_held = false;
}

fn go(call: &mut Call, place: Place, at: Timestamp) {
    mend(call);
    call.place = place;
    call.place_since = at;
}

/// Into the queue. A move that was on its way is over; a hang-up still is.
fn leave(call: &mut Call, at: Timestamp) {
    go(call, Place::Queue, at);
    call.pending.take_if(|pending| matches!(pending, Pending::Park { .. }));
}

fn move_leg(legs: &mut [Leg], id: LegId, state: LegState, reference: Option<&LegRef>) {
    if let Some(leg) = legs.iter_mut().find(|leg| leg.id == id) {
        leg.state = leg.state.max(state);
        if reference.is_some() {
            leg.reference = reference.cloned();
        }
    }
}

//! Folding events into the floor. Browsers do the same with the same code. An event about something unknown is
//! ignored: `decide` never makes one.

mod call;

use self::call::{evolve_outside, move_leg};
use super::{DeviceNews, EndedCall, Event, Floor, OfferEnd, Recorded, decide::COUNTED_SECS};
use crate::{
    agent::{Agent, Device, Presence, Profile, WhenAway},
    call::{Call, Caller, Direction, Failure, LegState, Line, Via},
    history::{CallRecord, HungUpBy, Outcome},
    id::{AgentId, CallId, LegId},
    time::Timestamp,
};

/// How long a call that ended is remembered for late observations, seconds, and how many at most.
pub(super) const REMEMBER_SECS: u32 = 120;
const REMEMBER_CALLS: usize = 200;

impl Floor {
    /// Folds one event. The order of versions is the caller's to keep.
    pub fn evolve(&mut self, recorded: &Recorded) {
        let at = recorded.at;
        self.version = recorded.version;
        match &recorded.event {
            Event::Configured(settings) => self.settings = settings.clone(),
            Event::Staffed(lines) => self.lines = lines.clone(),
            Event::Seated(profile) => self.seat(profile, at),
            Event::WhenAwaySet { agent, when_away } => self.with_agent(agent, |agent| agent.when_away = *when_away),
            Event::Unseated(agent) => {
                self.agents.remove(agent);
            }
            Event::PresenceSet { agent, presence, by } => self.with_agent(agent, |agent| {
                agent.presence = *presence;
                agent.presence_since = at;
                agent.idle_since = at;
                agent.missed_away = by.is_none().then_some(agent.missed);
                agent.missed = 0;
                agent.wrap_up_until = None;
            }),
            Event::DeviceSet { agent, news } => self.set_device(agent, *news, at),
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
                    let (legs, outside_leg, message) = (call.legs, call.outside_leg, call.message);
                    self.remember(EndedCall { record, legs, outside_leg, message }, at);
                }
            }
            Event::Forgotten { calls } => self.ended.retain(|ended| !calls.contains(&ended.record.call)),
            Event::AnswerNoted { call, agent, leg } => self.note_answer(call, agent, *leg, at),
            Event::MessageLeft { call, .. } => self.note_message(call),
            Event::LegMoved { call, leg, state, reference } => {
                self.count_mobile(call, *leg, *state, at);
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
            | Event::VoicemailRequested { call, .. }
            | Event::VoicemailBegan { call, .. }
            | Event::HangUpRequested { call, .. }
            | Event::MoveFailed { call, .. } => {
                if let Some(call) = self.calls.get_mut(call) {
                    call::evolve(call, &recorded.event, at);
                }
                self.evolve_agent(&recorded.event, at);
            }
        }
    }

    /// Somebody new is not here yet; whoever is renamed stays as they are.
    fn seat(&mut self, profile: &Profile, at: Timestamp) {
        let agent = self.agents.entry(profile.id.clone()).or_insert_with(|| Agent {
            profile: profile.clone(),
            presence: Presence::Offline,
            presence_since: at,
            wrap_up_until: None,
            missed: 0,
            missed_away: None,
            idle_since: at,
            device: Device::Elsewhere,
            when_away: WhenAway::Nowhere,
        });
        agent.profile = profile.clone();
    }

    /// Where the phone of somebody is now. Nobody waits for a call who was away for longer than a page takes to be loaded anew.
    fn set_device(&mut self, agent: &AgentId, news: DeviceNews, at: Timestamp) {
        let rejoin = self.settings.rejoin_secs;
        self.with_agent(agent, |agent| {
            if let (Device::Gone { since }, DeviceNews::Here) = (agent.device, news)
                && since.plus_secs(rejoin) <= at
            {
                agent.idle_since = at;
            }
            agent.device = match news {
                DeviceNews::Here => Device::Here,
                DeviceNews::Lost => Device::Gone { since: at },
                DeviceNews::Off => Device::Elsewhere,
            };
        });
    }

    /// What an event about a call means for the agent in it.
    fn evolve_agent(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Offered { agent, .. } => self.with_agent(agent, |agent| agent.wrap_up_until = None),
            Event::Answered { agent, .. } => self.with_agent(agent, |agent| agent.missed = 0),
            Event::OfferEnded { call, agent, leg, why: OfferEnd::Failed(failure) } => {
                let in_page = !self.calls.get(call).is_some_and(|call| call.is_mobile(*leg));
                self.with_agent(agent, |agent| {
                    agent.idle_since = at;
                    if in_page && counts_as_missed(failure) {
                        agent.missed = agent.missed.saturating_add(1);
                    }
                });
            }
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

    /// Calling a mobile phone costs what any call does, once it is made. What the queue does is done for whoever is called.
    fn count_mobile(&mut self, call: &CallId, leg: LegId, state: LegState, at: Timestamp) {
        let Some(call) = self.calls.get(call).filter(|_| state < LegState::Gone) else { return };
        let made = call.leg(leg).filter(|leg| leg.via == Via::Mobile && leg.state == LegState::Asked);
        let Some(whose) = made.and_then(|leg| leg.agent.clone()) else { return };
        let by = call.offer.as_ref().filter(|offer| offer.leg == leg).and_then(|offer| offer.by.clone());
        self.count_dial(&by.unwrap_or(whose), at);
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

    /// A message was left in a call, which may be over.
    fn note_message(&mut self, call: &CallId) {
        if let Some(call) = self.calls.get_mut(call) {
            call.message = true;
        } else if let Some(ended) = self.ended.iter_mut().find(|ended| ended.record.call == *call) {
            ended.message = true;
            if ended.record.outcome == Outcome::Abandoned {
                ended.record.outcome = Outcome::Voicemail;
            }
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
        self.remember(EndedCall { record, legs: call.legs, outside_leg: None, message: false }, at);
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

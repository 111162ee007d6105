//! Deciding: from a command to what happens, or to a refusal. Pure; the browser asks the same questions to know where
//! a call may be dropped.

mod added;
mod device;
mod dial;
mod guests;
mod intents;
mod memory;
mod moves;
mod observations;
mod seats;
mod time;
mod voicemail;

pub(super) use self::{dial::COUNTED_SECS, time::MOBILE_SECS};
pub use self::{moves::Way, time::ACCEPT_SECS};
use super::{Command, Event, Floor, OfferEnd, Refusal, Settings, evolve::counts_as_missed};
use crate::{
    agent::{Presence, Status},
    call::{Call, Failure, Offer, OfferReason, Place, Via},
    id::{AgentId, CallId},
    time::Timestamp,
};

impl Floor {
    /// What `command` makes happen on this floor. An empty answer means that nothing changes, as when an
    /// observation arrives twice.
    ///
    /// # Errors
    /// Only what people ask for is refused; observations never are.
    pub fn decide(&self, command: &Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Configure(settings) if self.settings == *settings && self.version > 0 => Ok(Vec::new()),
            Command::Configure(settings) => self.decide_settings(settings),
            Command::Staff(lines) if self.lines == *lines => Ok(Vec::new()),
            Command::Staff(lines) => Ok(vec![Event::Staffed(lines.clone())]),
            Command::Seat(profile) => Ok(self.decide_seat(profile)),
            Command::SetWhenAway { agent, when_away } => Ok(self.decide_when_away(agent, *when_away)),
            Command::Unseat(agent) => Ok(self.decide_unseat(agent)),
            Command::Ask { by, intent } => self.decide_intent(by, intent, now),
            Command::Dial { call, by, to, colleague, line } => {
                self.decide_dial(call, by, to, colleague.as_ref(), line, now)
            }
            Command::Add { call, by, to, line } => self.decide_add(call, by, to, line, now),
            Command::Forget { calls } => Ok(self.decide_forget(calls)),
            Command::Tick => Ok(self.decide_tick(now)),
            observation => Ok(self.decide_observation(observation)),
        }
    }

    /// Whether `by` could drop `call` there now.
    ///
    /// # Errors
    /// Why not.
    pub fn may_move(&self, by: &AgentId, call: &CallId, to: &super::Target, now: Timestamp) -> Result<(), Refusal> {
        self.decide_move(by, call, to, now).map(|_| ())
    }

    /// A slot does not go while a call is in it, or on its way there.
    fn decide_settings(&self, settings: &Settings) -> Result<Vec<Event>, Refusal> {
        let last = self.calls.values().filter_map(Call::slot).max();
        match last.filter(|slot| slot.0 > settings.slots) {
            Some(slot) => Err(Refusal::SlotTaken { slot }),
            None => Ok(vec![Event::Configured(settings.clone())]),
        }
    }

    fn live(&self, call: &CallId) -> Result<&Call, Refusal> {
        self.calls.get(call).ok_or(Refusal::CallGone)
    }

    /// The ring at `offer` is over without an answer: where the call goes, and what that means for the agent.
    fn offer_over(&self, call: &Call, offer: &Offer, why: OfferEnd) -> Vec<Event> {
        let mut events = Vec::new();
        // A mobile phone says nothing of who sits at the page.
        let missed = offer.reason != OfferReason::Rejoined
            && !call.is_mobile(offer.leg)
            && matches!(&why, OfferEnd::Failed(failure) if counts_as_missed(failure));
        events.push(Event::OfferEnded { call: call.id.clone(), agent: offer.agent.clone(), leg: offer.leg, why });
        if missed && let Some(agent) = self.agents.get(&offer.agent) {
            let limit = self.settings.missed_limit;
            if agent.presence == Presence::Available && limit > 0 && agent.missed.saturating_add(1) >= limit {
                let agent = offer.agent.clone();
                events.push(Event::PresenceSet { agent, presence: Presence::Away, by: None });
            }
        }
        match (&offer.reason, &call.place) {
            // The one who transfers still has the caller: they go on talking.
            (OfferReason::Transferred, Place::Agent { .. }) if call.held && call.broken.is_none() => {
                events.push(Event::CallerResumed { call: call.id.clone() });
            }
            (OfferReason::Transferred, Place::Queue) => {
                if let Some(back_to) = offer.back_to.as_ref().filter(|agent| self.can_take_back(agent)) {
                    events.push(Event::Offered {
                        call: call.id.clone(),
                        agent: back_to.clone(),
                        leg: call.next_leg(),
                        reason: OfferReason::Returned,
                        by: None,
                        via: Via::Page,
                    });
                }
            }
            (OfferReason::Recalled, Place::Slot { .. }) => {
                events.push(Event::Requeued { call: call.id.clone(), by: None });
            }
            _ => {}
        }
        events
    }

    /// A transfer that nobody answered goes back even to one who is still writing down the last call.
    fn can_take_back(&self, agent: &AgentId) -> bool {
        matches!(self.status(agent), Some(Status::Available | Status::WrapUp | Status::Away))
    }
}

/// Of an agent's leg.
impl From<crate::call::LegEnd> for Failure {
    fn from(end: crate::call::LegEnd) -> Self {
        use crate::call::LegEnd;
        match end {
            LegEnd::Completed | LegEnd::NoAnswer | LegEnd::Canceled => Self::NoAnswer,
            LegEnd::Declined | LegEnd::Busy => Self::Declined,
            LegEnd::Unreachable => Self::Unreachable,
        }
    }
}

//! What people ask for, other than moving a call.

use super::{
    super::{Event, Floor, Intent, OfferEnd, Refusal},
    guests::{guest_leaves, host_leaves},
};
use crate::{
    agent::{Agent, Presence},
    call::{Call, Pending, Place},
    id::{AgentId, CallId},
    rights::Right,
    time::Timestamp,
};

impl Floor {
    pub(super) fn decide_intent(&self, by: &AgentId, intent: &Intent, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        match intent {
            Intent::SetPresence { agent, presence } => self.decide_presence(by, agent, *presence),
            Intent::FinishWrapUp => {
                let running = self.person(by)?.wrap_up_until.is_some();
                Ok(running.then(|| Event::WrapUpEnded { agent: by.clone() }).into_iter().collect())
            }
            Intent::MoveCall { call, to } => self.decide_move(by, call, to, now),
            Intent::CancelMove { call } => self.decide_cancel(by, call),
            Intent::Hold { call } => self.decide_hold(by, call, true),
            Intent::Resume { call } => self.decide_hold(by, call, false),
            Intent::Rejoin { call } => self.decide_rejoin(by, call),
            Intent::Invite { call, agent } => self.decide_invite(by, call, agent),
            Intent::Dismiss { call, agent } => self.decide_dismiss(by, call, agent),
            Intent::Remove { call, leg } => self.decide_remove(by, call, *leg),
            Intent::HangUp { call } => self.decide_hang_up(by, call),
        }
    }

    pub(super) fn person(&self, id: &AgentId) -> Result<&Agent, Refusal> {
        self.agents.get(id).ok_or(Refusal::NoSuchAgent)
    }

    pub(super) fn supervises(&self, by: &AgentId) -> Result<bool, Refusal> {
        Ok(self.person(by)?.profile.role.may(Right::Supervise))
    }

    fn decide_presence(&self, by: &AgentId, agent: &AgentId, presence: Presence) -> Result<Vec<Event>, Refusal> {
        if by != agent && !self.supervises(by)? {
            return Err(Refusal::NotAllowed);
        }
        let person = self.person(agent)?;
        // Saying it again also ends the time after a call: "I am ready". Whoever was set away may mean it, too.
        if person.presence == presence && person.wrap_up_until.is_none() && person.missed_away.is_none() {
            return Ok(Vec::new());
        }
        Ok(vec![Event::PresenceSet { agent: agent.clone(), presence, by: Some(by.clone()) }])
    }

    /// A move is taken back by the one who made it, by the one whose call it is, or by a supervisor.
    fn decide_cancel(&self, by: &AgentId, call: &CallId) -> Result<Vec<Event>, Refusal> {
        let call = self.live(call)?;
        let offer = call.offer.as_ref().filter(|offer| offer.by.is_some()).ok_or(Refusal::NothingToCancel)?;
        let theirs = [offer.by.as_ref(), offer.back_to.as_ref(), call.talking_to()].contains(&Some(by));
        if !theirs && !self.supervises(by)? {
            return Err(Refusal::NotYours);
        }
        Ok(self.offer_over(call, offer, OfferEnd::Withdrawn))
    }

    fn decide_hold(&self, by: &AgentId, call: &CallId, hold: bool) -> Result<Vec<Event>, Refusal> {
        let call = self.live(call)?;
        self.may_touch(by, call)?;
        if call.talking_to().is_none() || call.broken.is_some() {
            return Err(Refusal::NotTalking);
        }
        if let Some(pending) = &call.pending {
            return Err(match pending {
                Pending::HangUp { .. } => Refusal::Ending,
                Pending::Park { .. } => Refusal::AlreadyMoving { to: None },
                Pending::Voicemail { agent, .. } => Refusal::AlreadyMoving { to: Some(agent.clone()) },
            });
        }
        if let Some(offer) = &call.offer {
            return Err(Refusal::AlreadyMoving { to: Some(offer.agent.clone()) });
        }
        if call.room.is_none() {
            return Err(Refusal::NotReady);
        }
        if hold && call.is_adding() {
            return Err(Refusal::Adding);
        }
        let id = call.id.clone();
        Ok(match (call.held, hold) {
            (false, true) => vec![Event::CallerHeld { call: id }],
            (true, false) => vec![Event::CallerResumed { call: id }],
            _ => Vec::new(),
        })
    }

    /// Agents end the calls that they have or parked, and those in their voicemail; supervisors end any. Whoever is one of several agents in a call only
    /// leaves it.
    fn decide_hang_up(&self, by: &AgentId, call: &CallId) -> Result<Vec<Event>, Refusal> {
        let call = self.live(call)?;
        if call.guest(by).is_some() {
            return Ok(guest_leaves(call, by));
        }
        let theirs = match &call.place {
            Place::Agent { agent, .. } | Place::Slot { by: agent, .. } | Place::Voicemail { agent } => agent == by,
            Place::Queue => false,
        };
        let theirs = theirs || call.colleague.as_ref() == Some(by);
        if !theirs && !self.supervises(by)? {
            return Err(Refusal::NotYours);
        }
        match (&call.pending, &call.place) {
            (Some(Pending::HangUp { .. }), _) => Ok(Vec::new()),
            (_, Place::Agent { agent, leg }) if agent == by && !call.guests.is_empty() => {
                Ok(host_leaves(call, by, *leg))
            }
            _ => Ok(vec![Event::HangUpRequested { call: call.id.clone(), by: by.clone() }]),
        }
    }

    pub(super) fn may_touch(&self, by: &AgentId, call: &Call) -> Result<(), Refusal> {
        match call.talking_to() {
            Some(agent) if agent != by && !self.supervises(by)? => Err(Refusal::NotYours),
            _ => self.person(by).map(|_| ()),
        }
    }
}

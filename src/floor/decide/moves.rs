//! Dragging: every drop of a call, wherever it came from and wherever it goes.

use super::{
    super::{Event, Floor, OfferEnd, Refusal, Target},
    added::left_behind,
    guests::{host_leaves, uninvited},
    voicemail::requested,
};
use crate::{
    agent::{Device, Status, WhenAway},
    call::{Call, Offer, OfferReason, Outside, Pending, Place, Via},
    id::{AgentId, CallId, Slot},
    time::Timestamp,
};

/// Where a call goes that is moved to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Their phone rings: in the page, or where else they have it.
    Phone,
    /// The caller leaves them a message.
    Voicemail,
    /// Their mobile phone rings, because they are not here.
    Mobile,
}

impl Floor {
    pub(super) fn decide_move(
        &self,
        by: &AgentId,
        call: &CallId,
        to: &Target,
        now: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        let call = self.live(call)?;
        self.may_touch(by, call)?;
        match &call.pending {
            Some(Pending::HangUp { .. }) => return Err(Refusal::Ending),
            Some(Pending::Park { .. }) => return Err(Refusal::AlreadyMoving { to: None }),
            Some(Pending::Voicemail { agent, .. }) => {
                return Err(Refusal::AlreadyMoving { to: Some(agent.clone()) });
            }
            None => {}
        }
        if matches!(call.place, Place::Voicemail { .. }) {
            return Err(Refusal::LeavingMessage);
        }
        // What the queue or the clock chose can be overruled; what a person asked for cannot, until they take it back.
        let (chosen, asked) = match &call.offer {
            Some(offer) if offer.by.is_none() => (Some(offer), None),
            offer => (None, offer.as_ref()),
        };
        if let Some(offer) = asked {
            return Err(Refusal::AlreadyMoving { to: Some(offer.agent.clone()) });
        }
        if call.room.is_none() {
            return Err(Refusal::NotReady);
        }
        if call.colleague.is_some() {
            return Err(Refusal::Internal);
        }
        if !call.guests.is_empty() || !call.added.is_empty() {
            return Err(Refusal::HasGuests);
        }
        match to {
            Target::Agent(agent) => self.decide_move_to_agent(by, call, agent, chosen, now),
            Target::Slot(slot) => self.decide_park(by, call, *slot, chosen),
            Target::Queue => decide_requeue(by, call),
        }
    }

    fn decide_move_to_agent(
        &self,
        by: &AgentId,
        call: &Call,
        to: &AgentId,
        chosen: Option<&Offer>,
        now: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        if call.talking_to() == Some(to) || chosen.is_some_and(|offer| offer.agent == *to) {
            return Err(Refusal::AlreadyThere);
        }
        let via = match self.way_to(by, to, now)? {
            Way::Phone => Via::Page,
            Way::Voicemail => {
                let mut events = withdraw(call, chosen);
                events.push(requested(call, to, Some(by)));
                return Ok(events);
            }
            Way::Mobile => {
                self.within_limits(by, now)?;
                Via::Mobile
            }
        };
        let mut events = withdraw(call, chosen);
        let reason = match call.place {
            Place::Queue | Place::Voicemail { .. } => OfferReason::Picked,
            Place::Slot { .. } => OfferReason::Retrieved,
            Place::Agent { .. } => OfferReason::Transferred,
        };
        if reason == OfferReason::Transferred && !call.held {
            events.push(Event::CallerHeld { call: call.id.clone() });
        }
        events.push(Event::Offered {
            call: call.id.clone(),
            agent: to.clone(),
            leg: call.next_leg(),
            reason,
            by: Some(by.clone()),
            via,
        });
        Ok(events)
    }

    /// Where a call goes that is moved to somebody: a colleague who is not here may have said where else. Who is busy, rung or
    /// writing down the last call is here.
    ///
    /// # Errors
    /// Why it cannot be moved to them.
    pub fn way_to(&self, by: &AgentId, to: &AgentId, now: Timestamp) -> Result<Way, Refusal> {
        let refusal = match self.reachable(by, to) {
            Ok(()) => return Ok(Way::Phone),
            Err(refusal @ (Refusal::AgentAway | Refusal::AgentOffline)) if by != to => refusal,
            Err(refusal) => return Err(refusal),
        };
        let agent = self.person(to)?;
        match agent.when_away {
            WhenAway::Mobile => Ok(Way::Mobile),
            // From a voicemail there is no way back: whoever only loads their page anew is waited for.
            WhenAway::Voicemail if self.comes_back(agent, now) => Err(refusal),
            WhenAway::Voicemail => Ok(Way::Voicemail),
            WhenAway::Nowhere => Err(refusal),
        }
    }

    /// Calls are given only to colleagues who take calls; for oneself, being away or wrapping up is no obstacle, and
    /// talking in a page is none either.
    pub(super) fn reachable(&self, by: &AgentId, to: &AgentId) -> Result<(), Refusal> {
        let myself = by == to;
        match self.status(to).ok_or(Refusal::NoSuchAgent)? {
            Status::Available => Ok(()),
            Status::Away | Status::WrapUp if myself => Ok(()),
            Status::Away => Err(Refusal::AgentAway),
            Status::WrapUp => Err(Refusal::AgentWrappingUp),
            Status::Offline => Err(Refusal::AgentOffline),
            Status::Ringing => Err(Refusal::AgentRinging),
            Status::OnCall if myself => self.second_call(to),
            Status::OnCall => Err(Refusal::AgentBusy),
        }
    }

    /// Whoever talks in a page of ours may ask for a second call: it rings there, and who answers it parks the first.
    fn second_call(&self, agent: &AgentId) -> Result<(), Refusal> {
        if self.calls.values().any(|call| call.offer.as_ref().is_some_and(|offer| offer.agent == *agent)) {
            return Err(Refusal::AgentRinging);
        }
        let in_page = self.agents.get(agent).is_some_and(|agent| agent.device == Device::Here);
        let settled = |call: &Call| {
            call.outside == Outside::Connected
                && call.colleague.is_none()
                && call.guests.is_empty()
                && call.added.is_empty()
                && call.broken.is_none()
                && call.offer.is_none()
                && call.pending.is_none()
        };
        let talks = self.calls.values().any(|call| call.talking_to() == Some(agent) && settled(call));
        if in_page && talks { Ok(()) } else { Err(Refusal::AgentBusy) }
    }

    fn decide_park(
        &self,
        by: &AgentId,
        call: &Call,
        slot: Option<Slot>,
        chosen: Option<&Offer>,
    ) -> Result<Vec<Event>, Refusal> {
        if let Place::Slot { slot: here, .. } = call.place
            && slot.is_none_or(|slot| slot == here)
        {
            return Err(Refusal::AlreadyThere);
        }
        let slot = match slot {
            None => self.free_slot().ok_or(Refusal::LotFull)?,
            Some(slot) if slot.0 == 0 || slot.0 > self.settings.slots => return Err(Refusal::NoSuchSlot),
            Some(slot) if self.in_slot(slot).is_some() => return Err(Refusal::SlotTaken { slot }),
            Some(slot) => slot,
        };
        let id = || call.id.clone();
        // From slot to slot nothing changes for the caller, so nothing has to be asked of the carrier.
        if matches!(call.place, Place::Slot { .. }) {
            return Ok(vec![Event::Parked { call: id(), slot, by: by.clone() }]);
        }
        let mut events = withdraw(call, chosen);
        events.push(Event::ParkRequested { call: id(), slot, by: by.clone() });
        if call.held {
            events.extend(park_now(call, slot, by));
        } else {
            events.push(Event::CallerHeld { call: id() });
        }
        Ok(events)
    }
}

/// The caller is on hold, so the call is in its slot and whoever talked to them is free.
pub(super) fn park_now(call: &Call, slot: Slot, by: &AgentId) -> Vec<Event> {
    let mut events = Vec::new();
    if let Place::Agent { agent, leg } = &call.place {
        events.push(Event::Released { call: call.id.clone(), agent: agent.clone(), leg: *leg, wrap_up: false });
    }
    events.push(Event::Parked { call: call.id.clone(), slot, by: by.clone() });
    events
}

/// Whoever answers a second call lets go of the first: colleagues in it go on, else it is parked where there is room, else it waits for the next agent.
pub(super) fn set_aside(floor: &Floor, agent: &AgentId, answered: &CallId) -> Vec<Event> {
    let Some(call) = floor.calls.values().find(|call| call.id != *answered && call.talking_to() == Some(agent)) else {
        return Vec::new();
    };
    let Place::Agent { leg, .. } = call.place else { return Vec::new() };
    if !call.guests.is_empty() {
        return host_leaves(call, agent, leg);
    }
    let mut events: Vec<_> = uninvited(call).into_iter().collect();
    let moving = call.offer.is_some() && events.is_empty();
    events.extend(left_behind(call));
    if !call.held {
        events.push(Event::CallerHeld { call: call.id.clone() });
    }
    match floor.free_slot().filter(|_| !moving && call.pending.is_none()) {
        Some(slot) => events.extend(park_now(call, slot, agent)),
        None => {
            events.push(Event::Released { call: call.id.clone(), agent: agent.clone(), leg, wrap_up: false });
        }
    }
    events
}

fn decide_requeue(by: &AgentId, call: &Call) -> Result<Vec<Event>, Refusal> {
    let id = || call.id.clone();
    let requeued = Event::Requeued { call: id(), by: Some(by.clone()) };
    match &call.place {
        Place::Queue => Err(Refusal::AlreadyThere),
        Place::Voicemail { .. } => Err(Refusal::LeavingMessage),
        Place::Slot { .. } => Ok(vec![requeued]),
        Place::Agent { agent, leg } => {
            let mut events = Vec::new();
            if !call.held {
                events.push(Event::CallerHeld { call: id() });
            }
            events.push(Event::Released { call: id(), agent: agent.clone(), leg: *leg, wrap_up: true });
            events.push(requeued);
            Ok(events)
        }
    }
}

fn withdraw(call: &Call, chosen: Option<&Offer>) -> Vec<Event> {
    chosen
        .map(|offer| Event::OfferEnded {
            call: call.id.clone(),
            agent: offer.agent.clone(),
            leg: offer.leg,
            why: OfferEnd::Taken,
        })
        .into_iter()
        .collect()
}

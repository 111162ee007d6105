//! Calls of more than two: colleagues are added, leave, and go on when whoever had the call is gone.

use super::{
    super::{Event, Floor, OfferEnd, Refusal},
    added::left_behind,
};
use crate::{
    call::{Call, OfferReason, Outside, Pending, Via},
    history::HungUpBy,
    id::{AgentId, CallId, LegId},
};

impl Floor {
    /// Rings a colleague into a call that somebody has. Everyone in it goes on talking meanwhile.
    pub(super) fn decide_invite(&self, by: &AgentId, call: &CallId, whom: &AgentId) -> Result<Vec<Event>, Refusal> {
        let call = self.live(call)?;
        self.may_touch(by, call)?;
        takes_others(call)?;
        if call.is_in(whom) {
            return Err(Refusal::AlreadyThere);
        }
        self.reachable(by, whom)?;
        Ok(vec![Event::Offered {
            call: call.id.clone(),
            agent: whom.clone(),
            leg: call.next_leg(),
            reason: OfferReason::Invited,
            by: Some(by.clone()),
            via: Via::Page,
        }])
    }

    /// Guests are sent out by whoever has the call, and leave by themselves. One who is out of it stays so.
    pub(super) fn decide_dismiss(&self, by: &AgentId, call: &CallId, whom: &AgentId) -> Result<Vec<Event>, Refusal> {
        let call = self.live(call)?;
        if by != whom {
            self.may_touch(by, call)?;
        }
        Ok(guest_leaves(call, whom))
    }
}

/// Others are added to a call in which two talk, and which is not on its way anywhere.
pub(super) fn takes_others(call: &Call) -> Result<(), Refusal> {
    if call.talking_to().is_none() || call.broken.is_some() {
        return Err(Refusal::NotTalking);
    }
    match (&call.pending, &call.offer) {
        (Some(Pending::HangUp { .. }), _) => return Err(Refusal::Ending),
        (Some(Pending::Park { .. }), _) => return Err(Refusal::AlreadyMoving { to: None }),
        (Some(Pending::Voicemail { agent, .. }), _) => {
            return Err(Refusal::AlreadyMoving { to: Some(agent.clone()) });
        }
        (None, Some(offer)) => return Err(Refusal::AlreadyMoving { to: Some(offer.agent.clone()) }),
        (None, None) => {}
    }
    if call.room.is_none() || call.outside != Outside::Connected {
        return Err(Refusal::NotReady);
    }
    Ok(())
}

/// A guest leaves; the others go on. Whoever is left alone because the line of the one who has the call is broken hears
/// music.
pub(super) fn guest_leaves(call: &Call, agent: &AgentId) -> Vec<Event> {
    let Some(guest) = call.guest(agent) else { return Vec::new() };
    let mut events = vec![Event::GuestLeft { call: call.id.clone(), agent: agent.clone(), leg: guest.leg }];
    if call.broken.is_some() && call.guests.len() == 1 && !call.held {
        events.push(Event::CallerHeld { call: call.id.clone() });
    }
    events
}

/// Whoever has the call leaves it to the guests.
pub(super) fn host_leaves(call: &Call, agent: &AgentId, leg: LegId) -> Vec<Event> {
    let released = Event::Released { call: call.id.clone(), agent: agent.clone(), leg, wrap_up: true };
    let mut events = vec![released];
    events.extend(taken_over(call));
    events
}

/// The line of whoever had the call is lost for good. A guest has it then; without one, the person outside waits for the
/// next agent and hears music, unless they do already; two colleagues have nothing to wait for.
pub(super) fn lost(call: &Call, agent: &AgentId, leg: LegId, held: bool) -> Vec<Event> {
    let id = || call.id.clone();
    if call.colleague.is_some() && call.guests.is_empty() {
        return vec![Event::Ended { call: id(), by: HungUpBy::Agent(agent.clone()) }];
    }
    let mut events = left_behind(call);
    events.push(Event::AgentLost { call: id(), agent: agent.clone(), leg });
    if !call.guests.is_empty() {
        events.extend(taken_over(call));
    } else if !held {
        events.push(Event::CallerHeld { call: id() });
    }
    events
}

/// Whoever talks on their mobile phone has no other way to end a call than to hang up; colleagues in it go on.
pub(super) fn put_down(call: &Call, agent: &AgentId, leg: LegId) -> Vec<Event> {
    if !call.guests.is_empty() {
        return lost(call, agent, leg, call.held);
    }
    let mut events = vec![Event::HangUpRequested { call: call.id.clone(), by: agent.clone() }];
    events.extend(lost(call, agent, leg, true));
    events
}

/// The first guest has the call. Nobody knows why the one who left had put anybody on hold.
fn taken_over(call: &Call) -> Vec<Event> {
    let id = || call.id.clone();
    let Some(guest) = call.guests.first() else { return Vec::new() };
    let mut events = vec![Event::TookOver { call: id(), agent: guest.agent.clone(), leg: guest.leg }];
    if call.held {
        events.push(Event::CallerResumed { call: id() });
    }
    events
}

/// Nobody is rung into the call any more, because whoever asked for it is gone from it.
pub(super) fn uninvited(call: &Call) -> Option<Event> {
    let offer = call.offer.as_ref().filter(|offer| offer.reason == OfferReason::Invited)?;
    let (agent, leg) = (offer.agent.clone(), offer.leg);
    Some(Event::OfferEnded { call: call.id.clone(), agent, leg, why: OfferEnd::Withdrawn })
}

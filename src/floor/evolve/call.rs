//! What an event means for the call that it is about.

use super::{
    super::{Event, OfferEnd},
    counts_as_missed,
};
use crate::{
    call::{Added, Call, Guest, Leg, LegState, Notice, Offer, OfferReason, Outside, Pending, Place, Via},
    id::{AgentId, LegId, LegRef},
    time::Timestamp,
};

/// How long the queue waits when an agent's leg broke off, seconds: when a caller hangs up, the news of the agent's leg
/// often comes first, and nobody should be rung for somebody who is leaving.
const LOST_SECS: u32 = 2;
/// How long the queue waits before it tries again after the carrier failed, seconds.
const RETRY_SECS: u32 = 5;

/// Folds an event about a call into it.
pub(super) fn evolve(call: &mut Call, event: &Event, at: Timestamp) {
    match event {
        Event::RoomOpened { room, .. } => call.room = Some(room.clone()),
        Event::Offered { agent, leg, reason, by, via, .. } => {
            let back_to = match reason {
                OfferReason::Transferred => call.talking_to().cloned(),
                _ => None,
            };
            call.offer =
                Some(Offer { agent: agent.clone(), leg: *leg, since: at, reason: *reason, by: by.clone(), back_to });
            make_leg(call, *leg, Some(agent.clone()), *via);
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
            make_leg(call, *leg, None, Via::Page);
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
        Event::VoicemailRequested { agent, by, .. } => {
            call.pending = Some(Pending::Voicemail { agent: agent.clone(), by: by.clone(), since: at });
            call.notice = None;
        }
        Event::VoicemailBegan { agent, .. } => {
            go(call, Place::Voicemail { agent: agent.clone() }, at);
            call.pending = None;
            call.held = false;
        }
        Event::HangUpRequested { by, .. } => call.pending = Some(Pending::HangUp { by: by.clone(), since: at }),
        Event::MoveFailed { failure, .. } => {
            // Where the queue wants them it does not send them again at once.
            if matches!(call.pending, Some(Pending::Voicemail { .. })) {
                call.not_before = Some(at.plus_secs(RETRY_SECS));
            }
            call.pending = None;
            call.notice = Some(Notice { failure: failure.clone(), agent: None, added: None, at });
        }
        _ => {}
    }
}

/// Folds how far the person whom we called has come.
pub(super) fn evolve_outside(call: &mut Call, state: Outside, reference: Option<&LegRef>, at: Timestamp) {
    if state == Outside::Connected && call.outside != Outside::Connected {
        call.answered.get_or_insert(at);
        call.place_since = at;
    }
    call.outside = state;
    if reference.is_some() {
        call.outside_leg = reference.cloned();
    }
}

fn make_leg(call: &mut Call, id: LegId, agent: Option<AgentId>, via: Via) {
    // A leg that broke stays known as long as the call is its agent's.
    let talking = match &call.place {
        Place::Agent { leg, .. } => Some(*leg),
        Place::Queue | Place::Slot { .. } | Place::Voicemail { .. } => None,
    };
    // And a mobile phone that rang, because the queue rings it once.
    call.legs.retain(|leg| leg.state != LegState::Gone || Some(leg.id) == talking || leg.via == Via::Mobile);
    call.legs.push(Leg { id, agent, via, state: LegState::Asked, reference: None });
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

/// A leg only ever goes forward.
pub(super) fn move_leg(legs: &mut [Leg], id: LegId, state: LegState, reference: Option<&LegRef>) {
    if let Some(leg) = legs.iter_mut().find(|leg| leg.id == id) {
        leg.state = leg.state.max(state);
        if reference.is_some() {
            leg.reference = reference.cloned();
        }
    }
}

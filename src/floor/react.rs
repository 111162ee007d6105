//! What the carrier must do because of an event.

use super::{Effect, EffectKind, Event, Floor, decide::MOBILE_SECS};
use crate::{
    call::{Direction, LegState, OfferReason, Place, Via},
    id::{CallId, LegId},
};

impl Floor {
    /// What the carrier must do because of `event`, which has just been folded into this floor.
    pub fn react(&self, event: &Event) -> Vec<Effect> {
        let effect = |call: &CallId, kind| Effect { call: call.clone(), kind };
        match event {
            Event::Offered { call, agent, leg, reason, via, .. } => {
                let secs = match reason {
                    _ if *via == Via::Mobile => MOBILE_SECS,
                    OfferReason::Recalled => self.settings.recall_secs,
                    _ => self.settings.ring_secs,
                };
                let ring = effect(call, EffectKind::Ring { leg: *leg, agent: agent.clone(), secs });
                // Whoever comes back has lost the leg that they had.
                let old = self.calls.get(call).filter(|_| *reason == OfferReason::Rejoined).map(|call| &call.place);
                match old {
                    Some(Place::Agent { leg, .. }) if self.lives(call, *leg) => {
                        vec![effect(call, EffectKind::Drop { leg: *leg }), ring]
                    }
                    _ => vec![ring],
                }
            }
            Event::CallerHeld { call } => vec![effect(call, EffectKind::Hold)],
            Event::CallerResumed { call } => vec![effect(call, EffectKind::Resume)],
            Event::Released { call, leg, .. } => vec![effect(call, EffectKind::Drop { leg: *leg })],
            Event::OfferEnded { call, leg, .. }
            | Event::AgentLost { call, leg, .. }
            | Event::GuestLeft { call, leg, .. }
            | Event::AddedLeft { call, leg, .. }
                if self.lives(call, *leg) =>
            {
                vec![effect(call, EffectKind::Drop { leg: *leg })]
            }
            // A leg that nobody waits for any more got through, or can be named only now: it must not stay.
            Event::LegMoved { call, leg, state, reference }
                if *state < LegState::Gone
                    && (*state == LegState::Joined || reference.is_some())
                    && !self.wants(call, *leg) =>
            {
                vec![effect(call, EffectKind::Drop { leg: *leg })]
            }
            // Somebody who was added comes in while everybody outside is on hold, because a line broke meanwhile.
            Event::LegMoved { call, leg, state: LegState::Joined, .. } if self.comes_into_hold(call, *leg) => {
                vec![effect(call, EffectKind::Hold)]
            }
            Event::Adding { call, leg, .. } => vec![effect(call, EffectKind::Add { leg: *leg })],
            Event::Dialed { call, .. } => vec![effect(call, EffectKind::Dial)],
            Event::OutsideMoved { call, reference: Some(_), .. } if self.ended(call).is_some() => {
                vec![effect(call, EffectKind::DropOutside)]
            }
            Event::VoicemailRequested { call, agent, .. } => {
                vec![effect(call, EffectKind::Voicemail { agent: agent.clone() })]
            }
            Event::HangUpRequested { call, .. } => vec![effect(call, EffectKind::HangUp)],
            // Agents' legs in the room end with the room; those that still ring would ring on. Nobody outside is to stay
            // in it, whatever becomes of the room.
            Event::Ended { call, .. } => self.ended(call).map_or_else(Vec::new, |ended| {
                // A call that we placed may end before its room has begun: then each leg is ended by itself.
                let ours = ended.record.direction != Direction::Inbound;
                let left = ended
                    .legs
                    .iter()
                    .filter(|leg| leg.state < LegState::Gone)
                    .filter(|leg| leg.state < LegState::Joined || ours || leg.agent.is_none());
                let legs = left.map(|leg| effect(call, EffectKind::Drop { leg: leg.id }));
                legs.chain(ours.then(|| effect(call, EffectKind::DropOutside))).collect()
            }),
            _ => Vec::new(),
        }
    }

    fn lives(&self, call: &CallId, leg: LegId) -> bool {
        self.leg(call, leg).is_some_and(|leg| leg.state < LegState::Gone)
    }

    fn comes_into_hold(&self, call: &CallId, leg: LegId) -> bool {
        self.calls.get(call).is_some_and(|call| call.held && call.added(leg).is_some())
    }

    /// Whether this leg is the one that rings or talks. Any other that is in a call's room must leave it.
    pub fn wants(&self, call: &CallId, leg: LegId) -> bool {
        self.calls.get(call).is_some_and(|call| {
            call.offer.as_ref().is_some_and(|offer| offer.leg == leg)
                || matches!(&call.place, Place::Agent { leg: talking, .. } if *talking == leg)
                || call.guests.iter().any(|guest| guest.leg == leg)
                || call.added(leg).is_some()
        })
    }
}

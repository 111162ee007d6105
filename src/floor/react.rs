//! What the carrier must do because of an event.

use super::{Effect, EffectKind, Event, Floor};
use crate::{
    call::{LegState, OfferReason, Place},
    id::{CallId, LegId},
};

impl Floor {
    /// What the carrier must do because of `event`, which has just been folded into this floor.
    pub fn react(&self, event: &Event) -> Vec<Effect> {
        let effect = |call: &CallId, kind| Effect { call: call.clone(), kind };
        match event {
            Event::Offered { call, agent, leg, reason, .. } => {
                let secs = match reason {
                    OfferReason::Recalled => self.settings.recall_secs,
                    _ => self.settings.ring_secs,
                };
                vec![effect(call, EffectKind::Ring { leg: *leg, agent: agent.clone(), secs })]
            }
            Event::CallerHeld { call } => vec![effect(call, EffectKind::Hold)],
            Event::CallerResumed { call } => vec![effect(call, EffectKind::Resume)],
            Event::Released { call, leg, .. } => vec![effect(call, EffectKind::Drop { leg: *leg })],
            Event::OfferEnded { call, leg, .. } if self.lives(call, *leg) => {
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
            Event::HangUpRequested { call, .. } => vec![effect(call, EffectKind::HangUp)],
            // Legs in the room end with the room; those that still ring would ring on.
            Event::Ended { call, .. } => self.ended(call).map_or_else(Vec::new, |ended| {
                let ringing = ended.legs.iter().filter(|leg| leg.state < LegState::Joined);
                ringing.map(|leg| effect(call, EffectKind::Drop { leg: leg.id })).collect()
            }),
            _ => Vec::new(),
        }
    }

    fn lives(&self, call: &CallId, leg: LegId) -> bool {
        self.leg(call, leg).is_some_and(|leg| leg.state < LegState::Gone)
    }

    /// Whether this leg is the one that rings or talks. Any other that is in a call's room must leave it.
    pub fn wants(&self, call: &CallId, leg: LegId) -> bool {
        self.calls.get(call).is_some_and(|call| {
            call.offer.as_ref().is_some_and(|offer| offer.leg == leg)
                || matches!(&call.place, Place::Agent { leg: talking, .. } if *talking == leg)
        })
    }
}

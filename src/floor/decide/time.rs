//! What happens because time passes: nothing on a floor waits for ever.

use super::{
    super::{Event, Floor, OfferEnd},
    added::added_due,
    dial::dial_due,
    observations::hang_up_failed,
    voicemail::voicemail_failed,
};
use crate::{
    agent::Status,
    call::{Call, Failure, Offer, OfferReason, Pending, Place, Via},
    id::AgentId,
    time::Timestamp,
};

/// How much later than a ring's end the carrier may say so, seconds. An answer in the last moment still counts.
const LATE_SECS: u32 = 3;
/// How long the carrier's confirmation of a park, of a voicemail or of a hang-up may take, seconds. What was given up is not sent any more.
const CONFIRM_SECS: u32 = 20;

/// How long a mobile phone is rung, seconds.
pub(in crate::floor) const MOBILE_SECS: u32 = 30;
/// How long whoever answers a mobile phone has to say that they take the call, seconds, what they are told first included.
pub const ACCEPT_SECS: u32 = 25;

impl Floor {
    /// The next thing that is due. One at a time, because what happens to one agent bears on the next: whoever owns the
    /// floor asks again until nothing is due.
    pub(super) fn decide_tick(&self, now: Timestamp) -> Vec<Event> {
        let wrapped_up = self.agents.iter().find(|(_, agent)| agent.wrap_up_until.is_some_and(|until| until <= now));
        if let Some((id, _)) = wrapped_up {
            return vec![Event::WrapUpEnded { agent: id.clone() }];
        }
        self.calls.values().map(|call| self.call_due(call, now)).find(|events| !events.is_empty()).unwrap_or_default()
    }

    fn call_due(&self, call: &Call, now: Timestamp) -> Vec<Event> {
        let id = || call.id.clone();
        let added = added_due(call, now);
        if !added.is_empty() {
            return added;
        }
        if let Some(offer) = &call.offer {
            if offer.since.plus_secs(self.ring_limit(call, offer)) <= now {
                return self.offer_over(call, offer, OfferEnd::Failed(Failure::NoAnswer));
            }
            // While somebody is added, whoever has the call can still lose their line.
            if offer.reason != OfferReason::Invited {
                return Vec::new();
            }
        }
        let line = self.line_due(call, now);
        if !line.is_empty() {
            return line;
        }
        let dial = dial_due(call, now);
        if !dial.is_empty() {
            return dial;
        }
        match (&call.pending, &call.place) {
            (Some(Pending::Park { since, .. }), _) if since.plus_secs(CONFIRM_SECS) <= now => vec![
                Event::CallerResumed { call: id() },
                Event::MoveFailed { call: id(), failure: Failure::Unconfirmed },
            ],
            (Some(Pending::Voicemail { since, .. }), _) if since.plus_secs(CONFIRM_SECS) <= now => {
                voicemail_failed(call, Failure::Unconfirmed)
            }
            (Some(Pending::HangUp { since, .. }), _) if since.plus_secs(CONFIRM_SECS) <= now => {
                hang_up_failed(call, Failure::Unconfirmed)
            }
            (None, Place::Slot { by, .. }) if call.place_since.plus_secs(self.settings.park_secs) <= now => {
                vec![self.recall(call, by)]
            }
            _ => Vec::new(),
        }
    }

    /// A call parked for too long rings the one who parked it, or goes back to the queue when they cannot take it.
    fn recall(&self, call: &Call, by: &AgentId) -> Event {
        if self.status(by) != Some(Status::Available) {
            return Event::Requeued { call: call.id.clone(), by: None };
        }
        Event::Offered {
            call: call.id.clone(),
            agent: by.clone(),
            leg: call.next_leg(),
            reason: OfferReason::Recalled,
            by: None,
            via: Via::Page,
        }
    }

    /// The carrier ends the ring; this is for when its word does not come.
    fn ring_limit(&self, call: &Call, offer: &Offer) -> u32 {
        let ring = match offer.reason {
            _ if call.is_mobile(offer.leg) => MOBILE_SECS + ACCEPT_SECS,
            OfferReason::Recalled => self.settings.recall_secs,
            _ => self.settings.ring_secs,
        };
        ring + LATE_SECS
    }
}

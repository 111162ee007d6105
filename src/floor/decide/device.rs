//! The page that an agent speaks through: it is reloaded, crashes and loses its network, and the call must not.

use super::{
    super::{DeviceNews, Event, Floor, OfferEnd, Refusal},
    guests::{lost, uninvited},
};
use crate::{
    agent::Device,
    call::{Call, Leg, LegState, OfferReason, Place, Via},
    id::{AgentId, CallId, LegId},
    time::Timestamp,
};

/// How long a page may be away before the caller hears music, seconds. Most come back sooner.
const AWAY_SECS: u32 = 4;

impl Floor {
    pub(super) fn decide_device(&self, agent: &AgentId, news: DeviceNews) -> Vec<Event> {
        let Some(person) = self.agents.get(agent) else { return Vec::new() };
        let known = matches!(
            (person.device, news),
            (Device::Here, DeviceNews::Here)
                | (Device::Gone { .. } | Device::Elsewhere, DeviceNews::Lost)
                | (Device::Elsewhere, DeviceNews::Off)
        );
        if known {
            return Vec::new();
        }
        let mut events = vec![Event::DeviceSet { agent: agent.clone(), news }];
        if news == DeviceNews::Here {
            events.extend(self.calls.values().flat_map(|call| mended(call, agent)));
        }
        events
    }

    /// The agent rings themselves into the call that their page lost.
    pub(super) fn decide_rejoin(&self, by: &AgentId, call: &CallId) -> Result<Vec<Event>, Refusal> {
        let call = self.live(call)?;
        if call.broken.is_none() || call.talking_to() != Some(by) {
            return Err(Refusal::NotBroken);
        }
        match &call.offer {
            Some(offer) if offer.reason == OfferReason::Rejoined => Ok(Vec::new()),
            Some(offer) => Err(Refusal::AlreadyMoving { to: Some(offer.agent.clone()) }),
            None if call.pending.is_some() => Err(Refusal::Ending),
            None => {
                let mut events = self.stop_ringing(by);
                events.push(Event::Offered {
                    call: call.id.clone(),
                    agent: by.clone(),
                    leg: call.next_leg(),
                    reason: OfferReason::Rejoined,
                    by: None,
                    via: Via::Page,
                });
                Ok(events)
            }
        }
    }

    /// A second call that rings at this agent goes back: the first one needs them.
    fn stop_ringing(&self, agent: &AgentId) -> Vec<Event> {
        let rings = |call: &&Call| call.offer.as_ref().is_some_and(|offer| offer.agent == *agent);
        let second = self.calls.values().find(rings).and_then(|call| Some((call, call.offer.as_ref()?)));
        second.map_or_else(Vec::new, |(call, offer)| self.offer_over(call, offer, OfferEnd::Withdrawn))
    }

    /// Whether this agent speaks through a page of ours in the call, which may come back.
    pub(super) fn has_page(&self, call: &Call, agent: &AgentId, leg: LegId) -> bool {
        !call.is_mobile(leg) && self.agents.get(agent).is_some_and(|agent| agent.device != Device::Elsewhere)
    }

    /// A page that stays away: first the caller hears music, then the call goes to the queue.
    pub(super) fn line_due(&self, call: &Call, now: Timestamp) -> Vec<Event> {
        let Place::Agent { agent, leg } = &call.place else { return Vec::new() };
        let moving = call.offer.as_ref().is_some_and(|offer| offer.reason != OfferReason::Invited);
        if moving || call.pending.is_some() {
            return Vec::new();
        }
        // Whoever talks on their mobile phone needs no page.
        let device = self.agents.get(agent).filter(|_| !call.is_mobile(*leg)).map(|agent| agent.device);
        match (call.broken, device) {
            (Some(since), _) if since.plus_secs(self.settings.rejoin_secs) <= now => lost(call, agent, *leg, call.held),
            (None, Some(Device::Gone { since })) if since.plus_secs(AWAY_SECS) <= now => {
                uninvited(call).into_iter().chain(broke(call, agent, *leg)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The line of the one who talks broke: everybody outside hears music, unless colleagues are with them, and the call is still theirs.
pub(super) fn broke(call: &Call, agent: &AgentId, leg: LegId) -> Vec<Event> {
    let mut events = vec![Event::LineBroke { call: call.id.clone(), agent: agent.clone(), leg }];
    if !call.held && call.guests.is_empty() {
        events.push(Event::CallerHeld { call: call.id.clone() });
    }
    events
}

/// The page is back and its leg never ended: they go on talking, unless the caller was on hold before.
fn mended(call: &Call, agent: &AgentId) -> Vec<Event> {
    let Place::Agent { agent: talks, leg } = &call.place else { return Vec::new() };
    let alive = call.leg(*leg).is_some_and(|Leg { state, .. }| *state == LegState::Joined);
    if talks != agent || call.broken.is_none() || call.offer.is_some() || !alive {
        return Vec::new();
    }
    let mut events = vec![Event::LineMended { call: call.id.clone(), agent: agent.clone() }];
    if call.held && !call.stays_held {
        events.push(Event::CallerResumed { call: call.id.clone() });
    }
    events
}

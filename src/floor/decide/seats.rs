//! People come to the floor and leave it for good. Their calls do not leave with them.

use super::{
    super::{Event, Floor, OfferEnd},
    added::left_behind,
    guests::{guest_leaves, host_leaves, uninvited},
};
use crate::{
    agent::{Profile, WhenAway},
    call::{Call, Outside, Pending, Place},
    history::HungUpBy,
    id::AgentId,
};

impl Floor {
    pub(super) fn decide_seat(&self, profile: &Profile) -> Vec<Event> {
        let known = self.agents.get(&profile.id).is_some_and(|agent| agent.profile == *profile);
        if known { Vec::new() } else { vec![Event::Seated(profile.clone())] }
    }

    pub(super) fn decide_when_away(&self, agent: &AgentId, when_away: WhenAway) -> Vec<Event> {
        let differs = self.agents.get(agent).is_some_and(|agent| agent.when_away != when_away);
        differs.then(|| Event::WhenAwaySet { agent: agent.clone(), when_away }).into_iter().collect()
    }

    /// Whoever they talk to hears music and waits for the next agent, unless colleagues are with them; what rings at them
    /// rings no more.
    pub(super) fn decide_unseat(&self, agent: &AgentId) -> Vec<Event> {
        if !self.agents.contains_key(agent) {
            return Vec::new();
        }
        let mut events: Vec<Event> = self.calls.values().flat_map(|call| self.without(call, agent)).collect();
        events.push(Event::Unseated(agent.clone()));
        events
    }

    fn without(&self, call: &Call, agent: &AgentId) -> Vec<Event> {
        let id = || call.id.clone();
        let mut events = Vec::new();
        if let Some(offer) = call.offer.as_ref().filter(|offer| offer.agent == *agent) {
            events.extend(self.offer_over(call, offer, OfferEnd::Withdrawn));
        }
        events.extend(guest_leaves(call, agent));
        if call.colleague.as_ref() == Some(agent) {
            events.push(Event::Ended { call: id(), by: HungUpBy::Agent(agent.clone()) });
            return events;
        }
        let Place::Agent { agent: talks, leg } = &call.place else { return events };
        if talks != agent {
            return events;
        }
        events.extend(uninvited(call));
        if !call.guests.is_empty() {
            events.extend(host_leaves(call, agent, *leg));
            return events;
        }
        if call.colleague.is_some() {
            events.push(Event::Ended { call: id(), by: HungUpBy::Agent(agent.clone()) });
            return events;
        }
        events.extend(left_behind(call));
        let ending = matches!(call.pending, Some(Pending::HangUp { .. }));
        if call.outside != Outside::Connected && !ending {
            // Nobody is there yet who could wait for somebody else.
            events.push(Event::HangUpRequested { call: id(), by: agent.clone() });
        } else if !call.held {
            events.push(Event::CallerHeld { call: id() });
        }
        events.push(Event::Released { call: id(), agent: agent.clone(), leg: *leg, wrap_up: false });
        if let Some(Pending::Park { slot, by, .. }) = &call.pending {
            events.push(Event::Parked { call: id(), slot: *slot, by: by.clone() });
        }
        events
    }
}

//! The queue: who is rung for the callers who wait.

use std::collections::BTreeSet;

use super::{Event, Floor};
use crate::{
    agent::{Agent, Device, Presence, Status, WhenAway},
    call::{Call, OfferReason, Via},
    id::AgentId,
    time::Timestamp,
};

impl Floor {
    /// Rings the agents who have been idle longest for the callers who have been waiting longest, each for the numbers that
    /// they answer: a caller whose number nobody answers just now keeps no other from being answered. Whose number only one
    /// person answers, who is not here, goes where that person is.
    pub(super) fn route(&self, now: Timestamp) -> Vec<Event> {
        // Most floors most of the time have no one to ring or no one waiting; both are cheap to see.
        let may_ring = |agent: &Agent| agent.presence == Presence::Available || agent.when_away != WhenAway::Nowhere;
        if !self.agents.values().any(may_ring) {
            return Vec::new();
        }
        let waiting: Vec<&Call> = self.waiting().into_iter().filter(|call| call.is_routable(now)).collect();
        if waiting.is_empty() {
            return Vec::new();
        }
        let mut idle = self.idle_agents();
        let mut away = BTreeSet::new();
        let offer = |call: &Call| {
            let (agent, via) = match idle.iter().position(|agent| self.answers(agent, &call.line.number)) {
                Some(first) => (idle.remove(first), Via::Page),
                None => (self.mobile_for(call, now).filter(|agent| away.insert(*agent))?, Via::Mobile),
            };
            Some(Event::Offered {
                call: call.id.clone(),
                agent: agent.clone(),
                leg: call.next_leg(),
                reason: OfferReason::Routed,
                by: None,
                via,
            })
        };
        waiting.into_iter().filter_map(offer).collect()
    }

    /// Whose mobile phone rings for a caller who waits: once for each call.
    fn mobile_for(&self, call: &Call, now: Timestamp) -> Option<&AgentId> {
        let (agent, when_away) = self.only_one_away(call, now)?;
        let rings =
            when_away == WhenAway::Mobile && !call.tried_mobile(agent) && self.within_limits(agent, now).is_ok();
        rings.then_some(agent)
    }

    /// The only one who answers the number that somebody called, if they are not here, with what becomes of calls then. A page
    /// that is only being loaded anew is waited for.
    pub(super) fn only_one_away(&self, call: &Call, now: Timestamp) -> Option<(&AgentId, WhenAway)> {
        // Everybody answers a number that names nobody: where there is only one of us, that is they.
        let mut agents = self.agents.keys().filter(|agent| self.answers(agent, &call.line.number));
        let (Some(agent), None) = (agents.next(), agents.next()) else { return None };
        let is_away = matches!(self.status(agent), Some(Status::Away | Status::Offline));
        let (id, agent) = self.agents.get_key_value(agent).filter(|_| is_away)?;
        (!self.comes_back(agent, now)).then_some((id, agent.when_away))
    }

    /// Whether somebody's page went away so lately that it may only be loaded anew.
    pub(super) fn comes_back(&self, agent: &Agent, now: Timestamp) -> bool {
        match agent.device {
            Device::Gone { since } => since.plus_secs(self.settings.rejoin_secs) > now,
            Device::Here | Device::Elsewhere => false,
        }
    }

    /// Agents who take calls and have none, the longest idle first.
    fn idle_agents(&self) -> Vec<&AgentId> {
        let mut idle: Vec<_> =
            self.agents.iter().filter(|(id, _)| self.status(id) == Some(Status::Available)).collect();
        idle.sort_by_key(|(id, agent)| (agent.idle_since, *id));
        idle.into_iter().map(|(id, _)| id).collect()
    }
}

//! The queue: who is rung for the callers who wait.

use super::{Event, Floor};
use crate::{
    agent::{Presence, Status},
    call::{Call, OfferReason},
    id::AgentId,
    time::Timestamp,
};

impl Floor {
    /// Rings the agents who have been idle longest for the callers who have been waiting longest, each for the numbers that
    /// they answer: a caller whose number nobody answers just now keeps no other from being answered.
    pub(super) fn route(&self, now: Timestamp) -> Vec<Event> {
        // Most floors most of the time have no one to ring or no one waiting; both are cheap to see.
        if !self.agents.values().any(|agent| agent.presence == Presence::Available) {
            return Vec::new();
        }
        let waiting: Vec<&Call> = self.waiting().into_iter().filter(|call| is_routable(call, now)).collect();
        if waiting.is_empty() {
            return Vec::new();
        }
        let mut idle = self.idle_agents();
        let offer = |call: &Call| {
            let first = idle.iter().position(|agent| self.answers(agent, &call.line.number))?;
            Some(Event::Offered {
                call: call.id.clone(),
                agent: idle.remove(first).clone(),
                leg: call.next_leg(),
                reason: OfferReason::Routed,
                by: None,
            })
        };
        waiting.into_iter().filter_map(offer).collect()
    }

    /// Agents who take calls and have none, the longest idle first.
    fn idle_agents(&self) -> Vec<&AgentId> {
        let mut idle: Vec<_> =
            self.agents.iter().filter(|(id, _)| self.status(id) == Some(Status::Available)).collect();
        idle.sort_by_key(|(id, agent)| (agent.idle_since, *id));
        idle.into_iter().map(|(id, _)| id).collect()
    }
}

fn is_routable(call: &Call, now: Timestamp) -> bool {
    call.offer.is_none()
        && call.pending.is_none()
        && call.room.is_some()
        && call.not_before.is_none_or(|not_before| not_before <= now)
}

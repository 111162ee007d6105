//! Where every card is, computed from the floor. Pure; the page compares two layouts and touches only what differs.

use std::collections::BTreeMap;

use switchyard::{
    agent::{Agent, Status},
    call::{Call, Caller, Pending, Place},
    floor::Floor,
    id::{AgentId, CallId, Slot},
    time::Timestamp,
};

/// The one place where a call's card is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Spot {
    /// In the waiting line.
    Waiting,
    /// In a slot of the parking lot.
    Slot(Slot),
    /// At an agent, talking or ringing.
    Agent(AgentId),
}

/// An agent's card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Who, and what they say of themselves.
    pub agent: Agent,
    /// What they are doing.
    pub status: Status,
    /// Since when.
    pub since: Timestamp,
    /// Whom they are handing a call over to: its card is already there.
    pub handing_over: Option<AgentId>,
}

/// A place in the parking lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlotView {
    /// Free.
    Empty,
    /// With a call.
    Here(CallId, Caller),
    /// Its call rings at somebody, and comes back if they do not answer.
    Ringing(CallId, Caller, AgentId),
    /// A call is on its way.
    Coming(CallId, Caller),
}

/// The figures of the floor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Callers in the queue, those that are ringing at somebody included.
    pub waiting: usize,
    /// When the one who waits longest began to.
    pub longest: Option<Timestamp>,
    /// Calls with an agent.
    pub on_call: usize,
    /// Calls in the lot.
    pub parked: usize,
    /// Agents who are free.
    pub available: usize,
}

/// Where every card is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Agents in the order of their cards: the reader first, then by extension. Statuses do not re-order them.
    pub order: Vec<AgentId>,
    /// Their cards.
    pub seats: BTreeMap<AgentId, Seat>,
    /// The calls at each agent, the longest there first.
    pub at: BTreeMap<AgentId, Vec<CallId>>,
    /// The waiting line, without the callers who are ringing at somebody.
    pub waiting: Vec<CallId>,
    /// The parking lot.
    pub slots: BTreeMap<Slot, SlotView>,
    /// The spot of each call.
    pub spots: BTreeMap<CallId, Spot>,
    /// The figures.
    pub counts: Counts,
}

/// Where a call's card is.
pub fn spot(floor: &Floor, call: &Call) -> Spot {
    let ringing = call.offer.as_ref().map(|offer| &offer.agent);
    match (ringing.or_else(|| call.talking_to()), &call.place) {
        (Some(agent), _) if floor.agents.contains_key(agent) => Spot::Agent(agent.clone()),
        (_, Place::Slot { slot, .. }) => Spot::Slot(*slot),
        // Nobody is lost: a call of somebody unknown is shown where it would go next.
        _ => Spot::Waiting,
    }
}

impl Layout {
    /// The layout of a floor, as `me` sees it.
    pub fn of(floor: &Floor, me: &AgentId) -> Self {
        let mut layout = Self {
            at: floor.agents.keys().map(|id| (id.clone(), Vec::new())).collect(),
            slots: floor.slots().map(|slot| (slot, SlotView::Empty)).collect(),
            ..Self::default()
        };
        let mut busy = Busy::default();
        let mut calls: Vec<&Call> = floor.calls.values().collect();
        calls.sort_by_key(|call| (call.arrived, &call.id));
        for call in calls {
            layout.place(floor, call);
            busy.note(call);
        }
        for (id, agent) in &floor.agents {
            let seat = busy.seat(id, agent);
            layout.counts.available += usize::from(seat.status == Status::Available);
            layout.seats.insert(id.clone(), seat);
        }
        layout.order = floor.agents.keys().cloned().collect();
        layout.order.sort_by_key(|id| {
            let extension = &floor.agents[id].profile.extension;
            (id != me, extension.len(), extension.clone(), id.clone())
        });
        layout
    }

    fn place(&mut self, floor: &Floor, call: &Call) {
        match &call.place {
            Place::Queue => {
                self.counts.waiting += 1;
                self.counts.longest.get_or_insert(call.arrived);
            }
            Place::Slot { .. } => self.counts.parked += 1,
            Place::Agent { .. } => self.counts.on_call += 1,
        }
        let spot = spot(floor, call);
        if let Some(slot) = call.slot() {
            let (id, caller) = (call.id.clone(), call.caller.clone());
            let view = match (&spot, &call.offer, &call.pending) {
                (Spot::Slot(_), ..) => SlotView::Here(id, caller),
                (_, _, Some(Pending::Park { .. })) | (_, None, _) => SlotView::Coming(id, caller),
                (_, Some(offer), _) => SlotView::Ringing(id, caller, offer.agent.clone()),
            };
            self.slots.insert(slot, view);
        }
        match &spot {
            Spot::Waiting => self.waiting.push(call.id.clone()),
            Spot::Agent(agent) => self.at.entry(agent.clone()).or_default().push(call.id.clone()),
            Spot::Slot(_) => {}
        }
        self.spots.insert(call.id.clone(), spot);
    }
}

/// What agents are doing, gathered in one pass over the calls: asking the floor for each would be a pass for each.
#[derive(Default)]
struct Busy<'a> {
    talking: BTreeMap<&'a AgentId, Timestamp>,
    ringing: BTreeMap<&'a AgentId, Timestamp>,
    handing_over: BTreeMap<&'a AgentId, &'a AgentId>,
}

impl<'a> Busy<'a> {
    fn note(&mut self, call: &'a Call) {
        if let Some(agent) = call.talking_to() {
            self.talking.entry(agent).or_insert(call.place_since);
            if let Some(offer) = &call.offer {
                self.handing_over.insert(agent, &offer.agent);
            }
        }
        if let Some(offer) = &call.offer {
            self.ringing.entry(&offer.agent).or_insert(offer.since);
        }
    }

    /// The same answers as `Floor::status`, to which the tests hold it.
    fn seat(&self, id: &AgentId, agent: &Agent) -> Seat {
        use switchyard::agent::Presence;
        let (status, since) = if let Some(since) = self.talking.get(id) {
            (Status::OnCall, *since)
        } else if let Some(since) = self.ringing.get(id) {
            (Status::Ringing, *since)
        } else {
            match agent.presence {
                Presence::Offline => (Status::Offline, agent.presence_since),
                _ if agent.wrap_up_until.is_some() => (Status::WrapUp, agent.idle_since),
                Presence::Available => (Status::Available, agent.idle_since),
                Presence::Away => (Status::Away, agent.presence_since),
            }
        };
        let handing_over = self.handing_over.get(id).map(|to| (*to).clone());
        Seat { agent: agent.clone(), status, since, handing_over }
    }
}

#[cfg(test)]
mod tests;

//! Where every card is, computed from the floor. Pure; the page compares two layouts and touches only what differs.

use switchyard::{
    agent::{Agent, Device, Presence, Status},
    call::{Call, Caller, OfferReason, Outside, Pending, Place},
    floor::Floor,
    id::{AgentId, CallId, Slot},
    time::Timestamp,
};

use super::table::Table;

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
    /// Who has the call that they are in, if somebody else has it: its card is there.
    pub with: Option<AgentId>,
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
    pub seats: Table<AgentId, Seat>,
    /// The calls at each agent, the longest there first.
    pub at: Table<AgentId, Vec<CallId>>,
    /// The waiting line, without the callers who are ringing at somebody.
    pub waiting: Vec<CallId>,
    /// The parking lot.
    pub slots: Table<Slot, SlotView>,
    /// The spot of each call.
    pub spots: Table<CallId, Spot>,
    /// The figures.
    pub counts: Counts,
}

/// Where a call's card is.
pub fn spot(floor: &Floor, call: &Call) -> Spot {
    // Whoever is added to a call does not take it away.
    let ringing = call.offer.as_ref().filter(|offer| offer.reason != OfferReason::Invited).map(|offer| &offer.agent);
    let voicemail = match &call.place {
        Place::Voicemail { agent } => Some(agent),
        _ => None,
    };
    match (ringing.or_else(|| call.talking_to()).or(voicemail), &call.place) {
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
            at: Table::sorted(floor.agents.keys().map(|id| (id.clone(), Vec::new())).collect()),
            slots: Table::sorted(floor.slots().map(|slot| (slot, SlotView::Empty)).collect()),
            spots: Table::sorted(floor.calls.values().map(|call| (call.id.clone(), spot(floor, call))).collect()),
            ..Self::default()
        };
        let mut doings = Table::sorted(floor.agents.keys().map(|id| (id, Doing::default())).collect());
        let mut calls: Vec<&Call> = floor.calls.values().collect();
        calls.sort_by_key(|call| (call.arrived, &call.id));
        for call in calls {
            layout.place(call);
            note(&mut doings, call);
        }
        let seat = |(id, doing): &(&AgentId, Doing)| ((*id).clone(), doing.seat(&floor.agents[*id]));
        layout.seats = Table::sorted(doings.rows().iter().map(seat).collect());
        layout.counts.available =
            layout.seats.rows().iter().filter(|(_, seat)| seat.status == Status::Available).count();
        layout.order = floor.agents.keys().cloned().collect();
        layout.order.sort_by_key(|id| {
            let extension = &floor.agents[id].profile.extension;
            (id != me, extension.len(), extension.clone(), id.clone())
        });
        layout
    }

    fn place(&mut self, call: &Call) {
        match &call.place {
            Place::Queue => {
                self.counts.waiting += 1;
                let since = call.waits_since();
                self.counts.longest = Some(self.counts.longest.map_or(since, |longest| longest.min(since)));
            }
            Place::Slot { .. } => self.counts.parked += 1,
            Place::Agent { .. } => self.counts.on_call += 1,
            // Nobody waits for anybody, and nobody talks to anybody.
            Place::Voicemail { .. } => {}
        }
        let spot = self.spots[&call.id].clone();
        if let Some(slot) = call.slot() {
            let (id, caller) = (call.id.clone(), call.caller.clone());
            let view = match (&spot, &call.offer, &call.pending) {
                (Spot::Slot(_), ..) => SlotView::Here(id, caller),
                (_, _, Some(Pending::Park { .. })) | (_, None, _) => SlotView::Coming(id, caller),
                (_, Some(offer), _) => SlotView::Ringing(id, caller, offer.agent.clone()),
            };
            // A slot beyond the lot's end, because the lot was made smaller, is shown as long as it is taken.
            self.slots.insert(slot, view);
        }
        match &spot {
            Spot::Waiting => self.waiting.push(call.id.clone()),
            Spot::Agent(agent) => {
                if let Some(calls) = self.at.get_mut(agent) {
                    calls.push(call.id.clone());
                }
            }
            Spot::Slot(_) => {}
        }
    }
}

/// What an agent is doing, gathered in one pass over the calls: asking the floor for each would be a pass for each.
#[derive(Clone, Default)]
struct Doing {
    talking: Option<Timestamp>,
    ringing: Option<Timestamp>,
    handing_over: Option<AgentId>,
    with: Option<AgentId>,
}

fn note<'a>(doings: &mut Table<&'a AgentId, Doing>, call: &'a Call) {
    if let Some(doing) = call.talking_to().and_then(|agent| doings.get_mut(&agent)) {
        doing.talking.get_or_insert(call.place_since);
        if let Some(offer) = call.offer.as_ref().filter(|offer| offer.reason != OfferReason::Invited) {
            doing.handing_over = Some(offer.agent.clone());
        }
    }
    if let Some(offer) = &call.offer
        && let Some(doing) = doings.get_mut(&&offer.agent)
    {
        doing.ringing.get_or_insert(offer.since);
    }
    for guest in &call.guests {
        if let Some(doing) = doings.get_mut(&&guest.agent) {
            doing.talking.get_or_insert(guest.since);
            doing.with = call.talking_to().cloned();
        }
    }
    if let Some(doing) = call.colleague.as_ref().and_then(|colleague| doings.get_mut(&colleague)) {
        let since = if call.outside == Outside::Connected { &mut doing.talking } else { &mut doing.ringing };
        since.get_or_insert(call.place_since);
        doing.with = call.talking_to().cloned();
    }
}

impl Doing {
    /// The same answers as `Floor::status`, to which the tests hold it.
    fn seat(&self, agent: &Agent) -> Seat {
        let (status, since) = match (self.talking, self.ringing, agent.presence) {
            (Some(since), ..) => (Status::OnCall, since),
            (None, Some(since), _) => (Status::Ringing, since),
            _ if let Device::Gone { since } = agent.device => (Status::Offline, since),
            (None, None, Presence::Offline) => (Status::Offline, agent.presence_since),
            _ if agent.wrap_up_until.is_some() => (Status::WrapUp, agent.idle_since),
            (None, None, Presence::Available) => (Status::Available, agent.idle_since),
            (None, None, Presence::Away) => (Status::Away, agent.presence_since),
        };
        Seat { agent: agent.clone(), status, since, handing_over: self.handing_over.clone(), with: self.with.clone() }
    }
}

#[cfg(test)]
mod tests;

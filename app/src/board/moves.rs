//! What can be done with a call, in the order of the menu. Pure: the floor's own rules say what is allowed.

use switchyard::{
    call::{Call, Caller, Place},
    floor::{Command, Floor, Intent, Refusal, Target},
    id::{AgentId, CallId, LegId, Slot},
    time::Timestamp,
};

/// Something that can be done with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Takes a waiting caller.
    PickUp,
    /// Takes a parked call.
    Retrieve,
    /// Parks it in the first free slot.
    Park,
    /// Parks it in this slot.
    ParkIn(Slot),
    /// Rings a colleague for a call that somebody has.
    Transfer(AgentId),
    /// Rings a colleague for a call that waits or is parked.
    Give(AgentId),
    /// Back into the waiting line.
    Queue,
    /// Puts the caller on hold.
    Hold,
    /// Takes the caller off hold.
    Resume,
    /// Adds a colleague to the call.
    Invite(AgentId),
    /// Sends a colleague who was added out of it again.
    Dismiss(AgentId),
    /// Sends somebody outside who was added out of it again, or gives up calling them.
    Remove(LegId, Caller),
    /// Takes a move back that has not come true.
    Cancel,
    /// Ends the call.
    HangUp,
}

/// A move, and whether it is allowed now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// What.
    pub what: Move,
    /// Or why not.
    pub verdict: Result<(), Refusal>,
}

impl Move {
    /// What is asked of the floor when `me` does this with `call`.
    pub fn intent(&self, me: &AgentId, call: &CallId) -> Intent {
        let call = call.clone();
        let to = match self {
            Self::Cancel => return Intent::CancelMove { call },
            Self::HangUp => return Intent::HangUp { call },
            Self::Hold => return Intent::Hold { call },
            Self::Resume => return Intent::Resume { call },
            Self::Invite(agent) => return Intent::Invite { call, agent: agent.clone() },
            Self::Dismiss(agent) => return Intent::Dismiss { call, agent: agent.clone() },
            Self::Remove(leg, _) => return Intent::Remove { call, leg: *leg },
            Self::PickUp | Self::Retrieve => Target::Agent(me.clone()),
            Self::Park => Target::Slot(None),
            Self::ParkIn(slot) => Target::Slot(Some(*slot)),
            Self::Transfer(agent) | Self::Give(agent) => Target::Agent(agent.clone()),
            Self::Queue => Target::Queue,
        };
        Intent::MoveCall { call, to }
    }

    /// What a drop of `call` on `to` is.
    pub fn of_drop(me: &AgentId, call: &Call, to: &Target) -> Self {
        match (to, &call.place) {
            (Target::Queue, _) => Self::Queue,
            (Target::Slot(None), _) => Self::Park,
            (Target::Slot(Some(slot)), _) => Self::ParkIn(*slot),
            (Target::Agent(agent), Place::Queue) if agent == me => Self::PickUp,
            (Target::Agent(agent), Place::Slot { .. }) if agent == me => Self::Retrieve,
            (Target::Agent(agent), Place::Agent { .. }) => Self::Transfer(agent.clone()),
            (Target::Agent(agent), _) => Self::Give(agent.clone()),
        }
    }
}

/// Whether `me` may ask for this now.
///
/// # Errors
/// Why not.
pub fn may(floor: &Floor, me: &AgentId, intent: Intent, now: Timestamp) -> Result<(), Refusal> {
    floor.decide(&Command::Ask { by: me.clone(), intent }, now).map(|_| ())
}

/// Everything that people would look for in the menu of a call, `agents` being the order of their cards.
pub fn moves(floor: &Floor, me: &AgentId, call: &CallId, agents: &[AgentId], now: Timestamp) -> Vec<Offered> {
    let Some(live) = floor.calls.get(call) else { return Vec::new() };
    let mut moves = Vec::new();
    let mut offer = |what: Move| {
        let verdict = may(floor, me, what.intent(me, call), now);
        moves.push(Offered { what, verdict });
    };
    let moving = live.offer.as_ref().is_some_and(|offer| offer.by.is_some());
    if moving {
        offer(Move::Cancel);
    }
    match live.place {
        // What rings here already is answered, not picked up.
        Place::Queue if live.rings_at(me) => {}
        Place::Queue => offer(Move::PickUp),
        Place::Slot { .. } => offer(Move::Retrieve),
        Place::Agent { .. } => {}
        // Whoever leaves a message is not moved anywhere.
        Place::Voicemail { .. } => {
            offer(Move::HangUp);
            return moves;
        }
    }
    // What cannot be moved at all says so once.
    let stays = live.colleague.is_some() || !live.guests.is_empty() || !live.added.is_empty();
    if !matches!(live.place, Place::Slot { .. }) {
        offer(Move::Park);
    }
    if live.talking_to().is_some() {
        offer(if live.held { Move::Resume } else { Move::Hold });
    }
    for guest in &live.guests {
        offer(Move::Dismiss(guest.agent.clone()));
    }
    for added in &live.added {
        offer(Move::Remove(added.leg, added.who.clone()));
    }
    for agent in agents.iter().filter(|agent| !stays && live.talking_to() != Some(agent)) {
        match live.place {
            Place::Agent { .. } => offer(Move::Transfer(agent.clone())),
            Place::Queue | Place::Slot { .. } if agent == me => {}
            Place::Queue | Place::Slot { .. } => offer(Move::Give(agent.clone())),
            Place::Voicemail { .. } => {}
        }
    }
    // The reasons why a colleague cannot be added are those why the call cannot be transferred to them: once is enough.
    if live.talking_to().is_some() {
        for agent in agents {
            let what = Move::Invite(agent.clone());
            if may(floor, me, what.intent(me, call), now).is_ok() {
                offer(what);
            }
        }
    }
    if live.place != Place::Queue && !stays {
        offer(Move::Queue);
    }
    for slot in floor.slots().filter(|slot| !stays && live.slot() != Some(*slot)) {
        offer(Move::ParkIn(slot));
    }
    offer(Move::HangUp);
    moves
}

#[cfg(test)]
mod tests;

//! The legs of a call, and who is on them besides the two whose call it is.

use serde::{Deserialize, Serialize};

use super::{Call, Caller, Failure, Line};
use crate::{
    id::{AgentId, LegId, LegRef},
    time::Timestamp,
};

/// How far a leg has come. The order is the order of the life of a leg: an observation that says less
/// than what is known changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegState {
    /// Asked for.
    Asked,
    /// The carrier is dialling.
    Dialing,
    /// It rings.
    Ringing,
    /// In the room with the others.
    Joined,
    /// Over.
    Gone,
}

/// Why a leg ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegEnd {
    /// It was connected and hung up.
    Completed,
    /// Nobody answered.
    NoAnswer,
    /// They declined.
    Declined,
    /// They were on the phone, as far as the carrier says.
    Busy,
    /// It could not be connected.
    Unreachable,
    /// We ended it before it was answered.
    Canceled,
}

/// Where somebody is rung.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// Where they take calls as a rule.
    #[default]
    Page,
    /// At their mobile phone, because they are not here. Whoever answers it says that they take the call before they are in it:
    /// it may be the phone's own voicemail.
    Mobile,
}

/// The leg of somebody who was rung into a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// Its number in this call.
    pub id: LegId,
    /// Whose of us it is; nobody's when it is of somebody outside who was added.
    pub agent: Option<AgentId>,
    /// Where it rings.
    #[serde(default)]
    pub via: Via,
    /// How far it has come.
    pub state: LegState,
    /// The carrier's name for it, once known.
    pub reference: Option<LegRef>,
}

/// A colleague who was added to a call. They talk with everyone in it, and leave it without ending it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// Who.
    pub agent: AgentId,
    /// Their leg.
    pub leg: LegId,
    /// Since when.
    pub since: Timestamp,
}

/// Somebody outside who was added to a call, or is being called into it. They talk with everyone in it, leave it without
/// ending it, and do not stay in it without one of us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// Their leg, which says how far they have come.
    pub leg: LegId,
    /// Who.
    pub who: Caller,
    /// The number that they see.
    pub line: Line,
    /// Since when they are called.
    pub since: Timestamp,
}

impl Call {
    /// The leg with this number, unless it was forgotten.
    pub fn leg(&self, id: LegId) -> Option<&Leg> {
        self.legs.iter().find(|leg| leg.id == id)
    }

    /// The number that the next leg gets.
    pub fn next_leg(&self) -> LegId {
        LegId(self.leg_count + 1)
    }

    /// The guest who is this agent.
    pub fn guest(&self, agent: &AgentId) -> Option<&Guest> {
        self.guests.iter().find(|guest| guest.agent == *agent)
    }

    /// Somebody outside who was added, by their leg.
    pub fn added(&self, leg: LegId) -> Option<&Added> {
        self.added.iter().find(|added| added.leg == leg)
    }

    /// Whether this is the number of somebody outside who is in it, or is being called into it.
    pub fn has_number(&self, number: &str) -> bool {
        self.caller.number == number || self.added.iter().any(|added| added.who.number == number)
    }

    /// Whether this leg is in the room.
    pub fn is_joined(&self, leg: LegId) -> bool {
        self.leg(leg).is_some_and(|leg| leg.state == LegState::Joined)
    }

    /// Whether this leg is the mobile phone of one of us.
    pub fn is_mobile(&self, leg: LegId) -> bool {
        self.leg(leg).is_some_and(|leg| leg.via == Via::Mobile)
    }

    /// Whether the mobile phone of this agent rings, or rang, for this call, or cannot.
    pub fn tried_mobile(&self, agent: &AgentId) -> bool {
        let theirs = |leg: &&Leg| leg.via == Via::Mobile && leg.agent.as_ref() == Some(agent);
        let for_good = |failure: &Failure| matches!(failure, Failure::NoMobile | Failure::CarrierRefused { .. });
        let cannot = self.notice.as_ref().is_some_and(|notice| for_good(&notice.failure));
        self.legs.iter().filter(theirs).any(|leg| cannot || leg.state > LegState::Asked || leg.reference.is_some())
    }

    /// The numbers of people outside who were added and are in it.
    pub fn numbers_added(&self) -> impl Iterator<Item = &str> {
        self.added.iter().filter(|added| self.is_joined(added.leg)).map(|added| added.who.number.as_str())
    }

    /// Whether somebody outside is still being called into it.
    pub fn is_adding(&self) -> bool {
        self.added.iter().any(|added| !self.is_joined(added.leg))
    }
}

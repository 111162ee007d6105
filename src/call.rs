//! Calls: where each one is, who it is being offered to, and what has been asked of the carrier for it.

mod legs;

use serde::{Deserialize, Serialize};

pub use self::legs::{Added, Guest, Leg, LegEnd, LegState, Via};

use crate::{
    id::{AgentId, CallId, LegId, LegRef, RoomRef, Slot},
    time::Timestamp,
};

/// Who called whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Somebody called one of our numbers.
    Inbound,
    /// One of us called somebody.
    Outbound,
    /// One of us called another.
    Internal,
}

/// The person outside, or the colleague whom one of us called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// E.164, or what the carrier says of a withheld number (`anonymous`, …). A colleague's is their extension.
    pub number: String,
    /// The name of the contact with this number.
    pub name: Option<String>,
}

/// One of the workspace's numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// E.164.
    pub number: String,
    /// What the workspace calls it.
    pub label: String,
}

/// Where a call is. Every live call is somewhere: there is no state without an owner, a slot or the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the waiting line; the caller hears music.
    Queue,
    /// In the parking lot; the caller hears music.
    Slot {
        /// Which one.
        slot: Slot,
        /// Who parked it: they are reminded.
        by: AgentId,
    },
    /// With an agent.
    Agent {
        /// Who talks.
        agent: AgentId,
        /// Their leg.
        leg: LegId,
    },
    /// Leaving a message for an agent who is not here. They are in no room then.
    Voicemail {
        /// For whom.
        agent: AgentId,
    },
}

/// Why an agent is being rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferReason {
    /// The queue chose them.
    Routed,
    /// Somebody picked the caller out of the waiting line for them.
    Picked,
    /// A colleague transfers the call.
    Transferred,
    /// Somebody takes the call out of its slot for them.
    Retrieved,
    /// The call they parked has been waiting too long.
    Recalled,
    /// The transfer they made was not answered.
    Returned,
    /// Their line broke in the middle of the call, and they come back.
    Rejoined,
    /// Somebody adds them to the call.
    Invited,
}

/// An agent is being rung. Until they answer, the call stays where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Who is rung.
    pub agent: AgentId,
    /// The leg that rings.
    pub leg: LegId,
    /// Since when.
    pub since: Timestamp,
    /// Why.
    pub reason: OfferReason,
    /// The person who asked for it; `None` when the queue or the clock did.
    pub by: Option<AgentId>,
    /// Who gets the call back if it is not answered: the one who transferred it and has been let go.
    pub back_to: Option<AgentId>,
}

/// What was asked of the carrier and is not yet true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pending {
    /// On the way into a slot, which is reserved.
    Park {
        /// Which one.
        slot: Slot,
        /// Who asked.
        by: AgentId,
        /// When.
        since: Timestamp,
    },
    /// On the way to somebody's voicemail.
    Voicemail {
        /// Whose.
        agent: AgentId,
        /// Who asked; `None` when the queue did.
        by: Option<AgentId>,
        /// When.
        since: Timestamp,
    },
    /// Being ended.
    HangUp {
        /// Who asked.
        by: AgentId,
        /// When.
        since: Timestamp,
    },
}

/// Why something that was asked for did not happen, in a form that pages put into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// Nobody answered in time.
    NoAnswer,
    /// They declined; an agent may have been busy elsewhere.
    Declined,
    /// Somebody outside was on the phone.
    Busy,
    /// Their phone could not be reached.
    Unreachable,
    /// They have no mobile phone any more that the workspace calls.
    NoMobile,
    /// The carrier did not answer, or failed, even after retries.
    CarrierDown,
    /// The carrier's confirmation did not come in time.
    Unconfirmed,
    /// The carrier refused, with its own code and words.
    CarrierRefused {
        /// The carrier's error code, 0 when it gave none.
        code: u32,
        /// The carrier's words.
        message: String,
    },
}

/// The last thing that went wrong with a call, until something goes right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What went wrong.
    pub failure: Failure,
    /// The agent it concerns, for instance the one who did not answer.
    pub agent: Option<AgentId>,
    /// Or the person outside who was to be added.
    #[serde(default)]
    pub added: Option<Caller>,
    /// When.
    pub at: Timestamp,
}

/// How far the person outside has come. Whoever calls us is connected from the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// The carrier is dialling them.
    Dialing,
    /// Their phone rings.
    Ringing,
    /// They are in the call.
    #[default]
    Connected,
    /// They did not get into it.
    Gone(LegEnd),
}

/// A live conversation with somebody outside, or between two of us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Its name.
    pub id: CallId,
    /// Who called whom.
    pub direction: Direction,
    /// The person outside.
    pub caller: Caller,
    /// Our number.
    pub line: Line,
    /// When it began; the waiting line goes by it, whatever happened in between.
    pub arrived: Timestamp,
    /// Where the legs meet, once the caller is in it. Nobody is rung before.
    pub room: Option<RoomRef>,
    /// Where it is.
    pub place: Place,
    /// Since when it is there.
    pub place_since: Timestamp,
    /// Who is being rung.
    pub offer: Option<Offer>,
    /// What was asked of the carrier.
    pub pending: Option<Pending>,
    /// Whether the caller was put on hold.
    pub held: bool,
    /// Since when the line of the agent who talks is broken. The caller hears music; the agent may come back.
    #[serde(default)]
    pub broken: Option<Timestamp>,
    /// The agent had put the caller on hold before the line broke: they are still on hold when the agent is back.
    #[serde(default)]
    pub stays_held: bool,
    /// How far the person outside has come.
    #[serde(default)]
    pub outside: Outside,
    /// The carrier's name for their leg, when we called them. Whoever calls us has the call's own name.
    #[serde(default)]
    pub outside_leg: Option<LegRef>,
    /// The colleague who was called, in a call between two of us: they are then in the place of the person outside.
    #[serde(default)]
    pub colleague: Option<AgentId>,
    /// Colleagues who were added, the first one first. Only a call that an agent has can have any.
    #[serde(default)]
    pub guests: Vec<Guest>,
    /// People outside who were added, the first one first. Only a call that an agent has can have any.
    #[serde(default)]
    pub added: Vec<Added>,
    /// The legs of agents and of those who were added, in the order in which they were made; those that are over are dropped with the
    /// next offer, but for those of mobile phones.
    pub legs: Vec<Leg>,
    /// Legs made so far.
    pub leg_count: u32,
    /// When an agent first answered.
    pub answered: Option<Timestamp>,
    /// Who talked to the caller last.
    pub handled_by: Option<AgentId>,
    /// The queue waits until then before it rings the next agent, after the carrier failed.
    pub not_before: Option<Timestamp>,
    /// What went wrong last.
    pub notice: Option<Notice>,
    /// Whether they have left a message.
    #[serde(default)]
    pub message: bool,
}

impl Call {
    /// A call that just came in.
    pub fn inbound(id: CallId, caller: Caller, line: Line, at: Timestamp) -> Self {
        Self {
            id,
            direction: Direction::Inbound,
            caller,
            line,
            arrived: at,
            room: None,
            place: Place::Queue,
            place_since: at,
            offer: None,
            pending: None,
            held: false,
            broken: None,
            stays_held: false,
            outside: Outside::Connected,
            outside_leg: None,
            colleague: None,
            guests: Vec::new(),
            added: Vec::new(),
            legs: Vec::new(),
            leg_count: 0,
            answered: None,
            handled_by: None,
            not_before: None,
            notice: None,
            message: false,
        }
    }

    /// A call that an agent just placed, with their own leg, which has the call's name. `colleague`: they called one of us.
    pub fn outbound(
        id: CallId,
        to: Caller,
        colleague: Option<AgentId>,
        line: Line,
        agent: AgentId,
        leg: LegId,
        at: Timestamp,
    ) -> Self {
        let reference = Some(LegRef::from(id.as_str()));
        Self {
            direction: if colleague.is_some() { Direction::Internal } else { Direction::Outbound },
            outside: Outside::Dialing,
            colleague,
            handled_by: Some(agent.clone()),
            place: Place::Agent { agent: agent.clone(), leg },
            legs: vec![Leg { id: leg, agent: Some(agent), via: Via::Page, state: LegState::Dialing, reference }],
            leg_count: leg.0,
            ..Self::inbound(id, to, line, at)
        }
    }

    /// Since when a caller in the queue waits: since they called, or since whoever talked to them let go.
    pub fn waits_since(&self) -> Timestamp {
        if self.answered.is_some() { self.place_since } else { self.arrived }
    }

    /// The agent who talks to the caller.
    pub fn talking_to(&self) -> Option<&AgentId> {
        match &self.place {
            Place::Agent { agent, .. } => Some(agent),
            Place::Queue | Place::Slot { .. } | Place::Voicemail { .. } => None,
        }
    }

    /// Whose voicemail they are in, or on the way to.
    pub fn voicemail(&self) -> Option<&AgentId> {
        match (&self.place, &self.pending) {
            (Place::Voicemail { agent }, _) | (_, Some(Pending::Voicemail { agent, .. })) => Some(agent),
            _ => None,
        }
    }

    /// Whether this agent hears and is heard in the call, whoever has it.
    pub fn is_in(&self, agent: &AgentId) -> bool {
        let called = self.outside == Outside::Connected && self.colleague.as_ref() == Some(agent);
        called || self.talking_to() == Some(agent) || self.guest(agent).is_some()
    }

    /// Whether the call rings at this agent.
    pub fn rings_at(&self, agent: &AgentId) -> bool {
        let called =
            matches!(self.outside, Outside::Dialing | Outside::Ringing) && self.colleague.as_ref() == Some(agent);
        called || self.offer.as_ref().is_some_and(|offer| offer.agent == *agent)
    }

    /// Whether the queue may decide where this call goes, if it waits.
    pub(crate) fn is_routable(&self, now: Timestamp) -> bool {
        self.offer.is_none()
            && self.pending.is_none()
            && self.room.is_some()
            && self.not_before.is_none_or(|not_before| not_before <= now)
    }

    /// What went wrong last, as long as it is news: once the call rings again, what was before is none. A transfer that
    /// comes back rings because of it.
    pub fn trouble(&self) -> Option<&Notice> {
        let again = self.offer.as_ref().filter(|offer| offer.reason != OfferReason::Returned);
        self.notice.as_ref().filter(|notice| again.is_none_or(|offer| offer.since < notice.at))
    }

    /// The slot that this call occupies or has reserved.
    pub fn slot(&self) -> Option<Slot> {
        match (&self.pending, &self.place) {
            (Some(Pending::Park { slot, .. }), _) | (_, Place::Slot { slot, .. }) => Some(*slot),
            _ => None,
        }
    }
}

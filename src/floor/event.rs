//! What happened on a floor. Events are stored and sent to every browser: they hold what everyone on the floor may see.

use serde::{Deserialize, Serialize};

use super::{DeviceNews, Lines, Settings};
use crate::{
    agent::{Presence, Profile, WhenAway},
    call::{Caller, Failure, LegState, Line, OfferReason, Outside, Via},
    history::HungUpBy,
    id::{AgentId, CallId, LegId, LegRef, RoomRef, Slot},
    time::Timestamp,
};

/// An event with its place in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// From 1, without gaps.
    pub version: u64,
    /// When it was decided, on the server's clock.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// Why an agent is no longer being rung, other than by answering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferEnd {
    /// Not answered, or not possible.
    Failed(Failure),
    /// Taken back by a person.
    Withdrawn,
    /// Somebody else took the call.
    Taken,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// How the floor behaves from now on.
    Configured(Settings),
    /// Who answers which numbers from now on.
    Staffed(Lines),
    /// A person is on the floor, or has a new name.
    Seated(Profile),
    /// What becomes of a call that is moved to a person while they are not here.
    WhenAwaySet {
        /// Whom.
        agent: AgentId,
        /// What.
        when_away: WhenAway,
    },
    /// A person is on the floor no more.
    Unseated(AgentId),
    /// A person takes calls, or does not.
    PresenceSet {
        /// Who.
        agent: AgentId,
        /// What.
        presence: Presence,
        /// Who said so; `None` when too many calls were missed.
        by: Option<AgentId>,
    },
    /// An agent's page was connected, lost or switched off.
    DeviceSet {
        /// Whose.
        agent: AgentId,
        /// What.
        news: DeviceNews,
    },
    /// An agent places a call.
    Dialed {
        /// The call.
        call: CallId,
        /// Who.
        agent: AgentId,
        /// Their leg.
        leg: LegId,
        /// Whom.
        to: Caller,
        /// Who of us that is, if it is one of us.
        #[serde(default)]
        colleague: Option<AgentId>,
        /// The number that they see.
        line: Line,
    },
    /// The person whom we called came further.
    OutsideMoved {
        /// The call.
        call: CallId,
        /// How far.
        state: Outside,
        /// The carrier's name for their leg.
        reference: Option<LegRef>,
    },
    /// The line of the agent who talks broke. The call is still theirs for a while.
    LineBroke {
        /// The call.
        call: CallId,
        /// Who.
        agent: AgentId,
        /// Their leg.
        leg: LegId,
    },
    /// The line was only away for a moment.
    LineMended {
        /// The call.
        call: CallId,
        /// Who.
        agent: AgentId,
    },
    /// The time after a call is over.
    WrapUpEnded {
        /// Whose.
        agent: AgentId,
    },
    /// Somebody calls.
    Arrived {
        /// The call.
        call: CallId,
        /// Who.
        caller: Caller,
        /// Which of our numbers.
        line: Line,
    },
    /// Somebody called outside a number's hours and was told so: the call is over as soon as it is known.
    TurnedAway {
        /// The call.
        call: CallId,
        /// Who.
        caller: Caller,
        /// Which of our numbers.
        line: Line,
    },
    /// Agents can be rung into the call.
    RoomOpened {
        /// The call.
        call: CallId,
        /// The room.
        room: RoomRef,
    },
    /// An agent is rung.
    Offered {
        /// The call.
        call: CallId,
        /// Who.
        agent: AgentId,
        /// Their leg.
        leg: LegId,
        /// Why.
        reason: OfferReason,
        /// Who asked for it.
        by: Option<AgentId>,
        /// Where.
        #[serde(default)]
        via: Via,
    },
    /// A leg came further.
    LegMoved {
        /// The call.
        call: CallId,
        /// The leg.
        leg: LegId,
        /// How far.
        state: LegState,
        /// The carrier's name for it.
        reference: Option<LegRef>,
    },
    /// The agent answered and has the call.
    Answered {
        /// The call.
        call: CallId,
        /// Who.
        agent: AgentId,
        /// Their leg.
        leg: LegId,
    },
    /// A colleague who was added is in the call.
    GuestJoined {
        /// The call.
        call: CallId,
        /// Who.
        agent: AgentId,
        /// Their leg.
        leg: LegId,
    },
    /// A colleague who was added is out of it again.
    GuestLeft {
        /// The call.
        call: CallId,
        /// Who.
        agent: AgentId,
        /// Their leg.
        leg: LegId,
    },
    /// Somebody outside is called into the call.
    Adding {
        /// The call.
        call: CallId,
        /// Their leg.
        leg: LegId,
        /// Whom.
        who: Caller,
        /// The number that they see.
        line: Line,
        /// Who asked for it.
        by: AgentId,
    },
    /// Somebody outside who was added is out of the call again, or did not get into it.
    AddedLeft {
        /// The call.
        call: CallId,
        /// Their leg.
        leg: LegId,
        /// Why they did not get into it; `None` when they were in it, or are not wanted any more.
        why: Option<Failure>,
    },
    /// Whoever had the call left it, and a guest has it now.
    TookOver {
        /// The call.
        call: CallId,
        /// The guest.
        agent: AgentId,
        /// Their leg.
        leg: LegId,
    },
    /// The agent is no longer rung.
    OfferEnded {
        /// The call.
        call: CallId,
        /// Who.
        agent: AgentId,
        /// The leg.
        leg: LegId,
        /// Why.
        why: OfferEnd,
    },
    /// The caller was put on hold.
    CallerHeld {
        /// The call.
        call: CallId,
    },
    /// The caller was taken off hold.
    CallerResumed {
        /// The call.
        call: CallId,
    },
    /// The agent let go of the call; until somebody has it, it is in the queue.
    Released {
        /// The call.
        call: CallId,
        /// Who.
        agent: AgentId,
        /// Their leg.
        leg: LegId,
        /// Whether their time after the call begins.
        wrap_up: bool,
    },
    /// The agent's leg broke off. The call is in the queue again, at its old place.
    AgentLost {
        /// The call.
        call: CallId,
        /// Who.
        agent: AgentId,
        /// Their leg.
        leg: LegId,
    },
    /// The call is on its way into a slot.
    ParkRequested {
        /// The call.
        call: CallId,
        /// Which slot.
        slot: Slot,
        /// Who asked.
        by: AgentId,
    },
    /// The call is in a slot.
    Parked {
        /// The call.
        call: CallId,
        /// Which slot.
        slot: Slot,
        /// Who asked.
        by: AgentId,
    },
    /// The call is in the waiting line again, at its old place.
    Requeued {
        /// The call.
        call: CallId,
        /// Who asked; `None` when it was parked for too long.
        by: Option<AgentId>,
    },
    /// The call is on its way to somebody's voicemail.
    VoicemailRequested {
        /// The call.
        call: CallId,
        /// Whose.
        agent: AgentId,
        /// Who asked; `None` when the queue did.
        by: Option<AgentId>,
    },
    /// The caller hears that somebody is not here, and can leave a message.
    VoicemailBegan {
        /// The call.
        call: CallId,
        /// Whose voicemail.
        agent: AgentId,
    },
    /// There is a message. The call may be over by then.
    MessageLeft {
        /// The call.
        call: CallId,
        /// For whom.
        agent: AgentId,
    },
    /// Somebody asked to end the call.
    HangUpRequested {
        /// The call.
        call: CallId,
        /// Who.
        by: AgentId,
    },
    /// What was asked for did not happen; the call is where it was.
    MoveFailed {
        /// The call.
        call: CallId,
        /// Why.
        failure: Failure,
    },
    /// The call is over.
    Ended {
        /// The call.
        call: CallId,
        /// Who ended it.
        by: HungUpBy,
    },
    /// A late message says that the call, which is over, had been answered.
    AnswerNoted {
        /// The call.
        call: CallId,
        /// By whom.
        agent: AgentId,
        /// Their leg.
        leg: LegId,
    },
    /// Calls that are over are not remembered any more.
    Forgotten {
        /// Which.
        calls: Vec<CallId>,
    },
}

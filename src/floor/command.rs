//! What can be asked of a floor. Intents come from people, observations from the carrier.

use serde::{Deserialize, Serialize};

use super::{EffectKind, Lines, Settings};
use crate::{
    agent::{Presence, Profile, WhenAway},
    call::{Caller, Failure, LegEnd, Line},
    id::{AgentId, CallId, LegId, LegRef, RoomRef, Slot},
};

/// Where a call can be dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Onto a person: transfer, pick up or retrieve, by where the call is.
    Agent(AgentId),
    /// Onto a slot; `None` is the first free one.
    Slot(Option<Slot>),
    /// Back into the waiting line.
    Queue,
}

/// News of a leg.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegNews {
    /// The carrier is dialling it.
    Dialing,
    /// It rings.
    Ringing,
    /// They are in the room with the others.
    Joined,
    /// It is over.
    Gone(LegEnd),
}

/// News of the page that an agent speaks through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceNews {
    /// It is connected.
    Here,
    /// It was lost.
    Lost,
    /// It was switched off.
    Off,
}

/// What people ask for: every drag, menu item and button is one of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Says whether somebody takes calls. Supervisors may say it for others.
    SetPresence {
        /// About whom.
        agent: AgentId,
        /// What.
        presence: Presence,
    },
    /// Is done with the work after a call.
    FinishWrapUp,
    /// Drags a call somewhere: transfer, park, pick, retrieve.
    MoveCall {
        /// Which call.
        call: CallId,
        /// Where to.
        to: Target,
    },
    /// Takes back a move that has not come true.
    CancelMove {
        /// Which call.
        call: CallId,
    },
    /// Puts the caller on hold, with music.
    Hold {
        /// Which call.
        call: CallId,
    },
    /// Takes the caller off hold.
    Resume {
        /// Which call.
        call: CallId,
    },
    /// Comes back to a call whose line broke.
    Rejoin {
        /// Which call.
        call: CallId,
    },
    /// Adds a colleague to a call.
    Invite {
        /// Which call.
        call: CallId,
        /// Whom.
        agent: AgentId,
    },
    /// Sends a colleague who was added out of the call again.
    Dismiss {
        /// Which call.
        call: CallId,
        /// Whom.
        agent: AgentId,
    },
    /// Sends somebody outside who was added out of the call again, or gives up calling them.
    Remove {
        /// Which call.
        call: CallId,
        /// Their leg.
        leg: LegId,
    },
    /// Ends a call; or leaves it, when colleagues are in it who go on talking.
    HangUp {
        /// Which call.
        call: CallId,
    },
}

/// Something asked of the floor, or observed about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Sets how the floor behaves.
    Configure(Settings),
    /// Sets who answers which numbers.
    Staff(Lines),
    /// Makes a person known, or renames them.
    Seat(Profile),
    /// Sets what becomes of a call that is moved to somebody while they are not here.
    SetWhenAway {
        /// Whom.
        agent: AgentId,
        /// What.
        when_away: WhenAway,
    },
    /// A person does not work here any more.
    Unseat(AgentId),

    /// A person wants something.
    Ask {
        /// Who.
        by: AgentId,
        /// What.
        intent: Intent,
    },

    /// An agent places a call from their page, which the carrier tells us before it dials.
    Dial {
        /// The call: the agent's own leg gives it its name.
        call: CallId,
        /// Who.
        by: AgentId,
        /// Whom.
        to: Caller,
        /// Who of us that is, if it is one of us.
        colleague: Option<AgentId>,
        /// The number that they see.
        line: Line,
    },
    /// A person wants somebody outside to be called into a call. It is no intent, because only the server knows which
    /// number that is, and which one they see.
    Add {
        /// Which call.
        call: CallId,
        /// Who.
        by: AgentId,
        /// Whom.
        to: Caller,
        /// The number that they see.
        line: Line,
    },
    /// An agent's page was connected, lost or switched off.
    ObserveDevice {
        /// Whose.
        agent: AgentId,
        /// What.
        news: DeviceNews,
    },
    /// Something happened to the leg of the person whom we called.
    ObserveOutside {
        /// The call.
        call: CallId,
        /// What.
        news: LegNews,
        /// The carrier's name for the leg, if the observation says it.
        reference: Option<LegRef>,
    },

    /// Somebody calls one of our numbers.
    ObserveCall {
        /// The call.
        call: CallId,
        /// Who.
        caller: Caller,
        /// Which number.
        line: Line,
    },
    /// Somebody calls one of our numbers outside its hours, and is told so.
    ObserveClosed {
        /// The call.
        call: CallId,
        /// Who.
        caller: Caller,
        /// Which number.
        line: Line,
    },
    /// The caller is in a room where agents can join them.
    ObserveRoom {
        /// The call.
        call: CallId,
        /// The room.
        room: RoomRef,
    },
    /// Something happened to the leg of an agent, or of somebody who was added.
    ObserveLeg {
        /// The call.
        call: CallId,
        /// The leg.
        leg: LegId,
        /// What.
        news: LegNews,
        /// The carrier's name for the leg, if the observation says it.
        reference: Option<LegRef>,
    },
    /// The caller is on hold.
    ObserveHeld {
        /// The call.
        call: CallId,
    },
    /// Whether somebody outside is on hold, as the carrier says when it is asked: what differs is asked for again.
    CompareHold {
        /// The call.
        call: CallId,
        /// Whether they are.
        held: bool,
    },
    /// Whoever is sent to somebody's voicemail is there: the carrier asks what they hear.
    ObserveVoicemail {
        /// The call.
        call: CallId,
        /// Whose.
        agent: AgentId,
    },
    /// They have left a message.
    ObserveMessage {
        /// The call.
        call: CallId,
        /// For whom.
        agent: AgentId,
    },
    /// The caller is not in a room any more, and took it along.
    ObserveLeft {
        /// The call.
        call: CallId,
        /// The room.
        room: RoomRef,
    },
    /// The caller is gone.
    ObserveEnd {
        /// The call.
        call: CallId,
    },
    /// What was asked of the carrier did not happen.
    ObserveFailure {
        /// The call.
        call: CallId,
        /// What was asked.
        effect: EffectKind,
        /// Why not.
        failure: Failure,
    },
    /// Calls that are over are not remembered any more: whoever they were with is to be erased.
    Forget {
        /// Which.
        calls: Vec<CallId>,
    },
    /// Time has passed.
    Tick,
}

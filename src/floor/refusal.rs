//! Why the floor says no. Pages put these into words; nothing has changed when one is returned.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::id::{AgentId, Slot};

/// A reason that a person can understand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The call ended, or never was.
    #[error("this call is over")]
    CallGone,
    /// The call is another agent's, and only supervisors move those.
    #[error("this call is another agent's")]
    NotYours,
    /// Only supervisors may do this.
    #[error("only a supervisor may do this")]
    NotAllowed,
    /// The caller is not yet where agents can join them; a second later they are.
    #[error("this call is still being connected")]
    NotReady,
    /// The call is there already.
    #[error("the call is already there")]
    AlreadyThere,
    /// Somebody else was faster.
    #[error("this call is already on its way")]
    AlreadyMoving {
        /// To whom, unless it is being parked.
        to: Option<AgentId>,
    },
    /// The call is being ended.
    #[error("this call is being ended")]
    Ending,
    /// The caller is leaving a message, which nobody interrupts.
    #[error("the caller is leaving a message")]
    LeavingMessage,
    /// Calls between colleagues are not moved.
    #[error("a call between colleagues cannot be moved")]
    Internal,
    /// Others were added to the call, and would be left alone with each other.
    #[error("others are in this call: they leave it first")]
    HasGuests,
    /// Somebody outside is being called into the call: they would come in to music.
    #[error("somebody is being called into this call")]
    Adding,
    /// The caller is on hold: whoever was added would come in to music.
    #[error("the caller is on hold")]
    OnHold,
    /// Nobody calls themselves.
    #[error("that is you")]
    Yourself,
    /// Whoever wants to call is on a call already, or one rings there.
    #[error("there is a call already")]
    OnACall,
    /// There is no such slot.
    #[error("there is no such slot")]
    NoSuchSlot,
    /// The slot has a call.
    #[error("this slot is taken")]
    SlotTaken {
        /// Which one.
        slot: Slot,
    },
    /// Every slot has a call.
    #[error("the parking lot is full")]
    LotFull,
    /// Nobody has this id.
    #[error("nobody here has this name")]
    NoSuchAgent,
    /// The agent is not here.
    #[error("this agent is offline")]
    AgentOffline,
    /// The agent does not take calls.
    #[error("this agent is away")]
    AgentAway,
    /// The agent is talking.
    #[error("this agent is on a call")]
    AgentBusy,
    /// Another call rings there.
    #[error("another call is ringing at this agent")]
    AgentRinging,
    /// The agent is still busy with the last call.
    #[error("this agent is finishing the last call")]
    AgentWrappingUp,
    /// Nobody talks to the caller, so there is nobody who could.
    #[error("nobody talks to this caller")]
    NotTalking,
    /// The line did not break, or somebody else has the call.
    #[error("there is no broken line to come back to")]
    NotBroken,
    /// More calls were placed in the last hour than are allowed.
    #[error("too many calls were placed in the last hour")]
    TooManyCalls {
        /// After how many seconds the next is allowed.
        retry_secs: u32,
    },
    /// Nothing is on its way.
    #[error("there is nothing to cancel")]
    NothingToCancel,
}

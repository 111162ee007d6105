//! What the floor asks of the carrier.

use serde::{Deserialize, Serialize};

use crate::id::{AgentId, CallId, LegId};

/// Something the carrier must do. Effects of one call are carried out one after the other, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// For which call.
    pub call: CallId,
    /// What.
    pub kind: EffectKind,
}

/// What the carrier must do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectKind {
    /// Ring an agent into the call.
    Ring {
        /// The leg to make.
        leg: LegId,
        /// Whom.
        agent: AgentId,
        /// For how long at most, seconds.
        secs: u32,
    },
    /// Call the person whom an agent dialled, into the call.
    Dial,
    /// Put the caller on hold, with music.
    Hold,
    /// Take the caller off hold.
    Resume,
    /// End an agent's leg.
    Drop {
        /// Which one.
        leg: LegId,
    },
    /// End the leg of the person whom we called.
    DropOutside,
    /// End the call.
    HangUp,
}

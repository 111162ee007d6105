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
    /// Call somebody outside into a call that goes on.
    Add {
        /// The leg to make.
        leg: LegId,
    },
    /// Put everybody outside on hold, with music.
    Hold,
    /// Take everybody outside off hold.
    Resume,
    /// Let the person outside leave a message for an agent.
    Voicemail {
        /// For whom.
        agent: AgentId,
    },
    /// End the leg of an agent, or of somebody who was added.
    Drop {
        /// Which one.
        leg: LegId,
    },
    /// End the leg of the person whom we called.
    DropOutside,
    /// End the call.
    HangUp,
}

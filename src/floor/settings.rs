//! How a floor behaves, as its workspace chooses.

use serde::{Deserialize, Serialize};

/// How a floor behaves. Times are in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Places in the parking lot, 1 to 99.
    pub slots: u8,
    /// How long an agent is rung.
    pub ring_secs: u32,
    /// How long an agent is left alone after a call; 0 is not at all.
    pub wrap_up_secs: u32,
    /// How long a call stays parked before the one who parked it is rung.
    pub park_secs: u32,
    /// How long they are rung then, before the call goes to the queue.
    pub recall_secs: u32,
    /// Calls missed in a row after which an agent is set away; 0 is never.
    pub missed_limit: u8,
    /// How long an agent whose line broke may come back to the call, before it goes to the queue.
    pub rejoin_secs: u32,
    /// Calls that one agent may place in an hour: stolen credentials must not become an expensive bill.
    pub dials_per_agent: u32,
    /// Calls that all may place in an hour.
    pub dials_per_floor: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            slots: 10,
            ring_secs: 20,
            wrap_up_secs: 15,
            park_secs: 60,
            recall_secs: 30,
            missed_limit: 2,
            rejoin_secs: 20,
            dials_per_agent: 60,
            dials_per_floor: 300,
        }
    }
}

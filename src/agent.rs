//! People who take calls. What they are doing is never stored: it follows from the calls (see `Floor::status`).

use serde::{Deserialize, Serialize};

use crate::{id::AgentId, time::Timestamp};

/// What a person says of themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Calls may come.
    Available,
    /// Here, but not taking calls.
    Away,
    /// Not here.
    Offline,
}

/// What a person is doing: derived from the calls, then from the wrap-up clock, then from [`Presence`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Idle and taking calls.
    Available,
    /// Idle and not taking calls.
    Away,
    /// Not here.
    Offline,
    /// A call rings at this agent.
    Ringing,
    /// Talking.
    OnCall,
    /// Finishing the work after a call; no calls come.
    WrapUp,
}

/// What a person is in the workspace, from the lowest to the highest. `rights` says what each may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Moves their own calls, and takes waiting and parked ones.
    Agent,
    /// Moves every call.
    Supervisor,
    /// Looks after the people.
    Admin,
    /// Whose workspace it is.
    Owner,
}

/// Who somebody is, as the directory knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Unique on this installation.
    pub id: AgentId,
    /// As colleagues call them.
    pub name: String,
    /// Digits, unique in the workspace.
    pub extension: String,
    /// What they may do.
    pub role: Role,
}

/// What becomes of a call that is moved to somebody who is not here. The floor knows the kind alone: the number of a mobile
/// phone is in the account, because what the floor knows is in every browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenAway {
    /// It cannot be moved to them.
    #[default]
    Nowhere,
    /// The caller can leave them a message.
    Voicemail,
    /// Their mobile phone rings.
    Mobile,
}

/// Where an agent's phone is. It follows from our own connection to the page, not from the carrier's callbacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    /// Not in a page of ours, as far as we know: it is taken to be there.
    #[default]
    Elsewhere,
    /// A page of theirs speaks for them.
    Here,
    /// The page was lost a moment ago, and may come back.
    Gone {
        /// When.
        since: Timestamp,
    },
}

/// A person on the floor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// Who they are.
    pub profile: Profile,
    /// What they say of themselves.
    pub presence: Presence,
    /// Since when.
    pub presence_since: Timestamp,
    /// The end of the time after a call, if it is running.
    pub wrap_up_until: Option<Timestamp>,
    /// Calls in a row that rang here and were not answered.
    pub missed: u8,
    /// How many of them set this agent away; nothing when a person said what the presence is.
    #[serde(default)]
    pub missed_away: Option<u8>,
    /// Since when this agent waits for a call: the longest idle is rung first.
    pub idle_since: Timestamp,
    /// Where their phone is.
    #[serde(default)]
    pub device: Device,
    /// What becomes of a call that is moved to them while they are not here.
    #[serde(default)]
    pub when_away: WhenAway,
}

//! What is kept of a call when it is over.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    call::{Call, Caller, Direction, LegEnd, Line, Outside, Place},
    id::{AgentId, CallId},
    time::Timestamp,
};

/// What stands in the history where the number of somebody stood who was erased.
pub const ERASED: &str = "erased";

/// How a call went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Somebody talked to the caller.
    Answered,
    /// The caller left before anybody answered.
    Abandoned,
    /// The caller left a message, and nobody talked to them.
    Voicemail,
    /// The caller called outside the number's hours, and was told so.
    Closed,
    /// We called, and nobody answered.
    Unanswered,
    /// We called, and they were on the phone.
    Busy,
    /// We called, and they declined.
    Declined,
    /// We called, and they could not be reached.
    Failed,
    /// We called, and gave up.
    Canceled,
}

impl Outcome {
    fn of(call: &Call) -> Self {
        match (call.direction, call.outside) {
            _ if call.answered.is_some() => Self::Answered,
            (Direction::Inbound, _) if call.message => Self::Voicemail,
            (Direction::Inbound, _) => Self::Abandoned,
            (_, Outside::Gone(LegEnd::NoAnswer)) => Self::Unanswered,
            (_, Outside::Gone(LegEnd::Busy)) => Self::Busy,
            (_, Outside::Gone(LegEnd::Declined)) => Self::Declined,
            (_, Outside::Gone(LegEnd::Unreachable)) => Self::Failed,
            (_, _) => Self::Canceled,
        }
    }
}

/// Who ended a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HungUpBy {
    /// The person outside.
    Caller,
    /// One of us.
    Agent(AgentId),
}

/// Where a call was when it ended: with the beep, not with anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InVoicemail {
    /// For whom a message was left, or could have been.
    pub agent: AgentId,
    /// Since when.
    pub since: Timestamp,
}

/// A row of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRecord {
    /// Which call.
    pub call: CallId,
    /// Who called whom.
    pub direction: Direction,
    /// The person outside.
    pub caller: Caller,
    /// Our number.
    pub line: Line,
    /// Who of us was called, in a call between two of us. None in rows from before this was kept: names and extensions
    /// are all that they have.
    #[serde(default)]
    pub colleague: Option<AgentId>,
    /// Who talked to the caller last.
    pub agent: Option<AgentId>,
    /// When it began.
    pub arrived: Timestamp,
    /// When an agent first answered.
    pub answered: Option<Timestamp>,
    /// When it ended.
    pub ended: Timestamp,
    /// How it went.
    pub outcome: Outcome,
    /// Who ended it.
    pub hung_up_by: HungUpBy,
    /// Whose voicemail it ended in, if it did.
    #[serde(default)]
    pub voicemail: Option<InVoicemail>,
}

/// Which calls are looked for: those of which all holds that is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Among {
    /// They ended then or later.
    pub since: Option<Timestamp>,
    /// They ended before.
    pub until: Option<Timestamp>,
    /// The number of the person outside.
    pub number: Option<String>,
    /// Who talked to them last.
    pub agent: Option<AgentId>,
}

/// A place in the history. Calls are ordered by when they ended, and those of one moment by their names: a page that
/// follows another begins below its last call, and misses none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmark {
    /// When the call ended.
    pub ended: Timestamp,
    /// The call.
    pub call: CallId,
}

/// As it stands in an address: the milliseconds, a dash and the call.
impl fmt::Display for Bookmark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.ended.0, self.call)
    }
}

impl FromStr for Bookmark {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (ended, call) = text.split_once('-').ok_or(())?;
        Ok(Self { ended: Timestamp(ended.parse().map_err(|_| ())?), call: call.into() })
    }
}

impl CallRecord {
    /// Its place in the history.
    pub fn bookmark(&self) -> Bookmark {
        Bookmark { ended: self.ended, call: self.call.clone() }
    }

    /// What is kept of `call`, which ends now.
    pub fn of(call: &Call, ended: Timestamp, hung_up_by: HungUpBy) -> Self {
        Self {
            call: call.id.clone(),
            direction: call.direction,
            caller: call.caller.clone(),
            line: call.line.clone(),
            colleague: call.colleague.clone(),
            agent: call.handled_by.clone(),
            arrived: call.arrived,
            answered: call.answered,
            ended,
            outcome: Outcome::of(call),
            hung_up_by,
            voicemail: match &call.place {
                Place::Voicemail { agent } => Some(InVoicemail { agent: agent.clone(), since: call.place_since }),
                Place::Queue | Place::Slot { .. } | Place::Agent { .. } => None,
            },
        }
    }

    /// How long they waited for somebody to answer, or to be asked for a message, milliseconds.
    pub fn waited(&self) -> i64 {
        self.answered.unwrap_or(self.with_people_until()).millis_since(self.arrived)
    }

    /// How long it went on after somebody had answered, milliseconds, without what they said to nobody. None if nobody did.
    pub fn talked(&self) -> Option<i64> {
        Some(self.with_people_until().millis_since(self.answered?))
    }

    fn with_people_until(&self) -> Timestamp {
        self.voicemail.as_ref().map_or(self.ended, |voicemail| voicemail.since)
    }
}

//! What a phone is: whether it is on, how it is connected, its lines, and what went wrong last. Tabs that do not own the
//! device show the owner's phone, so all of it can be sent.

use serde::{Deserialize, Serialize};
use switchyard::{call::Outside, id::CallId, time::Timestamp};

/// How the phone is connected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Handset {
    /// It is switched off.
    #[default]
    Off,
    /// It is being connected.
    Starting,
    /// Calls can come and go.
    Ready,
    /// Its connection is lost and comes back by itself.
    Reconnecting,
    /// It could not be connected; `Phone::trouble` says why.
    Failed,
}

/// How far a line has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// It rings here.
    Ringing,
    /// It was answered or dialled and is being connected.
    Connecting,
    /// One hears and is heard.
    Open,
}

/// What is wrong with how a call sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Warning {
    /// Voices come late or torn.
    Slow,
    /// Parts of what is said are lost.
    Loss,
    /// Nothing is heard.
    Deaf,
    /// Nothing is sent.
    Dumb,
    /// The microphone gives no sound.
    SilentMic,
}

/// A call in this phone. Everything about the person outside is on the floor as well; this is what the phone itself knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The phone's number for it.
    pub key: u32,
    /// The floor's name for it, once known.
    pub call: Option<CallId>,
    /// Who it is.
    pub who: String,
    /// Which of our numbers they called; empty when we called them.
    pub line: String,
    /// How far it is.
    pub phase: Phase,
    /// Nobody hears us.
    pub muted: bool,
    /// Its connection was lost and is coming back.
    pub shaky: bool,
    /// What is wrong with how it sounds.
    pub warnings: Vec<Warning>,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// The browser does not let us use the microphone.
    MicDenied,
    /// There is no microphone.
    NoMic,
    /// The microphone cannot be opened.
    MicBroken,
    /// This browser cannot make calls.
    Unsupported,
    /// The phone's program could not be loaded.
    NotLoaded,
    /// Nobody is signed in.
    SignedOut,
    /// The workspace is not connected to a carrier.
    NoCarrier,
    /// No number of the workspace rings here.
    NoNumber,
    /// The server gave no token, or the carrier did not take it.
    TokenRefused,
    /// The carrier did not register the phone.
    NotRegistered,
    /// There is no connection.
    NoConnection,
    /// The connection of a call was lost for good.
    LineLost,
    /// The person called declined.
    Declined,
    /// Nobody answered.
    Unanswered,
    /// The person called is on the phone.
    Busy,
    /// The number does not exist, or cannot be reached.
    WrongNumber,
    /// What was typed is no number.
    NotANumber,
    /// Emergency services are not reached from here.
    Emergency,
    /// Calls to this country are not allowed.
    CountryNotAllowed,
    /// Too many calls were placed.
    TooMany {
        /// After how many seconds the next is allowed.
        retry_secs: u32,
    },
    /// The reader is on another call.
    OnACall,
    /// The phone must be switched on first.
    SwitchedOff,
    /// The server could not do it.
    Unavailable,
    /// The server said no, in these words.
    Refused(String),
    /// Something else, by the SDK's number.
    Code(u32),
}

impl Trouble {
    /// What one of the SDK's errors means.
    pub fn of_code(code: u32) -> Self {
        match code {
            20101..=20107 | 20151 | 20157 | 31201 | 31202 | 31204 | 31205 | 51007 => Self::TokenRefused,
            31401 => Self::MicDenied,
            31402 => Self::MicBroken,
            31000 | 31003 | 31005 | 31009 | 53000 | 53001 => Self::NoConnection,
            31209 | 53405 => Self::LineLost,
            31486 => Self::Busy,
            31603 => Self::Declined,
            31480 => Self::Unanswered,
            13223 | 13224 | 31404 => Self::WrongNumber,
            code => Self::Code(code),
        }
    }

    /// Whether trying again by itself makes sense.
    pub(super) fn passes(&self) -> bool {
        matches!(self, Self::NotLoaded | Self::NotRegistered | Self::NoConnection | Self::Unavailable)
    }
}

/// What the floor says of the reader's calls.
#[expect(clippy::struct_excessive_bools, reason = "each is so or not, whatever the others are")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mine {
    /// Which call.
    pub call: CallId,
    /// The reader has it: they did not only join it, and were not called by a colleague.
    pub has_it: bool,
    /// Colleagues are in it who go on when the reader leaves.
    pub guests: bool,
    /// The caller is on hold.
    pub held: bool,
    /// The reader's line broke, and they may come back.
    pub broken: bool,
    /// It is ringing at the reader.
    pub offered: bool,
    /// Whether the person outside is there; not yet, while they are being called.
    pub outside: Outside,
    /// Since when it is as it is.
    pub since: Timestamp,
}

/// The phone.
#[expect(clippy::struct_excessive_bools, reason = "each is so or not, whatever the others are")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// Whether it is switched on.
    pub on: bool,
    /// How it is connected.
    pub handset: Handset,
    /// Its calls, the oldest first.
    pub lines: Vec<Line>,
    /// What went wrong last.
    pub trouble: Option<Trouble>,
    /// A number is being looked at.
    pub dialing: bool,
    /// The agent counts as here: from the first registration until the phone is off or has been away for long.
    pub present: bool,
    /// What the floor says; every tab knows that itself.
    #[serde(skip)]
    pub mine: Vec<Mine>,
    /// This page owns the device.
    #[serde(skip)]
    pub(super) owner: bool,
    /// The agent takes calls as soon as the phone is connected.
    #[serde(skip)]
    pub(super) available: bool,
    /// The number that is called as soon as the phone is connected.
    #[serde(skip)]
    pub(super) wanted: Option<String>,
    /// The line that is answered when the other is parked.
    #[serde(skip)]
    pub(super) next: Option<u32>,
    /// The broken call to which the way back was asked for.
    #[serde(skip)]
    pub(super) rejoining: Option<CallId>,
    /// Attempts in a row to connect that failed.
    #[serde(skip)]
    pub(super) failures: u32,
    /// Counts what was waited for, so that a clock that was overtaken is not listened to.
    #[serde(skip)]
    pub(super) serial: u32,
}

impl Phone {
    /// The line that rings here and waits for an answer.
    pub fn ringing(&self) -> Option<&Line> {
        self.lines.iter().find(|line| line.phase == Phase::Ringing && self.next != Some(line.key))
    }

    /// The line on which the reader talks.
    pub fn current(&self) -> Option<&Line> {
        self.lines.iter().find(|line| line.phase != Phase::Ringing)
    }

    /// The line with this key.
    pub fn line(&self, key: u32) -> Option<&Line> {
        self.lines.iter().find(|line| line.key == key)
    }

    pub(super) fn line_mut(&mut self, key: u32) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.key == key)
    }

    /// What the floor says of a call of the reader's.
    pub fn fact(&self, call: &CallId) -> Option<&Mine> {
        self.mine.iter().find(|mine| mine.call == *call)
    }

    /// Whether the person on the line is on hold.
    pub fn held(&self, line: &Line) -> bool {
        line.call.as_ref().and_then(|call| self.fact(call)).is_some_and(|mine| mine.held)
    }

    /// A call whose line broke, and which this phone does not have.
    pub fn broken(&self) -> Option<&Mine> {
        self.mine
            .iter()
            .find(|mine| mine.broken && !self.lines.iter().any(|line| line.call.as_ref() == Some(&mine.call)))
    }

    /// Whether this page owns the device.
    pub fn owns(&self) -> bool {
        self.owner
    }
}

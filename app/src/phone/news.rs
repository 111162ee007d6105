//! The words between the phone and the world: what happens to it, and what it says is to be done.

use serde::{Deserialize, Serialize};
use switchyard::id::CallId;

use super::state::{Mine, Phone, Trouble, Warning};

/// How long the carrier may take to register the phone, in milliseconds.
pub const REGISTER_MILLIS: u32 = 8_000;
/// How long a phone whose connection is lost still counts as here, in milliseconds.
pub const ABSENT_MILLIS: u32 = 10_000;
/// How long to wait before the way back into a call is asked for again, in milliseconds.
pub const REJOIN_MILLIS: u32 = 2_500;
/// How long it is shown what went wrong with a call, in milliseconds.
pub const TROUBLE_MILLIS: u32 = 15_000;

/// What the reader does. Tabs that do not own the device send it to the one that does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Click {
    /// Switches the phone on.
    On {
        /// And takes calls from then on.
        available: bool,
    },
    /// Switches it off.
    Off,
    /// Answers what rings.
    Answer,
    /// Declines what rings.
    Decline,
    /// Is no longer heard, or is heard again.
    Mute,
    /// Puts the caller on hold, or takes them off hold.
    Hold,
    /// Ends the call.
    HangUp,
    /// Comes back to a call whose line broke.
    Rejoin,
    /// Types digits into the call.
    Digits(String),
    /// Calls a number.
    Dial(String),
}

/// A call that comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// The phone's number for it.
    pub key: u32,
    /// The floor's name for it.
    pub call: Option<CallId>,
    /// Who it is.
    pub who: String,
    /// Which of our numbers they called.
    pub line: String,
    /// The reader asked for it: it is answered at once.
    pub auto: bool,
}

/// What was waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The registration should be there.
    Register,
    /// The next attempt to connect is due.
    Restart,
    /// A lost connection is no longer only a moment.
    Absent,
    /// The way back into a call should have been found.
    Rejoin,
    /// What went wrong has been read.
    Forget,
}

/// What is asked of the floor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The reader takes calls.
    Available,
    /// The caller is put on hold.
    Hold(CallId),
    /// The caller is taken off hold.
    Resume(CallId),
    /// The reader is rung into the call that they lost.
    Rejoin(CallId),
    /// The call is parked, because another is answered.
    Park(CallId),
    /// The call ends.
    HangUp(CallId),
}

/// What happens to the phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The reader does something.
    Click(Click),
    /// The page owns the device from now on.
    Owned,
    /// This is the phone of the tab that owns the device.
    Mirrored(Phone),
    /// The page was put away and is back, without its connections and maybe without the device.
    Restored,
    /// Everything is there, and the carrier is asked to register the phone.
    Registering,
    /// The carrier has registered the phone.
    Registered,
    /// The connection to the carrier is lost.
    Unregistered,
    /// The phone could not be connected.
    Failed(Trouble),
    /// The device is no longer good for calls.
    Dead,
    /// Something was waited for, with the number that it had then.
    Rang(Alarm, u32),
    /// A call comes in.
    Invited(Invite),
    /// A line is open. Its name is the carrier's, which the floor uses for calls that we place.
    Opened(u32, Option<CallId>),
    /// The carrier has named a call that we place.
    Named(u32, CallId),
    /// A line's connection was lost, or is back.
    Shaky(u32, bool),
    /// How a line sounds.
    Sounds(u32, Warning, bool),
    /// What went wrong with a line.
    LineFailed(u32, Trouble),
    /// A line is over.
    Ended(u32),
    /// A number may be dialled: its E.164 form, and who it is.
    MayDial(String, String),
    /// It may not.
    MayNotDial(Trouble),
    /// A call was placed, and this is its line.
    Placed(u32, String),
    /// The person called did not get into the call.
    NotReached(CallId, Trouble),
    /// What the floor says of the reader's calls.
    Floor(Vec<Mine>),
    /// The floor did what was asked.
    Done(Ask),
    /// The floor did not: the call is no longer there, or this is why.
    Refused(Ask, Option<String>),
}

/// What is said aloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Calls can come.
    Ready,
    /// Somebody calls.
    Incoming(String),
    /// The call is over.
    Ended(String),
    /// A line is open.
    Talking(String),
    /// Nobody hears the reader, or they are heard again.
    Muted(bool),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask to own the device.
    Claim,
    /// Connect: microphone, token, SDK, registration.
    Start,
    /// Give up whatever is connected.
    Stop,
    /// Answer a line.
    Accept(u32),
    /// Decline a line.
    Reject(u32),
    /// End a line.
    Disconnect(u32),
    /// Mute a line, or not.
    Mute(u32, bool),
    /// Type digits into a line.
    Digits(u32, String),
    /// Ask the server whether this may be dialled.
    Prepare(String),
    /// Call a number; the second is who it is.
    Connect(String, String),
    /// Ask the floor for something.
    Ask(Ask),
    /// Wait so many milliseconds.
    Wait(Alarm, u32, u32),
    /// Say something.
    Say(Said),
    /// Let the tab that owns the device do it.
    Pass(Click),
}

//! A call, which in Twilio's sense is one leg, and what it is doing.

use super::{Hook, Join, Piece, Sends, dial::Dialing, gather::Gathering, record::Taking, run::Run};
use crate::{time::Millis, twiml::Dial};

/// The state of a call (Twilio: Call resource, "Call status values").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Made, and waiting for its turn.
    Queued,
    /// It rings.
    Ringing,
    /// Answered.
    InProgress,
    /// Was answered, and is over.
    Completed,
    /// The far end was busy or declined.
    Busy,
    /// It could not be connected.
    Failed,
    /// Nobody answered.
    NoAnswer,
    /// Given up before it was answered.
    Canceled,
}

impl Status {
    /// As Twilio writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Ringing => "ringing",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
            Self::Busy => "busy",
            Self::Failed => "failed",
            Self::NoAnswer => "no-answer",
            Self::Canceled => "canceled",
        }
    }

    /// Whether nothing can follow.
    pub fn ended(self) -> bool {
        !matches!(self, Self::Queued | Self::Ringing | Self::InProgress)
    }
}

/// Who began a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Inbound,
    OutboundApi,
    OutboundDial,
}

impl Direction {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::OutboundApi => "outbound-api",
            Self::OutboundDial => "outbound-dial",
        }
    }
}

/// The steps of a call that a status callback can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    Initiated,
    Ringing,
    Answered,
    Completed,
}

impl Progress {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Initiated => "initiated",
            Self::Ringing => "ringing",
            Self::Answered => "answered",
            Self::Completed => "completed",
        }
    }
}

/// A status callback with the steps that it wants.
#[derive(Debug, Clone)]
pub(crate) struct Callback {
    pub(crate) hook: Hook,
    pub(crate) events: Vec<String>,
}

/// What a leg does once it is answered.
#[derive(Debug, Clone)]
pub(crate) enum Plan {
    /// Runs this document.
    Twiml(String),
    /// Asks for a document.
    Url(Hook),
    /// Goes into a conference.
    Join(Box<Join>),
    /// Is connected to the leg that dialled it, after this document if there is one.
    Bridge { screen: Option<Hook> },
}

/// Who is at the other end of a leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Far {
    /// Somebody outside who called in.
    Caller,
    /// A scripted phone or client.
    Endpoint,
    /// A real client: somebody's Voice SDK, or the test phone.
    Client,
    /// Another leg of this network: one of its own numbers was dialled.
    Leg(String),
}

/// What a leg is busy with.
#[derive(Debug)]
pub(crate) enum Activity {
    /// Nothing: it is queued, it rings, or it is over.
    Idle,
    /// Waiting for TwiML.
    Fetching,
    /// Say, Play or Pause, until the timer.
    Talking,
    /// Waiting for keys.
    Gathering(Box<Gathering>),
    /// Recording what the far end says.
    Recording(Box<Taking>),
    /// In a `<Dial>` with other legs.
    Dialing(Box<Dialing>),
    /// Connected to the leg that dialled it.
    Bridged,
    /// Joining or in a conference; with the `<Dial>` that led there, unless it was added through REST.
    Meeting { conference: String, dial: Option<Box<Dial>> },
}

/// One leg.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) sid: String,
    pub(crate) account: String,
    pub(crate) from: String,
    pub(crate) to: String,
    /// The name of who called in; sent only with caller-id lookup.
    pub(crate) name: Option<String>,
    pub(crate) direction: Direction,
    pub(crate) parent: Option<String>,
    pub(crate) number_sid: Option<String>,
    pub(crate) status: Status,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
    pub(crate) answered: Option<Millis>,
    pub(crate) ended: Option<Millis>,
    /// How long it waits for its turn, in milliseconds.
    pub(crate) queue_ms: Millis,
    /// Seconds of ringing, before Twilio's own five are added.
    pub(crate) ring_seconds: u32,
    /// Seconds of talking.
    pub(crate) time_limit: Option<u32>,
    pub(crate) callback: Option<Callback>,
    pub(crate) fallback: Option<Hook>,
    /// The number of the next status callback.
    pub(crate) sequence: u64,
    pub(crate) far: Far,
    /// What a scripted far end says.
    pub(crate) sends: Sends,
    /// What it hears because of a verb of its document.
    pub(super) piece: Option<Piece>,
    /// Set by the application that a client called through.
    pub(crate) application: Option<String>,
    /// What was passed to a client with the call.
    pub(crate) params: Vec<(String, String)>,
    /// The far end hangs up this long after it first has company.
    pub(crate) leaves_after: Option<u32>,
    /// The far end declined it, which its status does not say.
    pub(super) declined: bool,
    /// Every key that the far end pressed.
    pub(crate) pressed: String,
    pub(crate) plan: Option<Plan>,
    pub(crate) run: Option<Run>,
    pub(crate) activity: Activity,
    /// Grows with every change of activity, so that late timers and answers are known as such.
    pub(crate) epoch: u64,
    /// Proves that a forwarded call is one (inbound from outside only).
    pub(crate) token: Option<String>,
}

impl Call {
    /// Enters upon something else; what was waited for before is void.
    pub(super) fn enter(&mut self, activity: Activity) -> (u64, Activity) {
        self.epoch += 1;
        self.piece = None;
        (self.epoch, std::mem::replace(&mut self.activity, activity))
    }

    /// Whole seconds from the answer to the end, each begun one counted; 0 if it was never answered.
    pub(crate) fn seconds(&self, now: Millis) -> Millis {
        self.answered.map_or(0, |from| {
            let ms = self.ended.unwrap_or(now) - from;
            (ms + 999) / 1000
        })
    }

    /// The conference it is in, or joining.
    pub(crate) fn conference(&self) -> Option<&str> {
        match &self.activity {
            Activity::Meeting { conference, .. } => Some(conference),
            _ => None,
        }
    }
}

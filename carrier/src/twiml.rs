//! TwiML documents: read into verbs, with the warnings that Twilio would log.

mod read;
mod tree;

pub(crate) use read::parse;

use crate::engine::Hook;

/// How a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Parameters in the query string.
    Get,
    /// Parameters in the body, as a form.
    Post,
}

impl Method {
    /// Reads `GET` or `POST`, in any case.
    pub(crate) fn read(text: &str) -> Option<Self> {
        match text.to_ascii_uppercase().as_str() {
            "GET" => Some(Self::Get),
            "POST" => Some(Self::Post),
            _ => None,
        }
    }

    /// As in an HTTP request.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A document, ready to be run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Document {
    pub(crate) verbs: Vec<Verb>,
    /// What was ignored, and why (12200 and the like).
    pub(crate) warnings: Vec<Warning>,
}

/// Something in a document that Twilio would log and ignore.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Warning {
    pub(crate) code: u32,
    pub(crate) message: String,
}

/// Why a document cannot be run at all (12100).
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(pub(crate) String);

/// One instruction.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verb {
    Say {
        text: String,
        /// As in `ro-RO`; nothing means English.
        language: Option<String>,
        times: u32,
    },
    Play {
        /// As written, relative ones too; nothing where keys are played.
        url: Option<String>,
        digits: Option<String>,
        times: u32,
    },
    Pause {
        seconds: u32,
    },
    Gather(Gather),
    Record(Record),
    /// `None` means the current document.
    Redirect {
        url: Option<String>,
        method: Method,
    },
    Reject {
        busy: bool,
    },
    Hangup,
    Dial(Dial),
    /// A verb of TwiML that this program does not play.
    Unsupported(String),
}

/// `<Gather>`; URLs are still as written, relative ones too.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Gather {
    pub(crate) action: Option<Hook>,
    pub(crate) digits: bool,
    pub(crate) count: Option<usize>,
    pub(crate) timeout: u32,
    pub(crate) finish_on: Option<char>,
    pub(crate) even_if_empty: bool,
    /// Say, Play and Pause only.
    pub(crate) prompts: Vec<Verb>,
}

/// `<Record>`; URLs are still as written, relative ones too.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Record {
    pub(crate) action: Option<Hook>,
    /// Seconds of silence.
    pub(crate) timeout: u32,
    /// Any of these keys.
    pub(crate) finish_on: String,
    /// Seconds.
    pub(crate) longest: u32,
    pub(crate) beep: bool,
    pub(crate) trim: bool,
    pub(crate) status: Option<Hook>,
    pub(crate) events: Vec<String>,
}

/// `<Dial>`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dial {
    pub(crate) action: Option<Hook>,
    pub(crate) caller_id: Option<String>,
    pub(crate) answer_on_bridge: bool,
    pub(crate) hangup_on_star: bool,
    pub(crate) sequential: bool,
    /// Seconds of ringing, before Twilio's own five are added.
    pub(crate) timeout: u32,
    /// Seconds of talking.
    pub(crate) time_limit: u32,
    pub(crate) nouns: Vec<Noun>,
}

/// What a `<Dial>` connects to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Noun {
    Number(Target),
    Client(Target),
    Conference(Box<Room>),
    Unsupported(String),
}

/// `<Number>` or `<Client>`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Target {
    /// A number or an identity.
    pub(crate) name: String,
    pub(crate) screen: Option<Hook>,
    pub(crate) status: Option<Hook>,
    pub(crate) events: Vec<String>,
    /// `<Parameter>`s for a client.
    pub(crate) params: Vec<(String, String)>,
}

/// `<Conference>`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Room {
    pub(crate) name: String,
    pub(crate) muted: bool,
    pub(crate) start_on_enter: bool,
    pub(crate) end_on_exit: bool,
    pub(crate) label: Option<String>,
    /// `None`: Twilio's music; an empty URL: silence.
    pub(crate) wait: Option<Hook>,
    pub(crate) max: usize,
    pub(crate) coach: Option<String>,
    pub(crate) status: Option<Hook>,
    pub(crate) events: Vec<String>,
}

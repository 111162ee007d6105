//! An endpoint: an address that is told of events.

use super::EventType;
use crate::time::Timestamp;

/// How many endpoints a workspace can have: each one that is told of an event is a row in the same transaction.
pub const MOST_ENDPOINTS: usize = 20;
/// How long messages are signed with the last secret, too, after a new one was made: a day, in seconds.
pub const OVERLAP_SECS: u32 = 24 * 60 * 60;
/// An endpoint that has taken nothing for so long is switched off: five days, in milliseconds.
const PATIENCE_MS: i64 = 5 * 24 * 60 * 60 * 1000;
/// How often a message must have been tried before its endpoint is switched off: where there is little to tell, one that
/// failed days ago and one that fails now say nothing of the days between.
const LEAST_TRIES: u32 = 3;

/// An address of a workspace's, and what it is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its name in addresses of ours.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// Where messages are sent.
    pub url: String,
    /// What it is told of.
    pub events: Vec<EventType>,
    /// What messages are signed with.
    pub secrets: Secrets,
    /// When it was added.
    pub created: Timestamp,
    /// Since when it is told nothing, and why.
    pub off: Option<(Timestamp, Off)>,
    /// The first attempt that failed since one last succeeded.
    pub failing: Option<Timestamp>,
}

/// Secrets of an endpoint, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secrets {
    /// The one that counts.
    pub now: String,
    /// The one before, and until when messages are signed with it, too.
    pub before: Option<(String, Timestamp)>,
}

/// Why an endpoint is told nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    /// An admin switched it off.
    Asked,
    /// It said that it is gone (410).
    Gone,
    /// It took nothing for five days.
    Failing,
}

impl Off {
    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }

    /// As it was stored.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Asked, Self::Gone, Self::Failing].into_iter().find(|off| off.code() == code)
    }
}

/// Whether an endpoint that fails since then has failed for too long, now that a message failed for the `tries`-th time.
pub fn gives_up(failing: Option<Timestamp>, tries: u32, now: Timestamp) -> bool {
    tries >= LEAST_TRIES && failing.is_some_and(|since| now.millis_since(since) >= PATIENCE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_five_days_without_success_it_is_enough() {
        let since = Timestamp(1_000);
        let over = Timestamp(1_000 + PATIENCE_MS);
        assert!(!gives_up(None, 8, Timestamp(i64::MAX)));
        assert!(!gives_up(Some(since), 8, Timestamp(over.0 - 1)));
        assert!(gives_up(Some(since), 3, over));
        assert!(!gives_up(Some(since), 2, over), "it may be away for a moment");
        assert!(!gives_up(Some(since), 8, Timestamp(0)), "a clock that went back");
    }
}

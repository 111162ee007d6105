//! A message on its way to one endpoint: how its attempts went, and when it is sent again.

use serde::{Deserialize, Serialize};

use crate::{id::WorkspaceId, time::Timestamp};

/// The pauses after attempts that failed, seconds: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h.
const PAUSES: [u32; 7] = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600];
/// How often a message is sent before it counts as failed.
pub const TRIES: usize = PAUSES.len() + 1;
/// The longest pause that an endpoint can ask for, seconds.
const LONGEST_ASKED: u32 = 10 * 3600;

/// A message for one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its number.
    pub id: i64,
    /// The message's own name, the same for every endpoint.
    pub message: String,
    /// The code of the event.
    pub event: String,
    /// What is sent.
    pub body: String,
    /// When it was to be sent first.
    pub created: Timestamp,
    /// How it stands.
    pub state: State,
    /// When it is sent next, if it waits.
    pub due: Timestamp,
    /// How it went, the oldest first.
    pub attempts: Vec<Attempt>,
}

/// A delivery that a worker holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Whose.
    pub workspace: WorkspaceId,
    /// To which endpoint.
    pub endpoint: String,
    /// How often it was tried since it was last asked for.
    pub tries: u32,
    /// What.
    pub delivery: Delivery,
}

/// How a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is to be sent, or sent again.
    Waiting,
    /// The endpoint took it.
    Delivered,
    /// It is not sent again by itself.
    Failed,
}

impl State {
    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    /// As it was stored.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Delivered, Self::Failed].into_iter().find(|state| state.code() == code)
    }
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// How long it took, milliseconds.
    pub took: u32,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// Why it failed; `None` when it was taken.
    pub trouble: Option<Trouble>,
    /// What the answer, or the network, said of that; the beginning of it.
    pub said: String,
}

/// Why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The answer was another than 2xx.
    Refused,
    /// The answer leads elsewhere. Nothing is sent there.
    Redirected,
    /// There was no answer in time.
    Late,
    /// The name in the address leads nowhere.
    UnknownName,
    /// Nobody takes connections there.
    Closed,
    /// Its certificate is not trusted.
    Distrusted,
    /// The address cannot be reached for another reason.
    Unreachable,
    /// The address belongs to a private network.
    Private,
    /// The secret cannot be opened, so that nothing can be signed.
    Unsigned,
}

/// What comes after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it was taken.
    Done,
    /// It is sent again then.
    Again(Timestamp),
    /// It is not sent again.
    Failed,
    /// Nor is anything else: the endpoint is gone.
    Gone,
}

/// What comes after an attempt that ended `now`, the `tries`-th since the message was asked for. `asked` is the pause in
/// seconds that the answer asked for; `chance` (0 to 1) makes pauses up to a tenth longer, so that what failed together does
/// not come back together.
pub fn next(attempt: &Attempt, tries: u32, asked: Option<u32>, now: Timestamp, chance: f64) -> Next {
    match (attempt.trouble, attempt.status) {
        (None, _) => return Next::Done,
        (_, Some(410)) => return Next::Gone,
        _ => {}
    }
    let planned = usize::try_from(tries).ok().and_then(|tries| PAUSES.get(tries.checked_sub(1)?));
    let Some(planned) = planned else { return Next::Failed };
    let asked = asked.filter(|_| matches!(attempt.status, Some(429 | 503))).unwrap_or(0).min(LONGEST_ASKED);
    #[expect(clippy::cast_possible_truncation, reason = "at most an hour in milliseconds")]
    let more = (f64::from(*planned) * 100.0 * chance.clamp(0.0, 1.0)) as i64;
    Next::Again(Timestamp(now.plus_secs(asked.max(*planned)).0.saturating_add(more)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(status: Option<u16>, trouble: Option<Trouble>) -> Attempt {
        Attempt { at: Timestamp(0), took: 1, status, trouble, said: String::new() }
    }

    #[test]
    fn pauses_grow_and_end() {
        let failed = attempt(Some(500), Some(Trouble::Refused));
        let now = Timestamp(1_000);
        let pauses: Vec<i64> = (1..)
            .map_while(|tries| match next(&failed, tries, None, now, 0.0) {
                Next::Again(due) => Some(due.0 - now.0),
                _ => None,
            })
            .collect();
        assert_eq!(pauses, [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000]);
        assert_eq!(pauses.len() + 1, TRIES);
        assert_eq!(next(&failed, 8, None, now, 0.0), Next::Failed);
        assert_eq!(next(&failed, u32::MAX, Some(1), now, 1.0), Next::Failed);
        assert_eq!(next(&failed, 1, None, now, 1.0), Next::Again(Timestamp(6_500)), "a tenth by chance");
    }

    #[test]
    fn an_endpoint_that_is_busy_says_for_how_long() {
        let busy = |status| attempt(Some(status), Some(Trouble::Refused));
        let now = Timestamp(0);
        let due = |status, asked| next(&busy(status), 1, Some(asked), now, 0.0);
        assert_eq!(due(429, 60), Next::Again(Timestamp(60_000)));
        assert_eq!(due(503, 60), Next::Again(Timestamp(60_000)));
        assert_eq!(due(429, 1), Next::Again(Timestamp(5_000)), "never sooner than planned");
        assert_eq!(due(500, 60), Next::Again(Timestamp(5_000)), "others do not say so");
        assert_eq!(due(429, u32::MAX), Next::Again(Timestamp(36_000_000)));
    }

    #[test]
    fn what_was_taken_is_done_and_what_is_gone_is_gone() {
        assert_eq!(next(&attempt(Some(204), None), 1, None, Timestamp(0), 0.0), Next::Done);
        assert_eq!(next(&attempt(Some(410), Some(Trouble::Refused)), 1, None, Timestamp(0), 0.0), Next::Gone);
        let late = attempt(None, Some(Trouble::Late));
        assert_eq!(next(&late, 1, None, Timestamp(0), 0.0), Next::Again(Timestamp(5_000)));
    }
}

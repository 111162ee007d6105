//! The last webhooks, for those who test against them.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

use super::attempt::{Answer, Trouble};
use crate::{engine::Request, time::Millis};

/// So many are remembered.
const REMEMBERED: usize = 2_000;

/// A webhook, and what became of it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Delivery {
    id: u64,
    /// When it was first tried, in milliseconds since the Unix epoch.
    at: Millis,
    /// `twiml`, `status`, or `lost` for a status callback that the faults swallowed.
    kind: &'static str,
    account: String,
    url: String,
    method: &'static str,
    params: BTreeMap<String, String>,
    /// The status of the last answer, if there was any.
    status: Option<u16>,
    error: Option<String>,
    attempts: u32,
    done: bool,
}

impl Delivery {
    pub(super) fn begin(kind: &'static str, request: &Request, now: Millis) -> Self {
        Self {
            id: 0,
            at: now,
            kind,
            account: request.account.clone(),
            url: request.url.clone(),
            method: request.method.as_str(),
            params: request.params.iter().cloned().collect(),
            status: None,
            error: None,
            attempts: 0,
            done: kind == "lost",
        }
    }
}

/// How many webhooks there were.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Counts {
    /// Those that were answered, or given up.
    pub(crate) sent: u64,
    /// Those among them without an answer below 400.
    pub(crate) failed: u64,
    /// Attempts beyond the first.
    pub(crate) retried: u64,
}

#[derive(Debug, Default)]
pub(super) struct Journal {
    entries: VecDeque<Delivery>,
    next: u64,
    /// What was begun up to here is not spoken of any more.
    cleared: u64,
    pub(super) counts: Counts,
}

impl Journal {
    pub(super) fn add(&mut self, mut delivery: Delivery) -> u64 {
        if self.entries.len() == REMEMBERED {
            self.entries.pop_front();
        }
        self.next += 1;
        delivery.id = self.next;
        self.entries.push_back(delivery);
        self.next
    }

    pub(super) fn finish(&mut self, id: u64, result: &Result<Answer, Trouble>, attempts: u32) {
        if id <= self.cleared {
            return;
        }
        self.counts.sent += 1;
        self.counts.retried += u64::from(attempts.saturating_sub(1));
        self.counts.failed += u64::from(!result.as_ref().is_ok_and(|answer| answer.status < 400));
        if let Some(entry) = self.entries.iter_mut().rev().find(|entry| entry.id == id) {
            entry.attempts = attempts;
            entry.done = true;
            match result {
                Ok(answer) => entry.status = Some(answer.status),
                Err(trouble) => entry.error = Some(trouble.to_string()),
            }
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self { next: self.next, cleared: self.next, ..Self::default() };
    }

    pub(super) fn last(&self, limit: usize) -> Vec<Delivery> {
        self.entries.iter().rev().take(limit).cloned().collect()
    }
}

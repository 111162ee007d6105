//! Webhooks on their way out: signed, retried as their URL asks for, redirected, and remembered.

mod attempt;
mod journal;
mod overrides;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use rand::Rng;
use tokio::sync::oneshot;

pub(crate) use journal::{Counts, Delivery};

use crate::{
    engine::{FetchFailure, FetchReply, Request},
    faults::{Fate, Faults},
    quirks::Quirks,
    time,
};
use attempt::{Answer, Trouble};
use journal::Journal;
use overrides::Overrides;

/// A status callback waits at most this long for the one before it: Twilio starts them in order, and promises no more.
const PATIENCE: Duration = Duration::from_secs(1);

/// A document may be this long (11750).
const LONGEST_DOCUMENT: usize = 64 * 1024;

/// Sends webhooks.
#[derive(Debug)]
pub(crate) struct Post {
    client: reqwest::Client,
    idempotency_token_on_first: bool,
    user_agent: &'static str,
    pub(crate) faults: Mutex<Faults>,
    journal: Mutex<Journal>,
    /// The end of the last status callback of each lane, with its number.
    lanes: Mutex<HashMap<String, (u64, oneshot::Receiver<()>)>>,
    /// Grows with every reset: what was to be sent before is not.
    era: AtomicU64,
    serial: AtomicU64,
}

impl Post {
    pub(crate) fn new(quirks: &Quirks) -> Result<Self, reqwest::Error> {
        Ok(Self {
            client: attempt::client(Overrides::default().connect)?,
            idempotency_token_on_first: quirks.idempotency_token_on_first,
            user_agent: quirks.user_agent,
            faults: Mutex::default(),
            journal: Mutex::default(),
            lanes: Mutex::default(),
            era: AtomicU64::new(0),
            serial: AtomicU64::new(0),
        })
    }

    /// Requests TwiML.
    pub(crate) async fn fetch(&self, request: &Request) -> Result<FetchReply, FetchFailure> {
        let failure = |code, message: String| Err(FetchFailure { code, message });
        match self.deliver("twiml", request).await {
            Ok(answer) if answer.body.len() > LONGEST_DOCUMENT => {
                failure(11750, "TwiML response body too large".to_owned())
            }
            Ok(answer) if (200..300).contains(&answer.status) => Ok(FetchReply {
                content_type: answer.content_type,
                body: String::from_utf8_lossy(&answer.body).into_owned(),
                url: answer.url,
            }),
            Ok(answer) => failure(11200, format!("Got HTTP {} response to {}", answer.status, request.url)),
            Err(trouble) => failure(trouble.code(), format!("{trouble}: {}", request.url)),
        }
    }

    /// Sends a status callback, after those of its lane and as the faults will have it.
    pub(crate) fn notify(self: &Arc<Self>, request: Request) {
        let fate = lock(&self.faults).fate();
        if fate.lost {
            lock(&self.journal).add(Delivery::begin("lost", &request, time::now()));
            return;
        }
        let era = self.era.load(Ordering::Relaxed);
        let number = self.serial.fetch_add(1, Ordering::Relaxed);
        let (done, next) = oneshot::channel();
        let before = if fate.overtaken_ms.is_some() {
            None
        } else {
            lock(&self.lanes).insert(request.lane.clone(), (number, next)).map(|(_, before)| before)
        };
        let post = Arc::clone(self);
        tokio::spawn(async move {
            if let Some(before) = before {
                let _ = tokio::time::timeout(PATIENCE, before).await;
            }
            let Fate { delay_ms, overtaken_ms, copies, .. } = fate;
            tokio::time::sleep(Duration::from_millis(delay_ms + overtaken_ms.unwrap_or(0))).await;
            for _ in 0..copies {
                if post.era.load(Ordering::Relaxed) == era {
                    let _ = post.deliver("status", &request).await;
                }
            }
            let mut lanes = lock(&post.lanes);
            if lanes.get(&request.lane).is_some_and(|(last, _)| *last == number) {
                lanes.remove(&request.lane);
            }
            drop(done);
        });
    }

    /// Sends a request until it is answered or no retry is left.
    async fn deliver(&self, kind: &'static str, request: &Request) -> Result<Answer, Trouble> {
        let overrides = Overrides::of(&request.url);
        let id = lock(&self.journal).add(Delivery::begin(kind, request, time::now()));
        let token = format!("{:016x}{:016x}", rand::rng().next_u64(), rand::rng().next_u64());
        let deadline = tokio::time::Instant::now() + overrides.total;
        let own_patience = overrides.connect != Overrides::default().connect;
        let own_client = own_patience.then(|| attempt::client(overrides.connect).ok()).flatten();
        let mut tries = 0;
        let result = loop {
            let idempotency_token = (tries > 0 || self.idempotency_token_on_first).then_some(token.as_str());
            tries += 1;
            let attempt = attempt::Attempt {
                client: own_client.as_ref().unwrap_or(&self.client),
                user_agent: self.user_agent,
                idempotency_token,
                patience: overrides.read,
            };
            let result =
                tokio::time::timeout_at(deadline, attempt.follow(request)).await.unwrap_or(Err(Trouble::TimedOut));
            if tries > overrides.retries || !overrides.retries_on(&result) || tokio::time::Instant::now() >= deadline {
                break result;
            }
        };
        tracing::debug!(url = request.url, tries, outcome = ?result.as_ref().map(|answer| answer.status), "webhook");
        lock(&self.journal).finish(id, &result, tries);
        result
    }

    /// The last deliveries, the newest first.
    pub(crate) fn deliveries(&self, limit: usize) -> Vec<Delivery> {
        lock(&self.journal).last(limit)
    }

    pub(crate) fn counts(&self) -> Counts {
        lock(&self.journal).counts
    }

    /// Drops what was not sent yet, the record of what was, and the faults.
    pub(crate) fn reset(&self) {
        self.era.fetch_add(1, Ordering::Relaxed);
        lock(&self.lanes).clear();
        lock(&self.journal).clear();
        *lock(&self.faults) = Faults::default();
    }
}

/// A lock whose holders never panic half-way; if one did, what it guards is still the best there is.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

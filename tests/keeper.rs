//! The task that owns a floor, on a log that fails, stalls and is written by others.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use switchyard::{
    agent::{Presence, Profile, Role},
    call::{Caller, Line},
    floor::{Command, Floor, Intent, Recorded},
    id::{CallId, WorkspaceId},
    ports::{Batch, Clock, Log, StoreError, Stored},
    service::{FloorHandle, Floors, Rejected},
    time::Timestamp,
};
use tokio::{
    sync::{Notify, Semaphore},
    time::timeout,
};

/// A log in memory. Appends wait for a permit when they are gated, and fail as often as they were told to.
struct Ledger {
    kept: Mutex<Kept>,
    gate: Semaphore,
    at_gate: Notify,
    snapshot_kept: Notify,
}

#[derive(Default)]
struct Kept {
    events: Vec<Recorded>,
    snapshot: Option<Floor>,
    appends: usize,
    failures: usize,
    down: bool,
}

const MANY: usize = 1_000_000;

impl Ledger {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            kept: Mutex::default(),
            gate: Semaphore::new(MANY),
            at_gate: Notify::new(),
            snapshot_kept: Notify::new(),
        })
    }

    fn with<T>(&self, see: impl FnOnce(&mut Kept) -> T) -> T {
        see(&mut self.kept.lock().unwrap())
    }

    fn gated(&self) {
        self.gate.forget_permits(MANY);
    }

    fn version(&self) -> u64 {
        self.with(|kept| kept.events.last().map_or(0, |last| last.version))
    }
}

fn down() -> StoreError {
    StoreError::Unavailable("pulled the plug".into())
}

#[async_trait]
impl Log for Ledger {
    async fn load(&self, _: &WorkspaceId) -> Result<Stored, StoreError> {
        self.with(|kept| {
            if kept.down {
                return Err(down());
            }
            let floor = kept.snapshot.clone().unwrap_or_default();
            let events = kept.events.iter().filter(|event| event.version > floor.version).cloned().collect();
            Ok(Stored { floor, events })
        })
    }

    async fn append(&self, _: &WorkspaceId, expected: u64, batch: &Batch) -> Result<(), StoreError> {
        self.at_gate.notify_one();
        self.gate.acquire().await.unwrap().forget();
        let version = self.version();
        self.with(|kept| {
            kept.appends += 1;
            if kept.down || kept.failures > 0 {
                kept.failures = kept.failures.saturating_sub(1);
                return Err(down());
            }
            if version != expected {
                return Err(StoreError::Conflict);
            }
            kept.events.extend(batch.events.iter().cloned());
            Ok(())
        })
    }

    async fn events_after(&self, _: &WorkspaceId, version: u64, limit: u32) -> Result<Vec<Recorded>, StoreError> {
        let after = |kept: &mut Kept| kept.events.iter().filter(|event| event.version > version).cloned().collect();
        let events: Vec<_> = self.with(after);
        Ok(events.into_iter().take(limit as usize).collect())
    }

    async fn save_snapshot(&self, _: &WorkspaceId, floor: &Floor, _: Timestamp) -> Result<(), StoreError> {
        self.with(|kept| kept.snapshot = Some(floor.clone()));
        self.snapshot_kept.notify_one();
        Ok(())
    }

    async fn forget_before(&self, _: Timestamp) -> Result<u64, StoreError> {
        Ok(0)
    }
}

/// A clock that stands until it is moved.
struct Hand(AtomicI64);

impl Hand {
    fn moves(&self, secs: i64) {
        self.0.fetch_add(secs * 1000, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

struct Office {
    ledger: Arc<Ledger>,
    clock: Arc<Hand>,
}

impl Office {
    fn new() -> Self {
        Self { ledger: Ledger::new(), clock: Arc::new(Hand(AtomicI64::new(1_000_000))) }
    }

    /// A process that serves this log; asked again, another one.
    fn process(&self) -> FloorHandle {
        let (log, clock): (Arc<dyn Log>, Arc<dyn Clock>) = (self.ledger.clone(), self.clock.clone());
        Floors::new(log, clock, Arc::new(Notify::new())).of(&WorkspaceId::from("salon"))
    }
}

fn seat(id: &str) -> Command {
    Command::Seat(Profile { id: id.into(), name: id.to_owned(), extension: "101".into(), role: Role::Agent })
}

fn presence(id: &str, presence: Presence) -> Command {
    Command::Ask { by: id.into(), intent: Intent::SetPresence { agent: id.into(), presence } }
}

fn arrival(call: &str) -> Command {
    Command::ObserveCall {
        call: call.into(),
        caller: Caller { number: "+40722111222".into(), name: None },
        line: Line { number: "+40312345678".into(), label: "Bookings".into() },
    }
}

#[tokio::test]
async fn commands_that_arrive_during_a_commit_share_the_next_one() {
    let office = Office::new();
    let floor = office.process();
    floor.send(seat("ana")).await.unwrap();
    let before = office.ledger.with(|kept| kept.appends);
    office.ledger.gated();
    office.ledger.at_gate.notified().await; // the first append's
    let first = tokio::spawn({
        let floor = floor.clone();
        async move { floor.send(seat("mihai")).await }
    });
    office.ledger.at_gate.notified().await;
    let names: Vec<String> = (0..20).map(|number| format!("agent-{number}")).collect();
    let sent = names.iter().map(|name| floor.send(seat(name)));
    let all = futures::future::join_all(sent);
    tokio::pin!(all);
    // One look at each sends them; none can be answered while the commit stands at the gate.
    assert!(futures::poll!(&mut all).is_pending());
    office.ledger.gate.add_permits(MANY);
    first.await.unwrap().unwrap();
    let versions: Vec<u64> = all.await.into_iter().map(Result::unwrap).collect();
    assert!(versions.is_sorted(), "each is answered with the version after its own events: {versions:?}");
    assert_eq!(office.ledger.with(|kept| kept.appends) - before, 2);
    assert_eq!(floor.snapshot().await.unwrap().agents.len(), 22);
}

#[tokio::test]
async fn a_refusal_is_the_refused_ones_alone() {
    let office = Office::new();
    let floor = office.process();
    floor.send(seat("ana")).await.unwrap();
    let (good, bad) = tokio::join!(floor.send(seat("mihai")), floor.send(presence("nobody", Presence::Away)));
    assert!(good.is_ok());
    assert!(matches!(bad, Err(Rejected::Refused(_))));
}

#[tokio::test]
async fn a_commit_that_fails_leaves_nothing_behind() {
    let office = Office::new();
    let floor = office.process();
    floor.send(seat("ana")).await.unwrap();
    let version = office.ledger.version();
    let mut feed = floor.subscribe();
    office.ledger.with(|kept| kept.failures = 1);
    assert!(matches!(floor.send(seat("mihai")).await, Err(Rejected::Unavailable)));
    assert_eq!(office.ledger.version(), version);
    assert_eq!(floor.snapshot().await.unwrap().agents.len(), 1, "memory is not ahead of the log");
    // It goes on where it was, and whoever listens is told only what became durable.
    floor.send(seat("elena")).await.unwrap();
    let update = feed.recv().await.unwrap();
    let mut told = vec![update.json.clone()];
    while let Ok(update) = feed.try_recv() {
        told.push(update.json.clone());
    }
    assert!(told.iter().all(|json| !json.contains("mihai")), "{told:?}");
    assert!(told.iter().any(|json| json.contains("elena")), "{told:?}");
}

#[tokio::test]
async fn whoever_looks_sees_what_they_sent_once_it_is_durable() {
    let office = Office::new();
    let floor = office.process();
    let look = |command| floor.send_and_look(command, |floor| floor.agents.len());
    assert_eq!(look(seat("ana")).await.unwrap(), Some(1));
    assert_eq!(look(seat("ana")).await.unwrap(), Some(1), "also when nothing is new");
    assert!(matches!(look(presence("nobody", Presence::Away)).await, Err(Rejected::Refused(_))));
    office.ledger.with(|kept| kept.failures = 1);
    assert!(matches!(look(seat("mihai")).await, Err(Rejected::Unavailable)));
    assert_eq!(look(seat("elena")).await.unwrap(), Some(2));
}

#[tokio::test]
async fn what_went_through_is_not_refused_because_nobody_can_look_at_it() {
    let office = Office::new();
    let floor = office.process();
    floor.send(seat("ana")).await.unwrap();
    office.ledger.gated();
    office.ledger.at_gate.notified().await; // the first append's
    // As many as share a commit, the last of them with a look that falls into the next one, which fails.
    let names: Vec<String> = (0..511).map(|number| format!("agent-{number}")).collect();
    let others = futures::future::join_all(names.iter().map(|name| floor.send(seat(name))));
    let looked = floor.send_and_look(seat("mihai"), |floor| floor.agents.len());
    let late = floor.send(seat("elena"));
    let appends = async {
        for failures in [0, 1] {
            office.ledger.at_gate.notified().await;
            office.ledger.with(|kept| kept.failures = failures);
            office.ledger.gate.add_permits(1);
        }
    };
    // Sent without a pause, so that they arrive in this order before the floor's task has its turn.
    let all = tokio::task::unconstrained(async { tokio::join!(others, looked, late, appends) });
    let (_, looked, late, ()) = timeout(Duration::from_secs(5), all).await.unwrap();
    assert!(matches!(late, Err(Rejected::Unavailable)), "{late:?}");
    assert!(matches!(looked, Ok(None)), "{looked:?}");
    assert_eq!(floor.snapshot().await.unwrap().agents.len(), 513, "everybody but the one who came too late");
}

#[tokio::test]
async fn a_database_that_is_away_is_said_and_comes_back() {
    let office = Office::new();
    office.ledger.with(|kept| kept.down = true);
    let floor = office.process();
    assert!(matches!(floor.send(seat("ana")).await, Err(Rejected::Unavailable)));
    assert!(matches!(floor.snapshot().await, Err(Rejected::Unavailable)));
    office.ledger.with(|kept| kept.down = false);
    floor.send(seat("ana")).await.unwrap();
}

#[tokio::test]
async fn what_another_process_wrote_is_taken_into_account_and_told() {
    let office = Office::new();
    let (ours, theirs) = (office.process(), office.process());
    ours.send(seat("ana")).await.unwrap();
    ours.send(presence("ana", Presence::Available)).await.unwrap();
    let mut feed = ours.subscribe();
    theirs.send(seat("mihai")).await.unwrap();
    let version = ours.send(presence("ana", Presence::Away)).await.unwrap();
    assert_eq!(ours.snapshot().await.unwrap().agents.len(), 2);
    assert_eq!(version, office.ledger.version());
    let mut told = Vec::new();
    while told.last() != Some(&version) {
        let update = timeout(Duration::from_secs(5), feed.recv()).await.unwrap().unwrap();
        told.extend(update.first..=update.last);
    }
    told.dedup();
    assert!(told.windows(2).all(|pair| pair[1] == pair[0] + 1), "the feed has no gap: {told:?}");
    assert!(
        office.ledger.with(|kept| kept.events.iter().enumerate().all(|(at, event)| event.version == at as u64 + 1))
    );
}

#[tokio::test]
async fn time_stands_still_on_a_floor_that_was_just_loaded_with_calls() {
    let office = Office::new();
    let floor = office.process();
    for command in [seat("ana"), presence("ana", Presence::Available), arrival("CA1")] {
        floor.send(command).await.unwrap();
    }
    floor.send(Command::ObserveRoom { call: "CA1".into(), room: "CF1".into() }).await.unwrap();
    let leg = |floor: &Floor| floor.calls[&CallId::from("CA1")].offer.as_ref().map(|offer| offer.leg);
    let first = leg(&floor.snapshot().await.unwrap());
    assert!(first.is_some());
    // The process dies; the one that follows finds the ring long over, but ana may have answered meanwhile.
    office.clock.moves(600);
    let next = office.process();
    next.send(seat("mihai")).await.unwrap();
    assert_eq!(leg(&next.snapshot().await.unwrap()), first);
    office.clock.moves(4);
    next.send(seat("elena")).await.unwrap();
    assert_ne!(leg(&next.snapshot().await.unwrap()), first, "nobody answered in time: the ring is over");
}

#[tokio::test]
async fn a_snapshot_is_kept_now_and_then_and_the_next_start_begins_there() {
    let office = Office::new();
    let floor = office.process();
    floor.send(seat("ana")).await.unwrap();
    let toggles = [Presence::Away, Presence::Available].into_iter().cycle();
    for to in toggles.take(1_100) {
        floor.send(presence("ana", to)).await.unwrap();
    }
    timeout(Duration::from_secs(5), office.ledger.snapshot_kept.notified()).await.unwrap();
    let kept = office.ledger.with(|kept| kept.snapshot.as_ref().unwrap().version);
    assert!(kept >= 1_000);
    office.ledger.with(|kept_now| kept_now.events.retain(|event| event.version > kept));
    let before = floor.snapshot().await.unwrap();
    let after = office.process().snapshot().await.unwrap();
    assert_eq!(*before, *after);
}

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use switchyard::{
    agent::{Presence, Profile, Role},
    floor::{Command, Intent, Recorded},
    people::{Account, Fallback, Language},
    ports::{Store, Workspace},
    service::Floors,
    time::Timestamp,
};
use tokio::{sync::Notify, time::timeout};

use super::*;
use crate::{auth::Endings, clock::WallClock, store};

/// A floor with one person on it, and a feed of it.
struct Show {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    floor: FloorHandle,
    relays: Relays,
}

impl Show {
    async fn new() -> Self {
        let store = store::open("sqlite::memory:").await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(WallClock);
        let floor = Floors::new(store.clone(), clock.clone(), Arc::new(Notify::new())).of(&salon());
        let ana = Profile { id: "ana".into(), name: "Ana".into(), extension: "101".into(), role: Role::Agent };
        floor.send(Command::Seat(ana)).await.unwrap();
        Self { store, clock, floor, relays: Relays::default() }
    }

    async fn version(&self) -> u64 {
        self.floor.snapshot().await.unwrap().version
    }

    /// Lets at least so many things happen, each in a commit of its own.
    async fn happens(&self, times: usize) {
        for to in [Presence::Away, Presence::Available].into_iter().cycle().take(times) {
            let intent = Intent::SetPresence { agent: "ana".into(), presence: to };
            self.floor.send(Command::Ask { by: "ana".into(), intent }).await.unwrap();
        }
    }

    async fn reader(&self, after: u64) -> Cursor {
        let log: Arc<dyn Log> = self.store.clone();
        let mut cursor =
            Cursor::open(log, self.floor.clone(), salon(), &self.relays, &self.clock, after).await.unwrap();
        assert!(said(&cursor.next().await.unwrap()).starts_with("event: beat"), "the clock comes first");
        cursor
    }

    /// A reader of frames that the test sends.
    async fn reader_of(&self, frames: &Arc<broadcast::Sender<Frame>>, after: u64) -> Cursor {
        let mut cursor = self.reader(after).await;
        cursor.reader = Reader { frames: frames.subscribe(), _feed: Arc::clone(frames) };
        cursor
    }
}

fn salon() -> WorkspaceId {
    WorkspaceId::from("salon")
}

fn said(bytes: &Bytes) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Reads until version `last` has come. Answers every version, in the order in which it came.
async fn read_to(cursor: &mut Cursor, last: u64) -> Vec<u64> {
    let mut versions = Vec::new();
    while versions.last() != Some(&last) {
        let frame = timeout(Duration::from_secs(10), cursor.next()).await.unwrap().unwrap();
        let frame = said(&frame);
        let Some((id, data)) = frame.strip_prefix("id: ").and_then(|rest| rest.split_once("\ndata: ")) else {
            continue;
        };
        let events: Vec<Recorded> = serde_json::from_str(data).unwrap();
        assert_eq!(id.parse(), Ok(events.last().unwrap().version));
        versions.extend(events.iter().map(|event| event.version));
    }
    versions
}

async fn is_told_to_fetch_the_floor(cursor: &mut Cursor) {
    assert_eq!(said(&cursor.next().await.unwrap()), "event: reset\ndata: \n\n");
    assert!(cursor.next().await.is_none(), "and the connection ends");
}

#[tokio::test]
async fn a_reader_gets_what_it_missed_and_then_what_happens() {
    let show = Show::new().await;
    show.happens(20).await;
    let mut cursor = show.reader(3).await;
    show.happens(20).await;
    let last = show.version().await;
    assert_eq!(read_to(&mut cursor, last).await, (4..=last).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_reader_too_slow_for_the_feed_is_served_from_the_log_without_a_gap() {
    let show = Show::new().await;
    let start = show.version().await;
    let mut late = show.reader(start).await;
    show.happens(3 * BACKLOG).await;
    let last = show.version().await;
    assert_eq!(read_to(&mut late, last).await, (start + 1..=last).collect::<Vec<_>>());
    // And is live again.
    show.happens(1).await;
    assert_eq!(read_to(&mut late, last + 1).await, [last + 1]);
}

#[tokio::test]
async fn frames_that_the_feed_itself_lost_come_from_the_log() {
    let show = Show::new().await;
    show.happens(10).await;
    let last = show.version().await;
    let frames = Arc::new(broadcast::channel(8).0);
    let mut cursor = show.reader_of(&frames, last).await;
    show.happens(5).await;
    // Of the five only the news of the last arrives.
    let bytes = encode(last + 5, "[]");
    assert!(frames.send(Frame::Events { first: last + 5, last: last + 5, bytes }).is_ok());
    assert_eq!(read_to(&mut cursor, last + 5).await, (last + 1..=last + 5).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_frame_that_comes_twice_is_passed_on_once() {
    let show = Show::new().await;
    let last = show.version().await;
    let frames = Arc::new(broadcast::channel(8).0);
    let mut cursor = show.reader_of(&frames, last).await;
    let frame = Frame::Events { first: last + 1, last: last + 1, bytes: encode(last + 1, "[1]") };
    assert!(
        frames.send(frame.clone()).is_ok()
            && frames.send(frame).is_ok()
            && frames.send(Frame::Beat(beat(&WallClock))).is_ok()
    );
    assert!(said(&cursor.next().await.unwrap()).ends_with("[1]\n\n"));
    assert!(said(&cursor.next().await.unwrap()).starts_with("event: beat"));
}

#[tokio::test]
async fn a_reader_far_behind_or_ahead_fetches_the_floor_anew() {
    let show = Show::new().await;
    let now = Timestamp(1);
    let mut floor = (*show.floor.snapshot().await.unwrap()).clone();
    let mut ahead = show.reader(floor.version + 7).await;
    is_told_to_fetch_the_floor(&mut ahead).await;

    let start = floor.version;
    let mut batch = switchyard::ports::Batch::default();
    for to in [Presence::Away, Presence::Available].into_iter().cycle().take(6_000) {
        let intent = Intent::SetPresence { agent: "ana".into(), presence: to };
        batch.events.extend(floor.handle(&Command::Ask { by: "ana".into(), intent }, now).unwrap().events);
    }
    assert!(floor.version - start > TOO_FAR);
    show.store.append(&salon(), start, &batch).await.unwrap();
    show.happens(1).await;
    let mut behind = show.reader(start).await;
    is_told_to_fetch_the_floor(&mut behind).await;
}

#[tokio::test]
async fn a_reader_whose_events_were_forgotten_fetches_the_floor_anew() {
    let show = Show::new().await;
    show.happens(50).await;
    let floor = show.floor.snapshot().await.unwrap();
    show.store.save_snapshot(&salon(), &floor, show.clock.now()).await.unwrap();
    show.store.forget_before(show.clock.now().plus_secs(60)).await.unwrap();
    let mut cursor = show.reader(3).await;
    is_told_to_fetch_the_floor(&mut cursor).await;
}

#[tokio::test]
async fn who_signed_out_elsewhere_is_told_and_hears_no_more() {
    let show = Show::new().await;
    let ana = Account {
        workspace: salon(),
        profile: Profile { id: "ana".into(), name: "Ana".into(), extension: "101".into(), role: Role::Agent },
        email: "ana@example.com".into(),
        language: None,
        fallback: Fallback::Nowhere,
        caller_id: None,
        joined: Some(Timestamp(1)),
        deactivated: None,
    };
    let workspace = Workspace {
        id: salon(),
        name: "Salon".into(),
        country: "RO".into(),
        language: Language::Ro,
        account: None,
        zone: None,
    };
    show.store.put_workspace(&workspace).await.unwrap();
    show.store.put_account(&ana).await.unwrap();
    show.store.open_session("hash", &salon(), &"ana".into(), show.clock.now().plus_secs(60)).await.unwrap();
    let frames = Arc::new(broadcast::channel(64).0);
    let cursor = show.reader_of(&frames, show.version().await).await;
    let (store, clock) = (show.store.clone(), show.clock.clone());
    // Nobody says that the session ended: it is looked at every minute.
    let watch = Watch::new(&Endings::default(), store, clock, (salon(), "ana".into()), "hash".into());
    let mut reader = Guarded { cursor, watch, due: 2 };
    for _ in 0..10 {
        assert!(frames.send(Frame::Beat(beat(&WallClock))).is_ok());
        assert!(said(&reader.next().await.unwrap()).starts_with("event: beat"));
    }
    show.store.close_session("hash").await.unwrap();
    for _ in 0..LOOK_AGAIN {
        assert!(frames.send(Frame::Beat(beat(&WallClock))).is_ok());
    }
    let mut last = reader.next().await;
    while last.as_ref().is_some_and(|frame| said(frame).starts_with("event: beat")) {
        last = reader.next().await;
    }
    assert_eq!(said(&last.unwrap()), "event: signed-out\ndata: \n\n");
    assert!(reader.next().await.is_none());
}

#[tokio::test]
async fn afeed_ends_after_its_last_reader_and_starts_with_the_next() {
    let show = Show::new().await;
    let first = show.reader(show.version().await).await;
    let feed = show.relays.running.lock().unwrap()[&salon()].clone();
    drop(first);
    assert!(feed.upgrade().is_none());
    let start = show.version().await;
    let mut second = show.reader(start).await;
    show.happens(1).await;
    assert_eq!(read_to(&mut second, start + 1).await, [start + 1]);
}

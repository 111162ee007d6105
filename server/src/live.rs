//! The live feed: what happens on a floor, to every browser that looks at it, as server-sent events.
//!
//! One task per floor encodes each update once; readers only copy a pointer. A reader starts from the version that its
//! page was rendered with (or the last one it saw), is given what it missed from the log, and goes on live from there.

use std::{
    collections::HashMap,
    convert::Infallible,
    fmt::Write,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use axum::{
    Extension,
    body::Body,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::stream;
use rand::RngExt;
use serde::Deserialize;
use switchyard::{
    id::WorkspaceId,
    ports::{Clock, Log},
    service::FloorHandle,
};
use tokio::sync::broadcast::{self, error::RecvError};

use crate::{
    auth::{SignedIn, Watch},
    state::Deps,
};

/// How often readers are told that the line is alive.
const BEAT: Duration = Duration::from_secs(10);
/// Frames that a slow reader may lie behind before it is served from the log.
const BACKLOG: usize = 256;
/// Events of the log in one frame, while a reader catches up.
const CATCH_UP: u32 = 500;
/// A reader further behind than this is told to fetch the floor anew.
const TOO_FAR: u64 = 5_000;
/// After so many beats (a minute) it is looked whether the reader is still signed in.
const LOOK_AGAIN: u32 = 6;

/// What is sent to every reader of a floor.
#[derive(Clone)]
enum Frame {
    /// Events `first..=last`, encoded.
    Events { first: u64, last: u64, bytes: Bytes },
    /// The line is alive.
    Beat(Bytes),
}

/// The feeds of the floors that somebody is looking at.
#[derive(Default)]
pub struct Relays {
    running: Mutex<HashMap<WorkspaceId, Weak<broadcast::Sender<Frame>>>>,
}

impl Relays {
    /// Joins a floor's feed; the first reader starts it, and it ends after the last.
    fn join(&self, workspace: &WorkspaceId, floor: &FloorHandle, clock: &Arc<dyn Clock>) -> Reader {
        // The map is sound even if another thread panicked while it held the lock.
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(frames) = running.get(workspace).and_then(Weak::upgrade) {
            return Reader { frames: frames.subscribe(), _feed: frames };
        }
        let (sender, receiver) = broadcast::channel(BACKLOG);
        let frames = Arc::new(sender);
        running.insert(workspace.clone(), Arc::downgrade(&frames));
        tokio::spawn(relay(floor.subscribe(), Arc::downgrade(&frames), Arc::clone(clock)));
        Reader { frames: receiver, _feed: frames }
    }
}

struct Reader {
    frames: broadcast::Receiver<Frame>,
    /// The feed lives as long as somebody reads it.
    _feed: Arc<broadcast::Sender<Frame>>,
}

type Updates = broadcast::Receiver<Arc<switchyard::service::Update>>;

async fn relay(mut updates: Updates, frames: Weak<broadcast::Sender<Frame>>, clock: Arc<dyn Clock>) {
    let mut beats = tokio::time::interval(BEAT);
    loop {
        let frame = tokio::select! {
            update = updates.recv() => match update {
                Ok(update) => Frame::Events {
                    first: update.first,
                    last: update.last,
                    bytes: encode(update.last, &update.json),
                },
                // Readers notice the gap by the versions and fill it from the log.
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            },
            _ = beats.tick() => Frame::Beat(beat(&*clock)),
        };
        let Some(frames) = frames.upgrade() else { return };
        // It fails when there is no reader at this moment; the next upgrade tells whether one may come.
        let _ = frames.send(frame);
    }
}

fn encode(last: u64, json: &str) -> Bytes {
    let mut frame = String::with_capacity(json.len() + 32);
    // Writing to a String does not fail.
    let _ = write!(frame, "id: {last}\ndata: {json}\n\n");
    frame.into()
}

fn beat(clock: &dyn Clock) -> Bytes {
    format!("event: beat\ndata: {}\n\n", clock.now().0).into()
}

/// Where a reader starts.
#[derive(Deserialize)]
pub struct From {
    after: Option<u64>,
}

/// `GET /api/live?after=VERSION`; a browser that comes back says the version in `Last-Event-ID`.
pub async fn live(
    State(deps): State<Deps>,
    Extension(SignedIn(session)): Extension<SignedIn>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Response {
    let Some(session) = session else {
        return (StatusCode::UNAUTHORIZED, "sign in first").into_response();
    };
    let last_seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let Some(after) = last_seen.or(from.after) else {
        return (StatusCode::BAD_REQUEST, "say after which version").into_response();
    };
    let watch = Watch::of(&deps, &session, &headers);
    let floor = deps.floor(&session.workspace);
    let Some(cursor) =
        Cursor::open(deps.store.clone(), floor, session.workspace, &deps.relays, &deps.clock, after).await
    else {
        return (StatusCode::SERVICE_UNAVAILABLE, "not now; try again").into_response();
    };
    // Not all at the same beat.
    let due = rand::rng().random_range(1..=LOOK_AGAIN);
    let guarded = Guarded { cursor, watch, due };
    let body = Body::from_stream(stream::unfold(guarded, |mut guarded| async move {
        let bytes = guarded.next().await?;
        Some((Ok::<_, Infallible>(bytes), guarded))
    }));
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // Proxies must not collect what should arrive at once.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, body).into_response()
}

/// A reader who is still signed in.
struct Guarded {
    cursor: Cursor,
    watch: Watch,
    /// The beat at which the session is looked at again, though nobody said that it ended: it may have expired.
    due: u32,
}

impl Guarded {
    async fn next(&mut self) -> Option<Bytes> {
        let mut over = false;
        if self.cursor.beats >= self.due {
            self.due += LOOK_AGAIN;
            over = self.watch.is_over().await;
        }
        if !over && !self.cursor.over {
            tokio::select! {
                frame = self.cursor.next() => return frame,
                () = self.watch.over() => over = true,
            }
        }
        if self.cursor.over || !over {
            return None;
        }
        self.cursor.over = true;
        Some(Bytes::from_static(b"event: signed-out\ndata: \n\n"))
    }
}

/// One reader's place in the log.
struct Cursor {
    log: Arc<dyn Log>,
    floor: FloorHandle,
    workspace: WorkspaceId,
    reader: Reader,
    /// The last version that was sent.
    sent: u64,
    /// A version that the log is known to have.
    target: u64,
    beats: u32,
    greeting: Option<Bytes>,
    over: bool,
}

impl Cursor {
    /// A reader that has seen version `after`. `None` when the floor cannot be read at this moment.
    async fn open(
        log: Arc<dyn Log>,
        floor: FloorHandle,
        workspace: WorkspaceId,
        relays: &Relays,
        clock: &Arc<dyn Clock>,
        after: u64,
    ) -> Option<Self> {
        // First listen, then look: nothing can fall between.
        let reader = relays.join(&workspace, &floor, clock);
        let target = floor.snapshot().await.ok()?.version;
        let greeting = Some(beat(&**clock));
        Some(Self { log, floor, workspace, reader, sent: after, target, beats: 0, greeting, over: false })
    }

    /// The next frame for this reader; `None` ends the connection, and the browser comes back by itself.
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(greeting) = self.greeting.take() {
            return Some(greeting);
        }
        loop {
            if self.over {
                return None;
            }
            if self.sent != self.target {
                return self.catch_up().await;
            }
            match self.reader.frames.recv().await {
                Ok(Frame::Events { last, .. }) if last <= self.sent => {}
                Ok(Frame::Events { first, last, bytes }) if first <= self.sent + 1 => {
                    (self.sent, self.target) = (last, last);
                    return Some(bytes);
                }
                Ok(Frame::Events { last, .. }) => self.target = last,
                Ok(Frame::Beat(bytes)) => {
                    self.beats += 1;
                    return Some(bytes);
                }
                Err(RecvError::Lagged(_)) => {
                    let floor = self.floor.snapshot().await.ok()?;
                    self.target = self.target.max(floor.version);
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// What this reader missed, from the log. When it cannot be had, the browser fetches the whole floor.
    async fn catch_up(&mut self) -> Option<Bytes> {
        let reset = |cursor: &mut Self| {
            cursor.over = true;
            Some(Bytes::from_static(b"event: reset\ndata: \n\n"))
        };
        // Ahead of us: another database, or one that was set back.
        if self.sent > self.target || self.target - self.sent > TOO_FAR {
            return reset(self);
        }
        let events = self.log.events_after(&self.workspace, self.sent, CATCH_UP).await.ok()?;
        let (Some(first), Some(last)) = (events.first(), events.last()) else { return reset(self) };
        if first.version != self.sent + 1 {
            return reset(self);
        }
        self.sent = last.version;
        self.target = self.target.max(self.sent);
        serde_json::to_string(&events).ok().map(|json| encode(last.version, &json))
    }
}

#[cfg(test)]
mod tests;

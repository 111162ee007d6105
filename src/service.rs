//! The command service: one task owns each workspace's floor, decides commands in turn, and commits what belongs
//! together. Commands that arrive while a commit is under way share the next one.

mod keeper;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use thiserror::Error;
use tokio::sync::{Notify, broadcast, mpsc, oneshot};

use crate::{
    floor::{Command, Floor, Refusal},
    id::WorkspaceId,
    ports::{Clock, Log},
};

/// How many updates a slow reader may lie behind before it must read the log instead.
const FEED: usize = 1024;
/// How many commands may wait for a floor. Beyond it senders wait their turn.
const BACKLOG: usize = 4096;

/// Why a command did not go through.
#[derive(Debug, Error)]
pub enum Rejected {
    /// The floor's rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database is down: nothing happened, and the sender may try again.
    #[error("the database cannot be reached")]
    Unavailable,
}

/// Events that were committed together.
#[derive(Debug)]
pub struct Update {
    /// The version of the first event.
    pub first: u64,
    /// The version of the last event.
    pub last: u64,
    /// The events as a JSON array, encoded once for all readers.
    pub json: String,
}

/// Every floor of this installation that is in use.
pub struct Floors {
    log: Arc<dyn Log>,
    clock: Arc<dyn Clock>,
    outbox: Arc<Notify>,
    open: Mutex<HashMap<WorkspaceId, FloorHandle>>,
}

impl Floors {
    /// Floors over a log. `outbox` is notified when effects were written.
    pub fn new(log: Arc<dyn Log>, clock: Arc<dyn Clock>, outbox: Arc<Notify>) -> Self {
        Self { log, clock, outbox, open: Mutex::default() }
    }

    /// The floor of a workspace. Its task starts with the first call.
    pub fn of(&self, workspace: &WorkspaceId) -> FloorHandle {
        // A poisoned lock only means that another thread panicked between two map operations: the map is sound.
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.entry(workspace.clone())
            .or_insert_with(|| {
                let (requests, inbox) = mpsc::channel(BACKLOG);
                let (feed, _) = broadcast::channel(FEED);
                let keeper = keeper::Keeper::new(
                    workspace.clone(),
                    Arc::clone(&self.log),
                    Arc::clone(&self.clock),
                    Arc::clone(&self.outbox),
                    feed.clone(),
                );
                tokio::spawn(keeper.run(inbox));
                FloorHandle { requests, feed }
            })
            .clone()
    }
}

/// The way to one workspace's floor.
#[derive(Clone)]
pub struct FloorHandle {
    requests: mpsc::Sender<Request>,
    feed: broadcast::Sender<Arc<Update>>,
}

impl FloorHandle {
    /// Sends a command and waits until what it made happen is durable. Answers the version after it.
    pub async fn send(&self, command: Command) -> Result<u64, Rejected> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(Request::Command { command, reply }).await.map_err(|_| Rejected::Unavailable)?;
        answer.await.map_err(|_| Rejected::Unavailable)?
    }

    /// Sends a command and, once what it made happen is durable, looks at the floor as it is then, without a copy of it.
    /// `None`: it went through, and the floor could not be looked at any more. It must not be sent again for that.
    pub async fn send_and_look<T: Send + 'static>(
        &self,
        command: Command,
        look: impl FnOnce(&Floor) -> T + Send + 'static,
    ) -> Result<Option<T>, Rejected> {
        let (reply, sent) = oneshot::channel();
        let (show, seen) = oneshot::channel();
        // A sender that no longer waits does not mind.
        let look: Look = Box::new(move |floor| drop(show.send(look(floor))));
        self.requests.send(Request::Command { command, reply }).await.map_err(|_| Rejected::Unavailable)?;
        // Right behind the command, so that most of the time one commit serves both.
        // Without a floor there is nothing to look at, which `seen` says too.
        let _ = self.requests.send(Request::Look(look)).await;
        sent.await.map_err(|_| Rejected::Unavailable)??;
        Ok(seen.await.ok())
    }

    /// The floor as it is now: committed, and never behind what [`FloorHandle::subscribe`] has delivered.
    pub async fn snapshot(&self) -> Result<Arc<Floor>, Rejected> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(Request::Snapshot { reply }).await.map_err(|_| Rejected::Unavailable)?;
        answer.await.map_err(|_| Rejected::Unavailable)?
    }

    /// Everything that happens from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Update>> {
        self.feed.subscribe()
    }
}

type Look = Box<dyn FnOnce(&Floor) + Send>;

enum Request {
    Command { command: Command, reply: oneshot::Sender<Result<u64, Rejected>> },
    Snapshot { reply: oneshot::Sender<Result<Arc<Floor>, Rejected>> },
    Look(Look),
}

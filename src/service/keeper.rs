//! The task that owns one floor.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, broadcast, mpsc, oneshot},
    time::MissedTickBehavior,
};

use super::{Rejected, Request, Update};
use crate::{
    floor::{Command, Floor, Recorded},
    id::WorkspaceId,
    ports::{Batch, Clock, Log, StoreError},
    time::Timestamp,
};

/// Commands that share a commit, at most.
const BATCH: usize = 512;
/// A snapshot is kept every so many events.
const SNAPSHOT_EVERY: u64 = 1000;
/// How finely time passes on a floor.
const TICK: Duration = Duration::from_millis(200);

/// A floor with calls that was just loaded may be long out of date: what rang may have been answered meanwhile. Time
/// stands still on it for so many seconds, in which it is compared with the carrier.
const PATIENCE_SECS: u32 = 3;

type Reply = oneshot::Sender<Result<u64, Rejected>>;

pub(super) struct Keeper {
    workspace: WorkspaceId,
    log: Arc<dyn Log>,
    clock: Arc<dyn Clock>,
    outbox: Arc<Notify>,
    feed: broadcast::Sender<Arc<Update>>,
    /// `None` until it is loaded, and again after a commit failed: then memory is ahead of the store.
    floor: Option<Floor>,
    /// The floor as readers get it; made when first asked for after a change.
    shared: Option<Arc<Floor>>,
    snapshot_at: u64,
    /// No time passes on the floor until then.
    patient_until: Timestamp,
}

impl Keeper {
    pub(super) fn new(
        workspace: WorkspaceId,
        log: Arc<dyn Log>,
        clock: Arc<dyn Clock>,
        outbox: Arc<Notify>,
        feed: broadcast::Sender<Arc<Update>>,
    ) -> Self {
        Self {
            workspace,
            log,
            clock,
            outbox,
            feed,
            floor: None,
            shared: None,
            snapshot_at: 0,
            patient_until: Timestamp(0),
        }
    }

    pub(super) async fn run(mut self, mut inbox: mpsc::Receiver<Request>) {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut requests = Vec::new();
        loop {
            tokio::select! {
                received = inbox.recv_many(&mut requests, BATCH) => {
                    if received == 0 {
                        return;
                    }
                }
                _ = ticks.tick() => {}
            }
            self.serve(std::mem::take(&mut requests)).await;
        }
    }

    /// Decides a batch and commits it at once. When another process appended meanwhile, everything is decided again on
    /// what it wrote.
    async fn serve(&mut self, requests: Vec<Request>) {
        let (mut commands, mut readers, mut looks) = (Vec::new(), Vec::new(), Vec::new());
        for request in requests {
            match request {
                Request::Command { command, reply } => commands.push((command, reply)),
                Request::Snapshot { reply } => readers.push(reply),
                Request::Look(look) => looks.push(look),
            }
        }
        let committed = loop {
            match self.attempt(&commands).await {
                Err(StoreError::Conflict) => self.floor = None,
                other => break other,
            }
        };
        match committed {
            Ok(answers) => {
                for ((_, reply), answer) in commands.into_iter().zip(answers) {
                    // A sender that no longer waits does not mind.
                    let _ = reply.send(answer);
                }
            }
            Err(error) => {
                tracing::error!(workspace = %self.workspace, %error, "a commit failed");
                self.floor = None;
                self.shared = None;
                for (_, reply) in commands {
                    let _ = reply.send(Err(Rejected::Unavailable));
                }
            }
        }
        self.answer_readers(readers);
        // After a failure there is nothing to be seen, and whoever asked is told by that.
        if let Some(floor) = &self.floor {
            for look in looks {
                look(floor);
            }
        }
    }

    fn answer_readers(&mut self, readers: Vec<oneshot::Sender<Result<Arc<Floor>, Rejected>>>) {
        for reader in readers {
            if self.shared.is_none() {
                self.shared = self.floor.clone().map(Arc::new);
            }
            let _ = reader.send(self.shared.clone().ok_or(Rejected::Unavailable));
        }
    }

    async fn attempt(&mut self, commands: &[(Command, Reply)]) -> Result<Vec<Result<u64, Rejected>>, StoreError> {
        if self.floor.is_none() {
            self.load().await?;
        }
        let now = self.clock.now();
        let Some(floor) = &mut self.floor else { return Err(StoreError::Unavailable("not loaded".into())) };
        let expected = floor.version;
        let mut batch = Batch::default();
        let mut take = |outcome: crate::floor::Outcome| {
            let changed = !outcome.events.is_empty();
            batch.events.extend(outcome.events);
            batch.effects.extend(outcome.effects);
            batch.records.extend(outcome.records);
            batch.messages.extend(outcome.messages);
            changed
        };
        let mut answers = Vec::with_capacity(commands.len());
        for (command, _) in commands {
            answers.push(match floor.handle(command, now) {
                Ok(outcome) => {
                    take(outcome);
                    Ok(floor.version)
                }
                Err(refusal) => Err(Rejected::Refused(refusal)),
            });
        }
        if now >= self.patient_until {
            while floor.handle(&Command::Tick, now).is_ok_and(&mut take) {}
        }
        if !batch.events.is_empty() {
            self.log.append(&self.workspace, expected, &batch).await?;
            self.publish(&batch.events);
            if !batch.effects.is_empty() {
                self.outbox.notify_one();
            }
            self.snapshot_when_due();
        }
        Ok(answers)
    }

    /// Reads the floor from the store, and tells readers what they have not seen.
    async fn load(&mut self) -> Result<(), StoreError> {
        let stored = self.log.load(&self.workspace).await?;
        let mut floor = stored.floor;
        self.snapshot_at = floor.version;
        for recorded in &stored.events {
            floor.evolve(recorded);
        }
        self.publish(&stored.events);
        if !floor.calls.is_empty() {
            self.patient_until = self.clock.now().plus_secs(PATIENCE_SECS);
        }
        self.floor = Some(floor);
        self.shared = None;
        Ok(())
    }

    fn publish(&mut self, events: &[Recorded]) {
        self.shared = None;
        let (Some(first), Some(last)) = (events.first(), events.last()) else { return };
        if self.feed.receiver_count() == 0 {
            return;
        }
        match serde_json::to_string(events) {
            Ok(json) => {
                let _ = self.feed.send(Arc::new(Update { first: first.version, last: last.version, json }));
            }
            Err(error) => tracing::error!(%error, "events could not be encoded"),
        }
    }

    /// Keeps a snapshot beside the work: a slow one only means that the next start reads more events.
    fn snapshot_when_due(&mut self) {
        let Some(floor) = &self.floor else { return };
        if floor.version < self.snapshot_at + SNAPSHOT_EVERY {
            return;
        }
        self.snapshot_at = floor.version;
        let (log, workspace, floor, at) =
            (Arc::clone(&self.log), self.workspace.clone(), floor.clone(), self.clock.now());
        tokio::spawn(async move {
            if let Err(error) = log.save_snapshot(&workspace, &floor, at).await {
                tracing::warn!(%workspace, %error, "a snapshot was not kept");
            }
        });
    }
}

//! The engine with its clock and its wires: the only place where the two meet.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::sync::Notify;

use crate::{
    engine::{Action, Engine},
    time,
    webhook::{Post, lock},
};

/// A running telephone network.
#[derive(Debug)]
pub(crate) struct Network {
    engine: Mutex<Engine>,
    /// The engine's next deadline may have changed.
    changed: Notify,
    pub(crate) post: Arc<Post>,
    /// Whether REST refuses what Twilio's description doesn't know.
    pub(crate) strict: bool,
}

impl Network {
    pub(crate) fn new(engine: Engine, post: Post, strict: bool) -> Arc<Self> {
        Arc::new(Self { engine: Mutex::new(engine), changed: Notify::new(), post: Arc::new(post), strict })
    }

    /// Does something with the engine, at the present time, and sends out what comes of it.
    pub(crate) fn with<T>(self: &Arc<Self>, act: impl FnOnce(&mut Engine) -> T) -> T {
        let done = self.now(act);
        self.changed.notify_one();
        done
    }

    fn now<T>(self: &Arc<Self>, act: impl FnOnce(&mut Engine) -> T) -> T {
        let mut engine = lock(&self.engine);
        engine.advance(time::now());
        let done = act(&mut engine);
        // Within the lock, so that callbacks are queued in the order of the events; nothing here waits.
        for action in engine.take_actions() {
            self.carry_out(action);
        }
        done
    }

    fn carry_out(self: &Arc<Self>, action: Action) {
        match action {
            Action::Notify(request) => self.post.notify(request),
            Action::Fetch { ticket, request } => {
                let network = Arc::clone(self);
                tokio::spawn(async move {
                    let answer = network.post.fetch(&request).await;
                    network.with(|engine| engine.fetched(ticket, answer));
                });
            }
        }
    }

    /// Lets time pass, for as long as it is awaited.
    pub(crate) async fn run(self: Arc<Self>) {
        loop {
            let deadline = self.now(|engine| engine.next_deadline());
            let wait = deadline.map_or(60_000, |at| at - time::now());
            let wait = Duration::from_millis(u64::try_from(wait).unwrap_or(0));
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.changed.notified() => {}
            }
        }
    }
}

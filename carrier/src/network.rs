//! The engine with its clock and its wires: the only place where the two meet.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::Notify;

use crate::{
    engine::{Action, Engine},
    media::Media,
    phone::Phones,
    signal::Board,
    time,
    webhook::{Post, lock},
};

/// A running telephone network.
#[derive(Debug)]
pub(crate) struct Network {
    engine: Mutex<Engine>,
    /// The engine's next deadline may have changed.
    changed: Notify,
    /// Grows whenever something was done with the engine.
    changes: AtomicU64,
    pub(crate) post: Arc<Post>,
    pub(crate) media: Arc<Media>,
    /// The real clients.
    pub(crate) board: Board,
    /// Calls that were made with the test phone.
    pub(crate) phones: Phones,
    /// Whether REST refuses what Twilio's description doesn't know.
    pub(crate) strict: bool,
}

impl Network {
    pub(crate) fn new(engine: Engine, post: Post, media: Media, strict: bool) -> Arc<Self> {
        Arc::new(Self {
            engine: Mutex::new(engine),
            changed: Notify::new(),
            changes: AtomicU64::new(0),
            post: Arc::new(post),
            media: Arc::new(media),
            board: Board::default(),
            phones: Phones::default(),
            strict,
        })
    }

    /// Looks at the engine as it is.
    pub(crate) fn look<T>(&self, at: impl FnOnce(&Engine) -> T) -> T {
        at(&lock(&self.engine))
    }

    /// A number that is another whenever something may have changed.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
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
        self.changes.fetch_add(1, Ordering::Release);
        // Within the lock, so that callbacks are queued in the order of the events; nothing here waits.
        for action in engine.take_actions() {
            self.carry_out(&engine, action);
        }
        done
    }

    fn carry_out(self: &Arc<Self>, engine: &Engine, action: Action) {
        match action {
            Action::Tell { call, news } => self.board.tell(self, engine, &call, news),
            Action::Press { call, digits } => self.media.studio().press(&call, &digits),
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

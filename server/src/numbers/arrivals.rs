//! Who calls which number, as every call that comes in asks. Calls of one moment share a statement, as they share a commit.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use switchyard::{
    id::WorkspaceId,
    ports::{Arrival, Store},
};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

/// Calls that share a statement, at most.
const BATCH: usize = 256;
/// How long a call waits to know who it is. Twilio waits for 15 s in all.
const SOON: Duration = Duration::from_secs(2);
/// How many calls may wait for an answer. Beyond it they wait their turn.
const BACKLOG: usize = 4096;

/// The desks at which calls ask, one for each workspace: nothing of one is read for another.
pub struct Arrivals {
    store: Arc<dyn Store>,
    desks: Mutex<HashMap<WorkspaceId, mpsc::Sender<Question>>>,
}

struct Question {
    number: String,
    caller: String,
    reply: oneshot::Sender<Option<Arrival>>,
}

impl Arrivals {
    /// Over a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, desks: Mutex::default() }
    }

    /// What is known of a call. `None` when there is no such workspace, or the database is away or does not answer soon: the
    /// call itself must not wait for that.
    pub(super) async fn of(&self, workspace: &WorkspaceId, number: &str, caller: &str) -> Option<Arrival> {
        let (reply, answer) = oneshot::channel();
        let question = Question { number: number.to_owned(), caller: caller.to_owned(), reply };
        let asked = async {
            self.desk(workspace).send(question).await.ok()?;
            answer.await.ok()?
        };
        timeout(SOON, asked).await.ok()?
    }

    fn desk(&self, workspace: &WorkspaceId) -> mpsc::Sender<Question> {
        // A poisoned lock only means that another thread panicked between two map operations: the map is sound.
        let mut desks = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        desks
            .entry(workspace.clone())
            .or_insert_with(|| {
                let (desk, questions) = mpsc::channel(BACKLOG);
                tokio::spawn(answer(Arc::clone(&self.store), workspace.clone(), questions));
                desk
            })
            .clone()
    }
}

/// Answers until nobody can ask any more. What comes while a statement is under way shares the next one.
async fn answer(store: Arc<dyn Store>, workspace: WorkspaceId, mut questions: mpsc::Receiver<Question>) {
    let mut asked = Vec::new();
    while questions.recv_many(&mut asked, BATCH).await > 0 {
        let calls: Vec<_> = asked.iter().map(|asked| (asked.number.as_str(), asked.caller.as_str())).collect();
        let known = match timeout(SOON, store.arrivals(&workspace, &calls)).await {
            Ok(Ok(known)) => known,
            Ok(Err(error)) => {
                tracing::warn!(%workspace, %error, "who calls is not known");
                Vec::new()
            }
            Err(_) => {
                tracing::warn!(%workspace, "who calls is not known soon enough");
                Vec::new()
            }
        };
        let known = known.into_iter().map(Some).chain(std::iter::repeat(None));
        for (asked, known) in asked.drain(..).zip(known) {
            // A call that no longer waits does not mind.
            let _ = asked.reply.send(known);
        }
    }
}

//! Sessions that end while their pages are open: feeds and sockets are told at once.

use std::sync::Arc;

use axum::http::HeaderMap;
use switchyard::{
    id::{AgentId, WorkspaceId},
    ports::{Clock, Session, Store},
};
use tokio::sync::broadcast::{self, error::RecvError};

use super::token_hash;
use crate::state::Deps;

/// Endings that a page may lie behind before it simply looks.
const BACKLOG: usize = 64;

/// Whose sessions were ended, to everybody who keeps something open for one.
pub struct Endings(broadcast::Sender<(WorkspaceId, AgentId)>);

impl Default for Endings {
    fn default() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

impl Endings {
    /// Some or all sessions of this person have just been closed.
    pub fn tell(&self, workspace: &WorkspaceId, agent: &AgentId) {
        // It fails when nobody listens.
        let _ = self.0.send((workspace.clone(), agent.clone()));
    }
}

/// Looks after one session for as long as something is open for it.
pub struct Watch {
    endings: broadcast::Receiver<(WorkspaceId, AgentId)>,
    session: (WorkspaceId, AgentId),
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// The hash of the session's token.
    token: String,
    /// It was told of an ending and has not looked yet.
    told: bool,
}

impl Watch {
    /// Listens from now on.
    pub fn of(deps: &Deps, session: &Session, headers: &HeaderMap) -> Self {
        let token = token_hash(headers).unwrap_or_default();
        let session = (session.workspace.clone(), session.agent.clone());
        Self::new(&deps.endings, Arc::clone(&deps.store), Arc::clone(&deps.clock), session, token)
    }

    /// The same for the session with this token's hash.
    pub(crate) fn new(
        endings: &Endings,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        session: (WorkspaceId, AgentId),
        token: String,
    ) -> Self {
        Self { endings: endings.0.subscribe(), session, store, clock, token, told: false }
    }

    /// Waits until the session is ended. Nothing is missed when it is not waited for to the end.
    pub async fn over(&mut self) {
        loop {
            if self.told {
                let over = self.is_over().await;
                self.told = false;
                if over {
                    return;
                }
            }
            match self.endings.recv().await {
                Ok(whose) => self.told = whose == self.session,
                Err(RecvError::Lagged(_)) => self.told = true,
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }

    /// Whether there is no such session any more. A database that is away signs nobody out.
    pub async fn is_over(&self) -> bool {
        match self.store.session(&self.token, self.clock.now()).await {
            Ok(Some(session)) => (session.workspace, session.agent) != self.session,
            Ok(None) => true,
            Err(_) => false,
        }
    }
}

//! Whether anybody is told of what happens in a workspace. Where nobody is, which is most of them, a floor's commit carries
//! nothing for webhooks: at full speed that would be more than its events.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::{Duration, Instant},
};

use switchyard::{id::WorkspaceId, ports::StoreError};

use super::{
    Sql,
    engine::{Engine, Scope, values},
};

/// What was found out is believed for so long: another process may have added an endpoint meanwhile.
const BELIEVED: Duration = Duration::from_secs(1);

#[derive(Default)]
pub(super) struct Listeners(RwLock<HashMap<WorkspaceId, (Instant, bool)>>);

impl Listeners {
    /// Endpoints of a workspace have changed.
    pub(super) fn forget(&self, workspace: &WorkspaceId) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(workspace);
    }

    fn known(&self, workspace: &WorkspaceId) -> Option<bool> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(workspace).copied();
        known.filter(|(at, _)| at.elapsed() < BELIEVED).map(|(_, listens)| listens)
    }

    fn note(&self, workspace: &WorkspaceId, asked: Instant, listens: bool) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(workspace.clone(), (asked, listens));
    }
}

impl<E: Engine> Sql<E> {
    /// Whether an endpoint of the workspace is switched on.
    pub(super) async fn has_listeners(&self, workspace: &WorkspaceId) -> Result<bool, StoreError> {
        if let Some(known) = self.1.known(workspace) {
            return Ok(known);
        }
        let asked = Instant::now();
        let sql = "SELECT id FROM webhook_endpoints WHERE workspace = $1 AND off_since IS NULL LIMIT 1";
        let found: Vec<(String,)> = self.0.read(Scope::Of(workspace), sql, &values![workspace]).await?;
        self.1.note(workspace, asked, !found.is_empty());
        Ok(!found.is_empty())
    }
}

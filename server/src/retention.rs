//! Forgetting: the operational log is kept for days, everything else as long as each workspace says.

use std::{collections::BTreeMap, time::Duration};

use switchyard::{
    audit::{Actor, Deed},
    id::WorkspaceId,
    people::Fault,
    ports::{StoreError, Workspace},
    retention::Retention,
    time::Timestamp,
};

use crate::{forms::field, people::trouble, privacy, state::Deps, twilio::setup::Setup};

const EVERY: Duration = Duration::from_hours(1);

/// Chooses how long a workspace keeps things, as the fields of the form say, and notes by whom. Answers what is chosen now.
pub(crate) async fn choose(
    setup: &Setup,
    workspace: &WorkspaceId,
    by: Actor,
    fields: &BTreeMap<String, String>,
) -> Result<Retention, Vec<Fault>> {
    let after = Retention::typed(|name| field(fields, name))?;
    let before = setup.store.retention(workspace).await.map_err(|error| trouble(&error))?;
    if before != after {
        setup.store.put_retention(workspace, after).await.map_err(|error| trouble(&error))?;
        setup.note(workspace, by, Deed::RetentionChanged, "", before.changes(after)).await;
    }
    Ok(after)
}

/// Forgets what is older than `keep_days`, every hour, until the process ends. A snapshot of each floor is kept first,
/// for only what a snapshot covers may go.
pub async fn run(deps: Deps, keep_days: u32) {
    let mut hours = tokio::time::interval(EVERY);
    loop {
        hours.tick().await;
        deps.limits.forget_idle();
        let now = deps.clock.now();
        for Workspace { id, .. } in deps.store.workspaces().await.unwrap_or_default() {
            let Ok(floor) = deps.floor(&id).snapshot().await else { continue };
            if let Err(error) = deps.store.save_snapshot(&id, &floor, now).await {
                tracing::warn!(workspace = %id, %error, "a snapshot was not kept");
            }
        }
        forget_as_chosen(&deps).await;
        privacy::finish(deps.desk(), None).await;
        let before = days_ago(now, keep_days);
        match deps.store.forget_before(before).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "old log entries were removed"),
            Err(error) => tracing::warn!(%error, "old log entries were not removed"),
        }
    }
}

/// Removes what each workspace keeps no longer.
pub async fn forget_as_chosen(deps: &Deps) {
    for Workspace { id, .. } in deps.store.workspaces().await.unwrap_or_default() {
        match forget(deps, &id).await {
            Ok([0, 0, 0]) => {}
            Ok([calls, entries, deliveries]) => {
                tracing::info!(workspace = %id, calls, entries, deliveries, "what is old was removed");
            }
            Err(error) => tracing::warn!(workspace = %id, %error, "what is old was not removed"),
        }
    }
}

/// Answers how many calls of the history, entries of the audit log and deliveries there were.
async fn forget(deps: &Deps, workspace: &WorkspaceId) -> Result<[u64; 3], StoreError> {
    let (store, now) = (&deps.store, deps.clock.now());
    let kept = store.retention(workspace).await?;
    if let Some(days) = kept.messages_kept() {
        store.forget_messages(workspace, days_ago(now, days), now).await?;
    }
    let calls = match kept.calls {
        Some(days) => store.forget_calls(workspace, days_ago(now, days)).await?,
        None => 0,
    };
    let entries = match kept.audit {
        Some(days) => store.forget_audit(workspace, days_ago(now, days)).await?,
        None => 0,
    };
    let deliveries = store.forget_deliveries(workspace, days_ago(now, kept.deliveries)).await?;
    Ok([calls, entries, deliveries])
}

fn days_ago(now: Timestamp, days: u32) -> Timestamp {
    Timestamp(now.0 - i64::from(days) * 24 * 60 * 60 * 1000)
}

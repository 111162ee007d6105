//! Forgetting: the operational log is kept for days, the history for good.

use std::time::Duration;

use switchyard::{ports::Workspace, time::Timestamp};

use crate::state::Deps;

const EVERY: Duration = Duration::from_hours(1);

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
        let before = Timestamp(now.0 - i64::from(keep_days) * 24 * 60 * 60 * 1000);
        match deps.store.forget_before(before).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "old log entries were removed"),
            Err(error) => tracing::warn!(%error, "old log entries were not removed"),
        }
    }
}

//! Forgetting: the operational log is kept for days, the history and the audit log as long as each workspace says, what was
//! told elsewhere for a month.

use std::time::Duration;

use switchyard::{
    ports::{StoreError, Workspace},
    retention::Retention,
    time::Timestamp,
};

use crate::{privacy, state::Deps};

const EVERY: Duration = Duration::from_hours(1);
/// How many days deliveries of webhooks are kept, with what was sent.
const DELIVERY_DAYS: u32 = 30;

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
        forget_deliveries(&deps).await;
        let before = days_ago(now, keep_days);
        match deps.store.forget_before(before).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "old log entries were removed"),
            Err(error) => tracing::warn!(%error, "old log entries were not removed"),
        }
    }
}

/// Removes what each workspace keeps no longer: calls of its history and messages, entries of its audit log.
pub async fn forget_as_chosen(deps: &Deps) {
    let now = deps.clock.now();
    for Workspace { id, .. } in deps.store.workspaces().await.unwrap_or_default() {
        let forgotten = async {
            let Retention { calls, audit } = deps.store.retention(&id).await?;
            let calls = match calls {
                Some(days) => {
                    // Messages are kept as long as the calls in which they were left.
                    deps.store.forget_messages(&id, days_ago(now, days), now).await?;
                    deps.store.forget_calls(&id, days_ago(now, days)).await?
                }
                None => 0,
            };
            let entries = match audit {
                Some(days) => deps.store.forget_audit(&id, days_ago(now, days)).await?,
                None => 0,
            };
            Ok((calls, entries))
        };
        match forgotten.await {
            Ok((0, 0)) => {}
            Ok((calls, entries)) => {
                tracing::info!(workspace = %id, calls, entries, "old calls and entries of the audit log were removed");
            }
            Err::<_, StoreError>(error) => {
                tracing::warn!(workspace = %id, %error, "old calls and entries of the audit log were not removed");
            }
        }
    }
}

/// Removes what was told elsewhere long ago.
async fn forget_deliveries(deps: &Deps) {
    match deps.store.forget_deliveries(days_ago(deps.clock.now(), DELIVERY_DAYS)).await {
        Ok(0) => {}
        Ok(rows) => tracing::info!(rows, "old deliveries of webhooks were removed"),
        Err(error) => tracing::warn!(%error, "old deliveries of webhooks were not removed"),
    }
}

fn days_ago(now: Timestamp, days: u32) -> Timestamp {
    Timestamp(now.0 - i64::from(days) * 24 * 60 * 60 * 1000)
}

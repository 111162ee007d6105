//! The outbox worker: carries out what the floor asked of Twilio, and tells the floor how it went.
//!
//! Effects of one call are carried out in order; those of different calls side by side. A request that may succeed
//! later is sent again with growing pauses; one that cannot becomes a failure on the floor, in words.

mod mobile;
mod participants;
mod perform;

use std::{sync::Arc, time::Duration};

use switchyard::{
    call::Failure,
    floor::{Command, EffectKind},
    ports::OutboxItem,
    time::Timestamp,
};
use tokio::{sync::Notify, task::JoinSet};

use self::perform::perform;
use crate::{state::Deps, twilio::client::ApiError};

/// Requests to Twilio under way at once.
const WORKERS: usize = 32;
/// An effect whose worker died is taken up by another after this many seconds: longer than one try takes.
const CLAIM_SECS: u32 = 30;
/// Nobody is called any more for whom that was asked longer ago: the server was away, or its database was restored.
const TOO_LATE_SECS: u32 = 60;
/// Effects whose pause is over are looked for this often.
const POLL: Duration = Duration::from_millis(250);
/// The first pause before a request is sent again; it doubles, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Carries out effects until the process ends. `work` is notified when there may be new ones.
pub async fn run(deps: Deps, work: Arc<Notify>) {
    // What a process before this one was at when it died is taken up at once.
    if let Err(error) = deps.store.release_claims().await {
        tracing::error!(%error, "the outbox cannot be written");
    }
    let mut running = JoinSet::new();
    loop {
        let free = WORKERS - running.len();
        let items = if free == 0 { Vec::new() } else { claim(&deps, free).await };
        for item in items {
            let deps = deps.clone();
            running.spawn(async move { carry_out(&deps, item).await });
        }
        tokio::select! {
            // One that ended makes room, and the next effect of its call may be due.
            Some(_) = running.join_next() => {}
            () = work.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

async fn claim(deps: &Deps, limit: usize) -> Vec<OutboxItem> {
    let now = deps.clock.now();
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    deps.store.claim(now, now.plus_secs(CLAIM_SECS), limit).await.unwrap_or_else(|error| {
        tracing::error!(%error, "the outbox cannot be read");
        Vec::new()
    })
}

async fn carry_out(deps: &Deps, item: OutboxItem) {
    let (call, kind) = (&item.effect.call, &item.effect.kind);
    if is_too_late(&item, deps.clock.now()) {
        return give_up(deps, &item, Failure::Unconfirmed, "it was asked for too long ago").await;
    }
    let Some(tenant) = deps.tenants.of(&item.workspace).await else {
        return finish(deps, &item, Some("the workspace has no Twilio credentials")).await;
    };
    let floor = deps.floor(&item.workspace);
    let result = match floor.snapshot().await {
        Ok(floor) => perform(deps, &tenant, &floor, &item.effect, item.attempts > 0).await,
        // The database is down: the claim runs out, and the effect is taken up again.
        Err(_) => return,
    };
    let news = match result {
        Ok(news) => news,
        Err(error) if error.is_passing() && item.attempts + 1 < tries(kind) => {
            let due = deps.clock.now().0 + i64::try_from(pause(&error, item.attempts).as_millis()).unwrap_or(i64::MAX);
            tracing::warn!(%call, ?kind, %error, "will be tried again");
            if let Err(error) = deps.store.retry(&item.workspace, item.id, Timestamp(due), &error.to_string()).await {
                tracing::error!(%error, "the outbox cannot be written");
            }
            return;
        }
        Err(error) => return give_up(deps, &item, error.failure(), &error.to_string()).await,
    };
    // First the floor, then the outbox: if the process dies in between, the effect is carried out twice, and each is
    // made so that twice does no harm.
    if let Some(news) = news
        && floor.send(news).await.is_err()
    {
        return;
    }
    finish(deps, &item, None).await;
}

/// The floor is told, and then it is not tried again.
async fn give_up(deps: &Deps, item: &OutboxItem, failure: Failure, why: &str) {
    let (call, kind) = (&item.effect.call, &item.effect.kind);
    tracing::warn!(%call, ?kind, why, "given up");
    let failed = Command::ObserveFailure { call: call.clone(), effect: kind.clone(), failure };
    if deps.floor(&item.workspace).send(failed).await.is_ok() {
        finish(deps, item, Some(why)).await;
    }
}

/// Late is still good for whatever ends something or says how it is, but not for calling people or for sending them elsewhere.
fn is_too_late(item: &OutboxItem, now: Timestamp) -> bool {
    use EffectKind::{Add, Dial, Ring, Voicemail};
    let moves = matches!(item.effect.kind, Ring { .. } | Dial | Add { .. } | Voicemail { .. });
    moves && item.created.plus_secs(TOO_LATE_SECS) < now
}

async fn finish(deps: &Deps, item: &OutboxItem, error: Option<&str>) {
    if let Err(error) = deps.store.finish(&item.workspace, item.id, deps.clock.now(), error).await {
        tracing::error!(%error, "the outbox cannot be written");
    }
}

/// How often a request is sent at most. People wait for a ring, a park, a voicemail or a hang-up and must soon be told; a leg that
/// nobody wants and a caller on hold must not be given up on.
fn tries(kind: &EffectKind) -> u32 {
    match kind {
        EffectKind::Ring { .. }
        | EffectKind::Dial
        | EffectKind::Add { .. }
        | EffectKind::Hold
        | EffectKind::Voicemail { .. }
        | EffectKind::HangUp => 5,
        EffectKind::Resume | EffectKind::Drop { .. } | EffectKind::DropOutside => 12,
    }
}

/// The pause before the next try: what Twilio asks for, else doubling with up to half of it by chance, so that many
/// requests do not come back at the same moment.
fn pause(error: &ApiError, attempts: u32) -> Duration {
    let base = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(attempts)).min(LONGEST_PAUSE);
    let asked = error.retry_after().map(|asked| asked.min(LONGEST_PAUSE));
    asked.unwrap_or_else(|| base.mul_f64(1.0 + rand::random::<f64>() / 2.0))
}

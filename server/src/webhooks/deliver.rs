//! The worker: takes what is due, sends it, and notes how that went. A message that a process held when it died is sent
//! again: endpoints see it at least once, always under the same name.

use std::time::Duration;

use switchyard::{
    audit::{Actor, Change, Deed},
    ports::StoreError,
    time::Timestamp,
    webhooks::{Attempt, Claimed, Next, Off, State, Trouble, gives_up, next},
};
use tokio::task::JoinSet;

use super::{address::host, secret::signatures, send::Signed};
use crate::state::Deps;

/// Messages on their way at once, and to one endpoint: one that is slow leaves room for the others.
const WORKERS: usize = 64;
const EACH: u32 = 4;
/// A message whose worker died is taken up by another after this many seconds: longer than sending takes.
const CLAIM_SECS: u32 = 60;
/// What is due is looked for this often.
const POLL: Duration = Duration::from_millis(500);

/// Delivers messages until the process ends.
pub async fn run(deps: Deps) {
    // What a process before this one was at when it died is taken up at once.
    if let Err(error) = deps.store.release_deliveries().await {
        tracing::error!(%error, "deliveries of webhooks cannot be written");
    }
    let mut running = JoinSet::new();
    let mut polls = tokio::time::interval(POLL);
    loop {
        tokio::select! {
            // One that ended makes room for the next to its endpoint.
            Some(_) = running.join_next() => {}
            _ = polls.tick() => {}
        }
        let free = u32::try_from(WORKERS - running.len()).unwrap_or(0);
        if free == 0 {
            continue;
        }
        let now = deps.clock.now();
        let claimed = deps.store.claim_deliveries(now, now.plus_secs(CLAIM_SECS), free, EACH).await;
        for claimed in claimed.unwrap_or_else(|error| {
            tracing::error!(%error, "deliveries of webhooks cannot be read");
            Vec::new()
        }) {
            let deps = deps.clone();
            running.spawn(async move {
                if let Err(error) = deliver(&deps, &claimed).await {
                    // The claim runs out, and it is sent again.
                    tracing::error!(workspace = %claimed.workspace, %error, "a delivery was not noted");
                }
            });
        }
    }
}

async fn deliver(deps: &Deps, claimed: &Claimed) -> Result<(), StoreError> {
    let Claimed { workspace, endpoint: id, tries, delivery } = claimed;
    // Removed since: its deliveries are, too.
    let Some(endpoint) = deps.store.endpoint(workspace, id).await? else { return Ok(()) };
    let (at, body) = (deps.clock.now(), delivery.body.as_str());
    let signed = signatures(&deps.tenants.vault, workspace, &endpoint.secrets, &delivery.message, at, body);
    let (attempt, asked) = match &signed {
        Ok(signatures) => {
            let message = Signed { url: &endpoint.url, id: &delivery.message, at, signatures, body };
            deps.webhooks.send(&message).await
        }
        Err(error) => (unsigned(at, &error.to_string()), None),
    };
    let now = deps.clock.now();
    let (state, due) = match next(&attempt, tries + 1, asked, now, rand::random()) {
        Next::Done => (State::Delivered, now),
        Next::Again(due) => (State::Waiting, due),
        Next::Failed | Next::Gone => (State::Failed, now),
    };
    deps.store.note_attempt(claimed, &attempt, state, due).await?;
    if attempt.trouble.is_none() {
        return Ok(());
    }
    tracing::info!(%workspace, endpoint = id, status = attempt.status, trouble = ?attempt.trouble, "a webhook was not taken");
    let why = match attempt.status {
        Some(410) => Some(Off::Gone),
        _ if gives_up(endpoint.failing, tries + 1, now) => Some(Off::Failing),
        _ => None,
    };
    if let Some(why) = why
        && deps.store.switch_endpoint(workspace, id, Some((now, why))).await?
    {
        let state = Change::new("state", Some("on"), Some("off"));
        let reason = Change::new("reason", None, Some(why.code()));
        let host = host(&endpoint.url);
        deps.setup.note(workspace, Actor::Server, Deed::WebhookSwitchedOff, &host, vec![state, reason]).await;
    }
    Ok(())
}

fn unsigned(at: Timestamp, why: &str) -> Attempt {
    Attempt { at, took: 0, status: None, trouble: Some(Trouble::Unsigned), said: why.to_owned() }
}

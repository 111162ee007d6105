//! Ringing the mobile phone of one of us for a call. It is a call of its own, which asks for a key before it goes into the
//! conference (`crate::mobile`): a phone's own voicemail would answer, and swallow the caller.

use std::collections::BTreeSet;

use switchyard::{
    call::{Call, Failure},
    floor::{Command, EffectKind, Floor, LegNews},
    id::{AgentId, CallId, LegId, LegRef},
    people::Fallback,
    ports::StoreError,
};

use super::participants::TIMEOUT_BUFFER;
use crate::{
    numbers,
    state::Deps,
    twilio::{
        client::{ApiError, NewCall},
        tenant::Tenant,
    },
};

/// Rings it, once: no label keeps a second call from being made, so that whoever tries again looks for the first.
pub(super) async fn ring(
    deps: &Deps,
    tenant: &Tenant,
    floor: &Floor,
    call: &CallId,
    kind: &EffectKind,
    again: bool,
) -> Result<Option<Command>, ApiError> {
    let EffectKind::Ring { leg, agent, secs } = kind else { return Ok(None) };
    let Some(live) = floor.calls.get(call).filter(|live| waits_for(live, *leg)) else { return Ok(None) };
    let to = match number(deps, tenant, agent).await {
        Ok(number) => number,
        Err(failure) => {
            return Ok(Some(Command::ObserveFailure { call: call.clone(), effect: kind.clone(), failure }));
        }
    };
    // One of the account's own numbers: Twilio refuses any other.
    let from = &live.line.number;
    let earlier = if again { under_way(tenant, floor, from, &to).await? } else { None };
    let sid = if let Some(sid) = earlier {
        sid
    } else {
        let new = NewCall {
            to: &to,
            from,
            timeout: secs.saturating_sub(TIMEOUT_BUFFER),
            url: &tenant.urls.mobile(call, *leg),
            status_callback: &tenant.urls.mobile_status(call, *leg),
        };
        tenant.client.create_call(&new).await.map_err(ApiError::without_numbers)?.sid
    };
    let reference = Some(sid.as_str().into());
    Ok(Some(Command::ObserveLeg { call: call.clone(), leg: *leg, news: LegNews::Dialing, reference }))
}

/// Whether this ring is still wanted, and nobody knows yet that it was made.
fn waits_for(call: &Call, leg: LegId) -> bool {
    let offered = call.offer.as_ref().is_some_and(|offer| offer.leg == leg);
    let made = call.leg(leg).is_some_and(|leg| leg.reference.is_some());
    call.room.is_some() && offered && !made
}

/// The number, which is in the account: what the floor knows is in every browser.
async fn number(deps: &Deps, tenant: &Tenant, agent: &AgentId) -> Result<String, Failure> {
    let unread = |error: StoreError| {
        tracing::error!(%error, "a mobile phone was not called");
        Failure::Unconfirmed
    };
    let account = deps.store.account(&tenant.workspace, agent).await.map_err(unread)?;
    let plan = &tenant.dial_plan;
    match account.map(|account| account.fallback) {
        // The workspace may call fewer countries than when it was noted.
        Some(Fallback::Mobile(number)) if !plan.is_emergency(&number) => {
            // A number that is the workspace's by now would call the floor.
            if numbers::is_ours(&*deps.store, &tenant.workspace, &number).await.map_err(unread)? {
                return Err(Failure::NoMobile);
            }
            plan.dialable(&number).map_err(|_| Failure::NoMobile)
        }
        _ => Err(Failure::NoMobile),
    }
}

/// A call from our number to theirs that an earlier try made, if it goes on: one that the floor has no other name for.
async fn under_way(tenant: &Tenant, floor: &Floor, from: &str, to: &str) -> Result<Option<String>, ApiError> {
    let live = floor.calls.values().map(|call| (&call.legs, &call.outside_leg));
    let legs = live.chain(floor.ended.iter().map(|ended| (&ended.legs, &ended.outside_leg)));
    let known: BTreeSet<&str> = legs
        .flat_map(|(legs, outside)| legs.iter().filter_map(|leg| leg.reference.as_ref()).chain(outside))
        .map(LegRef::as_str)
        .collect();
    let calls = tenant.client.calls_under_way(from, to).await.map_err(ApiError::without_numbers)?;
    Ok(calls.into_iter().map(|call| call.sid).find(|sid| !known.contains(sid.as_str())))
}

//! Compares the floors with what Twilio says, and reports what differs as observations: callbacks get lost, and
//! processes are away. Everything is compared at start and every so often; what looks stuck, every few seconds.

use std::{collections::HashMap, sync::Arc, time::Duration};

use switchyard::{
    call::{Call, LegState, Pending},
    floor::{Command, Floor, LegNews},
    id::{CallId, RoomRef},
    time::Timestamp,
};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::{
    state::Deps,
    twilio::{
        client::{ApiError, Conference},
        tenant::Tenant,
        translate::{is_over, leg_news},
    },
    urls::{CALLER_LABEL, call_of_conference, conference_name, leg_of_label},
};

/// How often what looks stuck is looked at.
const GLANCE: Duration = Duration::from_secs(2);
/// For how long something may be on its way before it looks stuck, seconds: callbacks take less.
const PATIENCE_SECS: u32 = 3;

/// Compares until the process ends; everything at once at start, and then every `sweep`.
pub async fn run(deps: Deps, sweep: Duration) {
    let mut glances = interval(GLANCE);
    glances.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut swept: HashMap<_, Instant> = HashMap::new();
    loop {
        glances.tick().await;
        for tenant in deps.tenants.iter() {
            let everything = swept.get(&tenant.workspace).is_none_or(|at| at.elapsed() >= sweep);
            match compare(&deps, tenant, everything).await {
                Ok(()) if everything => {
                    swept.insert(tenant.workspace.clone(), Instant::now());
                }
                Ok(()) => {}
                Err(error) => {
                    tracing::warn!(workspace = %tenant.workspace, %error, "the floor could not be compared with Twilio")
                }
            }
        }
    }
}

async fn compare(deps: &Deps, tenant: &Arc<Tenant>, everything: bool) -> Result<(), ApiError> {
    let handle = deps.floor(&tenant.workspace);
    let Ok(floor) = handle.snapshot().await else { return Ok(()) };
    let now = deps.clock.now();
    let suspects: Vec<&Call> = floor.calls.values().filter(|call| everything || looks_stuck(call, now)).collect();
    if suspects.is_empty() && !everything {
        return Ok(());
    }
    let conferences = tenant.client.conferences().await?;
    let by_name: HashMap<&str, &Conference> = conferences.iter().map(|c| (c.friendly_name.as_str(), c)).collect();
    let mut news = Vec::new();
    for call in suspects {
        let conference = by_name.get(conference_name(&call.id).as_str()).copied();
        news.extend(differences(tenant, call, conference).await?);
    }
    if everything {
        for conference in &conferences {
            news.extend(unknown(tenant, &floor, conference).await?);
        }
    }
    for observation in news {
        // When the database is down, the next comparison says it again.
        let _ = handle.send(observation).await;
    }
    Ok(())
}

fn looks_stuck(call: &Call, now: Timestamp) -> bool {
    let long_ago = |since: Timestamp| since.plus_secs(PATIENCE_SECS) <= now;
    let pending = match &call.pending {
        Some(Pending::Park { since, .. } | Pending::HangUp { since, .. }) => long_ago(*since),
        None => false,
    };
    pending
        || (call.room.is_none() && long_ago(call.arrived))
        || call.offer.as_ref().is_some_and(|offer| long_ago(offer.since))
}

/// What Twilio knows of a call and the floor does not.
async fn differences(tenant: &Tenant, call: &Call, conference: Option<&Conference>) -> Result<Vec<Command>, ApiError> {
    let id = || call.id.clone();
    let participants = match conference {
        Some(conference) => tenant.client.participants(&conference.sid).await?,
        None => Vec::new(),
    };
    let caller = participants.iter().find(|participant| participant.label.as_deref() == Some(CALLER_LABEL));
    let mut news = Vec::new();
    match (caller, conference) {
        (Some(caller), Some(conference)) => {
            news.push(Command::ObserveRoom { call: id(), room: RoomRef::from(conference.sid.as_str()) });
            if caller.hold {
                news.push(Command::ObserveHeld { call: id() });
            }
        }
        // Not in the conference: on the way into it, or gone.
        _ => {
            if has_ended(tenant, call.id.as_str()).await? {
                return Ok(vec![Command::ObserveEnd { call: id() }]);
            }
        }
    }
    for leg in call.legs.iter().filter(|leg| leg.state < LegState::Gone) {
        let there = participants.iter().find(|p| p.label.as_deref().and_then(leg_of_label) == Some(leg.id));
        let leg_is = |news, reference| Command::ObserveLeg { call: id(), leg: leg.id, news, reference };
        match (there, &leg.reference) {
            (Some(there), _) => {
                let state = if there.status == "connected" { LegNews::Joined } else { LegNews::Dialing };
                news.push(leg_is(state, Some(there.call_sid.as_str().into())));
            }
            (None, Some(reference)) => match tenant.client.call(reference.as_str()).await {
                Ok(found) => {
                    let talked = found.duration.as_deref().is_some_and(|seconds| seconds != "0");
                    news.extend(leg_news(&found.status, talked).map(|news| leg_is(news, None)));
                }
                Err(error) if error.is_gone() => {}
                Err(error) => return Err(error),
            },
            // Not made yet: the outbox is at it.
            (None, None) => {}
        }
    }
    Ok(news)
}

async fn has_ended(tenant: &Tenant, sid: &str) -> Result<bool, ApiError> {
    match tenant.client.call(sid).await {
        Ok(call) => Ok(is_over(&call.status)),
        Err(error) if error.is_gone() => Ok(true),
        Err(error) => Err(error),
    }
}

/// A conference of ours whose call is not on the floor: somebody is in it and nobody knows. Callers are put back on the
/// floor; agents left alone in one are let go.
async fn unknown(tenant: &Tenant, floor: &Floor, conference: &Conference) -> Result<Vec<Command>, ApiError> {
    let Some(call) = call_of_conference(&conference.friendly_name) else { return Ok(Vec::new()) };
    if floor.calls.contains_key(&call) {
        return Ok(Vec::new());
    }
    if floor.ended(&call).is_some() || has_ended(tenant, call.as_str()).await? {
        tenant.client.end_conference(&conference.sid).await?;
        return Ok(Vec::new());
    }
    adopt(tenant, call, conference).await
}

async fn adopt(tenant: &Tenant, call: CallId, conference: &Conference) -> Result<Vec<Command>, ApiError> {
    use switchyard::{
        call::{Caller, Line},
        phone::is_e164,
    };
    let found = tenant.client.call(call.as_str()).await?;
    tracing::warn!(%call, "a caller whom the floor did not know was put on it");
    let number = if is_e164(&found.from) { found.from } else { "anonymous".to_owned() };
    let label = tenant.numbers.iter().find(|known| known.number == found.to).map_or(&found.to, |known| &known.label);
    let line = Line { number: found.to.clone(), label: label.clone() };
    Ok(vec![
        Command::ObserveCall { call: call.clone(), caller: Caller { number, name: None }, line },
        Command::ObserveRoom { call, room: RoomRef::from(conference.sid.as_str()) },
    ])
}

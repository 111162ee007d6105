//! Compares the floors with what Twilio says, and reports what differs as observations: callbacks get lost, and
//! processes are away. Everything is compared at start and every so often; what looks stuck, every few seconds.

use std::{collections::HashMap, sync::Arc, time::Duration};

use switchyard::{
    call::{Call, Caller, LegState, Outside, Pending, Place, Via},
    floor::{Command, Floor, LegNews},
    id::{CallId, RoomRef},
    phone::is_e164,
    time::Timestamp,
};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::{
    numbers,
    state::Deps,
    twilio::{
        client::{ApiError, Conference, Participant},
        tenant::Tenant,
        translate::{is_over, leg_news, outside_the_room},
    },
    urls::{CALLER_LABEL, added_of_label, call_of_conference, conference_name, leg_of_label},
    voicemail::{outside_leg, recover, recover_ended},
};

/// How often what looks stuck is looked at.
const GLANCE: Duration = Duration::from_secs(2);
/// For how long something may be on its way before it looks stuck, seconds: callbacks take less.
const PATIENCE_SECS: u32 = 3;
/// How new a call can be for Twilio not to know it yet, seconds: reading calls is eventually consistent.
const TOO_NEW_SECS: u32 = 30;

/// Compares until the process ends; everything at once at start, and then every `sweep`. After a failure it waits longer
/// and longer, up to a sweep's time.
pub async fn run(deps: Deps, sweep: Duration) {
    let mut glances = interval(GLANCE);
    glances.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut states: HashMap<_, State> = HashMap::new();
    loop {
        glances.tick().await;
        for tenant in deps.tenants.all().await {
            let state = states.entry(tenant.workspace.clone()).or_default();
            if state.not_before.is_some_and(|not_before| Instant::now() < not_before) {
                continue;
            }
            let everything = state.swept.is_none_or(|at| at.elapsed() >= sweep);
            match compare(&deps, &tenant, everything).await {
                Ok(()) => {
                    if everything {
                        state.swept = Some(Instant::now());
                    }
                    (state.failures, state.not_before) = (0, None);
                }
                Err(error) => {
                    let pause = GLANCE.saturating_mul(2_u32.saturating_pow(state.failures)).min(sweep.max(GLANCE));
                    state.failures = state.failures.saturating_add(1);
                    state.not_before = Some(Instant::now() + pause);
                    tracing::warn!(workspace = %tenant.workspace, %error, "the floor could not be compared with Twilio");
                }
            }
        }
    }
}

/// How it went with one workspace.
#[derive(Default)]
struct State {
    swept: Option<Instant>,
    failures: u32,
    not_before: Option<Instant>,
}

/// Compares, and tells the floor what differs. A call that cannot be compared does not keep the others from it.
///
/// # Errors
/// The first that happened.
async fn compare(deps: &Deps, tenant: &Arc<Tenant>, everything: bool) -> Result<(), ApiError> {
    let handle = deps.floor(&tenant.workspace);
    let Ok(floor) = handle.snapshot().await else { return Ok(()) };
    let now = deps.clock.now();
    if !everything && !floor.calls.values().any(|call| looks_stuck(call, now)) {
        return Ok(());
    }
    let conferences = tenant.client.conferences().await?;
    // What we know must be newer than what Twilio told us: a call that came in between would be taken for one that
    // nobody knows.
    let Ok(floor) = handle.snapshot().await else { return Ok(()) };
    let suspects = floor.calls.values().filter(|call| everything || looks_stuck(call, now));
    let by_name: HashMap<&str, &Conference> = conferences.iter().map(|c| (c.friendly_name.as_str(), c)).collect();
    let mut outcome = Ok(());
    let mut tell = |news: Result<Vec<Command>, ApiError>| match news {
        Ok(news) => news,
        Err(error) => {
            if outcome.is_ok() {
                outcome = Err(error);
            }
            Vec::new()
        }
    };
    let mut news = Vec::new();
    for call in suspects {
        let conference = by_name.get(conference_name(&call.id).as_str()).copied();
        news.extend(tell(differences(deps, tenant, &floor, call, conference, now).await));
    }
    if everything {
        for conference in &conferences {
            news.extend(tell(unknown(deps, tenant, &floor, conference).await));
        }
        tell(recover_ended(deps, tenant, &floor).await.map(|()| Vec::new()));
    }
    for observation in news {
        // When the database is down, the next comparison says it again.
        let _ = handle.send(observation).await;
    }
    outcome
}

fn looks_stuck(call: &Call, now: Timestamp) -> bool {
    let long_ago = |since: Timestamp| since.plus_secs(PATIENCE_SECS) <= now;
    let pending = match &call.pending {
        Some(Pending::Park { since, .. } | Pending::Voicemail { since, .. } | Pending::HangUp { since, .. }) => {
            long_ago(*since)
        }
        None => false,
    };
    pending
        || (call.room.is_none() && long_ago(call.arrived))
        || call.offer.as_ref().is_some_and(|offer| long_ago(offer.since))
        || call.added.iter().any(|added| long_ago(added.since) && !call.is_joined(added.leg))
}

/// What Twilio knows of a call and the floor does not. Whoever should not be in the conference is sent out of it.
async fn differences(
    deps: &Deps,
    tenant: &Tenant,
    floor: &Floor,
    call: &Call,
    conference: Option<&Conference>,
    now: Timestamp,
) -> Result<Vec<Command>, ApiError> {
    let id = || call.id.clone();
    let participants = match conference {
        Some(conference) => in_conference(tenant, conference).await?,
        None => Vec::new(),
    };
    let caller = participants.iter().find(|participant| participant.label.as_deref() == Some(CALLER_LABEL));
    let mut news = Vec::new();
    if let (Some(caller), Some(conference)) = (caller, conference) {
        news.push(Command::ObserveRoom { call: id(), room: RoomRef::from(conference.sid.as_str()) });
        if caller.hold {
            news.push(Command::ObserveHeld { call: id() });
        }
        // Everybody outside is on hold, or nobody is.
        let mut outside = participants.iter().filter(|other| is_added(call, other)).chain([caller]);
        if outside.any(|one| one.hold != call.held) {
            news.push(Command::CompareHold { call: id(), held: !call.held });
        }
    } else {
        // Not in the conference: on the way into it, in a voicemail, or gone.
        // A call that we placed has the name of our own leg, which ends when they go there.
        let leg = call.voicemail().and_then(|_| outside_leg(call)).map_or_else(|| call.id.clone(), CallId::from);
        if has_ended(tenant, &leg, Some(call.arrived), now).await? {
            if let (Place::Voicemail { agent }, Some(leg)) = (&call.place, outside_leg(call)) {
                recover(deps, tenant, &call.id, leg, agent).await?;
            }
            return Ok(vec![Command::ObserveEnd { call: id() }]);
        }
        news.extend(outside(tenant, call).await?);
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
                    let news_of = leg_news(&found.status, talked);
                    // A mobile phone that was answered is not in the conference before they say that they take the call.
                    let known = if leg.via == Via::Mobile { news_of.map(outside_the_room) } else { news_of };
                    news.extend(known.map(|news| leg_is(news, None)));
                }
                Err(error) if error.is_gone() => {}
                Err(error) => return Err(error),
            },
            // Not made yet: the outbox is at it.
            (None, None) => {}
        }
    }
    for participant in &participants {
        let leg = participant.label.as_deref().and_then(leg_of_label);
        // A number that the floor has not given yet is newer than what we know of the floor.
        if leg.is_some_and(|leg| leg.0 <= call.leg_count && !floor.wants(&call.id, leg)) {
            tenant.client.end_call(&participant.call_sid).await?;
        }
    }
    Ok(news)
}

/// Whether somebody outside was added to the call and is in its conference.
fn is_added(call: &Call, participant: &Participant) -> bool {
    let leg = participant.label.as_deref().and_then(added_of_label);
    participant.status == "connected" && leg.is_some_and(|leg| call.added(leg).is_some())
}

/// How far somebody is whom an agent called, and who is not in the conference yet.
async fn outside(tenant: &Tenant, call: &Call) -> Result<Option<Command>, ApiError> {
    let Some(leg) = call.outside_leg.as_ref().filter(|_| call.outside != Outside::Connected) else { return Ok(None) };
    match tenant.client.call(leg.as_str()).await {
        Ok(found) => {
            let talked = found.duration.as_deref().is_some_and(|seconds| seconds != "0");
            let news = leg_news(&found.status, talked);
            Ok(news.map(|news| Command::ObserveOutside { call: call.id.clone(), news, reference: None }))
        }
        Err(error) if error.is_gone() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Who is in a conference. One that ended meanwhile is empty.
async fn in_conference(tenant: &Tenant, conference: &Conference) -> Result<Vec<Participant>, ApiError> {
    match tenant.client.participants(&conference.sid).await {
        Err(error) if error.is_gone() => Ok(Vec::new()),
        answer => answer,
    }
}

/// Whether the caller's call is over. One that Twilio does not know may be too new for it, unless it `arrived` long ago.
async fn has_ended(
    tenant: &Tenant,
    call: &CallId,
    arrived: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool, ApiError> {
    match tenant.client.call(call.as_str()).await {
        Ok(call) => Ok(is_over(&call.status)),
        Err(error) if error.is_gone() => Ok(arrived.is_some_and(|arrived| arrived.plus_secs(TOO_NEW_SECS) <= now)),
        Err(error) => Err(error),
    }
}

/// A conference of ours whose call is not on the floor: somebody is in it and nobody knows. Callers are put back on the
/// floor; agents left alone in one are let go.
async fn unknown(
    deps: &Deps,
    tenant: &Tenant,
    floor: &Floor,
    conference: &Conference,
) -> Result<Vec<Command>, ApiError> {
    let Some(call) = call_of_conference(&conference.friendly_name) else { return Ok(Vec::new()) };
    if floor.calls.contains_key(&call) {
        return Ok(Vec::new());
    }
    if floor.ended(&call).is_some() || has_ended(tenant, &call, None, deps.clock.now()).await? {
        tenant.client.end_conference(&conference.sid).await?;
        return Ok(Vec::new());
    }
    adopt(deps, tenant, call, conference).await
}

async fn adopt(deps: &Deps, tenant: &Tenant, call: CallId, conference: &Conference) -> Result<Vec<Command>, ApiError> {
    let found = tenant.client.call(call.as_str()).await?;
    let participants = in_conference(tenant, conference).await?;
    let Some(caller) = participants.iter().find(|p| p.label.as_deref() == Some(CALLER_LABEL)) else {
        return Ok(Vec::new());
    };
    tracing::warn!(%call, "a caller whom the floor did not know was put on it");
    // Nobody knows who was to talk to them: they wait, and the next agent is rung.
    for agent in participants.iter().filter(|p| p.call_sid != caller.call_sid) {
        tenant.client.end_call(&agent.call_sid).await?;
    }
    let number = if is_e164(&found.from) { found.from } else { "anonymous".to_owned() };
    let numbers::Called { caller: name, line, .. } = numbers::called(deps, &tenant.workspace, &found.to, &number).await;
    Ok(vec![
        Command::ObserveCall { call: call.clone(), caller: Caller { number, name }, line },
        Command::CompareHold { call: call.clone(), held: true },
        Command::ObserveRoom { call, room: RoomRef::from(conference.sid.as_str()) },
    ])
}

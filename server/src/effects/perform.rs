//! One effect, as requests to Twilio. Each can be carried out twice without harm.

use switchyard::{
    call::{Call, Pending},
    floor::{Command, Effect, EffectKind, Floor, LegNews},
    id::{AgentId, CallId, LegId, RoomRef},
};

use crate::{
    twilio::{
        client::{ApiError, NewParticipant, Participant},
        tenant::Tenant,
    },
    urls::{CALLER_LABEL, client_identity, leg_label},
};

/// Twilio adds this to a timeout, seconds (Twilio: Participant resource, `Timeout`).
const TIMEOUT_BUFFER: u32 = 5;
/// The shortest timeout that Twilio takes, seconds.
const SHORTEST_TIMEOUT: u32 = 5;

/// Carries out `effect` and answers what the floor learns from it. `again`: an earlier try may have got through.
pub(super) async fn perform(
    tenant: &Tenant,
    floor: &Floor,
    effect: &Effect,
    again: bool,
) -> Result<Option<Command>, ApiError> {
    let call = &effect.call;
    match &effect.kind {
        EffectKind::Ring { leg, agent, secs } => ring(tenant, floor, call, *leg, agent, *secs, again).await,
        EffectKind::Hold => {
            let Some(room) = room(floor, call, |call| call.held) else { return Ok(None) };
            tenant.client.hold(room, CALLER_LABEL, &tenant.urls.music()).await?;
            Ok(Some(Command::ObserveHeld { call: call.clone() }))
        }
        EffectKind::Resume => {
            let Some(room) = room(floor, call, |call| !call.held) else { return Ok(None) };
            tenant.client.resume(room, CALLER_LABEL).await?;
            Ok(None)
        }
        EffectKind::Drop { leg } => {
            // A leg without a reference was never made; or its first callback names it, and then it is dropped again.
            if let Some(reference) = floor.leg(call, *leg).and_then(|leg| leg.reference.as_ref()) {
                tenant.client.end_call(reference.as_str()).await?;
            }
            Ok(None)
        }
        EffectKind::HangUp => {
            // One that was given up must not cut the call later.
            let wanted = |call: &Call| matches!(call.pending, Some(Pending::HangUp { .. }));
            if !floor.calls.get(call).is_some_and(wanted) {
                return Ok(None);
            }
            // The caller's leg has the call's own name; when it ends, the conference ends for all.
            tenant.client.end_call(call.as_str()).await?;
            Ok(Some(Command::ObserveEnd { call: call.clone() }))
        }
    }
}

/// The room of a call, if the effect is still wanted.
fn room<'a>(floor: &'a Floor, call: &CallId, wanted: impl Fn(&Call) -> bool) -> Option<&'a str> {
    floor.calls.get(call).filter(|call| wanted(call))?.room.as_ref().map(RoomRef::as_str)
}

async fn ring(
    tenant: &Tenant,
    floor: &Floor,
    call: &CallId,
    leg: LegId,
    agent: &AgentId,
    secs: u32,
    again: bool,
) -> Result<Option<Command>, ApiError> {
    let Some(live) = floor.calls.get(call) else { return Ok(None) };
    let (Some(room), Some(_)) = (&live.room, live.offer.as_ref().filter(|offer| offer.leg == leg)) else {
        // Nobody waits for this ring any more.
        return Ok(None);
    };
    let room = room.as_str();
    let label = leg_label(leg);
    if again && let Some(there) = find(tenant, room, &label).await? {
        return Ok(Some(dialing(call, leg, &there)));
    }
    let new = NewParticipant {
        to: &format!("client:{}", client_identity(&tenant.workspace, agent)),
        // One of the account's own numbers: Twilio refuses any other.
        from: &live.line.number,
        label: &label,
        timeout: secs.saturating_sub(TIMEOUT_BUFFER).max(SHORTEST_TIMEOUT),
        status_callback: &tenant.urls.leg_status(call, leg),
        conference_callback: &tenant.urls.conference(call),
    };
    match tenant.client.add_participant(room, &new).await {
        Ok(participant) => Ok(Some(dialing(call, leg, &participant))),
        // An earlier try got through. While it rings it cannot be looked up; its callbacks will say who it is.
        Err(error) if error.is_label_in_use() => {
            Ok(find(tenant, room, &label).await?.map(|there| dialing(call, leg, &there)))
        }
        Err(error) => Err(error),
    }
}

async fn find(tenant: &Tenant, room: &str, label: &str) -> Result<Option<Participant>, ApiError> {
    match tenant.client.participant(room, label).await {
        Ok(participant) => Ok(Some(participant)),
        Err(error) if error.is_gone() => Ok(None),
        Err(error) => Err(error),
    }
}

fn dialing(call: &CallId, leg: LegId, participant: &Participant) -> Command {
    let reference = Some(participant.call_sid.as_str().into());
    Command::ObserveLeg { call: call.clone(), leg, news: LegNews::Dialing, reference }
}

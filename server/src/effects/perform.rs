//! One effect, as requests to Twilio. Each can be carried out twice without harm.

use switchyard::{
    call::{Call, Direction, Failure, Pending},
    floor::{Command, Effect, EffectKind, Floor},
    id::{AgentId, CallId, RoomRef},
};

use super::{
    mobile,
    participants::{add, dial, ring},
};
use crate::{
    state::Deps,
    twilio::{
        client::{ApiError, Participant},
        tenant::Tenant,
        translate::is_over,
    },
    urls::{CALLER_LABEL, added_label},
    voicemail::outside_leg,
};

/// Carries out `effect` and answers what the floor learns from it. `again`: an earlier try may have got through.
pub(super) async fn perform(
    deps: &Deps,
    tenant: &Tenant,
    floor: &Floor,
    effect: &Effect,
    again: bool,
) -> Result<Option<Command>, ApiError> {
    let call = &effect.call;
    match &effect.kind {
        EffectKind::Ring { leg, .. } if floor.calls.get(call).is_some_and(|call| call.is_mobile(*leg)) => {
            mobile::ring(deps, tenant, floor, call, &effect.kind, again).await
        }
        EffectKind::Ring { leg, agent, secs } => ring(tenant, floor, call, *leg, agent, *secs, again).await,
        EffectKind::Hold => {
            let Some((live, room)) = room(floor, call, |call| call.held) else { return Ok(None) };
            let music = tenant.urls.music();
            tenant.client.hold(room, CALLER_LABEL, &music).await?;
            for label in added_in(live) {
                still_there(tenant.client.hold(room, &label, &music).await)?;
            }
            Ok(Some(Command::ObserveHeld { call: call.clone() }))
        }
        EffectKind::Resume => {
            let Some((live, room)) = room(floor, call, |call| !call.held) else { return Ok(None) };
            tenant.client.resume(room, CALLER_LABEL).await?;
            for label in added_in(live) {
                still_there(tenant.client.resume(room, &label).await)?;
            }
            Ok(None)
        }
        EffectKind::Voicemail { agent } => voicemail(tenant, floor, call, agent).await,
        EffectKind::Drop { leg } => {
            // A leg without a reference was never made; or its first callback names it, and then it is dropped again.
            if let Some(reference) = floor.leg(call, *leg).and_then(|leg| leg.reference.as_ref()) {
                tenant.client.end_call(reference.as_str()).await?;
            }
            Ok(None)
        }
        EffectKind::Dial => dial(tenant, floor, call, again).await,
        EffectKind::Add { leg } => add(tenant, floor, call, *leg, again).await,
        EffectKind::DropOutside => {
            let live = floor.calls.get(call).and_then(|call| call.outside_leg.as_ref());
            let ended = floor.ended(call).and_then(|ended| ended.outside_leg.as_ref());
            if let Some(leg) = live.or(ended) {
                tenant.client.end_call(leg.as_str()).await?;
            }
            Ok(None)
        }
        EffectKind::HangUp => {
            // One that was given up must not cut the call later.
            let wanted = |call: &Call| matches!(call.pending, Some(Pending::HangUp { .. }));
            let Some(live) = floor.calls.get(call).filter(|call| wanted(call)) else { return Ok(None) };
            // When the person outside leaves, the conference ends for all. Whoever called us has the call's own name.
            if live.direction != Direction::Inbound
                && let Some(leg) = &live.outside_leg
            {
                tenant.client.end_call(leg.as_str()).await?;
            }
            tenant.client.end_call(call.as_str()).await?;
            Ok(Some(Command::ObserveEnd { call: call.clone() }))
        }
    }
}

/// Takes the person outside out of the conference, which ends for all, and lets Twilio ask what they hear then: that is how
/// the floor knows that they are in the voicemail. Done twice before that, they hear it from the beginning.
async fn voicemail(
    tenant: &Tenant,
    floor: &Floor,
    call: &CallId,
    agent: &AgentId,
) -> Result<Option<Command>, ApiError> {
    let wanted = |call: &&Call| matches!(&call.pending, Some(Pending::Voicemail { agent: to, .. }) if to == agent);
    let Some(live) = floor.calls.get(call).filter(wanted) else { return Ok(None) };
    let Some(leg) = outside_leg(live) else {
        let effect = EffectKind::Voicemail { agent: agent.clone() };
        return Ok(Some(Command::ObserveFailure { call: call.clone(), effect, failure: Failure::Unreachable }));
    };
    match tenant.client.redirect_call(leg, &tenant.urls.voicemail(call, agent)).await {
        Ok(_) => Ok(None),
        // They hung up a moment ago. Should Twilio's word of it be lost, the call is over all the same.
        Err(refused) if refused.is_gone() => match tenant.client.call(leg).await {
            Ok(found) if is_over(&found.status) => Ok(Some(Command::ObserveEnd { call: call.clone() })),
            _ => Err(refused),
        },
        Err(error) => Err(error),
    }
}

/// A call and its room, if the effect is still wanted.
pub(super) fn room<'a>(floor: &'a Floor, call: &CallId, wanted: impl Fn(&Call) -> bool) -> Option<(&'a Call, &'a str)> {
    let live = floor.calls.get(call).filter(|call| wanted(call))?;
    Some((live, live.room.as_ref().map(RoomRef::as_str)?))
}

/// The names of those who were added and are in the room.
fn added_in(call: &Call) -> impl Iterator<Item = String> {
    call.added.iter().filter(|added| call.is_joined(added.leg)).map(|added| added_label(added.leg))
}

/// Whoever was added may have left a moment ago: then there is nothing to do.
fn still_there(answer: Result<Participant, ApiError>) -> Result<(), ApiError> {
    match answer {
        Err(error) if !error.is_gone() => Err(error),
        _ => Ok(()),
    }
}

//! One effect, as requests to Twilio. Each can be carried out twice without harm.

use switchyard::{
    call::{Call, Direction, OfferReason, Outside, Pending},
    floor::{Command, Effect, EffectKind, Floor, LegNews},
    id::{AgentId, CallId, LegId, RoomRef},
};

use url::form_urlencoded;

use crate::{
    twilio::{
        client::{ApiError, NewParticipant, Participant},
        tenant::Tenant,
    },
    urls::{CALLER_LABEL, client_identity, conference_name, leg_label},
};

/// Twilio adds this to a timeout, seconds (Twilio: Participant resource, `Timeout`).
const TIMEOUT_BUFFER: u32 = 5;
/// The shortest timeout that Twilio takes, seconds.
const SHORTEST_TIMEOUT: u32 = 5;

/// How long the person whom an agent called is rung, seconds.
const DIAL_TIMEOUT: u32 = 45;
/// Names are cut to so many letters: a client's address has room for 800 bytes of parameters.
const NAME_LENGTH: usize = 60;

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
        EffectKind::Dial => dial(tenant, floor, call, again).await,
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
        to: &format!("client:{}?{}", client_identity(&tenant.workspace, agent), for_the_page(live, leg)),
        // One of the account's own numbers: Twilio refuses any other.
        from: &live.line.number,
        label: &label,
        timeout: secs.saturating_sub(TIMEOUT_BUFFER).max(SHORTEST_TIMEOUT),
        status_callback: &tenant.urls.leg_status(call, leg),
        conference_callback: &tenant.urls.conference(call),
        outside: false,
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

/// What the page is told of a call that rings there (Twilio: custom parameters of a client).
fn for_the_page(call: &Call, leg: LegId) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let who = cut(call.caller.name.as_deref().unwrap_or(&call.caller.number));
    query.append_pair("call", call.id.as_str()).append_pair("leg", &leg.to_string());
    query.append_pair("who", &who).append_pair("line", &cut(&call.line.label));
    if let Some(offer) = &call.offer {
        let reason = serde_json::to_value(offer.reason).ok();
        query.append_pair("reason", reason.as_ref().and_then(|reason| reason.as_str()).unwrap_or_default());
        // Whoever asked for the call themselves has answered it.
        let own = offer.by.as_ref() == Some(&offer.agent)
            && matches!(offer.reason, OfferReason::Picked | OfferReason::Retrieved);
        if own || offer.reason == OfferReason::Rejoined {
            query.append_pair("auto", "1");
        }
    }
    query.finish()
}

/// What the page of a colleague is told who is called by one of us.
fn for_the_colleague(floor: &Floor, call: &Call) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let host = call.talking_to().and_then(|agent| floor.agents.get(agent)).map(|agent| &agent.profile);
    query.append_pair("call", call.id.as_str()).append_pair("who", &cut(host.map_or("", |profile| &profile.name)));
    query.finish()
}

fn cut(name: &str) -> String {
    name.chars().take(NAME_LENGTH).collect()
}

/// Calls the person whom an agent dialled. The agent's leg may come into the conference before or after.
async fn dial(tenant: &Tenant, floor: &Floor, call: &CallId, again: bool) -> Result<Option<Command>, ApiError> {
    let Some(live) = floor.calls.get(call).filter(|call| call.outside == Outside::Dialing) else { return Ok(None) };
    let room = conference_name(call);
    let dialing = |there: Participant| {
        let reference = Some(there.call_sid.as_str().into());
        Some(Command::ObserveOutside { call: call.clone(), news: LegNews::Dialing, reference })
    };
    if again && let Some(there) = find(tenant, &room, CALLER_LABEL).await? {
        return Ok(dialing(there));
    }
    let to = match &live.colleague {
        Some(colleague) => {
            format!("client:{}?{}", client_identity(&tenant.workspace, colleague), for_the_colleague(floor, live))
        }
        None => live.caller.number.clone(),
    };
    let new = NewParticipant {
        to: &to,
        from: &live.line.number,
        label: CALLER_LABEL,
        timeout: DIAL_TIMEOUT,
        status_callback: &tenant.urls.outbound_events(call),
        conference_callback: &tenant.urls.conference(call),
        outside: true,
    };
    match tenant.client.add_participant(&room, &new).await {
        Ok(participant) => Ok(dialing(participant)),
        Err(error) if error.is_label_in_use() => Ok(find(tenant, &room, CALLER_LABEL).await?.and_then(dialing)),
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

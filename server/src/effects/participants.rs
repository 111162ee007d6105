//! Ringing somebody into a call's conference: an agent, the person whom one called, somebody who is added. A label is used
//! once, so that doing it twice rings once.

use switchyard::{
    call::{Call, OfferReason, Outside},
    floor::{Command, Floor, LegNews},
    id::{AgentId, CallId, LegId},
};
use url::form_urlencoded;

use super::perform::room;
use crate::{
    twilio::{
        client::{ApiError, NewParticipant, Participant},
        tenant::Tenant,
    },
    urls::{CALLER_LABEL, added_label, client_identity, conference_name, leg_label},
};

/// Twilio adds this to a timeout, seconds (Twilio: Participant resource, `Timeout`).
pub(super) const TIMEOUT_BUFFER: u32 = 5;
/// The shortest timeout that Twilio takes, seconds.
const SHORTEST_TIMEOUT: u32 = 5;

/// How long somebody outside is rung, seconds.
const DIAL_TIMEOUT: u32 = 45;
/// Names are cut to so many letters: a client's address has room for 800 bytes of parameters.
const NAME_LENGTH: usize = 60;

/// Rings an agent into the call.
pub(super) async fn ring(
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
    let new = NewParticipant {
        to: &format!("client:{}?{}", client_identity(&tenant.workspace, agent), for_the_page(live, leg)),
        // One of the account's own numbers: Twilio refuses any other.
        from: &live.line.number,
        label: &leg_label(leg),
        timeout: secs.saturating_sub(TIMEOUT_BUFFER).max(SHORTEST_TIMEOUT),
        status_callback: &tenant.urls.leg_status(call, leg),
        conference_callback: &tenant.urls.conference(call),
        outside: false,
    };
    Ok(once(tenant, room.as_str(), &new, again).await?.map(|there| dialing(call, leg, &there)))
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
pub(super) async fn dial(
    tenant: &Tenant,
    floor: &Floor,
    call: &CallId,
    again: bool,
) -> Result<Option<Command>, ApiError> {
    let Some(live) = floor.calls.get(call).filter(|call| call.outside == Outside::Dialing) else { return Ok(None) };
    let room = conference_name(call);
    let dialing = |there: Participant| {
        let reference = Some(there.call_sid.as_str().into());
        Some(Command::ObserveOutside { call: call.clone(), news: LegNews::Dialing, reference })
    };
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
    Ok(once(tenant, &room, &new, again).await?.and_then(dialing))
}

/// Calls somebody outside into a call that goes on. What is heard of them before they answer disturbs nobody.
pub(super) async fn add(
    tenant: &Tenant,
    floor: &Floor,
    call: &CallId,
    leg: LegId,
    again: bool,
) -> Result<Option<Command>, ApiError> {
    let Some((live, room)) = room(floor, call, |call| call.added(leg).is_some()) else { return Ok(None) };
    let Some(added) = live.added(leg) else { return Ok(None) };
    let new = NewParticipant {
        to: &added.who.number,
        from: &added.line.number,
        label: &added_label(leg),
        timeout: DIAL_TIMEOUT,
        status_callback: &tenant.urls.leg_status(call, leg),
        conference_callback: &tenant.urls.conference(call),
        outside: false,
    };
    Ok(once(tenant, room, &new, again).await?.map(|there| dialing(call, leg, &there)))
}

/// Adds a participant, once: an earlier try may have got through.
async fn once(
    tenant: &Tenant,
    room: &str,
    new: &NewParticipant<'_>,
    again: bool,
) -> Result<Option<Participant>, ApiError> {
    if again && let Some(there) = find(tenant, room, new.label).await? {
        return Ok(Some(there));
    }
    match tenant.client.add_participant(room, new).await {
        Ok(participant) => Ok(Some(participant)),
        // While it rings it cannot be looked up; its callbacks will say who it is.
        Err(error) if error.is_label_in_use() => find(tenant, room, new.label).await,
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

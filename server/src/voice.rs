//! What Twilio calls. Each handler turns a signed request into an observation, and answers as soon as that is durable.

use axum::{
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use switchyard::{call::Pending, floor::Command};

use crate::{
    numbers,
    outbound::outbound,
    state::Deps,
    twilio::{
        translate, twiml,
        webhook::{Signed, WebhookError},
    },
};

/// How often a caller whose conference ended is taken into a new one, before we believe that something is broken.
const TURNS: u32 = 3;

/// What comes through the workspace's application: a call to one of our numbers, or one that an agent places from a page.
/// Both have the direction `inbound`; only who calls tells them apart (Twilio: TwiML applications).
///
/// A call is on the floor before Twilio gets its answer. Delivered twice, it is one call and gets the same answer.
pub async fn inbound(State(deps): State<Deps>, request: Signed) -> Result<Response, WebhookError> {
    if translate::is_agent(&request) {
        return outbound(State(deps), request).await;
    }
    let number = translate::caller_number(&request);
    let (workspace, to) = (&request.tenant.workspace, request.require("To")?);
    let (name, called) =
        tokio::join!(deps.store.contact_name(workspace, &number), numbers::called(&deps, workspace, to));
    // A name is a courtesy: without the directory the call comes in all the same.
    let command = translate::inbound(&request, name.unwrap_or_default(), called.line, called.closed.is_none())?;
    let call = request.require("CallSid")?.into();
    send(&deps, &request, command).await?;
    Ok(xml(match called.closed {
        Some(language) => twiml::closed(language),
        None => twiml::into_conference(&request.tenant.urls, &call, 0),
    }))
}

/// The status of a caller's call or of an agent's leg.
pub async fn status(State(deps): State<Deps>, request: Signed) -> Result<StatusCode, WebhookError> {
    observe(&deps, &request, translate::status(&request)?).await
}

/// What happens in a call's conference.
pub async fn conference(State(deps): State<Deps>, request: Signed) -> Result<StatusCode, WebhookError> {
    observe(&deps, &request, translate::conference(&request)?).await
}

/// A text message to one of our numbers, or what became of one. The message itself stays at Twilio.
pub async fn message(request: Signed) -> Response {
    tracing::info!(workspace = %request.tenant.workspace, message = request.field("MessageSid"), "a text message");
    xml(twiml::nothing())
}

/// What a caller hears who waits or is on hold.
pub async fn music(request: Signed) -> Response {
    xml(twiml::music(&request.tenant.urls))
}

/// The caller's conference is over and the caller still there: unless somebody ended the call, they are taken into a new
/// one and wait for the next agent. A call is never lost.
pub async fn after(State(deps): State<Deps>, request: Signed) -> Result<Response, WebhookError> {
    let call = request.call().ok_or(WebhookError::Malformed("call"))?;
    let over = request.field("CallStatus").is_some_and(translate::is_over);
    let floor = deps.floor(&request.tenant.workspace).snapshot().await?;
    let live = floor.calls.get(&call).is_some_and(|call| !matches!(call.pending, Some(Pending::HangUp { .. })));
    let turn = request.turn() + 1;
    if over || !live || turn > TURNS {
        return Ok(xml(twiml::hang_up()));
    }
    tracing::warn!(%call, turn, "a conference ended under its caller");
    Ok(xml(twiml::into_conference(&request.tenant.urls, &call, turn)))
}

pub(crate) async fn observe(
    deps: &Deps,
    request: &Signed,
    observation: Option<Command>,
) -> Result<StatusCode, WebhookError> {
    if let Some(observation) = observation {
        send(deps, request, observation).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn send(deps: &Deps, request: &Signed, command: Command) -> Result<(), WebhookError> {
    deps.floor(&request.tenant.workspace).send(command).await?;
    Ok(())
}

pub(crate) fn xml(document: String) -> Response {
    ([(CONTENT_TYPE, "text/xml; charset=utf-8")], document).into_response()
}

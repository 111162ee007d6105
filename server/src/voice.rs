//! What Twilio calls. Each handler turns a signed request into an observation, and answers as soon as that is durable.

use axum::{
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use switchyard::{
    call::Pending,
    floor::{Command, Floor},
    history::Outcome,
    id::CallId,
    people::Language,
};

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
/// A call is on the floor before Twilio gets its answer, which follows from what the floor knows then: delivered twice, it
/// is one call and gets the same answer, even if the number closed or opened in between.
pub async fn inbound(State(deps): State<Deps>, request: Signed) -> Result<Response, WebhookError> {
    if translate::is_agent(&request) {
        return outbound(State(deps), request).await;
    }
    let number = translate::caller_number(&request);
    let (workspace, to) = (&request.tenant.workspace, request.require("To")?);
    let called = numbers::called(&deps, workspace, to, &number).await;
    let command = translate::inbound(&request, called.caller, called.line, called.closed.is_none())?;
    let call = CallId::from(request.require("CallSid")?);
    let known = {
        let call = call.clone();
        move |floor: &Floor| Known::of(floor, &call)
    };
    let known = deps.floor(workspace).send_and_look(command, known).await?;
    // So many calls at once that this one is not remembered any more, or the database went away once it was noted: it
    // was new.
    let known = known.flatten().unwrap_or(if called.closed.is_some() { Known::TurnedAway } else { Known::Live });
    Ok(xml(match known {
        Known::Live => twiml::into_conference(&request.tenant.urls, &call, 0),
        Known::TurnedAway => twiml::closed(match called.closed {
            Some(language) => language,
            None => numbers::home(&deps, workspace).await.ok().flatten().map_or(Language::En, |home| home.language),
        }),
        Known::Over => twiml::hang_up(),
    }))
}

/// What the floor knows of a call that comes in.
enum Known {
    /// It goes on.
    Live,
    /// It came outside the number's hours.
    TurnedAway,
    /// It went on, and does no more.
    Over,
}

impl Known {
    fn of(floor: &Floor, call: &CallId) -> Option<Self> {
        if floor.calls.contains_key(call) {
            return Some(Self::Live);
        }
        let over = floor.ended(call)?;
        Some(if over.record.outcome == Outcome::Closed { Self::TurnedAway } else { Self::Over })
    }
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
    let known = floor.calls.get(&call);
    if let Some(agent) = known.and_then(switchyard::call::Call::voicemail) {
        // It ended because they go to a voicemail: Twilio asks, and does not do what it is answered. Had it ended for another
        // reason before that, they go there all the same.
        return Ok(xml(twiml::redirect(&request.tenant.urls.voicemail(&call, agent))));
    }
    let live = known.is_some_and(|call| !matches!(call.pending, Some(Pending::HangUp { .. })));
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
        deps.floor(&request.tenant.workspace).send(observation).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) fn xml(document: String) -> Response {
    ([(CONTENT_TYPE, "text/xml; charset=utf-8")], document).into_response()
}

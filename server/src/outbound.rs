//! Calls that agents place from their pages. What the page passes is checked again: who calls is in the signed request,
//! and whom they may call is in the workspace's plan. A colleague is called by their extension.

use axum::{extract::State, http::StatusCode, response::Response};
use switchyard::{
    agent::Agent,
    call::{Caller, Pending},
    floor::Command,
    id::CallId,
    service::Rejected,
};

use crate::{
    numbers,
    state::Deps,
    twilio::{
        translate, twiml,
        webhook::{Signed, WebhookError},
    },
    urls::agent_of_identity,
    voice::{observe, xml},
};

/// An agent places a call (Twilio: the voice URL of a TwiML application). It is on the floor before Twilio gets its
/// answer, which takes the agent's leg into the call's conference; the person called is rung into it by the outbox.
pub async fn outbound(State(deps): State<Deps>, request: Signed) -> Result<Response, WebhookError> {
    let tenant = &request.tenant;
    let from = request.require("From")?;
    let agent = from
        .strip_prefix("client:")
        .and_then(|identity| agent_of_identity(&tenant.workspace, identity))
        .ok_or(WebhookError::Malformed("From"))?;
    let call = CallId::from(request.require("CallSid")?);
    let typed = request.field("To").unwrap_or_default();
    let floor = deps.floor(&tenant.workspace).snapshot().await?;
    let (to, colleague) = match (floor.by_extension(typed), tenant.dial_plan.dialable(typed)) {
        (Some(Agent { profile, .. }), _) => {
            let to = Caller { number: profile.extension.clone(), name: Some(profile.name.clone()) };
            (to, Some(profile.id.clone()))
        }
        // Colleagues come first: extensions from before emergency numbers were looked at may be such.
        (None, Ok(number)) if !tenant.dial_plan.is_emergency(typed) => {
            let name = deps.store.contact_name(&tenant.workspace, &number).await.unwrap_or_default();
            (Caller { number, name }, None)
        }
        (None, _) => return Ok(xml(twiml::hang_up())),
    };
    let Some(line) = numbers::caller_id(&deps, &tenant.workspace, &agent).await? else {
        return Ok(xml(twiml::hang_up()));
    };
    let dial = Command::Dial { call: call.clone(), by: agent.clone(), to, colleague, line };
    match deps.floor(&tenant.workspace).send(dial).await {
        Ok(_) => {}
        Err(Rejected::Refused(refusal)) => {
            tracing::warn!(%agent, %refusal, "a call was not placed");
            return Ok(xml(twiml::hang_up()));
        }
        Err(Rejected::Unavailable) => return Err(WebhookError::Unavailable),
    }
    // A request that comes twice, or late, gets the same answer as long as the call is there.
    let floor = deps.floor(&tenant.workspace).snapshot().await?;
    let is_live = floor.calls.get(&call).is_some_and(|call| !matches!(call.pending, Some(Pending::HangUp { .. })));
    Ok(xml(if is_live { twiml::agent_into_conference(&tenant.urls, &call) } else { twiml::hang_up() }))
}

/// The agent's own leg left the conference (Twilio: the action of `Dial`). There is nothing more for it to do.
pub async fn status(State(deps): State<Deps>, request: Signed) -> Result<Response, WebhookError> {
    observe(&deps, &request, translate::own_leg_over(&request)?).await?;
    Ok(xml(twiml::hang_up()))
}

/// What happens to the person called.
pub async fn events(State(deps): State<Deps>, request: Signed) -> Result<StatusCode, WebhookError> {
    observe(&deps, &request, translate::outside(&request)?).await
}

//! Voicemail, as Twilio asks about it: what callers hear who leave a message, and what becomes of it. The sound stays at
//! Twilio; here it is noted that there is one.
//!
//! Of each message Twilio tells twice: when its speaker is done, and when it can be listened to. Either is enough, the
//! second is told again for a few seconds, and what was missed all the same the comparison finds (`recover`).

mod listen;
mod part;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use switchyard::{
    call::{Call, Direction, Pending, Place},
    floor::{Command, EndedCall, Floor},
    history::HungUpBy,
    id::{AgentId, CallId, LegRef, RecordingId},
    people::Language,
    voicemail::VoiceMessage,
};

pub use self::listen::{audio, back, heard, remove};
use crate::{
    numbers,
    state::Deps,
    twilio::{
        client::ApiError,
        tenant::Tenant,
        translate, twiml,
        webhook::{Signed, WebhookError},
    },
    voice::xml,
};

/// `POST /api/voice/voicemail`: what a caller hears who was sent here. That Twilio asks is how the floor knows that they
/// are here.
pub async fn greet(State(deps): State<Deps>, request: Signed) -> Result<Response, WebhookError> {
    let (call, agent) = named(&request)?;
    let workspace = &request.tenant.workspace;
    let command = Command::ObserveVoicemail { call: call.clone(), agent: agent.clone() };
    let known = {
        let (call, agent) = (call.clone(), agent.clone());
        move |floor: &Floor| Known::of(floor, &call, &agent)
    };
    // Whoever cannot be told of here would be cut off: they leave their message all the same.
    let known = deps.floor(workspace).send_and_look(command, known).await.unwrap_or_else(|error| {
        tracing::error!(%call, ?error, "that somebody is in a voicemail is not yet known");
        None
    });
    Ok(xml(match known.unwrap_or(Known::Here(None)) {
        Known::Here(name) => {
            let name = if let Some(name) = name {
                Some(name)
            } else {
                let account = deps.store.account(workspace, &agent).await.ok().flatten();
                account.map(|account| account.profile.name)
            };
            twiml::voicemail(&request.tenant.urls, &call, &agent, language(&deps, &request).await, name.as_deref())
        }
        // It was given up that they would come here: they wait for somebody again.
        Known::Elsewhere => twiml::into_conference(&request.tenant.urls, &call, 1),
        Known::Over => twiml::hang_up(),
    }))
}

/// What the floor knows of a call whose caller is to leave a message.
enum Known {
    /// They are to leave one for somebody, whose name it knows or not.
    Here(Option<String>),
    /// They are to be elsewhere.
    Elsewhere,
    /// It is over, or about to be.
    Over,
}

impl Known {
    /// A call that is not known any more goes on all the same: they can say what they wanted to say.
    fn of(floor: &Floor, call: &CallId, agent: &AgentId) -> Self {
        let Some(live) = floor.calls.get(call) else {
            // That they left their room may have been taken for hanging up; now Twilio asks for them, so that they are there.
            let ended_here = |ended: &EndedCall| ended.record.hung_up_by != HungUpBy::Caller;
            return if floor.ended(call).is_some_and(ended_here) { Self::Over } else { Self::Here(None) };
        };
        match (&live.place, &live.pending) {
            (_, Some(Pending::HangUp { .. })) => Self::Over,
            (Place::Voicemail { agent: of }, _) if of == agent => {
                Self::Here(floor.agents.get(agent).map(|agent| agent.profile.name.clone()))
            }
            _ => Self::Elsewhere,
        }
    }
}

/// `POST /api/voice/voicemail/over`: they have left a message. Twilio asks this too when they hung up after it, and nobody
/// hears the answer.
pub async fn over(State(deps): State<Deps>, request: Signed) -> Result<Response, WebhookError> {
    if let Err(error) = note(&deps, &request).await {
        // They are thanked: Twilio tells of it once more.
        tracing::error!(%error, "a message is not yet noted");
    }
    Ok(xml(twiml::thanks(language(&deps, &request).await)))
}

/// `POST /api/voice/voicemail/ready`: it can be listened to.
pub async fn ready(State(deps): State<Deps>, request: Signed) -> Result<Response, WebhookError> {
    note(&deps, &request).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn note(deps: &Deps, request: &Signed) -> Result<(), WebhookError> {
    let (call, agent) = named(request)?;
    let Some((recording, seconds)) = translate::recording(request) else { return Ok(()) };
    keep(deps, &request.tenant, &call, &agent, recording, seconds).await
}

/// Notes a message, once, and tells the floor.
async fn keep(
    deps: &Deps,
    tenant: &Tenant,
    call: &CallId,
    agent: &AgentId,
    recording: RecordingId,
    seconds: u32,
) -> Result<(), WebhookError> {
    let workspace = &tenant.workspace;
    let Some(account) = deps.store.account(workspace, agent).await? else { return Ok(()) };
    let floor = deps.floor(workspace);
    let snapshot = floor.snapshot().await?;
    let live = snapshot.calls.get(call).map(|call| &call.caller);
    let caller = live.or_else(|| snapshot.ended(call).map(|ended| &ended.record.caller));
    let message = VoiceMessage {
        recording,
        account: tenant.account.clone(),
        call: call.clone(),
        agent: agent.clone(),
        number: caller.map(|caller| caller.number.clone()).unwrap_or_default(),
        seconds,
        at: deps.clock.now(),
        heard: None,
    };
    deps.store.note_message(workspace, &message).await?;
    // Of whoever was erased nothing is kept that is late, at Twilio neither.
    if account.is_erased() {
        deps.store.remove_message(workspace, &message.recording, deps.clock.now()).await?;
        return Ok(());
    }
    floor.send(Command::ObserveMessage { call: call.clone(), agent: agent.clone() }).await?;
    Ok(())
}

/// Messages that were left in a call that is over, and of which no word came through. `leg` is that of the person outside.
pub(crate) async fn recover(
    deps: &Deps,
    tenant: &Tenant,
    call: &CallId,
    leg: &str,
    agent: &AgentId,
) -> Result<(), ApiError> {
    for recording in tenant.client.recordings_of(leg).await? {
        let Some(seconds) = recording.spoken() else { continue };
        if let Err(error) = keep(deps, tenant, call, agent, recording.sid.as_str().into(), seconds).await {
            tracing::warn!(%call, %error, "a message is not yet noted");
        }
    }
    Ok(())
}

/// The same for the calls of a floor that ended lately, in a voicemail, without a message: both callbacks may have come to a
/// server that was away for a moment.
pub(crate) async fn recover_ended(deps: &Deps, tenant: &Tenant, floor: &Floor) -> Result<(), ApiError> {
    for ended in floor.ended.iter().filter(|ended| !ended.message) {
        let record = &ended.record;
        let Some(voicemail) = &record.voicemail else { continue };
        if let Some(leg) = named_leg(record.direction, &record.call, ended.outside_leg.as_ref()) {
            recover(deps, tenant, &record.call, leg, &voicemail.agent).await?;
        }
    }
    Ok(())
}

/// Twilio's name for the leg of the person outside: whoever calls us has the call's own.
pub(crate) fn outside_leg(call: &Call) -> Option<&str> {
    named_leg(call.direction, &call.id, call.outside_leg.as_ref())
}

fn named_leg<'a>(direction: Direction, call: &'a CallId, outside_leg: Option<&'a LegRef>) -> Option<&'a str> {
    match direction {
        Direction::Inbound => Some(call.as_str()),
        Direction::Outbound | Direction::Internal => outside_leg.map(LegRef::as_str),
    }
}

fn named(request: &Signed) -> Result<(CallId, AgentId), WebhookError> {
    let call = request.call().ok_or(WebhookError::Malformed("call"))?;
    let agent = request.agent().ok_or(WebhookError::Malformed("agent"))?;
    Ok((call, agent))
}

/// The language of the workspace.
async fn language(deps: &Deps, request: &Signed) -> Language {
    let home = numbers::home(deps, &request.tenant.workspace).await.ok().flatten();
    home.map_or(Language::En, |home| home.language)
}

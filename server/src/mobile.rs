//! The mobile phone of somebody who is not here was answered. Whoever did hears who calls, and is in the call only when they
//! press 1: a voicemail, or somebody who cannot talk just now, must not take the caller.

use axum::{extract::State, response::Response};
use switchyard::{
    call::{Call, Caller, LegEnd},
    floor::{Command, LegNews},
    id::{AgentId, CallId, LegId, LegRef, WorkspaceId},
    people::Language,
};

use crate::{
    numbers,
    state::Deps,
    twilio::{
        twiml,
        webhook::{Signed, WebhookError},
    },
    voice::xml,
};

/// The key that takes the call.
const TAKE: &str = "1";

/// Somebody answered (Twilio: Call, `Url`).
pub async fn answered(State(deps): State<Deps>, request: Signed) -> Result<Response, WebhookError> {
    let Some(Wanted { call, leg, agent, caller }) = wanted(&deps, &request, LegNews::Ringing).await? else {
        return Ok(xml(twiml::hang_up()));
    };
    let tenant = &request.tenant;
    let (company, language) = spoken_to(&deps, &tenant.workspace, &agent).await;
    let words = app::spoken::take_call(language, &company, &caller);
    Ok(xml(twiml::screening(&tenant.urls, &call, leg, language, &words)))
}

/// They pressed a key (Twilio: Gather, `action`).
pub async fn pressed(State(deps): State<Deps>, request: Signed) -> Result<Response, WebhookError> {
    let takes = request.field("Digits") == Some(TAKE);
    let news = if takes { LegNews::Ringing } else { LegNews::Gone(LegEnd::Declined) };
    Ok(xml(match wanted(&deps, &request, news).await? {
        Some(Wanted { call, leg, .. }) if takes => twiml::mobile_into_conference(&request.tenant.urls, &call, leg),
        _ => twiml::hang_up(),
    }))
}

/// A leg that the floor waits for.
struct Wanted {
    call: CallId,
    leg: LegId,
    agent: AgentId,
    caller: Caller,
}

impl Wanted {
    /// The same phone may have been called twice, because nobody learned of the first time: only the one that the floor knows
    /// comes through.
    fn of(call: &Call, leg: LegId, reference: &LegRef) -> Option<Self> {
        let known = call.leg(leg).filter(|leg| leg.reference.as_ref() == Some(reference))?;
        let agent = known.agent.clone()?;
        Some(Self { call: call.id.clone(), leg, agent, caller: call.caller.clone() })
    }
}

/// Tells the floor what is news of the leg, and looks whether it is still wanted then.
async fn wanted(deps: &Deps, request: &Signed, news: LegNews) -> Result<Option<Wanted>, WebhookError> {
    let call = request.call().ok_or(WebhookError::Malformed("call"))?;
    let leg = request.leg().ok_or(WebhookError::Malformed("leg"))?;
    let reference = LegRef::from(request.require("CallSid")?);
    let observed = Command::ObserveLeg { call: call.clone(), leg, news, reference: Some(reference.clone()) };
    let floor = deps.floor(&request.tenant.workspace);
    let look = floor.send_and_look(observed, move |floor| {
        let live = floor.calls.get(&call).filter(|_| floor.wants(&call, leg))?;
        Wanted::of(live, leg, &reference)
    });
    Ok(look.await?.flatten())
}

/// What the company is called, and the language in which somebody is spoken to: their own, else the company's.
async fn spoken_to(deps: &Deps, workspace: &WorkspaceId, agent: &AgentId) -> (String, Language) {
    // Both are a courtesy: without the directory the call is announced all the same.
    let (home, account) = tokio::join!(numbers::home(deps, workspace), deps.store.account(workspace, agent));
    let home = home.ok().flatten();
    let own = account.ok().flatten().and_then(|account| account.language);
    let language = own.or(home.as_ref().map(|home| home.language)).unwrap_or(Language::En);
    (home.map(|home| home.name).unwrap_or_default(), language)
}

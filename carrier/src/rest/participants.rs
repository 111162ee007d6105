//! The Participants of a conference (Twilio: Conference Participant resource).

use serde_json::{Value, json};

use super::{
    ask::{Answer, Ask},
    outbound, paging,
};
use crate::{
    engine::{ApiError, ConferenceCallback, Engine, Hook, Join, MemberUpdate, ParticipantView},
    time::rfc2822,
    twiml::Method,
};

/// Adds a participant by calling it; the conference is given by its SID or by its name.
pub(super) fn create(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let (key, form) = (ask.name("ConferenceSid"), &ask.form);
    let outbound = outbound::read(ask)?;
    let coach = form.some("CallSidToCoach").map(str::to_owned);
    let join = Join {
        name: key.to_owned(),
        expected_in: None,
        label: form.some("Label").map(str::to_owned),
        muted: form.flag("Muted").unwrap_or(false),
        start_on_enter: form.flag("StartConferenceOnEnter").unwrap_or(true),
        end_on_exit: form.flag("EndConferenceOnExit").unwrap_or(false),
        wait: wait(ask),
        max: form.number("MaxParticipants").map_or(250, |max| max as usize),
        coaching: form.flag("Coaching").unwrap_or(coach.is_some()),
        coach,
        early_media: form.flag("EarlyMedia").unwrap_or(true),
        callback: form
            .hook("ConferenceStatusCallback", "ConferenceStatusCallbackMethod", Method::Post)
            .map(|hook| ConferenceCallback { hook, events: form.words("ConferenceStatusCallbackEvent", "start end") }),
    };
    engine.add_participant(key, outbound, join).map(|view| Answer::Created(render(&ask.account, &view)))
}

/// Lists who is in, or on the way in; not those who still ring.
pub(super) fn list(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let equal = |name: &str, value: bool| ask.form.flag(name).is_none_or(|wanted| wanted == value);
    let all = engine.participants(&ask.account, ask.name("ConferenceSid"))?;
    let items: Vec<(String, Value)> = all
        .iter()
        .filter(|one| equal("Muted", one.muted) && equal("Hold", one.hold) && equal("Coaching", one.coaching))
        .map(|one| (one.call.clone(), render(&ask.account, one)))
        .collect();
    paging::page(ask, "participants", &items)
}

pub(super) fn fetch(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let view = engine.participant(&ask.account, ask.name("ConferenceSid"), ask.name("CallSid"))?;
    Ok(Answer::Found(render(&ask.account, &view)))
}

pub(super) fn update(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let form = &ask.form;
    let update = MemberUpdate {
        muted: form.flag("Muted"),
        hold: form.flag("Hold"),
        hold_music: form.hook("HoldUrl", "HoldMethod", Method::Get),
        announce: form.hook("AnnounceUrl", "AnnounceMethod", Method::Post),
        wait: wait(ask),
        beep_on_exit: form.flag("BeepOnExit"),
        end_on_exit: form.flag("EndConferenceOnExit"),
        coaching: form.flag("Coaching"),
        coach: form.some("CallSidToCoach").map(str::to_owned),
    };
    let view = engine.update_participant(&ask.account, ask.name("ConferenceSid"), ask.name("CallSid"), update)?;
    Ok(Answer::Found(render(&ask.account, &view)))
}

/// Kicks a participant out.
pub(super) fn delete(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    engine.kick(&ask.account, ask.name("ConferenceSid"), ask.name("CallSid"))?;
    Ok(Answer::Deleted)
}

/// `WaitUrl`, of which an empty one is not the same as none.
fn wait(ask: &Ask) -> Option<Hook> {
    let url = ask.form.get("WaitUrl")?.to_owned();
    Some(Hook { url, method: ask.form.get("WaitMethod").and_then(Method::read).unwrap_or(Method::Post) })
}

fn render(account: &str, view: &ParticipantView) -> Value {
    json!({
        "account_sid": account,
        "call_sid": view.call,
        "label": view.label,
        "conference_sid": view.conference,
        "date_created": rfc2822(view.created),
        "date_updated": rfc2822(view.updated),
        "end_conference_on_exit": view.end_on_exit,
        "muted": view.muted,
        "hold": view.hold,
        "status": view.status,
        "start_conference_on_enter": view.start_on_enter,
        "coaching": view.coaching,
        "call_sid_to_coach": view.coach,
        "queue_time": view.queue_ms.map(|ms| ms.to_string()),
        "uri": format!(
            "/2010-04-01/Accounts/{account}/Conferences/{}/Participants/{}.json",
            view.conference, view.call
        ),
    })
}

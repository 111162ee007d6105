//! The Conferences resource (Twilio: Conference resource).

use serde_json::{Value, json};

use super::{
    ask::{Answer, Ask},
    calls::within,
    paging,
};
use crate::{
    engine::{ApiError, Conference, Engine},
    time::rfc2822,
    twiml::Method,
};

/// Lists conferences, the newest first.
pub(super) fn list(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let equal = |name: &str, value: &str| ask.form.some(name).is_none_or(|wanted| wanted == value);
    let items: Vec<(String, Value)> = engine
        .conferences
        .newest()
        .filter(|conference| conference.account == ask.account)
        .filter(|conference| {
            equal("FriendlyName", &conference.name)
                && equal("Status", conference.status.as_str())
                && within(ask, "DateCreated", Some(conference.created))
                && within(ask, "DateUpdated", Some(conference.updated))
        })
        .map(|conference| (conference.sid.clone(), render(conference)))
        .collect();
    paging::page(ask, "conferences", &items)
}

pub(super) fn fetch(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    engine.conference(&ask.account, ask.name("Sid")).map(render).map(Answer::Found)
}

/// Ends a conference, or plays something into it.
pub(super) fn update(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let sid = engine.conference(&ask.account, ask.name("Sid"))?.sid.clone();
    if let Some(hook) = ask.form.hook("AnnounceUrl", "AnnounceMethod", Method::Post) {
        engine.announce_to_all(&ask.account, &sid, &hook)?;
    }
    if ask.form.some("Status") == Some("completed") {
        engine.complete_conference(&ask.account, &sid)?;
    }
    engine.conference(&ask.account, &sid).map(render).map(Answer::Found)
}

fn render(conference: &Conference) -> Value {
    let uri = format!("/2010-04-01/Accounts/{}/Conferences/{}", conference.account, conference.sid);
    json!({
        "sid": conference.sid,
        "account_sid": conference.account,
        "friendly_name": conference.name,
        "status": conference.status.as_str(),
        "region": "us1",
        "api_version": "2010-04-01",
        "date_created": rfc2822(conference.created),
        "date_updated": rfc2822(conference.updated),
        "reason_conference_ended": conference.ending.as_ref().map(|ending| ending.reason.as_str()),
        "call_sid_ending_conference": conference.ending.as_ref().and_then(|ending| ending.call.as_deref()),
        "uri": format!("{uri}.json"),
        "subresource_uris": {
            "participants": format!("{uri}/Participants.json"),
            "recordings": format!("{uri}/Recordings.json"),
        },
    })
}

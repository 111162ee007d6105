//! The Recordings resource (Twilio: Recording resource), as far as finding and deleting go.

use serde_json::{Value, json};

use super::{
    ask::{Answer, Ask},
    calls::within,
    paging,
};
use crate::{
    engine::{ApiError, Engine, Recording},
    time::rfc2822,
};

/// Lists the recordings of a call, the newest first.
pub(super) fn of_call(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let call = ask.name("CallSid");
    engine.calls.get(call).filter(|call| call.account == ask.account).ok_or_else(ApiError::missing)?;
    let items: Vec<(String, Value)> = engine
        .recordings
        .newest()
        .filter(|recording| recording.account == ask.account && recording.call == call)
        .filter(|recording| within(ask, "DateCreated", Some(recording.created)))
        .map(|recording| {
            let mut item = common(recording, &format!("Calls/{}/Recordings", recording.call));
            item["track"] = json!("both");
            (recording.sid.clone(), item)
        })
        .collect();
    paging::page(ask, "recordings", &items)
}

pub(super) fn fetch(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let recording = engine.recording(&ask.account, ask.name("Sid"))?;
    let mut item = common(recording, "Recordings");
    let uri = format!("/2010-04-01/Accounts/{}/Recordings/{}", recording.account, recording.sid);
    item["media_url"] = json!(format!("https://api.twilio.com{uri}"));
    item["subresource_uris"] = json!({
        "add_on_results": format!("{uri}/AddOnResults.json"),
        "transcriptions": format!("{uri}/Transcriptions.json"),
    });
    Ok(Answer::Found(item))
}

/// Deletes a recording. Twilio keeps what it says of one for forty days, without its sound; here nothing is left.
pub(super) fn delete(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let sid = engine.recording(&ask.account, ask.name("Sid"))?.sid.clone();
    engine.recordings.remove(&sid);
    Ok(Answer::Deleted)
}

fn common(recording: &Recording, under: &str) -> Value {
    let created = rfc2822(recording.created);
    json!({
        "account_sid": recording.account,
        "api_version": "2010-04-01",
        "call_sid": recording.call,
        "conference_sid": null,
        "date_created": created,
        "date_updated": created,
        "start_time": created,
        "duration": recording.seconds.to_string(),
        "sid": recording.sid,
        "price": null,
        "price_unit": "USD",
        "status": "completed",
        "channels": 1,
        "source": "StartCallRecordingAPI",
        "error_code": null,
        "uri": format!("/2010-04-01/Accounts/{}/{under}/{}.json", recording.account, recording.sid),
        "encryption_details": null,
    })
}

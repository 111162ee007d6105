//! The Recordings resource (Twilio: Recording resource), as far as finding, hearing and deleting go.

use std::sync::Arc;

use axum::{
    extract::{FromRequest, Request, State},
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    ask::{Answer, Ask},
    calls::within,
    paging, trouble,
};
use crate::{
    engine::{ApiError, Engine, Recording},
    media,
    mixer::RATE,
    network::Network,
    time::rfc2822,
};

/// What is known of a recording, or with an ending other than `.json` the recording itself.
pub(super) async fn get(State(network): State<Arc<Network>>, request: Request) -> Response {
    if request.uri().path().strip_suffix(".json").is_some() {
        return match Ask::from_request(request, &network).await {
            Ok(ask) => {
                let answer = network.with(|engine| fetch(engine, &ask));
                ask.answer(answer)
            }
            Err(refused) => refused,
        };
    }
    match Ask::for_sound(request, &network).await {
        Ok(ask) => match sound(&network, &ask) {
            Ok(file) => ([(CONTENT_TYPE, "audio/x-wav")], file).into_response(),
            Err(error) => trouble::answer(&error, &ask.path),
        },
        Err(refused) => refused,
    }
}

/// A recording as a file. An account may let anybody hear them; here, as it should be, it wants its credentials.
fn sound(network: &Network, ask: &Ask) -> Result<Vec<u8>, ApiError> {
    let name = ask.name("Sid");
    let sid = name.strip_suffix(".wav").unwrap_or(name);
    if sid.strip_suffix(".mp3").is_some() {
        let message = "MP3 is not written here: ask for .wav".to_owned();
        return Err(ApiError { status: 501, code: 0, message });
    }
    let (trimmed, seconds) = network.look(|engine| {
        let recording = engine.recording(&ask.account, sid)?;
        Ok::<_, ApiError>((recording.trimmed, usize::try_from(recording.seconds).unwrap_or(0)))
    })?;
    // Those that the control interface made are silent.
    let samples = network.media.studio().take(sid, trimmed).unwrap_or_else(|| vec![0; seconds * RATE]);
    Ok(media::linear_wav(&samples))
}

/// Deletes one: what is known of it, and its sound.
pub(super) async fn remove(State(network): State<Arc<Network>>, ask: Ask) -> Response {
    let answer = network.with(|engine| delete(engine, &ask));
    if answer.is_ok() {
        network.media.studio().forget_take(ask.name("Sid"));
    }
    ask.answer(answer)
}

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

fn fetch(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
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
fn delete(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
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
        "source": recording.source,
        "error_code": null,
        "uri": format!("/2010-04-01/Accounts/{}/{under}/{}.json", recording.account, recording.sid),
        "encryption_details": null,
    })
}

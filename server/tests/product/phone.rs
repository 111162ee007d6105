//! Phones in pages, as far as they go without a page: holds, lines that break, and calls that agents place.

use serde_json::json;
use server::{demo::WORKSPACE, twilio::signature::SigningKey};
use switchyard::{
    agent::{Device, Presence, Profile, Role},
    call::{Direction, Outside, Place},
    floor::{Command, DeviceNews, Floor, Intent, Refusal, Settings},
    history::{HungUpBy, Outcome},
    id::CallId,
    service::Rejected,
};

use super::{
    is_with, maria_talks_to_ana,
    stage::{ACCOUNT, Stage, TOKEN},
};

pub const DENTIST: &str = "+40733222111";
pub const PLACED: &str = "CA00000000000000000000000000000a11";

async fn page(stage: &Stage, agent: &str, news: DeviceNews) {
    stage.send(Command::ObserveDevice { agent: agent.into(), news }).await.unwrap();
}

fn is_broken(floor: &Floor, call: &CallId) -> bool {
    is_with(floor, call, "ana") && floor.calls[call].broken.is_some()
}

/// Ana's page places a call: the carrier asks what to do with her leg.
pub async fn ana_dials(stage: &Stage, to: &str) -> String {
    let form = [
        ("AccountSid", ACCOUNT),
        ("CallSid", PLACED),
        ("From", "client:salon_ana"),
        ("To", to),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
    ];
    let key = SigningKey::new(TOKEN);
    let answer = stage.webhook("/api/twilio/outbound?workspace=salon", &form, Some(&key)).await;
    assert!(answer.status().is_success(), "{}", answer.status());
    answer.text().await.unwrap()
}

#[tokio::test]
async fn a_caller_on_hold_hears_music_until_they_are_resumed() {
    let stage = Stage::set(&[]).await;
    let call = maria_talks_to_ana(&stage).await;
    stage.ask("ana", Intent::Hold { call: call.clone() }).await.unwrap();
    stage.until_true("Maria is on hold", |truth| truth.is_held(&call)).await;
    assert_eq!(stage.ask("ana", Intent::Hold { call: call.clone() }).await.ok(), Some(stage.floor().await.version));
    let strange = stage.ask("mihai", Intent::Resume { call: call.clone() }).await;
    assert!(matches!(strange, Err(Rejected::Refused(Refusal::NotYours))));
    // The comparison with the carrier, every two seconds here, leaves her there.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert!(stage.truth().await.is_held(&call));
    stage.ask("ana", Intent::Resume { call: call.clone() }).await.unwrap();
    stage.until_true("Maria talks again", |truth| !truth.is_held(&call)).await;
}

#[tokio::test]
async fn an_agent_whose_line_broke_comes_back_to_the_call() {
    let stage = Stage::set(&[]).await;
    page(&stage, "ana", DeviceNews::Here).await;
    let call = maria_talks_to_ana(&stage).await;
    stage.hangs_up("ana").await;
    stage.until("the call is still Ana's", |floor| is_broken(floor, &call)).await;
    stage.until_true("Maria hears music", |truth| truth.is_held(&call) && truth.agents_with(&call).is_empty()).await;
    let strange = stage.ask("mihai", Intent::Rejoin { call: call.clone() }).await;
    assert!(matches!(strange, Err(Rejected::Refused(Refusal::NotBroken))));

    stage.ask("ana", Intent::Rejoin { call: call.clone() }).await.unwrap();
    let since = stage.floor().await.calls[&call].place_since;
    let back = |floor: &Floor| is_with(floor, &call, "ana") && floor.calls[&call].broken.is_none();
    let floor = stage.until("Ana is back", back).await;
    assert_eq!(floor.calls[&call].place_since, since, "it is still the same talk");
    stage.until_true("they talk", |truth| truth.agents_with(&call) == ["ana".into()] && !truth.is_held(&call)).await;
}

#[tokio::test]
async fn a_page_that_was_away_for_a_moment_breaks_nothing() {
    let stage = Stage::set(&[]).await;
    page(&stage, "ana", DeviceNews::Here).await;
    let call = maria_talks_to_ana(&stage).await;
    page(&stage, "ana", DeviceNews::Lost).await;
    assert!(matches!(stage.floor().await.agents[&"ana".into()].device, Device::Gone { .. }));
    page(&stage, "ana", DeviceNews::Here).await;
    assert!(stage.floor().await.calls[&call].broken.is_none());
    assert_eq!(stage.truth().await.agents_with(&call), ["ana".into()]);
}

#[tokio::test]
async fn a_page_that_stays_away_gives_the_call_to_the_queue() {
    let stage = Stage::set(&[]).await;
    stage.send(Command::Configure(Settings { rejoin_secs: 1, ..Settings::default() })).await.unwrap();
    page(&stage, "ana", DeviceNews::Here).await;
    let call = maria_talks_to_ana(&stage).await;
    // The network is gone: the page's socket says so, the carrier has not noticed.
    page(&stage, "ana", DeviceNews::Lost).await;
    stage.until("Maria waits for somebody else", |floor| floor.calls[&call].place == Place::Queue).await;
    stage.until_true("Ana's leg is ended", |truth| truth.agents_with(&call).is_empty() && truth.is_held(&call)).await;
}

#[tokio::test]
async fn a_call_that_an_agent_places_rings_and_is_answered() {
    let stage = Stage::set(&[]).await;
    stage.outside_phone(DENTIST, json!({ "answers": "never" })).await;
    let twiml = ana_dials(&stage, "0733 222 111").await;
    assert!(
        twiml.contains("<Dial") && twiml.contains(">call-CA00000000000000000000000000000a11</Conference>"),
        "{twiml}"
    );
    let call = CallId::from(PLACED);
    let floor = stage.until("it rings there", |floor| floor.calls[&call].outside == Outside::Ringing).await;
    let placed = &floor.calls[&call];
    assert_eq!((placed.direction, placed.caller.number.as_str()), (Direction::Outbound, DENTIST));
    assert!(is_with(&floor, &call, "ana"));
    // Asked again, it is the same call.
    assert_eq!(ana_dials(&stage, DENTIST).await, twiml);

    stage.outside_answers(DENTIST).await;
    stage.until("they talk", |floor| floor.calls[&call].outside == Outside::Connected).await;
    stage.outside_hangs_up(DENTIST).await;
    stage.until("it is over", |floor| floor.calls.is_empty()).await;
    let record = stage.deps().store.history(&WORKSPACE.into(), None, 1).await.unwrap().remove(0);
    assert_eq!((record.outcome, record.hung_up_by), (Outcome::Answered, HungUpBy::Caller));
    assert_eq!((record.direction, record.agent), (Direction::Outbound, Some("ana".into())));
}

#[tokio::test]
async fn a_call_that_is_not_taken_says_why() {
    for (answers, outcome) in
        [("busy", Outcome::Busy), ("rejects", Outcome::Declined), ("unregistered", Outcome::Failed)]
    {
        let stage = Stage::set(&["--wrap-up-secs", "0"]).await;
        stage.outside_phone(DENTIST, json!({ "answers": answers })).await;
        ana_dials(&stage, DENTIST).await;
        stage.until("it is over", |floor| floor.ended(&PLACED.into()).is_some()).await;
        let record = stage.deps().store.history(&WORKSPACE.into(), None, 1).await.unwrap().remove(0);
        assert_eq!(record.outcome, outcome, "{answers}");
        stage.until_true("no leg is left", |truth| truth.live() == 0).await;
    }
}

#[tokio::test]
async fn a_call_whose_end_nobody_reports_is_found_to_be_over() {
    let stage = Stage::set(&[]).await;
    stage.outside_phone(DENTIST, json!({ "answers": "never" })).await;
    ana_dials(&stage, DENTIST).await;
    let call = CallId::from(PLACED);
    stage.until("it rings there", |floor| floor.calls[&call].outside == Outside::Ringing).await;
    stage.faults(json!({ "lose": 1.0 })).await;
    stage.outside_rejects(DENTIST).await;
    stage.until("it is over", |floor| floor.calls.is_empty()).await;
}

#[tokio::test]
async fn an_agent_gives_up_before_anybody_answers() {
    let stage = Stage::set(&[]).await;
    stage.outside_phone(DENTIST, json!({ "answers": "never" })).await;
    ana_dials(&stage, DENTIST).await;
    let call = CallId::from(PLACED);
    stage.until("it rings there", |floor| floor.calls[&call].outside == Outside::Ringing).await;
    stage.ask("ana", Intent::HangUp { call }).await.unwrap();
    stage.until("it is over", |floor| floor.calls.is_empty()).await;
    let record = stage.deps().store.history(&WORKSPACE.into(), None, 1).await.unwrap().remove(0);
    assert_eq!((record.outcome, record.hung_up_by), (Outcome::Canceled, HungUpBy::Agent("ana".into())));
    stage.until_true("their phone stops", |truth| truth.live() == 0).await;
}

#[tokio::test]
async fn what_a_page_passes_is_not_trusted() {
    let stage = Stage::set(&[]).await;
    let numbers = ["+18765551234", "+442079460018", "112", "911", "1-1-2"];
    for to in ["", "hello", "client:salon_mihai", "sip:a@b"].iter().chain(&numbers) {
        let twiml = ana_dials(&stage, to).await;
        assert!(twiml.contains("<Hangup") && !twiml.contains("<Dial"), "{to}: {twiml}");
    }
    assert!(stage.floor().await.calls.is_empty());
    let key = SigningKey::new(TOKEN);
    for from in ["client:other_ana", "client:salon", "+40722111222"] {
        let form = [("AccountSid", ACCOUNT), ("CallSid", "CA9"), ("From", from), ("To", DENTIST)];
        let answer = stage.webhook("/api/voice/outbound?workspace=salon", &form, Some(&key)).await;
        assert_eq!(answer.status(), 400, "{from}");
    }
    let form = [("AccountSid", ACCOUNT), ("CallSid", "CA9"), ("From", "client:salon_ana"), ("To", DENTIST)];
    assert_eq!(stage.webhook("/api/voice/outbound?workspace=salon", &form, None).await.status(), 403);
}

#[tokio::test]
async fn a_colleague_is_called_by_an_extension_from_before_emergency_numbers_were_looked_at() {
    let stage = Stage::set(&[]).await;
    let dan = Profile { id: "dan".into(), name: "Dan".into(), extension: "112".into(), role: Role::Agent };
    stage.send(Command::Seat(dan)).await.unwrap();
    stage.presence("dan", Presence::Away).await;
    stage.phone("dan", "never", 0).await;
    for to in ["911", "1-1-2"] {
        let twiml = ana_dials(&stage, to).await;
        assert!(twiml.contains("<Hangup") && !twiml.contains("<Dial"), "{to}: {twiml}");
    }
    let twiml = ana_dials(&stage, "112").await;
    assert!(twiml.contains("<Dial"), "{twiml}");
    let floor = stage.floor().await;
    let call = &floor.calls[&CallId::from(PLACED)];
    assert_eq!((call.direction, &call.colleague), (Direction::Internal, &Some("dan".into())));
}

#[tokio::test]
async fn too_many_calls_in_an_hour_are_refused() {
    let stage = Stage::set(&["--wrap-up-secs", "0"]).await;
    stage
        .send(Command::Configure(Settings { dials_per_agent: 1, wrap_up_secs: 0, ..Settings::default() }))
        .await
        .unwrap();
    stage.outside_phone(DENTIST, json!({ "answers": "busy" })).await;
    ana_dials(&stage, DENTIST).await;
    stage.until("the first is over", |floor| floor.ended(&PLACED.into()).is_some()).await;
    let floor = stage.floor().await;
    let now = stage.deps().clock.now();
    assert!(matches!(floor.may_dial(&"ana".into(), now), Err(Refusal::TooManyCalls { retry_secs: 3500..=3601 })));
    assert!(floor.may_dial(&"mihai".into(), now).is_ok());
}

//! People who are not here, and whose mobile phone rings instead: on a real carrier, with what it answers and who comes in.

use std::time::Duration;

use serde_json::{Value, json};
use server::{demo::WORKSPACE, twilio::signature::SigningKey};
use switchyard::{
    agent::{Presence, Status, WhenAway},
    call::{Failure, LegState, OfferReason, Place, Via},
    floor::{Command, Floor, Intent},
    id::CallId,
    people::{Fallback, Language},
};

use super::{
    is_with, maria_talks_to_ana,
    stage::{ACCOUNT, Stage, TOKEN, Truth},
    with,
};

const MIHAIS: &str = "+40733000111";

/// Mihai is not here and wants to be called on his mobile phone, which is like that.
async fn mihai_goes(stage: &Stage, phone: Value) {
    stage.outside_phone(MIHAIS, phone).await;
    can_be_called(stage, Fallback::Mobile(MIHAIS.into())).await;
    stage.presence("mihai", Presence::Offline).await;
    let goes = |floor: &Floor| floor.agents[&"mihai".into()].when_away == WhenAway::Mobile;
    stage.until("the floor knows it", goes).await;
}

async fn can_be_called(stage: &Stage, fallback: Fallback) {
    let store = &stage.deps().store;
    let mut mihai = store.account(&WORKSPACE.into(), &"mihai".into()).await.unwrap().unwrap();
    mihai.fallback = fallback;
    store.put_account(&mihai).await.unwrap();
    server::people::seat_everyone(stage.deps().clone()).await;
}

fn answers_at_once() -> Value {
    json!({ "answers": "after_ms", "after_ms": 20 })
}

/// Maria talks to Ana, who moves the call to Mihai.
async fn moved_to_mihai(stage: &Stage) -> CallId {
    let call = maria_talks_to_ana(stage).await;
    stage.move_call("ana", &call, with("mihai")).await.unwrap();
    call
}

/// The last call to his mobile phone.
fn mobile(truth: &Truth) -> Option<&Value> {
    truth.0["calls"].as_array().unwrap().iter().rev().find(|one| one["to"] == MIHAIS)
}

fn is_asked(truth: &Truth) -> bool {
    mobile(truth).is_some_and(|leg| leg["gathering"] == true)
}

/// Whether his mobile phone is in the call's conference, with Maria off hold.
fn is_in(truth: &Truth, call: &CallId) -> bool {
    let calls = truth.0["calls"].as_array().unwrap();
    let room = &calls.iter().find(|one| one["sid"] == call.as_str()).unwrap()["conference"];
    let there = mobile(truth).is_some_and(|leg| leg["conference"] == *room && leg["label"] == "leg-2");
    !room.is_null() && there && !truth.is_held(call)
}

/// Whoever answered is asked whether they take the call, and presses that key.
async fn presses(stage: &Stage, key: &str) {
    let truth = stage.until_true("somebody is asked to press a key", is_asked).await;
    let sid = mobile(&truth).unwrap()["sid"].as_str().unwrap();
    let request = stage.http.post(format!("{}/carrier/calls/{sid}/digits", stage.carrier_url));
    request.json(&json!({ "digits": key })).send().await.unwrap().error_for_status().unwrap();
}

fn returned(floor: &Floor, call: &CallId) -> bool {
    floor.calls[call].offer.as_ref().is_some_and(|offer| offer.reason == OfferReason::Returned)
        || is_with(floor, call, "ana")
}

/// How far his leg is.
fn state(floor: &Floor, call: &CallId) -> Option<LegState> {
    let legs = floor.calls[call].legs.iter();
    legs.filter(|leg| leg.via == Via::Mobile).map(|leg| leg.state).next_back()
}

#[tokio::test]
async fn a_call_moved_to_somebody_who_is_not_here_is_taken_on_their_mobile() {
    let stage = Stage::set(&[]).await;
    mihai_goes(&stage, answers_at_once()).await;
    let call = moved_to_mihai(&stage).await;
    let truth = stage.until_true("somebody is asked to press a key", is_asked).await;
    let leg = mobile(&truth).unwrap();
    assert_eq!((leg["from"].as_str(), leg["direction"].as_str()), (Some("+40312345678"), Some("outbound-api")));
    assert!(truth.is_held(&call), "nobody hears the caller yet");
    let floor = stage.floor().await;
    assert_eq!(floor.status(&"mihai".into()), Some(Status::Ringing), "answering is not taking the call");
    presses(&stage, "1").await;
    stage.until("Mihai has the call", |floor| is_with(floor, &call, "mihai")).await;
    stage.until_true("he and Maria are in it", |truth| is_in(truth, &call) && truth.live() == 2).await;
    // Nothing on the floor says which number that is.
    let floor = serde_json::to_string(&*stage.floor().await).unwrap();
    assert!(!floor.contains(MIHAIS) && !floor.contains("733000111"));
    // The comparison, every two seconds here, finds nothing to mend; then they hang up, and it is over.
    stage.outside_hangs_up(MIHAIS).await;
    stage.until("the call is over", |floor| floor.calls.is_empty()).await;
    stage.until_true("for Maria too", |truth| !truth.is_live(&call)).await;
}

#[tokio::test]
async fn they_hear_who_calls_in_their_own_language() {
    let stage = Stage::set(&[]).await;
    mihai_goes(&stage, json!({ "answers": "never" })).await;
    let store = &stage.deps().store;
    let mut mihai = store.account(&WORKSPACE.into(), &"mihai".into()).await.unwrap().unwrap();
    mihai.language = Some(Language::Ro);
    store.put_account(&mihai).await.unwrap();
    let call = moved_to_mihai(&stage).await;
    stage.until("it rings", |floor| state(floor, &call) == Some(LegState::Ringing)).await;
    let truth = stage.truth().await;
    let leg = mobile(&truth).unwrap()["sid"].as_str().unwrap().to_owned();
    let asks = async |sid: &str, path: &str, more: &[(&str, &str)]| {
        let form = [("AccountSid", ACCOUNT), ("CallSid", sid), ("CallStatus", "in-progress"), ("From", "+40312345678")];
        let form: Vec<_> = form.iter().chain(more).copied().collect();
        let path = format!("{path}?workspace=salon&call={call}&leg=2");
        let answer = stage.webhook(&path, &form, Some(&SigningKey::new(TOKEN))).await;
        assert!(answer.status().is_success(), "{}", answer.status());
        answer.text().await.unwrap()
    };
    let said = asks(&leg, "/api/voice/mobile", &[]).await;
    assert!(said.contains("ro-RO") && said.contains("Salon Aurora") && said.contains("Maria Enache"), "{said}");
    assert!(said.contains("<Gather") && !said.contains("<Conference"), "{said}");
    // Only the call that the floor knows comes through: the same phone may have been called twice.
    for (path, more) in [("/api/voice/mobile", &[][..]), ("/api/voice/mobile/key", &[("Digits", "1")])] {
        let other = asks("CA00000000000000000000000000000b22", path, more).await;
        assert!(other.contains("<Hangup/>") && !other.contains("<Gather") && !other.contains("<Conference"), "{other}");
    }
    let taken = asks(&leg, "/api/voice/mobile/key", &[("Digits", "1")]).await;
    assert!(taken.contains("participantLabel=\"leg-2\"") && taken.contains("endConferenceOnExit=\"false\""), "{taken}");
    // Taken back, it is nobody's any more.
    stage.ask("ana", Intent::CancelMove { call: call.clone() }).await.unwrap();
    let late = asks(&leg, "/api/voice/mobile/key", &[("Digits", "1")]).await;
    assert!(late.contains("<Hangup/>") && !late.contains("<Conference"), "{late}");
    stage
        .until_true("nothing rings there", |truth| {
            mobile(truth).unwrap()["status"] == "completed" || mobile(truth).unwrap()["status"] == "canceled"
        })
        .await;
}

#[tokio::test]
async fn whoever_presses_another_key_declines() {
    let stage = Stage::set(&[]).await;
    mihai_goes(&stage, answers_at_once()).await;
    let call = moved_to_mihai(&stage).await;
    presses(&stage, "2").await;
    let floor = stage.until("it goes back to Ana", |floor| returned(floor, &call)).await;
    assert!(floor.calls[&call].notice.as_ref().is_none_or(|notice| notice.failure == Failure::Declined));
    stage.until("Ana has it again", |floor| is_with(floor, &call, "ana")).await;
    stage.until_true("and Mihai's phone is free", |truth| truth.live() == 2).await;
}

#[tokio::test]
async fn a_voicemail_that_answers_takes_nobody() {
    let stage = Stage::set(&[]).await;
    mihai_goes(&stage, json!({ "answers": "after_ms", "after_ms": 20, "sends": { "tone": 620 } })).await;
    let call = moved_to_mihai(&stage).await;
    stage.until_true("a voicemail is asked to press a key", is_asked).await;
    let floor = stage.until("nobody did", |floor| returned(floor, &call)).await;
    assert!(floor.calls[&call].notice.as_ref().is_none_or(|notice| notice.failure == Failure::NoAnswer));
    stage.until("Ana has it again", |floor| is_with(floor, &call, "ana")).await;
    let truth = stage.until_true("Mihai's phone is free", |truth| truth.live() == 2).await;
    assert!(truth.is_live(&call));
}

#[tokio::test]
async fn a_phone_that_does_not_take_it_gives_the_call_back() {
    let stage = Stage::set(&[]).await;
    for answers in ["busy", "rejects", "unregistered"] {
        mihai_goes(&stage, json!({ "answers": answers })).await;
        let call = moved_to_mihai(&stage).await;
        stage.until("it goes back to Ana", |floor| returned(floor, &call)).await;
        stage.until("Ana has it again", |floor| is_with(floor, &call, "ana")).await;
        stage.caller_hangs_up(&call).await;
        stage.until("it is over", |floor| floor.calls.is_empty()).await;
        stage.ask("ana", Intent::FinishWrapUp).await.unwrap();
    }
}

#[tokio::test]
async fn a_caller_who_leaves_while_they_are_asked_leaves_nobody_behind() {
    let stage = Stage::set(&[]).await;
    mihai_goes(&stage, answers_at_once()).await;
    let call = moved_to_mihai(&stage).await;
    stage.until_true("somebody is asked to press a key", is_asked).await;
    stage.caller_hangs_up(&call).await;
    stage.until("it is over", |floor| floor.calls.is_empty()).await;
    stage.until_true("for everybody", |truth| truth.live() == 0).await;
}

#[tokio::test]
async fn a_number_that_may_not_be_called_is_not_called_and_that_is_said() {
    let stage = Stage::set(&[]).await;
    mihai_goes(&stage, answers_at_once()).await;
    let call = maria_talks_to_ana(&stage).await;
    // Noted when the workspace called more countries; an emergency number; none any more, which the floor does not know yet.
    let store = &stage.deps().store;
    for (nth, fallback) in [Fallback::Mobile("+442079460018".into()), Fallback::Mobile("112".into()), Fallback::Nowhere]
        .into_iter()
        .enumerate()
    {
        let mut mihai = store.account(&WORKSPACE.into(), &"mihai".into()).await.unwrap().unwrap();
        mihai.fallback = fallback;
        store.put_account(&mihai).await.unwrap();
        stage.move_call("ana", &call, with("mihai")).await.unwrap();
        let said = |floor: &Floor| {
            let call = &floor.calls[&call];
            call.offer.is_none() && call.notice.as_ref().is_some_and(|notice| notice.failure == Failure::NoMobile)
        };
        let floor = stage.until(&format!("it is said ({nth})"), said).await;
        assert!(is_with(&floor, &call, "ana"));
        stage.until_true("they go on talking", |truth| !truth.is_held(&call) && truth.live() == 2).await;
        can_be_called(&stage, Fallback::Mobile(MIHAIS.into())).await;
    }
}

#[tokio::test]
async fn a_server_that_dies_meanwhile_neither_loses_the_call_nor_rings_twice() {
    let mut stage = Stage::set(&[]).await;
    mihai_goes(&stage, answers_at_once()).await;
    let call = moved_to_mihai(&stage).await;
    stage.until_true("somebody is asked to press a key", is_asked).await;
    stage.kill();
    stage.start().await;
    presses(&stage, "1").await;
    stage.until("Mihai has the call", |floor| is_with(floor, &call, "mihai")).await;
    let truth = stage.until_true("he and Maria are in it", |truth| is_in(truth, &call)).await;
    let rung = truth.0["calls"].as_array().unwrap().iter().filter(|one| one["to"] == MIHAIS).count();
    assert_eq!(rung, 1);
    // Dead while they talk, and while he hangs up: the comparison sees it.
    stage.kill();
    stage.outside_hangs_up(MIHAIS).await;
    stage.start().await;
    stage.until_true("it is over for Maria", |truth| !truth.is_live(&call)).await;
    stage.until("and on the floor", |floor| floor.calls.is_empty()).await;
}

#[tokio::test]
async fn lost_callbacks_are_made_up_for_and_whoever_is_asked_is_not_taken_for_one_who_is_in() {
    let stage = Stage::set(&[]).await;
    mihai_goes(&stage, answers_at_once()).await;
    let call = maria_talks_to_ana(&stage).await;
    stage.faults(json!({ "seed": 1, "lose": 1.0 })).await;
    stage.move_call("ana", &call, with("mihai")).await.unwrap();
    stage.until_true("somebody is asked to press a key", is_asked).await;
    // That they are not taken for one who is in the call takes two comparisons to be seen.
    let mistaken = stage.until("the comparison is mistaken", |floor| is_with(floor, &call, "mihai"));
    tokio::time::timeout(Duration::from_secs(4), mistaken).await.unwrap_err();
    presses(&stage, "1").await;
    stage.until("Mihai has the call", |floor| is_with(floor, &call, "mihai")).await;
    stage.outside_hangs_up(MIHAIS).await;
    stage.until_true("it is over for Maria", |truth| !truth.is_live(&call)).await;
}

#[tokio::test]
async fn with_requests_that_fail_after_they_got_through_a_mobile_is_not_called_twice() {
    for seed in 1..5 {
        let stage = Stage::set(&[]).await;
        mihai_goes(&stage, json!({ "answers": "never" })).await;
        let call = stage.call_in("+40722111222").await;
        stage.faults(json!({ "seed": seed, "rest_error": 0.6, "lose": 1.0 })).await;
        stage.move_call("ana", &call, with("mihai")).await.unwrap();
        let settled = |floor: &Floor| state(floor, &call).is_none_or(|state| state > LegState::Asked);
        stage.until("it is settled", |floor| settled(floor) || floor.calls[&call].offer.is_none()).await;
        let truth = stage.truth().await;
        assert!(truth.0["calls"].as_array().unwrap().iter().filter(|one| one["to"] == MIHAIS).count() <= 1, "{seed}");
    }
}

#[tokio::test]
async fn callers_of_a_number_that_only_they_answer_reach_their_mobile() {
    let stage = Stage::set(&[]).await;
    mihai_goes(&stage, json!({ "answers": "rejects", "after_ms": 20 })).await;
    let lines = [("+40312345678".to_owned(), ["mihai".into()].into())].into();
    stage.send(Command::Staff(lines)).await.unwrap();
    let call = stage.call_in("+40722111222").await;
    let declined = |floor: &Floor| {
        let call = &floor.calls[&call];
        call.offer.is_none() && call.notice.as_ref().is_some_and(|notice| notice.failure == Failure::Declined)
    };
    stage.until("it rang once", declined).await;
    assert_eq!(stage.floor().await.calls[&call].place, Place::Queue);
    stage.outside_phone(MIHAIS, answers_at_once()).await;
    let second = stage.call_in("+40723456789").await;
    presses(&stage, "1").await;
    stage.until("Mihai has the second", |floor| is_with(floor, &second, "mihai")).await;
    let truth = stage.truth().await;
    assert_eq!(truth.0["calls"].as_array().unwrap().iter().filter(|one| one["to"] == MIHAIS).count(), 2);
}

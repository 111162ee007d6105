//! People outside who are added to a call, on a real carrier: who hears whom is what its conference says.

use reqwest::StatusCode;
use serde_json::{Value, json};
use switchyard::{
    agent::Presence,
    call::{Call, Failure, LegState, Place},
    floor::{Command, DeviceNews, Floor, Intent, Settings},
    id::{CallId, LegId},
};

use super::{
    is_with, maria_talks_to_ana,
    stage::{Stage, Truth},
};

pub const DENTIST: &str = "+40733222111";
const SOFIA: &str = "+40744100200";

/// Somebody at their page asks for somebody to be added. Answers the status and what was said.
pub async fn adds(stage: &Stage, who: &str, call: &CallId, to: &str) -> (StatusCode, Value) {
    let request = stage.browser.post(stage.url("/sign-in/demo")).form(&[("agent", who)]);
    let signed_in = request.send().await.unwrap();
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let body = json!({ "call": call, "to": to });
    let request = stage.browser.post(stage.url("/api/fn/add_to_call")).header("cookie", cookie).json(&body);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

/// Whoever is outside and in the call's conference, besides the caller: each with whether they are on hold.
fn added(truth: &Truth, call: &CallId) -> Vec<(String, bool)> {
    let calls = truth.0["calls"].as_array().unwrap();
    let room = &calls.iter().find(|one| one["sid"] == call.as_str()).unwrap()["conference"];
    let is_there = |one: &&Value| {
        let label = one["label"].as_str().unwrap_or_default();
        !room.is_null() && one["conference"] == *room && one["status"] == "in-progress" && label.starts_with("added-")
    };
    let there = calls.iter().filter(is_there);
    there.map(|one| (one["to"].as_str().unwrap().to_owned(), one["hold"] == true)).collect()
}

fn state(call: &Call) -> Option<LegState> {
    call.leg(call.added.first()?.leg).map(|leg| leg.state)
}

fn is_in(floor: &Floor, call: &CallId) -> bool {
    floor.calls.get(call).is_some_and(|call| state(call) == Some(LegState::Joined))
}

/// Maria talks to Ana, who has added the dentist.
pub async fn three(stage: &Stage) -> CallId {
    let call = maria_talks_to_ana(stage).await;
    stage.outside_phone(DENTIST, json!({ "answers": "after_ms", "after_ms": 50 })).await;
    let (status, said) = adds(stage, "ana", &call, "0733 222 111").await;
    assert_eq!(status, 200, "{said}");
    stage.until("the dentist is in the call", |floor| is_in(floor, &call)).await;
    stage.until_true("the carrier says so, too", |truth| added(truth, &call) == [(DENTIST.into(), false)]).await;
    call
}

#[tokio::test]
async fn somebody_outside_is_called_into_the_call_and_sent_out_again() {
    let stage = Stage::set(&[]).await;
    let call = maria_talks_to_ana(&stage).await;
    stage.outside_phone(SOFIA, json!({ "answers": "never" })).await;
    assert_eq!(adds(&stage, "ana", &call, "0744 100 200").await.0, 200);
    let floor = stage.until("it rings there", |floor| state(&floor.calls[&call]) == Some(LegState::Ringing)).await;
    let who = &floor.calls[&call].added[0].who;
    assert_eq!((who.number.as_str(), who.name.as_deref()), (SOFIA, Some("Sofia Lazăr")));
    let truth = stage.truth().await;
    assert!(!truth.is_held(&call) && truth.agents_with(&call) == ["ana".into()], "Ana and Maria go on talking");
    let leg = truth.0["calls"].as_array().unwrap().iter().find(|one| one["to"] == SOFIA).unwrap();
    assert_eq!((leg["from"].as_str(), leg["label"].as_str()), (Some("+40312345678"), Some("added-2")));

    stage.outside_answers(SOFIA).await;
    stage.until("she is in the call", |floor| is_in(floor, &call)).await;
    stage.until_true("the carrier says so, too", |truth| added(truth, &call).len() == 1).await;
    stage.ask("ana", Intent::Remove { call: call.clone(), leg: LegId(2) }).await.unwrap();
    stage.until_true("she is out, and the others are not", |truth| truth.live() == 2).await;
    let floor = stage.floor().await;
    assert!(is_with(&floor, &call, "ana") && floor.calls[&call].added.is_empty());
    assert_eq!(floor.calls[&call].notice, None);
}

#[tokio::test]
async fn who_does_not_come_is_said_and_the_others_go_on() {
    let stage = Stage::set(&[]).await;
    let call = maria_talks_to_ana(&stage).await;
    for (answers, failure) in
        [("busy", Failure::Busy), ("rejects", Failure::Declined), ("unregistered", Failure::Unreachable)]
    {
        stage.outside_phone(DENTIST, json!({ "answers": answers })).await;
        assert_eq!(adds(&stage, "ana", &call, DENTIST).await.0, 200);
        let said = |floor: &Floor| floor.calls[&call].notice.clone().filter(|_| floor.calls[&call].added.is_empty());
        let floor = stage.until("it is said", |floor| said(floor).is_some()).await;
        let notice = said(&floor).unwrap();
        assert_eq!((notice.failure, notice.added.unwrap().number.as_str()), (failure, DENTIST), "{answers}");
        assert!(is_with(&floor, &call, "ana"));
    }
    stage.until_true("two talk", |truth| truth.live() == 2 && !truth.is_held(&call)).await;
}

#[tokio::test]
async fn what_cannot_be_added_is_refused_with_the_reason() {
    let stage = Stage::set(&[]).await;
    let call = maria_talks_to_ana(&stage).await;
    let refused = |why: Value| json!({ "refused": { "why": why, "colleague": null } });
    for (who, to, status, said) in [
        ("ana", "hello", 422, json!("not_a_number")),
        ("ana", "+442079460018", 403, json!("country_not_allowed")),
        ("ana", "112", 403, json!("emergency")),
        ("ana", "0722 111 222", 409, refused(json!("already_there"))),
        ("mihai", DENTIST, 403, refused(json!("not_yours"))),
    ] {
        let (answered, why) = adds(&stage, who, &call, to).await;
        assert_eq!((answered.as_u16(), why), (status, said), "{who} {to}");
    }
    assert_eq!(adds(&stage, "ana", &"CA9".into(), DENTIST).await.0, 404);
    stage.send(Command::Configure(Settings { dials_per_agent: 0, ..Settings::default() })).await.unwrap();
    assert_eq!(adds(&stage, "ana", &call, DENTIST).await.0, 429);
    let nobody = stage.browser.post(stage.url("/api/fn/add_to_call")).json(&json!({ "call": call, "to": DENTIST }));
    assert_eq!(nobody.send().await.unwrap().status(), 401);
    assert_eq!(stage.truth().await.live(), 2);
    // By extension it is a colleague, who is rung like one.
    stage.phone("mihai", "never", 0).await;
    stage.presence("mihai", Presence::Available).await;
    let extension = stage.floor().await.agents[&"mihai".into()].profile.extension.clone();
    assert_eq!(adds(&stage, "ana", &call, &extension).await.0, 200);
    stage.until("Mihai is rung", |floor| floor.calls[&call].offer.is_some()).await;
}

#[tokio::test]
async fn holding_holds_everybody_outside_and_the_comparison_sees_to_it() {
    let stage = Stage::set(&[]).await;
    let call = three(&stage).await;
    stage.ask("ana", Intent::Hold { call: call.clone() }).await.unwrap();
    let both = |truth: &Truth, held| truth.is_held(&call) == held && added(truth, &call) == [(DENTIST.into(), held)];
    stage.until_true("both hear music", |truth| both(truth, true)).await;
    // Somebody takes the dentist off hold behind our back: the comparison, every two seconds here, puts it right.
    let truth = stage.truth().await;
    let room = truth.0["conferences"].as_array().unwrap().last().unwrap()["sid"].as_str().unwrap().to_owned();
    let url = format!(
        "{}/2010-04-01/Accounts/{}/Conferences/{room}/Participants/added-2.json",
        stage.carrier_url,
        super::stage::ACCOUNT
    );
    let request = stage.http.post(url).basic_auth(super::stage::ACCOUNT, Some(super::stage::TOKEN));
    request.form(&[("Hold", "false")]).send().await.unwrap().error_for_status().unwrap();
    stage.until_true("both hear music again", |truth| both(truth, true)).await;
    stage.ask("ana", Intent::Resume { call: call.clone() }).await.unwrap();
    stage.until_true("all talk", |truth| both(truth, false)).await;
}

#[tokio::test]
async fn a_line_that_breaks_holds_both_and_one_that_is_lost_leaves_nobody_behind() {
    let stage = Stage::set(&[]).await;
    stage.send(Command::Configure(Settings { rejoin_secs: 3, ..Settings::default() })).await.unwrap();
    stage.send(Command::ObserveDevice { agent: "ana".into(), news: DeviceNews::Here }).await.unwrap();
    let call = three(&stage).await;
    stage.hangs_up("ana").await;
    stage
        .until_true("both hear music", |truth| truth.is_held(&call) && added(truth, &call) == [(DENTIST.into(), true)])
        .await;
    stage.ask("ana", Intent::Rejoin { call: call.clone() }).await.unwrap();
    stage
        .until_true("all talk", |truth| {
            !truth.is_held(&call)
                && added(truth, &call) == [(DENTIST.into(), false)]
                && truth.agents_with(&call) == ["ana".into()]
        })
        .await;
    stage.hangs_up("ana").await;
    stage.until("Maria waits for somebody else", |floor| floor.calls[&call].place == Place::Queue).await;
    stage.until_true("the dentist is gone", |truth| truth.live() == 1 && truth.is_held(&call)).await;
}

#[tokio::test]
async fn when_the_caller_hangs_up_it_is_over_for_all() {
    let stage = Stage::set(&[]).await;
    let call = three(&stage).await;
    stage.caller_hangs_up(&call).await;
    stage.until("the floor is empty", |floor| floor.calls.is_empty()).await;
    stage.until_true("nobody is left", |truth| truth.live() == 0).await;
    // While they are still rung, too.
    let call = maria_talks_to_ana(&stage).await;
    stage.outside_phone(DENTIST, json!({ "answers": "never" })).await;
    adds(&stage, "ana", &call, DENTIST).await;
    stage.until("it rings there", |floor| state(&floor.calls[&call]) == Some(LegState::Ringing)).await;
    stage.ask("ana", Intent::HangUp { call }).await.unwrap();
    stage.until("the floor is empty", |floor| floor.calls.is_empty()).await;
    stage.until_true("the dentist's phone stops", |truth| truth.live() == 0).await;
}

#[tokio::test]
async fn lost_callbacks_and_a_restart_lose_nobody() {
    let mut stage = Stage::set(&[]).await;
    let call = maria_talks_to_ana(&stage).await;
    stage.faults(json!({ "seed": 1, "lose": 1.0 })).await;
    stage.outside_phone(DENTIST, json!({ "answers": "never" })).await;
    assert_eq!(adds(&stage, "ana", &call, DENTIST).await.0, 200);
    stage.until_true("it rings there", |truth| truth.live() == 3).await;
    stage.kill();
    stage.outside_answers(DENTIST).await;
    stage.start().await;
    stage.until("the dentist is in the call", |floor| is_in(floor, &call)).await;
    stage.outside_hangs_up(DENTIST).await;
    let floor = stage.until("the dentist is gone", |floor| floor.calls[&call].added.is_empty()).await;
    assert!(is_with(&floor, &call, "ana") && floor.calls[&call].notice.is_none());
}

#[tokio::test]
async fn with_requests_that_fail_after_they_got_through_nobody_is_called_twice() {
    let stage = Stage::set(&[]).await;
    let call = maria_talks_to_ana(&stage).await;
    stage.outside_phone(DENTIST, json!({ "answers": "after_ms", "after_ms": 300 })).await;
    stage.faults(json!({ "seed": 7, "rest_error": 0.6 })).await;
    assert_eq!(adds(&stage, "ana", &call, DENTIST).await.0, 200);
    stage.until("it is settled", |floor| is_in(floor, &call) || floor.calls[&call].added.is_empty()).await;
    stage.faults(json!({})).await;
    let floor = stage.floor().await;
    let expected = usize::from(is_in(&floor, &call));
    stage
        .until_true("as on the floor", |truth| added(truth, &call).len() == expected && truth.live() == 2 + expected)
        .await;
    assert!(is_with(&floor, &call, "ana"));
}

//! Whoever is erased here is erased at Twilio, too: calls with them, and what was recorded.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use server::{
    commands,
    config::{GdprDeed, Whom},
    demo, privacy,
    twilio::setup::{KeyWish, Wish},
    vault::Secret,
};
use switchyard::{
    numbers::Number,
    ports::{CarrierCall, Undeleted},
};

use crate::{
    privacy::{ERASE, MARIA},
    setup::{OTHER_ACCOUNT, OTHER_TOKEN, behind_our_back},
    stage::{ACCOUNT, Stage, TOKEN, Truth},
};

/// Signs the demo's owner in, and gives the cookie.
async fn cristina(stage: &Stage) -> String {
    let request = stage.browser.post(stage.url("/sign-in/demo")).form(&[("agent", "cristina")]);
    let answer = request.send().await.unwrap();
    answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

async fn erase(stage: &Stage, number: &str) -> (u16, String, String) {
    let cookie = cristina(stage).await;
    let form = [("number", number), ("sure", "yes")];
    let request = stage.browser.post(stage.url(ERASE)).header("cookie", cookie).form(&form);
    let answer = request.send().await.unwrap();
    let to = answer.headers().get("location").map_or("", |to| to.to_str().unwrap()).to_owned();
    (answer.status().as_u16(), to, answer.text().await.unwrap())
}

/// A number of ours of whose calls the carrier does not tell us.
const UNTOLD: &str = "+40312000000";
/// A number of another system on the same account.
const ELSEWHERE: &str = "+40312000001";

/// A call with us that is over, known to the carrier only, with a recording.
async fn recorded(stage: &Stage, number: &str) -> String {
    let ours = Number::named(UNTOLD, "The fax of old");
    stage.deps().store.put_number(&demo::WORKSPACE.into(), &ours).await.unwrap();
    recorded_at(stage, number, UNTOLD).await
}

/// The same with whoever has `line`, which leads nowhere.
async fn recorded_at(stage: &Stage, number: &str, line: &str) -> String {
    stage.put(&format!("numbers/{line}"), &json!({ "account_sid": ACCOUNT })).await;
    let call = stage.dial_to(number, line).await;
    stage
        .until_true("the call is over", |truth| {
            let mut calls = truth.0["calls"].as_array().unwrap().iter();
            calls.any(|one| one["sid"] == call.as_str() && one["status"] != "ringing" && one["status"] != "in-progress")
        })
        .await;
    let url = format!("{}/carrier/calls/{call}/recordings", stage.carrier_url);
    stage.http.post(url).json(&json!({ "seconds": 9 })).send().await.unwrap().error_for_status().unwrap();
    call.to_string()
}

fn in_the_salons_account(call: String) -> CarrierCall {
    CarrierCall { account: ACCOUNT.into(), call }
}

/// The page, as the demo's owner reads it.
async fn page(stage: &Stage) -> String {
    let request = stage.browser.get(stage.url("/settings/privacy")).header("cookie", cristina(stage).await);
    request.send().await.unwrap().text().await.unwrap()
}

fn mentions(truth: &Value, number: &str) -> bool {
    truth["calls"].as_array().unwrap().iter().any(|call| call["from"] == number || call["to"] == number)
}

#[tokio::test]
async fn calls_and_recordings_are_deleted_at_twilio_too() {
    let stage = Stage::set(&[]).await;
    recorded(&stage, MARIA).await;
    recorded(&stage, "+40723456789").await;
    let (status, to, page) = erase(&stage, MARIA).await;
    assert_eq!((status, to.as_str()), (303, "/settings/privacy?done=erased"), "{page}");
    let truth = stage.truth().await.0;
    assert!(!mentions(&truth, MARIA) && mentions(&truth, "+40723456789"));
    assert_eq!(truth["recordings"].as_array().unwrap().len(), 1, "the other's stays");
    let workspace = demo::WORKSPACE.into();
    assert!(stage.deps().store.contact_with(&workspace, MARIA).await.unwrap().is_none());
}

/// The calls that the carrier has with a number.
fn calls_with(truth: &Truth, number: &str) -> BTreeSet<String> {
    let all = truth.0["calls"].as_array().unwrap().iter();
    let theirs = all.filter(|call| call["from"] == number || call["to"] == number);
    theirs.map(|call| call["sid"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn calls_of_other_systems_on_the_same_account_stay_and_hold_nobody_up() {
    let stage = Stage::set(&[]).await;
    recorded(&stage, MARIA).await;
    recorded_at(&stage, MARIA, ELSEWHERE).await;
    stage.outside_phone(MARIA, json!({ "answers": "after_ms", "after_ms": 0 })).await;
    let call = async |from: &str, twiml: &str| {
        let form = [("From", from), ("To", MARIA), ("Twiml", twiml)];
        behind_our_back(&stage, (ACCOUNT, TOKEN), "Calls", &form).await;
    };
    call(UNTOLD, "<Response><Hangup/></Response>").await;
    stage.until_true("we called her", |truth| truth.live() == 0).await;
    call(ELSEWHERE, "<Response><Pause length=\"60\"/></Response>").await;
    let truth = stage.until_true("another system talks to her", |truth| truth.live() == 1).await;
    let with_another = |call: &&Value| call["from"] == ELSEWHERE || call["to"] == ELSEWHERE;
    let theirs = truth.0["calls"].as_array().unwrap().iter().filter(with_another);
    let theirs: BTreeSet<_> = theirs.map(|call| call["sid"].as_str().unwrap().to_owned()).collect();
    assert_eq!((theirs.len(), calls_with(&truth, MARIA).len()), (2, 4));

    let (status, to, said) = erase(&stage, MARIA).await;
    assert_eq!((status, to.as_str()), (303, "/settings/privacy?done=erased"), "{said}");
    let truth = stage.truth().await;
    assert_eq!(calls_with(&truth, MARIA), theirs);
    assert_eq!((truth.live(), truth.0["recordings"].as_array().unwrap().len()), (1, 1), "with what was recorded");
}

#[tokio::test]
async fn calls_with_a_number_that_was_given_back_since_are_deleted_as_the_history_knows() {
    let stage = Stage::set(&[]).await;
    let (store, workspace, line) = (&stage.deps().store, demo::WORKSPACE.into(), "+40312345678");
    let call = stage.call_in(MARIA).await;
    stage.caller_hangs_up(&call).await;
    stage.until("the floor is empty", |floor| floor.calls.is_empty()).await;
    stage.clock.by(Duration::from_mins(3));
    store.forget_number(&workspace, line).await.unwrap();
    store.remove_number(&workspace, line).await.unwrap();
    let (status, to, said) = erase(&stage, MARIA).await;
    assert_eq!((status, to.as_str()), (303, "/settings/privacy?done=erased"), "{said}");
    assert_eq!(calls_with(&stage.truth().await, MARIA), BTreeSet::new());
}

/// A text message that the carrier has.
async fn texted(stage: &Stage, from: &str, to: &str, status: &str) -> String {
    let body = json!({ "from": from, "to": to, "body": "Until five", "status": status });
    let request = stage.http.post(format!("{}/carrier/messages", stage.carrier_url)).json(&body);
    let made: Value = request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
    made["sid"].as_str().unwrap().to_owned()
}

/// The text messages that the carrier has, the oldest first.
fn texts(truth: &Value) -> Vec<String> {
    let all = truth["messages"].as_array().unwrap().iter().rev();
    all.map(|message| message["sid"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn text_messages_with_our_numbers_are_deleted_at_twilio_too() {
    let stage = Stage::set(&[]).await;
    let (workspace, ours) = (demo::WORKSPACE.into(), "+40312345678");
    stage.put(&format!("numbers/{ELSEWHERE}"), &json!({ "account_sid": ACCOUNT })).await;
    let from_her = texted(&stage, MARIA, ours, "received").await;
    let to_her = texted(&stage, ours, MARIA, "sending").await;
    let of_another = texted(&stage, "+40723456789", ours, "received").await;
    let with_no_number_of_ours = texted(&stage, MARIA, ELSEWHERE, "received").await;
    let told =
        |truth: &Truth| truth.0["messages"].as_array().unwrap().iter().all(|message| message["status"] != "receiving");
    stage.until_true("we were told of those that came in", told).await;
    let (status, to, said) = erase(&stage, MARIA).await;
    assert_eq!((status, to.as_str()), (303, "/settings/privacy?done=erasing"), "{said}");
    let left = [to_her.clone(), of_another.clone(), with_no_number_of_ours.clone()];
    assert_eq!(texts(&stage.truth().await.0), left, "one is on its way still, and others are none of hers and ours");
    assert!(!texts(&stage.truth().await.0).contains(&from_her));
    assert!(page(&stage).await.contains("still to be deleted at Twilio: 1"));

    stage.put(&format!("messages/{to_her}"), &json!({ "status": "delivered" })).await;
    privacy::finish(stage.deps().desk(), None).await;
    assert_eq!(texts(&stage.truth().await.0), [of_another, with_no_number_of_ours]);
    let store = &stage.deps().store;
    assert_eq!(store.undeleted_of(&workspace).await.unwrap(), Undeleted::default());
}

#[tokio::test]
async fn nobody_is_erased_while_a_call_goes_on_or_twilio_is_away() {
    let stage = Stage::set(&[]).await;
    let workspace = demo::WORKSPACE.into();
    let call = stage.call_in(MARIA).await;
    let (status, _, page) = erase(&stage, MARIA).await;
    assert!(status == 409 && page.contains("a call of theirs goes on"), "{page}");
    stage.caller_hangs_up(&call).await;
    stage.until("the floor is empty", |floor| floor.calls.is_empty()).await;
    // News of it may still come, and would bring her back.
    assert_eq!(erase(&stage, MARIA).await.0, 409);

    stage.faults(json!({ "seed": 1, "rest_429": 1.0 })).await;
    let (status, _, page) = erase(&stage, "+40723456789").await;
    assert!(status == 503 && page.contains("Nothing was erased"), "{page}");
    let store = &stage.deps().store;
    for number in [MARIA, "+40723456789"] {
        assert!(store.contact_with(&workspace, number).await.unwrap().is_some(), "{number}");
    }
}

#[tokio::test]
async fn what_could_not_be_deleted_is_tried_again() {
    let stage = Stage::set(&[]).await;
    let workspace = demo::WORKSPACE.into();
    let call = recorded(&stage, MARIA).await;
    stage.faults(json!({ "seed": 1, "rest_429": 1.0 })).await;
    let (store, now) = (&stage.deps().store, stage.deps().clock.now());
    let gone = "CA00000000000000000000000000000000".to_owned();
    store.erase_number(&workspace, MARIA, &[call, gone].map(in_the_salons_account), now).await.unwrap();
    privacy::finish(stage.deps().desk(), None).await;
    assert_eq!(store.undeleted_of(&workspace).await.unwrap(), Undeleted { here: 2, elsewhere: 0 });
    assert!(page(&stage).await.contains("still to be deleted at Twilio: 2"));

    stage.faults(json!({})).await;
    privacy::finish(stage.deps().desk(), None).await;
    assert_eq!(store.undeleted_of(&workspace).await.unwrap(), Undeleted::default(), "one was gone already");
    let truth = stage.truth().await.0;
    assert!(!mentions(&truth, MARIA) && truth["recordings"].as_array().unwrap().is_empty());
}

/// Whether Twilio still has the account.
async fn account_is(stage: &Stage, status: &str) {
    stage.put(&format!("accounts/{ACCOUNT}/status"), &json!({ "status": status })).await;
}

#[tokio::test]
async fn with_a_closed_account_what_was_in_it_is_twilios_to_forget() {
    let stage = Stage::set(&[]).await;
    let workspace = demo::WORKSPACE.into();
    let call = recorded(&stage, "+40723456789").await;
    let (store, now) = (&stage.deps().store, stage.deps().clock.now());
    store.erase_number(&workspace, "+40723456789", &[in_the_salons_account(call)], now).await.unwrap();
    account_is(&stage, "suspended").await;
    let (status, _, said) = erase(&stage, MARIA).await;
    assert!(status == 503 && said.contains("Nothing was erased"), "it may be opened again: {said}");
    assert!(store.contact_with(&workspace, MARIA).await.unwrap().is_some());
    privacy::finish(stage.deps().desk(), None).await;
    assert_eq!(store.undeleted_of(&workspace).await.unwrap(), Undeleted { here: 1, elsewhere: 0 });

    account_is(&stage, "closed").await;
    let (status, to, said) = erase(&stage, MARIA).await;
    assert_eq!((status, to.as_str()), (303, "/settings/privacy?done=erased"), "{said}");
    assert!(store.contact_with(&workspace, MARIA).await.unwrap().is_none());
    assert_eq!(store.undeleted_of(&workspace).await.unwrap(), Undeleted::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_account_has_waits_until_it_is_connected_again() {
    let stage = Stage::set(&[]).await;
    let workspace = demo::WORKSPACE.into();
    let call = recorded(&stage, MARIA).await;
    let (store, setup) = (&stage.deps().store, &stage.deps().setup);
    store.erase_number(&workspace, MARIA, &[in_the_salons_account(call)], stage.deps().clock.now()).await.unwrap();
    stage.put(&format!("accounts/{OTHER_ACCOUNT}"), &json!({ "auth_token": OTHER_TOKEN })).await;
    let connect = async |account: &str, token: &str| {
        let (account, token, countries) = (account.to_owned(), Secret::new(token), "ro".to_owned());
        setup.connect(&workspace, Wish { account, token, key: KeyWish::Make, countries }).await.unwrap();
    };
    connect(OTHER_ACCOUNT, OTHER_TOKEN).await;
    privacy::finish(stage.deps().desk(), None).await;
    assert_eq!(store.undeleted_of(&workspace).await.unwrap(), Undeleted { here: 0, elsewhere: 1 });
    let said = page(&stage).await;
    assert!(said.contains("no longer connected: 1") && !said.contains("deleted at Twilio:"), "{said}");
    let somebody = Whom { number: Some("+40723456789".into()), email: None };
    let erase = GdprDeed::Erase { workspace: demo::WORKSPACE.into(), whom: somebody, yes: true };
    let (said, code) = commands::gdpr(setup, erase).await;
    assert!(code == 1 && said.contains("1 in accounts that are no longer connected"), "{said}");

    connect(ACCOUNT, TOKEN).await;
    assert!(mentions(&stage.truth().await.0, MARIA), "it was there all the time");
    privacy::finish(stage.deps().desk(), None).await;
    assert_eq!(store.undeleted_of(&workspace).await.unwrap(), Undeleted::default());
    assert!(!mentions(&stage.truth().await.0, MARIA));
}

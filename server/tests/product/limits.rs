//! Whoever asks too often is told when to come back, and nobody else notices.

use reqwest::Method;
use serde_json::json;
use server::twilio::signature::SigningKey;
use switchyard::floor::{Command, Settings};

use super::{
    maria_talks_to_ana,
    office::{Answer, Browser, Office, PASSWORD},
    people,
    phone::{DENTIST, PLACED, ana_dials},
    stage::{ACCOUNT, Stage, TOKEN},
};

const JSON: &str = "application/json";

#[tokio::test]
async fn a_page_that_asks_for_tokens_all_the_time_is_told_to_wait() {
    let office = Office::staffed().await;
    let (ana, sara) = (office.signed_in("ana").await, office.signed_in("sara").await);
    let mut last = ana.send(Method::POST, "/api/token", JSON, String::new()).await;
    for _ in 0..40 {
        last = ana.send(Method::POST, "/api/token", JSON, String::new()).await;
    }
    assert!(last.status == 429 && last.retry_after.is_some_and(|seconds| (1..=3).contains(&seconds)), "{last:?}");
    let other = sara.send(Method::POST, "/api/token", JSON, String::new()).await;
    assert_eq!(other.status, 409, "a colleague is not meant: {other:?}");
    // The floor itself is asked as before.
    assert_eq!(ana.send(Method::POST, "/api/fn/load_floor", JSON, "{}".into()).await.status, 200);
}

#[tokio::test]
async fn a_page_that_asks_its_floor_all_the_time_is_told_to_wait() {
    let office = Office::staffed().await;
    let ana = office.signed_in("ana").await;
    let intent = r#"{"intent":"finish_wrap_up"}"#;
    let asks = (0..400).map(|_| ana.send(Method::POST, "/api/fn/ask", JSON, intent.into()));
    let answers = futures::future::join_all(asks).await;
    assert!(answers.iter().any(|answer| answer.status == 429));
    assert!(answers.iter().all(|answer| [200, 409, 429].contains(&answer.status)));
    assert!(answers.iter().all(|answer| answer.retry_after.is_some() == (answer.status == 429)));
    // It is counted together, whatever is asked.
    for function in ["load_floor", "load_calls", "prepare_dial", "add_to_call", "find_contacts"] {
        let path = format!("/api/fn/{function}");
        let asks = (0..400).map(|_| ana.send(Method::POST, &path, JSON, "{}".into()));
        let answers = futures::future::join_all(asks).await;
        assert!(answers.iter().any(|answer| answer.status == 429 && answer.retry_after == Some(1)), "{function}");
    }
}

#[tokio::test]
async fn whoever_has_called_too_often_is_told_in_how_long_they_may_call_again() {
    let stage = Stage::set(&["--wrap-up-secs", "0"]).await;
    let settings = Settings { dials_per_agent: 1, wrap_up_secs: 0, ..Settings::default() };
    stage.send(Command::Configure(settings)).await.unwrap();
    stage.outside_phone(DENTIST, json!({ "answers": "busy" })).await;
    ana_dials(&stage, DENTIST).await;
    stage.until("the first is over", |floor| floor.ended(&PLACED.into()).is_some()).await;

    let mut ana = Browser::at(stage.url(""));
    ana.sign_in("ana@aurora.example", "aurora-demo").await;
    let within_the_hour = |answer: &Answer| {
        answer.status == 429 && answer.retry_after.is_some_and(|seconds| (3500..=3601).contains(&seconds))
    };
    let dial = json!({ "to": DENTIST }).to_string();
    let refused = ana.send(Method::POST, "/api/fn/prepare_dial", JSON, dial).await;
    assert!(within_the_hour(&refused), "{refused:?}");
    // Nor is anybody called into a call.
    let call = maria_talks_to_ana(&stage).await;
    let add = json!({ "call": call, "to": DENTIST }).to_string();
    let refused = ana.send(Method::POST, "/api/fn/add_to_call", JSON, add).await;
    assert!(within_the_hour(&refused), "{refused:?}");
}

#[tokio::test]
async fn whoever_guesses_a_password_is_told_how_long_to_wait_wherever_they_guess() {
    let office = Office::staffed().await;
    let (mut ana, mut gina) = (office.signed_in("ana").await, office.signed_in("gina").await);
    let guess = [("current", "a guess"), ("password", "a new password")];
    for _ in 0..5 {
        let wrong = ana.post("/profile/password", &guess).await;
        assert_eq!((wrong.status, wrong.retry_after), (422, None));
    }
    let wait = Some(15 * 60 + 1);
    let throttled = ana.post("/profile/password", &guess).await;
    assert_eq!((throttled.status, throttled.retry_after), (429, wait));
    assert!(throttled.page.contains("<form"), "it is the page, with what to do");
    let right = ana.post("/profile/password", &[("current", PASSWORD), ("password", "a new password")]).await;
    assert_eq!((right.status, right.retry_after), (429, wait), "the right one is not told apart");

    // Whoever is invited by another company proves that they are the same.
    let invited = people::add(&mut gina, "Sara", "sara@example.com", "200").await;
    let link = people::link(&mut gina, &invited).await;
    let mut stranger = office.browser();
    let guess = [("name", "Sara"), ("password", "another guess")];
    for _ in 0..5 {
        let wrong = stranger.post(&link, &guess).await;
        assert_eq!((wrong.status, wrong.retry_after), (422, None));
    }
    let throttled = stranger.post(&link, &guess).await;
    assert_eq!((throttled.status, throttled.retry_after), (429, wait));

    // And at the door.
    let throttled = office.browser().sign_in("sara@example.com", "a third guess").await;
    assert_eq!((throttled.status, throttled.retry_after), (429, wait));
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_who_send_webhooks_are_told_to_wait_and_twilio_is_not() {
    let stage = Stage::set(&[]).await;
    let form =
        [("AccountSid", ACCOUNT), ("CallSid", "CA00000000000000000000000000000001"), ("CallStatus", "completed")];
    let path = "/api/voice/status?workspace=salon&call=CA00000000000000000000000000000001";
    let mut refused = stage.webhook(path, &form, None).await;
    assert_eq!(refused.status(), 403);
    for _ in 0..400 {
        refused = stage.webhook(path, &form, None).await;
        if refused.status() == 429 {
            break;
        }
    }
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "1");
    // From the same address, but signed.
    let signed = stage.webhook(path, &form, Some(&SigningKey::new(TOKEN))).await;
    assert_eq!(signed.status(), 204);
}

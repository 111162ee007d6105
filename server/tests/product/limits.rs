//! Whoever asks too often is told when to come back, and nobody else notices.

use reqwest::Method;
use server::twilio::signature::SigningKey;

use super::{
    office::Office,
    stage::{ACCOUNT, Stage, TOKEN},
};

const JSON: &str = "application/json";

#[tokio::test]
async fn a_page_that_asks_for_tokens_all_the_time_is_told_to_wait() {
    let office = Office::staffed().await;
    let (ana, sara) = (office.signed_in("ana").await, office.signed_in("sara").await);
    let mut last = 0;
    for _ in 0..40 {
        last = ana.send(Method::POST, "/api/token", JSON, String::new()).await.status;
    }
    assert_eq!(last, 429);
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

//! Webhooks: signed, retried, redirected, and what becomes of them when the application fails.

use std::time::Duration;

use carrier::signature::sign;
use serde_json::{Value, json};

use crate::world::*;

/// Calls the number with another voice URL.
async fn call_at(world: &World, voice_url: &str, method: &str) -> String {
    let number = json!({ "account_sid": ACCOUNT, "voice_url": voice_url, "voice_method": method });
    world.control("PUT", &format!("/carrier/numbers/{NUMBER}"), &number).await;
    world.call().await
}

/// Whether a webhook is signed for its URL and parameters.
fn signed(hook: &Hook) -> bool {
    let form: &[(String, String)] = if hook.method == "GET" { &[] } else { &hook.form };
    hook.header("x-twilio-signature") == sign(TOKEN, &hook.url, form)
}

#[tokio::test]
async fn every_request_is_signed_and_looks_like_twilios() {
    let world = World::new().await;
    world.twiml("/voice", "<Redirect method=\"GET\">/next?a=b%20c</Redirect>");
    world.call().await;
    let post = world.hook("the voice webhook", |hook| hook.path == "/voice").await;
    let get = world.hook("the redirect", |hook| hook.path == "/next").await;
    world.hook("the status callback", |hook| hook.path == "/status").await;
    assert_eq!((&*post.method, &*get.method), ("POST", "GET"));
    assert_eq!((get.get("a"), get.get("CallSid")), ("b c", post.get("CallSid")));
    for hook in world.received() {
        assert!(signed(&hook), "{hook:?}");
        assert_eq!(hook.header("user-agent"), "TwilioProxy/1.1");
        assert_eq!(hook.header("x-home-region"), "us1");
        assert!(!hook.header("i-twilio-idempotency-token").is_empty());
    }
    assert!(post.header("content-type").starts_with("application/x-www-form-urlencoded"));
}

#[tokio::test]
async fn a_connection_that_fails_is_tried_twice_and_a_server_error_once() {
    let world = World::new().await;
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let nobody = format!("http://{}/voice", closed.local_addr().expect("an address"));
    drop(closed);
    call_at(&world, &nobody, "POST").await;
    let delivery = world.delivery(|one| one["url"] == json!(nobody)).await;
    assert_eq!((&delivery["attempts"], &delivery["status"]), (&json!(2), &Value::Null));
    world.page("/broken", Page::Status(500));
    let broken = world.url("/broken");
    call_at(&world, &broken, "POST").await;
    let delivery = world.delivery(|one| one["url"] == json!(broken)).await;
    assert_eq!((&delivery["attempts"], &delivery["status"]), (&json!(1), &json!(500)));
    let notices = world.control("GET", "/carrier/notifications", &Value::Null).await;
    let codes: Vec<_> = notices.as_array().expect("a list").iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, [json!(11200), json!(11205)]);
    assert_eq!(world.truth().await["webhooks"]["retried"], json!(1));
}

#[tokio::test]
async fn the_fragment_of_a_url_says_how_often_to_try() {
    let world = World::new().await;
    world.page("/broken", Page::Status(503));
    let eager = world.url("/broken?x=1#rc=2&rp=5xx");
    call_at(&world, &eager, "POST").await;
    let tries = world.hooks("three attempts", 3, |hook| hook.path == "/broken").await;
    let tokens: Vec<_> = tries.iter().map(|hook| hook.header("i-twilio-idempotency-token")).collect();
    assert!(tokens.iter().all(|token| *token == tokens[0]));
    assert!(tries.iter().all(|hook| signed(hook) && hook.url.ends_with("/broken?x=1")));
    assert_eq!(world.delivery(|one| one["url"] == json!(eager)).await["attempts"], json!(3));
}

#[tokio::test]
async fn whoever_is_too_slow_is_not_waited_for() {
    let world = World::new().await;
    world.page("/slow", Page::Slow(Duration::from_mins(1)));
    let slow = world.url("/slow#rt=100");
    call_at(&world, &slow, "POST").await;
    let delivery = world.delivery(|one| one["url"] == json!(slow)).await;
    assert_eq!((&delivery["status"], &delivery["error"]), (&Value::Null, &json!("HTTP request timed out")));
}

#[tokio::test]
async fn a_redirect_loses_the_parameters() {
    let world = World::new().await;
    world.page("/old", Page::Redirect(302, world.url("/new?x=1")));
    call_at(&world, &world.url("/old"), "POST").await;
    let arrived = world.hook("the redirected request", |hook| hook.path == "/new").await;
    assert_eq!((&*arrived.method, arrived.get("CallSid")), ("GET", ""));
    assert!(signed(&arrived));
    world.page("/round", Page::Redirect(307, world.url("/round")));
    let round = world.url("/round");
    call_at(&world, &round, "POST").await;
    let delivery = world.delivery(|one| one["url"] == json!(round)).await;
    assert_eq!(delivery["error"], json!("HTTP too many redirects"));
}

#[tokio::test]
async fn the_type_of_an_answer_decides_what_it_is() {
    for (kind, body, code) in [
        ("application/json", "{}", Some(12300)),
        ("text/xml", "", Some(11770)),
        ("text/xml", "<Response>", Some(12100)),
        ("text/plain", "just words", None),
        ("audio/mpeg", "no music at all", Some(12400)),
        ("text/html; charset=utf-8", "<Response/>", None),
    ] {
        let world = World::new().await;
        world.page("/voice", Page::Other(kind, body.to_owned()));
        world.call().await;
        world.hook("the end", |hook| hook.path == "/status").await;
        let notices = world.control("GET", "/carrier/notifications", &Value::Null).await;
        assert_eq!(notices[0]["code"], json!(code), "{kind}");
    }
}

#[tokio::test]
async fn credentials_in_a_url_are_given_when_asked_for() {
    let world = World::new().await;
    world.page("/voice", Page::Challenge);
    let secret = world.url("/voice").replace("http://", "http://user:pass@");
    call_at(&world, &secret, "POST").await;
    let tries = world.hooks("two requests", 2, |hook| hook.path == "/voice").await;
    assert_eq!((tries[0].header("authorization"), tries[1].header("authorization")), ("", "Basic dXNlcjpwYXNz"));
    assert!(tries.iter().all(signed), "the signature leaves credentials out");
    assert_eq!(world.delivery(|one| one["url"] == json!(secret)).await["attempts"], json!(1));
}

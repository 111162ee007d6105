//! The control interface.

use serde_json::{Value, json};

use crate::world::*;

#[tokio::test]
async fn it_is_up() {
    let world = World::new().await;
    let response = world.client.get(format!("{}/healthz", world.base)).send().await.expect("an answer");
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn a_reset_forgets_calls_silently_and_keeps_who_exists() {
    let world = World::new().await;
    world.conference("r", "");
    world.script("ana", &json!({ "answers": "never" })).await;
    world.call().await;
    world.hook("a join", |hook| hook.get("StatusCallbackEvent") == "participant-join").await;
    world.add("r", "ana", "ana").await;
    world.control("DELETE", "/carrier/truth", &Value::Null).await;
    let truth = world.truth().await;
    assert_eq!((&truth["calls"], &truth["conferences"]), (&json!([]), &json!([])));
    assert_eq!(truth["webhooks"], json!({ "sent": 0, "failed": 0, "retried": 0 }));
    assert_eq!(world.control("GET", "/carrier/webhooks", &Value::Null).await, json!([]));
    let again = world.call().await;
    world.hook("the voice webhook", |hook| hook.path == "/voice" && hook.get("CallSid") == again).await;
    let ended = |hook: &Hook| matches!(hook.get("StatusCallbackEvent"), "conference-end" | "participant-leave");
    assert!(!world.received().iter().any(ended), "nobody was told of the reset");
}

#[tokio::test]
async fn callers_do_what_their_behaviour_says() {
    let world = World::new().await;
    world.twiml("/voice", "<Gather action=\"/menu\" numDigits=\"1\" timeout=\"600\"/>");
    world.twiml("/menu", "<Pause length=\"600\"/>");
    let behaviour = json!({ "hangs_up_after_ms": 2000, "digits": [{ "after_ms": 1000, "digits": "7" }] });
    let call = json!({ "from": CALLER, "to": NUMBER, "name": null, "behaviour": behaviour });
    world.control("POST", "/carrier/calls", &call).await;
    let menu = world.hook("the menu", |hook| hook.path == "/menu").await;
    assert_eq!(menu.get("Digits"), "7");
    let end = world.hook("the end", |hook| hook.path == "/status").await;
    assert_eq!(end.get("CallStatus"), "completed");
}

#[tokio::test]
async fn keys_can_be_pressed_by_hand() {
    let world = World::new().await;
    world.twiml("/voice", "<Gather action=\"/menu\" timeout=\"600\"/>");
    let sid = world.call().await;
    world.delivery(|one| one["url"] == json!(world.url("/voice"))).await;
    world.control("POST", &format!("/carrier/calls/{sid}/digits"), &json!({ "digits": "42#" })).await;
    assert_eq!(world.hook("the menu", |hook| hook.path == "/menu").await.get("Digits"), "42");
}

#[tokio::test]
async fn endpoints_can_be_moved_by_hand() {
    let world = World::new().await;
    world.control("PUT", "/carrier/phones/+40733000000", &json!({ "answers": "never" })).await;
    let call = [("From", NUMBER), ("To", "+40733000000"), ("Twiml", "<Response><Pause length=\"600\"/></Response>")];
    let status = async |path: &str| {
        let (_, value) = world.rest("GET", path, &[]).await;
        value["status"].as_str().unwrap_or_default().to_owned()
    };
    for (deeds, expected) in
        [(vec!["answer"], "in-progress"), (vec!["answer", "hangup"], "completed"), (vec!["reject"], "busy")]
    {
        let (_, made) = world.rest("POST", "/Calls.json", &call).await;
        let path = format!("/Calls/{}.json", made["sid"].as_str().expect("a SID"));
        while status(&path).await != "ringing" {
            tokio::task::yield_now().await;
        }
        for deed in deeds {
            world.control("POST", &format!("/carrier/phones/+40733000000/{deed}"), &Value::Null).await;
        }
        assert_eq!(status(&path).await, expected);
    }
}

#[tokio::test]
async fn nonsense_is_refused() {
    let world = World::new().await;
    for (method, path, body) in [
        ("PUT", "/carrier/accounts/nobody", json!({ "auth_token": "x" })),
        ("PUT", "/carrier/numbers/0312", json!({ "account_sid": ACCOUNT })),
        ("PUT", "/carrier/numbers/+40312345679", json!({ "account_sid": "AC00000000000000000000000000000009" })),
        ("PUT", "/carrier/clients/ana", json!({ "answers": "perhaps" })),
        ("PUT", "/carrier/clients/ana", json!({ "answer": "never" })),
        ("POST", "/carrier/clients/ana/answer", Value::Null),
        ("POST", "/carrier/clients/ana/sing", Value::Null),
        ("POST", "/carrier/calls", json!({ "from": CALLER, "to": "+40999999999" })),
        ("DELETE", "/carrier/calls/CA1", Value::Null),
        ("PUT", "/carrier/faults", json!({ "lose": 2.0 })),
        ("PUT", "/carrier/faults", json!({ "delay_ms": [5, 1] })),
        ("PUT", "/carrier/faults", json!({ "loose": 1.0 })),
    ] {
        let (status, answer) = world.try_control(method, path, &body).await;
        assert!((400..500).contains(&status), "{method} {path}: {status} {answer}");
    }
}

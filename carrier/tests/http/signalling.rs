//! The signalling of Twilio's SDK, to the letter.

use serde_json::{Value, json};

use crate::{
    sdk::{APPLICATION, Sdk, Wire, token},
    world::*,
};

async fn error(sdk: &mut Sdk) -> Value {
    sdk.hears("error").await["error"]["code"].take()
}

/// The application through which clients call, which asks at `/outgoing`.
async fn application(world: &World) {
    let body = json!({ "account_sid": ACCOUNT, "voice_url": world.url("/outgoing") });
    world.control("PUT", &format!("/carrier/applications/{APPLICATION}"), &body).await;
}

#[tokio::test]
async fn nothing_is_done_for_those_who_did_not_listen() {
    let world = World::new().await;
    let mut sdk = Sdk::connect(&world.base).await;
    for (kind, payload) in [
        ("register", json!({ "media": { "audio": true } })),
        ("invite", json!({ "callsid": "TJS1", "sdp": "v=0", "twilio": {} })),
        ("answer", json!({ "callsid": "CA1", "sdp": "v=0" })),
    ] {
        sdk.say(kind, &payload).await;
        assert_eq!(error(&mut sdk).await, 31204, "{kind}");
    }
    sdk.say("listen", &json!({ "token": "not.a.token" })).await;
    assert_eq!(error(&mut sdk).await, 31204);
    sdk.send("no JSON".to_owned()).await;
    assert_eq!(error(&mut sdk).await, 31100);
    sdk.send(r#"{"type":5,"payload":[]}"#.to_owned()).await;
    assert_eq!(error(&mut sdk).await, 31100);
    // And it lives on.
    sdk.say("listen", &json!({ "token": token("ana"), "reconnectTimeout": 0 })).await;
    let connected = sdk.hears("connected").await;
    assert!((3_590..=3_600).contains(&connected["token"]["ttl"].as_i64().expect("seconds")));
    sdk.say("register", &json!({ "media": { "audio": true } })).await;
    assert_eq!(sdk.hears("ready").await, json!({}));
    sdk.say("register", &json!({ "media": { "audio": false } })).await;
    assert_eq!(sdk.hears("offline").await, json!({}));
    assert_eq!(world.truth().await["clients"], json!([]));
}

#[tokio::test]
async fn an_invitation_says_who_calls() {
    let world = World::new().await;
    world.twiml(
        "/voice",
        r#"<Dial><Client><Identity>ana</Identity><Parameter name="a b" value="ș &amp; t"/></Client></Dial>"#,
    );
    let mut ana = Sdk::registered(&world.base, "ana").await;
    world.call().await;
    let invite = ana.hears("invite").await;
    let parameters = &invite["parameters"];
    assert_eq!(parameters["CallSid"], invite["callsid"]);
    for (name, value) in [
        ("AccountSid", ACCOUNT),
        ("ApiVersion", "2010-04-01"),
        ("From", CALLER),
        ("To", "client:ana"),
        ("Params", "a b=%C8%99+%26+t"),
        ("StirStatus", "TN-Validation-Passed-C"),
    ] {
        assert_eq!(parameters[name], value);
    }
    let sdp = invite["sdp"].as_str().expect("an offer");
    for line in ["a=setup:actpass", "a=rtpmap:0 PCMU/8000", "a=rtcp-mux", "telephone-event/8000"] {
        assert!(sdp.contains(line), "{line} is missing in {sdp}");
    }
    assert_eq!(sdp.matches("a=candidate:").count(), 1, "{sdp}");
    assert!(!sdp.contains("a=ice-lite"));
}

#[tokio::test]
async fn the_first_answer_wins_and_a_late_one_is_hung_up() {
    let world = World::new().await;
    world.twiml("/voice", "<Dial><Client>ana</Client></Dial>");
    let (mut first, mut second) =
        (Sdk::registered(&world.base, "ana").await, Sdk::registered(&world.base, "ana").await);
    world.call().await;
    let late = second.hears("invite").await;
    let (call, _wire) = first.takes_call(500.0).await;
    assert_eq!(second.hears("cancel").await["callsid"], call);
    let (_wire, answer) = Wire::answering(late["sdp"].as_str().expect("an offer"), 600.0).await;
    second.say("answer", &json!({ "callsid": call, "sdp": answer })).await;
    assert_eq!(second.hears("hangup").await["callsid"], call);
}

#[tokio::test]
async fn an_eleventh_registration_removes_the_oldest() {
    let world = World::new().await;
    world.twiml("/voice", "<Dial><Client>ana</Client></Dial>");
    let mut all = Vec::new();
    for _ in 0..11 {
        all.push(Sdk::registered(&world.base, "ana").await);
    }
    assert_eq!(world.truth().await["clients"][0]["registrations"], 10);
    world.call().await;
    for sdk in &mut all[1..] {
        sdk.hears("invite").await;
    }
    all[0].say("register", &json!({ "media": { "audio": false } })).await;
    all[0].hears("offline").await;
}

#[tokio::test]
async fn nobody_has_a_hand_in_the_calls_of_others() {
    let world = World::new().await;
    world.twiml("/voice", "<Dial><Client>ana</Client></Dial>");
    let (mut ana, mut eve) = (Sdk::registered(&world.base, "ana").await, Sdk::registered(&world.base, "eve").await);
    world.call().await;
    let call = ana.hears("invite").await["callsid"].clone();
    for (kind, payload) in [
        ("reject", json!({ "callsid": call })),
        ("hangup", json!({ "callsid": call })),
        ("answer", json!({ "callsid": call, "sdp": "v=0" })),
        ("dtmf", json!({ "callsid": call, "dtmf": "1" })),
        ("reinvite", json!({ "callsid": call, "sdp": "v=0" })),
    ] {
        eve.say(kind, &payload).await;
    }
    eve.say(
        "message",
        &json!({ "callsid": call, "content": {}, "voiceeventsid": "KX1",
        "contenttype": "application/json", "messagetype": "user-defined-message" }),
    )
    .await;
    assert_eq!(error(&mut eve).await, 31210);
    let truth = world.truth().await;
    assert_eq!(truth["calls"][1]["status"], "ringing");
}

#[tokio::test]
async fn an_unknown_reconnect_token_is_told_so() {
    let world = World::new().await;
    let mut ana = Sdk::registered(&world.base, "ana").await;
    let (_wire, offer) = Wire::offering(500.0).await;
    ana.say("invite", &json!({ "callsid": "CA1", "reconnect": "x", "sdp": offer, "twilio": {} })).await;
    assert_eq!(ana.hears("hangup").await["error"]["code"], 31209);
}

#[tokio::test]
async fn a_call_with_a_bad_description_or_application_is_hung_up() {
    let world = World::new().await;
    let mut ana = Sdk::registered(&world.base, "ana").await;
    let (_wire, offer) = Wire::offering(500.0).await;
    for sdp in ["", "v=0", &offer.replace("m=audio", "m=video"), &offer] {
        // The last one is good, but there is no such application.
        ana.say("invite", &json!({ "callsid": "TJS1", "sdp": sdp, "twilio": {} })).await;
        let hangup = ana.hears("hangup").await;
        assert_eq!((hangup["callsid"].as_str(), hangup["error"]["code"].as_u64()), (Some("TJS1"), Some(31000)));
    }
    application(&world).await;
    world.twiml("/outgoing", "<Reject/>");
    ana.say("invite", &json!({ "callsid": "TJS2", "sdp": offer, "twilio": {} })).await;
    let ringing = ana.hears("ringing").await;
    assert!(ringing["sdp"].as_str().expect("early media").contains("a=candidate:"));
    let hangup = ana.hears("hangup").await;
    assert_eq!((&hangup["callsid"], hangup["error"]["code"].as_u64()), (&ringing["callsid"], Some(31603)));
}

#[tokio::test]
async fn a_client_that_gives_up_is_known_by_its_own_name_of_the_call() {
    let world = World::new().await;
    application(&world).await;
    world.page("/outgoing", Page::Slow(std::time::Duration::from_secs(5)));
    let mut ana = Sdk::registered(&world.base, "ana").await;
    let (_wire, offer) = Wire::offering(500.0).await;
    ana.say("invite", &json!({ "callsid": "TJS1", "sdp": offer, "twilio": { "params": "a%20b=c%26d" } })).await;
    ana.hears("ringing").await;
    let asked = world.hook("the request", |hook| hook.path == "/outgoing").await;
    assert_eq!((asked.get("a b"), asked.get("To"), asked.get("From")), ("c&d", "", "client:ana"));
    ana.say("hangup", &json!({ "callsid": "TJS1" })).await;
    // It is not echoed: what comes next is the answer to something else.
    ana.say("register", &json!({ "media": { "audio": true } })).await;
    ana.hears("ready").await;
    assert_eq!(world.truth().await["calls"][0]["status"], "no-answer");
}

#[tokio::test]
async fn what_the_sdk_tells_of_itself_is_taken_from_any_page() {
    let world = World::new().await;
    for path in ["/v4/EndpointEvents", "/v4/EndpointMetrics"] {
        for method in [reqwest::Method::OPTIONS, reqwest::Method::POST] {
            let request = world.client.request(method, format!("{}{path}", world.base)).body("{}");
            let answer = request.send().await.expect("an answer");
            assert!(answer.status().is_success());
            assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        }
    }
}

#[tokio::test]
async fn a_call_that_rings_survives_a_broken_socket() {
    let world = World::new().await;
    world.twiml("/voice", "<Dial><Client>ana</Client></Dial>");
    for takes in [true, false] {
        let mut before = Sdk::registered(&world.base, "ana").await;
        let call = json!({ "from": CALLER, "to": NUMBER, "behaviour": { "sends": { "tone": 600 } } });
        let caller = world.control("POST", "/carrier/calls", &call).await["sid"].as_str().expect("a SID").to_owned();
        let invite = before.hears("invite").await;
        drop(before);
        let mut after = Sdk::registered(&world.base, "ana").await;
        if takes {
            let (wire, answer) = Wire::answering(invite["sdp"].as_str().expect("an offer"), 440.0).await;
            after.say("answer", &json!({ "callsid": invite["callsid"], "sdp": answer })).await;
            wire.hears(600.0).await;
            world.control("DELETE", &format!("/carrier/calls/{caller}"), &Value::Null).await;
            assert_eq!(after.hears("hangup").await, json!({ "callsid": invite["callsid"] }));
        } else {
            world.control("DELETE", &format!("/carrier/calls/{caller}"), &Value::Null).await;
            assert_eq!(after.hears("cancel").await, json!({ "callsid": invite["callsid"] }));
        }
    }
}

#[tokio::test]
async fn a_call_is_taken_up_again_on_another_socket() {
    let world = World::new().await;
    world.twiml("/voice", "<Dial><Client>ana</Client></Dial>");
    let mut before = Sdk::registered(&world.base, "ana").await;
    let call = json!({ "from": CALLER, "to": NUMBER, "behaviour": { "sends": { "tone": 600 } } });
    let caller = world.control("POST", "/carrier/calls", &call).await["sid"].as_str().expect("a SID").to_owned();
    let invite = before.hears("invite").await;
    let (wire, answer) = Wire::answering(invite["sdp"].as_str().expect("an offer"), 440.0).await;
    before.say("answer", &json!({ "callsid": invite["callsid"], "sdp": answer })).await;
    wire.hears(600.0).await;
    drop(before);
    let mut after = Sdk::listening(&world.base, "ana", 30).await;
    let again = json!({ "callsid": invite["callsid"], "reconnect": invite["reconnect"], "sdp": answer, "twilio": {} });
    after.say("invite", &again).await;
    let reply = after.hears("answer").await;
    assert_eq!((&reply["callsid"], reply.get("sdp")), (&invite["callsid"], None));
    assert!(reply["reconnect"].is_string());
    wire.hears(600.0).await;
    world.control("DELETE", &format!("/carrier/calls/{caller}"), &Value::Null).await;
    after.hears("hangup").await;
}

#[tokio::test]
async fn wires_go_with_their_calls() {
    let world = World::new().await;
    application(&world).await;
    world.twiml("/outgoing", "<Reject/>");
    world.twiml("/voice", "<Dial><Client>ana</Client></Dial>");
    let mut ana = Sdk::registered(&world.base, "ana").await;
    for index in 0..5 {
        let (_wire, offer) = Wire::offering(500.0).await;
        ana.say("invite", &json!({ "callsid": format!("TJS{index}"), "sdp": offer, "twilio": {} })).await;
        ana.hears("ringing").await;
        ana.hears("hangup").await;
    }
    let caller = world.call().await;
    ana.hears("invite").await;
    assert!(world.truth().await["wires"].as_u64() >= Some(1));
    world.control("DELETE", &format!("/carrier/calls/{caller}"), &Value::Null).await;
    ana.hears("cancel").await;
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
    while world.truth().await["wires"] != 0 {
        assert!(tokio::time::Instant::now() < deadline, "wires are left");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

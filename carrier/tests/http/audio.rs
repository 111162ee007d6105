//! Audio over real wires.

use serde_json::{Value, json};

use crate::{
    sdk::{Sdk, Wire},
    world::*,
};

async fn in_time() -> World {
    // Sounds last as long as they are.
    World::with(carrier::Config { speed: 1, ..config() }).await
}

async fn leg(world: &World, sid: &str) -> Value {
    let truth = world.truth().await;
    let found = truth["calls"].as_array().expect("calls").iter().find(|call| call["sid"] == sid);
    found.expect("the leg").clone()
}

/// Waits until it is true of what a leg hears.
async fn until(world: &World, sid: &str, what: &str, fits: impl Fn(&Value) -> bool) {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
    loop {
        let leg = leg(world, sid).await;
        if fits(&leg["heard"]) {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "{what} is not heard: {leg}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// Waits until a leg hears a tone, to a hertz.
async fn hears(world: &World, sid: &str, hertz: f64) {
    let is = |heard: &Value| heard["tone"].as_f64().is_some_and(|tone| (tone - hertz).abs() < 1.0);
    until(world, sid, &format!("{hertz} Hz"), is).await;
}

async fn hears_nothing(world: &World, sid: &str) {
    until(world, sid, "silence", |heard| heard["level"].is_null()).await;
}

#[tokio::test]
async fn two_clients_talk_and_press_keys() {
    let world = in_time().await;
    world.twiml("/voice", "<Dial><Conference waitUrl=\"\">room</Conference></Dial>");
    let mut ana = Sdk::registered(&world.base, "ana").await;
    let mut ion = Sdk::registered(&world.base, "ion").await;
    world.add("room", "ana", "ana").await;
    let (first_sid, first) = ana.takes_call(440.0).await;
    world.add("room", "ion", "ion").await;
    let (second_sid, second) = ion.takes_call(1_000.0).await;
    first.hears(1_000.0).await;
    second.hears(440.0).await;
    hears(&world, &second_sid, 440.0).await;
    // A key is heard as its two tones by the other one.
    second.sing(0.0);
    hears_nothing(&world, &first_sid).await;
    second.press(5);
    // A short burst is spread over some hertz.
    let key = |heard: &Value| {
        let tones: Vec<f64> = heard["tones"].as_array().expect("tones").iter().filter_map(Value::as_f64).collect();
        [770.0, 1_336.0].iter().all(|hertz| tones.iter().any(|tone| (tone - hertz).abs() < 10.0))
    };
    until(&world, &first_sid, "a key", key).await;
    second.sing(700.0);
    first.hears(700.0).await;
}

#[tokio::test]
async fn audio_goes_on_after_an_ice_restart() {
    let world = in_time().await;
    world.twiml("/voice", "<Dial><Client>ana</Client></Dial>");
    let mut ana = Sdk::registered(&world.base, "ana").await;
    let call = json!({ "from": CALLER, "to": NUMBER, "behaviour": { "sends": { "tone": 600 } } });
    let caller = world.control("POST", "/carrier/calls", &call).await["sid"].as_str().expect("a SID").to_owned();
    let (call, wire) = ana.takes_call(440.0).await;
    wire.hears(600.0).await;
    let offer = wire.restart().await;
    ana.say("reinvite", &json!({ "callsid": call, "sdp": offer })).await;
    let answer = ana.hears("answer").await;
    assert_eq!(answer["callsid"], call);
    wire.accept(answer["sdp"].as_str().expect("an answer"));
    wire.sing(900.0);
    hears(&world, &caller, 900.0).await;
    wire.hears(600.0).await;
}

#[tokio::test]
async fn a_call_moves_to_another_client_with_its_token() {
    let world = in_time().await;
    world.twiml("/voice", "<Dial><Client>ana</Client></Dial>");
    let mut desk = Sdk::registered(&world.base, "ana").await;
    let call = json!({ "from": CALLER, "to": NUMBER, "behaviour": { "sends": { "tone": 600 } } });
    let caller = world.control("POST", "/carrier/calls", &call).await["sid"].as_str().expect("a SID").to_owned();
    let invite = desk.hears("invite").await;
    let call = invite["callsid"].as_str().expect("a SID").to_owned();
    let (wire, answer) = Wire::answering(invite["sdp"].as_str().expect("an offer"), 440.0).await;
    desk.say("answer", &json!({ "callsid": call, "sdp": answer })).await;
    wire.hears(600.0).await;

    let mut mobile = Sdk::listening(&world.base, "ana", 0).await;
    let (moved, offer) = Wire::offering(800.0).await;
    let invite = json!({ "callsid": call, "reconnect": invite["reconnect"], "sdp": offer, "twilio": {} });
    mobile.say("invite", &invite).await;
    let answer = mobile.hears("answer").await;
    moved.accept(answer["sdp"].as_str().expect("an answer"));
    assert_eq!(desk.hears("cancel").await["callsid"], call);
    moved.hears(600.0).await;
    hears(&world, &caller, 800.0).await;
}

#[tokio::test]
async fn scripted_people_speak_and_what_was_heard_can_be_listened_to() {
    let world = in_time().await;
    world.twiml("/voice", "<Dial><Number>+40733000000</Number></Dial>");
    let phone = json!({ "after_ms": 1_500, "sends": { "say": "Good morning to you" } });
    world.control("PUT", "/carrier/phones/+40733000000", &phone).await;
    let call = json!({ "from": CALLER, "to": NUMBER, "behaviour": { "sends": { "tone": 600 } } });
    let caller = world.control("POST", "/carrier/calls", &call).await["sid"].as_str().expect("a SID").to_owned();
    // First it rings, then somebody speaks.
    hears(&world, &caller, 425.0).await;
    hears_nothing(&world, &caller).await;
    let spoken = |heard: &Value| heard["level"].as_f64().is_some_and(|level| level > -40.0);
    until(&world, &caller, "speech", spoken).await;
    let wav = world.client.get(format!("{}/carrier/calls/{caller}/heard.wav", world.base)).send().await;
    let wav = wav.expect("an answer").bytes().await.expect("a file");
    assert_eq!((&wav[..4], &wav[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
    assert!(wav.len() > 2_000 && wav[58..].iter().any(|byte| *byte != 0xff));
    let (status, _) = world.try_control("GET", "/carrier/calls/CA1/heard.wav", &Value::Null).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn files_that_cannot_be_played_are_told_of() {
    for (kind, body, code) in
        [("text/html", "<html></html>", 12300), ("audio/mpeg", "no music", 12400), ("audio/wav", "RIFFxxxxWAVE", 12400)]
    {
        let world = in_time().await;
        world.page("/song", Page::Other(kind, body.to_owned()));
        world.twiml("/voice", &format!("<Play>{}</Play>", world.url("/song")));
        world.call().await;
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
        loop {
            let notices = world.control("GET", "/carrier/notifications", &Value::Null).await;
            if !notices.as_array().expect("a list").is_empty() {
                assert_eq!(notices[0]["code"], code, "{kind}");
                break;
            }
            assert!(tokio::time::Instant::now() < deadline, "nothing is told of {kind}");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test]
async fn packets_of_strangers_and_nonsense_do_no_harm() {
    let world = in_time().await;
    world.twiml("/voice", "<Dial><Client>ana</Client></Dial>");
    let mut ana = Sdk::registered(&world.base, "ana").await;
    let call = json!({ "from": CALLER, "to": NUMBER, "behaviour": { "sends": { "tone": 600 } } });
    world.control("POST", "/carrier/calls", &call).await;
    let invite = ana.hears("invite").await;
    let sdp = invite["sdp"].as_str().expect("an offer").to_owned();
    let port: u16 = sdp
        .lines()
        .find_map(|line| line.strip_prefix("a=candidate:")?.split(' ').nth(5)?.parse().ok())
        .expect("a candidate");
    let stranger = tokio::net::UdpSocket::bind("127.0.0.1:0").await.expect("a port");
    for length in 0..300_usize {
        for first in [0x00, 0x01, 0x16, 0x80, 0x90, 0xff] {
            let mut datagram = vec![0x5a; length];
            if let Some(byte) = datagram.first_mut() {
                *byte = first;
            }
            stranger.send_to(&datagram, ("127.0.0.1", port)).await.expect("sent");
        }
    }
    let (wire, answer) = Wire::answering(&sdp, 440.0).await;
    ana.say("answer", &json!({ "callsid": invite["callsid"], "sdp": answer })).await;
    wire.hears(600.0).await;
}

//! A day on a call floor, from the first ring to the last goodbye.

use serde_json::json;

use crate::world::*;

#[tokio::test]
async fn a_caller_waits_talks_holds_and_goes() {
    let world = World::new().await;
    world.conference("call-1", r#"participantLabel="caller" waitUrl="/wait""#);
    world.twiml("/wait", "<Pause length=\"60\"/><Redirect/>");
    world.twiml("/hold", "<Play>http://127.0.0.1/song.mp3</Play><Redirect/>");
    world.script("ana", &json!({ "answers": "never" })).await;

    let caller = world.call().await;
    let asked = world.hook("the voice webhook", |hook| hook.path == "/voice").await;
    assert_eq!((asked.get("CallSid"), asked.get("CallStatus")), (&*caller, "ringing"));
    world.hook("the wait webhook", |hook| hook.path == "/wait").await;
    let join = world.event("participant-join", "caller").await;
    let conference = join.get("ConferenceSid").to_owned();

    let agent = world.add("call-1", "ana", "agent").await;
    assert_eq!((agent["status"].as_str(), agent["conference_sid"].as_str()), (Some("queued"), Some(&*conference)));
    world.hook("ringing", |hook| hook.path == "/leg" && hook.get("CallStatus") == "ringing").await;
    world.control("POST", "/carrier/clients/ana/answer", &json!({ "call_sid": agent["call_sid"] })).await;
    world.event("participant-join", "agent").await;
    world.event("conference-start", "").await;

    let participant = format!("/Conferences/{conference}/Participants/caller.json");
    let (status, held) = world.rest("POST", &participant, &[("Hold", "true"), ("HoldUrl", &world.url("/hold"))]).await;
    assert_eq!((status, &held["hold"]), (200, &json!(true)));
    let music = world.hook("the hold webhook", |hook| hook.path == "/hold").await;
    assert_eq!(music.method, "GET");
    world.event("participant-hold", "caller").await;
    let truth = world.truth().await;
    let calls = truth["calls"].as_array().expect("calls");
    assert_eq!(calls.len(), 2);
    assert_eq!((&calls[0]["hold"], &calls[0]["label"]), (&json!(true), &json!("caller")));
    assert_eq!(calls[1]["conference"], json!(conference));
    assert_eq!(truth["conferences"][0]["participants"].as_array().map(Vec::len), Some(2));

    let agent_path = format!("/Conferences/{conference}/Participants/agent.json");
    assert_eq!(world.rest("DELETE", &agent_path, &[]).await.0, 204);
    world.event("participant-leave", "agent").await;
    let ended =
        world.hook("the agent's end", |hook| hook.path == "/leg" && hook.get("CallStatus") == "completed").await;
    assert_eq!(ended.get("Direction"), "outbound-api");

    world.control("DELETE", &format!("/carrier/calls/{caller}"), &json!(null)).await;
    let end = world.event("conference-end", "").await;
    assert_eq!(end.get("ReasonConferenceEnded"), "last-participant-left");
    let done = world.hook("the number's status callback", |hook| hook.path == "/status").await;
    assert_eq!(done.get("CallStatus"), "completed");
}

#[tokio::test]
async fn hundreds_talk_at_once() {
    const PAIRS: usize = 150;
    let world = World::new().await;
    world.script("ana", &json!({ "answers": "after_ms", "after_ms": 20 })).await;
    world.conference("unused", "");
    for index in 0..PAIRS {
        world.conference(&format!("room-{index}"), "");
        let sid = world.call().await;
        world.hook("the voice webhook", |hook| hook.path == "/voice" && hook.get("CallSid") == sid).await;
    }
    world.hooks("all callers", PAIRS, |hook| hook.get("StatusCallbackEvent") == "participant-join").await;
    let added = (0..PAIRS).map(|index| {
        let world = &world;
        async move { world.add(&format!("room-{index}"), "ana", "agent").await }
    });
    futures::future::join_all(added).await;
    world.hooks("all starts", PAIRS, |hook| hook.get("StatusCallbackEvent") == "conference-start").await;
    let truth = world.truth().await;
    let talking = truth["conferences"].as_array().expect("conferences").iter();
    assert_eq!(talking.filter(|one| one["status"] == "in-progress").count(), PAIRS);
}

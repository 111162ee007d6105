//! Misfortune: what it does, and that it does no more.

use serde_json::{Value, json};

use crate::world::*;

async fn faults(world: &World, faults: &Value) {
    world.control("PUT", "/carrier/faults", faults).await;
}

#[tokio::test]
async fn lost_callbacks_are_not_sent_and_twiml_is_asked_for_all_the_same() {
    let world = World::new().await;
    faults(&world, &json!({ "lose": 1.0 })).await;
    world.twiml("/voice", "<Say>hello</Say>");
    world.call().await;
    let lost = world.delivery(|one| one["kind"] == "lost").await;
    assert_eq!(lost["url"], json!(world.url("/status")));
    assert_eq!(world.received().iter().map(|hook| &*hook.path).collect::<Vec<_>>(), ["/voice"]);
}

#[tokio::test]
async fn doubled_callbacks_carry_the_same_number() {
    let world = World::new().await;
    faults(&world, &json!({ "double": 1.0 })).await;
    world.call().await;
    let twice = world.hooks("two callbacks", 2, |hook| hook.path == "/status").await;
    assert_eq!(twice[0].form, twice[1].form);
    let asked = world.received().iter().filter(|hook| hook.path == "/voice").count();
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn callbacks_overtake_each_other_when_told_so() {
    let world = World::new().await;
    faults(&world, &json!({ "seed": 5, "reorder": 0.5 })).await;
    world.script("ana", &json!({ "after_ms": 1 })).await;
    world.conference("r", "");
    for _ in 0..8 {
        world.call().await;
    }
    let sequence = |hook: &Hook| hook.get("SequenceNumber").parse::<u32>().unwrap_or_default();
    let events = world.hooks("nine events", 9, |hook| hook.path == "/events").await;
    let numbers: Vec<_> = events.iter().map(sequence).collect();
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    assert_ne!(numbers, sorted);
    assert_eq!(sorted, (1..=9).collect::<Vec<_>>());
}

#[tokio::test]
async fn without_faults_callbacks_of_a_conference_arrive_in_order() {
    let world = World::new().await;
    world.conference("r", "");
    for _ in 0..8 {
        world.call().await;
    }
    let joined = world.hooks("nine events", 9, |hook| hook.path == "/events").await;
    let path = format!("/Conferences/{}.json", joined[0].get("ConferenceSid"));
    world.rest("POST", &path, &[("Status", "completed")]).await;
    // Eight leave at once, and the conference ends.
    let events = world.hooks("eighteen events", 18, |hook| hook.path == "/events").await;
    let numbers: Vec<_> = events.iter().map(|hook| hook.get("SequenceNumber").to_owned()).collect();
    assert_eq!(numbers, (1..=18).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn too_many_requests_do_nothing_and_errors_may_have_done_all() {
    let world = World::new().await;
    let create = async || {
        let form = [("From", NUMBER), ("To", "client:ana"), ("Twiml", "<Response/>")];
        world.rest("POST", "/Calls.json", &form).await
    };
    faults(&world, &json!({ "rest_429": 1.0 })).await;
    for _ in 0..5 {
        let (status, answer) = create().await;
        assert_eq!((status, &answer["code"]), (429, &json!(20429)));
    }
    assert_eq!(world.truth().await["calls"], json!([]));
    faults(&world, &json!({ "seed": 1, "rest_error": 1.0 })).await;
    let mut statuses = Vec::new();
    for _ in 0..20 {
        statuses.push(create().await.0);
    }
    assert!(statuses.contains(&500) && statuses.contains(&503) && !statuses.contains(&201));
    let done = world.truth().await["calls"].as_array().map_or(0, Vec::len);
    assert!((1..20).contains(&done), "{done} of 20 were done");
    world.control("DELETE", "/carrier/faults", &Value::Null).await;
    assert_eq!(create().await.0, 201);
}

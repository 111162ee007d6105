//! Programs elsewhere that are told of calls: what reaches them, signed, until they take it.

use std::time::Duration;

use serde_json::{Value, json};
use server::{auth::hash, demo};
use switchyard::{
    audit::{Actor, Deed},
    floor::Intent,
    time::Timestamp,
    token::{ApiToken, Scope},
    webhooks::{EventType, Off, State as Standing, Trouble},
};
use tokio::{net::TcpListener, time::timeout};

use crate::{
    MARIA,
    crm::{PATH, Receiver, Reply, add, deeds, log, test, until},
    maria_talks_to_ana,
    office::{Browser, Office, PATIENCE},
    stage::Stage,
};

/// Waits until the server has switched an endpoint off, and has noted so.
async fn until_off(office: &Office, id: &str, why: Off) {
    let waiting = async {
        while !deeds(office).await.contains(&(Deed::WebhookSwitchedOff, Actor::Server)) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, waiting).await.expect("it was not switched off");
    let known = office.deps.store.endpoint(&"acme".into(), id).await.unwrap().unwrap();
    assert_eq!(known.off.map(|(_, why)| why), Some(why));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_told_as_the_api_tells_it() {
    let stage = Stage::set(&[]).await;
    let mut cristina = Browser::at(stage.url(""));
    cristina.post("/sign-in/demo", &[("agent", "cristina")]).await;
    let mut crm = Receiver::taking().await;
    let (id, secret) = add(&mut cristina, &crm.url, &EventType::ALL).await;
    assert!(!cristina.get(&format!("{PATH}/{id}")).await.page.contains("whsec_"), "the secret is shown once");

    let call = maria_talks_to_ana(&stage).await;
    stage.ask("ana", Intent::HangUp { call: call.clone() }).await.unwrap();
    // They may overtake each other.
    let (mut events, mut ended) = (Vec::new(), None);
    while events.len() < 4 {
        let got = crm.next().await;
        assert!(got.is_signed_with(&secret), "{:?}", got.headers);
        assert_eq!((got.header("user-agent"), got.header("content-type")), ("Switchyard", "application/json"));
        let data = &got.json()["data"];
        assert_eq!((&data["workspace"], &data["call"]["id"]), (&json!("salon"), &json!(call.as_str())));
        events.push((data["sequence"].as_u64().unwrap(), got.event()));
        ended = ended.or_else(|| (got.event() == "call.ended").then(|| got.json()));
    }
    let ended = ended.unwrap_or_else(|| panic!("{events:?}"));
    events.sort();
    let events: Vec<&str> = events.iter().map(|(_, event)| event.as_str()).collect();
    assert_eq!(events, ["call.arrived", "call.ringing", "call.answered", "call.ended"]);
    assert_eq!(ended["data"]["by"], "ana");

    let token = ApiToken {
        id: "t".into(),
        name: "t".into(),
        scopes: vec![Scope::CallsRead],
        by: "cristina".into(),
        created: Timestamp(1),
        used: None,
        revoked: None,
    };
    stage.deps().store.put_token(&hash("swy_t"), &demo::WORKSPACE.into(), &token).await.unwrap();
    let asked = stage.http.get(stage.url("/api/v1/calls")).bearer_auth("swy_t").send().await.unwrap();
    let history: Value = asked.json().await.unwrap();
    assert_eq!(history["items"][0], ended["data"]["call"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_on_its_way_when_the_server_died_is_sent_again() {
    let mut stage = Stage::set(&[]).await;
    let mut cristina = Browser::at(stage.url(""));
    cristina.post("/sign-in/demo", &[("agent", "cristina")]).await;
    let mut crm = Receiver::answering([Reply::Never, Reply::Status(200)]).await;
    let (_, secret) = add(&mut cristina, &crm.url, &[EventType::Ended]).await;
    let call = stage.call_in(MARIA).await;
    stage.caller_hangs_up(&call).await;
    let first = crm.next().await;
    stage.kill();
    stage.start().await;
    let second = crm.next().await;
    assert_eq!(second.body, first.body);
    assert_eq!(second.header("webhook-id"), first.header("webhook-id"), "whoever saw it knows it");
    assert!(second.is_signed_with(&secret));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_is_sent_again_and_the_log_says_why() {
    let office = Office::staffed().await;
    let mut adam = office.signed_in("adam").await;
    let replies = [Reply::Says(500, "the <b>database</b> is away"), Reply::After(503, "60"), Reply::Status(204)];
    let mut crm = Receiver::answering(replies).await;
    let (id, secret) = add(&mut adam, &crm.url, &[EventType::Ended]).await;
    assert_eq!(adam.post(&test(&id), &[]).await.to, format!("{PATH}/{id}?done=sent"));
    let first = crm.next().await;
    let waits = until(&office, &id, "the refusal is noted", |one| one.attempts.len() == 1).await;
    assert_eq!((waits.attempts[0].status, waits.attempts[0].trouble), (Some(500), Some(Trouble::Refused)));
    let pause = waits.due.0 - waits.attempts[0].at.0;
    assert!((5_000..8_000).contains(&pause), "{pause}");
    let page = adam.get(&format!("{PATH}/{id}")).await.page;
    assert!(page.contains("database") && !page.contains("<b>database") && page.contains("Waiting"), "{page}");

    office.clock.by(Duration::from_secs(10));
    let second = crm.next().await;
    assert_eq!((second.header("webhook-id"), &second.body), (first.header("webhook-id"), &first.body));
    assert!(second.is_signed_with(&secret));
    assert!(second.header("webhook-timestamp") > first.header("webhook-timestamp"));
    let waits = until(&office, &id, "it asks for a minute", |one| one.attempts.len() == 2).await;
    assert!(waits.due.0 - waits.attempts[1].at.0 >= 300_000, "the pause that is due anyway is longer");

    // Somebody does not want to wait.
    let again = format!("{PATH}/{id}/deliveries/{}/again", waits.id);
    assert_eq!(adam.post(&again, &[]).await.status, 303);
    assert_eq!(crm.next().await.body, first.body);
    let done = until(&office, &id, "it is taken", |one| one.state == Standing::Delivered).await;
    assert_eq!(done.attempts.iter().map(|one| one.status).collect::<Vec<_>>(), [Some(500), Some(503), Some(204)]);
    assert!(adam.get(&format!("{PATH}/{id}")).await.page.contains("Delivered"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_gone_is_switched_off_and_one_that_leads_elsewhere_is_not_followed() {
    let office = Office::staffed().await;
    let mut adam = office.signed_in("adam").await;
    let mut crm = Receiver::answering([Reply::Status(410)]).await;
    let (id, _) = add(&mut adam, &crm.url, &[EventType::Ended]).await;
    adam.post(&test(&id), &[]).await;
    crm.next().await;
    until(&office, &id, "it failed", |one| one.state == Standing::Failed).await;
    until_off(&office, &id, Off::Gone).await;
    assert!(adam.get("/settings/log").await.page.contains("Switched off the webhook to 127.0.0.1"));
    let page = adam.get(&format!("{PATH}/{id}")).await.page;
    assert!(page.contains("gone (410)") && page.contains("Switch on") && !page.contains("Send a test"), "{page}");
    adam.post(&format!("{PATH}/{id}/switch"), &[("on", "yes")]).await;
    let known = office.deps.store.endpoint(&"acme".into(), &id).await.unwrap().unwrap();
    assert_eq!(known.off, None);

    let mut elsewhere = Receiver::taking().await;
    let moved = Receiver::answering([Reply::Leads(elsewhere.url.clone())]).await;
    let (id, _) = add(&mut adam, &moved.url, &[EventType::Ended]).await;
    adam.post(&test(&id), &[]).await;
    let waits = until(&office, &id, "the redirect is noted", |one| one.attempts.len() == 1).await;
    assert_eq!((waits.attempts[0].status, waits.attempts[0].trouble), (Some(302), Some(Trouble::Redirected)));
    assert!(elsewhere.got.try_recv().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_takes_nothing_for_five_days_is_switched_off() {
    let office = Office::staffed().await;
    let mut adam = office.signed_in("adam").await;
    // Nobody listens there any more.
    let url = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    };
    let (id, _) = add(&mut adam, &url, &[EventType::Ended]).await;
    adam.post(&test(&id), &[]).await;
    let first = until(&office, &id, "the first try failed", |one| one.attempts.len() == 1).await;
    assert_eq!((first.attempts[0].status, first.attempts[0].trouble), (None, Some(Trouble::Closed)));
    assert!(adam.get(PATH).await.page.contains("Fails"));
    let page = adam.get(&format!("{PATH}/{id}")).await.page;
    let line = page.split("<summary>").nth(1).unwrap().split("</summary>").next().unwrap();
    assert!(line.contains("Nobody takes connections there"), "{line}");
    assert!(!page.contains("os error") && page.contains("http:// or https://"), "{page}");
    office.clock.by(Duration::from_hours(5 * 24));
    // One that fails after days in which nothing was sent may do so for a moment.
    until(&office, &id, "the second try failed", |one| one.attempts.len() == 2).await;
    assert_eq!(office.deps.store.endpoint(&"acme".into(), &id).await.unwrap().unwrap().off, None);
    office.clock.by(Duration::from_mins(10));
    until_off(&office, &id, Off::Failing).await;
    assert_eq!(log(&office, &id).await[0].state, Standing::Failed, "what waited does so no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_slow_holds_up_nobody_else() {
    let office = Office::staffed().await;
    let mut adam = office.signed_in("adam").await;
    let mut slow = Receiver::answering([Reply::Never]).await;
    let mut swift = Receiver::taking().await;
    let (slow_id, _) = add(&mut adam, &slow.url, &[EventType::Ended]).await;
    for _ in 0..8 {
        adam.post(&test(&slow_id), &[]).await;
    }
    for _ in 0..4 {
        slow.next().await;
    }
    let (swift_id, _) = add(&mut adam, &swift.url, &[EventType::Ended]).await;
    for n in 0..8 {
        adam.post(&test(&swift_id), &[]).await;
        swift.next().await;
        // The worker has looked again, and none of the first four was given up on yet, which would make room.
        assert!(n > 0 || slow.got.try_recv().is_err(), "four at once, and no more");
    }
}

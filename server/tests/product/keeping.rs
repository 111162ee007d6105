//! How long things are kept, each kind for itself, as the workspace says: by page and by command.

use serde_json::{Value, json};
use server::{
    commands,
    config::{GdprDeed, Keep},
    retention,
};
use switchyard::{
    audit::{Actor, Change, Deed, Entry},
    retention::Retention,
    time::Timestamp,
    voicemail::VoiceMessage,
    webhooks::{Endpoint, EventType, Secrets},
};

use crate::{
    contacts::two_calls,
    office::Office,
    privacy::{MARIA, deeds},
    stage::ACCOUNT,
};

const FIELDS: [&str; 4] = ["days", "message_days", "audit_days", "delivery_days"];

fn kept<'a>(days: &'a str, messages: &'a str, audit: &'a str, deliveries: &'a str) -> [(&'static str, &'a str); 4] {
    let [one, two, three, four] = FIELDS;
    [(one, days), (two, messages), (three, audit), (four, deliveries)]
}

#[tokio::test]
async fn things_are_kept_as_long_as_the_workspace_says() {
    let office = Office::staffed().await;
    two_calls(&office).await;
    let (acme, store) = ("acme".into(), &office.deps.store);
    let long_ago = Entry {
        at: Timestamp(1000),
        by: Actor::Server,
        deed: Deed::DriftFound,
        subject: String::new(),
        whom: None,
        changes: Vec::new(),
    };
    store.note(&acme, &long_ago).await.unwrap();
    store.note(&"globex".into(), &long_ago).await.unwrap();
    let mut adam = office.signed_in("adam").await;
    let path = "/settings/privacy/retention";
    for wrong in ["0", "-1", "soon", "40000"] {
        let again = adam.post(path, &FIELDS.map(|field| (field, wrong))).await;
        assert_eq!(again.status, 422, "{wrong}");
        for field in FIELDS {
            assert!(again.is_wrong(field) && again.field(field) == wrong, "{field} {wrong}");
        }
    }
    let soon = adam.post(path, &kept("30", "31", "89", "366")).await;
    let wrong = FIELDS.map(|field| soon.is_wrong(field));
    assert_eq!((soon.status, wrong), (422, [false, true, true, true]), "messages without their calls are of no use");
    assert_eq!(store.retention(&acme).await.unwrap(), Retention::default(), "nothing of it was taken");

    let chosen = kept(" 30 ", "7", "90", "14");
    assert_eq!(adam.post(path, &chosen).await.to, "/settings/privacy?done=saved");
    let page = adam.get("/settings/privacy").await;
    assert_eq!(FIELDS.map(|field| page.field(field)), ["30", "7", "90", "14"]);
    let changes = [
        Change::new("days", None, Some("30")),
        Change::new("message_days", None, Some("7")),
        Change::new("audit_days", None, Some("90")),
        Change::new("delivery_days", Some("30"), Some("14")),
    ];
    // The calls ended, and the entry is from, 1970.
    retention::forget_as_chosen(&office.deps).await;
    assert_eq!(store.history(&acme, None, 9).await.unwrap(), []);
    let log = store.audit(&acme, None, 9).await.unwrap();
    let [(_, noted)] = &log[..] else { panic!("{log:?}") };
    assert_eq!((noted.deed, &noted.changes[..]), (Deed::RetentionChanged, &changes[..]), "that it was chosen stays");
    assert_eq!(store.audit(&"globex".into(), None, 9).await.unwrap().len(), 1, "another company's is its own");
    let told = adam.get("/settings/log").await.page;
    assert!(told.contains("The log of changes, in days") && told.contains("For ever"), "{told}");
    assert!(told.contains("Messages that callers left, in days") && told.contains("As long as the history"), "{told}");

    let for_ever = kept("", "", "", "30");
    assert_eq!(adam.post(path, &for_ever).await.to, "/settings/privacy?done=saved");
    assert_eq!(adam.get("/settings/privacy").await.field("audit_days"), "");
    let mut sara = office.signed_in("sara").await;
    assert_eq!(sara.post(path, &chosen).await.status, 403);
    assert_eq!(store.retention(&acme).await.unwrap(), Retention::default());
}

/// An address that is told of things, and where nobody is.
pub fn endpoint() -> Endpoint {
    Endpoint {
        id: "crm".into(),
        name: "CRM".into(),
        url: "http://127.0.0.1:9/".into(),
        events: EventType::ALL.into(),
        secrets: Secrets { now: "sealed".into(), before: None },
        created: Timestamp(1),
        off: None,
        failing: None,
    }
}

#[tokio::test]
async fn each_kind_goes_in_its_own_time() {
    let office = Office::staffed().await;
    let (acme, store, now) = ("acme".into(), &office.deps.store, office.deps.clock.now().0);
    let days_ago = |days: i64| now - days * 24 * 60 * 60 * 1000;
    two_calls(&office).await;
    store.add_endpoint(&acme, &endpoint()).await.unwrap();
    for (days, recording) in [(3, "RE3"), (10, "RE10")] {
        let message = VoiceMessage {
            recording: recording.into(),
            account: ACCOUNT.into(),
            call: "CA1".into(),
            agent: "ana".into(),
            number: MARIA.into(),
            seconds: 3,
            at: Timestamp(days_ago(days)),
            heard: None,
        };
        store.note_message(&acme, &message).await.unwrap();
        store.add_delivery(&acme, "crm", recording, "call.ended", "{}", message.at).await.unwrap();
    }
    let left = async || {
        let messages = store.messages(&"acme".into(), None, None, 9).await.unwrap();
        let told = store.deliveries(&"acme".into(), "crm", None, 9).await.unwrap();
        let names = |all: Vec<String>| all.join(" ");
        (
            names(messages.into_iter().map(|message| message.recording.to_string()).collect()),
            names(told.into_iter().map(|told| told.message).collect()),
            store.history(&"acme".into(), None, 9).await.unwrap().len(),
        )
    };
    retention::forget_as_chosen(&office.deps).await;
    assert_eq!(left().await, ("RE3 RE10".into(), "RE10 RE3".into(), 2), "as before anything was chosen");
    store.put_retention(&acme, Retention { messages: Some(7), ..Retention::default() }).await.unwrap();
    retention::forget_as_chosen(&office.deps).await;
    assert_eq!(left().await, ("RE3".into(), "RE10 RE3".into(), 2));
    store.put_retention(&acme, Retention { deliveries: 7, ..Retention::default() }).await.unwrap();
    retention::forget_as_chosen(&office.deps).await;
    assert_eq!(left().await, ("RE3".into(), "RE3".into(), 2));
    // However long messages are kept by themselves, they go with the calls.
    let kept = Retention { calls: Some(2), messages: Some(30), ..Retention::default() };
    store.put_retention(&acme, kept).await.unwrap();
    retention::forget_as_chosen(&office.deps).await;
    assert_eq!(left().await, (String::new(), "RE3".into(), 0));
}

#[tokio::test]
async fn an_operator_says_how_long_things_are_kept() {
    let office = Office::staffed().await;
    let store = &office.deps.store;
    let run = async |workspace: &str, keep: Keep, json| {
        commands::gdpr(&office.deps.setup, GdprDeed::Retention { workspace: workspace.into(), keep, json }).await
    };
    let said = |days: &str| Some(days.to_owned());
    let (text, code) = run("acme", Keep::default(), false).await;
    assert!(code == 0 && text.contains("for ever") && text.contains("as long as the history"), "{text}");
    assert!(text.contains("30 days") && deeds(&office).await.is_empty(), "to look is no deed: {text}");

    let keep = Keep { history: said("60"), log: said("365"), ..Keep::default() };
    let (text, code) = run("acme", keep, true).await;
    let data: Value = serde_json::from_str(&text).unwrap();
    let expected = json!({ "workspace": "acme", "history": 60, "messages": null, "log": 365, "deliveries": 30 });
    assert_eq!((code, data), (0, expected));
    let keep = Keep { messages: said("7"), deliveries: said("14"), ..Keep::default() };
    assert_eq!(run("acme", keep, false).await.1, 0);
    let chosen = Retention { calls: Some(60), messages: Some(7), audit: Some(365), deliveries: 14 };
    assert_eq!(store.retention(&"acme".into()).await.unwrap(), chosen, "what is not said stays");
    let keep = Keep { log: said("forever"), messages: said("history"), ..Keep::default() };
    assert_eq!(run("acme", keep, false).await.1, 0);
    let chosen = Retention { messages: None, audit: None, ..chosen };
    assert_eq!(store.retention(&"acme".into()).await.unwrap(), chosen);

    for (keep, option) in [
        (Keep { history: said("0"), ..Keep::default() }, "--history: "),
        (Keep { messages: said("61"), ..Keep::default() }, "--messages: "),
        (Keep { log: said("89"), ..Keep::default() }, "--log: 90 days"),
        (Keep { deliveries: said("forever"), ..Keep::default() }, "--deliveries: "),
    ] {
        let (text, code) = run("acme", keep, false).await;
        assert!(code == 2 && text.contains(option), "{option} {text}");
    }
    assert_eq!(run("nowhere", Keep::default(), false).await.1, 2);
    assert_eq!(store.retention(&"acme".into()).await.unwrap(), chosen, "nothing of it was taken");
    let log = store.audit(&"acme".into(), None, 9).await.unwrap();
    assert!(log.iter().all(|(_, entry)| entry.by == Actor::Command && entry.deed == Deed::RetentionChanged), "{log:?}");
    assert_eq!(log.len(), 3);
    assert_eq!(
        log[0].1.changes,
        [Change::new("message_days", Some("7"), None), Change::new("audit_days", Some("365"), None)]
    );
}

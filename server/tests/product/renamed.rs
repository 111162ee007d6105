//! A colleague who was called something else before is erased under that name, too, and nobody else is.

use serde_json::{Value, json};
use switchyard::{
    audit::{Actor, Change, Deed, Entry},
    call::{Caller, Direction},
    floor::{Event, Recorded},
    history::{CallRecord, ERASED},
    ports::Batch,
    time::Timestamp,
};

use crate::{
    keeping::endpoint,
    office::{Browser, Office},
};

const ANA: (&str, &str) = ("104", "ANA");
const ANNA: (&str, &str) = ("204", "Anna Pop");

/// Somebody is called that from now on.
async fn rename(browser: &mut Browser, who: &str, (extension, name): (&str, &str)) {
    let email = format!("{who}@example.com");
    let role = if who == "ana" { "agent" } else { "supervisor" };
    let form = [("name", name), ("email", &email), ("extension", extension), ("role", role)];
    let answer = browser.post(&format!("/people/{who}"), &form).await;
    assert_eq!(answer.status, 303, "{}", answer.page);
}

/// A call to a colleague, from before it was kept who was called.
fn called(call: &str, arrived: i64, (extension, name): (&str, &str)) -> CallRecord {
    use switchyard::history::{HungUpBy, Outcome};
    CallRecord {
        call: call.into(),
        direction: Direction::Internal,
        caller: Caller { number: extension.into(), name: Some(name.into()) },
        line: switchyard::call::Line { number: "+40312345678".into(), label: "Sales".into() },
        colleague: None,
        agent: Some("adam".into()),
        arrived: Timestamp(arrived),
        answered: None,
        ended: Timestamp(arrived + 1000),
        outcome: Outcome::Canceled,
        hung_up_by: HungUpBy::Caller,
        voicemail: None,
    }
}

/// The same, as it is told elsewhere while it rings.
async fn told(office: &Office, call: &str, at: i64, (extension, name): (&str, &str)) {
    let live = json!({ "id": call, "direction": "internal", "number": extension, "name": name });
    let body = json!({ "type": "call.ringing", "data": { "call": live } }).to_string();
    let store = &office.deps.store;
    assert!(store.add_delivery(&"acme".into(), "crm", call, "call.ringing", &body, Timestamp(at)).await.unwrap());
}

async fn answered(office: &Office, at: i64, names: &str) {
    let entry = Entry {
        at: Timestamp(at),
        by: Actor::Command,
        deed: Deed::NumberChanged,
        subject: "Sales".into(),
        whom: None,
        changes: vec![Change::new("answers", None, Some(names))],
    };
    office.deps.store.note(&"acme".into(), &entry).await.unwrap();
}

/// Ana becomes Anna Pop, and Sara gets her name and her extension. Each is told of twice.
async fn two_anas() -> (Office, Browser) {
    let office = Office::staffed().await;
    let (store, acme) = (&office.deps.store, "acme".into());
    store.add_endpoint(&acme, &endpoint()).await.unwrap();
    let mut adam = office.signed_in("adam").await;
    let before = office.deps.clock.now().0 - 60_000;
    answered(&office, before, "ADAM, ANA").await;
    rename(&mut adam, "ana", ANNA).await;
    rename(&mut adam, "sara", ANA).await;
    let since = office.deps.clock.now().0 + 60_000;
    answered(&office, since, "Anna Pop, ANA").await;
    let calls = [("CA1", before, ANA), ("CA2", since, ANNA), ("CA3", since, ANA), ("CA4", before, ("103", "SARA"))];
    for (call, at, whom) in calls {
        told(&office, call, at, whom).await;
    }
    let version = office.floor("acme").await.version;
    let event = Recorded { version: version + 1, at: Timestamp(1), event: Event::WrapUpEnded { agent: "ana".into() } };
    let records = calls.into_iter().map(|(call, at, whom)| called(call, at, whom)).collect();
    store.append(&acme, version, &Batch { events: vec![event], records, ..Batch::default() }).await.unwrap();
    (office, adam)
}

#[tokio::test]
async fn what_was_kept_under_a_former_name_is_given_out() {
    let (_office, mut adam) = two_anas().await;
    let file = adam.post("/settings/privacy/person/export", &[("agent", "ana")]).await.page;
    let data: Value = serde_json::from_str(&file).unwrap();
    let calls: Vec<_> = data["calls"].as_array().unwrap().iter().map(|call| call["call"].clone()).collect();
    assert_eq!(calls, ["CA2", "CA1"]);
    assert_eq!(data["webhooks"].as_array().unwrap().len(), 2);
    let deeds: Vec<_> = data["log"].as_array().unwrap().iter().map(|entry| entry["deed"].clone()).collect();
    assert_eq!(deeds, ["number_changed", "person_changed", "number_changed"], "{data:#}");
}

#[tokio::test]
async fn a_renamed_colleague_is_erased_under_every_name_and_a_namesake_is_not() {
    let (office, mut adam) = two_anas().await;
    let (store, acme) = (&office.deps.store, "acme".into());
    adam.post("/people/ana/deactivate", &[]).await;
    let erased = adam.post("/settings/privacy/person/erase", &[("agent", "ana"), ("sure_person", "yes")]).await;
    assert_eq!(erased.to, "/settings/privacy?done=erased", "{}", erased.page);

    let mut history = store.history(&acme, None, 9).await.unwrap();
    history.sort_by(|one, other| one.call.cmp(&other.call));
    let callers: Vec<_> =
        history.iter().map(|call| (call.caller.number.as_str(), call.caller.name.as_deref())).collect();
    let nobody = (ERASED, None);
    assert_eq!(callers, [nobody, nobody, ("104", Some("ANA")), ("103", Some("SARA"))]);
    let told = store.deliveries(&acme, "crm", None, 9).await.unwrap();
    assert_eq!(told.iter().map(|told| told.message.as_str()).collect::<Vec<_>>(), ["CA4", "CA3"]);
    let log = store.audit(&acme, None, 99).await.unwrap();
    let numbers = log.iter().map(|(_, entry)| entry).filter(|entry| entry.deed == Deed::NumberChanged);
    let names: Vec<_> = numbers.map(|entry| entry.changes[0].after.as_deref().unwrap()).collect();
    assert_eq!(names, ["erased, ANA", "ADAM, erased"], "the newest first");
    for page in ["/settings/log", "/calls", "/people"] {
        let page = adam.get(page).await.page;
        assert!(!page.contains("Anna Pop"), "{page}");
    }
}

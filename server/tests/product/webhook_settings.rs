//! Who says where webhooks are sent, with which secrets, and what is kept of them.

use serde_json::{Value, json};
use server::commands;
use switchyard::{
    audit::Deed,
    call::{Call, Caller, Line},
    floor::{Event, Recorded},
    ports::Batch,
    time::Timestamp,
    webhooks::{EventType, LiveCall, Message, Told, Trouble},
};

use crate::{
    MARIA,
    crm::{PATH, Receiver, add, deeds, log, test, until},
    office::{Browser, Office},
};

#[tokio::test(flavor = "multi_thread")]
async fn private_networks_are_out_of_reach_unless_the_operator_says_otherwise() {
    let office = Office::public().await;
    office.staff().await;
    let mut adam = office.signed_in("adam").await;
    for (url, words) in [
        ("http://crm.example/", "Write an address like"),
        ("https://169.254.169.254/latest", "private network"),
        ("https://[::1]/", "private network"),
        ("https://localhost:8443/", "private network"),
    ] {
        let form = [("name", "CRM"), ("url", url), ("event-call.ended", "yes")];
        let refused = adam.post(PATH, &form).await;
        assert!(refused.status == 422 && refused.is_wrong("url") && refused.page.contains(words), "{url}: {refused:?}");
        assert_eq!(refused.field("url"), url, "what was typed is not lost");
    }
    let nothing = adam.post(PATH, &[("name", ""), ("url", "")]).await;
    assert!(nothing.is_wrong("name") && nothing.is_wrong("url") && nothing.page.contains("Choose at least one event"));

    // A name that leads to a public address when it is saved may lead elsewhere later.
    let (id, _) = add(&mut adam, "https://crm.example:1/", &[EventType::Ended]).await;
    let store = &office.deps.store;
    let known = store.endpoint(&"acme".into(), &id).await.unwrap().unwrap();
    for url in ["https://localhost:1/", "https://127.0.0.1:1/"] {
        let moved = switchyard::webhooks::Endpoint { url: url.into(), ..known.clone() };
        store.change_endpoint(&"acme".into(), &moved).await.unwrap();
        adam.post(&test(&id), &[]).await;
        let refused = until(&office, &id, "it is not sent", |one| one.attempts.len() == 1).await;
        assert_eq!((refused.attempts[0].status, refused.attempts[0].trouble), (None, Some(Trouble::Private)), "{url}");
    }
    assert!(adam.get(&format!("{PATH}/{id}")).await.page.contains("to which nothing is sent"));
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_made_anew_without_losing_a_message() {
    let office = Office::staffed().await;
    let mut adam = office.signed_in("adam").await;
    let mut crm = Receiver::taking().await;
    let (id, first) = add(&mut adam, &crm.url, &[EventType::Ended]).await;
    let stored = office.deps.store.endpoint(&"acme".into(), &id).await.unwrap().unwrap();
    assert!(!stored.secrets.now.contains(&first[6..]), "it is stored sealed");
    let page = adam.post(&format!("{PATH}/{id}/secret"), &[]).await.page;
    let second = page.split("value=\"").find(|rest| rest.starts_with("whsec_")).unwrap().split('"').next().unwrap();
    assert_ne!(second, first);
    let sent = async |browser: &mut Browser, crm: &mut Receiver| {
        browser.post(&test(&id), &[]).await;
        crm.next().await
    };
    let got = sent(&mut adam, &mut crm).await;
    assert!(got.is_signed_with(&first) && got.is_signed_with(second));

    // The key that seals them is changed while the server runs.
    let said = commands::rotate_secrets(&office.deps.setup).await.unwrap();
    assert!(said.contains("1 webhooks"), "{said}");
    let sealed = office.deps.store.endpoint(&"acme".into(), &id).await.unwrap().unwrap().secrets;
    assert_ne!(sealed.now, stored.secrets.now);
    let got = sent(&mut adam, &mut crm).await;
    assert!(got.is_signed_with(&first) && got.is_signed_with(second));

    // A day later only the new one counts.
    let store = &office.deps.store;
    let (old, _) = sealed.before.clone().unwrap();
    let past = switchyard::webhooks::Secrets { before: Some((old, Timestamp(1))), ..sealed.clone() };
    store.put_secrets(&"acme".into(), &id, &sealed, &past).await.unwrap();
    let got = sent(&mut adam, &mut crm).await;
    assert!(!got.is_signed_with(&first) && got.is_signed_with(second));
    let mut noted: Vec<Deed> = deeds(&office).await.into_iter().map(|(deed, _)| deed).collect();
    noted.reverse();
    noted.retain(|deed| *deed != Deed::WebhookTested);
    assert_eq!(noted, [Deed::WebhookAdded, Deed::WebhookSecretReplaced, Deed::SecretsResealed]);
}

#[tokio::test(flavor = "multi_thread")]
async fn endpoints_are_changed_and_removed_by_admins_alone() {
    let office = Office::staffed().await;
    let mut adam = office.signed_in("adam").await;
    let crm = Receiver::taking().await;
    let (id, _) = add(&mut adam, &crm.url, &[EventType::Ended]).await;
    let path = format!("{PATH}/{id}");
    for who in ["ana", "sara"] {
        let mut browser = office.signed_in(who).await;
        for page in [PATH, &path] {
            assert_eq!(browser.get(page).await.status, 403, "{who} {page}");
        }
        for form in ["", "/test", "/secret", "/switch", "/remove", "/deliveries/1/again"] {
            let status = browser.post(&format!("{path}{form}"), &[("sure", "yes")]).await.status;
            assert_eq!(status, 403, "{who} {form}");
        }
    }
    let gina = office.signed_in("gina").await;
    assert_eq!(gina.get(&path).await.status, 404, "another company's");
    assert!(!gina.get(PATH).await.page.contains(&id));

    let form = [("name", "Wall"), ("url", "https://wall.example/x?key=hunter3"), ("event-call.held", "yes")];
    assert_eq!(adam.post(&path, &form).await.to, format!("{path}?done=saved"));
    let page = adam.get(PATH).await.page;
    assert!(page.contains("Wall") && page.contains("call.held") && !page.contains("call.ended</code></td>"), "{page}");
    adam.post(&format!("{path}/switch"), &[]).await;
    assert!(adam.get(&path).await.page.contains("It is switched off"));
    let unsure = adam.post(&format!("{path}/remove"), &[]).await;
    assert!(unsure.status == 422 && unsure.is_wrong("sure"), "{}", unsure.page);
    assert_eq!(adam.post(&format!("{path}/remove"), &[("sure", "yes")]).await.to, format!("{PATH}?done=removed"));
    assert_eq!(adam.get(&path).await.status, 404);
    let log = adam.get("/settings/log").await.page;
    assert!(log.contains("Removed the webhook to wall.example") && !log.contains("hunter"), "{log}");

    for _ in 0..20 {
        add(&mut adam, &crm.url, &[EventType::Ended]).await;
    }
    let full = adam.post(PATH, &[("name", "x"), ("url", &crm.url), ("event-call.ended", "yes")]).await;
    assert!(full.page.contains("There are 20 webhooks already"), "{}", full.page);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_of_somebody_is_known_and_erased_with_them() {
    let office = Office::staffed().await;
    let mut adam = office.signed_in("adam").await;
    let mut crm = Receiver::taking().await;
    let (id, _) = add(&mut adam, &crm.url, &[EventType::Arrived]).await;
    let version = office.floor("acme").await.version;
    let event = Event::WrapUpEnded { agent: "ana".into() };
    let (line, at) = (Line { number: "+40312345678".into(), label: String::new() }, Timestamp(1000));
    let messages = [MARIA, "+40799000000"].map(|number| {
        let caller = Caller { number: number.into(), name: None };
        let call = Told::Live(LiveCall::from(&Call::inbound("CA1".into(), caller, line.clone(), at)));
        Message { event: EventType::Arrived, sequence: version + 1, at, agent: None, by: None, call }
    });
    let events = vec![Recorded { version: version + 1, at, event }];
    let batch = Batch { events, messages: messages.into(), ..Batch::default() };
    office.deps.store.append(&"acme".into(), version, &batch).await.unwrap();
    crm.next_of("call.arrived").await;
    crm.next_of("call.arrived").await;

    let file = adam.post("/settings/privacy/contact/export", &[("number", MARIA)]).await.page;
    let data: Value = serde_json::from_str(&file).unwrap();
    let told = json!([{ "to": "127.0.0.1", "event": "call.arrived", "at": "1970-01-01T00:00:01Z" }]);
    assert_eq!(data["webhooks"], told);
    let erased = adam.post("/settings/privacy/contact/erase", &[("number", MARIA), ("sure", "yes")]).await;
    assert_eq!(erased.to, "/settings/privacy?done=erased", "{}", erased.page);
    let left = log(&office, &id).await;
    assert!(left.len() == 1 && left[0].body.contains("+40799000000"), "{left:?}");
}

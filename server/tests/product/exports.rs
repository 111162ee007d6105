//! What is in the files that are given out: everything that is kept of somebody, and where the rest is.

use serde_json::{Value, json};
use switchyard::{
    audit::{Actor, Change, Deed, Entry},
    numbers::Number,
    people::{Account, Fallback},
    time::Timestamp,
    token::{ApiToken, Scope},
    voicemail::VoiceMessage,
};

use crate::{
    MARIA,
    added::{DENTIST, three},
    office::{Browser, Office},
    stage::{ACCOUNT, Stage},
};

/// What somebody at the privacy page is given.
async fn of_number(browser: &mut Browser, number: &str) -> Value {
    let file = browser.post("/settings/privacy/contact/export", &[("number", number)]).await;
    serde_json::from_str(&file.page).unwrap_or_else(|error| panic!("{error}: {file:?}"))
}

fn message(recording: &str) -> VoiceMessage {
    VoiceMessage {
        recording: recording.into(),
        account: ACCOUNT.into(),
        call: "CA1".into(),
        agent: "ana".into(),
        number: MARIA.into(),
        seconds: 7,
        at: Timestamp(90_000),
        heard: None,
    }
}

/// What the file says that is not in it, by its place in the list.
fn elsewhere(data: &Value, place: usize) -> &Value {
    &data["not_in_this_file"][place]
}

#[tokio::test]
async fn calls_that_go_on_and_those_that_somebody_was_added_to_are_in_their_file() {
    let stage = Stage::set(&[]).await;
    let call = three(&stage).await;
    let mut cristina = Browser::at(stage.url(""));
    cristina.post("/sign-in/demo", &[("agent", "cristina")]).await;
    let maria = of_number(&mut cristina, MARIA).await;
    assert_eq!((&maria["live"][0]["call"], &maria["live"][0]["added"]), (&json!(call.as_str()), &json!(false)));
    assert_eq!((&maria["live"][0]["name"], &maria["added_to"]), (&json!("Maria Enache"), &json!([])));
    let dentist = of_number(&mut cristina, DENTIST).await;
    assert_eq!((&dentist["live"][0]["call"], &dentist["live"][0]["added"]), (&json!(call.as_str()), &json!(true)));
    let said = dentist.to_string();
    assert!(!said.contains(MARIA) && !said.contains("Maria"), "nothing of who else is in it: {said}");

    stage.caller_hangs_up(&call).await;
    stage.until("the call is over", |floor| floor.calls.is_empty()).await;
    let dentist = of_number(&mut cristina, DENTIST).await;
    assert_eq!((&dentist["live"], &dentist["calls"]), (&json!([]), &json!([])), "the history knows Maria only");
    let added = &dentist["added_to"][0];
    assert_eq!((&added["call"], &added["by"]), (&json!(call.as_str()), &json!("ana")));
    let where_else = elsewhere(&dentist, 1)["where"].as_str().unwrap();
    assert!(where_else.contains(ACCOUNT), "{where_else}");
}

#[tokio::test]
async fn what_administrators_did_about_a_number_and_where_messages_are_is_in_its_file() {
    let office = Office::staffed().await;
    let (acme, store) = ("acme".into(), &office.deps.store);
    let entry = |subject: &str, changes| Entry {
        at: Timestamp(1000),
        by: Actor::Person { id: "olga".into(), name: "OLGA".into() },
        deed: Deed::PersonChanged,
        subject: subject.into(),
        whom: None,
        changes,
    };
    store.note(&acme, &entry("ANA", vec![Change::new("fallback", None, Some(MARIA))])).await.unwrap();
    store.note(&acme, &entry("ANA", vec![Change::new("fallback", None, Some("+40733000000"))])).await.unwrap();
    store.note(&acme, &Entry { deed: Deed::DataExported, ..entry(MARIA, Vec::new()) }).await.unwrap();
    store.note_message(&acme, &message("RE1")).await.unwrap();
    let mut adam = office.signed_in("adam").await;
    let data = of_number(&mut adam, MARIA).await;
    let deeds: Vec<_> = data["log"].as_array().unwrap().iter().map(|entry| entry["deed"].clone()).collect();
    assert_eq!(deeds, ["data_exported", "person_changed"], "the newest first: {data:#}");
    assert_eq!(data["messages"][0]["listen"], office.url("/voicemail/RE1/audio"));
    let sound = &elsewhere(&data, 0)["recordings"][0];
    let expected = json!({ "recording": "RE1", "account": ACCOUNT, "at": "1970-01-01T00:01:30Z", "seconds": 7 });
    assert_eq!(*sound, expected);

    // What is given out is what is erased.
    adam.post("/settings/privacy/contact/erase", &[("number", MARIA), ("sure", "yes")]).await;
    assert_eq!(of_number(&mut adam, MARIA).await["log"], json!([]));
}

#[tokio::test]
async fn a_colleagues_file_has_everything_but_secrets() {
    let office = Office::staffed().await;
    let (acme, store) = ("acme".into(), &office.deps.store);
    let account = office.account("acme", "ana").await.unwrap();
    let (caller_id, own) = (Some("+40312345678".to_owned()), "+40312345679");
    let fallback = Fallback::Mobile("+40722000001".into());
    store.put_account(&Account { caller_id, fallback, ..account }).await.unwrap();
    let answered = |who: &str| Some([who.into()].into());
    for number in [
        Number::named("+40312345678", "Sales"),
        Number { answered_by: answered("ana"), ..Number::named(own, "Ana's own") },
        Number { answered_by: answered("sara"), ..Number::named("+40312345670", "Sara's own") },
    ] {
        store.put_number(&acme, &number).await.unwrap();
    }
    let token = |id: &str, by: &str| ApiToken {
        id: id.into(),
        name: format!("{id} of {by}"),
        scopes: vec![Scope::CallsRead],
        by: by.into(),
        created: Timestamp(1000),
        used: None,
        revoked: None,
    };
    store.put_token("hash of a token", &acme, &token("reports", "ana")).await.unwrap();
    store.put_token("hash of another", &acme, &token("reports2", "sara")).await.unwrap();
    store.revoke_token(&acme, "reports", Timestamp(2000)).await.unwrap();
    store.note_message(&acme, &message("RE1")).await.unwrap();
    let (now, day) = (office.deps.clock.now().0, 24 * 60 * 60 * 1000);
    store.put_link("hash of a link", &acme, &"ana".into(), Timestamp(now + 3 * day)).await.unwrap();

    let mut adam = office.signed_in("adam").await;
    let file = adam.post("/settings/privacy/person/export", &[("agent", "ana")]).await.page;
    let data: Value = serde_json::from_str(&file).unwrap();
    assert_eq!(data["account"]["caller_id"], "+40312345678");
    let numbers = json!([
        { "number": "+40312345678", "label": "Sales", "everybody": true },
        { "number": own, "label": "Ana's own", "everybody": false },
    ]);
    assert_eq!(data["numbers"], numbers);
    let [token] = &data["api_tokens"].as_array().unwrap()[..] else { panic!("{data:#}") };
    assert_eq!((&token["name"], &token["revoked"]), (&json!("reports of ana"), &json!("1970-01-01T00:00:02Z")));
    assert_eq!(data["link"]["made"], Timestamp(now - 4 * day).iso());
    assert_eq!(data["messages"][0]["listen"], office.url("/voicemail/RE1/audio"));
    assert_eq!(elsewhere(&data, 0)["recordings"][0]["recording"], "RE1");
    assert!(!file.contains("hash of a ") && !file.contains("argon2"), "{file}");
}

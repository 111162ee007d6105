//! Personal data: given out as a file, and erased. What is erased at Twilio is in `erasing_at_twilio`.

use serde_json::{Value, json};
use server::{
    commands,
    config::{GdprDeed, Whom},
    retention,
};
use switchyard::{
    audit::Deed, contacts::Contact, history::ERASED, numbers::Number, people::Standing, ports::Undeleted,
    retention::Retention, time::Timestamp, voicemail::VoiceMessage,
};

use crate::{
    contacts::two_calls,
    office::{Office, PASSWORD},
    stage::ACCOUNT,
};

pub(crate) const MARIA: &str = "+40722111222";
const EXPORT: &str = "/settings/privacy/contact/export";
pub(crate) const ERASE: &str = "/settings/privacy/contact/erase";

async fn maria(office: &Office) {
    let contact = Contact {
        workspace: "acme".into(),
        id: "maria".into(),
        number: MARIA.into(),
        name: "Maria Enache".into(),
        note: "tea".into(),
    };
    office.deps.store.add_contact(&contact).await.unwrap();
    two_calls(office).await;
}

pub async fn deeds(office: &Office) -> Vec<(Deed, String)> {
    let log = office.deps.store.audit(&"acme".into(), None, 99).await.unwrap();
    log.into_iter().map(|(_, entry)| (entry.deed, entry.subject)).collect()
}

#[tokio::test]
async fn a_contacts_data_are_given_out_as_a_file() {
    let office = Office::staffed().await;
    maria(&office).await;
    let mut adam = office.signed_in("adam").await;
    let file = adam.post(EXPORT, &[("number", "0722 111 222")]).await;
    assert_eq!(file.status, 200);
    let data: Value = serde_json::from_str(&file.page).unwrap();
    assert_eq!((&data["number"], &data["contact"]), (&json!(MARIA), &json!({ "name": "Maria Enache", "note": "tea" })));
    let calls = data["calls"].as_array().unwrap();
    assert_eq!(calls.len(), 1, "hers and no others");
    assert_eq!((&calls[0]["call"], &calls[0]["ended"]), (&json!("CA1"), &json!("1970-01-01T00:01:30Z")));
    assert_eq!(deeds(&office).await, [(Deed::DataExported, MARIA.into())]);

    // Of a number that nobody knows there is nothing, and that is an answer too.
    let nobody = adam.post(EXPORT, &[("number", "0799 000 000")]).await;
    let data: Value = serde_json::from_str(&nobody.page).unwrap();
    assert_eq!((&data["contact"], &data["calls"]), (&Value::Null, &json!([])));
    let wrong = adam.post(EXPORT, &[("number", "12")]).await;
    assert!(wrong.status == 422 && wrong.is_wrong("number"), "{}", wrong.page);
}

#[tokio::test]
async fn only_admins_and_owners_handle_personal_data() {
    let office = Office::staffed().await;
    maria(&office).await;
    for who in ["ana", "sara"] {
        let mut browser = office.signed_in(who).await;
        assert_eq!(browser.get("/settings/privacy").await.status, 403);
        assert!(!browser.get("/contacts/maria").await.page.contains("/settings/privacy"));
        for path in [EXPORT, ERASE, "/settings/privacy/person/export", "/settings/privacy/person/erase"] {
            let form = [("number", MARIA), ("agent", "ana"), ("sure", "yes"), ("sure_person", "yes")];
            assert_eq!(browser.post(path, &form).await.status, 403, "{who} {path}");
        }
    }
    let mut gina = office.signed_in("gina").await;
    let data: Value = serde_json::from_str(&gina.post(EXPORT, &[("number", MARIA)]).await.page).unwrap();
    assert_eq!((&data["contact"], &data["calls"]), (&Value::Null, &json!([])), "another company's are its own");
    gina.post(ERASE, &[("number", MARIA), ("sure", "yes")]).await;
    let other = [("agent", "ana"), ("sure_person", "yes")];
    assert!(gina.post("/settings/privacy/person/erase", &other).await.is_wrong("agent"));
    assert!(office.deps.store.contact_with(&"acme".into(), MARIA).await.unwrap().is_some());
    let adam = office.signed_in("adam").await;
    assert!(adam.get("/contacts/maria").await.page.contains("/settings/privacy?number=%2B40722111222"));
}

#[tokio::test]
async fn a_contact_is_erased_and_their_calls_still_count() {
    let office = Office::staffed().await;
    maria(&office).await;
    let mut adam = office.signed_in("adam").await;
    let unsure = adam.post(ERASE, &[("number", MARIA)]).await;
    assert!(unsure.status == 422 && unsure.is_wrong("sure") && unsure.field("number") == MARIA);
    let erased = adam.post(ERASE, &[("number", MARIA), ("sure", "yes")]).await;
    assert_eq!((erased.status, erased.to.as_str()), (303, "/settings/privacy?done=erased"), "{}", erased.page);

    let history = office.deps.store.history(&"acme".into(), None, 9).await.unwrap();
    assert_eq!(history.len(), 2);
    assert!(history.iter().any(|call| call.caller.number == ERASED));
    let page = adam.get("/calls").await.page;
    assert!(page.contains("erased") && !page.contains("722"), "{page}");
    assert_eq!(adam.get("/contacts/maria").await.status, 404);
    assert_eq!(deeds(&office).await, [(Deed::ContactErased, String::new())], "the log does not say who it was");
    // The floor goes on, and so does its log.
    let version = office.floor("acme").await.version;
    adam.post(
        "/people/ana",
        &[("name", "Anna"), ("email", "ana@example.com"), ("extension", "104"), ("role", "agent")],
    )
    .await;
    assert!(office.floor("acme").await.version > version);
}

#[tokio::test]
async fn messages_are_given_out_erased_and_forgotten_with_everything_else() {
    let office = Office::staffed().await;
    maria(&office).await;
    let (store, acme) = (&office.deps.store, "acme".into());
    let message = |recording: &str, number: &str, agent: &str, at: i64| VoiceMessage {
        recording: recording.into(),
        account: ACCOUNT.into(),
        call: "CA1".into(),
        agent: agent.into(),
        number: number.into(),
        seconds: 3,
        at: Timestamp(at),
        heard: None,
    };
    let now = office.deps.clock.now().0;
    for (recording, number, agent, at) in
        [("RE1", MARIA, "ana", now), ("RE2", "+40733000000", "ana", now), ("RE3", "+40733000000", "sara", 1000)]
    {
        store.note_message(&acme, &message(recording, number, agent, at)).await.unwrap();
    }
    let left = async || {
        let mut left = store.messages(&"acme".into(), None, None, 9).await.unwrap();
        left.sort_by(|one, other| one.recording.cmp(&other.recording));
        left.into_iter().map(|message| message.recording.to_string()).collect::<Vec<_>>()
    };
    let mut adam = office.signed_in("adam").await;
    let file = adam.post(EXPORT, &[("number", MARIA)]).await;
    let data: Value = serde_json::from_str(&file.page).unwrap();
    assert_eq!(data["messages"].as_array().unwrap().len(), 1);
    assert_eq!((&data["messages"][0]["recording"], &data["messages"][0]["for"]), (&json!("RE1"), &json!("ana")));
    let file = adam.post("/settings/privacy/person/export", &[("agent", "ana")]).await;
    let data: Value = serde_json::from_str(&file.page).unwrap();
    assert_eq!(data["messages"].as_array().unwrap().len(), 2);

    adam.post(ERASE, &[("number", MARIA), ("sure", "yes")]).await;
    assert_eq!(left().await, ["RE2", "RE3"]);
    store.put_retention(&acme, Retention { calls: Some(30), ..Retention::default() }).await.unwrap();
    retention::forget_as_chosen(&office.deps).await;
    assert_eq!(left().await, ["RE2"], "what is older than the history goes with it");
    adam.post("/people/ana/deactivate", &[]).await;
    adam.post("/settings/privacy/person/erase", &[("agent", "ana"), ("sure_person", "yes")]).await;
    assert!(left().await.is_empty());
    let undeleted: Vec<_> = store.undeleted().await.unwrap().into_iter().map(|(_, one)| one.call).collect();
    assert_eq!(undeleted.len(), 3, "their sound is still to be deleted at Twilio: {undeleted:?}");
}

#[tokio::test]
async fn somebody_who_left_is_given_their_data_and_erased() {
    let office = Office::staffed().await;
    two_calls(&office).await;
    let mut adam = office.signed_in("adam").await;
    let mut olga = office.signed_in("olga").await;
    let file = adam.post("/settings/privacy/person/export", &[("agent", "ana")]).await;
    let data: Value = serde_json::from_str(&file.page).unwrap();
    assert_eq!((&data["account"]["name"], &data["account"]["email"]), (&json!("ANA"), &json!("ana@example.com")));
    assert_eq!(data["calls"].as_array().unwrap().len(), 2);
    assert_eq!(data["webhooks"], json!([]), "nothing was told elsewhere");
    assert!(!file.page.contains("argon2"), "nothing that they sign in with");
    let above = adam.post("/settings/privacy/person/export", &[("agent", "olga")]).await;
    assert_eq!(above.status, 403, "an owner's data are not an admin's to give out");

    let erase = "/settings/privacy/person/erase";
    let form = [("agent", "ana"), ("sure_person", "yes")];
    assert!(adam.post(erase, &form).await.is_wrong("agent"), "they belong to the workspace");
    adam.post("/people/ana/deactivate", &[]).await;
    assert!(adam.post(erase, &[("agent", "ana")]).await.is_wrong("sure_person"));
    assert_eq!(adam.post(erase, &form).await.to, "/settings/privacy?done=erased");

    let left = office.account("acme", "ana").await.unwrap();
    assert!(left.is_erased() && left.standing() == Standing::Deactivated);
    for page in ["/people", "/calls", "/settings/privacy", "/settings/log"] {
        let page = olga.get(page).await.page;
        assert!(!page.contains("ANA") && !page.contains("ana@example.com"), "{page}");
    }
    assert!(olga.get("/people").await.page.contains("erased"));
    assert_eq!(olga.get("/people/ana").await.status, 404);
    assert_eq!(olga.post("/people/ana/reactivate", &[]).await.status, 404);
    let left = office.account("acme", "ana").await.unwrap();
    assert_eq!(left.standing(), Standing::Deactivated, "nobody comes back as nobody");
    let mut nobody = office.browser();
    nobody.sign_in("ana@example.com", PASSWORD).await;
    assert!(!nobody.is_in().await);
}

#[tokio::test]
async fn whoever_was_signed_out_comes_back_to_the_forms() {
    let office = Office::staffed().await;
    let mut adam = office.browser();
    let next = adam.post(EXPORT, &[("number", MARIA)]).await.to;
    assert_eq!(next, format!("/sign-in?next={EXPORT}"));
    let form = [("email", "adam@example.com"), ("password", PASSWORD), ("next", EXPORT)];
    assert_eq!(adam.post("/sign-in", &form).await.to, EXPORT);
    assert_eq!(adam.get(EXPORT).await.to, "/settings/privacy");
}

/// Exports or erases at the command line.
async fn gdpr(office: &Office, deed: Deed, whom: &Whom, yes: bool) -> (String, u8) {
    let (workspace, whom) = ("acme".to_owned(), whom.clone());
    let deed = match deed {
        Deed::DataExported => GdprDeed::Export { workspace, whom },
        _ => GdprDeed::Erase { workspace, whom, yes },
    };
    commands::gdpr(&office.deps.setup, deed).await
}

#[tokio::test]
async fn an_operator_does_the_same_at_the_command_line() {
    let office = Office::staffed().await;
    maria(&office).await;
    let acme = "acme".into();
    let whom = |number: Option<&str>, email: Option<&str>| Whom {
        number: number.map(str::to_owned),
        email: email.map(str::to_owned),
    };
    let run = async |deed, whom: &Whom, yes| gdpr(&office, deed, whom, yes).await;
    let (her, ana) = (whom(Some("0722 111 222"), None), whom(None, Some("ANA@example.com")));

    let (text, code) = run(Deed::DataExported, &her, false).await;
    let data: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &data["contact"]["name"]), (0, &json!("Maria Enache")));
    assert_eq!(run(Deed::PersonErased, &her, false).await.1, 2, "without --yes nothing is erased");
    assert!(office.deps.store.contact_with(&acme, MARIA).await.unwrap().is_some());
    assert_eq!(run(Deed::PersonErased, &her, true).await.1, 0);
    assert!(office.deps.store.contact_with(&acme, MARIA).await.unwrap().is_none());

    assert_eq!(run(Deed::DataExported, &ana, false).await.1, 0);
    let (text, code) = run(Deed::PersonErased, &ana, true).await;
    assert!(code == 2 && text.contains("deactivated"), "{text}");
    office.deps.store.deactivate(&acme, &"ana".into(), office.deps.clock.now()).await.unwrap();
    assert_eq!(run(Deed::PersonErased, &ana, true).await.1, 0);
    assert!(office.account("acme", "ana").await.unwrap().is_erased());
    for nobody in [whom(None, Some("gina@example.com")), whom(Some("12"), None)] {
        assert_eq!(run(Deed::DataExported, &nobody, false).await.1, 2, "{nobody:?}");
    }
    let noted = deeds(&office).await;
    assert!(noted.iter().all(|(_, subject)| !subject.contains("ANA") && !subject.contains("722111222")), "{noted:?}");
    let deeds: Vec<_> = noted.into_iter().map(|(deed, _)| deed).collect();
    assert_eq!(deeds, [Deed::PersonErased, Deed::DataExported, Deed::ContactErased, Deed::DataExported]);
    // The server beside it goes on.
    assert!(office.floor("acme").await.agents.contains_key(&"adam".into()));
}

#[tokio::test]
async fn nobody_is_erased_with_one_of_our_own_numbers() {
    let office = Office::staffed().await;
    let (acme, own) = ("acme".into(), "+40312345678");
    office.deps.store.put_number(&acme, &Number::named(own, "Sales")).await.unwrap();
    two_calls(&office).await;
    let before = office.deps.store.history(&acme, None, 99).await.unwrap();
    let mut adam = office.signed_in("adam").await;
    let refused = adam.post("/settings/privacy/contact/erase", &[("number", own), ("sure", "yes")]).await;
    assert!(refused.status == 422 && refused.is_wrong("number"), "{refused:?}");
    assert_eq!(office.deps.store.history(&acme, None, 99).await.unwrap(), before);
    assert_eq!(office.deps.store.undeleted_of(&acme).await.unwrap(), Undeleted::default());
}

//! The audit log: every form that changes something of a company notes by whom, what, what was before and what is since.
//! Forms are read from the router, so that a new one cannot forget to.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use server::demo::WORKSPACE;
use switchyard::{
    audit::{Actor, Change, Deed, Entry},
    id::WorkspaceId,
    voicemail::VoiceMessage,
};

use super::{
    MARIA, audit_settings as settings,
    office::{Answer, Browser, Office, PASSWORD},
    people,
    setup::OTHER_TOKEN,
    stage::{ACCOUNT, Stage, TOKEN},
};

pub const DESK: &str = "+40312345679";
const RECORDING: &str = "REcafecafecafecafecafecafecafecafe";

/// What changes nothing that an administrator sets, each with why. What ends in `*` is everything that begins so.
const NOTHING_TO_NOTE: &[(&str, &str)] = &[
    ("/sign-in", "somebody comes"),
    ("/sign-in/demo", "somebody comes, in the demo"),
    ("/sign-out", "somebody goes"),
    ("/switch", "somebody goes from one company of theirs to another"),
    ("/contacts/new", "everybody keeps contacts, as part of their work"),
    ("/contacts/{contact}", "everybody keeps contacts, as part of their work"),
    ("/contacts/{contact}/remove", "everybody keeps contacts, as part of their work"),
    ("/api/token", "a page becomes a phone"),
    ("/settings/twilio/check", "it compares; what it finds is noted by the server"),
    ("/voicemail/{recording}/heard", "what somebody does with a message of their own"),
    ("/api/voice/*", "Twilio tells of calls"),
    ("/api/twilio/*", "Twilio tells of calls"),
    ("/twilio/voice", "Twilio tells of calls"),
    ("PUT /api/v1/presence/{id}", "whether somebody takes calls is what their work is"),
    ("/api/fn/ask", "calls are in the history"),
    ("/api/fn/prepare_dial", "it looks a number up"),
    ("/api/fn/add_to_call", "calls are in the history"),
    ("/api/fn/find_contacts", "it reads"),
    ("/api/fn/load_floor", "it reads"),
    ("/api/fn/load_calls", "it reads"),
    ("/api/fn/demo_accounts", "it reads"),
];

pub fn salon() -> WorkspaceId {
    WORKSPACE.into()
}

/// Something that was noted: deed, subject, and `[what, before, after]` of each change, `-` for nothing.
pub type Noted = (Deed, String, Vec<[String; 3]>);

pub fn noted(deed: Deed, subject: &str, changes: &[[&str; 3]]) -> Noted {
    (deed, subject.to_owned(), changes.iter().map(|change| change.map(str::to_owned)).collect())
}

fn in_short(entry: &Entry) -> Noted {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let change = |change: &Change| [change.what.clone(), value(&change.before), value(&change.after)];
    (entry.deed, entry.subject.clone(), entry.changes.iter().map(change).collect())
}

/// Somebody who does one thing after the other, and what is noted of it.
pub struct Deeds<'a> {
    pub stage: &'a Stage,
    browser: Browser,
    /// As whom.
    who: &'a str,
    /// How much of the log was read.
    read: usize,
    /// The routes that were tried.
    tried: BTreeSet<String>,
}

impl Deeds<'_> {
    /// Sends a form to a route, whose gaps are filled with `names`, and answers what was noted of that.
    pub async fn note(&mut self, route: &str, names: &[&str], form: &[(&str, &str)]) -> Vec<Noted> {
        self.send(route, names, form).await.1
    }

    async fn send(&mut self, route: &str, names: &[&str], form: &[(&str, &str)]) -> (Answer, Vec<Noted>) {
        let path = filled(route, names);
        let answer = self.browser.post(&path, form).await;
        assert!([200, 303].contains(&answer.status) && !answer.to.contains("error="), "{path}: {answer:?}");
        self.tried.insert(route.to_owned());
        (answer, self.news().await)
    }

    /// What was noted since the last time, by whoever does this; what the server finds by itself is left out.
    async fn news(&mut self) -> Vec<Noted> {
        let mut log = self.stage.deps().store.audit(&salon(), None, 1000).await.unwrap();
        log.reverse();
        let news: Vec<Entry> = log.split_off(self.read).into_iter().map(|(_, entry)| entry).collect();
        self.read += news.len();
        let by_people = news.iter().filter(|entry| entry.by != Actor::Server);
        by_people
            .map(|entry| {
                let by = Actor::Person { id: self.who.into(), name: "Cristina Neagu".into() };
                assert_eq!(entry.by, by, "{entry:?}");
                in_short(entry)
            })
            .collect()
    }
}

fn filled(route: &str, names: &[&str]) -> String {
    let mut names = names.iter();
    let parts = route.split('/').map(|part| if part.starts_with('{') { *names.next().unwrap() } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Every address of the product that takes something, as `router.rs`, the description of the API and the pages' functions
/// name them.
fn addresses(api: &Value) -> BTreeSet<String> {
    let constants: Vec<(&str, &str)> = include_str!("../../src/urls.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("pub const ")?.split_once(": &str = \""))
        .map(|(name, value)| (name, value.trim_end_matches("\";")))
        .collect();
    let takes = |route: &&str| ["post(", "put(", "patch(", "delete("].iter().any(|method| route.contains(method));
    let routes = include_str!("../../src/router.rs").split(".route(").skip(1).filter(takes).map(|route| {
        let first = route.split(',').next().unwrap().trim();
        let known =
            first.strip_prefix("urls::").map(|name| constants.iter().find(|(known, _)| *known == name).unwrap().1);
        known.unwrap_or_else(|| first.trim_matches('"')).to_owned()
    });
    let functions = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned());
    let operations = api["paths"].as_object().unwrap().iter().flat_map(|(path, operations)| {
        let methods = operations.as_object().unwrap().keys().filter(|method| *method != "get");
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    routes.chain(functions).chain(operations).collect()
}

fn is_exempt(address: &str) -> bool {
    NOTHING_TO_NOTE.iter().any(|(known, _)| match known.strip_suffix('*') {
        Some(start) => address.starts_with(start),
        None => address == *known,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_that_changes_something_notes_who_what_before_and_after() {
    let stage = Stage::set(&[]).await;
    let mut browser = Browser::at(stage.url(""));
    browser.sign_in("cristina@aurora.example", "aurora-demo").await;
    let read = stage.deps().store.audit(&salon(), None, 1000).await.unwrap().len();
    let mut deeds = Deeds { stage: &stage, browser, who: "cristina", read, tried: BTreeSet::new() };
    themselves(&mut deeds).await;
    colleagues(&mut deeds).await;
    settings::programs(&mut deeds).await;
    settings::webhooks(&mut deeds).await;
    settings::floor(&mut deeds).await;
    settings::numbers(&mut deeds).await;
    settings::twilio(&mut deeds).await;
    settings::privacy(&mut deeds).await;
    the_api(&mut deeds).await;
    assert_eq!(
        deeds.note("/profile/sign-out-everywhere", &[], &[]).await,
        [noted(Deed::SignedOutEverywhere, "Cristina Neagu", &[])]
    );
    // These have stories of their own below: they are nobody's who is signed in. What is accepted must differ first: the story
    // of that is among those of what is kept right.
    deeds.tried.extend(["/welcome", "/join/{token}", "/settings/twilio/accept"].map(str::to_owned));

    let api: Value = stage.http.get(stage.url("/api/openapi.json")).send().await.unwrap().json().await.unwrap();
    let all = addresses(&api);
    assert!(all.len() > 70, "the product has more than this: {all:?}");
    let forgotten: Vec<_> = all.iter().filter(|one| !deeds.tried.contains(*one) && !is_exempt(one)).collect();
    assert!(forgotten.is_empty(), "say here what these note, or above why there is nothing to note: {forgotten:?}");
    let gone: Vec<_> = deeds.tried.iter().filter(|one| !all.contains(*one) || is_exempt(one)).collect();
    assert!(gone.is_empty(), "{gone:?}");
    for (_, entry) in stage.deps().store.audit(&salon(), None, 1000).await.unwrap() {
        let text = format!("{entry:?}");
        assert!(![TOKEN, OTHER_TOKEN, "whsec_", "swy_", "/join/"].iter().any(|secret| text.contains(secret)), "{text}");
    }
}

async fn themselves(deeds: &mut Deeds<'_>) {
    let her = "Cristina Neagu";
    let said = deeds.note("/profile", &[], &[("name", her), ("language", "en")]).await;
    assert_eq!(said, [noted(Deed::PersonChanged, her, &[["language", "-", "en"]])]);
    assert_eq!(deeds.note("/profile", &[], &[("name", her), ("language", "en")]).await, [], "nothing is different");
    let password = [("current", "aurora-demo"), ("password", PASSWORD)];
    assert_eq!(deeds.note("/profile/password", &[], &password).await, [noted(Deed::PasswordChanged, her, &[])]);
    let message = VoiceMessage {
        recording: RECORDING.into(),
        account: ACCOUNT.into(),
        call: "CA1".into(),
        agent: "ana".into(),
        number: MARIA.into(),
        seconds: 3,
        at: switchyard::time::Timestamp(1),
        heard: None,
    };
    deeds.stage.deps().store.note_message(&salon(), &message).await.unwrap();
    let deleted = deeds.note("/voicemail/{recording}/delete", &[RECORDING], &[]).await;
    assert_eq!(deleted, [noted(Deed::MessageDeleted, "Ana Popescu", &[])]);
}

async fn colleagues(deeds: &mut Deeds<'_>) {
    let dan = [
        ("name", "Dan"),
        ("email", "dan@aurora.example"),
        ("extension", "150"),
        ("role", "agent"),
        ("language", ""),
        ("fallback", "nowhere"),
    ];
    let (answer, invited) = deeds.send("/people/new", &[], &dan).await;
    let set = [
        ["name", "-", "Dan"],
        ["email", "-", "dan@aurora.example"],
        ["extension", "-", "150"],
        ["role", "-", "agent"],
        ["standing", "-", "invited"],
    ];
    assert_eq!(invited, [noted(Deed::PersonInvited, "Dan", &set)]);
    let id = answer.to.strip_prefix("/people/").unwrap().split('?').next().unwrap().to_owned();
    let (answer, made) = deeds.send("/people/{agent}/link", &[&id], &[]).await;
    assert_eq!(made, [noted(Deed::LinkMade, "Dan", &[])]);
    // What Dan does is noted as his.
    let link = answer.page.split_once("/join/").unwrap().1.split('"').next().unwrap().to_owned();
    let mut his = Browser::at(deeds.stage.url(""));
    let came = his.post(&format!("/join/{link}"), &[("name", "Dan Pop"), ("password", PASSWORD)]).await;
    assert_eq!(came.to, "/", "{came:?}");
    let entry = deeds.stage.deps().store.audit(&salon(), None, 1).await.unwrap().remove(0).1;
    assert_eq!(entry.by, Actor::Person { id: id.as_str().into(), name: "Dan Pop".into() });
    let came = [["name", "Dan", "Dan Pop"], ["standing", "invited", "active"]];
    assert_eq!(in_short(&entry), noted(Deed::LinkUsed, "Dan Pop", &came));
    deeds.read += 1;

    let mut form = dan;
    (form[0], form[1], form[3]) = (("name", "Dan Pop"), ("email", "pop@aurora.example"), ("role", "supervisor"));
    let changed = [["email", "dan@aurora.example", "pop@aurora.example"], ["role", "agent", "supervisor"]];
    assert_eq!(deeds.note("/people/{agent}", &[&id], &form).await, [noted(Deed::PersonChanged, "Dan Pop", &changed)]);
    let calls = deeds.note("/people/{agent}/calls", &[&id], &[("caller_id", DESK)]).await;
    assert_eq!(calls, [noted(Deed::PersonChanged, "Dan Pop", &[["caller_id", "-", DESK]])]);
    let left = [["standing", "active", "deactivated"]];
    let out = noted(Deed::PersonDeactivated, "Dan Pop", &left);
    assert_eq!(deeds.note("/people/{agent}/deactivate", &[&id], &[]).await, std::slice::from_ref(&out));
    let back = noted(Deed::PersonReactivated, "Dan Pop", &[["standing", "deactivated", "active"]]);
    assert_eq!(deeds.note("/people/{agent}/reactivate", &[&id], &[]).await, [back]);

    let exported = deeds.note("/settings/privacy/person/export", &[], &[("agent", &id)]).await;
    assert_eq!(exported, [noted(Deed::DataExported, "Dan Pop", &[])]);
    assert_eq!(deeds.note("/people/{agent}/deactivate", &[&id], &[]).await, [out]);
    let erased = deeds.note("/settings/privacy/person/erase", &[], &[("agent", &id), ("sure_person", "yes")]).await;
    assert_eq!(erased, [noted(Deed::PersonErased, "", &[])], "nobody is to know who it was");
}

/// What programs do is noted as whoever made their token.
async fn the_api(deeds: &mut Deeds<'_>) {
    let form = [("name", "HR"), ("scope-people:write", "yes"), ("scope-people:link", "yes")];
    let (answer, _) = deeds.send("/settings/api", &[], &form).await;
    let token = answer.page.split("value=\"").find(|rest| rest.starts_with("swy_")).unwrap();
    let token = token.split('"').next().unwrap().to_owned();
    let stage = deeds.stage;
    let ask = async |method: Method, path: &str, body: Value| {
        let request = stage.http.request(method, stage.url(path)).bearer_auth(&token).json(&body);
        request.send().await.unwrap().error_for_status().unwrap().json::<Value>().await.unwrap()
    };
    let ion = ask(Method::POST, "/api/v1/people", json!({ "name": "Ion", "email": "ion@aurora.example" })).await;
    let id = ion["id"].as_str().unwrap();
    let news = deeds.news().await;
    assert!(matches!(&news[..], [(Deed::PersonInvited, who, _)] if who == "Ion"), "{news:?}");
    ask(Method::PATCH, &format!("/api/v1/people/{id}"), json!({ "role": "supervisor" })).await;
    let role = noted(Deed::PersonChanged, "Ion", &[["role", "agent", "supervisor"]]);
    assert_eq!(deeds.news().await, [role]);
    for (deed, expected) in [
        ("link", noted(Deed::LinkMade, "Ion", &[])),
        ("deactivate", noted(Deed::PersonDeactivated, "Ion", &[["standing", "invited", "deactivated"]])),
        ("reactivate", noted(Deed::PersonReactivated, "Ion", &[["standing", "deactivated", "invited"]])),
    ] {
        ask(Method::POST, &format!("/api/v1/people/{id}/{deed}"), json!({})).await;
        assert_eq!(deeds.news().await, [expected]);
        deeds.tried.insert(format!("POST /api/v1/people/{{id}}/{deed}"));
    }
    deeds.tried.extend(["POST /api/v1/people".to_owned(), "PATCH /api/v1/people/{id}".to_owned()]);
}

#[tokio::test]
async fn that_a_company_was_founded_is_the_first_thing_that_is_noted_of_it() {
    let office = Office::new().await;
    let code = office.code().await;
    let form = [
        ("code", code.as_str()),
        ("workspace", "Acme"),
        ("country", "RO"),
        ("language", "ro"),
        ("name", "Olga Pop"),
        ("email", "olga@example.com"),
        ("password", PASSWORD),
    ];
    assert_eq!(office.browser().post("/welcome", &form).await.status, 303);
    let log = office.deps.store.audit(&"acme".into(), None, 9).await.unwrap();
    let [(_, entry)] = &log[..] else { panic!("{log:?}") };
    let set = [["country", "-", "RO"], ["language", "-", "ro"]];
    assert_eq!(in_short(entry), noted(Deed::WorkspaceFounded, "Acme", &set));
    assert!(matches!(&entry.by, Actor::Person { name, .. } if name == "Olga Pop"), "{entry:?}");
}

#[tokio::test]
async fn a_new_password_by_a_link_is_noted_and_changes_nothing_else() {
    let office = Office::staffed().await;
    let mut adam = office.signed_in("adam").await;
    let link = people::link(&mut adam, "ana").await;
    assert_eq!(office.browser().post(&link, &[("password", "quite another one")]).await.to, "/");
    let log = office.deps.store.audit(&"acme".into(), None, 9).await.unwrap();
    let short: Vec<Noted> = log.iter().rev().map(|(_, entry)| in_short(entry)).collect();
    assert_eq!(short, [noted(Deed::LinkMade, "ANA", &[]), noted(Deed::LinkUsed, "ANA", &[])]);
}

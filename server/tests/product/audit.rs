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
    MARIA,
    office::{Answer, Browser, Office, PASSWORD},
    people,
    setup::{OTHER_ACCOUNT, OTHER_TOKEN, behind_our_back, number},
    stage::{ACCOUNT, Stage, TOKEN},
};

const BOOKINGS: &str = "+40312345678";
const DESK: &str = "+40312345679";
/// One that can be bought.
const FRISCO: &str = "+14155550013";
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

fn salon() -> WorkspaceId {
    WORKSPACE.into()
}

/// Something that was noted: deed, subject, and `[what, before, after]` of each change, `-` for nothing.
type Noted = (Deed, String, Vec<[String; 3]>);

fn noted(deed: Deed, subject: &str, changes: &[[&str; 3]]) -> Noted {
    (deed, subject.to_owned(), changes.iter().map(|change| change.map(str::to_owned)).collect())
}

fn in_short(entry: &Entry) -> Noted {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let change = |change: &Change| [change.what.clone(), value(&change.before), value(&change.after)];
    (entry.deed, entry.subject.clone(), entry.changes.iter().map(change).collect())
}

/// Somebody who does one thing after the other, and what is noted of it.
struct Deeds<'a> {
    stage: &'a Stage,
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
    async fn note(&mut self, route: &str, names: &[&str], form: &[(&str, &str)]) -> Vec<Noted> {
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
    programs(&mut deeds).await;
    webhooks(&mut deeds).await;
    numbers(&mut deeds).await;
    twilio(&mut deeds).await;
    privacy(&mut deeds).await;
    the_api(&mut deeds).await;
    assert_eq!(
        deeds.note("/profile/sign-out-everywhere", &[], &[]).await,
        [noted(Deed::SignedOutEverywhere, "Cristina Neagu", &[])]
    );
    // These have stories of their own below: they are nobody's who is signed in.
    deeds.tried.extend(["/welcome".to_owned(), "/join/{token}".to_owned()]);

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

async fn programs(deeds: &mut Deeds<'_>) {
    let form = [("name", "Reports"), ("scope-people:read", "yes"), ("scope-calls:read", "yes")];
    let made = deeds.note("/settings/api", &[], &form).await;
    let [(Deed::ApiTokenMade, _, changes)] = &made[..] else { panic!("{made:?}") };
    assert!(changes[0][2].contains("people:read") && changes[0][2].contains("calls:read"), "{changes:?}");
    let id = deeds.stage.deps().store.tokens(&salon()).await.unwrap()[0].id.clone();
    let revoked = deeds.note("/settings/api/{id}/revoke", &[&id], &[]).await;
    let [what, before, after] = changes[0].clone();
    assert_eq!(revoked, [(Deed::ApiTokenRevoked, "Reports".to_owned(), vec![[what, after, before]])]);
}

async fn webhooks(deeds: &mut Deeds<'_>) {
    const HOST: &str = "127.0.0.1";
    let form = [("name", "CRM"), ("url", "http://127.0.0.1:9/hook?key=hunter2"), ("event-call.ended", "yes")];
    let added = deeds.note("/settings/webhooks", &[], &form).await;
    let set = [["name", "-", "CRM"], ["url", "-", HOST], ["events", "-", "call.ended"]];
    assert_eq!(added, [noted(Deed::WebhookAdded, HOST, &set)]);
    let id = deeds.stage.deps().store.endpoints(&salon()).await.unwrap()[0].id.clone();
    let mut other = form;
    (other[0], other[2]) = (("name", "Wall"), ("event-call.held", "yes"));
    let changed = deeds.note("/settings/webhooks/{endpoint}", &[&id], &other).await;
    let different = [["name", "CRM", "Wall"], ["events", "call.ended", "call.held"]];
    assert_eq!(changed, [noted(Deed::WebhookChanged, HOST, &different)]);
    let tested = deeds.note("/settings/webhooks/{endpoint}/test", &[&id], &[]).await;
    assert_eq!(tested, [noted(Deed::WebhookTested, HOST, &[])]);
    let delivery = deeds.stage.deps().store.deliveries(&salon(), &id, None, 1).await.unwrap()[0].id.to_string();
    let again = deeds.note("/settings/webhooks/{endpoint}/deliveries/{delivery}/again", &[&id, &delivery], &[]).await;
    assert_eq!(again, [noted(Deed::WebhookSentAgain, HOST, &[])]);
    let renewed = deeds.note("/settings/webhooks/{endpoint}/secret", &[&id], &[]).await;
    assert_eq!(renewed, [noted(Deed::WebhookSecretReplaced, HOST, &[])]);
    let off = deeds.note("/settings/webhooks/{endpoint}/switch", &[&id], &[]).await;
    assert_eq!(off, [noted(Deed::WebhookSwitchedOff, HOST, &[["state", "on", "off"]])]);
    let on = deeds.note("/settings/webhooks/{endpoint}/switch", &[&id], &[("on", "yes")]).await;
    assert_eq!(on, [noted(Deed::WebhookSwitchedOn, HOST, &[["state", "off", "on"]])]);
    let removed = deeds.note("/settings/webhooks/{endpoint}/remove", &[&id], &[("sure", "yes")]).await;
    let gone = [["name", "Wall", "-"], ["url", HOST, "-"], ["events", "call.held", "-"]];
    assert_eq!(removed, [noted(Deed::WebhookRemoved, HOST, &gone)]);
}

async fn numbers(deeds: &mut Deeds<'_>) {
    let zone = deeds.note("/settings/numbers", &[], &[("zone", "Europe/Chisinau")]).await;
    assert_eq!(zone, [noted(Deed::ZoneChanged, "", &[["zone", "-", "Europe/Chisinau"]])]);
    let form = [("name", "Front desk"), ("answers", "chosen"), ("agent-elena", "yes"), ("open", "always")];
    let changed = deeds.note("/settings/numbers/{number}", &[&DESK[1..]], &form).await;
    assert_eq!(changed, [noted(Deed::NumberChanged, DESK, &[["answers", "-", "Elena Radu"]])]);

    let form = [("number", FRISCO), ("country", "US"), ("kind", "local"), ("name", "San Francisco")];
    let bought = deeds.note("/settings/numbers/new", &[], &form).await;
    assert_eq!(bought[0], noted(Deed::NumberBought, FRISCO, &[["name", "-", "San Francisco"]]));
    let (deed, _, pointed) = &bought[1];
    let application = deeds.stage.deps().setup.connection(&salon()).await.unwrap().application.unwrap();
    let to_ours = [format!("{FRISCO} voice_application_sid"), String::new(), application];
    assert!(*deed == Deed::TwilioRepaired && pointed.contains(&to_ours) && bought.len() == 2, "{bought:?}");
    assert_eq!(deeds.note("/settings/numbers/new", &[], &form).await, [], "it is not bought twice");
    let released = deeds.note("/settings/numbers/{number}/release", &[&FRISCO[1..]], &[]).await;
    let all = format!("{FRISCO} {BOOKINGS} {DESK}");
    let left = [["name", "San Francisco", "-"], ["numbers", &all, &format!("{BOOKINGS} {DESK}")]];
    assert_eq!(released, [noted(Deed::NumberReleased, FRISCO, &left)]);
}

async fn twilio(deeds: &mut Deeds<'_>) {
    let (stage, own) = (deeds.stage, (ACCOUNT, TOKEN));
    let both = format!("{BOOKINGS} {DESK}");
    let first = stage.deps().setup.connection(&salon()).await.unwrap();
    let (application, key) = (first.application.clone().unwrap(), first.key.clone().unwrap());
    let voice = stage.url("/api/voice/inbound?workspace=salon");

    // One property, all of them, and all as a program asks.
    let evil = [("VoiceUrl", "https://evil.example/"), ("SmsMethod", "GET")];
    behind_our_back(stage, own, &format!("Applications/{application}"), &evil).await;
    let desk = number(stage, DESK).await["sid"].as_str().unwrap().to_owned();
    behind_our_back(stage, own, &format!("IncomingPhoneNumbers/{desk}"), &[("SmsUrl", "https://evil.example/sms")])
        .await;
    let one = deeds.note("/settings/twilio/repair", &[], &[("field", "voice_url")]).await;
    let voice_url = ["voice_url", "https://evil.example/", &voice];
    assert_eq!(one, [noted(Deed::TwilioRepaired, "voice_url", &[voice_url])]);
    let sms = stage.url("/api/twilio/webhook?workspace=salon");
    let sms_url = format!("{DESK} sms_url");
    let of_the_desk = [&*sms_url, "https://evil.example/sms", &sms];
    let form = [("number", DESK), ("field", "sms_url")];
    let one = deeds.note("/settings/twilio/repair", &[], &form).await;
    assert_eq!(one, [noted(Deed::TwilioRepaired, &sms_url, &[of_the_desk])]);
    behind_our_back(stage, own, &format!("IncomingPhoneNumbers/{desk}"), &[("SmsUrl", "https://evil.example/sms")])
        .await;
    let rest = deeds.note("/settings/twilio/repair", &[], &[]).await;
    assert_eq!(rest, [noted(Deed::TwilioRepaired, "", &[["sms_method", "GET", "POST"], of_the_desk])]);
    assert_eq!(deeds.note("/settings/twilio/repair", &[], &[]).await, [], "nothing is left to repair");
    behind_our_back(stage, own, &format!("Applications/{application}"), &evil).await;
    let all = deeds.note("/api/configure-twiml-app", &[], &[]).await;
    assert_eq!(all, [noted(Deed::TwilioRepaired, "", &[voice_url, ["sms_method", "GET", "POST"]])]);

    let chosen = deeds.note("/settings/twilio/numbers", &[], &[("number", BOOKINGS)]).await;
    assert_eq!(chosen, [noted(Deed::NumbersChosen, BOOKINGS, &[["numbers", &both, BOOKINGS]])]);
    let chosen = deeds.note("/settings/twilio/numbers", &[], &[("number", BOOKINGS), ("number", DESK)]).await;
    assert_eq!(chosen[0], noted(Deed::NumbersChosen, &both, &[["numbers", BOOKINGS, &both]]));
    stage.delete(&format!("numbers/{DESK}")).await;
    let forgotten = deeds.note("/settings/twilio/forget", &[], &[("number", DESK)]).await;
    assert_eq!(forgotten, [noted(Deed::NumberForgotten, DESK, &[["numbers", &both, BOOKINGS]])]);
    assert_eq!(deeds.note("/settings/twilio/forget", &[], &[("number", DESK)]).await, [], "it is forgotten already");
    let restored = deeds.note("/settings/twilio/restore", &[], &[]).await;
    assert_eq!(restored, [noted(Deed::NumbersRestored, "", &[["numbers", BOOKINGS, "-"]])]);

    let replaced = deeds.note("/settings/twilio/key", &[], &[]).await;
    let new_key = stage.deps().setup.connection(&salon()).await.unwrap().key.unwrap();
    assert!(new_key != key);
    assert_eq!(replaced, [noted(Deed::KeyReplaced, "", &[["key", &key, &new_key]])]);
    assert_eq!(deeds.note("/settings/twilio/token", &[], &[]).await, [noted(Deed::TokenReplaced, "", &[])]);

    // Another account, and then other countries and another token of it.
    stage.put(&format!("accounts/{OTHER_ACCOUNT}"), &json!({ "auth_token": OTHER_TOKEN })).await;
    let mut form = [("account", OTHER_ACCOUNT), ("token", OTHER_TOKEN), ("make_key", "yes"), ("countries", "RO MD US")];
    let moved = deeds.note("/settings/twilio", &[], &form).await;
    let now = stage.deps().setup.connection(&salon()).await.unwrap();
    let (other_key, other_application) = (now.key.unwrap(), now.application.unwrap());
    let changes =
        [["account", ACCOUNT, OTHER_ACCOUNT], ["key", &new_key, &other_key], ["application", &application, "-"]];
    let made = noted(Deed::TwilioRepaired, "", &[["application", "-", &other_application]]);
    assert_eq!(moved, [noted(Deed::TwilioConnected, OTHER_ACCOUNT, &changes), made]);
    stage.put(&format!("accounts/{OTHER_ACCOUNT}"), &json!({ "auth_token": TOKEN })).await;
    (form[1], form[2], form[3]) = (("token", TOKEN), ("make_key", "yes"), ("countries", "ro"));
    let again = deeds.note("/settings/twilio", &[], &form).await;
    let (_, _, changes) = &again[0];
    let [countries, token] =
        [["countries", "RO MD US", "RO"], ["auth_token", "-", "-"]].map(|one| one.map(str::to_owned));
    assert!(again[0].0 == Deed::TwilioConnected && changes.ends_with(&[countries, token]), "{again:?}");
}

async fn privacy(deeds: &mut Deeds<'_>) {
    let kept = deeds.note("/settings/privacy/retention", &[], &[("days", "30"), ("audit_days", "90")]).await;
    let days = [["days", "-", "30"], ["audit_days", "-", "90"]];
    assert_eq!(kept, [noted(Deed::RetentionChanged, "", &days)]);
    let exported = deeds.note("/settings/privacy/contact/export", &[], &[("number", MARIA)]).await;
    assert_eq!(exported, [noted(Deed::DataExported, MARIA, &[])]);
    let erased = deeds.note("/settings/privacy/contact/erase", &[], &[("number", MARIA), ("sure", "yes")]).await;
    assert_eq!(erased, [noted(Deed::ContactErased, "", &[])], "nobody is to know who it was");
}

/// What programs do is noted as whoever made their token.
async fn the_api(deeds: &mut Deeds<'_>) {
    let form = [("name", "HR"), ("scope-people:write", "yes"), ("scope-people:read", "yes")];
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

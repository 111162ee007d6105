//! Two companies on one installation. Whoever is the owner of one tries every address, every form and every function with
//! what belongs to the other: nothing of it is shown, and nothing there changes.

use std::{collections::BTreeMap, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use reqwest::Method;
use serde_json::{Value, json};
use server::{auth::hash_password, demo::WORKSPACE, twilio::signature::SigningKey};
use switchyard::{
    agent::{Presence, Profile, Role},
    contacts::{Contact, Search},
    floor::{Intent, Target},
    id::{AgentId, CallId, LegId, Slot, WorkspaceId},
    people::{Account, Fallback},
    time::Timestamp,
    token::{ApiToken, Scope},
    voicemail::VoiceMessage,
    webhooks::{Endpoint, EventType, Off, Secrets},
};
use tokio::time::timeout;

use super::{
    maria_talks_to_ana,
    office::{Browser, PASSWORD},
    setup::{OTHER_ACCOUNT, OTHER_NUMBER, OTHER_TOKEN, the_barber_is_connected},
    stage::{ACCOUNT, Stage},
};

const FORM: &str = "application/x-www-form-urlencoded";
/// How many forms are tried at each address.
const FORMS: usize = 6;
/// A contact of the salon's, and a token.
const CONTACT: &str = "cafecafecafe";
const TOKEN_ID: &str = "tokenofthesalon";
/// An endpoint of the salon's that is told of events, and what was sent to it.
const ENDPOINT: &str = "endpointofthesalon";
const DELIVERY: &str = "1";
/// A message that was left for somebody of the salon.
const RECORDING: &str = "REcafecafecafecafecafecafecafecafe";
/// What only the salon knows, and no request here says.
const SECRETS: [&str; 5] = ["Popescu", "Neagu", "cristina@aurora.example", "Maria Enache", "Front desk"];

/// A salon in the middle of a call, a barber's shop beside it, and the barber at a browser.
async fn two_companies() -> (Stage, Browser, CallId) {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    let boris = Account {
        workspace: "barber".into(),
        profile: Profile { id: "boris".into(), name: "Boris".into(), extension: "101".into(), role: Role::Owner },
        email: "boris@barber.example".into(),
        language: None,
        fallback: Fallback::Nowhere,
        caller_id: None,
        joined: Some(Timestamp(1)),
        deactivated: None,
    };
    let store = &stage.deps().store;
    store.put_account(&boris).await.unwrap();
    store.put_password(&boris.email, &hash_password(PASSWORD).await.unwrap()).await.unwrap();
    let salon = WorkspaceId::from(WORKSPACE);
    let contact = Contact {
        workspace: salon.clone(),
        id: CONTACT.into(),
        number: "+40799000001".into(),
        name: "Maria Enache-Pop".into(),
        note: "Front desk knows her".into(),
    };
    store.add_contact(&contact).await.unwrap();
    let token = ApiToken {
        id: TOKEN_ID.into(),
        name: "Neagu's reports".into(),
        scopes: vec![Scope::PeopleRead],
        by: "cristina".into(),
        created: Timestamp(1),
        used: None,
        revoked: None,
    };
    store.put_token("a hash", &salon, &token).await.unwrap();
    let endpoint = Endpoint {
        id: ENDPOINT.into(),
        name: "Neagu's CRM".into(),
        // Nobody is there.
        url: "http://127.0.0.1:9/".into(),
        events: vec![EventType::Corrected],
        secrets: Secrets { now: "sealed".into(), before: None },
        created: Timestamp(1),
        off: None,
        failing: None,
    };
    store.add_endpoint(&salon, &endpoint).await.unwrap();
    store.add_delivery(&salon, ENDPOINT, "msg", "test", "Maria Enache", Timestamp(1)).await.unwrap();
    store.switch_endpoint(&salon, ENDPOINT, Some((Timestamp(2), Off::Asked))).await.unwrap();
    let message = VoiceMessage {
        recording: RECORDING.into(),
        account: ACCOUNT.into(),
        call: "CA1".into(),
        agent: "ana".into(),
        number: "+40799000001".into(),
        seconds: 3,
        at: Timestamp(1),
        heard: None,
    };
    store.note_message(&salon, &message).await.unwrap();
    server::people::seat_everyone(stage.deps().clone()).await;
    let call = maria_talks_to_ana(&stage).await;
    let mut browser = Browser::at(stage.url(""));
    browser.sign_in("boris@barber.example", PASSWORD).await;
    assert!(browser.is_in().await);
    (stage, browser, call)
}

/// Everything of the salon's that somebody could have changed.
async fn the_salon(stage: &Stage) -> Value {
    let (salon, deps) = (WorkspaceId::from(WORKSPACE), stage.deps());
    let floor = deps.floor(&salon).snapshot().await.unwrap();
    let truth = stage.truth().await;
    let of_the_salon = |what: &str| {
        let all = truth.0[what].as_array().unwrap().iter();
        all.filter(|one| one["account_sid"] == ACCOUNT).cloned().collect::<Vec<_>>()
    };
    json!({
        "accounts": format!("{:?}", deps.store.accounts(&salon).await.unwrap()),
        "numbers": deps.store.numbers(&salon).await.unwrap(),
        "connection": format!("{:?}", deps.store.connection(&salon).await.unwrap()),
        "connected": deps.store.connected_numbers(&salon).await.unwrap(),
        "log": format!("{:?}", deps.store.audit(&salon, None, 100).await.unwrap()),
        "history": format!("{:?}", deps.store.history(&salon, None, 100).await.unwrap()),
        "contacts": format!("{:?}", deps.store.contacts(&salon, &Search::of(""), None, 100).await.unwrap()),
        "tokens": format!("{:?}", deps.store.tokens(&salon).await.unwrap()),
        "kept": format!("{:?}", deps.store.retention(&salon).await.unwrap()),
        "endpoints": format!("{:?}", deps.store.endpoints(&salon).await.unwrap()),
        "messages": format!("{:?}", deps.store.messages(&salon, None, None, 100).await.unwrap()),
        "deliveries": format!("{:?}", deps.store.deliveries(&salon, ENDPOINT, None, 100).await.unwrap()),
        "passwords": deps.store.password("ana@aurora.example").await.unwrap(),
        "calls": floor.calls,
        "agents": floor.agents,
        "at Twilio": { "numbers": of_the_salon("numbers"), "applications": of_the_salon("applications") },
        "live": truth.live(),
    })
}

/// Every address of the product, as `router.rs` and the pages name them, with each gap filled with something of the salon's.
fn addresses() -> Vec<String> {
    let constants: BTreeMap<&str, &str> = include_str!("../../src/urls.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("pub const ")?.split_once(": &str = \""))
        .map(|(name, value)| (name, value.trim_end_matches("\";")))
        .collect();
    let routes = include_str!("../../src/router.rs").split(".route(").skip(1).map(|rest| {
        let first = rest.split(',').next().unwrap().trim();
        match first.strip_prefix("urls::") {
            Some(name) => constants[name].to_owned(),
            None => first.trim_matches('"').to_owned(),
        }
    });
    let pages = leptos_axum::generate_route_list(app::App).into_iter().map(|page| page.path().to_owned());
    let functions = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned());
    let mut all: Vec<String> = routes.chain(pages).chain(functions).collect();
    all.sort();
    all.dedup();
    all.into_iter().flat_map(|path| ["ana", "cristina"].map(|agent| fill(&path, agent))).collect()
}

fn fill(path: &str, with: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{number}" | ":number" => "40312345679",
        "{contact}" | ":contact" => CONTACT,
        "{id}" => TOKEN_ID,
        "{endpoint}" | ":endpoint" => ENDPOINT,
        "{delivery}" => DELIVERY,
        "{recording}" => RECORDING,
        gap if gap.starts_with(['{', ':', '*']) => with,
        plain => plain,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// What forms of the product call their fields, with what belongs to the salon in them.
fn fields(call: &CallId) -> Vec<(&'static str, String)> {
    let of = |name, value: &str| (name, value.to_owned());
    vec![
        of("workspace", WORKSPACE),
        of("agent", "ana"),
        of("id", "ana"),
        of("call", call.as_str()),
        of("callId", call.as_str()),
        of("number", "+40312345678"),
        of("number", "+40312345679"),
        of("to", "102"),
        of("account", ACCOUNT),
        of("token", OTHER_TOKEN),
        of("make_key", "on"),
        of("countries", "RO"),
        of("field", "voice_url"),
        of("caller_id", "+40312345678"),
        of("answers-+40312345678", "yes"),
        of("answers", "chosen"),
        of("agent-ana", "yes"),
        of("zone", "Europe/Bucharest"),
        of("name", "Owned"),
        of("email", "ana@aurora.example"),
        of("extension", "104"),
        of("role", "owner"),
        of("language", "en"),
        of("fallback", "nowhere"),
        of("next", "/people/ana"),
        of("below", "9999999999999-x"),
        of("contact", CONTACT),
        of("note", "Owned"),
        of("days", "1"),
        of("message_days", "1"),
        of("audit_days", "90"),
        of("delivery_days", "4"),
        of("sure", "on"),
        of("sure_person", "on"),
        of("scope-people:read", "on"),
        of("url", "http://127.0.0.1:9/"),
        of("event-call.ended", "on"),
        of("on", "yes"),
    ]
}

/// The fields, all of them and then some, in a form and as JSON.
fn forms(call: &CallId) -> Vec<(String, String)> {
    let known = fields(call);
    let some = proptest::sample::subsequence(known.clone(), 0..=known.len());
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let mut chosen = vec![known];
    chosen.extend((1..FORMS).map(|_| some.new_tree(&mut runner).unwrap().current()));
    let form = |fields: &Vec<(&str, String)>| {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields.iter().map(|(name, value)| (*name, value.as_str())));
        let json: serde_json::Map<String, Value> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        (form.finish(), Value::Object(json).to_string())
    };
    chosen.iter().map(form).collect()
}

fn tells_nothing(path: &str, page: &str) {
    for secret in SECRETS {
        assert!(!page.contains(secret), "{path} tells of {secret}:\n{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_shows_or_changes_what_is_anothers() {
    let (stage, mut boris, call) = two_companies().await;
    let before = the_salon(&stage).await;
    let forms = forms(&call);
    let addresses = addresses();
    assert!(addresses.len() > 60, "the product has more than this: {addresses:?}");
    for path in &addresses {
        // These have stories of their own: signing in counts tries by address, and a feed never ends. A demo shows its people
        // to everybody.
        let apart = ["/api/live", "/api/fn/ask", "/api/fn/demo_accounts"];
        if path.starts_with("/sign-in") || apart.contains(&path.as_str()) {
            continue;
        }
        let foreign_names = ["/ana", "/cristina", "/40312345679", CONTACT, TOKEN_ID, ENDPOINT, RECORDING];
        let foreign = foreign_names.iter().any(|name| path.contains(name));
        for (form, json) in &forms {
            let answers = [
                boris.send(Method::GET, &format!("{path}?{form}"), FORM, String::new()).await,
                boris.send(Method::POST, path, FORM, form.clone()).await,
                boris.send(Method::POST, path, "application/json", json.clone()).await,
            ];
            for (nth, answer) in answers.iter().enumerate() {
                // Twilio is somebody else: a refusal of its is no fault of ours.
                assert!(answer.status < 500 || [502, 503].contains(&answer.status), "{path}: {answer:?}");
                tells_nothing(path, &answer.page);
                // Some lead to a page, which then says that there is nothing.
                let status =
                    if foreign && answer.status == 303 { boris.get(&answer.to).await.status } else { answer.status };
                // The address of a form leads back to its page, which is their own.
                let own = nth == 0
                    && answer.status == 303
                    && addresses.contains(&answer.to)
                    && !foreign_names.iter().any(|name| answer.to.contains(name));
                assert!(!foreign || own || [403, 404, 405, 415, 422].contains(&status), "{path}: {answer:?}");
            }
            if !boris.is_in().await {
                boris.sign_in("boris@barber.example", PASSWORD).await;
            }
            if path == "/api/configure-twiml-app" || path.starts_with("/settings/twilio") {
                break; // each asks Twilio for a dozen things: the whole form is enough
            }
        }
        let after = the_salon(&stage).await;
        assert_eq!(after, before, "{path} changed something of the salon's");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_asks_anything_of_anothers_calls_or_people() {
    let (stage, boris, call) = two_companies().await;
    let before = the_salon(&stage).await;
    let (ana, boris_id) = (AgentId::from("ana"), AgentId::from("boris"));
    let targets = [
        Target::Agent(ana.clone()),
        Target::Agent(boris_id),
        Target::Slot(None),
        Target::Slot(Some(Slot(1))),
        Target::Queue,
    ];
    let mut intents: Vec<Intent> = targets.into_iter().map(|to| Intent::MoveCall { call: call.clone(), to }).collect();
    intents.extend([
        Intent::SetPresence { agent: ana.clone(), presence: Presence::Away },
        Intent::CancelMove { call: call.clone() },
        Intent::Hold { call: call.clone() },
        Intent::Resume { call: call.clone() },
        Intent::Rejoin { call: call.clone() },
        Intent::Invite { call: call.clone(), agent: ana.clone() },
        Intent::Dismiss { call: call.clone(), agent: ana.clone() },
        Intent::Remove { call: call.clone(), leg: LegId(1) },
        Intent::HangUp { call: call.clone() },
    ]);
    for intent in intents {
        let body = json!({ "intent": intent }).to_string();
        let answer = boris.send(Method::POST, "/api/fn/ask", "application/json", body).await;
        assert!([403, 404].contains(&answer.status), "{intent:?}: {answer:?}");
        tells_nothing("/api/fn/ask", &answer.page);
        assert_eq!(the_salon(&stage).await, before, "{intent:?}");
    }
    // Nobody is called into a call of the salon's, neither a colleague nor somebody outside.
    for to in ["101", "+40733222111"] {
        let body = json!({ "call": call, "to": to }).to_string();
        let answer = boris.send(Method::POST, "/api/fn/add_to_call", "application/json", body).await;
        assert_eq!(answer.status, 404, "{answer:?}");
    }
    assert_eq!(the_salon(&stage).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_and_tokens_are_only_ones_own() {
    let (stage, mut boris, _) = two_companies().await;
    let mut feed = boris.live().await;
    // Something happens at the salon, and then in the shop.
    stage.presence("ana", Presence::Away).await;
    let own = Intent::SetPresence { agent: "boris".into(), presence: Presence::Away };
    let body = json!({ "intent": own }).to_string();
    let done = boris.send(Method::POST, "/api/fn/ask", "application/json", body).await;
    assert_eq!(done.status, 200, "{done:?}");
    let mut read = String::new();
    let reading = async {
        while !read.contains("presence") {
            read.push_str(&String::from_utf8_lossy(&feed.chunk().await.unwrap().unwrap()));
        }
    };
    timeout(Duration::from_secs(20), reading).await.unwrap();
    assert!(read.contains("boris") && !read.contains("\"ana\""), "{read}");

    let token = boris.post("/api/token", &[("workspace", WORKSPACE), ("agent", "ana")]).await;
    assert_eq!(token.status, 200, "{token:?}");
    let token: Value = serde_json::from_str(&token.page).unwrap();
    assert_eq!(token["identity"], "barber_boris");
    let payload = token["token"].as_str().unwrap().split('.').nth(1).unwrap();
    let payload = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    assert!(payload.contains(OTHER_ACCOUNT) && !payload.contains(ACCOUNT), "{payload}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_account_signed_is_believed_of_nobodys_calls_but_its_own() {
    let (stage, _, call) = two_companies().await;
    let before = the_salon(&stage).await;
    let key = SigningKey::new(OTHER_TOKEN);
    let status = [
        ("CallSid", call.as_str()),
        ("CallStatus", "completed"),
        ("From", "+40722111222"),
        ("To", OTHER_NUMBER),
        ("ConferenceSid", "CF00000000000000000000000000000001"),
        ("FriendlyName", "call-x"),
        ("StatusCallbackEvent", "conference-end"),
        ("DialCallStatus", "completed"),
    ];
    let paths =
        addresses().into_iter().filter(|path| path.starts_with("/api/voice/") || path.starts_with("/api/twilio/"));
    for path in paths {
        for (workspace, account, refused) in [
            ("salon", OTHER_ACCOUNT, true),
            ("salon", ACCOUNT, true),
            ("barber", ACCOUNT, true),
            ("barber", OTHER_ACCOUNT, false),
        ] {
            let form = [&[("AccountSid", account)], &status[..]].concat();
            let address = format!("{path}?workspace={workspace}&call={call}&callId={call}&leg=1");
            let answer = stage.webhook(&address, &form, Some(&key)).await.status().as_u16();
            assert!(!refused || [403, 404, 405].contains(&answer), "{address} as {account}: {answer}");
        }
        assert_eq!(the_salon(&stage).await, before, "{path}");
    }
}

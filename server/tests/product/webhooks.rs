//! Programs elsewhere that are told of calls: what reaches them, signed, until they take it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use server::{auth::hash, commands, demo};
use sha2::Sha256;
use switchyard::{
    audit::{Actor, Deed},
    call::{Call, Caller, Line},
    floor::{Event, Intent, Recorded},
    ports::Batch,
    time::Timestamp,
    token::{ApiToken, Scope},
    webhooks::{Delivery, EventType, LiveCall, Message, Off, State as Standing, Told, Trouble},
};
use tokio::{net::TcpListener, sync::mpsc, time::timeout};

use crate::{
    MARIA, maria_talks_to_ana,
    office::{Browser, Office, PATIENCE},
    stage::Stage,
};

const PATH: &str = "/settings/webhooks";

/// A request that arrived.
struct Got {
    headers: HeaderMap,
    body: String,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn event(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    /// Whether one of its signatures is that of a secret, computed as the specification says.
    fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(
            format!("{}.{}.{}", self.header("webhook-id"), self.header("webhook-timestamp"), self.body).as_bytes(),
        );
        let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.header("webhook-signature").split(' ').any(|one| one == signature)
    }
}

/// How a receiver answers.
#[derive(Clone)]
enum Reply {
    Status(u16),
    Says(u16, &'static str),
    Leads(String),
    After(u16, &'static str),
    Never,
}

impl Reply {
    async fn answer(self) -> Response {
        let status = |status| StatusCode::from_u16(status).unwrap();
        match self {
            Self::Status(code) => status(code).into_response(),
            Self::Says(code, words) => (status(code), words).into_response(),
            Self::Leads(to) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
            Self::After(code, pause) => (status(code), [(header::RETRY_AFTER, pause)]).into_response(),
            Self::Never => std::future::pending().await,
        }
    }
}

/// A program that is told.
struct Receiver {
    url: String,
    got: mpsc::UnboundedReceiver<Got>,
}

impl Receiver {
    /// It answers so to one after the other, and like the last time to all that come later.
    async fn answering(replies: impl IntoIterator<Item = Reply>) -> Self {
        type Shared = State<(mpsc::UnboundedSender<Got>, Arc<Mutex<VecDeque<Reply>>>)>;
        async fn take(State((got, replies)): Shared, headers: HeaderMap, body: Bytes) -> Response {
            let body = String::from_utf8(body.to_vec()).unwrap();
            // Nobody may be waiting any more.
            let _ = got.send(Got { headers, body });
            let reply = {
                let mut replies = replies.lock().unwrap();
                if replies.len() > 1 { replies.pop_front() } else { replies.front().cloned() }
            };
            reply.unwrap_or(Reply::Status(204)).answer().await
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?key=hunter2", listener.local_addr().unwrap());
        let (sender, got) = mpsc::unbounded_channel();
        let replies = Arc::new(Mutex::new(replies.into_iter().collect()));
        let app = Router::new().fallback(take).with_state((sender, replies));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, got }
    }

    async fn taking() -> Self {
        Self::answering([Reply::Status(204)]).await
    }

    async fn next(&mut self) -> Got {
        timeout(PATIENCE, self.got.recv()).await.expect("nothing was sent").unwrap()
    }

    async fn next_of(&mut self, event: &str) -> Got {
        loop {
            let got = self.next().await;
            if got.event() == event {
                return got;
            }
        }
    }
}

/// Adds an endpoint on the page; answers its id and its secret.
async fn add(browser: &mut Browser, url: &str, events: &[EventType]) -> (String, String) {
    let fields: Vec<String> = events.iter().map(|event| format!("event-{}", event.code())).collect();
    let mut form = vec![("name", "CRM"), ("url", url)];
    form.extend(fields.iter().map(|field| (field.as_str(), "yes")));
    let page = browser.post(PATH, &form).await.page;
    let secret = page.split("value=\"").find(|rest| rest.starts_with("whsec_")).unwrap_or_else(|| panic!("{page}"));
    let secret = secret.split('"').next().unwrap().to_owned();
    let id = page.rsplit("/settings/webhooks/").next().unwrap().split('"').next().unwrap().to_owned();
    (id, secret)
}

async fn log(office: &Office, id: &str) -> Vec<Delivery> {
    office.deps.store.deliveries(&"acme".into(), id, None, 99).await.unwrap()
}

/// Waits until the newest delivery to an endpoint is as described.
async fn until(office: &Office, id: &str, what: &str, is_so: impl Fn(&Delivery) -> bool) -> Delivery {
    let waiting = async {
        loop {
            if let Some(newest) = log(office, id).await.into_iter().next().filter(&is_so) {
                return newest;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    if let Ok(delivery) = timeout(PATIENCE, waiting).await {
        return delivery;
    }
    panic!("never: {what}: {:?}", log(office, id).await)
}

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

async fn deeds(office: &Office) -> Vec<(Deed, Actor)> {
    let log = office.deps.store.audit(&"acme".into(), None, 99).await.unwrap();
    log.into_iter().map(|(_, entry)| (entry.deed, entry.by)).collect()
}

fn test(id: &str) -> String {
    format!("{PATH}/{id}/test")
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
    let ended = ended.unwrap();
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
    assert_eq!((first.attempts[0].status, first.attempts[0].trouble), (None, Some(Trouble::Unreachable)));
    assert!(adam.get(PATH).await.page.contains("Fails"));
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
    // A moment in which a fifth would come, before the first is given up and makes room for it.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(slow.got.try_recv().is_err(), "four at once, and no more");
    let (swift_id, _) = add(&mut adam, &swift.url, &[EventType::Ended]).await;
    for _ in 0..8 {
        adam.post(&test(&swift_id), &[]).await;
        swift.next().await;
    }
}

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
    assert_eq!(noted, [Deed::WebhookAdded, Deed::WebhookSecretReplaced]);
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

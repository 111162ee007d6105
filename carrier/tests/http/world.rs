//! A carrier on a free port, and an application that receives its webhooks.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use carrier::{Config, Quirks};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub(crate) const TOKEN: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
pub(crate) const KEY: &str = "SK00000000000000000000000000000001";
pub(crate) const SECRET: &str = "the secret of the key";
pub(crate) const NUMBER: &str = "+40312345678";
pub(crate) const CALLER: &str = "+40722111222";

/// No event takes longer, unless it does not happen at all.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the application answers.
#[derive(Clone)]
pub(crate) enum Page {
    /// TwiML: the inside of `<Response>`.
    Twiml(String),
    /// A body with its type.
    Other(&'static str, String),
    Status(u16),
    Redirect(u16, String),
    /// 401 without credentials, an empty document with them.
    Challenge,
    /// Nothing, for so long.
    Slow(Duration),
}

/// A webhook that came in.
#[derive(Debug, Clone)]
pub(crate) struct Hook {
    pub(crate) method: String,
    pub(crate) path: String,
    /// As the application sees it.
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) form: Vec<(String, String)>,
}

impl Hook {
    /// A parameter, or nothing.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

struct App {
    address: SocketAddr,
    pages: Mutex<HashMap<String, Page>>,
    received: watch::Sender<Vec<Hook>>,
}

/// The two of them.
pub(crate) struct World {
    pub(crate) base: String,
    pub(crate) client: Client,
    app: Arc<App>,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// The usual set-up: ten times as fast as Twilio, and no queueing worth mentioning.
pub(crate) fn config() -> Config {
    Config {
        port: 0,
        accounts: vec![format!("{ACCOUNT}:{TOKEN}")],
        numbers: Vec::new(),
        clients: Vec::new(),
        speed: 10,
        cps: 1000,
        seed: Some(1),
        lenient: false,
        quirks: Quirks::default(),
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(config()).await
    }

    /// One account with a key and a number whose calls are asked about at `/voice`.
    pub(crate) async fn with(config: Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let app = Arc::new(App {
            address: listener.local_addr().expect("an address"),
            pages: Mutex::default(),
            received: watch::Sender::new(Vec::new()),
        });
        let router = Router::new().fallback(receive).with_state(app.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.expect("served") });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let carrying = tokio::spawn(async move { carrier::serve(config, listener).await.expect("served") });
        let client = Client::builder().no_proxy().build().expect("a client");
        let world = Self { base, client, app, tasks: vec![serving, carrying] };
        let account = json!({ "auth_token": TOKEN, "api_keys": { KEY: SECRET } });
        world.control("PUT", &format!("/carrier/accounts/{ACCOUNT}"), &account).await;
        let number = json!({
            "account_sid": ACCOUNT,
            "voice_url": world.url("/voice"),
            "status_callback": world.url("/status"),
        });
        world.control("PUT", &format!("/carrier/numbers/{NUMBER}"), &number).await;
        world
    }

    /// A URL of the application.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.app.address)
    }

    pub(crate) fn page(&self, path: &str, page: Page) {
        self.app.pages.lock().expect("no panic").insert(path.to_owned(), page);
    }

    pub(crate) fn twiml(&self, path: &str, inside: &str) {
        self.page(path, Page::Twiml(inside.to_owned()));
    }

    /// TwiML that brings callers into a conference which reports everything to `/events`.
    pub(crate) fn conference(&self, name: &str, attributes: &str) {
        let events = "start end join leave mute hold modify announcement";
        self.twiml(
            "/voice",
            &format!(
                r#"<Dial action="/done"><Conference statusCallback="/events" statusCallbackEvent="{events}"
                     {attributes}>{name}</Conference></Dial>"#
            ),
        );
    }

    /// A request to the control interface, which must succeed.
    pub(crate) async fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, value) = self.try_control(method, path, body).await;
        assert!(status < 300, "{method} {path}: {status} {value}");
        value
    }

    pub(crate) async fn try_control(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let request = self.client.request(method, format!("{}{path}", self.base));
        let request = if body.is_null() { request } else { request.json(body) };
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let text = response.text().await.expect("a body");
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Somebody calls the number.
    pub(crate) async fn call(&self) -> String {
        let call = self.control("POST", "/carrier/calls", &json!({ "from": CALLER, "to": NUMBER })).await;
        call["sid"].as_str().expect("a SID").to_owned()
    }

    pub(crate) async fn script(&self, identity: &str, script: &Value) {
        self.control("PUT", &format!("/carrier/clients/{identity}"), script).await;
    }

    /// A REST request of the account; the path goes on from the account's.
    pub(crate) async fn rest(&self, method: &str, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let path = format!("/2010-04-01/Accounts/{ACCOUNT}{path}");
        self.rest_as((ACCOUNT, TOKEN), method, &path, form).await
    }

    /// The same with other credentials and a whole path.
    pub(crate) async fn rest_as(
        &self,
        (user, password): (&str, &str),
        method: &str,
        path: &str,
        form: &[(&str, &str)],
    ) -> (u16, Value) {
        let kind = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let request = self.client.request(kind, format!("{}{path}", self.base)).basic_auth(user, Some(password));
        let request = if method == "GET" { request.query(form) } else { request.form(form) };
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let text = response.text().await.expect("a body");
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// A file of the account, with its credentials or without.
    pub(crate) async fn file(&self, path: &str, signed: bool) -> (u16, Vec<u8>) {
        let request = self.client.get(format!("{}/2010-04-01/Accounts/{ACCOUNT}{path}", self.base));
        let request = if signed { request.basic_auth(ACCOUNT, Some(TOKEN)) } else { request };
        let response = request.send().await.expect("an answer");
        (response.status().as_u16(), response.bytes().await.expect("a body").to_vec())
    }

    /// Adds a client to a conference.
    pub(crate) async fn add(&self, conference: &str, identity: &str, label: &str) -> Value {
        let to = format!("client:{identity}");
        let callback = self.url("/leg");
        let form = [
            ("From", NUMBER),
            ("To", &to),
            ("Label", label),
            ("StatusCallback", &callback),
            ("StatusCallbackEvent", "initiated"),
            ("StatusCallbackEvent", "ringing answered completed"),
        ];
        let (status, value) = self.rest("POST", &format!("/Conferences/{conference}/Participants.json"), &form).await;
        assert_eq!(status, 201, "{value}");
        value
    }

    /// Waits for a webhook; one that came before counts.
    pub(crate) async fn hook(&self, what: &str, fits: impl Fn(&Hook) -> bool) -> Hook {
        self.hooks(what, 1, fits).await.remove(0)
    }

    /// Waits for so many webhooks.
    pub(crate) async fn hooks(&self, what: &str, count: usize, fits: impl Fn(&Hook) -> bool) -> Vec<Hook> {
        let mut received = self.app.received.subscribe();
        let enough = |all: &Vec<Hook>| all.iter().filter(|hook| fits(hook)).count() >= count;
        let waiting = tokio::time::timeout(PATIENCE, received.wait_for(enough)).await;
        let Ok(all) = waiting else {
            let paths: Vec<_> = self.received().into_iter().map(|hook| (hook.path, hook.form)).collect();
            panic!("{what} did not come; what came: {paths:?}");
        };
        all.expect("the application lives").iter().filter(|hook| fits(hook)).cloned().collect()
    }

    /// Waits for an event of a conference.
    pub(crate) async fn event(&self, name: &str, label: &str) -> Hook {
        let what = format!("{name} {label}");
        self.hook(&what, |hook| hook.get("StatusCallbackEvent") == name && hook.get("ParticipantLabel") == label).await
    }

    pub(crate) fn received(&self) -> Vec<Hook> {
        self.app.received.borrow().clone()
    }

    /// Waits for a delivery in the carrier's own records.
    pub(crate) async fn delivery(&self, fits: impl Fn(&Value) -> bool) -> Value {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let all = self.control("GET", "/carrier/webhooks?limit=1000", &Value::Null).await;
            let found = all.as_array().expect("a list").iter().find(|one| one["done"] == true && fits(one));
            if let Some(found) = found {
                return found.clone();
            }
            assert!(tokio::time::Instant::now() < deadline, "there is no such delivery among {all}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) async fn truth(&self) -> Value {
        self.control("GET", "/carrier/truth", &Value::Null).await
    }
}

async fn receive(State(app): State<Arc<App>>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let encoded = if method == Method::GET { uri.query().unwrap_or_default().as_bytes() } else { &body };
    let hook = Hook {
        method: method.to_string(),
        path: uri.path().to_owned(),
        url: format!("http://{}{uri}", app.address),
        headers,
        form: url::form_urlencoded::parse(encoded).into_owned().collect(),
    };
    let authorized = hook.headers.contains_key(header::AUTHORIZATION);
    let page = app.pages.lock().expect("no panic").get(uri.path()).cloned();
    app.received.send_modify(|all| all.push(hook));
    let xml = [(header::CONTENT_TYPE, "text/xml")];
    match page {
        Some(Page::Twiml(inside)) => (xml, format!("<Response>{inside}</Response>")).into_response(),
        Some(Page::Other(kind, body)) => ([(header::CONTENT_TYPE, kind)], body).into_response(),
        Some(Page::Status(status)) => StatusCode::from_u16(status).expect("a status").into_response(),
        Some(Page::Redirect(status, to)) => {
            (StatusCode::from_u16(status).expect("a status"), [(header::LOCATION, to)]).into_response()
        }
        Some(Page::Challenge) if !authorized => {
            (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Basic realm=\"app\"")]).into_response()
        }
        Some(Page::Slow(long)) => {
            tokio::time::sleep(long).await;
            (xml, "<Response/>").into_response()
        }
        Some(Page::Challenge) | None => (xml, "<Response/>").into_response(),
    }
}

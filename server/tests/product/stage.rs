//! A carrier, a database and the product on them, in this process. Tests drive the floor and read the carrier's truth.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use clap::Parser;
use serde_json::{Value, json};
use server::{
    config::DemoOptions,
    demo,
    serve::{Parts, serve, start},
    state::Deps,
    store,
    twilio::{setup::Setup, signature::SigningKey, sites::Sites},
    vault::Vault,
};
use switchyard::{
    floor::{Command, Floor, Intent, Target},
    id::{AgentId, CallId},
    service::Rejected,
};
use tokio::{net::TcpListener, runtime::Runtime, time::timeout};

use super::office::Later;

/// The demo's account, and the token that tests sign with.
pub const ACCOUNT: &str = demo_account();
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";

const fn demo_account() -> &'static str {
    "AC5a10a0000000000000000000000000de"
}

/// How long anything may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    carrier: carrier::Config,
}

#[derive(Parser)]
struct Options {
    #[command(flatten)]
    demo: DemoOptions,
}

pub struct Stage {
    pub carrier_url: String,
    pub http: reqwest::Client,
    /// The same, but it shows redirects.
    pub browser: reqwest::Client,
    pub clock: Arc<Later>,
    folder: PathBuf,
    address: SocketAddr,
    options: DemoOptions,
    /// The product's own threads, so that it can be killed.
    running: Option<Runtime>,
    deps: Option<Deps>,
}

impl Stage {
    /// Everything starts, with nobody taking calls; `options` are flags of the demo.
    pub async fn set(options: &[&str]) -> Self {
        static STAGES: AtomicU32 = AtomicU32::new(0);
        let name = format!("switchyard-test-{}-{}", std::process::id(), STAGES.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let carrier_url = format!("http://{}", listener.local_addr().unwrap());
        let flags = Flags::parse_from(["carrier", "--cps", "1000"]);
        tokio::spawn(carrier::serve(flags.carrier, listener));
        let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let flags = ["demo", "--carrier-url", &carrier_url, "--auth-token", TOKEN, "--callers", "false"];
        let options = Options::parse_from(flags.iter().chain(options)).demo;
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let browser =
            reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let clock = Arc::default();
        let mut stage = Self { carrier_url, http, browser, clock, folder, address, options, running: None, deps: None };
        stage.start().await;
        for agent in ["ana", "mihai", "elena", "andrei"] {
            stage.presence(agent, switchyard::agent::Presence::Away).await;
        }
        stage
    }

    /// The product starts, on the database that is there.
    pub async fn start(&mut self) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
        let (database, options, address) = (self.folder.join("floor.db"), self.options.clone(), self.address);
        let (key, clock) = (self.folder.join("secret.key"), self.clock.clone());
        let (ready, deps) = tokio::sync::oneshot::channel();
        runtime.spawn(async move {
            let store = store::open(&format!("sqlite://{}", database.display())).await.unwrap();
            let listener = TcpListener::bind(address).await.unwrap();
            let public_url = format!("http://{address}");
            let carrier = demo::Carrier::reach(&options.carrier_url).await.unwrap();
            let sites = Sites::at(Some(carrier.url()));
            let vault = Vault::made_at(&key).unwrap();
            let setup = Setup::new(store, clock, vault, sites, &public_url);
            let accounts = demo::seed(&setup, &carrier, options.auth_token.clone()).await.unwrap();
            let parts = Parts {
                setup,
                demo: Some(accounts),
                trusted_proxies: 0,
                sweep: Duration::from_secs(2),
                keep_days: 7,
                origins: server::config::Origins::default(),
                webhooks: server::webhooks::Sender::new(true).unwrap(),
            };
            let deps = start(parts, Path::new("nowhere"));
            demo::open_floor(&deps, &options).await.unwrap();
            // Stories speak of pages without opening their sockets: nobody may forget them later.
            server::phone::forget_pages(deps.clone()).await;
            ready.send(deps.clone()).ok().unwrap();
            serve(deps, listener, std::future::pending()).await;
        });
        self.deps = Some(deps.await.unwrap());
        self.running = Some(runtime);
    }

    /// The product dies at once, as with `kill -9`.
    pub fn kill(&mut self) {
        self.deps = None;
        self.running.take().unwrap().shutdown_background();
    }

    /// Where its database is.
    pub fn database(&self) -> String {
        format!("sqlite://{}", self.folder.join("floor.db").display())
    }

    /// The settings with which the binary works on the same installation.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("DATABASE_URL", self.database()),
            ("SECRET_KEY_FILE", self.folder.join("secret.key").display().to_string()),
            ("PUBLIC_URL", self.url("")),
            ("TWILIO_URL", self.carrier_url.clone()),
        ]
    }

    pub fn deps(&self) -> &Deps {
        self.deps.as_ref().unwrap()
    }

    pub async fn floor(&self) -> Arc<Floor> {
        self.deps().floor(&demo::WORKSPACE.into()).snapshot().await.unwrap()
    }

    pub async fn ask(&self, by: &str, intent: Intent) -> Result<u64, Rejected> {
        self.deps().floor(&demo::WORKSPACE.into()).send(Command::Ask { by: by.into(), intent }).await
    }

    pub async fn send(&self, command: Command) -> Result<u64, Rejected> {
        self.deps().floor(&demo::WORKSPACE.into()).send(command).await
    }

    pub async fn presence(&self, agent: &str, presence: switchyard::agent::Presence) {
        self.ask(agent, Intent::SetPresence { agent: agent.into(), presence }).await.unwrap();
    }

    pub async fn move_call(&self, by: &str, call: &CallId, to: Target) -> Result<u64, Rejected> {
        self.ask(by, Intent::MoveCall { call: call.clone(), to }).await
    }

    /// Waits until the floor is as described, woken by what happens on it.
    pub async fn until(&self, what: &str, is_so: impl Fn(&Floor) -> bool) -> Arc<Floor> {
        let handle = self.deps().floor(&demo::WORKSPACE.into());
        let mut news = handle.subscribe();
        let waiting = async {
            loop {
                let floor = handle.snapshot().await.unwrap();
                if is_so(&floor) {
                    return floor;
                }
                let _ = news.recv().await;
            }
        };
        if let Ok(floor) = timeout(PATIENCE, waiting).await {
            return floor;
        }
        panic!("never: {what}\n{:#?}", self.floor().await.calls)
    }

    /// Waits until the carrier's truth is as described.
    pub async fn until_true(&self, what: &str, is_so: impl Fn(&Truth) -> bool) -> Truth {
        let waiting = async {
            loop {
                let truth = self.truth().await;
                if is_so(&truth) {
                    return truth;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if let Ok(truth) = timeout(PATIENCE, waiting).await {
            return truth;
        }
        panic!("never true: {what}\n{:#}", self.truth().await.0)
    }

    /// Somebody calls and is on the floor.
    pub async fn call_in(&self, from: &str) -> CallId {
        let call = self.dial(from).await;
        self.until("the caller waits where agents can join", |floor| {
            floor.calls.get(&call).is_some_and(|call| call.room.is_some())
        })
        .await;
        call
    }

    /// Somebody calls.
    pub async fn dial(&self, from: &str) -> CallId {
        self.dial_to(from, "+40312345678").await
    }

    /// Somebody calls a number.
    pub async fn dial_to(&self, from: &str, to: &str) -> CallId {
        let body = json!({ "from": from, "to": to, "behaviour": {} });
        let request = self.http.post(format!("{}/carrier/calls", self.carrier_url)).json(&body);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        CallId::from(answer["sid"].as_str().unwrap())
    }

    pub async fn caller_hangs_up(&self, call: &CallId) {
        let request = self.http.delete(format!("{}/carrier/calls/{call}", self.carrier_url));
        request.send().await.unwrap().error_for_status().unwrap();
    }

    /// How an agent's phone behaves.
    pub async fn phone(&self, agent: &str, answers: &str, after_ms: u32) {
        let body = json!({ "answers": answers, "after_ms": after_ms });
        self.put(&format!("clients/salon_{agent}"), &body).await;
    }

    /// An agent answers by hand.
    pub async fn answers(&self, agent: &str) {
        self.deed(&format!("clients/salon_{agent}/answer")).await;
    }

    /// An agent's phone hangs up, or breaks.
    pub async fn hangs_up(&self, agent: &str) {
        self.deed(&format!("clients/salon_{agent}/hangup")).await;
    }

    /// How the phone of somebody outside behaves.
    pub async fn outside_phone(&self, number: &str, behaviour: Value) {
        self.put(&format!("phones/{number}"), &behaviour).await;
    }

    pub async fn outside_answers(&self, number: &str) {
        self.deed(&format!("phones/{number}/answer")).await;
    }

    pub async fn outside_rejects(&self, number: &str) {
        self.deed(&format!("phones/{number}/reject")).await;
    }

    pub async fn outside_hangs_up(&self, number: &str) {
        self.deed(&format!("phones/{number}/hangup")).await;
    }

    async fn deed(&self, what: &str) {
        let request = self.http.post(format!("{}/carrier/{what}", self.carrier_url));
        request.send().await.unwrap().error_for_status().unwrap();
    }

    pub async fn faults(&self, faults: Value) {
        self.put("faults", &faults).await;
    }

    pub async fn delete(&self, what: &str) {
        let request = self.http.delete(format!("{}/carrier/{what}", self.carrier_url));
        request.send().await.unwrap().error_for_status().unwrap();
    }

    /// What secrets are sealed with.
    pub fn secret_key(&self) -> String {
        std::fs::read_to_string(self.folder.join("secret.key")).unwrap()
    }

    /// The key with which secrets are sealed, as another process reads it.
    pub fn vault(&self) -> Vault {
        Vault::open_at(None, &self.folder.join("secret.key")).unwrap()
    }

    pub async fn put(&self, what: &str, body: &Value) {
        let request = self.http.put(format!("{}/carrier/{what}", self.carrier_url)).json(body);
        request.send().await.unwrap().error_for_status().unwrap();
    }

    pub async fn truth(&self) -> Truth {
        let request = self.http.get(format!("{}/carrier/truth", self.carrier_url));
        Truth(request.send().await.unwrap().json().await.unwrap())
    }

    /// Sends a webhook as Twilio would, signed with `key`.
    pub async fn webhook(&self, path: &str, form: &[(&str, &str)], key: Option<&SigningKey>) -> reqwest::Response {
        let url = format!("http://{}{path}", self.address);
        let owned: Vec<_> = form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut request = self.http.post(&url).form(form);
        if let Some(key) = key {
            request = request.header("x-twilio-signature", key.sign(&url, &owned));
        }
        request.send().await.unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(runtime) = self.running.take() {
            runtime.shutdown_background();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What the carrier says is so.
pub struct Truth(pub Value);

impl Truth {
    fn calls(&self) -> impl Iterator<Item = &Value> {
        self.0["calls"].as_array().unwrap().iter()
    }

    fn call(&self, sid: &str) -> &Value {
        self.calls().find(|call| call["sid"] == sid).unwrap()
    }

    /// Whether the caller is still there.
    pub fn is_live(&self, call: &CallId) -> bool {
        self.call(call.as_str())["status"] == "in-progress"
    }

    pub fn is_held(&self, call: &CallId) -> bool {
        self.call(call.as_str())["hold"] == true
    }

    /// The agents who are in a call's conference.
    pub fn agents_with(&self, call: &CallId) -> Vec<AgentId> {
        let conference = &self.call(call.as_str())["conference"];
        let here = |other: &&Value| {
            !conference.is_null() && other["conference"] == *conference && other["status"] == "in-progress"
        };
        let to = self.calls().filter(here).filter_map(|other| other["to"].as_str()?.strip_prefix("client:salon_"));
        to.map(|to| AgentId::from(to.split('?').next().unwrap())).collect()
    }

    /// Whether a number was ever called.
    pub fn was_called(&self, number: &str) -> bool {
        self.calls().any(|call| call["to"] == number)
    }

    /// Live calls of any kind.
    pub fn live(&self) -> usize {
        self.calls()
            .filter(|call| ["queued", "ringing", "in-progress"].iter().any(|live| call["status"] == *live))
            .count()
    }
}

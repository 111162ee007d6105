//! The product as `serve` starts it: a new database, no carrier, no demo. Tests are browsers: they keep a cookie and send forms.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};

use reqwest::{
    Response,
    header::{self, HeaderValue},
    redirect::Policy,
};
use server::{
    auth::hash_password,
    bounds::Bounds,
    clock::WallClock,
    config::Origins,
    people,
    serve::{Parts, serve_within, start},
    state::Deps,
    store,
    twilio::{setup::Setup, sites::Sites},
    vault::Vault,
    welcome,
};
use switchyard::{
    agent::{Profile, Role},
    floor::Floor,
    people::{Account, Fallback, Language},
    ports::{Clock, Workspace},
    time::Timestamp,
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, time::timeout};

pub const PASSWORD: &str = "a long password";
/// How long anything may take before a test gives up on it.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Office {
    pub deps: Deps,
    pub clock: Arc<Later>,
    pub address: SocketAddr,
    folder: PathBuf,
    /// Asks it to stop, once.
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<()>>,
}

/// In what one office differs from another.
pub struct Plan {
    pub trusted_proxies: usize,
    pub private_webhooks: bool,
    /// Where browsers believe it to be, when that is not where it is.
    pub public_url: Option<&'static str>,
    /// Other sites that may ask its API.
    pub origins: &'static [&'static str],
    pub bounds: Bounds,
}

impl Default for Plan {
    fn default() -> Self {
        Self { trusted_proxies: 0, private_webhooks: true, public_url: None, origins: &[], bounds: Bounds::default() }
    }
}

impl Office {
    /// Nobody has been here.
    pub async fn new() -> Self {
        Self::planned(Plan::default()).await
    }

    /// The same behind so many proxies.
    pub async fn behind(trusted_proxies: usize) -> Self {
        Self::planned(Plan { trusted_proxies, ..Plan::default() }).await
    }

    /// The same, from which webhooks go to public addresses only.
    pub async fn public() -> Self {
        Self::planned(Plan { private_webhooks: false, ..Plan::default() }).await
    }

    pub async fn planned(plan: Plan) -> Self {
        static OFFICES: AtomicU32 = AtomicU32::new(0);
        let name = format!("switchyard-office-{}-{}", std::process::id(), OFFICES.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let store = store::open(&format!("sqlite://{}", folder.join("office.db").display())).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let vault = Vault::made_at(&folder.join("secret.key")).unwrap();
        let public_url = plan.public_url.map_or_else(|| format!("http://{address}"), ToOwned::to_owned);
        let clock = Arc::new(Later::default());
        let setup = Setup::new(store, clock.clone(), vault, Sites::at(None), &public_url);
        let parts = Parts {
            setup,
            demo: None,
            trusted_proxies: plan.trusted_proxies,
            sweep: Duration::from_mins(1),
            keep_days: 7,
            origins: Origins(plan.origins.iter().map(|origin| HeaderValue::from_static(origin)).collect()),
            webhooks: server::webhooks::Sender::new(plan.private_webhooks).unwrap(),
        };
        let deps = start(parts, Path::new("nowhere"));
        let (stop, stopped) = oneshot::channel();
        let until = async {
            if stopped.await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let served = tokio::spawn(serve_within(plan.bounds, deps.clone(), listener, until));
        Self { deps, clock, address, folder, stop: Some(stop), served: Some(served) }
    }

    /// Asks the server to stop; it has when what this answers is done.
    pub fn close(&mut self) -> JoinHandle<()> {
        self.stop.take().unwrap().send(()).unwrap();
        self.served.take().unwrap()
    }

    /// Where everything of the office is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn database(&self) -> String {
        format!("sqlite://{}", self.folder.join("office.db").display())
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Two companies: Acme with somebody of each role, and Globex with an owner of its own.
    pub async fn staffed() -> Self {
        let office = Self::new().await;
        office.staff().await;
        office
    }

    pub async fn staff(&self) {
        for (id, people) in [
            (
                "acme",
                &[("olga", Role::Owner), ("adam", Role::Admin), ("sara", Role::Supervisor), ("ana", Role::Agent)][..],
            ),
            ("globex", &[("gina", Role::Owner)][..]),
        ] {
            let workspace = Workspace {
                id: id.into(),
                name: id.to_uppercase(),
                country: "RO".into(),
                language: Language::En,
                account: None,
                zone: None,
            };
            self.deps.store.put_workspace(&workspace).await.unwrap();
            for (n, (person, role)) in people.iter().enumerate() {
                self.put(id, person, &format!("{person}@example.com"), *role, 101 + n).await;
            }
        }
        people::seat_everyone(self.deps.clone()).await;
    }

    /// Somebody who belongs to a workspace.
    pub async fn put(&self, workspace: &str, id: &str, email: &str, role: Role, extension: usize) {
        static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
        let account = Account {
            workspace: workspace.into(),
            profile: Profile { id: id.into(), name: id.to_uppercase(), extension: extension.to_string(), role },
            email: email.into(),
            language: None,
            fallback: Fallback::Nowhere,
            caller_id: None,
            joined: Some(Timestamp(1)),
            deactivated: None,
        };
        self.deps.store.put_account(&account).await.unwrap();
        let hash = HASH.get_or_init(|| async { hash_password(PASSWORD).await.unwrap() }).await;
        self.deps.store.put_password(email, hash).await.unwrap();
    }

    /// The code that is printed at start.
    pub async fn code(&self) -> String {
        welcome::invitation(&self.deps).await.unwrap().unwrap().rsplit('/').next().unwrap().to_owned()
    }

    pub fn browser(&self) -> Browser {
        Browser::at(format!("http://{}", self.address))
    }

    /// A browser in which somebody has signed in.
    pub async fn signed_in(&self, who: &str) -> Browser {
        let mut browser = self.browser();
        browser.sign_in(&format!("{who}@example.com"), PASSWORD).await;
        browser
    }

    pub async fn floor(&self, workspace: &str) -> Arc<Floor> {
        self.deps.floor(&workspace.into()).snapshot().await.unwrap()
    }

    /// Whether somebody has a seat on a floor.
    pub async fn seats(&self, workspace: &str, agent: &str) -> bool {
        self.floor(workspace).await.agents.contains_key(&agent.into())
    }

    pub async fn account(&self, workspace: &str, agent: &str) -> Option<Account> {
        self.deps.store.account(&workspace.into(), &agent.into()).await.unwrap()
    }
}

/// The clock on the wall, which can be moved on.
#[derive(Default)]
pub struct Later(AtomicI64);

impl Later {
    pub fn by(&self, time: Duration) {
        self.0.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
    }
}

impl Clock for Later {
    fn now(&self) -> Timestamp {
        Timestamp(WallClock.now().0 + self.0.load(Ordering::Relaxed))
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[derive(Clone)]
pub struct Browser {
    http: reqwest::Client,
    base: String,
    cookie: String,
}

/// What came back: the status, where it leads, and the page.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub to: String,
    /// After how many seconds it may be asked for again.
    pub retry_after: Option<u64>,
    pub page: String,
}

impl Answer {
    /// What stands in a field of the page.
    pub fn field(&self, name: &str) -> String {
        let input = self.page.split("<input").find(|input| input.contains(&format!("name=\"{name}\""))).unwrap();
        let input = input.split('>').next().unwrap();
        input.split("value=\"").nth(1).map_or("", |value| value.split('"').next().unwrap()).to_owned()
    }

    /// Whether a field is marked as wrong.
    pub fn is_wrong(&self, name: &str) -> bool {
        let fields = self.page.split("<input").chain(self.page.split("<select")).chain(self.page.split("<textarea"));
        fields
            .map(|field| field.split('>').next().unwrap())
            .any(|field| field.contains(&format!("name=\"{name}\"")) && field.contains("aria-invalid=\"true\""))
    }
}

impl Browser {
    /// A browser that has not been anywhere yet.
    pub fn at(base: String) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        Self { http, base, cookie: String::new() }
    }

    /// Sends anything, as a program would that has this browser's cookie.
    pub async fn send(&self, method: reqwest::Method, path: &str, kind: &str, body: String) -> Answer {
        let request = self.http.request(method, self.url(path)).header(header::COOKIE, &self.cookie);
        read(request.header(header::CONTENT_TYPE, kind).body(body).send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        read(self.http.get(self.url(path)).header(header::COOKIE, &self.cookie).send().await.unwrap()).await
    }

    /// Sends a form, and keeps the cookie that comes.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_from(path, form, None).await
    }

    /// The same as a proxy passes it on.
    pub async fn post_from(&mut self, path: &str, form: &[(&str, &str)], forwarded: Option<&str>) -> Answer {
        let mut request = self.http.post(self.url(path)).header(header::COOKIE, &self.cookie).form(form);
        if let Some(forwarded) = forwarded {
            request = request.header("x-forwarded-for", forwarded);
        }
        let answer = request.send().await.unwrap();
        let cookies = answer.headers().get_all(header::SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
        if let Some(session) =
            cookies.filter_map(|cookie| cookie.split(';').next()).find(|c| c.starts_with("switchyard_"))
        {
            session.clone_into(&mut self.cookie);
        }
        read(answer).await
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.post("/sign-in", &[("email", email), ("password", password)]).await
    }

    /// What it says of itself with every request.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Whether the server takes this browser for signed in.
    pub async fn is_in(&self) -> bool {
        self.get("/profile").await.status == 200
    }

    /// The live feed, once it is open.
    pub async fn live(&self) -> Response {
        let request = self.http.get(self.url("/api/live?after=0")).header(header::COOKIE, &self.cookie);
        request.send().await.unwrap().error_for_status().unwrap()
    }

    /// What it is known by: the value of its cookie.
    pub fn session(&self) -> &str {
        self.cookie.split_once('=').map_or("", |(_, token)| token)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

/// Reads a live feed until it says that the reader is signed out.
pub async fn until_signed_out(mut feed: Response) {
    let reading = async {
        while let Some(bytes) = feed.chunk().await.unwrap() {
            if String::from_utf8_lossy(&bytes).contains("signed-out") {
                return;
            }
        }
        panic!("the feed ended without a word");
    };
    timeout(PATIENCE, reading).await.unwrap();
}

async fn read(answer: Response) -> Answer {
    let status = answer.status().as_u16();
    let text = |name| answer.headers().get(name).map(|value: &header::HeaderValue| value.to_str().unwrap().to_owned());
    let to = text(header::LOCATION).unwrap_or_default();
    let retry_after = text(header::RETRY_AFTER).map(|seconds| seconds.parse().unwrap());
    Answer { status, to, retry_after, page: answer.text().await.unwrap() }
}

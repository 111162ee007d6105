//! The programs that are measured, each in a process of its own.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::json;
use server::twilio::signature::SigningKey;
use sqlx::Connection;

/// The demo's account at the carrier, its token for this measurement, and one of its numbers.
pub const ACCOUNT: &str = "AC5a10a0000000000000000000000000de";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Which database.
pub enum Database {
    Sqlite,
    /// Its name in the table, and where it is.
    Postgres(&'static str, String),
}

impl Database {
    /// Those that can be measured here.
    pub fn all() -> Vec<Self> {
        let postgres = |name, variable| std::env::var(variable).ok().map(|url| Self::Postgres(name, url));
        let tcp = postgres("PostgreSQL (TCP)", "BENCH_POSTGRES");
        let socket = postgres("PostgreSQL (socket)", "BENCH_POSTGRES_SOCKET");
        std::iter::once(Self::Sqlite).chain(tcp).chain(socket).collect()
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(name, _) => name,
        }
    }
}

/// A carrier, a database, and the product on them.
pub struct Stage {
    carrier: Child,
    carrier_url: String,
    database_url: String,
    folder: PathBuf,
    product: Option<Product>,
}

/// A running server.
pub struct Product {
    child: Child,
    /// From starting the process until it answered that it is ready.
    pub ready_after: Duration,
    /// Where it is.
    pub url: String,
    /// Signs what Twilio would send.
    pub key: SigningKey,
    /// Sends it.
    pub http: reqwest::Client,
}

impl Stage {
    pub async fn new(database: &Database) -> Self {
        let name = format!("switchyard_bench_{}_{}", std::process::id(), free_port());
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).unwrap();
        let database_url = match database {
            Database::Sqlite => format!("sqlite://{}", folder.join("floor.db").display()),
            Database::Postgres(_, url) => {
                let mut admin = sqlx::PgConnection::connect(url).await.unwrap();
                sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
                    .execute(&mut admin)
                    .await
                    .unwrap();
                let (server, _) = url.rsplit_once('/').unwrap();
                format!("{server}/{name}")
            }
        };
        let port = free_port();
        let carrier = Command::new(std::env::var("CARRIER_BIN").unwrap())
            .args(["--port", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { carrier, carrier_url: format!("http://127.0.0.1:{port}"), database_url, folder, product: None }
    }

    /// The product, started if it is not running.
    pub async fn product(&mut self) -> &Product {
        if self.product.is_none() {
            self.product = Some(self.start("demo").await);
        }
        self.product.as_ref().unwrap()
    }

    /// The product started anew as a company starts it, on what the demo set up: the demo itself first speaks with the carrier.
    pub async fn served(&mut self) -> &Product {
        self.product = None;
        self.product.insert(self.start("serve").await)
    }

    async fn start(&self, task: &str) -> Product {
        let port = free_port();
        let url = format!("http://127.0.0.1:{port}");
        let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(256).build().unwrap();
        // The carrier must be there already, or its start would be measured.
        while http.get(format!("{}/healthz", self.carrier_url)).send().await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let started = Instant::now();
        let child = Command::new(std::env::var("SWITCHYARD_BIN").unwrap())
            .arg(task)
            .env("PORT", port.to_string())
            .env("CARRIER_URL", &self.carrier_url)
            .env("TWILIO_URL", &self.carrier_url)
            .env("DATABASE_URL", &self.database_url)
            .env("SECRET_KEY_FILE", self.folder.join("secret.key"))
            .env("DEMO_AUTH_TOKEN", TOKEN)
            .env("DEMO_CALLERS", "false")
            .env("RUST_LOG", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        while !http.get(format!("{url}/readyz")).send().await.is_ok_and(|answer| answer.status().is_success()) {
            assert!(started.elapsed() < Duration::from_secs(30), "the server did not start");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Product { child, ready_after: started.elapsed(), url, key: SigningKey::new(TOKEN), http }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.product = None;
        let _ = self.carrier.kill();
        let _ = self.carrier.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Product {
    /// Seconds of CPU that the server has used.
    pub fn cpu(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // After the name in brackets: fields 14 and 15 are user and system time in ticks of 1/100 s (proc(5)).
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
    }

    /// Memory that the server holds, megabytes.
    pub fn memory_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() * 1024.0 / 1e6
    }

    /// Signs somebody in and answers the cookie.
    pub async fn sign_in(&self, agent: &str) -> String {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let answer = http.post(format!("{}/sign-in/demo", self.url)).form(&[("agent", agent)]).send().await.unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Sets everyone offline, so that calls only wait and nothing is asked of the carrier.
    pub async fn nobody_takes_calls(&self) {
        let cookie = self.sign_in("cristina").await;
        for agent in ["ana", "mihai", "elena", "andrei", "ioana", "radu", "cristina"] {
            let intent = json!({ "intent": { "set_presence": { "agent": agent, "presence": "offline" } } });
            let answer = self.http.post(format!("{}/api/fn/ask", self.url)).header("cookie", &cookie).json(&intent);
            let answer = answer.send().await.unwrap();
            assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
        }
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

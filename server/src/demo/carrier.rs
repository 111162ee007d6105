//! The demo's side of `carrier`: what a telephone company would have set up beforehand. Only the demo and the tests use
//! it; the product speaks to Twilio alone.

use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::{twilio::tenant::Edge, urls::Urls};

/// How long `carrier` may take to start.
const PATIENCE: Duration = Duration::from_secs(30);

/// The control interface of a running `carrier`.
#[derive(Clone)]
pub struct Carrier {
    http: reqwest::Client,
    url: String,
}

impl Carrier {
    /// Waits until `carrier` answers.
    pub async fn reach(url: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).no_proxy().build()?;
        let carrier = Self { http, url: url.trim_end_matches('/').to_owned() };
        let started = Instant::now();
        while carrier.http.get(format!("{}/healthz", carrier.url)).send().await.is_err() {
            if started.elapsed() > PATIENCE {
                bail!("carrier does not answer at {url}: start it first, or say where it is with CARRIER_URL");
            }
            sleep(Duration::from_millis(50)).await;
        }
        Ok(carrier)
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Makes an account, or gives it a new token.
    pub(super) async fn open_account(&self, account: &str, token: &str, key: (&str, &str)) -> anyhow::Result<()> {
        let (sid, secret) = key;
        self.put(&format!("accounts/{account}"), &json!({ "auth_token": token, "api_keys": { sid: secret } })).await
    }

    /// Makes a TwiML application for the calls that pages place. A carrier without them has no phones in pages.
    pub(super) async fn open_application(&self, account: &str, sid: &str, urls: &Urls) -> anyhow::Result<()> {
        let body = json!({
            "account_sid": account,
            "voice_url": urls.outbound(),
            "voice_method": "POST",
            "status_callback": urls.status(),
        });
        self.put(&format!("applications/{sid}"), &body).await
    }

    /// Where pages register.
    pub(super) fn edge(&self) -> anyhow::Result<Edge> {
        let (scheme, host) = self.url.split_once("://").context("CARRIER_URL has no scheme")?;
        Ok(Edge { host: host.to_owned(), insecure: scheme == "http" })
    }

    /// Gives a number to an account and points it at us.
    pub(super) async fn connect_number(&self, account: &str, number: &str, urls: &Urls) -> anyhow::Result<()> {
        let body = json!({
            "account_sid": account,
            "voice_url": urls.inbound(),
            "voice_method": "POST",
            "status_callback": urls.status(),
        });
        self.put(&format!("numbers/{number}"), &body).await
    }

    /// An agent's phone that answers by itself after a while.
    pub(super) async fn script_client(&self, identity: &str) -> anyhow::Result<()> {
        self.put(&format!("clients/{identity}"), &json!({ "answers": "after_ms", "after_ms": 4000 })).await
    }

    /// Somebody calls.
    pub(super) async fn call(&self, from: &str, to: &str, behaviour: Value) -> anyhow::Result<()> {
        let body = json!({ "from": from, "to": to, "behaviour": behaviour });
        self.http.post(format!("{}/carrier/calls", self.url)).json(&body).send().await?.error_for_status()?;
        Ok(())
    }

    async fn put(&self, what: &str, body: &Value) -> anyhow::Result<()> {
        let request = self.http.put(format!("{}/carrier/{what}", self.url)).json(body);
        request.send().await?.error_for_status().with_context(|| format!("carrier refused {what}"))?;
        Ok(())
    }
}

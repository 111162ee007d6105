//! The demo's side of `carrier`: what a telephone company would have set up beforehand. Only the demo and the tests use
//! it; the product speaks to Twilio alone.

use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};
use switchyard::numbers::Number;
use tokio::time::{Instant, sleep};

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

    /// Gives a number to an account, unless it has it already.
    pub(super) async fn give_number(&self, account: &str, number: &Number) -> anyhow::Result<()> {
        let request = self.http.get(format!("{}/carrier/truth", self.url));
        let truth: Value = request.send().await?.error_for_status()?.json().await?;
        let mut known = truth["numbers"].as_array().into_iter().flatten();
        if known.any(|known| known["phone_number"] == number.number.as_str() && known["account_sid"] == account) {
            return Ok(());
        }
        let body = json!({ "account_sid": account, "friendly_name": number.label });
        self.put(&format!("numbers/{}", number.number), &body).await
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

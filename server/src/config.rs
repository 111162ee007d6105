//! What an operator can set, by flag, by environment or in a file. The definitions here are the one list of settings:
//! `settings` reads them for every source, so that a value is checked in the same way wherever it comes from.

mod check;
mod cli;
mod file;
mod fit;
mod read;
mod settings;

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

use axum::http::HeaderValue;
use clap::Args;
use url::{Host, Url};

pub use self::{
    check::told,
    cli::{Cli, ConfigDeed, GdprDeed, Keep, SecretsDeed, Task, TwilioDeed, UserDeed, Whom, WorkspaceDeed},
    read::{Refused, read},
    settings::{Fault, Given, Place, Setting, settings},
};
use crate::vault::{Vault, VaultError};

/// The server.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Settings")]
pub struct Config {
    /// The address to listen on.
    #[arg(long, env = "HOST", default_value = "127.0.0.1", value_parser = fit::address, global = true)]
    pub host: IpAddr,
    /// The port to listen on.
    #[arg(long, env = "PORT", default_value = "3000", value_parser = fit::port, global = true)]
    pub port: u16,
    /// Where Twilio and browsers reach this server; `http://127.0.0.1:PORT` when not given.
    #[arg(long, env = "PUBLIC_URL", value_name = "URL", value_parser = fit::base_url, global = true)]
    pub public_url: Option<String>,
    /// Where Twilio's APIs are when it is not Twilio but a stand-in, as in the demo.
    #[arg(long, env = "TWILIO_URL", value_name = "URL", value_parser = fit::base_url, global = true)]
    pub twilio_url: Option<String>,
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    #[arg(
        long, env = "DATABASE_URL", value_name = "URL", default_value = "sqlite://var/switchyard.db",
        hide_env_values = true, value_parser = fit::database, global = true
    )]
    pub database_url: String,
    /// The folder with the built pages.
    #[arg(long, env = "LEPTOS_SITE_ROOT", value_name = "FOLDER", default_value = "target/site", global = true)]
    pub site_root: PathBuf,
    /// How many proxies of your own stand before this server, at most 10: addresses are taken from what they say in
    /// `X-Forwarded-For`.
    #[arg(long, env = "TRUSTED_PROXIES", value_name = "COUNT", default_value = "0", value_parser = fit::proxies, global = true)]
    pub trusted_proxies: usize,
    /// What secrets are sealed with: 32 bytes in base64, and after a comma those that were used before.
    #[arg(
        long, env = "SECRET_KEY", value_name = "KEYS", hide_env_values = true, value_parser = fit::secret_key,
        global = true
    )]
    pub secret_key: Option<String>,
    /// The file with that key when it is not given, made when it is not there; `secret.key` beside the database when not
    /// given.
    #[arg(long, env = "SECRET_KEY_FILE", value_name = "FILE", global = true)]
    pub secret_key_file: Option<PathBuf>,
    /// Other sites whose pages may ask the API, as origins separated by commas: `https://crm.example`. None when not given.
    #[arg(long, env = "CORS_ORIGINS", value_name = "ORIGINS", value_parser = fit::origins, global = true)]
    pub cors_origins: Option<Origins>,
    /// Whether webhooks may be sent to private networks, and without TLS. Whoever sets a workspace up then reaches what this
    /// machine reaches.
    #[arg(
        long, env = "ALLOW_PRIVATE_WEBHOOKS", value_name = "true|false", default_value = "false",
        action = clap::ArgAction::Set, value_parser = fit::yes_or_no, global = true
    )]
    pub allow_private_webhooks: bool,
    /// How often everything is compared with Twilio, seconds. What looks stuck is looked at sooner.
    #[arg(long, env = "SWEEP_SECS", value_name = "SECONDS", default_value = "60", value_parser = fit::one_or_more, global = true)]
    pub sweep_secs: u32,
    /// How many days the operational log is kept.
    #[arg(long, env = "KEEP_DAYS", value_name = "DAYS", default_value = "7", value_parser = fit::one_or_more, global = true)]
    pub keep_days: u32,
}

impl Config {
    /// Where this server is reached, without a slash at the end.
    pub fn public_url(&self) -> String {
        let url = self.public_url.clone().unwrap_or_else(|| format!("http://127.0.0.1:{}", self.port));
        url.trim_end_matches('/').to_owned()
    }

    /// The file with the key that seals secrets, when the key itself is not given.
    pub fn key_file(&self) -> PathBuf {
        key_file(self.secret_key_file.as_deref(), &self.database_url)
    }

    /// Whether this server is reached from this machine alone.
    pub fn is_local(&self) -> bool {
        let url = Url::parse(&self.public_url()).ok();
        let local = url.as_ref().and_then(Url::host).is_some_and(|host| match host {
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.is_loopback(),
            Host::Domain(name) => name == "localhost",
        });
        self.host.is_loopback() && local
    }

    /// What seals secrets.
    ///
    /// # Errors
    /// The key is none, or its file cannot be used.
    pub fn vault(&self) -> Result<Vault, VaultError> {
        Vault::open_at(self.secret_key.as_deref(), &self.key_file())
    }
}

/// The file with the key: as it was given, else beside the database, or where that would be.
fn key_file(given: Option<&Path>, database: &str) -> PathBuf {
    let folder = database.strip_prefix("sqlite://").and_then(|file| Path::new(file).parent());
    given.map_or_else(|| folder.unwrap_or(Path::new("var")).join("secret.key"), Path::to_owned)
}

/// Other sites whose pages may ask the API.
#[derive(Clone, Debug, Default)]
pub struct Origins(pub Vec<HeaderValue>);

/// The demo.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Settings of the demo")]
pub struct DemoOptions {
    /// Where `carrier` is.
    #[arg(
        long, env = "CARRIER_URL", value_name = "URL", default_value = "http://127.0.0.1:3100",
        value_parser = fit::base_url
    )]
    pub carrier_url: String,
    /// The auth token of the demo's account, for whoever signs webhooks themselves; a new one when not given.
    #[arg(long, env = "DEMO_AUTH_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub auth_token: Option<String>,
    /// Whether callers ring by themselves.
    #[arg(long, env = "DEMO_CALLERS", value_name = "true|false", default_value = "true", action = clap::ArgAction::Set, value_parser = fit::yes_or_no)]
    pub callers: bool,
    /// How long agents are rung, seconds.
    #[arg(long, env = "DEMO_RING_SECS", value_name = "SECONDS", default_value = "20", value_parser = fit::seconds)]
    pub ring_secs: u32,
    /// The time after a call, seconds.
    #[arg(long, env = "DEMO_WRAP_UP_SECS", value_name = "SECONDS", default_value = "15", value_parser = fit::seconds)]
    pub wrap_up_secs: u32,
    /// How long calls stay parked before they ring again, seconds.
    #[arg(long, env = "DEMO_PARK_SECS", value_name = "SECONDS", default_value = "60", value_parser = fit::seconds)]
    pub park_secs: u32,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests;

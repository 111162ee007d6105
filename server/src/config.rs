//! What an operator can set, by flag or by environment.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::vault::{Vault, VaultError};

/// Switchyard: a call floor in a browser.
#[derive(Debug, Parser)]
#[command(name = "switchyard", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Task,
}

/// What the binary can do.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Serve the workspaces that are in the database. Where there are none, the first page makes one.
    Serve {
        /// The server.
        #[command(flatten)]
        config: Config,
    },
    /// Serve the demo workspace on `carrier`, the local stand-in for Twilio.
    Demo {
        /// The server.
        #[command(flatten)]
        config: Config,
        /// The demo.
        #[command(flatten)]
        demo: DemoOptions,
    },
    /// Compare a workspace with Twilio, set it up, or put its numbers back. Exits with 0 when everything is right, 1 when
    /// something differs, 2 when that could not be found out.
    Twilio {
        /// What to do.
        #[arg(value_enum)]
        deed: TwilioDeed,
        /// Which workspace, by its id.
        #[arg(long)]
        workspace: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// The server.
        #[command(flatten)]
        config: Config,
    },
    /// Print what is kept of one person as JSON, or erase it. Exits with 0 when that is done, 1 when calls are still to be
    /// deleted at Twilio, which the server tries again every hour, 2 when nothing was done.
    Gdpr {
        /// What to do.
        #[arg(value_enum)]
        deed: GdprDeed,
        /// Which workspace, by its id.
        #[arg(long)]
        workspace: String,
        /// Whose data.
        #[command(flatten)]
        whom: Whom,
        /// Erase, which cannot be undone.
        #[arg(long)]
        yes: bool,
        /// The server.
        #[command(flatten)]
        config: Config,
    },
    /// What is stored encrypted.
    Secrets {
        /// What to do.
        #[arg(value_enum)]
        deed: SecretsDeed,
        /// The server.
        #[command(flatten)]
        config: Config,
    },
}

/// What can be done about Twilio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TwilioDeed {
    /// Compare, and change nothing.
    Verify,
    /// Set up what should be so: the application, and the numbers that point at it.
    Configure,
    /// Put every number back as it was before.
    Restore,
}

/// What can be done with what is kept of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GdprDeed {
    /// Print it.
    Export,
    /// Erase it.
    Erase,
}

/// One person.
#[derive(Clone, Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Whom {
    /// Somebody outside, by their number.
    #[arg(long)]
    pub number: Option<String>,
    /// Somebody of the workspace, by the address that they sign in with.
    #[arg(long)]
    pub email: Option<String>,
}

/// What can be done about secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SecretsDeed {
    /// Seal everything with a new key.
    Rotate,
}

/// The server.
#[derive(Clone, Debug, Args)]
pub struct Config {
    /// The address to listen on.
    #[arg(long, env = "HOST", default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// The port to listen on.
    #[arg(long, env = "PORT", default_value_t = 3000)]
    pub port: u16,
    /// Where Twilio and browsers reach this server; `http://127.0.0.1:PORT` when not given.
    #[arg(long, env = "PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Where Twilio's APIs are when it is not Twilio but a stand-in, as in the demo.
    #[arg(long, env = "TWILIO_URL")]
    pub twilio_url: Option<String>,
    /// `sqlite://FILE` or `postgres://…`.
    #[arg(long, env = "DATABASE_URL")]
    pub database_url: Option<String>,
    /// The folder with the built pages.
    #[arg(long, env = "LEPTOS_SITE_ROOT", default_value = "target/site")]
    pub site_root: PathBuf,
    /// How many proxies of your own stand before this server: addresses are taken from what they say in `X-Forwarded-For`.
    #[arg(long, env = "TRUSTED_PROXIES", default_value_t = 0)]
    pub trusted_proxies: usize,
    /// What secrets are sealed with: 32 bytes in base64, and after a comma those that were used before.
    #[arg(long, env = "SECRET_KEY", hide_env_values = true)]
    pub secret_key: Option<String>,
    /// The file with that key when it is not given, made when it is not there; beside the database when not given.
    #[arg(long, env = "SECRET_KEY_FILE")]
    pub secret_key_file: Option<PathBuf>,
    /// How often everything is compared with Twilio, seconds. What looks stuck is looked at sooner.
    #[arg(long, env = "SWEEP_SECS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub sweep_secs: u32,
    /// How many days the operational log is kept.
    #[arg(long, env = "KEEP_DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    pub keep_days: u32,
}

impl Config {
    /// Where this server is reached, without a slash at the end.
    pub fn public_url(&self) -> String {
        let url = self.public_url.clone().unwrap_or_else(|| format!("http://127.0.0.1:{}", self.port));
        url.trim_end_matches('/').to_owned()
    }

    /// Where the database is.
    pub fn database(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| "sqlite://var/switchyard.db".to_owned())
    }

    /// What seals secrets.
    ///
    /// # Errors
    /// The key is none, or its file cannot be used.
    pub fn vault(&self) -> Result<Vault, VaultError> {
        let database = self.database();
        let folder = database.strip_prefix("sqlite://").and_then(|file| Path::new(file).parent());
        let beside = folder.unwrap_or(Path::new("var")).join("secret.key");
        Vault::open_at(self.secret_key.as_deref(), self.secret_key_file.as_ref().unwrap_or(&beside))
    }
}

/// The demo.
#[derive(Clone, Debug, Args)]
pub struct DemoOptions {
    /// Where `carrier` is.
    #[arg(long, env = "CARRIER_URL", default_value = "http://127.0.0.1:3100")]
    pub carrier_url: String,
    /// The auth token of the demo's account, for whoever signs webhooks themselves; a new one when not given.
    #[arg(long, env = "DEMO_AUTH_TOKEN", hide_env_values = true)]
    pub auth_token: Option<String>,
    /// Whether callers ring by themselves.
    #[arg(long, env = "DEMO_CALLERS", default_value_t = true, action = clap::ArgAction::Set)]
    pub callers: bool,
    /// How long agents are rung, seconds.
    #[arg(long, env = "DEMO_RING_SECS", default_value_t = 20)]
    pub ring_secs: u32,
    /// The time after a call, seconds.
    #[arg(long, env = "DEMO_WRAP_UP_SECS", default_value_t = 15)]
    pub wrap_up_secs: u32,
    /// How long calls stay parked before they ring again, seconds.
    #[arg(long, env = "DEMO_PARK_SECS", default_value_t = 60)]
    pub park_secs: u32,
}

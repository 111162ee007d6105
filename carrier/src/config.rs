//! How a carrier is set up: flags, or the environment.

use crate::{
    engine::{Answers, Engine, Script, is_e164},
    quirks::Quirks,
    sid,
};

/// The set-up of a carrier.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    /// The port on 127.0.0.1 (0 takes any that is free).
    #[arg(long, env = "CARRIER_PORT", default_value_t = 3100)]
    pub port: u16,
    /// An account, as `AC…:auth-token`; repeatable, or separated by commas.
    #[arg(long = "account", env = "CARRIER_ACCOUNTS", value_name = "AC:TOKEN")]
    pub accounts: Vec<String>,
    /// A number of an account, as `AC…=+40312345678=<voice URL>[=<status callback>]`; repeatable, or separated by commas.
    #[arg(long = "number", env = "CARRIER_NUMBERS", value_name = "AC=NUMBER=URL")]
    pub numbers: Vec<String>,
    /// A registered client that answers after 800 ms, as `AC…=identity`; repeatable, or separated by commas.
    #[arg(long = "client", env = "CARRIER_CLIENTS", value_name = "AC=IDENTITY")]
    pub clients: Vec<String>,
    /// Durations that Twilio defines (ringing, Say, Pause, limits, calls per second) are divided by this.
    #[arg(long, env = "CARRIER_SPEED", default_value_t = 1)]
    pub speed: u32,
    /// Calls that an account may place through REST per second; more are queued.
    #[arg(long, env = "CARRIER_CPS", default_value_t = 1)]
    pub cps: u32,
    /// Makes SIDs the same with every start.
    #[arg(long, env = "CARRIER_SEED")]
    pub seed: Option<u64>,
    /// Lets REST requests pass that have unknown parameters or values of the wrong kind.
    #[arg(long, env = "CARRIER_LENIENT")]
    pub lenient: bool,
    /// What Twilio's documentation leaves open.
    #[arg(skip)]
    pub quirks: Quirks,
}

/// A set-up that cannot be.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// An `--account`, `--number` or `--client` that is not written as it should be.
    #[error("{what} is not written as {expected}: {given}")]
    Malformed {
        /// The flag.
        what: &'static str,
        /// How it should be written.
        expected: &'static str,
        /// What was given.
        given: String,
    },
    /// A number or client of an account that does not exist.
    #[error("there is no account {0}")]
    NoSuchAccount(String),
    /// HTTPS cannot be set up.
    #[error("webhooks cannot be sent")]
    Http(#[from] reqwest::Error),
}

impl Config {
    /// Puts accounts, numbers and clients into a network.
    pub(crate) fn furnish(&self, engine: &mut Engine) -> Result<(), ConfigError> {
        for given in entries(&self.accounts) {
            let pair = given.split_once(':').filter(|(account, token)| sid::is("AC", account) && !token.is_empty());
            let (account, token) = pair.ok_or_else(|| malformed("--account", "AC…:auth-token", given))?;
            engine.put_account(account, token.to_owned(), std::collections::BTreeMap::new());
        }
        for given in entries(&self.numbers) {
            let mut parts = given.splitn(3, '=');
            let (Some(account), Some(number), Some(urls)) = (parts.next(), parts.next(), parts.next()) else {
                return Err(malformed("--number", "AC…=+40312345678=<voice URL>[=<status callback>]", given));
            };
            if !is_e164(number) {
                return Err(malformed("--number", "AC…=+40312345678=<voice URL>[=<status callback>]", given));
            }
            exists(engine, account)?;
            // URLs may hold `=` themselves; a second one begins with its scheme.
            let (voice, status) =
                urls.split_once("=http").map_or((urls, None), |(voice, rest)| (voice, Some(format!("http{rest}"))));
            let number = engine.put_number(account, number);
            voice.clone_into(&mut number.hooks.voice.url);
            number.hooks.status.url = status.unwrap_or_default();
        }
        for given in entries(&self.clients) {
            let pair = given.split_once('=').filter(|(_, identity)| !identity.is_empty());
            let (account, identity) = pair.ok_or_else(|| malformed("--client", "AC…=identity", given))?;
            exists(engine, account)?;
            let script = Script { answers: Answers::AfterMs, ..Script::default() };
            engine.directory.clients.insert(identity.to_owned(), script);
        }
        Ok(())
    }
}

fn malformed(what: &'static str, expected: &'static str, given: &str) -> ConfigError {
    ConfigError::Malformed { what, expected, given: given.to_owned() }
}

fn exists(engine: &Engine, account: &str) -> Result<(), ConfigError> {
    let there = engine.directory.accounts.contains_key(account);
    if there { Ok(()) } else { Err(ConfigError::NoSuchAccount(account.to_owned())) }
}

/// Single entries: a comma separates them only where another account begins, since URLs may hold commas.
fn entries(given: &[String]) -> impl Iterator<Item = &str> {
    given.iter().flat_map(|all| {
        let mut rest = all.as_str();
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let (one, after) =
                rest.match_indices(",AC").next().map_or((rest, ""), |(at, _)| (&rest[..at], &rest[at + 1..]));
            rest = after;
            Some(one.trim())
        })
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::engine::Pace;

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        config: Config,
    }

    const AC: &str = "AC00000000000000000000000000000001";

    fn furnished(flags: &[&str]) -> Result<Engine, ConfigError> {
        let config = Flags::try_parse_from([&["carrier"], flags].concat()).expect("flags").config;
        let mut engine = Engine::new(0, Quirks::default(), Pace { speed: 1, cps: 1 }, Some(1));
        config.furnish(&mut engine).map(|()| engine)
    }

    #[test]
    fn numbers_may_have_urls_with_commas_and_equals_signs() {
        let numbers = format!("{AC}=+40312345678=http://x/a?b=c#rp=ct,5xx=http://x/status,{AC}=+40312345679=http://y");
        let engine = furnished(&["--account", &format!("{AC}:t"), "--number", &numbers]).expect("a network");
        let number = &engine.directory.numbers["+40312345678"];
        assert_eq!(number.hooks.voice.url, "http://x/a?b=c#rp=ct,5xx");
        assert_eq!(number.hooks.status.url, "http://x/status");
        assert_eq!(engine.directory.numbers["+40312345679"].hooks.voice.url, "http://y");
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(furnished(&["--account", "AC1:t"]).is_err());
        assert!(furnished(&["--number", &format!("{AC}=+40312345678=http://x")]).is_err());
        assert!(furnished(&["--account", &format!("{AC}:t"), "--number", &format!("{AC}=0312=http://x")]).is_err());
    }
}

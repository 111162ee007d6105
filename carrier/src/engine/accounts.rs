//! Accounts and what opens them: auth tokens and API keys (Twilio: Account, Keys, `AuthTokens`).

use std::collections::BTreeMap;

use super::{ApiError, Engine};
use crate::time::Millis;

/// An account with its secrets.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) sid: String,
    pub(crate) status: AccountStatus,
    /// Signs webhooks, and opens everything.
    pub(crate) auth_token: String,
    /// Opens everything as well, and signs nothing until it is promoted.
    pub(crate) secondary: Option<String>,
    /// By SID. All are of the standard kind.
    pub(crate) keys: BTreeMap<String, Key>,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
}

/// Whether an account works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccountStatus {
    Active,
    Suspended,
    Closed,
}

impl AccountStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }
}

/// An API key.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) sid: String,
    pub(crate) friendly_name: String,
    /// Shown once, when it is made.
    pub(crate) secret: String,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
}

impl Engine {
    /// Makes an account, or gives it other secrets; it is active then.
    pub(crate) fn put_account(&mut self, sid: &str, auth_token: String, keys: BTreeMap<String, String>) {
        let created = self.directory.accounts.get(sid).map_or(self.now, |account| account.created);
        let keys = keys.into_iter().map(|(sid, secret)| {
            let key = Key { sid: sid.clone(), friendly_name: String::new(), secret, created, updated: created };
            (sid, key)
        });
        let account = Account {
            sid: sid.to_owned(),
            status: AccountStatus::Active,
            auth_token,
            secondary: None,
            keys: keys.collect(),
            created,
            updated: self.now,
        };
        self.directory.accounts.insert(sid.to_owned(), account);
    }

    /// The account, or 404.
    pub(crate) fn account(&mut self, sid: &str) -> Result<&mut Account, ApiError> {
        self.directory.accounts.get_mut(sid).ok_or_else(ApiError::missing)
    }

    /// Whether the account works. One that does not makes and takes no calls.
    pub(crate) fn is_active(&self, account: &str) -> bool {
        self.directory.accounts.get(account).is_some_and(|account| account.status == AccountStatus::Active)
    }

    /// Makes an API key of the standard kind.
    pub(crate) fn create_key(&mut self, account: &str, friendly_name: &str) -> Result<Key, ApiError> {
        let (sid, secret, now) = (self.sid("SK"), self.secret(), self.now);
        let key = Key { sid: sid.clone(), friendly_name: friendly_name.to_owned(), secret, created: now, updated: now };
        self.account(account)?.keys.insert(sid, key.clone());
        Ok(key)
    }

    /// Makes the next auth token. One that was made before and not promoted is in force no more.
    pub(crate) fn create_secondary(&mut self, account: &str) -> Result<String, ApiError> {
        let (token, now) = (self.secret(), self.now);
        let account = self.account(account)?;
        account.secondary = Some(token.clone());
        account.updated = now;
        Ok(token)
    }

    /// Makes the next auth token the only one: webhooks are signed with it from now on.
    pub(crate) fn promote_secondary(&mut self, account: &str) -> Result<String, ApiError> {
        let now = self.now;
        let account = self.account(account)?;
        let token = account.secondary.take().ok_or_else(ApiError::missing)?;
        account.auth_token.clone_from(&token);
        account.updated = now;
        Ok(token)
    }

    /// 32 hexadecimal digits that nobody guesses.
    fn secret(&mut self) -> String {
        self.sid("")
    }
}

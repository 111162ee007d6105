//! Accounts, those that belong to others, and the auth tokens that open them (Twilio: Account, Subaccounts, `AuthTokens`).

use std::collections::BTreeMap;

use super::{ApiError, Directory, Engine, Key, KeyKind};
use crate::time::{Millis, minute};

/// An account has so many subaccounts at most (Twilio: Subaccounts).
const MOST_SUBACCOUNTS: usize = 1000;

/// An account with its secrets.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) sid: String,
    /// The account that it belongs to, when it is a subaccount.
    pub(crate) owner: Option<String>,
    pub(crate) friendly_name: String,
    /// Its own; [`Directory::status`] knows of its owner's too.
    pub(crate) status: AccountStatus,
    /// Signs webhooks, and opens everything.
    pub(crate) auth_token: String,
    /// Opens everything as well, and signs nothing until it is promoted.
    pub(crate) secondary: Option<String>,
    /// By SID.
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

impl Directory {
    /// How an account is. One that belongs to another works only while that one does (Twilio: Subaccounts, "Billing").
    pub(crate) fn status(&self, account: &Account) -> AccountStatus {
        let owner = account.owner.as_ref().and_then(|owner| self.accounts.get(owner));
        let owners = owner.map_or(AccountStatus::Active, |owner| owner.status);
        if account.status == AccountStatus::Active { owners } else { account.status }
    }

    /// Whether an account is the other, or belongs to it.
    pub(crate) fn is_of(&self, account: &str, owner: &str) -> bool {
        account == owner || self.accounts.get(account).is_some_and(|one| one.owner.as_deref() == Some(owner))
    }
}

impl Engine {
    /// Makes an account, or gives it other secrets; it is active then.
    pub(crate) fn put_account(&mut self, sid: &str, auth_token: String, keys: BTreeMap<String, String>) {
        let before = self.directory.accounts.remove(sid);
        let created = before.as_ref().map_or(self.now, |account| account.created);
        let keys = keys.into_iter().map(|(sid, secret)| {
            let kind = KeyKind::Standard;
            (sid.clone(), Key { sid, friendly_name: None, kind, secret, created, updated: created })
        });
        let keys = keys.collect();
        let (owner, friendly_name) = before.map_or((None, "Carrier".to_owned()), |one| (one.owner, one.friendly_name));
        let account = Account { friendly_name, keys, created, ..self.new_account(sid, owner, auth_token) };
        self.directory.accounts.insert(sid.to_owned(), account);
    }

    fn new_account(&self, sid: &str, owner: Option<String>, auth_token: String) -> Account {
        Account {
            sid: sid.to_owned(),
            owner,
            friendly_name: String::new(),
            status: AccountStatus::Active,
            auth_token,
            secondary: None,
            keys: BTreeMap::new(),
            created: self.now,
            updated: self.now,
        }
    }

    /// Makes an account that belongs to another, with a token of its own.
    pub(crate) fn create_subaccount(&mut self, owner: &str, name: Option<String>) -> Result<&Account, ApiError> {
        if self.account(owner)?.owner.is_some() {
            // Seen at Twilio, and not documented.
            return Err(ApiError::bad(21101, "Subaccounts cannot contain subaccounts"));
        }
        let own = |account: &&Account| account.owner.as_deref() == Some(owner);
        if self.directory.accounts.values().filter(own).count() >= MOST_SUBACCOUNTS {
            return Err(ApiError::bad(21480, "Reached maximum number of subaccounts"));
        }
        let (sid, token) = (self.sid("AC"), self.secret());
        let made = self.new_account(&sid, Some(owner.to_owned()), token);
        let friendly_name = name.unwrap_or_else(|| format!("SubAccount Created at {}", minute(self.now)));
        Ok(self.directory.accounts.entry(sid).or_insert(Account { friendly_name, ..made }))
    }

    /// Suspends a subaccount, closes it for good, or lets it work again (Twilio: Subaccounts, errors 21475 to 21479). Calls
    /// that are in progress go on.
    pub(crate) fn change_status(&mut self, sid: &str, status: AccountStatus) -> Result<(), ApiError> {
        let Some(owner) = self.account(sid)?.owner.clone() else {
            return Err(ApiError::bad(21477, "Unable to update Status for parent accounts"));
        };
        let refuse = |code, why| Err(ApiError::bad(code, format!("Unable to update Status for subaccount, {why}.")));
        if self.account(&owner)?.status != AccountStatus::Active {
            return refuse(21476, "parent account is suspended");
        }
        let account = self.account(sid)?;
        if account.status == AccountStatus::Closed {
            return refuse(21479, "subaccount is closed and can not be re-opened");
        }
        account.status = status;
        if status == AccountStatus::Closed {
            // Twilio deletes the account itself, and what is left of it, after 30 days.
            self.directory.numbers.retain(|_, number| number.account != sid);
        }
        Ok(())
    }

    /// The account, or 404.
    pub(crate) fn account(&mut self, sid: &str) -> Result<&mut Account, ApiError> {
        self.directory.accounts.get_mut(sid).ok_or_else(ApiError::missing)
    }

    /// Whether the account works. One that does not makes and takes no calls.
    pub(crate) fn is_active(&self, account: &str) -> bool {
        let account = self.directory.accounts.get(account);
        account.is_some_and(|account| self.directory.status(account) == AccountStatus::Active)
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
    pub(super) fn secret(&mut self) -> String {
        self.sid("")
    }
}

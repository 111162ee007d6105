//! API keys, and what each kind opens (Twilio: Key resource v1, "Types of keys").

use super::{ApiError, Engine};
use crate::time::Millis;

/// An API key.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) sid: String,
    pub(crate) friendly_name: Option<String>,
    pub(crate) kind: KeyKind,
    /// Shown once, when it is made.
    pub(crate) secret: String,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
}

/// What a key opens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// Everything that the account's own token opens. Only Twilio's console makes such keys.
    Main,
    /// Everything but accounts and keys.
    #[default]
    Standard,
    /// What its policy allows, as in `/twilio/voice/calls/list`, and no access tokens.
    Restricted(Vec<String>),
}

impl Engine {
    /// Makes an API key.
    pub(crate) fn create_key(
        &mut self,
        account: &str,
        friendly_name: Option<String>,
        kind: KeyKind,
    ) -> Result<Key, ApiError> {
        let (sid, secret, now) = (self.sid("SK"), self.secret(), self.now);
        let key = Key { sid: sid.clone(), friendly_name, kind, secret, created: now, updated: now };
        self.account(account)?.keys.insert(sid, key.clone());
        Ok(key)
    }
}

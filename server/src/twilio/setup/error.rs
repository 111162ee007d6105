//! Why setting up did not work, in terms of what its user can do about it.

use switchyard::ports::StoreError;
use thiserror::Error;

use crate::{
    twilio::{client::ApiError, tenants::TenantError},
    vault::VaultError,
};

/// Why something was not set up.
#[derive(Debug, Error)]
pub enum SetupError {
    /// What was entered as the account's SID is none.
    #[error("an account SID is AC and 32 letters or digits")]
    MalformedSid,
    /// Twilio does not know this account with this token.
    #[error("Twilio does not accept this account SID with this auth token")]
    WrongCredentials,
    /// The account is suspended.
    #[error("the Twilio account is suspended")]
    Suspended,
    /// The account is closed.
    #[error("the Twilio account is closed")]
    Closed,
    /// The API key that was entered does not work.
    #[error("Twilio does not accept this API key")]
    KeyRefused,
    /// The API key that was entered is none of this account's.
    #[error("this account has no such API key")]
    KeyElsewhere,
    /// The API key that was entered is restricted: it signs no access tokens.
    #[error("this API key is restricted: it cannot sign access tokens")]
    KeyRestricted,
    /// The account belongs to another workspace.
    #[error("this Twilio account belongs to another workspace")]
    AccountTaken,
    /// A country that does not exist, or none.
    #[error("{0:?} is not a country's two letters")]
    UnknownCountry(String),
    /// Twilio cannot reach this server.
    #[error(
        "Twilio cannot reach this server at {0}: set PUBLIC_URL to the https:// address at which it is reached from the internet"
    )]
    Unreached(String),
    /// The workspace has no credentials yet.
    #[error("the workspace is not connected with Twilio")]
    NotConnected,
    /// Twilio cannot be reached, or has a bad moment.
    #[error("Twilio cannot be reached at the moment")]
    Unreachable,
    /// Twilio said no for a reason of its own.
    #[error("Twilio refused ({code}): {message}")]
    Refused {
        /// Twilio's code.
        code: u32,
        /// Twilio's words.
        message: String,
    },
    /// The database is down.
    #[error("the database cannot be reached")]
    Unavailable,
    /// Secrets cannot be sealed or opened.
    #[error("secrets cannot be sealed or opened: {0}")]
    Vault(VaultError),
}

impl SetupError {
    /// Twilio's code, 0 when it has none.
    pub fn code(&self) -> u32 {
        match self {
            Self::Refused { code, .. } => *code,
            _ => 0,
        }
    }

    /// In a word, for a page's address.
    pub fn word(&self) -> &'static str {
        match self {
            Self::MalformedSid => "sid",
            Self::WrongCredentials => "credentials",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
            Self::KeyRefused => "key",
            Self::KeyElsewhere => "key-elsewhere",
            Self::KeyRestricted => "key-restricted",
            Self::AccountTaken => "taken",
            Self::UnknownCountry(_) => "country",
            Self::Unreached(_) => "unreached",
            Self::NotConnected => "not-connected",
            Self::Unreachable => "unreachable",
            Self::Refused { .. } => "refused",
            Self::Unavailable => "unavailable",
            Self::Vault(_) => "vault",
        }
    }
}

impl From<ApiError> for SetupError {
    fn from(error: ApiError) -> Self {
        if error.is_unauthorised() {
            return Self::WrongCredentials;
        }
        if error.is_account_inactive() {
            return Self::Suspended;
        }
        match error {
            ApiError::Refused { code, message, .. } if !error_is_passing(code) => Self::Refused { code, message },
            _ => Self::Unreachable,
        }
    }
}

/// Codes of a bad moment (Twilio: 20429, 20500, 20503).
fn error_is_passing(code: u32) -> bool {
    matches!(code, 20429 | 20500 | 20503)
}

impl From<StoreError> for SetupError {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Taken) {
            return Self::AccountTaken;
        }
        tracing::error!(%error, "Twilio's set-up cannot be stored");
        Self::Unavailable
    }
}

impl From<VaultError> for SetupError {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

impl From<TenantError> for SetupError {
    fn from(error: TenantError) -> Self {
        match error {
            TenantError::Store(error) => error.into(),
            TenantError::Vault(error) => Self::Vault(error),
            TenantError::Country(country) => Self::UnknownCountry(country),
            TenantError::Http(_) => Self::Unreachable,
        }
    }
}

//! How a request to Twilio can fail (Twilio: Error and Warning Dictionary).

use std::time::Duration;

use reqwest::StatusCode;
use serde::Deserialize;
use switchyard::call::Failure;
use thiserror::Error;

/// Why a request failed.
#[derive(Debug, Error)]
pub enum ApiError {
    /// No answer, or not one that can be read.
    #[error("Twilio did not answer: {0}")]
    Transport(reqwest::Error),
    /// A success that does not say what it should.
    #[error("Twilio's answer cannot be read")]
    Unreadable,
    /// An answer that is not a success.
    #[error("Twilio answered {status}, code {code}: {message}")]
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// Twilio's code, 0 when it gave none.
        code: u32,
        /// Twilio's words.
        message: String,
        /// When it asks us to come back.
        retry_after: Option<Duration>,
    },
}

/// Without the address: numbers stand in it, and errors end up in logs.
impl From<reqwest::Error> for ApiError {
    fn from(error: reqwest::Error) -> Self {
        Self::Transport(error.without_url())
    }
}

/// The participant's label is in use: somebody with it is there already.
const LABEL_IN_USE: u32 = 16026;
/// The call is not in a state for that change, which for ending it means that it is over.
const INVALID_CALL_STATE: u32 = 21220;
/// The conference is over.
const CONFERENCE_COMPLETED: u32 = 16022;

/// The account does not work, in two of Twilio's codes.
const ACCOUNT_NOT_ACTIVE: u32 = 20005;
const ACCOUNT_SUSPENDED: u32 = 10001;

impl ApiError {
    pub(super) fn refused(status: StatusCode, body: &[u8], retry_after: Option<Duration>) -> Self {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Body {
            code: u32,
            message: String,
        }
        let Body { code, message } = serde_json::from_slice(body).unwrap_or_default();
        Self::Refused { status, code, message, retry_after }
    }

    /// Twilio's code, 0 when there is none.
    pub fn code(&self) -> u32 {
        match self {
            Self::Refused { code, .. } => *code,
            Self::Transport(_) | Self::Unreadable => 0,
        }
    }

    /// The credentials are not the account's, or not any more.
    pub fn is_unauthorised(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == StatusCode::UNAUTHORIZED)
    }

    /// The account does not work: it is suspended or closed.
    pub fn is_account_inactive(&self) -> bool {
        matches!(self.code(), ACCOUNT_NOT_ACTIVE | ACCOUNT_SUSPENDED)
    }

    /// What the request was about is no longer there.
    pub fn is_gone(&self) -> bool {
        let not_found = matches!(self, Self::Refused { status, .. } if *status == StatusCode::NOT_FOUND);
        not_found || matches!(self.code(), INVALID_CALL_STATE | CONFERENCE_COMPLETED)
    }

    /// Somebody with that label is there already.
    pub fn is_label_in_use(&self) -> bool {
        self.code() == LABEL_IN_USE
    }

    /// Whether the same request may succeed a little later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Transport(_) => true,
            Self::Unreadable => false,
            Self::Refused { status, .. } => *status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error(),
        }
    }

    /// When Twilio asks us to come back.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            Self::Transport(_) | Self::Unreadable => None,
        }
    }

    /// The same without the numbers in Twilio's words: nobody on the floor is to learn whom they were about.
    #[must_use]
    pub fn without_numbers(mut self) -> Self {
        if let Self::Refused { message, .. } = &mut self {
            *message = message.replace(|letter: char| letter.is_ascii_digit(), "•");
        }
        self
    }

    /// What the floor is told.
    pub fn failure(&self) -> Failure {
        match self {
            Self::Refused { code, message, .. } if !self.is_passing() => {
                Failure::CarrierRefused { code: *code, message: message.clone() }
            }
            _ => Failure::CarrierDown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_refusals_can_be_kept_from_the_floor() {
        let body = br#"{"code": 21211, "message": "The phone number +40733000111 is not valid"}"#;
        let error = ApiError::refused(StatusCode::BAD_REQUEST, body, None).without_numbers();
        let message = "The phone number +••••••••••• is not valid".to_owned();
        assert_eq!(error.failure(), Failure::CarrierRefused { code: 21211, message });
    }
}

//! Whether what was typed can be dialled: the server makes a number of it, or says why not.

use serde::Serialize;

use super::state::Trouble;
use crate::api::{
    dial::{DialError, Dialable},
    remote,
};

/// What was typed.
#[derive(Serialize)]
struct PrepareDial<'a> {
    to: &'a str,
}

/// The number in its E.164 form, and who it is.
pub(super) async fn prepare(to: &str) -> Result<(String, String), Trouble> {
    let body = serde_json::to_string(&PrepareDial { to }).map_err(|_| Trouble::NotANumber)?;
    let (status, text) = remote::post("/api/fn/prepare_dial", &body).await.map_err(|_| Trouble::NoConnection)?;
    if status == remote::OK {
        let Dialable { number, name } = serde_json::from_str(&text).map_err(|_| Trouble::Unavailable)?;
        let who = name.unwrap_or_else(|| switchyard::phone::readable(&number));
        return Ok((number, who));
    }
    Err(match serde_json::from_str(&text).unwrap_or(DialError::Unavailable) {
        DialError::NotANumber => Trouble::NotANumber,
        DialError::CountryNotAllowed => Trouble::CountryNotAllowed,
        DialError::TooMany { retry_secs } => Trouble::TooMany { retry_secs },
        DialError::Busy => Trouble::OnACall,
        DialError::SignedOut => Trouble::SignedOut,
        DialError::NoCarrier => Trouble::NoCarrier,
        DialError::Unavailable => Trouble::Unavailable,
    })
}

//! Whether what was typed can be dialled: the server makes a number of it, or says why not.

use serde::Serialize;

use switchyard::floor::{Refusal, Target};

use super::state::Trouble;
use crate::{
    api::{
        AskError,
        dial::{DialError, Dialable},
        remote,
    },
    board::Board,
};

/// What was typed.
#[derive(Serialize)]
struct PrepareDial<'a> {
    to: &'a str,
}

/// The number in its E.164 form, or the extension, and who it is.
pub(super) async fn prepare(board: Board, to: &str) -> Result<(String, String), Trouble> {
    let body = serde_json::to_string(&PrepareDial { to }).map_err(|_| Trouble::NotANumber)?;
    let (status, text) = remote::post("/api/fn/prepare_dial", &body).await.map_err(|_| Trouble::NoConnection)?;
    if status == remote::OK {
        let Dialable { number, name } = serde_json::from_str(&text).map_err(|_| Trouble::Unavailable)?;
        let who = name.unwrap_or_else(|| switchyard::phone::readable(&number));
        return Ok((number, who));
    }
    Err(match serde_json::from_str(&text).unwrap_or(DialError::Unavailable) {
        DialError::NotANumber => Trouble::NotANumber,
        DialError::Emergency => Trouble::Emergency,
        DialError::CountryNotAllowed => Trouble::CountryNotAllowed,
        DialError::Refused { why: Refusal::TooManyCalls { retry_secs }, .. } => Trouble::TooMany { retry_secs },
        DialError::Refused { why: Refusal::OnACall, .. } => Trouble::OnACall,
        DialError::Refused { why, colleague } => {
            Trouble::Refused(board.why_not(&AskError::Refused(why), None, colleague.map(Target::Agent).as_ref()))
        }
        DialError::SignedOut => Trouble::SignedOut,
        DialError::NoCarrier => Trouble::NoCarrier,
        DialError::Unavailable => Trouble::Unavailable,
    })
}

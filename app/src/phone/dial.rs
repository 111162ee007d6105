//! Whether what was typed can be dialled, or added to a call: the server makes a number of it, or says why not.

use serde::Serialize;

use switchyard::{
    floor::{Refusal, Target},
    id::CallId,
};

use super::state::Trouble;
use crate::{
    api::{
        AskError,
        dial::{DialError, Dialable},
        remote,
    },
    board::Board,
    say,
};

/// What was typed.
#[derive(Serialize)]
struct PrepareDial<'a> {
    to: &'a str,
}

/// What was typed, and the call that it is to be added to.
#[derive(Serialize)]
struct AddToCall<'a> {
    call: &'a CallId,
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
    Err(trouble(board, &text, None))
}

/// Calls whoever was typed into a call; answers the version of the floor after it.
pub(crate) async fn add(board: Board, call: &CallId, to: &str) -> Result<u64, Trouble> {
    let body = serde_json::to_string(&AddToCall { call, to }).map_err(|_| Trouble::NotANumber)?;
    let (status, text) = remote::post("/api/fn/add_to_call", &body).await.map_err(|_| Trouble::NoConnection)?;
    if status == remote::OK {
        return serde_json::from_str(&text).map_err(|_| Trouble::Unavailable);
    }
    // The page may have been left meanwhile, and nobody be there to be told.
    Err(if board.is_there() { trouble(board, &text, Some(call)) } else { Trouble::Unavailable })
}

fn trouble(board: Board, answer: &str, call: Option<&CallId>) -> Trouble {
    match serde_json::from_str(answer).unwrap_or(DialError::Unavailable) {
        DialError::NotANumber => Trouble::NotANumber,
        DialError::Emergency => Trouble::Emergency,
        DialError::CountryNotAllowed => Trouble::CountryNotAllowed,
        DialError::Refused { why: Refusal::TooManyCalls { retry_secs }, .. } => Trouble::TooMany { retry_secs },
        DialError::Refused { why: Refusal::OnACall, .. } => Trouble::OnACall,
        DialError::Refused { why: Refusal::AlreadyThere, .. } if call.is_some() => {
            Trouble::Refused(say!(board.lang, contacts.in_call).to_owned())
        }
        DialError::Refused { why, colleague } => {
            Trouble::Refused(board.why_not(&AskError::Refused(why), call, colleague.map(Target::Agent).as_ref()))
        }
        DialError::SignedOut => Trouble::SignedOut,
        DialError::NoCarrier => Trouble::NoCarrier,
        DialError::NoNumber => Trouble::NoNumber,
        DialError::Unavailable => Trouble::Unavailable,
    }
}

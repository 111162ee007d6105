//! What the Calls and the Participants resource ask for in the same words.

use super::ask::Ask;
use crate::{
    engine::{ApiError, Callback, Destination, Outbound},
    twiml::Method,
};

/// Reads who is to be called, by whom, and who is told about it.
pub(super) fn read(ask: &Ask) -> Result<Outbound, ApiError> {
    let form = &ask.form;
    let to = form.some("To").ok_or_else(|| ApiError::bad(21201, "No 'To' number is specified"))?;
    let from = form.some("From").ok_or_else(|| ApiError::bad(21213, "No 'From' number is specified"))?;
    if to.starts_with("sip:") || to.starts_with("app:") {
        return Err(ApiError::bad(21211, format!("The 'To' number {to} is of a kind that is not supported here")));
    }
    let callback = form
        .hook("StatusCallback", "StatusCallbackMethod", Method::Post)
        .map(|hook| Callback { hook, events: form.words("StatusCallbackEvent", "completed") });
    Ok(Outbound {
        account: ask.account.clone(),
        from: from.to_owned(),
        to: Destination::read(to)?,
        caller_id: form.some("CallerId").map(str::to_owned),
        ring_seconds: form.number("Timeout").unwrap_or(60),
        time_limit: form.number("TimeLimit"),
        callback,
        fallback: form.hook("FallbackUrl", "FallbackMethod", Method::Post),
    })
}

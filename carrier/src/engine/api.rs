//! What REST asks of the network, and how it is refused (Twilio: Call resource, Error and Warning Dictionary).

use super::{Callback, Engine, Hook, Plan, call::Direction, legs::Leg};
use crate::time::Millis;

/// A refusal, as Twilio puts it into an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub(crate) struct ApiError {
    /// The HTTP status.
    pub(crate) status: u16,
    pub(crate) code: u32,
    pub(crate) message: String,
}

impl ApiError {
    /// Status 400.
    pub(crate) fn bad(code: u32, message: impl Into<String>) -> Self {
        Self { status: 400, code, message: message.into() }
    }

    /// Status 401, code 20003: whoever asks is not let in (Twilio: "Authenticate").
    pub(crate) fn unknown() -> Self {
        Self { status: 401, code: 20003, message: "Authenticate".to_owned() }
    }

    /// Status 404, code 20404; the message is completed with the path where it is answered.
    pub(crate) fn missing() -> Self {
        Self { status: 404, code: 20404, message: String::new() }
    }
}

/// Where an outbound leg goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Destination {
    Number(String),
    Client { identity: String, params: Vec<(String, String)> },
}

impl Destination {
    /// Reads `To`: a number, or `client:identity?name=value`.
    pub(crate) fn read(to: &str) -> Result<Self, ApiError> {
        if let Some(client) = to.strip_prefix("client:") {
            let (identity, query) = client.split_once('?').unwrap_or((client, ""));
            if identity.is_empty() || identity.len() > 256 || identity.contains(char::is_whitespace) {
                return Err(ApiError::bad(21211, format!("The 'To' number {to} is not a valid phone number.")));
            }
            let params = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            return Ok(Self::Client { identity: identity.to_owned(), params });
        }
        if is_e164(to) {
            Ok(Self::Number(to.to_owned()))
        } else {
            Err(ApiError::bad(21211, format!("The 'To' number {to} is not a valid phone number.")))
        }
    }

    fn write(&self) -> String {
        match self {
            Self::Number(number) => number.clone(),
            Self::Client { identity, .. } => format!("client:{identity}"),
        }
    }
}

/// `+`, and 7 to 15 digits of which the first is not 0.
pub(crate) fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
    })
}

/// What the Calls and the Participants resource have in common.
#[derive(Debug)]
pub(crate) struct Outbound {
    pub(crate) account: String,
    pub(crate) from: String,
    pub(crate) to: Destination,
    /// Shown instead of `from`.
    pub(crate) caller_id: Option<String>,
    pub(crate) ring_seconds: u32,
    pub(crate) time_limit: Option<u32>,
    pub(crate) callback: Option<Callback>,
    pub(crate) fallback: Option<Hook>,
}

/// A call to be made.
#[derive(Debug)]
pub(crate) struct NewCall {
    pub(crate) outbound: Outbound,
    pub(crate) plan: Plan,
}

impl Engine {
    /// Makes a call (Twilio: "Create a Call resource") and gives its SID. It is queued, and placed when its turn comes.
    pub(crate) fn create_call(&mut self, call: NewCall) -> Result<String, ApiError> {
        self.check_from(&call.outbound)?;
        Ok(self.place_outbound(call.outbound, call.plan))
    }

    /// Who may be shown as the caller: a number of the account, or for a client another client.
    pub(super) fn check_from(&self, call: &Outbound) -> Result<(), ApiError> {
        let client = matches!(call.to, Destination::Client { .. });
        for from in [Some(&call.from), call.caller_id.as_ref()].into_iter().flatten() {
            if from.strip_prefix("client:").is_some_and(|identity| !identity.is_empty()) && client {
                continue;
            }
            if !is_e164(from) {
                let message = format!(
                    "The 'From' number {from} is not a valid phone number, shortcode, or alphanumeric sender ID."
                );
                return Err(ApiError::bad(21212, message));
            }
            let owned = self.directory.numbers.get(from).is_some_and(|number| number.account == call.account);
            let foreign = client && self.quirks.foreign_number_to_client;
            if !(owned || foreign) {
                let message = format!(
                    "The source phone number provided, {from}, is not yet verified for your account. You may only make \
                     calls from phone numbers that you've verified or purchased from Twilio."
                );
                return Err(ApiError::bad(21210, message));
            }
        }
        Ok(())
    }

    pub(super) fn place_outbound(&mut self, call: Outbound, plan: Plan) -> String {
        let queue_ms = self.slot(&call.account);
        let client = matches!(call.to, Destination::Client { .. });
        let to = call.to.write();
        let params = match call.to {
            Destination::Client { params, .. } => params,
            Destination::Number(_) => Vec::new(),
        };
        self.place(Leg {
            account: call.account,
            from: call.caller_id.unwrap_or(call.from),
            to,
            direction: Direction::OutboundApi,
            parent: None,
            params,
            plan,
            // A client rings for a minute at most.
            ring_seconds: if client { call.ring_seconds.min(60) } else { call.ring_seconds },
            time_limit: call.time_limit,
            callback: call.callback,
            fallback: call.fallback,
            queue_ms,
        })
    }

    /// How long an account's next call has to wait for its turn, in Twilio's milliseconds.
    fn slot(&mut self, account: &str) -> Millis {
        let interval = (1000 / Millis::from(self.pace.cps)).max(1);
        let now = self.now;
        let next = self.slots.entry(account.to_owned()).or_insert(now);
        let at = (*next).max(now);
        *next = at + interval / Millis::from(self.pace.speed);
        (at - now) * Millis::from(self.pace.speed)
    }
}

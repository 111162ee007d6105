//! The parameters of webhooks (Twilio: TwiML request parameters, Call status callbacks).

use super::{Call, Engine, Status, call::Direction};
use crate::time::{Millis, rfc2822};

/// Parameters in the order in which they are sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Params(pub(crate) Vec<(String, String)>);

impl Params {
    pub(crate) fn put(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Puts what is there only.
    pub(crate) fn put_some(&mut self, name: &str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }
}

/// The countries that numbers of tests are likely to be in, by prefix.
const COUNTRIES: &[(&str, &str)] = &[
    ("+1", "US"),
    ("+31", "NL"),
    ("+33", "FR"),
    ("+34", "ES"),
    ("+36", "HU"),
    ("+373", "MD"),
    ("+39", "IT"),
    ("+40", "RO"),
    ("+43", "AT"),
    ("+44", "GB"),
    ("+49", "DE"),
    ("+61", "AU"),
];

pub(super) fn geography(params: &mut Params, side: &str, number: &str) {
    let country = COUNTRIES.iter().find(|(prefix, _)| number.starts_with(prefix)).map(|(_, country)| country);
    let Some(country) = country else { return };
    // A place is rarely known outside of North America: Twilio then sends empty values.
    for what in ["City", "State", "Zip"] {
        params.put(format!("{side}{what}"), "");
    }
    params.put(format!("{side}Country"), *country);
}

/// What every request about a call says.
pub(crate) fn base(call: &Call) -> Params {
    let mut params = Params::default();
    params.put("CallSid", &call.sid);
    params.put("AccountSid", &call.account);
    params.put("From", &call.from);
    params.put("To", &call.to);
    params.put("Caller", &call.from);
    params.put("Called", &call.to);
    params.put("CallStatus", call.status.as_str());
    params.put("ApiVersion", "2010-04-01");
    params.put("Direction", call.direction.as_str());
    params.put_some("ParentCallSid", call.parent.as_deref());
    params.put_some("ApplicationSid", call.application.as_deref());
    params.put_some("CallToken", call.token.as_deref());
    params.put_some("CallerName", call.name.as_deref());
    for (side, number) in [("From", &call.from), ("Caller", &call.from), ("To", &call.to), ("Called", &call.to)] {
        geography(&mut params, side, number);
    }
    params
}

/// What a status callback adds; `status` is how Twilio calls the step, `declined` what the network of a far end that
/// declines answers.
pub(crate) fn progress(call: &Call, status: &str, declined: &str, now: Millis) -> Params {
    let mut params = base(call);
    if let Some((_, value)) = params.0.iter_mut().find(|(name, _)| name == "CallStatus") {
        status.clone_into(value);
    }
    params.put("Timestamp", rfc2822(now));
    params.put("CallbackSource", "call-progress-events");
    params.put("SequenceNumber", call.sequence.to_string());
    if call.ended.is_some() {
        let seconds = call.seconds(now);
        params.put("CallDuration", seconds.to_string());
        if call.direction != Direction::OutboundDial {
            params.put("Duration", ((seconds + 59) / 60).to_string());
        }
        if call.direction == Direction::OutboundApi {
            params.put_some("SipResponseCode", if call.declined { Some(declined) } else { sip_code(call.status) });
        }
    }
    params
}

/// What the far end's network answered, where a call was not connected.
fn sip_code(status: Status) -> Option<&'static str> {
    match status {
        Status::Busy => Some("486"),
        Status::NoAnswer => Some("487"),
        Status::Failed => Some("404"),
        Status::Queued | Status::Ringing | Status::InProgress | Status::Completed | Status::Canceled => None,
    }
}

impl Engine {
    /// The base parameters of a call that may be gone.
    pub(super) fn base(&self, call: &str) -> Params {
        self.calls.get(call).map(base).unwrap_or_default()
    }
}

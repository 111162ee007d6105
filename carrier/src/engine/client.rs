//! Real clients: the calls that they make, and what they are told of their legs (Twilio: Voice JavaScript SDK).

use super::{ApiError, Engine, Status, arrival::Arrival, call::Far};

/// What the client at the far end of a leg is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// It is being called.
    Rings,
    /// The call that it made was answered.
    Answered,
    /// The leg is over.
    Over(Status),
}

/// A client calls, which goes to the application that its token names.
#[derive(Debug)]
pub(crate) struct ClientCall {
    pub(crate) account: String,
    pub(crate) identity: String,
    pub(crate) application: String,
    /// What the browser said, and nobody has checked.
    pub(crate) params: Vec<(String, String)>,
    /// What the token says, which goes before.
    pub(crate) token_params: Vec<(String, String)>,
}

/// What a client may not say of its own call.
const RESERVED: &[&str] = &[
    "CallSid",
    "AccountSid",
    "From",
    "Caller",
    "Called",
    "CallStatus",
    "ApiVersion",
    "Direction",
    "ApplicationSid",
    "ParentCallSid",
    "CallToken",
    "CallerName",
];

impl Engine {
    /// A client calls (Twilio: TwiML applications). Gives the SID of its leg.
    pub(crate) fn client_calls(&mut self, call: ClientCall) -> Result<String, ApiError> {
        let application = self.directory.applications.get(&call.application);
        let Some(application) = application.filter(|one| one.account == call.account).cloned() else {
            return Err(ApiError::bad(21218, "ApplicationSid is not valid"));
        };
        let mut extra: Vec<(String, String)> = Vec::new();
        for (name, value) in call.params.into_iter().chain(call.token_params) {
            if !RESERVED.contains(&name.as_str()) {
                extra.retain(|(other, _)| *other != name);
                extra.push((name, value));
            }
        }
        let to = extra.iter().position(|(name, _)| name == "To").map(|at| extra.remove(at).1);
        Ok(self.arrive(Arrival {
            account: call.account,
            from: format!("client:{}", call.identity),
            to: to.unwrap_or_default(),
            name: None,
            far: Far::Client,
            token: None,
            number_sid: None,
            application: Some(call.application),
            voice: application.hooks.voice.some(),
            fallback: application.hooks.voice_fallback.some(),
            status: application.hooks.status.some(),
            extra,
        }))
    }

    /// Clients of that identity are registered from now on, or none is any more.
    pub(crate) fn set_registered(&mut self, account: &str, identity: &str, registered: bool) {
        let key = (account.to_owned(), identity.to_owned());
        if registered {
            self.directory.registered.insert(key);
        } else {
            self.directory.registered.remove(&key);
        }
    }
}

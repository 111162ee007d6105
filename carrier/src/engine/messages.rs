//! Text messages: what Twilio keeps of them until they are deleted (Twilio: Message resource, "Twilio's request to your
//! incoming message webhook URL"). One that comes in is told to its number's URL, and is received when that was asked; what
//! the answer wants sent is not sent.

use serde::Deserialize;

use super::{
    Action, ApiError, Engine, Hook,
    params::{Params, geography},
    run::{Failure, Purpose, Reply},
};
use crate::time::Millis;

/// Twilio: "Cannot delete this resource before it is complete".
const NOT_COMPLETE: u32 = 20009;
/// So many characters fit into one segment.
const SEGMENT: usize = 160;

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MessageStatus {
    Receiving,
    Received,
    Queued,
    Sending,
    Sent,
    Delivered,
    Undelivered,
    Failed,
}

impl MessageStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::Received => "received",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
        }
    }

    /// Whether it goes no further by itself.
    fn is_complete(self) -> bool {
        !matches!(self, Self::Receiving | Self::Queued | Self::Sending)
    }
}

/// A text message.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) sid: String,
    pub(crate) account: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) body: String,
    /// In Twilio's words.
    pub(crate) direction: &'static str,
    pub(crate) status: MessageStatus,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
}

impl Message {
    pub(crate) fn segments(&self) -> usize {
        self.body.chars().count().div_ceil(SEGMENT).max(1)
    }
}

/// A message that is on its way between somebody outside and a number of an account.
#[derive(Debug)]
pub(crate) struct NewMessage {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) body: String,
    /// How far one that goes out has come.
    pub(crate) status: MessageStatus,
}

impl Engine {
    /// A message comes in, if it goes to a number of an account; or it was sent from one, by whatever way. `None` if it is
    /// neither, or the account does not work.
    pub(crate) fn text(&mut self, new: NewMessage) -> Option<String> {
        let numbers = &self.directory.numbers;
        let arrives = numbers.contains_key(&new.to);
        let number = numbers.get(&new.to).or_else(|| numbers.get(&new.from))?.clone();
        if !self.is_active(&number.account) {
            return None;
        }
        let application = self.directory.applications.get(&number.sms_application);
        let hooks = application.map_or(&number.hooks, |application| &application.hooks);
        let (hook, fallback) = (hooks.sms.some().filter(|_| arrives), hooks.sms_fallback.some());
        let sid = self.sid("SM");
        let (direction, status) = match (arrives, &hook) {
            (true, Some(_)) => ("inbound", MessageStatus::Receiving),
            (true, None) => ("inbound", MessageStatus::Received),
            (false, _) => ("outbound-api", new.status),
        };
        let message = Message {
            sid: sid.clone(),
            account: number.account,
            from: new.from,
            to: new.to,
            body: new.body,
            direction,
            status,
            created: self.now,
            updated: self.now,
        };
        self.messages.insert(sid.clone(), message);
        if let Some(hook) = hook {
            self.tell_text(&sid, &hook, fallback, Vec::new());
        }
        Some(sid)
    }

    fn tell_text(&mut self, sid: &str, hook: &Hook, fallback: Option<Hook>, extra: Vec<(String, String)>) {
        let Some(message) = self.messages.get(sid) else { return };
        let mut params = Params::default();
        for name in ["MessageSid", "SmsSid", "SmsMessageSid"] {
            params.put(name, sid);
        }
        params.put("AccountSid", &message.account);
        params.put("From", &message.from);
        params.put("To", &message.to);
        params.put("Body", &message.body);
        params.put("NumMedia", "0");
        params.put("NumSegments", message.segments().to_string());
        params.put("SmsStatus", MessageStatus::Received.as_str());
        params.put("ApiVersion", "2010-04-01");
        geography(&mut params, "From", &message.from);
        geography(&mut params, "To", &message.to);
        params.0.extend(extra);
        let request = self.request(&message.account, sid, hook, params.0);
        let ticket = self.serial();
        self.fetches.insert(ticket, Purpose::Text { message: sid.to_owned(), url: hook.url.clone(), fallback });
        self.actions.push(Action::Fetch { ticket, request });
    }

    /// A number's URL was told of a message, or could not be.
    pub(super) fn text_told(&mut self, sid: &str, url: &str, fallback: Option<Hook>, answer: Result<Reply, Failure>) {
        if let Err(failure) = answer {
            self.notice(failure.code, &failure.message, sid, Some(url));
            if let Some(fallback) = fallback {
                let explained =
                    [("ErrorCode".to_owned(), failure.code.to_string()), ("ErrorUrl".to_owned(), url.to_owned())];
                let extra = if self.quirks.fallback_explains { explained.into() } else { Vec::new() };
                return self.tell_text(sid, &fallback, None, extra);
            }
        }
        self.text_is(sid, MessageStatus::Received);
    }

    /// A message has come so far. Answers whether there is one.
    pub(crate) fn text_is(&mut self, sid: &str, status: MessageStatus) -> bool {
        let now = self.now;
        let Some(message) = self.messages.get_mut(sid) else { return false };
        (message.status, message.updated) = (status, now);
        true
    }

    /// A message of an account.
    pub(crate) fn message(&self, account: &str, sid: &str) -> Result<&Message, ApiError> {
        self.messages.get(sid).filter(|message| message.account == account).ok_or_else(ApiError::missing)
    }

    /// Forgets a message that is complete (otherwise 20009).
    pub(crate) fn delete_message(&mut self, account: &str, sid: &str) -> Result<(), ApiError> {
        if !self.message(account, sid)?.status.is_complete() {
            return Err(ApiError::bad(NOT_COMPLETE, "Cannot delete this resource before it is complete"));
        }
        self.messages.remove(sid);
        Ok(())
    }
}

//! The numbers and TwiML applications of accounts, and where they say that calls are asked about (Twilio:
//! `IncomingPhoneNumber`, `Application`).

use super::{Arrival, Engine, Far, Hook};
use crate::{time::Millis, twiml::Method};

/// Where a number or an application sends what happens. An empty URL is none, and keeps its method.
#[derive(Debug, Clone)]
pub(crate) struct Hooks {
    pub(crate) voice: Hook,
    pub(crate) voice_fallback: Hook,
    pub(crate) status: Hook,
    pub(crate) sms: Hook,
    pub(crate) sms_fallback: Hook,
    pub(crate) caller_id_lookup: bool,
}

impl Default for Hooks {
    fn default() -> Self {
        let none = Hook { url: String::new(), method: Method::Post };
        Self {
            voice: none.clone(),
            voice_fallback: none.clone(),
            status: none.clone(),
            sms: none.clone(),
            sms_fallback: none,
            caller_id_lookup: false,
        }
    }
}

impl Hook {
    /// The hook, unless its URL is empty.
    pub(crate) fn some(&self) -> Option<Self> {
        (!self.url.is_empty()).then(|| self.clone())
    }
}

/// A number that an account owns.
#[derive(Debug, Clone)]
pub(crate) struct Number {
    pub(crate) sid: String,
    pub(crate) account: String,
    pub(crate) e164: String,
    pub(crate) friendly_name: String,
    /// Not asked where an application is set.
    pub(crate) hooks: Hooks,
    /// Asked about calls instead of the number's own URLs.
    pub(crate) voice_application: String,
    pub(crate) sms_application: String,
    /// A SIP trunk and a voice application drive each other out.
    pub(crate) trunk: String,
    pub(crate) address: String,
    pub(crate) bundle: String,
    pub(crate) fax: bool,
    pub(crate) kind: Kind,
    pub(crate) address_requirements: &'static str,
    pub(crate) sms: bool,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
}

/// What sort of number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Local,
    Mobile,
    TollFree,
}

impl Kind {
    /// As a number's `type`, and with a space for a hyphen in a price list.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Mobile => "mobile",
            Self::TollFree => "toll-free",
        }
    }
}

/// A TwiML application: where calls of clients, and of numbers that name it, are asked about.
#[derive(Debug, Clone)]
pub(crate) struct Application {
    pub(crate) sid: String,
    pub(crate) account: String,
    /// Not unique.
    pub(crate) friendly_name: String,
    pub(crate) hooks: Hooks,
    pub(crate) sms_status: String,
    pub(crate) message_status: String,
    pub(crate) public_connect: bool,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
}

impl Application {
    pub(crate) fn new(sid: String, account: &str, now: Millis) -> Self {
        Self {
            sid,
            account: account.to_owned(),
            friendly_name: String::new(),
            hooks: Hooks::default(),
            sms_status: String::new(),
            message_status: String::new(),
            public_connect: false,
            created: now,
            updated: now,
        }
    }
}

impl Engine {
    /// The number, which belongs to that account from now on.
    pub(crate) fn put_number(&mut self, account: &str, e164: &str) -> &mut Number {
        let (sid, now) = (self.sid("PN"), self.now);
        let number = self.directory.numbers.entry(e164.to_owned()).or_insert_with(|| Number {
            sid,
            account: account.to_owned(),
            e164: e164.to_owned(),
            friendly_name: e164.to_owned(),
            hooks: Hooks::default(),
            voice_application: String::new(),
            sms_application: String::new(),
            trunk: String::new(),
            address: String::new(),
            bundle: String::new(),
            fax: false,
            kind: Kind::Local,
            address_requirements: "none",
            sms: false,
            created: now,
            updated: now,
        });
        account.clone_into(&mut number.account);
        number.updated = now;
        number
    }

    /// Makes an application, or gives it other hooks.
    pub(crate) fn put_application(&mut self, account: &str, sid: &str, hooks: Hooks) -> &mut Application {
        let now = self.now;
        let application = self.directory.applications.entry(sid.to_owned());
        let application = application.or_insert_with(|| Application::new(sid.to_owned(), account, now));
        account.clone_into(&mut application.account);
        application.hooks = hooks;
        application.updated = now;
        application
    }

    /// Removes an application, from the numbers that name it too.
    pub(crate) fn remove_application(&mut self, sid: &str) {
        self.directory.applications.remove(sid);
        for number in self.directory.numbers.values_mut() {
            for application in [&mut number.voice_application, &mut number.sms_application] {
                if application == sid {
                    application.clear();
                }
            }
        }
    }

    /// A call to a number: its application is asked, where it names one, and else the number's own URLs.
    pub(super) fn arrival(&self, number: &Number, from: String, far: Far) -> Arrival {
        let application = self.directory.applications.get(&number.voice_application);
        let hooks = application.map_or(&number.hooks, |application| &application.hooks);
        Arrival {
            account: number.account.clone(),
            from,
            to: number.e164.clone(),
            name: None,
            far,
            token: None,
            number_sid: Some(number.sid.clone()),
            application: application.map(|application| application.sid.clone()),
            voice: hooks.voice.some(),
            fallback: hooks.voice_fallback.some(),
            status: hooks.status.some(),
            extra: Vec::new(),
        }
    }

    /// Whether the names of callers are looked up for calls to a number.
    pub(super) fn looks_up_names(&self, number: &Number) -> bool {
        let application = self.directory.applications.get(&number.voice_application);
        application.map_or(&number.hooks, |application| &application.hooks).caller_id_lookup
    }
}

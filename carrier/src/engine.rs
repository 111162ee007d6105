//! The telephone network as a state machine without input or output: requests, answers of webhooks and the clock go in,
//! [`Action`]s come out.
//!
//! The one law: nothing in here reads a clock, opens a socket or waits. Whoever owns the engine tells it the time with
//! [`Engine::advance`], carries out what [`Engine::take_actions`] gives, hands TwiML back through [`Engine::fetched`],
//! and comes again at [`Engine::next_deadline`].

mod accounts;
mod announce;
mod api;
mod arrival;
mod audio;
mod call;
mod client;
mod conference;
mod dial;
mod directory;
mod far;
mod gather;
mod join;
mod keys;
mod legs;
mod messages;
mod music;
mod numbers;
mod params;
mod participants;
mod record;
mod recordings;
mod run;
mod sound;
mod stock;
mod table;
mod update;
mod words;

use std::collections::{BTreeMap, HashMap, VecDeque};

use rand::{SeedableRng, rngs::StdRng};

pub(crate) use accounts::{Account, AccountStatus};
pub(crate) use api::{ApiError, Destination, NewCall, Outbound, is_e164};
pub(crate) use arrival::InboundCall;
pub(crate) use audio::{Audio, Voice};
pub use call::Status;
pub(crate) use call::{Activity, Call, Callback, Far, Plan, Progress};
pub(crate) use client::{ClientCall, News};
pub(crate) use conference::{Conference, ConferenceStatus, Member};
pub(crate) use directory::{Answers, Behaviour, Directory, Script};
pub(crate) use far::Deed;
pub(crate) use join::{ConferenceCallback, Join};
pub(crate) use keys::{Key, KeyKind};
pub(crate) use messages::{Message, MessageStatus, NewMessage};
pub(crate) use numbers::{Application, Hooks, Kind, Number};
pub(crate) use participants::{MemberUpdate, ParticipantView};
pub(crate) use recordings::Recording;
pub(crate) use sound::{Piece, Sends, Sound};
pub(crate) use stock::{RANGES, Range, contains};
pub(crate) use table::Table;
pub(crate) use update::CallUpdate;

use crate::{quirks::Quirks, time::Millis, twiml::Method};
use arrival::Arrival;
use run::{Failure, Purpose, Reply};

pub(crate) use run::{Failure as FetchFailure, Reply as FetchReply};

/// How many entries of notifications are kept.
const NOTICES: usize = 1_000;

/// Calls that ended are forgotten after this long.
const REMEMBERED: Millis = 10 * 60 * 1000;

/// Ended calls and conferences beyond this number are forgotten at once, the oldest first.
const REMEMBERED_AT_MOST: usize = 4_000;

/// A URL to be requested, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hook {
    pub(crate) url: String,
    pub(crate) method: Method,
}

/// A webhook to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) account: String,
    /// Signs it.
    pub(crate) auth_token: String,
    pub(crate) url: String,
    pub(crate) method: Method,
    pub(crate) params: Vec<(String, String)>,
    /// Requests with the same lane are sent in order: the SID of a call or a conference.
    pub(crate) lane: String,
}

/// How fast things go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Twilio's durations are divided by this.
    pub(crate) speed: u32,
    /// Calls per second that an account may place through REST.
    pub(crate) cps: u32,
}

/// What the engine wants done.
#[derive(Debug)]
pub(crate) enum Action {
    /// Request TwiML and bring the answer to [`Engine::fetched`] with this ticket.
    Fetch { ticket: u64, request: Request },
    /// Send a status callback; its answer doesn't matter.
    Notify(Request),
    /// Tell the real client at the far end of a leg.
    Tell { call: String, news: News },
    /// Let the far end's keys be heard.
    Press { call: String, digits: String },
}

/// Something for the account's debugger (Twilio: Error and Warning Dictionary).
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Notice {
    /// Twilio's number for it; 0 for what only this program says.
    pub(crate) code: u32,
    pub(crate) message: String,
    pub(crate) account: String,
    pub(crate) call: Option<String>,
    pub(crate) url: Option<String>,
    /// Milliseconds since the Unix epoch.
    pub(crate) at: Millis,
}

/// What happens by itself when its time comes.
#[derive(Debug, Clone)]
enum Timer {
    /// A queued call is placed.
    Launch(String),
    /// Nobody answered in time.
    RingOut(String),
    /// The far end does something.
    Far(String, Deed),
    /// A verb is over, unless the call went on to something else.
    Verb { call: String, epoch: u64 },
    /// The call was as long as it may be.
    Limit(String),
    /// A piece of waiting, hold or announcement audio is over.
    Music { call: String, turn: u64 },
    /// An announcement to a whole conference goes on.
    Announcement { conference: String, turn: u64 },
    /// A recording is ready.
    Recorded(String),
    /// A tone of the network is over: nothing happens but that it is heard no more.
    Hush,
    /// Old things are forgotten.
    Sweep,
}

/// The whole network: who has which number, who talks to whom.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) directory: Directory,
    pub(crate) quirks: Quirks,
    pub(crate) calls: Table<Call>,
    pub(crate) conferences: Table<Conference>,
    /// They stay until they are deleted.
    pub(crate) recordings: Table<Recording>,
    /// So do they.
    pub(crate) messages: Table<Message>,
    pub(crate) notices: VecDeque<Notice>,
    pace: Pace,
    now: Millis,
    timers: BTreeMap<(Millis, u64), Timer>,
    fetches: HashMap<u64, Purpose>,
    actions: Vec<Action>,
    /// When each account may place its next call.
    slots: HashMap<String, Millis>,
    serial: u64,
    rng: StdRng,
}

impl Engine {
    pub(crate) fn new(now: Millis, quirks: Quirks, pace: Pace, seed: Option<u64>) -> Self {
        let mut engine = Self {
            directory: Directory::default(),
            quirks,
            calls: Table::default(),
            conferences: Table::default(),
            recordings: Table::default(),
            messages: Table::default(),
            notices: VecDeque::new(),
            pace: Pace { speed: pace.speed.max(1), cps: pace.cps.max(1) },
            now,
            timers: BTreeMap::new(),
            fetches: HashMap::new(),
            actions: Vec::new(),
            slots: HashMap::new(),
            serial: 0,
            rng: seed.map_or_else(rand::make_rng, StdRng::seed_from_u64),
        };
        engine.after(REMEMBERED / 10, Timer::Sweep);
        engine
    }

    /// Lets time pass: everything that was due up to `now` happens, in order.
    pub(crate) fn advance(&mut self, now: Millis) {
        while let Some(((at, _), _)) = self.timers.first_key_value().filter(|((at, _), _)| *at <= now) {
            self.now = self.now.max(*at);
            if let Some((_, timer)) = self.timers.pop_first() {
                self.fire(timer);
            }
        }
        self.now = self.now.max(now);
    }

    /// When [`Engine::advance`] has something to do next.
    pub(crate) fn next_deadline(&self) -> Option<Millis> {
        self.timers.first_key_value().map(|((at, _), _)| *at)
    }

    /// What is to be done, in order.
    pub(crate) fn take_actions(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.actions)
    }

    /// The answer to a [`Action::Fetch`]. Tickets that are not waited for any more are ignored.
    pub(crate) fn fetched(&mut self, ticket: u64, answer: Result<Reply, Failure>) {
        if let Some(purpose) = self.fetches.remove(&ticket) {
            self.arrived(purpose, answer);
        }
    }

    /// The time as the engine knows it.
    pub(crate) fn now(&self) -> Millis {
        self.now
    }

    /// Forgets every call, conference, recording, message and notification, without a word to anybody. Accounts, numbers and endpoints stay.
    pub(crate) fn reset(&mut self) {
        self.calls = Table::default();
        self.conferences = Table::default();
        self.recordings = Table::default();
        self.messages = Table::default();
        self.notices.clear();
        self.timers.clear();
        self.fetches.clear();
        self.actions.clear();
        self.slots.clear();
        self.after(REMEMBERED / 10, Timer::Sweep);
    }

    fn fire(&mut self, timer: Timer) {
        match timer {
            Timer::Launch(call) => self.launch(&call),
            Timer::RingOut(call) => self.ring_out(&call),
            Timer::Far(call, deed) => self.far(&call, &deed),
            Timer::Verb { call, epoch } => self.verb_over(&call, epoch),
            Timer::Limit(call) => self.time_is_up(&call),
            Timer::Music { call, turn } => self.music_over(&call, turn),
            Timer::Announcement { conference, turn } => self.announcement_over(&conference, turn),
            Timer::Recorded(recording) => self.take_ready(&recording),
            Timer::Hush => {}
            Timer::Sweep => self.sweep(),
        }
    }

    /// Forgets what ended long ago, and timers of what has ended.
    fn sweep(&mut self) {
        let before = self.now - REMEMBERED;
        self.calls.forget(REMEMBERED_AT_MOST, |call| call.ended.map(|ended| ended < before));
        self.conferences.forget(REMEMBERED_AT_MOST, |conference| {
            conference.ending.is_some().then_some(conference.updated < before)
        });
        let calls = &self.calls;
        let live = |sid: &String| calls.get(sid).is_some_and(|call| call.ended.is_none());
        self.timers.retain(|_, timer| match timer {
            Timer::Launch(call)
            | Timer::RingOut(call)
            | Timer::Far(call, _)
            | Timer::Limit(call)
            | Timer::Verb { call, .. }
            | Timer::Music { call, .. } => live(call),
            Timer::Announcement { .. } | Timer::Recorded(_) | Timer::Hush | Timer::Sweep => true,
        });
        self.after(REMEMBERED / 10, Timer::Sweep);
    }

    /// A duration that Twilio defines, at the speed of this network.
    fn scaled(&self, ms: Millis) -> Millis {
        ms / Millis::from(self.pace.speed)
    }

    fn serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// Sets a timer, `ms` from now.
    fn after(&mut self, ms: Millis, timer: Timer) {
        let serial = self.serial();
        self.timers.insert((self.now + ms.max(0), serial), timer);
    }

    /// An identifier for something that the engine knows nothing of.
    pub(crate) fn fresh_sid(&mut self, prefix: &str) -> String {
        self.sid(prefix)
    }

    fn sid(&mut self, prefix: &str) -> String {
        crate::sid::fresh(prefix, &mut self.rng)
    }

    /// Adds to the account's debugger, about a call or a message.
    pub(crate) fn notice(&mut self, code: u32, message: impl Into<String>, call: &str, url: Option<&str>) {
        let account = self.calls.get(call).map(|call| &call.account);
        let account = account.or_else(|| self.messages.get(call).map(|message| &message.account));
        let account = account.cloned().unwrap_or_default();
        if self.notices.len() == NOTICES {
            self.notices.pop_front();
        }
        self.notices.push_back(Notice {
            code,
            message: message.into(),
            account,
            call: Some(call.to_owned()),
            url: url.map(str::to_owned),
            at: self.now,
        });
    }

    fn request(&self, account: &str, lane: &str, hook: &Hook, params: Vec<(String, String)>) -> Request {
        Request {
            account: account.to_owned(),
            auth_token: self.directory.accounts.get(account).map(|a| a.auth_token.clone()).unwrap_or_default(),
            url: hook.url.clone(),
            method: hook.method,
            params,
            lane: lane.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;

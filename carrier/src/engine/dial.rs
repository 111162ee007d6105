//! `<Dial>`: legs that ring for a caller, the bridge between them, and the action URL afterwards (Twilio: TwiML Dial).

use std::collections::VecDeque;

use super::{
    Activity, Callback, Engine, Hook, Join, Plan, Status, Timer,
    call::Direction,
    join::Refusal,
    legs::Leg,
    run::{Purpose, resolve},
    words::Left,
};
use crate::{
    time::Millis,
    twiml::{Dial, Noun, Room, Target, Verb},
};

/// As many can ring at once.
const NOUNS: usize = 10;

/// A `<Dial>` under way.
#[derive(Debug)]
pub(crate) struct Dialing {
    pub(super) dial: Dial,
    /// Those whose turn has not come (`sequential`).
    waiting: VecDeque<Noun>,
    /// The legs that ring or talk.
    children: Vec<String>,
    /// The first that answered.
    winner: Option<String>,
    bridged: bool,
}

impl Dialing {
    /// The leg to which the caller is connected.
    pub(super) fn connected(&self) -> Option<&str> {
        self.winner.as_deref().filter(|_| self.bridged)
    }

    /// The legs that ring or talk.
    pub(super) fn children(&self) -> &[String] {
        &self.children
    }
}

/// How a `<Dial>` went, as its action URL is told.
#[derive(Debug)]
pub(super) struct Outcome {
    status: &'static str,
    child: Option<String>,
    seconds: Option<Millis>,
    bridged: bool,
}

impl Outcome {
    /// Nobody was reached.
    pub(super) fn failed() -> Self {
        Self { status: "failed", child: None, seconds: None, bridged: false }
    }

    /// After a conference Twilio says `answered`, and nothing of a child.
    pub(super) fn conference() -> Self {
        Self { status: "answered", child: None, seconds: None, bridged: true }
    }

    fn params(&self) -> Vec<(String, String)> {
        let mut params = vec![("DialCallStatus".to_owned(), self.status.to_owned())];
        if let Some(child) = &self.child {
            params.push(("DialCallSid".to_owned(), child.clone()));
        }
        if let Some(seconds) = self.seconds {
            params.push(("DialCallDuration".to_owned(), seconds.to_string()));
        }
        params.push(("DialBridged".to_owned(), self.bridged.to_string()));
        params
    }
}

impl Engine {
    pub(super) fn dial(&mut self, sid: &str, dial: Dial, first: bool) {
        let conference = dial.nouns.iter().find_map(|noun| match noun {
            Noun::Conference(room) => Some(room.clone()),
            _ => None,
        });
        let keeps_ringing = dial.answer_on_bridge && first && conference.is_none();
        if !keeps_ringing {
            self.answer(sid);
        }
        if let Some(room) = conference {
            return self.dial_conference(sid, dial, &room);
        }
        let odd = dial.nouns.iter().find_map(|noun| match noun {
            Noun::Unsupported(name) => Some(format!("<{name}> in <Dial> is not supported here")),
            _ => None,
        });
        if odd.is_some() || dial.nouns.is_empty() || dial.nouns.len() > NOUNS {
            let message = odd.unwrap_or_else(|| format!("Dial takes 1 to {NOUNS} nouns, not {}", dial.nouns.len()));
            self.notice(0, message, sid, None);
            return self.dial_over(sid, dial, &Outcome::failed());
        }
        let mut waiting: VecDeque<Noun> = dial.nouns.clone().into();
        let now: Vec<Noun> =
            if dial.sequential { waiting.pop_front().into_iter().collect() } else { waiting.drain(..).collect() };
        if let Some(call) = self.calls.get_mut(sid) {
            call.enter(Activity::Dialing(Box::new(Dialing {
                dial,
                waiting,
                children: Vec::new(),
                winner: None,
                bridged: false,
            })));
        }
        let mut children = Vec::new();
        for noun in &now {
            children.extend(self.child(sid, noun));
        }
        match self.dialing(sid) {
            Some(dialing) if !children.is_empty() => dialing.children.clone_from(&children),
            _ => return self.stop_dialing(sid, &Outcome::failed()),
        }
        // These are never queued.
        for child in children {
            self.launch(&child);
        }
    }

    /// Makes the leg for a noun; `None` if the caller may not be shown there as the TwiML wants.
    fn child(&mut self, sid: &str, noun: &Noun) -> Option<String> {
        let (target, to) = match noun {
            Noun::Number(target) => (target, target.name.clone()),
            Noun::Client(target) => (target, format!("client:{}", target.name)),
            Noun::Conference(_) | Noun::Unsupported(_) => return None,
        };
        let parent = self.calls.get(sid)?;
        let dial = match &parent.activity {
            Activity::Dialing(dialing) => &dialing.dial,
            _ => return None,
        };
        let from = dial.caller_id.clone().unwrap_or_else(|| parent.from.clone());
        let owned = self.directory.numbers.get(&from).is_some_and(|number| number.account == parent.account);
        let ours = from == parent.from || from == parent.to || owned;
        let client = from.starts_with("client:");
        let allowed = if to.starts_with("client:") { ours || client } else { ours && !client };
        if !allowed {
            self.notice(13214, format!("Dial: Invalid callerId value: {from}"), sid, None);
            return None;
        }
        let base = parent.run.as_ref().and_then(|run| run.base.as_ref());
        let Target { screen, status, events, params, .. } = target.clone();
        let leg = Leg {
            account: parent.account.clone(),
            from,
            to,
            direction: Direction::OutboundDial,
            parent: Some(sid.to_owned()),
            params,
            plan: Plan::Bridge { screen: screen.map(|hook| resolve(base, &hook)) },
            ring_seconds: dial.timeout,
            time_limit: None,
            callback: status.map(|hook| Callback { hook: resolve(base, &hook), events }),
            fallback: None,
            queue_ms: 0,
        };
        Some(self.place(leg))
    }

    fn dial_conference(&mut self, sid: &str, dial: Dial, room: &Room) {
        let Some(call) = self.calls.get(sid) else { return };
        let base = call.run.as_ref().and_then(|run| run.base.as_ref());
        let join = Join::from_room(room, |hook| resolve(base, hook));
        let limit = self.scaled(Millis::from(dial.time_limit) * 1000);
        match self.meet(sid, join, Some(Box::new(dial.clone()))) {
            Ok(()) => {
                if let Some(call) = self.calls.get(sid) {
                    let epoch = call.epoch;
                    self.after(limit, Timer::Verb { call: sid.to_owned(), epoch });
                }
            }
            Err(refusal) => {
                self.notice(refusal.twiml_code(), refusal.to_string(), sid, None);
                match refusal {
                    // Twilio goes on with the next verb, not with the action.
                    Refusal::LabelTaken | Refusal::LabelInvalid => self.step(sid),
                    Refusal::Full | Refusal::CoachAbsent => self.dial_over(sid, dial, &Outcome::failed()),
                }
            }
        }
    }

    /// A dialled leg answered: it wins, the others stop ringing.
    pub(super) fn child_answered(&mut self, child: &str, screen: Option<&Hook>) {
        let Some(parent) = self.calls.get(child).and_then(|call| call.parent.clone()) else { return };
        let Some(dialing) = self.dialing(&parent) else { return self.end(child, Status::Completed) };
        dialing.winner = Some(child.to_owned());
        dialing.waiting.clear();
        let losers: Vec<String> = dialing.children.extract_if(.., |one| one != child).collect();
        for loser in losers {
            self.end(&loser, Status::Canceled);
        }
        match screen {
            Some(hook) => self.load(child, hook, Vec::new(), true),
            None => self.screened(child),
        }
    }

    /// A dialled leg is ready: both sides are connected.
    pub(super) fn screened(&mut self, child: &str) {
        let Some(parent) = self.calls.get(child).and_then(|call| call.parent.clone()) else { return };
        let Some(dialing) = self.dialing(&parent) else { return self.end(child, Status::Completed) };
        dialing.bridged = true;
        let limit = Millis::from(dialing.dial.time_limit) * 1000;
        if let Some(call) = self.calls.get_mut(child) {
            call.run = None;
            call.enter(Activity::Bridged);
        }
        self.answer(&parent);
        if let Some(call) = self.calls.get(&parent) {
            let epoch = call.epoch;
            self.after(self.scaled(limit), Timer::Verb { call: parent.clone(), epoch });
        }
        self.has_company(&parent);
        self.has_company(child);
    }

    /// A dialled leg is over: the next one rings, or the `<Dial>` is over too.
    pub(super) fn child_over(&mut self, parent: &str, child: &str) {
        let Some(ended) = self.calls.get(child) else { return };
        let (status, seconds) = (ended.status, ended.seconds(self.now));
        let Some(dialing) = self.dialing(parent) else { return };
        let before = dialing.children.len();
        dialing.children.retain(|one| one != child);
        if dialing.children.len() == before || !dialing.children.is_empty() {
            return;
        }
        if let Some(next) = dialing.waiting.pop_front() {
            if let Some(next) = self.child(parent, &next) {
                if let Some(dialing) = self.dialing(parent) {
                    dialing.children.push(next.clone());
                }
                self.launch(&next);
            } else {
                self.stop_dialing(parent, &Outcome::failed());
            }
            return;
        }
        let answered = dialing.winner.is_some();
        let outcome = Outcome {
            status: status.as_str(),
            child: Some(child.to_owned()),
            seconds: Some(if answered { seconds } else { 0 }),
            bridged: dialing.bridged,
        };
        self.stop_dialing(parent, &outcome);
    }

    /// A dialled leg got TwiML of its own: the `<Dial>` is over for the caller, whose document goes on.
    pub(super) fn child_taken(&mut self, child: &str) {
        let Some(parent) = self.calls.get(child).and_then(|call| call.parent.clone()) else { return };
        let Some(dialing) = self.dialing(&parent) else { return };
        if dialing.children.iter().any(|one| one == child) {
            let bridged = dialing.bridged;
            dialing.children.retain(|one| one != child);
            let outcome = Outcome { status: "completed", child: Some(child.to_owned()), seconds: None, bridged };
            self.stop_dialing(&parent, &outcome);
        }
    }

    /// `timeLimit` was reached.
    pub(super) fn dial_limit(&mut self, sid: &str) {
        self.star(sid);
    }

    /// The caller leaves the `<Dial>` and goes on with the document (`hangupOnStar`).
    pub(super) fn star(&mut self, sid: &str) {
        let Some(call) = self.calls.get_mut(sid) else { return };
        let (_, activity) = call.enter(Activity::Idle);
        match activity {
            Activity::Dialing(dialing) => {
                let seconds = dialing.winner.as_deref().and_then(|w| self.calls.get(w)).map(|w| w.seconds(self.now));
                let outcome =
                    Outcome { status: "completed", child: dialing.winner.clone(), seconds, bridged: dialing.bridged };
                self.end_children(&dialing.children);
                self.dial_over(sid, dialing.dial, &outcome);
            }
            Activity::Meeting { conference, dial } => {
                self.leave(sid, &conference, Left::HungUp, false);
                if let Some(dial) = dial {
                    self.dial_over(sid, *dial, &Outcome::conference());
                }
            }
            _ => {}
        }
    }

    fn stop_dialing(&mut self, sid: &str, outcome: &Outcome) {
        let Some(call) = self.calls.get_mut(sid) else { return };
        let (_, activity) = call.enter(Activity::Idle);
        if let Activity::Dialing(dialing) = activity {
            self.end_children(&dialing.children);
            self.dial_over(sid, dialing.dial, outcome);
        }
    }

    fn end_children(&mut self, children: &[String]) {
        for child in children {
            let answered = self.calls.get(child).is_some_and(|call| call.answered.is_some());
            self.end(child, if answered { Status::Completed } else { Status::Canceled });
        }
    }

    /// A `<Dial>` is over: its action tells how to go on, or the next verb does.
    pub(super) fn dial_over(&mut self, sid: &str, dial: Dial, outcome: &Outcome) {
        match dial.action {
            Some(action) => self.load(sid, &action, outcome.params(), false),
            None => self.step(sid),
        }
    }

    /// Stops what a leg is busy with, because it ended or got new TwiML. A `<Dial>`'s action is then requested in vain;
    /// without an action, and when the leg lives on, the URL of a `<Redirect>` that comes next is.
    pub(super) fn stop(&mut self, sid: &str, activity: Activity, left: Left, ask: bool) {
        let (dial, outcome) = match activity {
            Activity::Dialing(dialing) => {
                let child = dialing.winner.clone();
                self.end_children(&dialing.children);
                let seconds = child.as_deref().and_then(|w| self.calls.get(w)).map(|w| w.seconds(self.now));
                let status = if child.is_some() { "completed" } else { "canceled" };
                (dialing.dial, Outcome { status, child, seconds, bridged: dialing.bridged })
            }
            Activity::Meeting { conference, dial } => {
                self.leave(sid, &conference, left, false);
                let Some(dial) = dial else { return };
                (*dial, Outcome::conference())
            }
            Activity::Recording(taking) => return self.take_broke_off(sid, *taking),
            Activity::Idle | Activity::Fetching | Activity::Talking | Activity::Gathering(_) | Activity::Bridged => {
                return;
            }
        };
        let Some(call) = self.calls.get(sid).filter(|_| ask) else { return };
        let run = call.run.as_ref();
        let base = run.and_then(|run| run.base.as_ref());
        let next = match run.and_then(|run| run.verbs.front()) {
            Some(Verb::Redirect { url: Some(url), method }) if call.ended.is_none() => {
                Some(Hook { url: url.clone(), method: *method })
            }
            _ => None,
        };
        let (hook, extra) = match (dial.action, next) {
            (Some(action), _) => (resolve(base, &action), outcome.params()),
            (None, Some(next)) => (resolve(base, &next), Vec::new()),
            (None, None) => return,
        };
        self.ask(sid, &hook, extra, Purpose::Ghost);
    }

    fn dialing(&mut self, sid: &str) -> Option<&mut Dialing> {
        match &mut self.calls.get_mut(sid)?.activity {
            Activity::Dialing(dialing) => Some(dialing),
            _ => None,
        }
    }
}

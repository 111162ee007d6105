//! The life of a leg: placed, ringing, answered, over; and the status callbacks on the way.

use super::{
    Action, Activity, Answers, Call, Callback, Deed, Engine, Hook, News, Plan, Progress, Script, Sends, Status, Timer,
    call::{Direction, Far},
    params,
    words::Left,
};
use crate::time::Millis;

/// Twilio adds this to every time for which it lets a phone ring.
const RING_BUFFER_SECONDS: u32 = 5;

/// A leg to be placed.
#[derive(Debug)]
pub(super) struct Leg {
    pub(super) account: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) direction: Direction,
    pub(super) parent: Option<String>,
    pub(super) params: Vec<(String, String)>,
    pub(super) plan: Plan,
    pub(super) ring_seconds: u32,
    pub(super) time_limit: Option<u32>,
    pub(super) callback: Option<Callback>,
    pub(super) fallback: Option<Hook>,
    pub(super) queue_ms: Millis,
}

impl Engine {
    /// Makes a leg and lets it wait for its turn.
    pub(super) fn place(&mut self, leg: Leg) -> String {
        let sid = self.sid("CA");
        let call = Call {
            sid: sid.clone(),
            account: leg.account,
            from: leg.from,
            to: leg.to,
            name: None,
            direction: leg.direction,
            parent: leg.parent,
            number_sid: None,
            status: Status::Queued,
            created: self.now,
            updated: self.now,
            answered: None,
            ended: None,
            queue_ms: leg.queue_ms,
            ring_seconds: leg.ring_seconds,
            time_limit: leg.time_limit,
            callback: leg.callback,
            fallback: leg.fallback,
            sequence: 0,
            far: Far::Endpoint,
            sends: Sends::default(),
            piece: None,
            application: None,
            params: leg.params,
            leaves_after: None,
            declined: false,
            pressed: String::new(),
            plan: Some(leg.plan),
            run: None,
            activity: Activity::Idle,
            epoch: 0,
            token: None,
        };
        self.calls.insert(sid.clone(), call);
        let wait = self.scaled(leg.queue_ms);
        self.after(wait, Timer::Launch(sid.clone()));
        sid
    }

    /// The script of the far end of a leg, if it is scripted.
    fn script(&self, call: &Call) -> Script {
        match call.to.strip_prefix("client:") {
            Some(identity) => self
                .directory
                .clients
                .get(identity)
                .cloned()
                .unwrap_or(Script { answers: Answers::Unregistered, ..Script::default() }),
            None => self.directory.phones.get(&call.to).cloned().unwrap_or_default(),
        }
    }

    /// A leg's turn has come: the far end is rung.
    pub(super) fn launch(&mut self, sid: &str) {
        let Some(call) = self.calls.get(sid).filter(|call| call.status == Status::Queued) else { return };
        let number = self.directory.numbers.get(&call.to).cloned();
        let real = call
            .to
            .strip_prefix("client:")
            .is_some_and(|identity| self.directory.registered.contains(&(call.account.clone(), identity.to_owned())));
        let (from, script, client) = (call.from.clone(), self.script(call), call.to.starts_with("client:"));
        // An account may have been suspended since: calls that are in progress go on, and can call nobody any more.
        let works = self.is_active(&call.account);
        let ring = self.scaled(Millis::from(call.ring_seconds + RING_BUFFER_SECONDS) * 1000);
        self.report(sid, Progress::Initiated);
        if let Some(call) = self.calls.get_mut(sid) {
            call.status = Status::Ringing;
            call.updated = self.now;
        }
        if !works {
            self.notice(10001, "Account is not active", sid, None);
            self.end(sid, Status::Failed);
            return;
        }
        if number.is_none() && !real && script.answers == Answers::Unregistered {
            // To a number that nobody has there is no way.
            self.end(sid, if client { self.quirks.unregistered_client } else { Status::Failed });
            return;
        }
        if let Some(call) = self.calls.get_mut(sid) {
            call.leaves_after = script.hangs_up_after_answer_ms.filter(|_| number.is_none() && !real);
            call.far = if real { Far::Client } else { Far::Endpoint };
        }
        self.report(sid, Progress::Ringing);
        self.after(ring, Timer::RingOut(sid.to_owned()));
        if let Some(number) = number {
            let arrival = self.arrival(&number, from, Far::Leg(sid.to_owned()));
            let peer = self.arrive(arrival);
            if let Some(call) = self.calls.get_mut(sid) {
                call.far = Far::Leg(peer);
            }
            return;
        }
        if real {
            self.tell(sid, News::Rings);
            return;
        }
        let deed = match script.answers {
            Answers::AfterMs => Deed::Answers,
            Answers::Rejects => Deed::Rejects,
            Answers::Busy => Deed::IsBusy,
            Answers::Never | Answers::Unregistered => return,
        };
        self.after(script.after_ms.into(), Timer::Far(sid.to_owned(), deed));
    }

    pub(super) fn ring_out(&mut self, sid: &str) {
        if self.calls.get(sid).is_some_and(|call| call.status == Status::Ringing) {
            self.end(sid, Status::NoAnswer);
        }
    }

    /// The far end of an outbound leg answered: it goes on as planned.
    pub(super) fn answered(&mut self, sid: &str) {
        let Some(call) = self.calls.get_mut(sid) else { return };
        call.status = Status::InProgress;
        call.answered = Some(self.now);
        call.updated = self.now;
        let plan = call.plan.take();
        let limit = call.time_limit;
        let scripted = call.far == Far::Endpoint;
        self.report(sid, Progress::Answered);
        if let Some(seconds) = limit {
            let ms = self.scaled(Millis::from(seconds) * 1000);
            self.after(ms, Timer::Limit(sid.to_owned()));
        }
        if let Some(script) = self.calls.get(sid).filter(|_| scripted).map(|call| self.script(call)) {
            if let Some(call) = self.calls.get_mut(sid) {
                call.sends = script.sends;
            }
            if let Some(ms) = script.hangs_up_after_ms {
                self.after(ms.into(), Timer::Far(sid.to_owned(), Deed::HangsUp));
            }
            for press in script.digits {
                self.after(press.after_ms.into(), Timer::Far(sid.to_owned(), Deed::Presses(press.digits)));
            }
        }
        match plan {
            Some(Plan::Url(hook)) => self.load(sid, &hook, Vec::new(), false),
            Some(Plan::Twiml(xml)) => self.run_inline(sid, &xml),
            Some(Plan::Join(join)) => self.meet_as_planned(sid, *join),
            Some(Plan::Bridge { screen }) => self.child_answered(sid, screen.as_ref()),
            None => {}
        }
    }

    /// An inbound call is answered by a verb, unless it has been already.
    pub(super) fn answer(&mut self, sid: &str) {
        let Some(call) = self.calls.get_mut(sid) else { return };
        if call.status != Status::Ringing {
            return;
        }
        call.status = Status::InProgress;
        call.answered = Some(self.now);
        call.updated = self.now;
        self.tell(sid, News::Answered);
        if let Some(peer) = self.peer(sid) {
            self.far(&peer, &Deed::Answers);
        }
    }

    /// Tells the far end of a leg something, if it is a real client.
    fn tell(&mut self, sid: &str, news: News) {
        if self.calls.get(sid).is_some_and(|call| call.far == Far::Client) {
            self.actions.push(Action::Tell { call: sid.to_owned(), news });
        }
    }

    /// `TimeLimit` was reached.
    pub(super) fn time_is_up(&mut self, sid: &str) {
        let Some(call) = self.calls.get(sid).filter(|call| call.status == Status::InProgress) else { return };
        // The limit may have been raised since the timer was set.
        let limit = self.scaled(Millis::from(call.time_limit.unwrap_or(u32::MAX)) * 1000);
        if call.answered.is_some_and(|from| self.now - from >= limit) {
            self.end(sid, Status::Completed);
        }
    }

    /// A leg is over.
    pub(super) fn end(&mut self, sid: &str, status: Status) {
        self.end_as(sid, status, Left::HungUp);
    }

    /// A leg is over, and `left` is why it leaves a conference that it may be in.
    pub(super) fn end_as(&mut self, sid: &str, status: Status, left: Left) {
        let Some(call) = self.calls.get_mut(sid).filter(|call| !call.status.ended()) else { return };
        let never_left_the_queue = call.status == Status::Queued;
        call.status = status;
        call.ended = Some(self.now);
        call.updated = self.now;
        let parent = call.parent.clone();
        let plan = call.plan.take();
        let (_, activity) = call.enter(Activity::Idle);
        self.tell(sid, News::Over(status));
        self.stop(sid, activity, left, self.quirks.dial_action_after_hangup);
        if let Some(call) = self.calls.get_mut(sid) {
            call.run = None;
        }
        if let Some(Plan::Join(join)) = plan {
            self.add_failed(sid, &join);
        }
        if !never_left_the_queue {
            self.report(sid, Progress::Completed);
        }
        if let Some(peer) = self.peer(sid) {
            let rings =
                self.calls.get(&peer).is_some_and(|p| p.status == Status::Ringing && p.direction != Direction::Inbound);
            if rings {
                self.end(&peer, if status == Status::Completed { Status::NoAnswer } else { status });
            } else {
                self.far(&peer, &Deed::HangsUp);
            }
        }
        if let Some(parent) = parent {
            self.child_over(&parent, sid);
        }
    }

    /// Sends a status callback if it was asked for.
    pub(super) fn report(&mut self, sid: &str, step: Progress) {
        let Some(call) = self.calls.get(sid) else { return };
        let Some(callback) = call.callback.as_ref().filter(|c| c.events.iter().any(|e| e == step.as_str())) else {
            return;
        };
        let status = match step {
            Progress::Initiated => "initiated",
            Progress::Ringing => "ringing",
            Progress::Answered => "in-progress",
            Progress::Completed => call.status.as_str(),
        };
        let params = params::progress(call, status, self.quirks.declined_sip_code, self.now);
        let request = self.request(&call.account, sid, &callback.hook, params.0);
        self.actions.push(super::Action::Notify(request));
        if let Some(call) = self.calls.get_mut(sid) {
            call.sequence += 1;
        }
    }
}

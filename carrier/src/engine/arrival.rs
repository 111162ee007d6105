//! Calls that come in: from outside, from a client, or from another leg of this network.

use super::{
    Activity, Behaviour, Call, Callback, Deed, Engine, Hook, Sends, Status, Timer,
    call::{Direction, Far},
};

/// Somebody outside calls.
#[derive(Debug)]
pub(crate) struct InboundCall {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) name: Option<String>,
    pub(crate) behaviour: Behaviour,
    /// [`Far::Caller`], or [`Far::Client`] for the test phone.
    pub(crate) far: Far,
}

/// A call on its way in.
#[derive(Debug)]
pub(super) struct Arrival {
    pub(super) account: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) name: Option<String>,
    pub(super) far: Far,
    pub(super) token: Option<String>,
    pub(super) number_sid: Option<String>,
    pub(super) application: Option<String>,
    pub(super) voice: Option<Hook>,
    pub(super) fallback: Option<Hook>,
    pub(super) status: Option<Hook>,
    /// What is said to the voice URL besides.
    pub(super) extra: Vec<(String, String)>,
}

impl Engine {
    /// Somebody outside calls a number. `None` if nobody has it.
    pub(crate) fn call_in(&mut self, call: InboundCall) -> Option<String> {
        let number = self.directory.numbers.get(&call.to)?.clone();
        let name = call.name.filter(|_| self.looks_up_names(&number));
        let token = Some(self.sid("CT"));
        let arrival = Arrival { name, token, ..self.arrival(&number, call.from, call.far) };
        let sid = self.arrive(arrival);
        let behaviour = call.behaviour;
        if let Some(call) = self.calls.get_mut(&sid) {
            call.leaves_after = behaviour.hangs_up_after_answer_ms;
            call.sends = behaviour.sends;
        }
        if let Some(ms) = behaviour.hangs_up_after_ms {
            self.after(ms.into(), Timer::Far(sid.clone(), Deed::HangsUp));
        }
        for press in behaviour.digits {
            self.after(press.after_ms.into(), Timer::Far(sid.clone(), Deed::Presses(press.digits)));
        }
        Some(sid)
    }

    /// A call comes in: its webhook is asked what to do. Without one, or on an account that does not work, the call fails
    /// at once.
    pub(super) fn arrive(&mut self, arrival: Arrival) -> String {
        let sid = self.sid("CA");
        let works = self.is_active(&arrival.account);
        let call = Call {
            sid: sid.clone(),
            account: arrival.account,
            from: arrival.from,
            to: arrival.to,
            name: arrival.name,
            direction: Direction::Inbound,
            parent: None,
            number_sid: arrival.number_sid,
            status: Status::Ringing,
            created: self.now,
            updated: self.now,
            answered: None,
            ended: None,
            queue_ms: 0,
            ring_seconds: 0,
            time_limit: None,
            callback: arrival
                .status
                .filter(|_| works)
                .map(|hook| Callback { hook, events: vec!["completed".to_owned()] }),
            fallback: arrival.fallback,
            sequence: 0,
            far: arrival.far,
            sends: Sends::default(),
            piece: None,
            application: arrival.application,
            params: Vec::new(),
            leaves_after: None,
            declined: false,
            pressed: String::new(),
            plan: None,
            run: None,
            activity: Activity::Idle,
            epoch: 0,
            token: arrival.token,
        };
        self.calls.insert(sid.clone(), call);
        if let Some(voice) = arrival.voice.filter(|_| works) {
            self.load(&sid, &voice, arrival.extra, false);
            return sid;
        }
        if !works {
            self.notice(10003, "Incoming call rejected due to inactive account", &sid, None);
        }
        self.end(&sid, Status::Failed);
        sid
    }
}

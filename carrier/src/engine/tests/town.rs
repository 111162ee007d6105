//! A small town with a telephone network: webhooks answer from a list of pages, and time is told.

use std::collections::HashMap;

use super::super::*;
use crate::{
    engine::run::{Failure, Reply},
    twiml::Method,
};

pub(super) const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub(super) const NUMBER: &str = "+40312345678";
pub(super) const CALLER: &str = "+40722111222";

/// The engine, its clock, and the world around it.
pub(super) struct Town {
    pub(super) engine: Engine,
    pub(super) now: Millis,
    /// What webhooks answer, by URL; other URLs answer with 404.
    pages: HashMap<String, String>,
    /// Every status callback, in order.
    pub(super) callbacks: Vec<Request>,
    /// Every request for TwiML, in order.
    pub(super) fetches: Vec<Request>,
}

impl Town {
    /// One account with one number, whose calls are answered with that TwiML.
    pub(super) fn new(voice: &str) -> Self {
        Self::with_quirks(voice, Quirks::default())
    }

    pub(super) fn with_quirks(voice: &str, quirks: Quirks) -> Self {
        let mut engine = Engine::new(0, quirks, Pace { speed: 1, cps: 1000 }, Some(1));
        engine.put_account(ACCOUNT, "token".to_owned(), std::collections::BTreeMap::new());
        let hooks = &mut engine.put_number(ACCOUNT, NUMBER).hooks;
        hooks.voice.url = "http://app/voice".to_owned();
        hooks.status.url = "http://app/status".to_owned();
        let mut town = Self { engine, now: 0, pages: HashMap::new(), callbacks: Vec::new(), fetches: Vec::new() };
        town.page("http://app/voice", voice);
        town
    }

    /// From now on a URL answers with this TwiML (the inside of `<Response>`).
    pub(super) fn page(&mut self, url: &str, inside: &str) {
        self.pages.insert(url.to_owned(), format!("<Response>{inside}</Response>"));
    }

    /// A client that takes calls as the script says.
    pub(super) fn client(&mut self, identity: &str, answers: Answers) {
        let script = Script { answers, after_ms: 100, ..Script::default() };
        self.engine.directory.clients.insert(identity.to_owned(), script);
    }

    /// Somebody calls the number.
    pub(super) fn call(&mut self) -> String {
        self.call_with(Behaviour::default())
    }

    pub(super) fn call_with(&mut self, behaviour: Behaviour) -> String {
        let call =
            InboundCall { from: CALLER.to_owned(), to: NUMBER.to_owned(), name: None, behaviour, far: Far::Caller };
        let sid = self.engine.call_in(call).expect("the number exists");
        self.settle();
        sid
    }

    pub(super) fn hang_up(&mut self, sid: &str) {
        self.does(sid, &Deed::HangsUp);
    }

    pub(super) fn does(&mut self, sid: &str, deed: &Deed) {
        self.engine.far(sid, deed);
        self.settle();
    }

    /// Lets time pass, with everything that happens meanwhile.
    pub(super) fn wait(&mut self, ms: Millis) {
        let end = self.now + ms;
        while let Some(at) = self.engine.next_deadline().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.engine.advance(self.now);
            self.settle();
        }
        self.now = end;
        self.engine.advance(end);
        self.settle();
    }

    /// Answers webhooks until none is left.
    pub(super) fn settle(&mut self) {
        loop {
            let actions = self.engine.take_actions();
            if actions.is_empty() {
                return;
            }
            for action in actions {
                match action {
                    Action::Tell { .. } | Action::Press { .. } => {}
                    Action::Notify(request) => self.callbacks.push(request),
                    Action::Fetch { ticket, request } => {
                        let answer = self.answer(&request);
                        self.fetches.push(request);
                        self.engine.fetched(ticket, answer);
                    }
                }
            }
        }
    }

    fn answer(&self, request: &Request) -> Result<Reply, Failure> {
        match self.pages.get(&request.url) {
            Some(body) => {
                Ok(Reply { content_type: Some("text/xml".to_owned()), body: body.clone(), url: request.url.clone() })
            }
            None => Err(Failure { code: 11200, message: "Got HTTP 404 response".to_owned() }),
        }
    }

    /// A call through REST.
    pub(super) fn outbound(to: &str) -> Outbound {
        Outbound {
            account: ACCOUNT.to_owned(),
            from: NUMBER.to_owned(),
            to: Destination::read(to).expect("a destination"),
            caller_id: None,
            ring_seconds: 60,
            time_limit: None,
            callback: Some(Callback {
                hook: Hook { url: "http://app/leg".to_owned(), method: Method::Post },
                events: ["initiated", "ringing", "answered", "completed"].map(str::to_owned).to_vec(),
            }),
            fallback: None,
        }
    }

    pub(super) fn join(name: &str) -> Join {
        Join {
            name: name.to_owned(),
            expected_in: None,
            label: None,
            muted: false,
            start_on_enter: true,
            end_on_exit: false,
            wait: None,
            max: 250,
            coaching: false,
            coach: None,
            early_media: true,
            callback: None,
        }
    }

    /// Adds a participant through REST and gives the SID of its call.
    pub(super) fn add(&mut self, conference: &str, to: &str, label: Option<&str>) -> Result<String, ApiError> {
        let join = Join { label: label.map(str::to_owned), ..Self::join(conference) };
        let view = self.engine.add_participant(conference, Self::outbound(to), join)?;
        self.settle();
        Ok(view.call)
    }

    pub(super) fn update(&mut self, sid: &str, update: CallUpdate) -> Result<(), ApiError> {
        let done = self.engine.update_call(sid, update);
        self.settle();
        done
    }

    pub(super) fn redirect(&mut self, sid: &str, url: &str) {
        let url = Some(Hook { url: url.to_owned(), method: Method::Post });
        self.update(sid, CallUpdate { url, ..CallUpdate::default() }).expect("a live call");
    }

    pub(super) fn complete(&mut self, sid: &str) -> Result<(), ApiError> {
        self.update(sid, CallUpdate { status: Some(Status::Completed), ..CallUpdate::default() })
    }

    pub(super) fn change(
        &mut self,
        conference: &str,
        key: &str,
        update: MemberUpdate,
    ) -> Result<ParticipantView, ApiError> {
        let sid = self.conference(conference);
        let done = self.engine.update_participant(ACCOUNT, &sid, key, update);
        self.settle();
        done
    }

    pub(super) fn kick(&mut self, conference: &str, key: &str) {
        let sid = self.conference(conference);
        self.engine.kick(ACCOUNT, &sid, key).expect("a participant");
        self.settle();
    }

    /// The SID of the newest conference of that name.
    pub(super) fn conference(&self, name: &str) -> String {
        self.engine.conferences.newest().find(|c| c.name == name).map(|c| c.sid.clone()).expect("a conference")
    }

    pub(super) fn status(&self, sid: &str) -> &'static str {
        self.engine.calls.get(sid).expect("a call").status.as_str()
    }

    /// Who is in a conference, by label or else `-`.
    pub(super) fn inside(&self, name: &str) -> Vec<String> {
        let sid = self.conference(name);
        let members = &self.engine.conferences.get(&sid).expect("a conference").members;
        members.iter().filter(|m| m.connected).map(|m| m.label.clone().unwrap_or_else(|| "-".to_owned())).collect()
    }

    /// The events of conferences, each with the reason if it has one, and forgets them.
    pub(super) fn events(&mut self) -> Vec<String> {
        let told = self.callbacks.extract_if(.., |request| value(request, "StatusCallbackEvent").is_some());
        told.map(|request| {
            let event = value(&request, "StatusCallbackEvent").unwrap_or_default();
            let label = value(&request, "ParticipantLabel").map(|label| format!(" {label}")).unwrap_or_default();
            let why = value(&request, "ReasonParticipantLeft").or(value(&request, "ReasonConferenceEnded"));
            format!("{event}{label}{}", why.map(|why| format!(": {why}")).unwrap_or_default())
        })
        .collect()
    }

    /// The paths that were asked for TwiML, and forgets them.
    pub(super) fn asked(&mut self) -> Vec<String> {
        self.fetches.drain(..).map(|request| request.url.replace("http://app", "")).collect()
    }

    pub(super) fn codes(&self) -> Vec<u32> {
        self.engine.notices.iter().map(|notice| notice.code).collect()
    }
}

/// A parameter of a webhook.
pub(super) fn value<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The TwiML that brings somebody into a conference.
pub(super) fn room(name: &str, attributes: &str) -> String {
    format!(
        r#"<Dial action="/done"><Conference statusCallback="/events"
             statusCallbackEvent="start end join leave mute hold modify announcement" {attributes}>{name}</Conference></Dial>"#
    )
}

//! A floor with everyone on it, and its log.

use switchyard::{
    agent::{Presence, Profile, Role},
    call::{Caller, Line, Place},
    floor::{Command, Floor, Intent, LegNews, Outcome, Recorded, Refusal, Settings},
    id::{AgentId, CallId, LegId},
    time::Timestamp,
    webhooks::Message,
};

pub(crate) const AGENTS: [&str; 4] = ["ana", "mihai", "elena", "cristina"];
pub(crate) const CALLS: [&str; 4] = ["CA1", "CA2", "CA3", "CA4"];

/// The numbers that callers call.
pub(crate) const BOOKINGS: &str = "+40312345678";
pub(crate) const DESK: &str = "+40312345679";

pub(crate) fn profile(id: &str) -> Profile {
    let role = if id == "cristina" { Role::Supervisor } else { Role::Agent };
    Profile { id: id.into(), name: id.to_owned(), extension: "101".into(), role }
}

/// A floor with everyone on it, and its log.
pub(crate) struct History {
    pub(crate) floor: Floor,
    pub(crate) log: Vec<Recorded>,
    /// What was told elsewhere.
    pub(crate) messages: Vec<Message>,
    pub(crate) now: Timestamp,
}

impl History {
    pub(crate) fn opened(presence: Presence) -> Self {
        let mut history =
            Self { floor: Floor::default(), log: Vec::new(), messages: Vec::new(), now: Timestamp(1_000_000) };
        let settings = Settings { slots: 3, ..Settings::default() };
        history.send(&Command::Configure(settings)).unwrap();
        for id in AGENTS {
            history.send(&Command::Seat(profile(id))).unwrap();
            history.ask(id, Intent::SetPresence { agent: id.into(), presence }).unwrap();
        }
        history
    }

    pub(crate) fn send(&mut self, command: &Command) -> Result<Outcome, Refusal> {
        let outcome = self.floor.handle(command, self.now)?;
        self.log.extend(outcome.events.iter().cloned());
        self.messages.extend(outcome.messages.iter().cloned());
        Ok(outcome)
    }

    pub(crate) fn ask(&mut self, by: &str, intent: Intent) -> Result<Outcome, Refusal> {
        self.send(&Command::Ask { by: by.into(), intent })
    }

    pub(crate) fn arrives(&mut self, call: &str) {
        self.arrives_at(call, BOOKINGS);
    }

    pub(crate) fn arrives_at(&mut self, call: &str, number: &str) {
        self.send(&arrival_at(call, number)).unwrap();
        self.send(&Command::ObserveRoom { call: call.into(), room: "CF1".into() }).unwrap();
    }

    pub(crate) fn leg(&mut self, call: &str, leg: u32, news: LegNews) -> Outcome {
        self.send(&leg_news(call, leg, news)).unwrap()
    }

    pub(crate) fn place(&self, call: &str) -> Place {
        self.floor.calls[&CallId::from(call)].place.clone()
    }
}

pub(crate) fn arrival(call: &str) -> Command {
    arrival_at(call, BOOKINGS)
}

pub(crate) fn arrival_at(call: &str, number: &str) -> Command {
    Command::ObserveCall {
        call: call.into(),
        caller: Caller { number: "+40722111222".into(), name: None },
        line: Line { number: number.into(), label: "Bookings".into() },
    }
}

pub(crate) fn closed(call: &str) -> Command {
    let caller = Caller { number: "+40722111222".into(), name: None };
    Command::ObserveClosed {
        call: call.into(),
        caller,
        line: Line { number: BOOKINGS.into(), label: "Bookings".into() },
    }
}

pub(crate) fn dial(call: &str, by: AgentId) -> Command {
    Command::Dial {
        call: call.into(),
        by,
        to: Caller { number: "+40733222111".into(), name: None },
        colleague: None,
        line: Line { number: "+40312345678".into(), label: "Bookings".into() },
    }
}

pub(crate) fn call_colleague(call: &str, by: AgentId, whom: AgentId) -> Command {
    Command::Dial {
        call: call.into(),
        by,
        to: Caller { number: "101".into(), name: Some(whom.to_string()) },
        colleague: Some(whom),
        line: Line { number: "+40312345678".into(), label: "Bookings".into() },
    }
}

pub(crate) fn add(call: &str, by: AgentId, number: &str) -> Command {
    Command::Add {
        call: call.into(),
        by,
        to: Caller { number: number.into(), name: None },
        line: Line { number: DESK.into(), label: "Front desk".into() },
    }
}

pub(crate) fn outside(call: &str, news: LegNews) -> Command {
    Command::ObserveOutside { call: call.into(), news, reference: Some(format!("outside-{call}").into()) }
}

pub(crate) fn leg_news(call: &str, leg: u32, news: LegNews) -> Command {
    Command::ObserveLeg {
        call: call.into(),
        leg: LegId(leg),
        news,
        reference: Some(format!("leg-{call}-{leg}").into()),
    }
}

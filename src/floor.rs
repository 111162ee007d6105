//! The floor of one workspace: everyone on it, every live call, and the rules by which they move.
//!
//! [`Floor::handle`] is the one way in for whoever owns a floor: it decides a command, folds the events, lets the
//! queue ring whom it can, and returns what happened and what the carrier must do about it.

mod command;
mod decide;
mod effect;
mod event;
mod evolve;
mod react;
mod refusal;
mod route;
mod settings;
mod tell;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

pub use self::{
    command::{Command, DeviceNews, Intent, LegNews, Target},
    decide::{ACCEPT_SECS, Way},
    effect::{Effect, EffectKind},
    event::{Event, OfferEnd, Recorded},
    refusal::Refusal,
    settings::Settings,
};
use crate::{
    agent::{Agent, Device, Presence, Status},
    call::{Call, Leg, Place},
    history::CallRecord,
    id::{AgentId, CallId, LegId, LegRef, Slot},
    time::Timestamp,
    webhooks::Message,
};

/// Numbers, E.164, whose calls not everybody answers, each with those who do.
pub type Lines = BTreeMap<String, BTreeSet<AgentId>>;

/// A call that is over, kept for a while so that late observations of it find it and change nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedCall {
    /// What history keeps of it.
    pub record: CallRecord,
    /// Its agents' legs: they are ended too.
    pub legs: Vec<Leg>,
    /// The leg of the person outside, when we called them.
    #[serde(default)]
    pub outside_leg: Option<LegRef>,
    /// Whether a message was left.
    #[serde(default)]
    pub message: bool,
}

/// The state of one workspace's floor: the fold of its events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Floor {
    /// The version of the last event in it; 0 for an empty floor.
    pub version: u64,
    /// How it behaves.
    pub settings: Settings,
    /// Who answers the numbers that not everybody does.
    #[serde(default)]
    pub lines: Lines,
    /// Everyone.
    pub agents: BTreeMap<AgentId, Agent>,
    /// Every live call.
    pub calls: BTreeMap<CallId, Call>,
    /// Calls that ended lately, oldest first.
    pub ended: VecDeque<EndedCall>,
    /// Who placed calls in the last hour, and when, oldest first.
    #[serde(default)]
    pub dials: VecDeque<(AgentId, Timestamp)>,
}

/// What came of a command.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// What happened, in order; empty when the command changed nothing.
    pub events: Vec<Recorded>,
    /// What the carrier must do, in order.
    pub effects: Vec<Effect>,
    /// Rows of the history to write, or to write again.
    pub records: Vec<CallRecord>,
    /// What programs elsewhere are told, in order.
    pub messages: Vec<Message>,
}

impl Floor {
    /// Carries out a command: decides it, folds what happened, lets the queue go on.
    ///
    /// # Errors
    /// The floor refuses, and nothing has changed.
    pub fn handle(&mut self, command: &Command, now: Timestamp) -> Result<Outcome, Refusal> {
        let mut outcome = Outcome::default();
        let decided = self.decide(command, now)?;
        self.record(decided, Some(command), now, &mut outcome);
        let routed = self.route(now);
        self.record(routed, None, now, &mut outcome);
        let unanswered = self.to_voicemail(now);
        self.record(unanswered, None, now, &mut outcome);
        Ok(outcome)
    }

    fn record(&mut self, events: Vec<Event>, command: Option<&Command>, at: Timestamp, outcome: &mut Outcome) {
        let mut events = events.into_iter();
        while let Some(event) = events.next() {
            let recorded = Recorded { version: self.version + 1, at, event };
            let notable = self.notable(&recorded.event, command, events.as_slice());
            self.evolve(&recorded);
            outcome.messages.extend(notable.and_then(|notable| self.tell(notable, &recorded)));
            outcome.effects.extend(self.react(&recorded.event));
            outcome.records.extend(self.history(&recorded.event));
            outcome.events.push(recorded);
        }
    }

    fn history(&self, event: &Event) -> Option<CallRecord> {
        match event {
            Event::Ended { call, .. }
            | Event::TurnedAway { call, .. }
            | Event::AnswerNoted { call, .. }
            | Event::MessageLeft { call, .. } => self.ended(call).map(|ended| ended.record.clone()),
            _ => None,
        }
    }

    /// What an agent is doing. `None` when nobody has this id.
    pub fn status(&self, agent: &AgentId) -> Option<Status> {
        let record = self.agents.get(agent)?;
        let mut ringing = false;
        for call in self.calls.values() {
            if call.is_in(agent) {
                return Some(Status::OnCall);
            }
            ringing |= call.rings_at(agent);
        }
        Some(match record.presence {
            _ if ringing => Status::Ringing,
            _ if matches!(record.device, Device::Gone { .. }) => Status::Offline,
            Presence::Offline => Status::Offline,
            _ if record.wrap_up_until.is_some() => Status::WrapUp,
            Presence::Available => Status::Available,
            Presence::Away => Status::Away,
        })
    }

    /// Whether the queue rings this agent for calls of a number.
    pub fn answers(&self, agent: &AgentId, number: &str) -> bool {
        self.lines.get(number).is_none_or(|agents| agents.contains(agent))
    }

    /// Who has this extension.
    pub fn by_extension(&self, extension: &str) -> Option<&Agent> {
        self.agents.values().find(|agent| agent.profile.extension == extension)
    }

    /// The call that occupies or has reserved a slot.
    pub fn in_slot(&self, slot: Slot) -> Option<&Call> {
        self.calls.values().find(|call| call.slot() == Some(slot))
    }

    /// Every slot of the lot.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + use<> {
        (1..=self.settings.slots).map(Slot)
    }

    /// The first slot in which a call can be parked.
    pub fn free_slot(&self) -> Option<Slot> {
        self.slots().find(|slot| self.in_slot(*slot).is_none())
    }

    /// Callers in the waiting line, the longest waiting first, those that are ringing at somebody included.
    pub fn waiting(&self) -> Vec<&Call> {
        let mut waiting: Vec<&Call> = self.calls.values().filter(|call| call.place == Place::Queue).collect();
        waiting.sort_by_key(|call| (call.arrived, &call.id));
        waiting
    }

    /// A call that ended lately.
    pub fn ended(&self, call: &CallId) -> Option<&EndedCall> {
        self.ended.iter().rev().find(|ended| ended.record.call == *call)
    }

    /// A leg of a live call or of one that ended lately.
    pub fn leg(&self, call: &CallId, leg: LegId) -> Option<&Leg> {
        match self.calls.get(call) {
            Some(call) => call.leg(leg),
            None => self.ended(call)?.legs.iter().find(|l| l.id == leg),
        }
    }
}

//! What is told of an event: the payload of a message.

use serde::Serialize;
use serde_json::{Value, json};

use super::EventType;
use crate::{
    call::{Call, Direction, Place},
    history::{CallRecord, HungUpBy, Outcome},
    id::{AgentId, CallId, WorkspaceId},
    time::Timestamp,
};

/// Something that endpoints are told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What happened.
    pub event: EventType,
    /// The version of the floor's event: messages of one workspace are ordered by it.
    pub sequence: u64,
    /// When it happened.
    pub at: Timestamp,
    /// The one of us whom it is about.
    pub agent: Option<AgentId>,
    /// The one of us who asked for it; `None` when the queue, the clock or somebody outside did.
    pub by: Option<AgentId>,
    /// The call as it is since.
    pub call: Told,
}

/// A call, as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Told {
    /// One that is live.
    Live(LiveCall),
    /// One that is over.
    Past(PastCall),
}

/// A call that is live. The names are those of `/api/v1/calls/live`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the API describes them, and a test of it holds the two together")]
pub struct LiveCall {
    pub id: CallId,
    pub direction: Direction,
    pub number: String,
    pub name: Option<String>,
    pub line: String,
    pub place: &'static str,
    pub slot: Option<u8>,
    pub agent: Option<AgentId>,
    pub ringing: Option<AgentId>,
    pub guests: Vec<AgentId>,
    pub added: Vec<String>,
    pub arrived: Timestamp,
    pub answered: Option<Timestamp>,
}

impl From<&Call> for LiveCall {
    fn from(call: &Call) -> Self {
        let (place, slot, agent) = match &call.place {
            Place::Queue => ("queue", None, None),
            Place::Slot { slot, .. } => ("slot", Some(slot.0), None),
            Place::Agent { agent, .. } => ("agent", None, Some(agent)),
            Place::Voicemail { agent } => ("voicemail", None, Some(agent)),
        };
        Self {
            id: call.id.clone(),
            direction: call.direction,
            number: call.caller.number.clone(),
            name: call.caller.name.clone(),
            line: call.line.number.clone(),
            place,
            slot,
            agent: agent.cloned(),
            ringing: call.offer.as_ref().map(|offer| offer.agent.clone()),
            guests: call.guests.iter().map(|guest| guest.agent.clone()).collect(),
            added: call.numbers_added().map(ToOwned::to_owned).collect(),
            arrived: call.arrived,
            answered: call.answered,
        }
    }
}

/// A call that is over. The names are those of `/api/v1/calls`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the API describes them, and a test of it holds the two together")]
pub struct PastCall {
    pub id: CallId,
    pub direction: Direction,
    pub number: String,
    pub name: Option<String>,
    pub line: String,
    pub colleague: Option<AgentId>,
    pub agent: Option<AgentId>,
    pub arrived: Timestamp,
    pub answered: Option<Timestamp>,
    pub ended: Timestamp,
    pub outcome: Outcome,
    pub hung_up_by: String,
    pub voicemail: Option<AgentId>,
    pub voicemail_since: Option<Timestamp>,
}

impl From<&CallRecord> for PastCall {
    fn from(record: &CallRecord) -> Self {
        Self {
            id: record.call.clone(),
            direction: record.direction,
            number: record.caller.number.clone(),
            name: record.caller.name.clone(),
            line: record.line.number.clone(),
            colleague: record.colleague.clone(),
            agent: record.agent.clone(),
            arrived: record.arrived,
            answered: record.answered,
            ended: record.ended,
            outcome: record.outcome,
            hung_up_by: match &record.hung_up_by {
                HungUpBy::Caller => "caller".to_owned(),
                HungUpBy::Agent(agent) => agent.to_string(),
            },
            voicemail: record.voicemail.as_ref().map(|voicemail| voicemail.agent.clone()),
            voicemail_since: record.voicemail.as_ref().map(|voicemail| voicemail.since),
        }
    }
}

/// A message as it is sent (Standard Webhooks: "Payload structure").
#[derive(Debug, Serialize)]
pub struct Payload<'a> {
    r#type: &'static str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Debug, Serialize)]
struct Data<'a> {
    workspace: &'a WorkspaceId,
    sequence: u64,
    agent: Option<&'a AgentId>,
    by: Option<&'a AgentId>,
    call: &'a Told,
}

impl Message {
    /// Its name (`webhook-id`), which stays the same however often and to however many endpoints it is sent. Versions come
    /// again after a backup was restored, but not at the same moment.
    pub fn id(&self, workspace: &WorkspaceId) -> String {
        format!("msg_{workspace}_{}_{:x}", self.sequence, self.at.0)
    }

    /// What is sent.
    pub fn payload<'a>(&'a self, workspace: &'a WorkspaceId) -> Payload<'a> {
        Payload {
            r#type: self.event.code(),
            timestamp: self.at.iso(),
            data: Data {
                workspace,
                sequence: self.sequence,
                agent: self.agent.as_ref(),
                by: self.by.as_ref(),
                call: &self.call,
            },
        }
    }
}

/// What is sent when an admin tries an endpoint.
pub fn test_payload(workspace: &WorkspaceId, by: &AgentId, at: Timestamp) -> Value {
    json!({
        "type": EventType::Test.code(),
        "timestamp": at.iso(),
        "data": { "workspace": workspace, "by": by },
    })
}

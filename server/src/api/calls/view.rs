//! How calls are shown.

use serde::Serialize;
use switchyard::{
    call::{Call, Direction, Place},
    history::{CallRecord, HungUpBy, Outcome},
};
use utoipa::ToSchema;

/// A call that is over.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct PastCall {
    id: String,
    #[schema(value_type = String, example = "inbound")]
    direction: Direction,
    /// The person outside: E.164, or what the carrier says of a withheld number. A colleague's is their extension.
    number: String,
    /// Their name, where it is known.
    name: Option<String>,
    /// Our number.
    line: String,
    /// Who of us was called, in a call between two of us.
    colleague: Option<String>,
    /// Who talked to them last.
    agent: Option<String>,
    /// When it began; this and other moments are milliseconds since 1970.
    arrived: i64,
    /// When somebody first answered.
    answered: Option<i64>,
    /// When it ended.
    ended: i64,
    #[schema(value_type = String, example = "answered")]
    outcome: Outcome,
    /// `caller`, or the id of one of us.
    hung_up_by: String,
    /// Whose voicemail it ended in.
    voicemail: Option<String>,
    /// Since when it was there.
    voicemail_since: Option<i64>,
}

impl From<CallRecord> for PastCall {
    fn from(record: CallRecord) -> Self {
        Self {
            id: record.call.to_string(),
            direction: record.direction,
            number: record.caller.number,
            name: record.caller.name,
            line: record.line.number,
            colleague: record.colleague.map(|colleague| colleague.to_string()),
            agent: record.agent.map(|agent| agent.to_string()),
            arrived: record.arrived.0,
            answered: record.answered.map(|at| at.0),
            ended: record.ended.0,
            outcome: record.outcome,
            voicemail_since: record.voicemail.as_ref().map(|voicemail| voicemail.since.0),
            voicemail: record.voicemail.map(|voicemail| voicemail.agent.to_string()),
            hung_up_by: match record.hung_up_by {
                HungUpBy::Caller => "caller".to_owned(),
                HungUpBy::Agent(agent) => agent.to_string(),
            },
        }
    }
}

/// A call that is live.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct LiveCall {
    id: String,
    #[schema(value_type = String, example = "inbound")]
    direction: Direction,
    /// The person outside, as in the history.
    number: String,
    /// Their name, where it is known.
    name: Option<String>,
    /// Our number.
    line: String,
    /// `queue`, `slot`, `agent`, or `voicemail` while they leave a message.
    place: &'static str,
    /// The slot.
    slot: Option<u32>,
    /// Who has it, or whose voicemail it is in.
    agent: Option<String>,
    /// Who is being rung for it.
    ringing: Option<String>,
    /// Colleagues who were added and are in it.
    guests: Vec<String>,
    /// People outside who were added and are in it, by number.
    added: Vec<String>,
    /// When it began.
    arrived: i64,
    /// When somebody first answered.
    answered: Option<i64>,
}

impl From<&Call> for LiveCall {
    fn from(call: &Call) -> Self {
        let (place, slot, agent) = match &call.place {
            Place::Queue => ("queue", None, None),
            Place::Slot { slot, .. } => ("slot", Some(slot.0.into()), None),
            Place::Agent { agent, .. } => ("agent", None, Some(agent.to_string())),
            Place::Voicemail { agent } => ("voicemail", None, Some(agent.to_string())),
        };
        Self {
            id: call.id.to_string(),
            direction: call.direction,
            number: call.caller.number.clone(),
            name: call.caller.name.clone(),
            line: call.line.number.clone(),
            place,
            slot,
            agent,
            ringing: call.offer.as_ref().map(|offer| offer.agent.to_string()),
            guests: call.guests.iter().map(|guest| guest.agent.to_string()).collect(),
            added: call.numbers_added().map(ToOwned::to_owned).collect(),
            arrived: call.arrived.0,
            answered: call.answered.map(|at| at.0),
        }
    }
}

/// A call, live or over.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(in crate::api) enum AnyCall {
    /// It is live.
    Live(LiveCall),
    /// It is over.
    Past(PastCall),
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use serde_json::{json, to_value};
    use switchyard::{
        call::{Added, Guest, Leg, LegState, Line, Offer, OfferReason, Via},
        id::{LegId, Slot},
        time::Timestamp,
        webhooks,
    };

    use super::*;

    /// Webhooks tell of calls in the same words.
    #[test]
    fn a_call_looks_the_same_wherever_it_is_told_of() {
        let caller = switchyard::call::Caller { number: "+40722111222".into(), name: Some("Maria".into()) };
        let line = Line { number: "+40312345678".into(), label: "Bookings".into() };
        let waiting = Call::inbound("CA1".into(), caller, line.clone(), Timestamp(1));
        // More than any one call can have, so that each field has something to differ in.
        let since = Timestamp(2);
        let who = switchyard::call::Caller { number: "+40744100200".into(), name: None };
        let full = Call {
            offer: Some(Offer {
                agent: "mihai".into(),
                leg: LegId(4),
                since,
                reason: OfferReason::Invited,
                by: Some("ana".into()),
                back_to: None,
            }),
            guests: vec![Guest { agent: "elena".into(), leg: LegId(2), since }],
            added: vec![Added { leg: LegId(3), who, line, since }],
            legs: vec![Leg { id: LegId(3), agent: None, via: Via::Page, state: LegState::Joined, reference: None }],
            colleague: Some("dan".into()),
            answered: Some(since),
            handled_by: Some("ana".into()),
            ..waiting.clone()
        };
        let agent = Place::Agent { agent: "ana".into(), leg: LegId(1) };
        let parked = Place::Slot { slot: Slot(3), by: "ana".into() };
        let speaks = Place::Voicemail { agent: "ana".into() };
        let placed = [Place::Queue, agent, parked, speaks].map(|place| Call { place, ..full.clone() });
        for call in placed.iter().chain([&waiting]) {
            assert_eq!(to_value(LiveCall::from(call)).unwrap(), to_value(webhooks::LiveCall::from(call)).unwrap());
        }
        let shown = to_value(LiveCall::from(&full)).unwrap();
        assert_eq!((&shown["ringing"], &shown["guests"]), (&json!("mihai"), &json!(["elena"])));
        assert_eq!(shown["added"], json!(["+40744100200"]));
        for (call, hung_up_by) in [(&waiting, HungUpBy::Caller), (&full, HungUpBy::Agent("ana".into()))] {
            let record = CallRecord::of(call, Timestamp(3), hung_up_by);
            let told = to_value(webhooks::PastCall::from(&record)).unwrap();
            assert_eq!(to_value(PastCall::from(record)).unwrap(), told);
        }
    }
}

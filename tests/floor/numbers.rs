//! Numbers that not everybody answers, and numbers that are closed.

use proptest::prelude::*;
use switchyard::{
    agent::{Presence, Status},
    call::{Call, LegEnd, OfferReason},
    floor::{Command, Event, Floor, Intent, LegNews, Lines, Target},
    history::Outcome,
    id::CallId,
    time::Timestamp,
};

use crate::history::{BOOKINGS, DESK, History, arrival, closed};
use crate::random::any_story;

fn answered_by(lines: &[(&str, &[&str])]) -> Command {
    let line = |(number, agents): &(&str, &[&str])| {
        ((*number).to_owned(), agents.iter().map(|agent| (*agent).into()).collect())
    };
    Command::Staff(lines.iter().map(line).collect::<Lines>())
}

fn rings_at(floor: &Floor, call: &str) -> Option<String> {
    floor.calls[&CallId::from(call)].offer.as_ref().map(|offer| offer.agent.to_string())
}

/// Whether the queue could ring somebody for this caller.
fn could_ring(floor: &Floor, call: &Call, now: Timestamp) -> bool {
    let free = call.offer.is_none() && call.pending.is_none() && call.room.is_some();
    let due = call.not_before.is_none_or(|at| at <= now);
    let ready = |agent| floor.status(agent) == Some(Status::Available) && floor.answers(agent, &call.line.number);
    free && due && floor.agents.keys().any(ready)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// The queue rings nobody for a number that they do not answer, and passes over nobody who answers it: whoever waits
    /// does so only because nobody who could take them is free, whatever number those before them called.
    #[test]
    fn callers_go_to_those_who_answer_their_number(story in any_story()) {
        let mut history = History::opened(Presence::Available);
        for (command, pause) in &story {
            history.now = history.now.plus_secs(*pause);
            let Ok(outcome) = history.send(command) else { continue };
            let floor = &history.floor;
            for recorded in &outcome.events {
                if let Event::Offered { call, agent, reason: OfferReason::Routed, .. } = &recorded.event {
                    let number = &floor.calls[call].line.number;
                    prop_assert!(floor.answers(agent, number), "{agent} is rung for {number}");
                }
            }
            for call in floor.waiting() {
                prop_assert!(!could_ring(floor, call, history.now), "{call:?} waits while somebody is free");
            }
        }
    }
}

#[test]
fn only_those_who_answer_a_number_are_rung_for_it() {
    let mut history = History::opened(Presence::Available);
    history.send(&answered_by(&[(DESK, &["elena"])])).unwrap();
    history.arrives_at("CA1", DESK);
    history.arrives_at("CA2", DESK);
    history.arrives_at("CA3", BOOKINGS);
    assert_eq!(rings_at(&history.floor, "CA1").as_deref(), Some("elena"));
    assert_eq!(rings_at(&history.floor, "CA2"), None, "she is the only one");
    assert_eq!(rings_at(&history.floor, "CA3").as_deref(), Some("ana"), "and another number does not wait for that");
    // By hand the call goes to anybody.
    history.ask("mihai", Intent::MoveCall { call: "CA2".into(), to: Target::Agent("mihai".into()) }).unwrap();
    assert_eq!(rings_at(&history.floor, "CA2").as_deref(), Some("mihai"));
}

#[test]
fn who_answers_is_changed_for_callers_who_wait_already() {
    let mut history = History::opened(Presence::Away);
    history.ask("ana", Intent::SetPresence { agent: "ana".into(), presence: Presence::Available }).unwrap();
    history.send(&answered_by(&[(DESK, &["elena"]), (BOOKINGS, &[])])).unwrap();
    history.arrives_at("CA1", DESK);
    assert_eq!(rings_at(&history.floor, "CA1"), None);
    history.send(&answered_by(&[(DESK, &["elena", "ana"]), (BOOKINGS, &[])])).unwrap();
    assert_eq!(rings_at(&history.floor, "CA1").as_deref(), Some("ana"));
    // The same again is nothing new.
    let again = history.send(&answered_by(&[(BOOKINGS, &[]), (DESK, &["ana", "elena"])])).unwrap();
    assert_eq!(again.events, []);
    history.leg("CA1", 1, LegNews::Gone(LegEnd::Declined));
    history.send(&answered_by(&[])).unwrap();
    assert_eq!(rings_at(&history.floor, "CA1").as_deref(), Some("ana"), "everybody answers it again");
}

#[test]
fn a_floor_that_was_kept_before_there_were_lines_is_everybodys() {
    let mut kept = serde_json::to_value(History::opened(Presence::Away).floor).unwrap();
    kept.as_object_mut().unwrap().remove("lines").unwrap();
    let floor: Floor = serde_json::from_value(kept).unwrap();
    assert!(floor.answers(&"ana".into(), BOOKINGS));
}

#[test]
fn a_call_to_a_closed_number_is_in_the_history_and_nowhere_else() {
    let mut history = History::opened(Presence::Available);
    let outcome = history.send(&closed("CA1")).unwrap();
    assert_eq!((outcome.records.len(), outcome.effects.len()), (1, 0));
    assert_eq!((outcome.records[0].outcome, outcome.records[0].answered), (Outcome::Closed, None));
    assert!(history.floor.calls.is_empty());
    // It is told twice, and is over; nobody takes it for a new one.
    for late in [closed("CA1"), arrival("CA1"), Command::ObserveEnd { call: "CA1".into() }] {
        assert_eq!(history.send(&late).unwrap().events, []);
    }
    // Nor does a call that came in before become one.
    history.arrives("CA2");
    assert_eq!(history.send(&closed("CA2")).unwrap().events, []);
}

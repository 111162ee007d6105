//! What programs elsewhere are told of calls.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use switchyard::{
    agent::Presence,
    call::LegEnd,
    floor::{Command, DeviceNews, Event, Intent, LegNews, Target},
    id::{AgentId, LegId, Slot},
    webhooks::{EventType, Message, Told},
};

use crate::{
    history::{History, add, closed, dial, leg_news, outside},
    random::{any_story, play},
};

/// Each message as its event, whom it is about and who asked for it.
fn told(messages: &[Message]) -> Vec<(EventType, &str, &str)> {
    fn name(agent: Option<&AgentId>) -> &str {
        agent.map_or("", AgentId::as_str)
    }
    messages.iter().map(|message| (message.event, name(message.agent.as_ref()), name(message.by.as_ref()))).collect()
}

fn to(call: &str, target: Target) -> Intent {
    Intent::MoveCall { call: call.into(), to: target }
}

#[test]
fn a_call_that_is_hung_up_waits_for_nobody_whatever_ends_first() {
    let mut history = History::opened(Presence::Away);
    history.arrives("CA1");
    history.ask("ana", to("CA1", Target::Agent("ana".into()))).unwrap();
    history.leg("CA1", 1, LegNews::Joined);
    let before = history.messages.len();
    history.ask("ana", Intent::HangUp { call: "CA1".into() }).unwrap();
    history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    history.send(&Command::ObserveEnd { call: "CA1".into() }).unwrap();
    assert_eq!(told(&history.messages[before..]), [(EventType::Ended, "ana", "ana")]);
}

#[test]
fn whoever_was_added_is_told_of_by_number() {
    let mut history = History::opened(Presence::Away);
    history.arrives("CA1");
    history.ask("ana", to("CA1", Target::Agent("ana".into()))).unwrap();
    history.leg("CA1", 1, LegNews::Joined);
    let before = history.messages.len();
    history.send(&add("CA1", "ana".into(), "+40744100200")).unwrap();
    history.leg("CA1", 2, LegNews::Ringing);
    history.leg("CA1", 2, LegNews::Joined);
    history.leg("CA1", 2, LegNews::Joined);
    history.ask("ana", Intent::Remove { call: "CA1".into(), leg: LegId(2) }).unwrap();
    // One who never came is not said to have left.
    history.send(&add("CA1", "ana".into(), "+40744100201")).unwrap();
    history.leg("CA1", 3, LegNews::Gone(LegEnd::Busy));
    let messages = &history.messages[before..];
    assert_eq!(told(messages), [(EventType::Joined, "", ""), (EventType::Left, "", "ana")]);
    let added = |message: &Message| match &message.call {
        Told::Live(call) => call.added.clone(),
        Told::Past(_) => panic!("it goes on"),
    };
    assert_eq!(messages.iter().map(added).collect::<Vec<_>>(), [vec!["+40744100200".to_owned()], vec![]]);
}

#[test]
fn a_call_is_told_from_its_beginning_to_its_end() {
    let mut history = History::opened(Presence::Away);
    history.arrives("CA1");
    history.ask("ana", to("CA1", Target::Agent("ana".into()))).unwrap();
    history.leg("CA1", 1, LegNews::Joined);
    history.ask("ana", Intent::Hold { call: "CA1".into() }).unwrap();
    history.ask("ana", Intent::Hold { call: "CA1".into() }).unwrap();
    history.ask("ana", Intent::Resume { call: "CA1".into() }).unwrap();
    history.ask("ana", to("CA1", Target::Slot(Some(Slot(2))))).unwrap();
    history.send(&Command::ObserveHeld { call: "CA1".into() }).unwrap();
    history.ask("ana", to("CA1", Target::Agent("ana".into()))).unwrap();
    history.leg("CA1", 2, LegNews::Joined);
    history.ask("mihai", Intent::SetPresence { agent: "mihai".into(), presence: Presence::Available }).unwrap();
    history.ask("ana", to("CA1", Target::Agent("mihai".into()))).unwrap();
    history.leg("CA1", 3, LegNews::Joined);
    history.ask("mihai", Intent::HangUp { call: "CA1".into() }).unwrap();
    history.send(&Command::ObserveEnd { call: "CA1".into() }).unwrap();
    assert_eq!(
        told(&history.messages),
        [
            (EventType::Arrived, "", ""),
            (EventType::Ringing, "ana", "ana"),
            (EventType::Answered, "ana", "ana"),
            (EventType::Held, "ana", "ana"),
            (EventType::Resumed, "ana", "ana"),
            (EventType::Parked, "", "ana"),
            (EventType::Ringing, "ana", "ana"),
            (EventType::Retrieved, "ana", "ana"),
            (EventType::Ringing, "mihai", "ana"),
            (EventType::Transferred, "mihai", "ana"),
            (EventType::Ended, "mihai", "mihai"),
        ]
    );
}

/// Ana talks to the caller of CA1; Mihai takes calls.
fn ana_talks() -> History {
    let mut history = History::opened(Presence::Away);
    history.arrives("CA1");
    history.ask("ana", to("CA1", Target::Agent("ana".into()))).unwrap();
    history.leg("CA1", 1, LegNews::Joined);
    history.ask("mihai", Intent::SetPresence { agent: "mihai".into(), presence: Presence::Available }).unwrap();
    history
}

#[test]
fn a_call_that_a_guest_goes_on_with_does_not_wait() {
    let mut history = ana_talks();
    history.ask("ana", Intent::Invite { call: "CA1".into(), agent: "mihai".into() }).unwrap();
    history.leg("CA1", 2, LegNews::Joined);
    let before = history.messages.len();
    history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    assert_eq!(told(&history.messages[before..]), [(EventType::Transferred, "mihai", "")]);
}

#[test]
fn a_call_waits_again_when_whoever_had_it_is_deactivated() {
    let mut history = ana_talks();
    let before = history.messages.len();
    history.send(&Command::Unseat("ana".into())).unwrap();
    let queued = [(EventType::Queued, "ana", ""), (EventType::Ringing, "mihai", "")];
    assert_eq!(told(&history.messages[before..]), queued);
}

#[test]
fn a_call_that_is_sent_to_the_line_is_told_of_once() {
    let mut history = ana_talks();
    let before = history.messages.len();
    history.ask("ana", to("CA1", Target::Queue)).unwrap();
    let queued = [(EventType::Queued, "", "ana"), (EventType::Ringing, "mihai", "")];
    assert_eq!(told(&history.messages[before..]), queued);
}

#[test]
fn a_call_that_is_set_aside_waits_only_where_it_cannot_be_parked() {
    for (full, set_aside) in [(false, (EventType::Parked, "", "ana")), (true, (EventType::Queued, "ana", ""))] {
        let mut history = ana_talks();
        history.ask("mihai", Intent::SetPresence { agent: "mihai".into(), presence: Presence::Away }).unwrap();
        history.send(&Command::ObserveDevice { agent: "ana".into(), news: DeviceNews::Here }).unwrap();
        for call in ["CA3", "CA4", "CA5"].into_iter().filter(|_| full) {
            history.arrives(call);
            history.ask("mihai", to(call, Target::Slot(None))).unwrap();
        }
        history.arrives("CA2");
        history.ask("ana", to("CA2", Target::Agent("ana".into()))).unwrap();
        let before = history.messages.len();
        history.leg("CA2", 1, LegNews::Joined);
        assert_eq!(told(&history.messages[before..]), [set_aside, (EventType::Answered, "ana", "ana")]);
    }
}

#[test]
fn a_transfer_that_nobody_answers_waits_when_nobody_is_rung_for_it_any_more() {
    let mut history = ana_talks();
    history.ask("ana", to("CA1", Target::Agent("mihai".into()))).unwrap();
    let before = history.messages.len();
    // She leaves before his phone rings; then she does not take it back.
    history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    history.leg("CA1", 2, LegNews::Gone(LegEnd::NoAnswer));
    assert_eq!(told(&history.messages[before..]), [(EventType::Ringing, "ana", "")]);
    history.leg("CA1", 3, LegNews::Gone(LegEnd::Declined));
    let queued = [(EventType::Ringing, "ana", ""), (EventType::Queued, "", ""), (EventType::Ringing, "mihai", "")];
    assert_eq!(told(&history.messages[before..]), queued);
}

#[test]
fn callers_who_are_turned_away_or_give_up_are_told_of_once() {
    let mut history = History::opened(Presence::Away);
    history.send(&closed("CA1")).unwrap();
    history.send(&closed("CA1")).unwrap();
    history.arrives("CA2");
    history.send(&Command::ObserveEnd { call: "CA2".into() }).unwrap();
    history.send(&Command::ObserveEnd { call: "CA2".into() }).unwrap();
    let outcomes: Vec<_> = history
        .messages
        .iter()
        .map(|message| match &message.call {
            Told::Past(call) => (message.event, call.id.as_str(), format!("{:?}", call.outcome)),
            Told::Live(call) => (message.event, call.id.as_str(), call.place.to_owned()),
        })
        .collect();
    assert_eq!(
        outcomes,
        [
            (EventType::Ended, "CA1", "Closed".into()),
            (EventType::Arrived, "CA2", "queue".into()),
            (EventType::Ended, "CA2", "Abandoned".into()),
        ]
    );
}

#[test]
fn a_call_that_we_place_is_answered_by_whoever_is_called() {
    let mut history = History::opened(Presence::Away);
    history.send(&dial("CA1", "ana".into())).unwrap();
    history.send(&leg_news("CA1", 1, LegNews::Joined)).unwrap();
    history.send(&Command::ObserveRoom { call: "CA1".into(), room: "CF1".into() }).unwrap();
    history.send(&outside("CA1", LegNews::Joined)).unwrap();
    history.send(&outside("CA1", LegNews::Gone(LegEnd::Completed))).unwrap();
    history.send(&Command::ObserveEnd { call: "CA1".into() }).unwrap();
    let events: Vec<EventType> = history.messages.iter().map(|message| message.event).collect();
    assert_eq!(events, [EventType::Dialed, EventType::Answered, EventType::Ended]);
}

#[test]
fn an_answer_that_is_known_late_is_told_apart() {
    let mut history = History::opened(Presence::Away);
    history.arrives("CA1");
    history.ask("ana", to("CA1", Target::Agent("ana".into()))).unwrap();
    history.send(&Command::ObserveEnd { call: "CA1".into() }).unwrap();
    history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    let [.., ended, corrected] = &history.messages[..] else { panic!("{:?}", history.messages) };
    assert_eq!((ended.event, corrected.event), (EventType::Ended, EventType::Corrected));
    let Told::Past(call) = &corrected.call else { panic!("{corrected:?}") };
    assert_eq!((format!("{:?}", call.outcome).as_str(), call.agent.as_ref().unwrap().as_str()), ("Answered", "ana"));
}

#[test]
fn a_message_says_what_the_api_says() {
    let mut history = History::opened(Presence::Away);
    history.arrives("CA1");
    history.ask("ana", to("CA1", Target::Agent("ana".into()))).unwrap();
    let message = history.messages.last().unwrap();
    let salon = "salon".into();
    assert_eq!(message.id(&salon), format!("msg_salon_{}_f4240", message.sequence));
    let body: Value = serde_json::to_value(message.payload(&salon)).unwrap();
    assert_eq!(
        body,
        json!({
            "type": "call.ringing",
            "timestamp": "1970-01-01T00:16:40Z",
            "data": {
                "workspace": "salon",
                "sequence": message.sequence,
                "agent": "ana",
                "by": "ana",
                "call": {
                    "id": "CA1",
                    "direction": "inbound",
                    "number": "+40722111222",
                    "name": null,
                    "line": "+40312345678",
                    "place": "queue",
                    "slot": null,
                    "agent": null,
                    "ringing": "ana",
                    "guests": [],
                    "added": [],
                    "arrived": 1_000_000,
                    "answered": null,
                },
            },
        })
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Whatever happens, each call that ends is told of so exactly once; messages are in order, of one event each, and tell
    /// of the call as the floor had it then.
    #[test]
    fn every_end_is_told_once(story in any_story()) {
        let history = play(&story);
        let ends: Vec<u64> = history
            .log
            .iter()
            .filter(|recorded| matches!(recorded.event, Event::Ended { .. } | Event::TurnedAway { .. }))
            .map(|recorded| recorded.version)
            .collect();
        let told: Vec<u64> =
            history.messages.iter().filter(|one| one.event == EventType::Ended).map(|one| one.sequence).collect();
        prop_assert_eq!(told, ends);
        let begins = |event: &Event| matches!(event, Event::Arrived { .. } | Event::Dialed { .. });
        let begun = history.log.iter().filter(|recorded| begins(&recorded.event)).count();
        let told = history.messages.iter().filter(|one| matches!(one.event, EventType::Arrived | EventType::Dialed));
        prop_assert_eq!(told.count(), begun);
        let sequences: BTreeSet<u64> = history.messages.iter().map(|one| one.sequence).collect();
        prop_assert_eq!(sequences.len(), history.messages.len());
        prop_assert!(history.messages.is_sorted_by_key(|one| one.sequence));
        for message in &history.messages {
            let over = matches!(message.event, EventType::Ended | EventType::Corrected);
            // A message may be known before or after the end of the call in which it was left.
            let either = message.event == EventType::MessageLeft;
            prop_assert!(either || over == matches!(message.call, Told::Past(_)), "{:?}", message);
            if let (EventType::Transferred | EventType::Retrieved, Told::Live(call)) = (message.event, &message.call) {
                prop_assert_eq!(&call.agent, &message.agent);
            }
        }
    }
}

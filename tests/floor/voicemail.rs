//! Callers who leave a message for somebody who is not here.

use std::collections::BTreeMap;

use switchyard::{
    agent::{Presence, Status, WhenAway},
    call::{Caller, Direction, Failure, LegEnd, Pending, Place},
    floor::{Command, DeviceNews, EffectKind, Event, Floor, Intent, LegNews, Recorded, Refusal, Target},
    history::{InVoicemail, Outcome},
    id::{AgentId, CallId, LegId},
    webhooks::EventType,
};

use crate::history::{BOOKINGS, History, dial, outside};

/// Ana takes calls; Mihai is away and has a voicemail, Elena has none.
fn floor() -> History {
    let mut history = History::opened(Presence::Away);
    history.send(&Command::SetWhenAway { agent: "mihai".into(), when_away: WhenAway::Voicemail }).unwrap();
    history
}

fn is(presence: Presence) -> impl Fn(&mut History, &str) {
    move |history, agent| drop(history.ask(agent, Intent::SetPresence { agent: agent.into(), presence }).unwrap())
}

fn to_mihai() -> Intent {
    Intent::MoveCall { call: "CA1".into(), to: Target::Agent("mihai".into()) }
}

/// Ana talks to the caller.
fn talking() -> History {
    let mut history = floor();
    history.arrives("CA1");
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: Target::Agent("ana".into()) }).unwrap();
    history.leg("CA1", 1, LegNews::Joined);
    history
}

fn asked() -> Command {
    Command::ObserveVoicemail { call: "CA1".into(), agent: "mihai".into() }
}

fn left_room() -> Command {
    Command::ObserveLeft { call: "CA1".into(), room: "CF1".into() }
}

fn message() -> Command {
    Command::ObserveMessage { call: "CA1".into(), agent: "mihai".into() }
}

fn ended() -> Command {
    Command::ObserveEnd { call: "CA1".into() }
}

fn failed(failure: Failure) -> Command {
    let effect = EffectKind::Voicemail { agent: "mihai".into() };
    Command::ObserveFailure { call: "CA1".into(), effect, failure }
}

fn in_voicemail() -> Place {
    Place::Voicemail { agent: "mihai".into() }
}

#[test]
fn a_waiting_caller_leaves_a_message_for_somebody_who_is_away() {
    let mut history = floor();
    history.arrives("CA1");
    let outcome = history.ask("ana", to_mihai()).unwrap();
    assert_eq!(outcome.effects[0].kind, EffectKind::Voicemail { agent: "mihai".into() });
    assert_eq!(outcome.effects.len(), 1, "nobody is rung");
    let call = |history: &History| history.floor.calls[&CallId::from("CA1")].clone();
    assert!(call(&history).offer.is_none() && history.place("CA1") == Place::Queue, "until the carrier says so");

    // The caller leaves the room for it, which is no hanging up; the carrier says so before it asks, or after.
    history.send(&left_room()).unwrap();
    history.send(&asked()).unwrap();
    history.send(&left_room()).unwrap();
    assert_eq!((history.place("CA1"), call(&history).pending), (in_voicemail(), None));
    assert_eq!(history.send(&asked()).unwrap().events, [], "it asks twice");
    assert_eq!(history.floor.status(&"mihai".into()), Some(Status::Away), "it is nothing to Mihai");

    history.send(&message()).unwrap();
    assert_eq!(history.send(&message()).unwrap().events, []);
    let outcome = history.send(&ended()).unwrap();
    assert_eq!((outcome.records[0].outcome, outcome.records[0].agent.as_ref()), (Outcome::Voicemail, None));
    let told: Vec<_> = history.messages.iter().map(|message| message.event).collect();
    assert_eq!(told, [EventType::Arrived, EventType::Voicemail, EventType::MessageLeft, EventType::Ended]);
    assert_eq!(history.messages[1].agent, Some("mihai".into()));
}

#[test]
fn who_hangs_up_without_a_message_has_given_up() {
    let mut history = floor();
    history.arrives("CA1");
    history.ask("ana", to_mihai()).unwrap();
    history.send(&asked()).unwrap();
    assert_eq!(history.send(&ended()).unwrap().records[0].outcome, Outcome::Abandoned);
}

#[test]
fn time_with_nobody_is_neither_waited_nor_talked() {
    // Nobody talked to the first, who waited for 10 s and spoke for 20; Ana to the second, for 30 s.
    for (mut history, waited, talked) in [(floor(), 10_000, None), (talking(), 0, Some(30_000))] {
        if talked.is_none() {
            history.arrives("CA1");
        }
        let start = history.floor.calls[&CallId::from("CA1")].answered.unwrap_or(history.now);
        history.now = start.plus_secs(talked.map_or(10, |millis: i64| u32::try_from(millis / 1000).unwrap()));
        history.ask("ana", to_mihai()).unwrap();
        history.send(&asked()).unwrap();
        let since = history.floor.calls[&CallId::from("CA1")].place_since;
        history.now = history.now.plus_secs(20);
        let record = history.send(&ended()).unwrap().records.remove(0);
        assert_eq!(record.voicemail, Some(InVoicemail { agent: "mihai".into(), since }));
        let slack = |millis: i64, wanted: i64| (wanted..wanted + 1000).contains(&millis);
        let shown = (record.waited(), record.talked());
        assert!(slack(shown.0, waited), "{shown:?}");
        assert!(shown.1.map_or(talked.is_none(), |millis| slack(millis, talked.unwrap())), "{shown:?}");
    }
}

#[test]
fn whose_voicemail_a_caller_is_in_is_not_erased_before_no_word_of_it_can_come() {
    let mut history = floor();
    history.arrives("CA1");
    history.ask("ana", to_mihai()).unwrap();
    let mihai = |_: Direction, _: &Caller, agent: Option<&AgentId>| agent == Some(&"mihai".into());
    let remembered = |history: &History| history.floor.remembered(mihai, history.now);
    assert_eq!(remembered(&history), None, "they are on the way");
    history.send(&asked()).unwrap();
    assert_eq!(remembered(&history), None, "they speak");
    history.send(&ended()).unwrap();
    assert_eq!(remembered(&history), None, "what they said may still be told");
    history.now = history.now.plus_secs(121);
    assert_eq!(remembered(&history), Some(vec!["CA1".into()]));
}

#[test]
fn a_message_that_is_known_only_when_the_call_is_over_puts_the_history_right() {
    let mut history = floor();
    history.arrives("CA1");
    history.ask("ana", to_mihai()).unwrap();
    history.send(&asked()).unwrap();
    history.send(&ended()).unwrap();
    let outcome = history.send(&message()).unwrap();
    assert_eq!(outcome.records[0].outcome, Outcome::Voicemail);
    assert_eq!(outcome.records[0].voicemail.as_ref().map(|voicemail| voicemail.agent.as_str()), Some("mihai"));
    assert_eq!(outcome.messages[0].event, EventType::MessageLeft);
    assert_eq!(history.send(&message()).unwrap().events, []);
    let mut answered = talking();
    answered.ask("ana", to_mihai()).unwrap();
    answered.send(&asked()).unwrap();
    answered.send(&ended()).unwrap();
    let outcome = answered.send(&message()).unwrap();
    assert_eq!(
        (outcome.records[0].outcome, outcome.messages.len()),
        (Outcome::Answered, 1),
        "it was answered all the same"
    );
    assert_eq!(answered.send(&message()).unwrap().events, []);
    let unknown = Command::ObserveMessage { call: "CA9".into(), agent: "mihai".into() };
    assert_eq!(history.send(&unknown).unwrap().events, []);
}

#[test]
fn whoever_transfers_to_a_voicemail_keeps_the_caller_until_they_are_there() {
    let mut history = talking();
    history.ask("ana", to_mihai()).unwrap();
    assert_eq!(history.floor.status(&"ana".into()), Some(Status::OnCall));
    let outcome = history.send(&asked()).unwrap();
    assert_eq!(outcome.effects[0].kind, EffectKind::Drop { leg: LegId(1) });
    assert_eq!((history.place("CA1"), history.floor.status(&"ana".into())), (in_voicemail(), Some(Status::WrapUp)));
    history.send(&message()).unwrap();
    let record = history.send(&ended()).unwrap().records[0].clone();
    assert_eq!((record.outcome, record.agent), (Outcome::Answered, Some("ana".into())), "Ana talked to them");
}

#[test]
fn the_room_that_ends_for_it_takes_the_agent_along() {
    let mut history = talking();
    let before = history.messages.len();
    history.ask("ana", to_mihai()).unwrap();
    // The news of her leg come before the carrier asks.
    history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    assert_eq!(history.floor.status(&"ana".into()), Some(Status::WrapUp));
    assert_eq!(history.place("CA1"), Place::Queue);
    is(Presence::Available)(&mut history, "elena");
    assert!(history.floor.calls[&CallId::from("CA1")].offer.is_none(), "nobody is rung for them");
    history.send(&asked()).unwrap();
    assert_eq!(history.place("CA1"), in_voicemail());
    let told: Vec<_> = history.messages[before..].iter().map(|message| message.event).collect();
    assert_eq!(told, [EventType::Voicemail], "they never waited");
}

#[test]
fn when_the_carrier_refuses_the_caller_is_where_they_were() {
    let mut history = talking();
    history.ask("ana", to_mihai()).unwrap();
    let outcome = history.send(&failed(Failure::CarrierDown)).unwrap();
    assert_eq!(outcome.effects, []);
    assert_eq!(history.place("CA1"), Place::Agent { agent: "ana".into(), leg: LegId(1) });
    let call = &history.floor.calls[&CallId::from("CA1")];
    assert_eq!(call.notice.as_ref().map(|notice| &notice.failure), Some(&Failure::CarrierDown));
    assert_eq!(history.send(&failed(Failure::CarrierDown)).unwrap().events, [], "it is known");
    assert_eq!(history.send(&asked()).unwrap().events, [], "and late is too late: they are taken back into a room");
    history.send(&Command::ObserveRoom { call: "CA1".into(), room: "CF2".into() }).unwrap();
    assert_eq!(history.send(&left_room()).unwrap().events, [], "news of the room before");
}

#[test]
fn who_was_let_go_of_meanwhile_hears_music_and_waits_for_the_next() {
    let mut history = talking();
    history.ask("ana", to_mihai()).unwrap();
    history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    let outcome = history.send(&failed(Failure::CarrierDown)).unwrap();
    assert_eq!(outcome.effects[0].kind, EffectKind::Hold);
    assert_eq!(outcome.messages[0].event, EventType::Queued);
    history.now = history.now.plus_secs(6);
    is(Presence::Available)(&mut history, "elena");
    assert!(history.floor.calls[&CallId::from("CA1")].offer.is_some());
}

#[test]
fn a_voicemail_that_is_never_confirmed_is_given_up() {
    let mut history = talking();
    history.ask("ana", to_mihai()).unwrap();
    history.now = history.now.plus_secs(19);
    assert_eq!(history.send(&Command::Tick).unwrap().events, []);
    history.now = history.now.plus_secs(1);
    history.send(&Command::Tick).unwrap();
    let call = &history.floor.calls[&CallId::from("CA1")];
    assert!(call.pending.is_none() && call.talking_to() == Some(&"ana".into()));
    assert_eq!(call.notice.as_ref().map(|notice| &notice.failure), Some(&Failure::Unconfirmed));
}

#[test]
fn only_somebody_who_is_not_here_and_has_a_voicemail_gets_messages() {
    let mut history = talking();
    let to = |agent: &str| Intent::MoveCall { call: "CA1".into(), to: Target::Agent(agent.into()) };
    assert_eq!(history.ask("ana", to("elena")).unwrap_err(), Refusal::AgentAway);
    is(Presence::Offline)(&mut history, "mihai");
    let may = |history: &History| history.floor.way_to(&"ana".into(), &"mihai".into(), history.now);
    assert!(may(&history).is_ok());
    is(Presence::Available)(&mut history, "mihai");
    history.ask("ana", to("mihai")).unwrap();
    assert!(history.floor.calls[&CallId::from("CA1")].offer.is_some(), "who is here is rung");
}

#[test]
fn nobody_takes_or_moves_a_call_whose_caller_speaks_but_it_can_be_ended() {
    let mut history = floor();
    history.arrives("CA1");
    history.ask("ana", to_mihai()).unwrap();
    let to = |target| Intent::MoveCall { call: "CA1".into(), to: target };
    let moving = Refusal::AlreadyMoving { to: Some("mihai".into()) };
    assert_eq!(history.ask("ana", to(Target::Agent("ana".into()))).unwrap_err(), moving);
    history.send(&asked()).unwrap();
    for target in [Target::Agent("ana".into()), Target::Agent("mihai".into()), Target::Slot(None), Target::Queue] {
        assert_eq!(history.ask("ana", to(target)).unwrap_err(), Refusal::LeavingMessage);
    }
    assert_eq!(history.ask("ana", Intent::Hold { call: "CA1".into() }).unwrap_err(), Refusal::NotTalking);
    assert_eq!(history.ask("ana", Intent::HangUp { call: "CA1".into() }).unwrap_err(), Refusal::NotYours);
    for by in ["mihai", "cristina"] {
        let outcome = history.ask(by, Intent::HangUp { call: "CA1".into() }).unwrap();
        assert_eq!(outcome.effects.first().map(|effect| &effect.kind), (by == "mihai").then_some(&EffectKind::HangUp));
    }
    // What the carrier asks late changes nothing any more.
    assert_eq!(history.send(&asked()).unwrap().events, []);
}

#[test]
fn who_is_on_hold_or_parked_is_not_on_hold_in_a_voicemail() {
    let mut history = talking();
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: Target::Slot(None) }).unwrap();
    history.send(&Command::ObserveHeld { call: "CA1".into() }).unwrap();
    history.ask("ana", to_mihai()).unwrap();
    history.now = history.now.plus_secs(5);
    history.send(&asked()).unwrap();
    let call = &history.floor.calls[&CallId::from("CA1")];
    assert!(!call.held && call.slot().is_none() && call.place_since == history.now);
    let held = Command::CompareHold { call: "CA1".into(), held: true };
    assert_eq!(history.send(&held).unwrap().events, [], "there is no room to be on hold in");
}

#[test]
fn somebody_whom_we_called_can_leave_a_message_too() {
    let mut history = floor();
    history.send(&dial("CA1", "ana".into())).unwrap();
    history.send(&outside("CA1", LegNews::Joined)).unwrap();
    history.send(&Command::ObserveRoom { call: "CA1".into(), room: "CF1".into() }).unwrap();
    history.ask("ana", to_mihai()).unwrap();
    history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    history.send(&asked()).unwrap();
    assert_eq!(history.place("CA1"), in_voicemail());
    history.send(&message()).unwrap();
    let outcome = history.send(&outside("CA1", LegNews::Gone(LegEnd::Completed))).unwrap();
    assert_eq!(outcome.records[0].outcome, Outcome::Answered);
}

fn only_mihai(history: &mut History) {
    let lines = BTreeMap::from([(BOOKINGS.to_owned(), [AgentId::from("mihai")].into())]);
    history.send(&Command::Staff(lines)).unwrap();
}

#[test]
fn callers_whom_only_one_person_answers_need_not_wait_for_them() {
    let mut history = floor();
    only_mihai(&mut history);
    is(Presence::Available)(&mut history, "ana");
    history.send(&crate::history::arrival("CA1")).unwrap();
    assert!(history.floor.calls[&CallId::from("CA1")].pending.is_none(), "not before they are in their room");
    let room = Command::ObserveRoom { call: "CA1".into(), room: "CF1".into() };
    let outcome = history.send(&room).unwrap();
    assert_eq!(outcome.effects[0].kind, EffectKind::Voicemail { agent: "mihai".into() });
    let pending = history.floor.calls[&CallId::from("CA1")].pending.clone();
    assert!(matches!(pending, Some(Pending::Voicemail { by: None, .. })));
    // After a failure the queue tries again, not at once.
    history.send(&failed(Failure::CarrierDown)).unwrap();
    assert_eq!(history.send(&Command::Tick).unwrap().events, []);
    history.now = history.now.plus_secs(5);
    assert!(matches!(history.send(&Command::Tick).unwrap().events[0].event, Event::VoicemailRequested { .. }));
    // What the carrier refuses it will refuse again.
    history.send(&failed(Failure::CarrierRefused { code: 20003, message: "Authenticate".into() })).unwrap();
    history.now = history.now.plus_secs(60);
    assert_eq!(history.send(&Command::Tick).unwrap().events, []);
    assert!(history.ask("ana", to_mihai()).is_ok(), "people may ask for it all the same");
}

#[test]
fn whoever_was_only_invited_answers_nothing() {
    let mut history = floor();
    let agents = ["mihai", "invited"].map(AgentId::from).into();
    history.send(&Command::Staff(BTreeMap::from([(BOOKINGS.to_owned(), agents)]))).unwrap();
    history.arrives("CA1");
    assert_eq!(history.floor.calls[&CallId::from("CA1")].voicemail(), Some(&"mihai".into()));
}

#[test]
fn nobody_is_sent_to_the_voicemail_of_somebody_whose_page_is_loaded_anew() {
    let mut history = talking();
    is(Presence::Available)(&mut history, "mihai");
    for news in [DeviceNews::Here, DeviceNews::Lost] {
        history.send(&Command::ObserveDevice { agent: "mihai".into(), news }).unwrap();
    }
    assert_eq!(history.ask("ana", to_mihai()).unwrap_err(), Refusal::AgentOffline);
    history.now = history.now.plus_secs(history.floor.settings.rejoin_secs);
    history.ask("ana", to_mihai()).unwrap();
    assert_eq!(history.floor.calls[&CallId::from("CA1")].voicemail(), Some(&"mihai".into()));
}

#[test]
fn a_page_that_is_loaded_anew_is_waited_for() {
    let mut history = floor();
    only_mihai(&mut history);
    is(Presence::Available)(&mut history, "mihai");
    let device = |news| Command::ObserveDevice { agent: "mihai".into(), news };
    history.send(&device(DeviceNews::Here)).unwrap();
    history.send(&device(DeviceNews::Lost)).unwrap();
    history.arrives("CA1");
    history.arrives("CA2");
    let call = |history: &History, call: &str| history.floor.calls[&CallId::from(call)].clone();
    assert!(call(&history, "CA1").pending.is_none() && call(&history, "CA2").pending.is_none());
    history.send(&device(DeviceNews::Here)).unwrap();
    assert!(call(&history, "CA1").offer.is_some(), "it is back");
    history.leg("CA1", 1, LegNews::Joined);
    history.send(&ended()).unwrap();
    history.ask("mihai", Intent::FinishWrapUp).unwrap_or_default();
    history.send(&device(DeviceNews::Off)).unwrap();
    is(Presence::Away)(&mut history, "mihai");
    assert!(call(&history, "CA2").voicemail().is_none(), "their phone rings already");
    history.leg("CA2", 1, LegNews::Gone(LegEnd::NoAnswer));
    assert!(call(&history, "CA2").voicemail().is_some());
}

#[test]
fn floors_and_events_from_before_are_read() {
    let mut kept = serde_json::to_value(talking().floor).unwrap();
    kept["calls"]["CA1"].as_object_mut().unwrap().remove("message").unwrap();
    let floor: Floor = serde_json::from_value(kept).unwrap();
    assert!(!floor.calls[&CallId::from("CA1")].message);
    let mut history = floor_with_all();
    history.send(&ended()).unwrap();
    let mut replayed = Floor::default();
    for recorded in &history.log {
        let stored: Recorded = serde_json::from_str(&serde_json::to_string(recorded).unwrap()).unwrap();
        replayed.evolve(&stored);
    }
    assert_eq!(replayed, history.floor);
}

fn floor_with_all() -> History {
    let mut history = talking();
    history.ask("ana", to_mihai()).unwrap();
    history.send(&failed(Failure::CarrierDown)).unwrap();
    history.ask("ana", to_mihai()).unwrap();
    history.send(&asked()).unwrap();
    history.send(&message()).unwrap();
    history
}

#[test]
fn whoever_was_talking_already_waits_for_the_only_one_to_come_back() {
    let mut history = floor();
    only_mihai(&mut history);
    is(Presence::Available)(&mut history, "mihai");
    history.send(&Command::ObserveDevice { agent: "mihai".into(), news: DeviceNews::Here }).unwrap();
    history.arrives("CA1");
    history.leg("CA1", 1, LegNews::Joined);
    // His line and his page are gone, for longer than a reload takes.
    history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    history.send(&Command::ObserveDevice { agent: "mihai".into(), news: DeviceNews::Lost }).unwrap();
    for _ in 0..8 {
        history.now = history.now.plus_secs(10);
        while !history.send(&Command::Tick).unwrap().events.is_empty() {}
    }
    let call = &history.floor.calls[&CallId::from("CA1")];
    assert_eq!((&call.place, call.voicemail()), (&Place::Queue, None));
    // Somebody may still send them there.
    history.ask("cristina", to_mihai()).unwrap();
    assert_eq!(history.floor.calls[&CallId::from("CA1")].voicemail(), Some(&"mihai".into()));
}

#[test]
fn where_there_is_only_one_of_us_every_number_is_theirs() {
    let mut history = floor();
    for agent in ["ana", "elena", "cristina"] {
        history.send(&Command::Unseat(agent.into())).unwrap();
    }
    history.arrives("CA1");
    assert_eq!(history.floor.calls[&CallId::from("CA1")].voicemail(), Some(&"mihai".into()));
}

#[test]
fn programs_are_told_that_a_caller_is_in_a_voicemail() {
    let mut history = talking();
    history.ask("ana", to_mihai()).unwrap();
    let told = history.send(&asked()).unwrap().messages;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (told[0].event, &told[0].agent, &told[0].by),
        (EventType::Voicemail, &Some("mihai".into()), &Some("ana".into()))
    );
}

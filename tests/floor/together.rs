//! Calls of more than one of us: a colleague is called, or added to a call.

use switchyard::{
    agent::{Presence, Status},
    call::{Direction, LegEnd, Outside, Place},
    floor::{Command, DeviceNews, EffectKind, Intent, LegNews, Refusal, Target},
    history::{HungUpBy, Outcome},
    id::{AgentId, LegId},
};

use crate::history::{History, call_colleague, outside};

/// Ana talks to a caller, and has added Mihai.
fn three() -> History {
    let mut history = two();
    let outcome = history.ask("ana", invite("mihai")).unwrap();
    assert_eq!(outcome.effects[0].kind, EffectKind::Ring { leg: LegId(2), agent: "mihai".into(), secs: 20 });
    assert_eq!(outcome.effects.len(), 1, "the caller is not put on hold");
    assert_eq!(history.leg("CA1", 2, LegNews::Joined).effects, vec![]);
    history
}

/// Ana talks to a caller; Mihai and Elena take calls.
fn two() -> History {
    let mut history = History::opened(Presence::Away);
    for id in ["ana", "mihai", "elena"] {
        history.ask(id, Intent::SetPresence { agent: id.into(), presence: Presence::Available }).unwrap();
    }
    history.arrives("CA1");
    history.leg("CA1", 1, LegNews::Joined);
    assert_eq!(history.place("CA1"), with("ana", 1));
    history
}

fn with(agent: &str, leg: u32) -> Place {
    Place::Agent { agent: agent.into(), leg: LegId(leg) }
}

fn invite(agent: &str) -> Intent {
    Intent::Invite { call: "CA1".into(), agent: agent.into() }
}

fn hang_up() -> Intent {
    Intent::HangUp { call: "CA1".into() }
}

fn status(history: &History, agent: &str) -> Status {
    history.floor.status(&agent.into()).unwrap()
}

fn dropped(leg: u32) -> EffectKind {
    EffectKind::Drop { leg: LegId(leg) }
}

#[test]
fn a_colleague_who_is_added_is_on_the_call_and_nothing_moves() {
    let history = three();
    assert_eq!(history.place("CA1"), with("ana", 1));
    assert_eq!((status(&history, "ana"), status(&history, "mihai")), (Status::OnCall, Status::OnCall));
}

#[test]
fn a_guest_leaves_and_the_others_go_on() {
    let mut history = three();
    let outcome = history.ask("mihai", hang_up()).unwrap();
    assert_eq!(outcome.effects[0].kind, dropped(2));
    assert_eq!(status(&history, "mihai"), Status::Available);
    assert_eq!(history.place("CA1"), with("ana", 1));
    // The carrier's news of it comes later and changes nothing.
    assert_eq!(history.leg("CA1", 2, LegNews::Gone(LegEnd::Completed)).effects, vec![]);
}

#[test]
fn whoever_has_the_call_sends_a_guest_out_and_a_stranger_cannot() {
    let mut history = three();
    let dismiss = Intent::Dismiss { call: "CA1".into(), agent: "mihai".into() };
    assert_eq!(history.ask("elena", dismiss.clone()).unwrap_err(), Refusal::NotYours);
    assert_eq!(history.ask("ana", dismiss.clone()).unwrap().effects[0].kind, dropped(2));
    assert_eq!(history.ask("ana", dismiss).unwrap().events, vec![], "who is out stays so");
}

#[test]
fn when_the_host_leaves_the_guest_has_the_call() {
    let mut history = three();
    let outcome = history.ask("ana", hang_up()).unwrap();
    let effects: Vec<_> = outcome.effects.iter().map(|effect| effect.kind.clone()).collect();
    assert_eq!(effects, vec![dropped(1)], "the caller hears no music in between");
    assert_eq!(history.place("CA1"), with("mihai", 2));
    assert_eq!(status(&history, "ana"), Status::WrapUp);
    // Now it is an ordinary call again.
    let to = Target::Agent("elena".into());
    history.ask("mihai", Intent::MoveCall { call: "CA1".into(), to }).unwrap();
}

#[test]
fn a_host_whose_line_breaks_comes_back_and_nobody_hears_music() {
    let mut history = three();
    history.send(&Command::ObserveDevice { agent: "ana".into(), news: DeviceNews::Here }).unwrap();
    let outcome = history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    assert_eq!(outcome.effects, vec![], "Mihai and the caller go on talking");
    history.ask("ana", Intent::Rejoin { call: "CA1".into() }).unwrap();
    history.leg("CA1", 3, LegNews::Joined);
    assert_eq!(history.place("CA1"), with("ana", 3));
    assert!(history.floor.calls[&"CA1".into()].guest(&"mihai".into()).is_some());
}

#[test]
fn a_host_who_does_not_come_back_leaves_the_call_to_the_guest() {
    let mut history = three();
    history.send(&Command::ObserveDevice { agent: "ana".into(), news: DeviceNews::Here }).unwrap();
    history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    history.now = history.now.plus_secs(20);
    history.send(&Command::Tick).unwrap();
    assert_eq!(history.place("CA1"), with("mihai", 2));
}

#[test]
fn a_call_with_guests_is_not_moved_under_them() {
    let mut history = three();
    for to in [Target::Queue, Target::Slot(None), Target::Agent("elena".into())] {
        let moved = Intent::MoveCall { call: "CA1".into(), to };
        assert_eq!(history.ask("ana", moved).unwrap_err(), Refusal::HasGuests);
    }
}

#[test]
fn somebody_who_does_not_answer_is_not_added() {
    let mut history = two();
    history.ask("ana", invite("mihai")).unwrap();
    history.leg("CA1", 2, LegNews::Ringing);
    assert_eq!(history.place("CA1"), with("ana", 1), "inviting is not transferring");
    assert_eq!(history.ask("ana", invite("elena")).unwrap_err(), Refusal::AlreadyMoving { to: Some("mihai".into()) });
    history.leg("CA1", 2, LegNews::Gone(LegEnd::NoAnswer));
    let call = &history.floor.calls[&"CA1".into()];
    assert_eq!(call.notice.as_ref().unwrap().agent, Some(AgentId::from("mihai")));
    assert!(call.guests.is_empty() && call.offer.is_none() && !call.held);
}

#[test]
fn when_the_host_is_gone_nobody_is_rung_for_them_any_more() {
    let mut history = two();
    history.ask("ana", invite("mihai")).unwrap();
    let outcome = history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    assert!(outcome.effects.iter().any(|effect| effect.kind == dropped(2)), "{outcome:?}");
    assert_eq!(history.place("CA1"), Place::Queue);
}

#[test]
fn a_colleague_is_called_and_talked_to() {
    let mut history = two();
    assert_eq!(history.send(&call_colleague("CA2", "mihai".into(), "mihai".into())).unwrap_err(), Refusal::Yourself);
    assert_eq!(history.send(&call_colleague("CA2", "mihai".into(), "ana".into())).unwrap_err(), Refusal::AgentBusy);
    assert_eq!(history.send(&call_colleague("CA2", "ana".into(), "elena".into())).unwrap_err(), Refusal::OnACall);
    let outcome = history.send(&call_colleague("CA2", "mihai".into(), "elena".into())).unwrap();
    assert_eq!(outcome.effects[0].kind, EffectKind::Dial);
    assert_eq!((status(&history, "mihai"), status(&history, "elena")), (Status::OnCall, Status::Ringing));
    history.send(&outside("CA2", LegNews::Joined)).unwrap();
    assert_eq!(status(&history, "elena"), Status::OnCall);

    let moved = Intent::MoveCall { call: "CA2".into(), to: Target::Queue };
    history.send(&Command::ObserveRoom { call: "CA2".into(), room: "CF2".into() }).unwrap();
    assert_eq!(history.ask("mihai", moved).unwrap_err(), Refusal::Internal);
    // Either of them ends it.
    let outcome = history.ask("elena", Intent::HangUp { call: "CA2".into() }).unwrap();
    assert_eq!(outcome.effects[0].kind, EffectKind::HangUp);
    let outcome = history.send(&Command::ObserveEnd { call: "CA2".into() }).unwrap();
    let record = &outcome.records[0];
    assert_eq!((record.direction, record.outcome), (Direction::Internal, Outcome::Answered));
    assert_eq!(record.hung_up_by, HungUpBy::Agent("elena".into()));
    assert_eq!((status(&history, "mihai"), status(&history, "elena")), (Status::Available, Status::Available));
    assert!(history.floor.dials.is_empty(), "calls between colleagues cost nothing");
}

#[test]
fn a_call_between_colleagues_never_waits_for_anybody_else() {
    let mut history = two();
    history.send(&call_colleague("CA2", "mihai".into(), "elena".into())).unwrap();
    history.send(&outside("CA2", LegNews::Joined)).unwrap();
    assert_eq!(history.floor.calls[&"CA2".into()].outside, Outside::Connected);
    let outcome = history.leg("CA2", 1, LegNews::Gone(LegEnd::Completed));
    assert!(outcome.effects.iter().any(|effect| effect.kind == EffectKind::DropOutside), "{outcome:?}");
    assert!(!history.floor.calls.contains_key(&"CA2".into()));
}

#[test]
fn a_call_that_is_set_aside_for_a_second_one_takes_no_guest_along() {
    let mut history = two();
    history.send(&Command::ObserveDevice { agent: "ana".into(), news: DeviceNews::Here }).unwrap();
    history.ask("elena", Intent::SetPresence { agent: "elena".into(), presence: Presence::Away }).unwrap();
    history.ask("mihai", Intent::SetPresence { agent: "mihai".into(), presence: Presence::Away }).unwrap();
    history.arrives("CA2");
    history.ask("mihai", Intent::SetPresence { agent: "mihai".into(), presence: Presence::Away }).unwrap();
    history.ask("ana", Intent::MoveCall { call: "CA2".into(), to: Target::Agent("ana".into()) }).unwrap();
    history.ask("elena", Intent::SetPresence { agent: "elena".into(), presence: Presence::Available }).unwrap();
    history.ask("ana", invite("elena")).unwrap();
    // The second call is answered before Elena is there: the first is parked, and nobody is rung into it any more.
    let outcome = history.leg("CA2", 1, LegNews::Joined);
    assert!(outcome.effects.iter().any(|effect| effect.kind == dropped(2)), "{outcome:?}");
    assert!(matches!(history.place("CA1"), Place::Slot { .. }));
    history.leg("CA1", 2, LegNews::Joined);
    assert!(history.floor.calls[&"CA1".into()].guests.is_empty());
}

#[test]
fn a_caller_whom_the_last_guest_leaves_beside_a_broken_line_hears_music() {
    let mut history = three();
    history.send(&Command::ObserveDevice { agent: "ana".into(), news: DeviceNews::Here }).unwrap();
    history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    let outcome = history.ask("mihai", hang_up()).unwrap();
    assert!(outcome.effects.iter().any(|effect| effect.kind == EffectKind::Hold), "{outcome:?}");
    history.ask("ana", Intent::Rejoin { call: "CA1".into() }).unwrap();
    let outcome = history.leg("CA1", 3, LegNews::Joined);
    assert!(outcome.effects.iter().any(|effect| effect.kind == EffectKind::Resume), "{outcome:?}");
}

#[test]
fn a_page_that_is_lost_while_somebody_is_added_is_noticed() {
    let mut history = two();
    history.send(&Command::ObserveDevice { agent: "ana".into(), news: DeviceNews::Here }).unwrap();
    history.ask("ana", invite("mihai")).unwrap();
    history.send(&Command::ObserveDevice { agent: "ana".into(), news: DeviceNews::Lost }).unwrap();
    history.now = history.now.plus_secs(4);
    let outcome = history.send(&Command::Tick).unwrap();
    let effects: Vec<_> = outcome.effects.iter().map(|effect| effect.kind.clone()).collect();
    assert_eq!(effects, vec![dropped(2), EffectKind::Hold]);
}

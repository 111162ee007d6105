//! People outside who are added to a call.

use switchyard::{
    agent::{Presence, Status},
    call::{Call, Caller, Failure, LegEnd, LegState, Notice, Place},
    floor::{Command, DeviceNews, EffectKind, Event, Floor, Intent, LegNews, Outcome, Refusal, Settings, Target},
    id::{AgentId, LegId},
};

use crate::history::{History, add, call_colleague, outside};

const DENTIST: &str = "+40744100200";
const LAWYER: &str = "+40745987654";

/// Ana talks to a caller; Mihai takes calls.
fn two() -> History {
    let mut history = History::opened(Presence::Away);
    for id in ["ana", "mihai"] {
        history.ask(id, Intent::SetPresence { agent: id.into(), presence: Presence::Available }).unwrap();
    }
    history.arrives("CA1");
    history.leg("CA1", 1, LegNews::Joined);
    history
}

/// Ana has added the dentist, who answered.
fn three() -> History {
    let mut history = two();
    let outcome = history.send(&add("CA1", "ana".into(), DENTIST)).unwrap();
    assert_eq!(effects(&outcome), [EffectKind::Add { leg: LegId(2) }], "nobody is put on hold");
    history.leg("CA1", 2, LegNews::Joined);
    history
}

fn call(history: &History) -> &Call {
    &history.floor.calls[&"CA1".into()]
}

fn effects(outcome: &Outcome) -> Vec<EffectKind> {
    outcome.effects.iter().map(|effect| effect.kind.clone()).collect()
}

fn dropped(leg: u32) -> EffectKind {
    EffectKind::Drop { leg: LegId(leg) }
}

fn remove(leg: u32) -> Intent {
    Intent::Remove { call: "CA1".into(), leg: LegId(leg) }
}

fn hang_up() -> Intent {
    Intent::HangUp { call: "CA1".into() }
}

fn hold() -> Intent {
    Intent::Hold { call: "CA1".into() }
}

fn page(history: &mut History, news: DeviceNews) -> Outcome {
    history.send(&Command::ObserveDevice { agent: "ana".into(), news }).unwrap()
}

fn later(history: &mut History, secs: u32) -> Vec<EffectKind> {
    history.now = history.now.plus_secs(secs);
    let mut all = Vec::new();
    loop {
        let outcome = history.send(&Command::Tick).unwrap();
        if outcome.events.is_empty() {
            return all;
        }
        all.extend(effects(&outcome));
    }
}

#[test]
fn somebody_outside_is_called_rings_and_is_in_the_call() {
    let mut history = two();
    history.send(&add("CA1", "ana".into(), DENTIST)).unwrap();
    for (news, state) in [
        (LegNews::Dialing, LegState::Dialing),
        (LegNews::Ringing, LegState::Ringing),
        (LegNews::Joined, LegState::Joined),
    ] {
        let outcome = history.leg("CA1", 2, news);
        assert_eq!(outcome.effects, vec![]);
        assert_eq!(call(&history).leg(LegId(2)).unwrap().state, state);
    }
    let added = &call(&history).added[0];
    assert_eq!((added.who.number.as_str(), added.line.label.as_str()), (DENTIST, "Front desk"));
    assert_eq!(call(&history).place, Place::Agent { agent: "ana".into(), leg: LegId(1) });
    assert_eq!(history.floor.status(&"mihai".into()), Some(Status::Available), "nobody else is rung for it");
    // And one more.
    history.send(&add("CA1", "ana".into(), LAWYER)).unwrap();
    assert_eq!(call(&history).added.len(), 2);
}

#[test]
fn who_does_not_come_is_said_with_the_reason_and_the_others_go_on() {
    for (end, failure) in [
        (LegEnd::Busy, Failure::Busy),
        (LegEnd::NoAnswer, Failure::NoAnswer),
        (LegEnd::Declined, Failure::Declined),
        (LegEnd::Unreachable, Failure::Unreachable),
    ] {
        let mut history = two();
        history.send(&add("CA1", "ana".into(), DENTIST)).unwrap();
        let outcome = history.leg("CA1", 2, LegNews::Gone(end));
        assert_eq!(outcome.effects, vec![], "{end:?}");
        let who = Some(Caller { number: DENTIST.into(), name: None });
        let at = history.now;
        assert_eq!(call(&history).notice, Some(Notice { failure, agent: None, added: who, at }));
        assert!(call(&history).added.is_empty() && call(&history).talking_to().is_some());
        // Asked again, what went wrong is over.
        history.send(&add("CA1", "ana".into(), DENTIST)).unwrap();
        assert_eq!(call(&history).notice, None);
    }
}

#[test]
fn what_the_carrier_refuses_is_said_and_a_leg_that_got_through_is_ended() {
    let mut history = two();
    history.send(&add("CA1", "ana".into(), DENTIST)).unwrap();
    let failure = Failure::CarrierRefused { code: 21211, message: "not a number".into() };
    let effect = EffectKind::Add { leg: LegId(2) };
    let outcome = history.send(&Command::ObserveFailure { call: "CA1".into(), effect, failure: failure.clone() });
    assert_eq!(effects(&outcome.unwrap()), [dropped(2)]);
    assert_eq!(call(&history).notice.as_ref().unwrap().failure, failure);
    // It can be named only now.
    assert_eq!(effects(&history.leg("CA1", 2, LegNews::Ringing)), [dropped(2)]);
    assert!(call(&history).added.is_empty());
}

#[test]
fn whoever_was_added_hangs_up_or_is_sent_out_and_the_others_go_on() {
    let mut history = three();
    assert_eq!(history.leg("CA1", 2, LegNews::Gone(LegEnd::Completed)).effects, vec![]);
    assert!(call(&history).added.is_empty() && call(&history).notice.is_none(), "that is no failure");

    let mut history = three();
    assert_eq!(history.ask("mihai", remove(2)).unwrap_err(), Refusal::NotYours);
    assert_eq!(effects(&history.ask("ana", remove(2)).unwrap()), [dropped(2)]);
    assert_eq!(history.ask("ana", remove(2)).unwrap().events, vec![], "who is out stays so");
    assert_eq!(effects(&history.leg("CA1", 2, LegNews::Gone(LegEnd::Completed))), []);
    assert!(call(&history).talking_to().is_some() && !call(&history).held);
}

#[test]
fn a_talk_so_short_that_its_end_is_the_first_news_is_no_failure() {
    let mut history = two();
    history.send(&add("CA1", "ana".into(), DENTIST)).unwrap();
    history.leg("CA1", 2, LegNews::Gone(LegEnd::Completed));
    assert_eq!(call(&history).notice, None);
}

#[test]
fn only_a_call_in_which_two_talk_takes_anybody() {
    let mut history = History::opened(Presence::Away);
    let ana = || "ana".into();
    assert_eq!(history.send(&add("CA1", ana(), DENTIST)).unwrap_err(), Refusal::CallGone);
    history.arrives("CA1");
    assert_eq!(history.send(&add("CA1", ana(), DENTIST)).unwrap_err(), Refusal::NotTalking);

    let mut history = two();
    assert_eq!(history.send(&add("CA1", "mihai".into(), DENTIST)).unwrap_err(), Refusal::NotYours);
    let caller = call(&history).caller.number.clone();
    assert_eq!(history.send(&add("CA1", ana(), &caller)).unwrap_err(), Refusal::AlreadyThere);
    history.send(&add("CA1", ana(), DENTIST)).unwrap();
    assert_eq!(history.send(&add("CA1", ana(), DENTIST)).unwrap_err(), Refusal::AlreadyThere);

    let mut history = two();
    history.ask("ana", Intent::Invite { call: "CA1".into(), agent: "mihai".into() }).unwrap();
    let moving = Refusal::AlreadyMoving { to: Some("mihai".into()) };
    assert_eq!(history.send(&add("CA1", ana(), DENTIST)).unwrap_err(), moving);
}

#[test]
fn adding_counts_like_calling() {
    let mut history = two();
    history.send(&Command::Configure(Settings { dials_per_agent: 1, ..Settings::default() })).unwrap();
    history.send(&add("CA1", "ana".into(), DENTIST)).unwrap();
    let refused = history.send(&add("CA1", "ana".into(), LAWYER)).unwrap_err();
    assert!(matches!(refused, Refusal::TooManyCalls { retry_secs: 3600..=3601 }), "{refused:?}");
    assert!(history.floor.may_dial(&"mihai".into(), history.now).is_ok());
    // Where none is allowed, the first is refused.
    let mut history = two();
    history.send(&Command::Configure(Settings { dials_per_floor: 0, ..Settings::default() })).unwrap();
    let refused = history.send(&add("CA1", "ana".into(), LAWYER)).unwrap_err();
    assert_eq!(refused, Refusal::TooManyCalls { retry_secs: 3601 });
}

#[test]
fn a_call_with_somebody_added_is_not_moved_under_them() {
    let mut history = three();
    for to in [Target::Queue, Target::Slot(None), Target::Agent("mihai".into())] {
        let moved = Intent::MoveCall { call: "CA1".into(), to };
        assert_eq!(history.ask("ana", moved).unwrap_err(), Refusal::HasGuests);
    }
}

#[test]
fn holding_holds_everybody_and_excludes_adding() {
    let mut history = two();
    history.send(&add("CA1", "ana".into(), DENTIST)).unwrap();
    assert_eq!(history.ask("ana", hold()).unwrap_err(), Refusal::Adding);
    history.leg("CA1", 2, LegNews::Joined);
    assert_eq!(effects(&history.ask("ana", hold()).unwrap()), [EffectKind::Hold]);
    assert_eq!(history.send(&add("CA1", "ana".into(), LAWYER)).unwrap_err(), Refusal::OnHold);
    history.ask("ana", Intent::Resume { call: "CA1".into() }).unwrap();
    history.send(&add("CA1", "ana".into(), LAWYER)).unwrap();
}

#[test]
fn whoever_comes_in_while_a_line_is_broken_hears_music_until_it_is_mended() {
    let mut history = two();
    page(&mut history, DeviceNews::Here);
    history.send(&add("CA1", "ana".into(), DENTIST)).unwrap();
    let outcome = history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    assert_eq!(effects(&outcome), [EffectKind::Hold]);
    assert_eq!(effects(&history.leg("CA1", 2, LegNews::Joined)), [EffectKind::Hold]);
    history.ask("ana", Intent::Rejoin { call: "CA1".into() }).unwrap();
    assert_eq!(effects(&history.leg("CA1", 3, LegNews::Joined)), [EffectKind::Resume]);
    assert!(call(&history).is_joined(LegId(2)) && call(&history).added.len() == 1);
}

#[test]
fn an_agent_who_does_not_come_back_leaves_nobody_behind() {
    let mut history = three();
    page(&mut history, DeviceNews::Here);
    let outcome = history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    assert_eq!(effects(&outcome), [EffectKind::Hold], "for a while both hear music");
    let effects = later(&mut history, 20);
    assert!(effects.contains(&dropped(2)), "{effects:?}");
    assert!(call(&history).added.is_empty() && call(&history).held);
    assert_eq!(call(&history).place, Place::Queue, "the caller waits for the next agent");
}

#[test]
fn an_agent_who_leaves_without_a_page_leaves_nobody_behind_either() {
    for leave in [Command::Unseat("ana".into()), crate::history::leg_news("CA1", 1, LegNews::Gone(LegEnd::Completed))] {
        let mut history = three();
        let effects = effects(&history.send(&leave).unwrap());
        assert!(effects.contains(&dropped(2)) && effects.contains(&EffectKind::Hold), "{effects:?}");
        assert_eq!(call(&history).place, Place::Queue);
    }
}

#[test]
fn a_guest_who_takes_over_has_whoever_was_added_too() {
    let mut history = three();
    history.ask("ana", Intent::Invite { call: "CA1".into(), agent: "mihai".into() }).unwrap();
    history.leg("CA1", 3, LegNews::Joined);
    assert_eq!(effects(&history.ask("ana", hang_up()).unwrap()), [dropped(1)]);
    assert_eq!(call(&history).added.len(), 1);
    assert_eq!(effects(&history.ask("mihai", remove(2)).unwrap()), [dropped(2)]);
}

#[test]
fn when_the_agent_or_the_caller_hangs_up_it_is_over_for_all() {
    let mut history = three();
    assert_eq!(effects(&history.ask("ana", hang_up()).unwrap()), [EffectKind::HangUp]);
    let outcome = history.send(&Command::ObserveEnd { call: "CA1".into() }).unwrap();
    assert_eq!(effects(&outcome), [dropped(2)], "whatever becomes of the room");
    assert_eq!(outcome.records.len(), 1);
}

#[test]
fn nobody_is_called_for_ever() {
    let mut history = two();
    history.send(&add("CA1", "ana".into(), DENTIST)).unwrap();
    history.leg("CA1", 2, LegNews::Ringing);
    assert_eq!(later(&mut history, 74), []);
    assert_eq!(later(&mut history, 1), [dropped(2)]);
    assert_eq!(call(&history).notice.as_ref().unwrap().failure, Failure::NoAnswer);
}

#[test]
fn somebody_is_added_to_a_call_between_colleagues() {
    let mut history = two();
    history.ask("elena", Intent::SetPresence { agent: "elena".into(), presence: Presence::Available }).unwrap();
    history.send(&call_colleague("CA2", "mihai".into(), "elena".into())).unwrap();
    assert_eq!(history.send(&add("CA2", "mihai".into(), DENTIST)).unwrap_err(), Refusal::NotReady);
    history.send(&outside("CA2", LegNews::Joined)).unwrap();
    history.send(&Command::ObserveRoom { call: "CA2".into(), room: "CF2".into() }).unwrap();
    history.send(&add("CA2", "mihai".into(), DENTIST)).unwrap();
    history.leg("CA2", 2, LegNews::Joined);
    // Either of the colleagues ends it for the dentist, too.
    let outcome = history.leg("CA2", 1, LegNews::Gone(LegEnd::Completed));
    assert!(effects(&outcome).contains(&dropped(2)), "{outcome:?}");
    assert!(!history.floor.calls.contains_key(&"CA2".into()));
}

#[test]
fn answering_a_second_call_leaves_nobody_behind() {
    let mut history = two();
    page(&mut history, DeviceNews::Here);
    history.ask("mihai", Intent::SetPresence { agent: "mihai".into(), presence: Presence::Away }).unwrap();
    history.arrives("CA2");
    history.ask("ana", Intent::MoveCall { call: "CA2".into(), to: Target::Agent("ana".into()) }).unwrap();
    history.send(&add("CA1", "ana".into(), DENTIST)).unwrap();
    history.leg("CA1", 2, LegNews::Joined);
    let outcome = history.leg("CA2", 1, LegNews::Joined);
    assert!(effects(&outcome).contains(&dropped(2)), "{outcome:?}");
    assert!(call(&history).added.is_empty() && matches!(call(&history).place, Place::Slot { .. }));
}

#[test]
fn whose_call_goes_on_because_they_were_added_is_not_forgotten_yet() {
    let mut history = three();
    let dentist = |_, caller: &Caller, _: Option<&AgentId>| caller.number == DENTIST;
    assert_eq!(history.floor.remembered(dentist, history.now), None, "they talk");
    history.leg("CA1", 2, LegNews::Gone(LegEnd::Completed));
    assert_eq!(
        history.floor.remembered(dentist, history.now),
        Some(Vec::new()),
        "nothing of them is left on the floor"
    );
    history.send(&add("CA1", "ana".into(), DENTIST)).unwrap();
    history.leg("CA1", 3, LegNews::Gone(LegEnd::Busy));
    assert_eq!(history.floor.remembered(dentist, history.now), None, "the notice names them");
}

#[test]
fn floors_and_events_of_before_are_read() {
    let history = two();
    let mut floor = serde_json::to_value(&history.floor).unwrap();
    let call = floor["calls"]["CA1"].as_object_mut().unwrap();
    assert_eq!(call.remove("added"), Some(serde_json::json!([])));
    assert_eq!(call["legs"][0]["agent"], "ana", "legs are written as they were");
    assert_eq!(serde_json::from_value::<Floor>(floor).unwrap(), history.floor);
    let notice = serde_json::json!({ "failure": "no_answer", "agent": "ana", "at": 1 });
    assert_eq!(serde_json::from_value::<Notice>(notice).unwrap().added, None);
    let left = serde_json::json!({ "added_left": { "call": "CA1", "leg": 2, "why": null } });
    assert!(matches!(serde_json::from_value::<Event>(left), Ok(Event::AddedLeft { why: None, .. })));
}

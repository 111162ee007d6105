//! A second call for an agent who talks in a page: they ask for it, and answering it parks the first.

use switchyard::{
    agent::{Presence, Status},
    call::{LegEnd, Place},
    floor::{Command, DeviceNews, EffectKind, Intent, LegNews, Outcome, Refusal, Target},
    id::{LegId, Slot},
};

use crate::history::History;

/// Ana talks to the first caller, and the second waits.
fn ana_talks(in_page: bool) -> History {
    let mut history = History::opened(Presence::Away);
    if in_page {
        page(&mut history, DeviceNews::Here);
    }
    history.arrives("CA1");
    history.ask("ana", take("CA1")).unwrap();
    history.leg("CA1", 1, LegNews::Joined);
    history.arrives("CA2");
    history
}

fn page(history: &mut History, news: DeviceNews) {
    history.send(&Command::ObserveDevice { agent: "ana".into(), news }).unwrap();
}

fn take(call: &str) -> Intent {
    Intent::MoveCall { call: call.into(), to: Target::Agent("ana".into()) }
}

fn asks_for(outcome: &Outcome, call: &str, kind: &EffectKind) -> bool {
    outcome.effects.iter().any(|effect| effect.call.as_str() == call && effect.kind == *kind)
}

#[test]
fn it_rings_only_where_the_first_can_be_parked() {
    assert_eq!(ana_talks(false).ask("ana", take("CA2")).unwrap_err(), Refusal::AgentBusy);
    let mut history = ana_talks(true);
    assert_eq!(history.ask("mihai", take("CA2")).unwrap_err(), Refusal::AgentBusy, "only who talks may ask for more");
    let outcome = history.ask("ana", take("CA2")).unwrap();
    assert!(outcome.effects.iter().any(|effect| matches!(effect.kind, EffectKind::Ring { .. })));
    assert_eq!(history.floor.status(&"ana".into()), Some(Status::OnCall));
    history.arrives("CA3");
    assert_eq!(history.ask("ana", take("CA3")).unwrap_err(), Refusal::AgentRinging, "one after the other");
}

#[test]
fn who_answers_it_has_parked_the_first() {
    let mut history = ana_talks(true);
    history.ask("ana", take("CA2")).unwrap();
    let outcome = history.leg("CA2", 1, LegNews::Joined);
    assert_eq!(history.place("CA1"), Place::Slot { slot: Slot(1), by: "ana".into() });
    assert_eq!(history.place("CA2"), Place::Agent { agent: "ana".into(), leg: LegId(1) });
    assert!(
        asks_for(&outcome, "CA1", &EffectKind::Hold) && asks_for(&outcome, "CA1", &EffectKind::Drop { leg: LegId(1) })
    );
}

#[test]
fn where_the_lot_is_full_the_first_waits_for_the_next_agent() {
    let mut history = ana_talks(true);
    for call in ["CA3", "CA4", "CA5"] {
        history.arrives(call);
        history.ask("mihai", Intent::MoveCall { call: call.into(), to: Target::Slot(None) }).unwrap();
    }
    history.ask("ana", take("CA2")).unwrap();
    history.leg("CA2", 1, LegNews::Joined);
    assert_eq!(history.place("CA1"), Place::Queue);
}

#[test]
fn who_does_not_answer_it_goes_on_talking() {
    let mut history = ana_talks(true);
    history.ask("ana", take("CA2")).unwrap();
    history.leg("CA2", 1, LegNews::Gone(LegEnd::Declined));
    assert_eq!(history.place("CA1"), Place::Agent { agent: "ana".into(), leg: LegId(1) });
    assert_eq!(history.place("CA2"), Place::Queue);
}

#[test]
fn who_comes_back_to_the_first_is_not_rung_for_the_second() {
    let mut history = ana_talks(true);
    history.ask("ana", take("CA2")).unwrap();
    history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    history.ask("ana", Intent::Rejoin { call: "CA1".into() }).unwrap();
    history.leg("CA1", 2, LegNews::Joined);
    assert_eq!(history.place("CA1"), Place::Agent { agent: "ana".into(), leg: LegId(2) });
    assert_eq!(history.place("CA2"), Place::Queue);
}

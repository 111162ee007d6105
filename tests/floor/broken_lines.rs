//! A caller whom the agent had put on hold when the line broke: what they hear when the agent is back.

use switchyard::{
    agent::Presence,
    call::{LegEnd, Place},
    floor::{Command, DeviceNews, EffectKind, Intent, LegNews, Outcome},
    id::{CallId, LegId},
};

use crate::history::History;

/// Ana talks to a caller in her page, or has put them on hold.
fn ana_talks(held: bool) -> History {
    let mut history = History::opened(Presence::Away);
    history.arrives("CA1");
    page(&mut history, DeviceNews::Here);
    history.ask("ana", Intent::SetPresence { agent: "ana".into(), presence: Presence::Available }).unwrap();
    history.leg("CA1", 1, LegNews::Joined);
    if held {
        history.ask("ana", Intent::Hold { call: "CA1".into() }).unwrap();
    }
    history
}

fn page(history: &mut History, news: DeviceNews) -> Outcome {
    history.send(&Command::ObserveDevice { agent: "ana".into(), news }).unwrap()
}

fn resumes(outcome: &Outcome) -> bool {
    outcome.effects.iter().any(|effect| effect.kind == EffectKind::Resume)
}

fn is_held(history: &History) -> bool {
    history.floor.calls[&CallId::from("CA1")].held
}

#[test]
fn a_page_that_was_away_finds_the_caller_as_it_left_them() {
    for held in [false, true] {
        let mut history = ana_talks(held);
        page(&mut history, DeviceNews::Lost);
        history.now = history.now.plus_secs(5);
        history.send(&Command::Tick).unwrap();
        assert!(is_held(&history), "the caller hears music while the line is broken");
        let outcome = page(&mut history, DeviceNews::Here);
        assert_eq!((is_held(&history), resumes(&outcome)), (held, !held));
    }
}

#[test]
fn an_agent_who_is_rung_back_in_finds_the_caller_as_they_left_them() {
    for held in [false, true] {
        let mut history = ana_talks(held);
        history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
        history.ask("ana", Intent::Rejoin { call: "CA1".into() }).unwrap();
        let outcome = history.leg("CA1", 2, LegNews::Joined);
        assert_eq!(history.place("CA1"), Place::Agent { agent: "ana".into(), leg: LegId(2) });
        assert_eq!((is_held(&history), resumes(&outcome)), (held, !held));
        if held {
            history.ask("ana", Intent::Resume { call: "CA1".into() }).unwrap();
            assert!(!is_held(&history));
        }
    }
}

#[test]
fn whoever_takes_the_call_over_finds_the_caller_off_hold() {
    let mut history = ana_talks(true);
    history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    history.ask("mihai", Intent::SetPresence { agent: "mihai".into(), presence: Presence::Available }).unwrap();
    history.now = history.now.plus_secs(21);
    history.send(&Command::Tick).unwrap();
    history.now = history.now.plus_secs(5);
    history.send(&Command::Tick).unwrap();
    history.leg("CA1", 2, LegNews::Joined);
    assert_eq!(history.place("CA1"), Place::Agent { agent: "mihai".into(), leg: LegId(2) });
    assert!(!is_held(&history));
}

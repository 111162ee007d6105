//! People come and go for good; callers stay.

use proptest::prelude::*;
use switchyard::{
    agent::{Presence, Status},
    call::{Call, Outside, Pending, Place},
    floor::{Command, EffectKind, Intent, LegNews, Refusal, Target},
    id::{CallId, LegId, Slot},
};

use crate::history::{History, dial, profile};
use crate::random::{any_agent, any_story, play};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Whoever leaves takes nobody along: every caller is still there, with somebody else or hearing music. Only a call
    /// between them and a colleague is over.
    #[test]
    fn nobody_leaves_with_a_call(story in any_story(), agent in any_agent()) {
        let mut history = play(&story);
        let own = |call: &Call| {
            call.colleague.is_some() && (call.talking_to() == Some(&agent) && call.guests.is_empty() || call.colleague.as_ref() == Some(&agent))
        };
        let before: Vec<CallId> = history.floor.calls.values().filter(|call| !own(call)).map(|call| call.id.clone()).collect();
        history.send(&Command::Unseat(agent.clone())).unwrap();
        let floor = &history.floor;
        prop_assert!(!floor.agents.contains_key(&agent));
        prop_assert_eq!(&floor.calls.keys().cloned().collect::<Vec<_>>(), &before);
        for call in floor.calls.values() {
            prop_assert!(call.talking_to() != Some(&agent), "{call:?}");
            prop_assert!(!call.rings_at(&agent) && !call.is_in(&agent), "{call:?}");
        }
        // Twice is once, and whoever comes again comes as somebody new.
        prop_assert!(history.send(&Command::Unseat(agent.clone())).unwrap().events.is_empty());
        history.send(&Command::Seat(profile(agent.as_str()))).unwrap();
        prop_assert_eq!(history.floor.status(&agent), Some(Status::Offline));
    }
}

fn ana_talks() -> History {
    let mut history = History::opened(Presence::Away);
    history.arrives("CA1");
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: Target::Agent("ana".into()) }).unwrap();
    history.leg("CA1", 1, LegNews::Joined);
    history
}

#[test]
fn whoever_talked_to_them_hears_music_and_waits_for_the_next() {
    let mut history = ana_talks();
    history.ask("mihai", Intent::SetPresence { agent: "mihai".into(), presence: Presence::Available }).unwrap();
    let outcome = history.send(&Command::Unseat("ana".into())).unwrap();
    let effects: Vec<_> = outcome.effects.iter().map(|effect| &effect.kind).collect();
    assert!(matches!(
        effects[..],
        [EffectKind::Hold, EffectKind::Drop { leg: LegId(1) }, EffectKind::Ring { leg: LegId(2), .. }]
    ));
    assert_eq!(history.place("CA1"), Place::Queue);
    assert_eq!(history.floor.status(&"mihai".into()), Some(Status::Ringing));
    // What they still ask for is nobody's.
    let refused = history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: Target::Slot(None) });
    assert_eq!(refused.unwrap_err(), Refusal::NoSuchAgent);
}

#[test]
fn a_transfer_to_them_returns_and_a_park_by_them_goes_on() {
    let mut history = ana_talks();
    history.ask("mihai", Intent::SetPresence { agent: "mihai".into(), presence: Presence::Available }).unwrap();
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: Target::Agent("mihai".into()) }).unwrap();
    history.send(&Command::Unseat("mihai".into())).unwrap();
    assert_eq!(history.place("CA1"), Place::Agent { agent: "ana".into(), leg: LegId(1) });
    assert!(!history.floor.calls[&CallId::from("CA1")].held);

    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: Target::Slot(Some(Slot(2))) }).unwrap();
    history.send(&Command::Unseat("ana".into())).unwrap();
    assert_eq!(history.place("CA1"), Place::Slot { slot: Slot(2), by: "ana".into() });
    // Nobody is there to be reminded.
    history.now = history.now.plus_secs(61);
    history.send(&Command::Tick).unwrap();
    assert_eq!(history.place("CA1"), Place::Queue);
}

#[test]
fn a_call_that_they_placed_and_nobody_answered_is_ended() {
    let mut history = History::opened(Presence::Away);
    history.send(&dial("CA1", "ana".into())).unwrap();
    let outcome = history.send(&Command::Unseat("ana".into())).unwrap();
    assert!(outcome.effects.iter().any(|effect| effect.kind == EffectKind::HangUp));
    let call = &history.floor.calls[&CallId::from("CA1")];
    assert!(matches!(call.pending, Some(Pending::HangUp { .. })) && call.outside == Outside::Dialing);
    assert_eq!(call.place, Place::Queue);
}

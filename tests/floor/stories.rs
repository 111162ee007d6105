//! What happens in the cases that people would ask about.

use switchyard::{
    agent::{Presence, Status},
    call::{Failure, LegEnd, Place},
    floor::{Command, DeviceNews, EffectKind, Event, Intent, LegNews, Refusal, Target},
    history::{HungUpBy, Outcome},
    id::{AgentId, CallId, LegId, Slot},
};

use crate::history::{AGENTS, History, dial, outside};

#[test]
fn two_who_grab_one_caller_exactly_one_wins() {
    let mut history = History::opened(Presence::Away);
    history.arrives("CA1");
    let grab = |who: &str| Intent::MoveCall { call: "CA1".into(), to: Target::Agent(who.into()) };
    history.ask("ana", grab("ana")).unwrap();
    let refused = history.ask("mihai", grab("mihai")).unwrap_err();
    assert_eq!(refused, Refusal::AlreadyMoving { to: Some("ana".into()) });
    history.leg("CA1", 1, LegNews::Joined);
    assert_eq!(history.place("CA1"), Place::Agent { agent: "ana".into(), leg: LegId(1) });
    assert_eq!(history.ask("mihai", grab("mihai")).unwrap_err(), Refusal::NotYours);
}

#[test]
fn a_transfer_that_nobody_answers_comes_back_to_the_one_who_made_it() {
    let mut history = History::opened(Presence::Away);
    history.arrives("CA1");
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: Target::Agent("ana".into()) }).unwrap();
    history.leg("CA1", 1, LegNews::Joined);
    history.ask("mihai", Intent::SetPresence { agent: "mihai".into(), presence: Presence::Available }).unwrap();

    let outcome =
        history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: Target::Agent("mihai".into()) }).unwrap();
    assert_eq!(outcome.effects[0].kind, EffectKind::Hold);
    assert!(matches!(outcome.effects[1].kind, EffectKind::Ring { leg: LegId(2), .. }));
    // Ana keeps the caller until Mihai's phone is on its way.
    assert_eq!(history.floor.status(&"ana".into()), Some(Status::OnCall));
    let outcome = history.leg("CA1", 2, LegNews::Ringing);
    assert_eq!(outcome.effects[0].kind, EffectKind::Drop { leg: LegId(1) });
    assert_eq!(history.floor.status(&"ana".into()), Some(Status::WrapUp));

    let outcome = history.leg("CA1", 2, LegNews::Gone(LegEnd::NoAnswer));
    assert!(matches!(&outcome.effects[0].kind, EffectKind::Ring { agent, .. } if agent.as_str() == "ana"));
    let why = history.floor.calls[&CallId::from("CA1")].trouble().unwrap();
    assert_eq!(why.agent, Some(AgentId::from("mihai")), "that is why it rings");
    let outcome = history.leg("CA1", 3, LegNews::Joined);
    assert_eq!(history.place("CA1"), Place::Agent { agent: "ana".into(), leg: LegId(3) });
    assert!(outcome.effects.iter().any(|effect| effect.kind == EffectKind::Resume), "the caller is off hold again");
}

#[test]
fn when_the_carrier_fails_during_a_transfer_nobody_loses_the_caller() {
    let mut history = History::opened(Presence::Available);
    history.arrives("CA1");
    history.leg("CA1", 1, LegNews::Joined);
    let Place::Agent { agent, .. } = history.place("CA1") else { panic!("nobody answered") };
    let to = AGENTS.iter().find(|id| **id != agent.as_str()).unwrap();
    history.ask(agent.as_str(), Intent::MoveCall { call: "CA1".into(), to: Target::Agent((*to).into()) }).unwrap();
    let ring = EffectKind::Ring { leg: LegId(2), agent: (*to).into(), secs: 20 };
    let failed = Command::ObserveFailure { call: "CA1".into(), effect: ring, failure: Failure::CarrierDown };
    let outcome = history.send(&failed).unwrap();
    assert_eq!(history.place("CA1"), Place::Agent { agent, leg: LegId(1) });
    assert!(outcome.effects.iter().any(|effect| effect.kind == EffectKind::Resume));
    let call = &history.floor.calls[&CallId::from("CA1")];
    assert_eq!(call.notice.as_ref().unwrap().failure, Failure::CarrierDown);
}

#[test]
fn a_call_parked_too_long_rings_the_one_who_parked_it_and_then_everybody() {
    let mut history = History::opened(Presence::Away);
    history.ask("ana", Intent::SetPresence { agent: "ana".into(), presence: Presence::Available }).unwrap();
    history.arrives("CA1");
    history.leg("CA1", 1, LegNews::Joined);
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: Target::Slot(None) }).unwrap();
    assert_eq!(
        history.place("CA1"),
        Place::Agent { agent: "ana".into(), leg: LegId(1) },
        "not before the carrier says so"
    );
    history.send(&Command::ObserveHeld { call: "CA1".into() }).unwrap();
    assert_eq!(history.place("CA1"), Place::Slot { slot: Slot(1), by: "ana".into() });

    history.now = history.now.plus_secs(61);
    let outcome = history.send(&Command::Tick).unwrap();
    assert!(matches!(&outcome.events[0].event, Event::Offered { agent, .. } if agent.as_str() == "ana"));
    history.now = history.now.plus_secs(34);
    history.send(&Command::Tick).unwrap();
    assert_eq!(history.place("CA1"), Place::Queue);
}

#[test]
fn after_two_missed_calls_an_agent_is_away() {
    let mut history = History::opened(Presence::Away);
    history.ask("ana", Intent::SetPresence { agent: "ana".into(), presence: Presence::Available }).unwrap();
    history.arrives("CA1");
    history.leg("CA1", 1, LegNews::Gone(LegEnd::NoAnswer));
    assert_eq!(history.floor.status(&"ana".into()), Some(Status::Ringing), "the only one there is rung again");
    history.leg("CA1", 2, LegNews::Gone(LegEnd::Declined));
    assert_eq!(history.floor.status(&"ana".into()), Some(Status::Away));
}

#[test]
fn who_is_set_away_is_told_why_until_somebody_says_what_the_presence_is() {
    for (by, presence) in [("ana", Presence::Available), ("ana", Presence::Away), ("cristina", Presence::Away)] {
        let mut history = History::opened(Presence::Away);
        let why = |history: &History| history.floor.agents[&AgentId::from("ana")].missed_away;
        history.ask("ana", Intent::SetPresence { agent: "ana".into(), presence: Presence::Available }).unwrap();
        history.arrives("CA1");
        history.leg("CA1", 1, LegNews::Gone(LegEnd::NoAnswer));
        assert_eq!(why(&history), None, "one is not too many");
        history.leg("CA1", 2, LegNews::Gone(LegEnd::NoAnswer));
        assert_eq!(why(&history), Some(2));
        history.ask(by, Intent::SetPresence { agent: "ana".into(), presence }).unwrap();
        assert_eq!(why(&history), None, "{by} says {presence:?}");
    }
}

#[test]
fn while_a_call_rings_nothing_is_said_of_who_did_not_answer_before() {
    let mut history = History::opened(Presence::Away);
    for id in ["ana", "mihai"] {
        history.ask(id, Intent::SetPresence { agent: id.into(), presence: Presence::Available }).unwrap();
    }
    let who = |history: &History| {
        let call = &history.floor.calls[&CallId::from("CA1")];
        (call.offer.as_ref().map(|offer| offer.agent.clone()), call.trouble().and_then(|notice| notice.agent.clone()))
    };
    history.arrives("CA1");
    assert_eq!(who(&history), (Some("ana".into()), None));
    // Whoever was rung just now has not been idle for longest.
    history.now = history.now.plus_secs(1);
    history.leg("CA1", 1, LegNews::Gone(LegEnd::NoAnswer));
    assert_eq!(who(&history), (Some("mihai".into()), None), "it rings, and that Ana did not answer is no news");
    history.ask("ana", Intent::SetPresence { agent: "ana".into(), presence: Presence::Away }).unwrap();
    history.leg("CA1", 2, LegNews::Gone(LegEnd::NoAnswer));
    assert_eq!(who(&history), (Some("mihai".into()), None), "nobody else is there");
    history.leg("CA1", 3, LegNews::Gone(LegEnd::NoAnswer));
    assert_eq!(who(&history), (None, Some("mihai".into())));
}

#[test]
fn whoever_was_away_from_their_page_has_not_been_waiting_for_a_call() {
    for (away, first) in [(1, "ana"), (600, "mihai")] {
        let mut history = History::opened(Presence::Away);
        let page = |history: &mut History, news| {
            history.send(&Command::ObserveDevice { agent: "ana".into(), news }).unwrap();
        };
        page(&mut history, DeviceNews::Here);
        for id in ["ana", "mihai"] {
            history.ask(id, Intent::SetPresence { agent: id.into(), presence: Presence::Available }).unwrap();
            history.now = history.now.plus_secs(1);
        }
        page(&mut history, DeviceNews::Lost);
        history.now = history.now.plus_secs(away);
        page(&mut history, DeviceNews::Here);
        history.arrives("CA1");
        let offer = history.floor.calls[&CallId::from("CA1")].offer.as_ref();
        assert_eq!(offer.map(|offer| offer.agent.as_str()), Some(first), "away for {away} s");
    }
}

#[test]
fn who_hung_up_is_known_in_whatever_order_the_news_comes() {
    for agents_leg_first in [true, false] {
        let mut history = History::opened(Presence::Away);
        history.arrives("CA1");
        history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: Target::Agent("ana".into()) }).unwrap();
        history.leg("CA1", 1, LegNews::Joined);
        history.ask("ana", Intent::HangUp { call: "CA1".into() }).unwrap();
        if agents_leg_first {
            history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
        }
        history.send(&Command::ObserveEnd { call: "CA1".into() }).unwrap();
        assert_eq!(history.floor.ended[0].record.hung_up_by, HungUpBy::Agent("ana".into()));
    }
}

#[test]
fn a_ring_that_seemed_to_fail_and_got_through_is_ended() {
    let mut history = History::opened(Presence::Away);
    history.arrives("CA1");
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: Target::Agent("ana".into()) }).unwrap();
    let ring = EffectKind::Ring { leg: LegId(1), agent: "ana".into(), secs: 20 };
    history.send(&Command::ObserveFailure { call: "CA1".into(), effect: ring, failure: Failure::CarrierDown }).unwrap();
    let outcome = history.leg("CA1", 1, LegNews::Ringing);
    assert_eq!(outcome.effects[0].kind, EffectKind::Drop { leg: LegId(1) });
    // The same when the caller has left meanwhile.
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: Target::Agent("ana".into()) }).unwrap();
    history.send(&Command::ObserveEnd { call: "CA1".into() }).unwrap();
    let outcome = history.leg("CA1", 2, LegNews::Dialing);
    assert_eq!(outcome.effects[0].kind, EffectKind::Drop { leg: LegId(2) });
}

#[test]
fn an_agent_who_leaves_while_the_call_is_being_parked_leaves_it_in_its_slot() {
    let mut history = History::opened(Presence::Away);
    history.arrives("CA1");
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: Target::Agent("ana".into()) }).unwrap();
    history.leg("CA1", 1, LegNews::Joined);
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: Target::Slot(Some(Slot(2))) }).unwrap();
    history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
    assert_eq!(history.place("CA1"), Place::Slot { slot: Slot(2), by: "ana".into() });
}

#[test]
fn a_call_that_nobody_took_was_not_answered_by_the_agent_who_placed_it() {
    for (end, outcome) in [
        (LegEnd::Busy, Outcome::Busy),
        (LegEnd::Declined, Outcome::Declined),
        (LegEnd::NoAnswer, Outcome::Unanswered),
        (LegEnd::Unreachable, Outcome::Failed),
    ] {
        let mut history = History::opened(Presence::Available);
        history.send(&dial("CA1", "ana".into())).unwrap();
        history.leg("CA1", 1, LegNews::Joined);
        history.send(&outside("CA1", LegNews::Gone(end))).unwrap();
        // The agent's own leg, in which they heard it ring, ends after that.
        history.leg("CA1", 1, LegNews::Gone(LegEnd::Completed));
        assert_eq!((history.floor.ended[0].record.outcome, history.floor.ended[0].record.answered), (outcome, None));
    }
}

#[test]
fn a_call_of_which_only_the_end_is_told_was_answered_when_somebody_talked() {
    let mut history = History::opened(Presence::Available);
    history.send(&dial("CA1", "ana".into())).unwrap();
    history.ask("ana", Intent::HangUp { call: "CA1".into() }).unwrap();
    history.send(&Command::ObserveEnd { call: "CA1".into() }).unwrap();
    assert_eq!(history.floor.ended[0].record.outcome, Outcome::Canceled);
    let outcome = history.send(&outside("CA1", LegNews::Gone(LegEnd::Completed))).unwrap();
    assert_eq!(outcome.records[0].outcome, Outcome::Answered, "the history is written again");
}

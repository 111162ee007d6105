//! People who are not here and whose mobile phone rings instead.

use std::collections::HashSet;

use proptest::prelude::*;
use switchyard::{
    agent::{Presence, Status, WhenAway},
    call::{Failure, LegEnd, LegState, OfferReason, Pending, Place, Via},
    floor::{Command, DeviceNews, EffectKind, Event, Floor, Intent, LegNews, Refusal, Settings, Target},
    history::HungUpBy,
    id::{AgentId, CallId, LegId},
};

use crate::history::{BOOKINGS, DESK, History};
use crate::random::any_story;

fn goes_mobile(history: &mut History, agent: &str, presence: Presence) {
    history.send(&Command::SetWhenAway { agent: agent.into(), when_away: WhenAway::Mobile }).unwrap();
    history.ask(agent, Intent::SetPresence { agent: agent.into(), presence }).unwrap();
}

fn to(agent: &str) -> Target {
    Target::Agent(agent.into())
}

/// Ana talks; Mihai is not here and can be reached on his mobile phone.
fn ana_talks() -> History {
    let mut history = History::opened(Presence::Away);
    goes_mobile(&mut history, "mihai", Presence::Offline);
    history.arrives("CA1");
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: to("ana") }).unwrap();
    history.leg("CA1", 1, LegNews::Joined);
    history
}

/// The same, and Mihai talks on his mobile phone.
fn mihai_talks() -> History {
    let mut history = ana_talks();
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: to("mihai") }).unwrap();
    history.leg("CA1", 2, LegNews::Dialing);
    history.leg("CA1", 2, LegNews::Joined);
    history
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// A mobile phone rings only for whoever is not here and said that it should, by the queue not again for a call once it rang, and never
    /// beyond what may be spent on calls by hand.
    #[test]
    fn only_whoever_is_not_here_is_rung_on_the_mobile(story in any_story()) {
        let mut history = History::opened(Presence::Available);
        let mut rang = HashSet::new();
        for (command, pause) in &story {
            history.now = history.now.plus_secs(*pause);
            let mut floor = history.floor.clone();
            let Ok(outcome) = history.send(command) else { continue };
            for recorded in &outcome.events {
                if let Event::Arrived { call, .. } = &recorded.event {
                    // What was forgotten comes again as something new.
                    rang.retain(|(known, _)| known != call);
                }
                if let Event::LegMoved { call, leg, .. } = &recorded.event
                    && let Some(leg) = floor.leg(call, *leg).filter(|leg| leg.via == Via::Mobile)
                {
                    rang.insert((call.clone(), leg.agent.clone()));
                }
                if let Event::Offered { call, agent, reason, via: Via::Mobile, .. } = &recorded.event {
                    prop_assert!(matches!(floor.status(agent), Some(Status::Away | Status::Offline)), "{agent} is here");
                    prop_assert_eq!(floor.agents[agent].when_away, WhenAway::Mobile);
                    if *reason == OfferReason::Routed {
                        let number = &floor.calls[call].line.number;
                        let only: Vec<_> = floor.agents.keys().filter(|agent| floor.answers(agent, number)).collect();
                        prop_assert_eq!(only, [agent]);
                        prop_assert!(!rang.contains(&(call.clone(), Some(agent.clone()))), "{agent} is rung again");
                    }
                }
                floor.evolve(recorded);
            }
        }
    }

    /// A mobile phone that nobody waits for any more is hung up: whoever answers it later does not come in to anybody.
    #[test]
    fn no_mobile_is_left_ringing(story in any_story()) {
        let mut history = History::opened(Presence::Available);
        let mut dropped: HashSet<(CallId, LegId)> = HashSet::new();
        for (command, pause) in &story {
            history.now = history.now.plus_secs(*pause);
            let Ok(outcome) = history.send(command) else { continue };
            for effect in outcome.effects {
                let EffectKind::Drop { leg } = effect.kind else { continue };
                // Only one that has a name can be ended.
                if history.floor.leg(&effect.call, leg).is_some_and(|leg| leg.reference.is_some()) {
                    dropped.insert((effect.call, leg));
                }
            }
        }
        let floor = &history.floor;
        let live = floor.calls.values().flat_map(|call| call.legs.iter().map(|leg| (call.id.clone(), leg)));
        let over = floor.ended.iter().flat_map(|ended| ended.legs.iter().map(|leg| (ended.record.call.clone(), leg)));
        for (call, leg) in live.chain(over.filter(|(call, _)| !floor.calls.contains_key(call))) {
            let rings = leg.via == Via::Mobile && leg.state < LegState::Joined && leg.reference.is_some();
            let left = rings && !floor.wants(&call, leg.id) && !dropped.contains(&(call.clone(), leg.id));
            prop_assert!(!left, "left ringing: {call} {leg:?}");
        }
    }
}

#[test]
fn a_transfer_to_somebody_who_is_not_here_rings_their_mobile() {
    let mut history = ana_talks();
    let outcome = history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: to("mihai") }).unwrap();
    let kinds: Vec<_> = outcome.effects.into_iter().map(|effect| effect.kind).collect();
    let ring = EffectKind::Ring { leg: LegId(2), agent: "mihai".into(), secs: 30 };
    assert_eq!(kinds, [EffectKind::Hold, ring]);
    assert_eq!(history.floor.status(&"mihai".into()), Some(Status::Ringing));
    history.leg("CA1", 2, LegNews::Dialing);
    assert_eq!(history.place("CA1"), Place::Queue, "Ana is free as with any transfer");
    // Until they are in the call, nobody has it.
    history.leg("CA1", 2, LegNews::Ringing);
    assert_eq!(history.place("CA1"), Place::Queue);
    let outcome = history.leg("CA1", 2, LegNews::Joined);
    assert!(outcome.effects.iter().any(|effect| effect.kind == EffectKind::Resume));
    assert_eq!(history.place("CA1"), Place::Agent { agent: "mihai".into(), leg: LegId(2) });
    assert_eq!(history.floor.status(&"mihai".into()), Some(Status::OnCall));
}

#[test]
fn a_waiting_and_a_parked_call_go_there_too() {
    let mut history = ana_talks();
    history.arrives("CA2");
    history.ask("elena", Intent::MoveCall { call: "CA2".into(), to: to("mihai") }).unwrap();
    assert!(history.floor.calls[&CallId::from("CA2")].is_mobile(LegId(1)));
    // It rings there already.
    let second = history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: to("mihai") });
    assert_eq!(second.unwrap_err(), Refusal::AgentRinging);
    history.leg("CA2", 1, LegNews::Gone(LegEnd::NoAnswer));
    assert_eq!(history.place("CA2"), Place::Queue);
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: Target::Slot(None) }).unwrap();
    history.send(&Command::ObserveHeld { call: "CA1".into() }).unwrap();
    let parked = history.place("CA1");
    history.ask("elena", Intent::MoveCall { call: "CA1".into(), to: to("mihai") }).unwrap();
    history.leg("CA1", 2, LegNews::Gone(LegEnd::Declined));
    assert_eq!(history.place("CA1"), parked, "what was not answered stays where it was");
}

#[test]
fn nobody_who_is_here_is_rung_on_the_mobile_and_nobody_rings_their_own() {
    let mut history = ana_talks();
    let refused = |history: &mut History, by: &str, call: &str, whom: &str| {
        history.ask(by, Intent::MoveCall { call: call.into(), to: to(whom) }).unwrap_err()
    };
    history.send(&Command::SetWhenAway { agent: "mihai".into(), when_away: WhenAway::Nowhere }).unwrap();
    assert_eq!(refused(&mut history, "ana", "CA1", "mihai"), Refusal::AgentOffline);
    assert_eq!(refused(&mut history, "ana", "CA1", "elena"), Refusal::AgentAway);
    // Ana is on a call, then writes down what came of it.
    history.send(&Command::SetWhenAway { agent: "ana".into(), when_away: WhenAway::Mobile }).unwrap();
    history.arrives("CA2");
    assert_eq!(refused(&mut history, "elena", "CA2", "ana"), Refusal::AgentBusy);
    history.send(&Command::ObserveEnd { call: "CA1".into() }).unwrap();
    assert_eq!(refused(&mut history, "elena", "CA2", "ana"), Refusal::AgentWrappingUp);
    goes_mobile(&mut history, "mihai", Presence::Offline);
    assert_eq!(refused(&mut history, "mihai", "CA2", "mihai"), Refusal::AgentOffline);
    // Nobody is added to a call on their mobile phone.
    history.ask("elena", Intent::MoveCall { call: "CA2".into(), to: to("elena") }).unwrap();
    history.leg("CA2", 1, LegNews::Joined);
    let invited = history.ask("elena", Intent::Invite { call: "CA2".into(), agent: "mihai".into() });
    assert_eq!(invited.unwrap_err(), Refusal::AgentOffline);
}

#[test]
fn whoever_lost_their_page_is_not_here_either() {
    let mut history = ana_talks();
    history.ask("mihai", Intent::SetPresence { agent: "mihai".into(), presence: Presence::Available }).unwrap();
    history.send(&Command::ObserveDevice { agent: "mihai".into(), news: DeviceNews::Here }).unwrap();
    history.send(&Command::ObserveDevice { agent: "mihai".into(), news: DeviceNews::Lost }).unwrap();
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: to("mihai") }).unwrap();
    assert!(history.floor.calls[&CallId::from("CA1")].is_mobile(LegId(2)));
}

#[test]
fn a_mobile_that_nobody_answers_gives_the_call_back() {
    for failure in [LegEnd::NoAnswer, LegEnd::Declined, LegEnd::Busy, LegEnd::Unreachable] {
        let mut history = ana_talks();
        history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: to("mihai") }).unwrap();
        history.leg("CA1", 2, LegNews::Ringing);
        history.leg("CA1", 2, LegNews::Gone(failure));
        let call = &history.floor.calls[&CallId::from("CA1")];
        let offer = call.offer.as_ref().unwrap();
        assert_eq!((offer.agent.as_str(), offer.reason), ("ana", OfferReason::Returned));
        assert!(!call.is_mobile(offer.leg));
    }
}

#[test]
fn a_number_that_may_not_be_called_is_a_notice() {
    let mut history = ana_talks();
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: to("mihai") }).unwrap();
    let effect = EffectKind::Ring { leg: LegId(2), agent: "mihai".into(), secs: 30 };
    history.send(&Command::ObserveFailure { call: "CA1".into(), effect, failure: Failure::NoMobile }).unwrap();
    let call = &history.floor.calls[&CallId::from("CA1")];
    assert_eq!(call.notice.as_ref().map(|notice| &notice.failure), Some(&Failure::NoMobile));
    assert!(call.talking_to() == Some(&"ana".into()) && !call.held, "Ana goes on talking");
}

/// Only Mihai, who is not here, answers the number that somebody calls.
fn mihai_alone_is_called() -> History {
    let mut history = History::opened(Presence::Away);
    goes_mobile(&mut history, "mihai", Presence::Offline);
    let lines = [(BOOKINGS.to_owned(), [AgentId::from("mihai")].into())].into();
    history.send(&Command::Staff(lines)).unwrap();
    history.arrives("CA1");
    assert!(history.floor.calls[&CallId::from("CA1")].is_mobile(LegId(1)));
    history
}

#[test]
fn a_mobile_that_could_not_be_rung_is_rung_again_unless_it_never_can() {
    let refused = Failure::CarrierRefused { code: 21211, message: String::new() };
    for (failure, again) in [(Failure::CarrierDown, true), (Failure::NoMobile, false), (refused, false)] {
        let mut history = mihai_alone_is_called();
        let effect = EffectKind::Ring { leg: LegId(1), agent: "mihai".into(), secs: 30 };
        history.send(&Command::ObserveFailure { call: "CA1".into(), effect, failure: failure.clone() }).unwrap();
        assert_eq!(history.floor.calls[&CallId::from("CA1")].offer, None);
        history.now = history.now.plus_secs(5);
        history.send(&Command::Tick).unwrap();
        assert_eq!(history.floor.calls[&CallId::from("CA1")].offer.is_some(), again, "{failure:?}");
    }
}

#[test]
fn a_page_that_is_being_loaded_anew_keeps_the_mobile_silent_for_a_while() {
    let mut history = History::opened(Presence::Away);
    goes_mobile(&mut history, "mihai", Presence::Available);
    let lines = [(BOOKINGS.to_owned(), [AgentId::from("mihai")].into())].into();
    history.send(&Command::Staff(lines)).unwrap();
    history.ask("mihai", Intent::SetPresence { agent: "mihai".into(), presence: Presence::Available }).unwrap();
    for news in [DeviceNews::Here, DeviceNews::Lost] {
        history.send(&Command::ObserveDevice { agent: "mihai".into(), news }).unwrap();
    }
    history.arrives("CA1");
    assert_eq!(history.floor.calls[&CallId::from("CA1")].offer, None);
    history.now = history.now.plus_secs(history.floor.settings.rejoin_secs);
    history.send(&Command::Tick).unwrap();
    assert!(history.floor.calls[&CallId::from("CA1")].is_mobile(LegId(1)));
}

#[test]
fn a_second_call_to_the_same_phone_says_nothing_of_the_first() {
    let mut history = mihai_alone_is_called();
    let news = |news, reference: &str| Command::ObserveLeg {
        call: "CA1".into(),
        leg: LegId(1),
        news,
        reference: Some(reference.into()),
    };
    history.send(&news(LegNews::Ringing, "CAfirst")).unwrap();
    assert_eq!(history.send(&news(LegNews::Gone(LegEnd::Busy), "CAsecond")).unwrap().events, []);
    assert_eq!(history.floor.status(&"mihai".into()), Some(Status::Ringing));
    history.send(&news(LegNews::Joined, "CAfirst")).unwrap();
    assert_eq!(history.place("CA1"), Place::Agent { agent: "mihai".into(), leg: LegId(1) });
}

#[test]
fn time_ends_a_mobile_that_never_says_anything() {
    let mut history = ana_talks();
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: to("mihai") }).unwrap();
    history.leg("CA1", 2, LegNews::Ringing);
    // 30 s to answer, 25 s to take it, and a little more.
    history.now = history.now.plus_secs(57);
    while !history.send(&Command::Tick).unwrap().events.is_empty() {}
    assert_eq!(history.floor.status(&"mihai".into()), Some(Status::Ringing));
    history.now = history.now.plus_secs(1);
    let outcome = history.send(&Command::Tick).unwrap();
    assert!(outcome.effects.iter().any(|effect| effect.kind == EffectKind::Drop { leg: LegId(2) }));
}

#[test]
fn whoever_hangs_up_their_mobile_ends_the_call() {
    // The page that they have open is not what they talk through.
    for news in [None, Some(DeviceNews::Here), Some(DeviceNews::Lost)] {
        let mut history = mihai_talks();
        history.send(&Command::ObserveDevice { agent: "mihai".into(), news: DeviceNews::Here }).unwrap();
        if let Some(news) = news {
            history.send(&Command::ObserveDevice { agent: "mihai".into(), news }).unwrap();
        }
        history.now = history.now.plus_secs(10);
        history.send(&Command::Tick).unwrap();
        assert_eq!(history.place("CA1"), Place::Agent { agent: "mihai".into(), leg: LegId(2) });
        assert_eq!(history.floor.calls[&CallId::from("CA1")].broken, None);
        history.leg("CA1", 2, LegNews::Gone(LegEnd::Completed));
        let pending = &history.floor.calls[&CallId::from("CA1")].pending;
        assert!(matches!(pending, Some(Pending::HangUp { by, .. }) if *by == "mihai".into()), "{pending:?}");
        history.send(&Command::ObserveEnd { call: "CA1".into() }).unwrap();
        assert_eq!(history.floor.ended[0].record.hung_up_by, HungUpBy::Agent("mihai".into()));
    }
}

#[test]
fn when_the_call_cannot_be_ended_the_caller_hears_music() {
    let mut history = mihai_talks();
    history.leg("CA1", 2, LegNews::Gone(LegEnd::Completed));
    let (effect, failure) = (EffectKind::HangUp, Failure::CarrierDown);
    let outcome = history.send(&Command::ObserveFailure { call: "CA1".into(), effect, failure }).unwrap();
    assert!(outcome.effects.iter().any(|effect| effect.kind == EffectKind::Hold), "{:?}", outcome.effects);
    assert_eq!(history.place("CA1"), Place::Queue);
}

#[test]
fn a_caller_who_leaves_meanwhile_leaves_no_phone_ringing() {
    let mut history = ana_talks();
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: to("mihai") }).unwrap();
    // The call to the phone is being made: it has no name yet.
    history.send(&Command::ObserveEnd { call: "CA1".into() }).unwrap();
    let late = history.leg("CA1", 2, LegNews::Dialing);
    assert_eq!(
        late.effects.into_iter().map(|effect| effect.kind).collect::<Vec<_>>(),
        [EffectKind::Drop { leg: LegId(2) }]
    );
}

#[test]
fn mobile_phones_count_like_calls_that_are_placed() {
    let mut history = ana_talks();
    let settings = Settings { dials_per_agent: 1, ..history.floor.settings.clone() };
    history.send(&Command::Configure(settings)).unwrap();
    let rings =
        |history: &mut History| history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: to("mihai") }).map(drop);
    // One that was never made costs nothing.
    rings(&mut history).unwrap();
    history.ask("ana", Intent::CancelMove { call: "CA1".into() }).unwrap();
    rings(&mut history).unwrap();
    history.leg("CA1", 3, LegNews::Dialing);
    history.ask("ana", Intent::CancelMove { call: "CA1".into() }).unwrap();
    let again = history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: to("mihai") });
    assert!(matches!(again, Err(Refusal::TooManyCalls { .. })));
    assert!(matches!(history.floor.may_dial(&"ana".into(), history.now), Err(Refusal::OnACall)));
    history.now = history.now.plus_secs(3_600);
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: to("mihai") }).unwrap();
}

/// Only Mihai answers the desk's number, and he is not here.
fn desk() -> History {
    let mut history = History::opened(Presence::Away);
    goes_mobile(&mut history, "mihai", Presence::Away);
    let lines = [(DESK.to_owned(), [AgentId::from("mihai")].into())].into();
    history.send(&Command::Staff(lines)).unwrap();
    history
}

fn rings_mobile(floor: &Floor, call: &str) -> bool {
    let call = &floor.calls[&CallId::from(call)];
    call.offer.as_ref().is_some_and(|offer| call.is_mobile(offer.leg))
}

#[test]
fn callers_of_a_number_that_only_they_answer_ring_their_mobile_once() {
    let mut history = desk();
    history.arrives_at("CA1", DESK);
    history.arrives_at("CA2", DESK);
    history.arrives_at("CA3", BOOKINGS);
    assert!(rings_mobile(&history.floor, "CA1"));
    assert!(!rings_mobile(&history.floor, "CA2"), "there is one phone");
    assert!(!rings_mobile(&history.floor, "CA3"), "what everybody answers waits for somebody who is here");
    history.leg("CA1", 1, LegNews::Gone(LegEnd::NoAnswer));
    assert!(!rings_mobile(&history.floor, "CA1") && rings_mobile(&history.floor, "CA2"));
    history.leg("CA2", 1, LegNews::Joined);
    history.leg("CA2", 1, LegNews::Gone(LegEnd::Completed));
    for _ in 0..5 {
        history.now = history.now.plus_secs(20);
        while !history.send(&Command::Tick).unwrap().events.is_empty() {}
    }
    assert!(history.floor.calls.values().all(|call| call.offer.is_none()), "once for each caller");
    // By hand it rings again, and that is not forgotten either.
    history.ask("ana", Intent::MoveCall { call: "CA1".into(), to: to("mihai") }).unwrap();
    history.leg("CA1", 2, LegNews::Gone(LegEnd::NoAnswer));
    assert!(!rings_mobile(&history.floor, "CA1"));
    // Whoever is back takes them as ever.
    history.ask("mihai", Intent::SetPresence { agent: "mihai".into(), presence: Presence::Available }).unwrap();
    assert!(history.floor.calls[&CallId::from("CA1")].offer.is_some() && !rings_mobile(&history.floor, "CA1"));
}

#[test]
fn a_mobile_that_nobody_answers_says_nothing_of_who_sits_at_the_page() {
    let mut history = desk();
    for call in ["CA1", "CA2", "CA3"] {
        history.arrives_at(call, DESK);
        history.leg(call, 1, LegNews::Gone(LegEnd::NoAnswer));
    }
    let mihai = &history.floor.agents[&AgentId::from("mihai")];
    assert_eq!((mihai.missed, mihai.missed_away), (0, None));
}

#[test]
fn a_mobile_that_could_not_be_called_costs_nothing() {
    let mut history = desk();
    history.arrives_at("CA1", DESK);
    for leg in 1..100 {
        let effect = EffectKind::Ring { leg: LegId(leg), agent: "mihai".into(), secs: 20 };
        let failure = Failure::CarrierDown;
        history.send(&Command::ObserveFailure { call: "CA1".into(), effect, failure }).unwrap();
        history.now = history.now.plus_secs(6);
        while !history.send(&Command::Tick).unwrap().events.is_empty() {}
    }
    assert_eq!(history.floor.dials.len(), 0);
    assert!(rings_mobile(&history.floor, "CA1"), "it is still tried");
}

#[test]
fn the_queue_spends_no_more_than_anybody_may() {
    let mut history = desk();
    let settings = Settings { dials_per_agent: 0, ..history.floor.settings.clone() };
    history.send(&Command::Configure(settings)).unwrap();
    history.arrives_at("CA1", DESK);
    assert!(!rings_mobile(&history.floor, "CA1"));
    history.send(&Command::Configure(Settings::default())).unwrap();
    assert!(rings_mobile(&history.floor, "CA1"));
}

#[test]
fn what_was_kept_before_there_were_mobiles_is_read() {
    let history = ana_talks();
    let mut kept = serde_json::to_value(&history.floor).unwrap();
    kept["agents"]["mihai"].as_object_mut().unwrap().remove("when_away").unwrap();
    kept["calls"]["CA1"]["legs"][0].as_object_mut().unwrap().remove("via").unwrap();
    let floor: Floor = serde_json::from_value(kept).unwrap();
    assert_eq!(floor.agents[&AgentId::from("mihai")].when_away, WhenAway::Nowhere);
    let offered = history.log.iter().find(|recorded| matches!(recorded.event, Event::Offered { .. })).unwrap();
    let mut kept = serde_json::to_value(&offered.event).unwrap();
    kept["offered"].as_object_mut().unwrap().remove("via").unwrap();
    assert_eq!(serde_json::from_value::<Event>(kept).unwrap(), offered.event);
}

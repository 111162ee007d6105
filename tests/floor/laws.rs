//! What holds on every floor, whatever happens on it. Each law is tried on thousands of random histories.

use std::collections::HashSet;

use proptest::{prelude::*, sample::Index};
use switchyard::{
    agent::{Device, Presence, Status, WhenAway},
    call::{LegEnd, LegState, Outside, Pending, Place},
    floor::{Command, EffectKind, Floor, Intent, LegNews, Recorded, Target},
    history::Outcome as CallOutcome,
    id::{AgentId, CallId, LegId, Slot},
};

use crate::history::{AGENTS, CALLS, History, add, leg_news};
use crate::random::{any_agent, any_call, any_command, any_news_of_a_call, any_outsider, any_story, play};

/// Whether the carrier has said which leg of its own this one, of somebody outside, is, and not that it is over.
fn is_named(floor: &Floor, call: &CallId, leg: LegId) -> bool {
    floor.leg(call, leg).is_some_and(|leg| leg.agent.is_none() && leg.reference.is_some() && leg.state < LegState::Gone)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Replaying the log gives the floor, and so does a snapshot with the rest of the log.
    #[test]
    fn the_log_is_the_floor(story in any_story(), cut in any::<Index>()) {
        let history = play(&story);
        let mut replayed = Floor::default();
        let cut = cut.index(history.log.len());
        for (n, recorded) in history.log.iter().enumerate() {
            if n == cut {
                replayed = serde_json::from_str(&serde_json::to_string(&replayed).unwrap()).unwrap();
            }
            let stored: Recorded = serde_json::from_str(&serde_json::to_string(recorded).unwrap()).unwrap();
            replayed.evolve(&stored);
        }
        prop_assert_eq!(replayed, history.floor);
    }

    /// Versions have no gaps.
    #[test]
    fn versions_count_up(story in any_story()) {
        let history = play(&story);
        for (n, recorded) in history.log.iter().enumerate() {
            prop_assert_eq!(recorded.version, n as u64 + 1);
        }
    }

    /// The same observation again, at once or later, changes nothing.
    #[test]
    fn an_observation_twice_is_once(story in any_story(), command in any_command()) {
        use Command::{Add, Ask, Dial, ObserveFailure, Tick};
        prop_assume!(!matches!(command, Add { .. } | Ask { .. } | Dial { .. } | Tick | ObserveFailure { .. }));
        let mut history = play(&story);
        history.send(&command).unwrap();
        let outcome = history.send(&command).unwrap();
        prop_assert_eq!(outcome.events, vec![]);
    }

    /// An observation of a leg or of a call's end that arrives again much later, whatever happened meanwhile, moves
    /// nobody: it changes no place, no offer and nobody's status.
    #[test]
    fn an_observation_late_moves_nobody(story in any_story(), command in any_news_of_a_call(), later in any_story()) {
        let mut history = play(&story);
        history.send(&command).unwrap();
        let (Command::ObserveLeg { call, .. } | Command::ObserveEnd { call } | Command::ObserveCall { call, .. }) = &command
        else {
            return Ok(());
        };
        // Calls are remembered for two minutes after their end: longer than callbacks take, and than this goes on.
        let fresh = history.floor.ended(call).is_some_and(|ended| ended.record.ended == history.now);
        let known = match &command {
            Command::ObserveLeg { leg, .. } => history.floor.leg(call, *leg).is_some(),
            Command::ObserveEnd { .. } => fresh,
            _ => true,
        };
        let was_taken_in = known && (fresh || history.floor.calls.contains_key(call));
        if !was_taken_in {
            return Ok(());
        }
        for (next, pause) in &later {
            // A call that is remembered no longer could come back; two minutes are longer than callbacks take.
            history.now = history.now.plus_secs(*pause % 2);
            let _ = history.send(next);
        }
        // What is due anyway happens first.
        while !history.send(&Command::Tick).unwrap().events.is_empty() {}
        let before = summary(&history.floor);
        history.send(&command).unwrap();
        prop_assert_eq!(summary(&history.floor), before);
    }

    /// No call is in two slots, no slot has two calls, and nobody has two calls.
    #[test]
    fn one_place_each(story in any_story()) {
        let mut history = History::opened(Presence::Available);
        for (command, pause) in &story {
            history.now = history.now.plus_secs(*pause);
            let _ = history.send(command);
            let floor = &history.floor;
            let (mut slots, mut talking, mut ringing) = (HashSet::new(), HashSet::new(), HashSet::new());
            for call in floor.calls.values() {
                if let Some(slot) = call.slot() {
                    prop_assert!((1..=floor.settings.slots).contains(&slot.0));
                    prop_assert!(slots.insert(slot), "two calls in {slot}");
                }
                for agent in AGENTS.map(AgentId::from) {
                    prop_assert!(!call.is_in(&agent) || talking.insert(agent.clone()), "{agent} talks twice");
                    prop_assert!(!call.rings_at(&agent) || ringing.insert(agent.clone()), "{agent} is rung twice");
                }
                if let Some(offer) = &call.offer {
                    prop_assert!(call.leg(offer.leg).is_some());
                }
                // Guests are with somebody who has the call, on legs of their own, each once.
                let has_it = call.talking_to().is_some();
                prop_assert!(call.guests.is_empty() || has_it, "guests without a host: {call:?}");
                for guest in &call.guests {
                    prop_assert_eq!(call.leg(guest.leg).unwrap().agent.as_ref(), Some(&guest.agent));
                    prop_assert!(call.talking_to() != Some(&guest.agent) && call.colleague.as_ref() != Some(&guest.agent));
                }
                // Nobody outside is with nobody of us, and each who was added is there once, on a leg of their own.
                prop_assert!(call.added.is_empty() || has_it, "added and left behind: {call:?}");
                let mut numbers = HashSet::new();
                for added in &call.added {
                    let leg = call.leg(added.leg).unwrap();
                    prop_assert!(leg.agent.is_none() && leg.state < LegState::Gone);
                    prop_assert!(added.who.number != call.caller.number && numbers.insert(&added.who.number));
                }
                // Two colleagues have nothing to wait for: their call is never in the queue nor in a slot.
                prop_assert!(call.colleague.is_none() || has_it, "a colleague waits: {call:?}");
                // Whoever leaves a message is with nobody, and on the way to nobody.
                if matches!(call.place, Place::Voicemail { .. }) {
                    prop_assert!(call.offer.is_none() && !has_it && !call.held, "{call:?}");
                    prop_assert!(matches!(call.pending, None | Some(Pending::HangUp { .. })), "{call:?}");
                }
                if let Place::Agent { agent, leg } = &call.place {
                    prop_assert_eq!(call.leg(*leg).unwrap().agent.as_ref(), Some(agent));
                }
            }
        }
    }

    /// Status follows from the calls.
    #[test]
    fn nobody_is_stuck(story in any_story()) {
        let mut history = play(&story);
        for (id, agent) in &history.floor.agents {
            let talks = history.floor.calls.values().any(|call| call.is_in(id));
            let rings = history.floor.calls.values().any(|call| call.rings_at(id));
            let expected = match (talks, rings, agent.presence, agent.wrap_up_until) {
                (true, ..) => Status::OnCall,
                (_, true, ..) => Status::Ringing,
                _ if matches!(agent.device, Device::Gone { .. }) => Status::Offline,
                (.., Presence::Offline, _) => Status::Offline,
                (.., Some(_)) => Status::WrapUp,
                (.., Presence::Available, _) => Status::Available,
                (.., Presence::Away, _) => Status::Away,
            };
            prop_assert_eq!(history.floor.status(id), Some(expected));
        }
        // When every caller has gone and time has passed, everybody is what they said they are.
        for call in CALLS {
            history.send(&Command::ObserveEnd { call: call.into() }).unwrap();
        }
        history.now = history.now.plus_secs(60);
        while !history.send(&Command::Tick).unwrap().events.is_empty() {}
        prop_assert!(history.floor.calls.is_empty());
        for (id, agent) in &history.floor.agents {
            let said = match agent.presence {
                _ if matches!(agent.device, Device::Gone { .. }) => Status::Offline,
                Presence::Available => Status::Available,
                Presence::Away => Status::Away,
                Presence::Offline => Status::Offline,
            };
            prop_assert_eq!(history.floor.status(id), Some(said));
        }
    }

    /// Whoever is added is called, and ended when they are not wanted any more: what the carrier named is either in a call that
    /// one of us has, or was dropped since. A leg that has no name yet cannot be ended, so that dropping it counts for nothing.
    #[test]
    fn nobody_outside_is_left_behind(story in any_story()) {
        let mut history = History::opened(Presence::Available);
        let (mut called, mut dropped) = (HashSet::new(), HashSet::new());
        for (command, pause) in &story {
            history.now = history.now.plus_secs(*pause);
            for effect in history.send(command).map(|outcome| outcome.effects).unwrap_or_default() {
                match effect.kind {
                    EffectKind::Add { leg } => prop_assert!(called.insert((effect.call, leg)), "called twice"),
                    EffectKind::Drop { leg } if is_named(&history.floor, &effect.call, leg) => {
                        dropped.insert((effect.call, leg));
                    }
                    _ => {}
                }
            }
        }
        for (call, leg) in called {
            let is_there = is_named(&history.floor, &call, leg);
            let wanted = history.floor.wants(&call, leg);
            prop_assert!(!is_there || wanted || dropped.contains(&(call, leg)), "left behind");
        }
    }

    /// Whoever leaves their room for a voicemail has not hung up: only the end of their call is its end.
    #[test]
    fn the_way_to_a_voicemail_is_no_hanging_up(story in any_story(), call in any_call()) {
        let mut history = play(&story);
        let on_the_way = history.floor.calls.get(&call).is_some_and(|call| call.voicemail().is_some());
        let before = history.floor.clone();
        history.send(&Command::ObserveLeft { call: call.clone(), room: "CF1".into() }).unwrap();
        prop_assert!(!on_the_way || history.floor == before);
        history.send(&Command::ObserveEnd { call: call.clone() }).unwrap();
        prop_assert!(!history.floor.calls.contains_key(&call));
    }

    /// Time brings everything to an end: nothing rings, moves or is being ended for ever.
    #[test]
    fn nothing_waits_for_ever(story in any_story()) {
        let mut history = play(&story);
        for id in AGENTS {
            // Nobody takes calls any more, so nobody new is rung.
            let _ = history.ask(id, Intent::SetPresence { agent: id.into(), presence: Presence::Offline });
            let _ = history.send(&Command::SetWhenAway { agent: id.into(), when_away: WhenAway::Nowhere });
        }
        for _ in 0..10 {
            history.now = history.now.plus_secs(70);
            while !history.send(&Command::Tick).unwrap().events.is_empty() {}
        }
        for call in history.floor.calls.values() {
            prop_assert!(call.offer.is_none() && call.pending.is_none(), "{call:?}");
            prop_assert!(!matches!(call.place, Place::Slot { .. }), "parked for ever: {call:?}");
            prop_assert!(call.broken.is_none(), "broken for ever: {call:?}");
            prop_assert_eq!(call.outside, Outside::Connected);
            prop_assert!(!call.is_adding(), "called for ever: {call:?}");
        }
    }

    /// Whatever order the news of a leg and of the call's end arrive in, the floor ends up the same.
    #[test]
    fn the_order_of_news_does_not_matter(
        news in prop::sample::subsequence(vec![
            leg_news("CA1", 1, LegNews::Dialing),
            leg_news("CA1", 1, LegNews::Ringing),
            leg_news("CA1", 1, LegNews::Joined),
            leg_news("CA1", 1, LegNews::Gone(LegEnd::Completed)),
            Command::ObserveEnd { call: "CA1".into() },
        ], 1..=5).prop_shuffle(),
        doubled in any::<Index>(),
    ) {
        // That somebody talked is certain only when their leg has ended: the news of that always comes.
        let talked = |command: &Command| matches!(command, Command::ObserveLeg { news: LegNews::Gone(_), .. });
        let ended = news.iter().any(|command| matches!(command, Command::ObserveEnd { .. }));
        let joined = news.iter().any(|command| matches!(command, Command::ObserveLeg { news: LegNews::Joined, .. }));
        prop_assume!(!(ended && joined) || news.iter().any(talked));
        let mut in_order = news.clone();
        in_order.sort_by_key(|command| match command {
            Command::ObserveLeg { news: LegNews::Dialing, .. } => 0,
            Command::ObserveLeg { news: LegNews::Ringing, .. } => 1,
            Command::ObserveLeg { news: LegNews::Joined, .. } => 2,
            Command::ObserveLeg { .. } => 3,
            _ => 4,
        });
        let told = |commands: &[Command]| {
            let mut history = History::opened(Presence::Away);
            history.ask("ana", Intent::SetPresence { agent: "ana".into(), presence: Presence::Available }).unwrap();
            history.arrives("CA1");
            for command in commands {
                history.send(command).unwrap();
            }
            history
        };
        let mut shuffled = news.clone();
        shuffled.push(news[doubled.index(news.len())].clone());
        let (expected, got) = (told(&in_order).floor, told(&shuffled).floor);
        // How far a leg is known to have come differs only while it is going on.
        prop_assert_eq!(summary(&expected), summary(&got));
    }

    /// What the browser is told it may do is what the server then does.
    #[test]
    fn legal_targets_are_accepted(story in any_story(), by in any_agent(), call in any_call(), slot in 1_u8..4) {
        let history = play(&story);
        for to in AGENTS.iter().map(|id| Target::Agent((*id).into())).chain([Target::Slot(Some(Slot(slot))), Target::Slot(None), Target::Queue]) {
            let told = history.floor.may_move(&by, &call, &to, history.now);
            let mut floor = history.floor.clone();
            let intent = Intent::MoveCall { call: call.clone(), to: to.clone() };
            let done = floor.handle(&Command::Ask { by: by.clone(), intent }, history.now).map(|_| ());
            prop_assert_eq!(told, done.clone());
            if done.is_err() {
                prop_assert_eq!(&floor, &history.floor, "a refusal changes nothing");
                continue;
            }
            let moved = &floor.calls[&call];
            let arrived = match &to {
                Target::Agent(agent) => {
                    moved.offer.as_ref().is_some_and(|offer| offer.agent == *agent) || moved.voicemail() == Some(agent)
                }
                Target::Slot(Some(slot)) => moved.slot() == Some(*slot),
                Target::Slot(None) => moved.slot().is_some(),
                Target::Queue => moved.place == Place::Queue,
            };
            prop_assert!(arrived, "{to:?}: {moved:?}");
        }
    }

    /// The same of adding somebody.
    #[test]
    fn whoever_may_be_added_is(story in any_story(), by in any_agent(), call in any_call(), number in any_outsider()) {
        let history = play(&story);
        let told = history.floor.may_add(&by, &call, number, history.now);
        let mut floor = history.floor.clone();
        let done = floor.handle(&add(call.as_str(), by, number), history.now).map(|_| ());
        prop_assert_eq!(&told, &done);
        prop_assert!(done.is_ok() || floor == history.floor, "a refusal changes nothing");
        prop_assert!(done.is_err() || floor.calls[&call].added.iter().any(|added| added.who.number == number));
    }
}

type Summary =
    (Vec<(CallId, Place, bool)>, Vec<(CallId, Option<AgentId>, CallOutcome)>, Vec<(AgentId, Option<Status>, u8)>);

fn summary(floor: &Floor) -> Summary {
    (
        floor.calls.values().map(|call| (call.id.clone(), call.place.clone(), call.offer.is_some())).collect(),
        floor
            .ended
            .iter()
            .map(|ended| (ended.record.call.clone(), ended.record.agent.clone(), ended.record.outcome))
            .collect(),
        floor.agents.iter().map(|(id, agent)| (id.clone(), floor.status(id), agent.missed)).collect(),
    )
}

//! What holds on every floor, whatever happens on it. Each law is tried on thousands of random histories.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::HashSet;

use proptest::{prelude::*, sample::Index};
use switchyard::{
    agent::{Device, Presence, Profile, Role, Status},
    call::{Caller, Failure, LegEnd, Line, Outside, Place},
    floor::{
        Command, DeviceNews, EffectKind, Event, Floor, Intent, LegNews, Outcome, Recorded, Refusal, Settings, Target,
    },
    history::{HungUpBy, Outcome as CallOutcome},
    id::{AgentId, CallId, LegId, Slot},
    time::Timestamp,
};

const AGENTS: [&str; 4] = ["ana", "mihai", "elena", "cristina"];
const CALLS: [&str; 4] = ["CA1", "CA2", "CA3", "CA4"];

fn profile(id: &str) -> Profile {
    let role = if id == "cristina" { Role::Supervisor } else { Role::Agent };
    Profile { id: id.into(), name: id.to_owned(), extension: "101".into(), role }
}

/// A floor with everyone on it, and its log.
struct History {
    floor: Floor,
    log: Vec<Recorded>,
    now: Timestamp,
}

impl History {
    fn opened(presence: Presence) -> Self {
        let mut history = Self { floor: Floor::default(), log: Vec::new(), now: Timestamp(1_000_000) };
        let settings = Settings { slots: 3, ..Settings::default() };
        history.send(&Command::Configure(settings)).unwrap();
        for id in AGENTS {
            history.send(&Command::Seat(profile(id))).unwrap();
            history.ask(id, Intent::SetPresence { agent: id.into(), presence }).unwrap();
        }
        history
    }

    fn send(&mut self, command: &Command) -> Result<Outcome, Refusal> {
        let outcome = self.floor.handle(command, self.now)?;
        self.log.extend(outcome.events.iter().cloned());
        Ok(outcome)
    }

    fn ask(&mut self, by: &str, intent: Intent) -> Result<Outcome, Refusal> {
        self.send(&Command::Ask { by: by.into(), intent })
    }

    fn arrives(&mut self, call: &str) {
        self.send(&arrival(call)).unwrap();
        self.send(&Command::ObserveRoom { call: call.into(), room: "CF1".into() }).unwrap();
    }

    fn leg(&mut self, call: &str, leg: u32, news: LegNews) -> Outcome {
        self.send(&leg_news(call, leg, news)).unwrap()
    }

    fn place(&self, call: &str) -> Place {
        self.floor.calls[&CallId::from(call)].place.clone()
    }
}

fn arrival(call: &str) -> Command {
    Command::ObserveCall {
        call: call.into(),
        caller: Caller { number: "+40722111222".into(), name: None },
        line: Line { number: "+40312345678".into(), label: "Bookings".into() },
    }
}

fn dial(call: &str, by: AgentId) -> Command {
    Command::Dial {
        call: call.into(),
        by,
        to: Caller { number: "+40733222111".into(), name: None },
        line: Line { number: "+40312345678".into(), label: "Bookings".into() },
    }
}

fn outside(call: &str, news: LegNews) -> Command {
    Command::ObserveOutside { call: call.into(), news, reference: Some(format!("outside-{call}").into()) }
}

fn leg_news(call: &str, leg: u32, news: LegNews) -> Command {
    Command::ObserveLeg {
        call: call.into(),
        leg: LegId(leg),
        news,
        reference: Some(format!("leg-{call}-{leg}").into()),
    }
}

fn any_agent() -> impl Strategy<Value = AgentId> {
    prop::sample::select(&AGENTS[..]).prop_map(AgentId::from)
}

fn any_call() -> impl Strategy<Value = CallId> {
    prop::sample::select(&CALLS[..]).prop_map(CallId::from)
}

fn any_news() -> impl Strategy<Value = LegNews> {
    prop_oneof![
        1 => Just(LegNews::Dialing),
        1 => Just(LegNews::Ringing),
        3 => Just(LegNews::Joined),
        1 => Just(LegNews::Gone(LegEnd::Completed)),
        1 => Just(LegNews::Gone(LegEnd::NoAnswer)),
        1 => Just(LegNews::Gone(LegEnd::Declined)),
        1 => Just(LegNews::Gone(LegEnd::Canceled)),
    ]
}

fn any_intent() -> impl Strategy<Value = Intent> {
    let to = prop_oneof![
        any_agent().prop_map(Target::Agent),
        (0_u8..5).prop_map(|slot| Target::Slot(Some(Slot(slot)))),
        Just(Target::Slot(None)),
        Just(Target::Queue),
    ];
    let presence = prop_oneof![3 => Just(Presence::Available), 1 => Just(Presence::Away), 1 => Just(Presence::Offline)];
    prop_oneof![
        1 => (any_agent(), presence).prop_map(|(agent, presence)| Intent::SetPresence { agent, presence }),
        1 => Just(Intent::FinishWrapUp),
        5 => (any_call(), to).prop_map(|(call, to)| Intent::MoveCall { call, to }),
        1 => any_call().prop_map(|call| Intent::CancelMove { call }),
        1 => any_call().prop_map(|call| Intent::Hold { call }),
        1 => any_call().prop_map(|call| Intent::Resume { call }),
        2 => any_call().prop_map(|call| Intent::Rejoin { call }),
        1 => any_call().prop_map(|call| Intent::HangUp { call }),
    ]
}

fn any_effect() -> impl Strategy<Value = EffectKind> {
    prop_oneof![
        ((1_u32..5), any_agent()).prop_map(|(leg, agent)| EffectKind::Ring { leg: LegId(leg), agent, secs: 20 }),
        Just(EffectKind::Hold),
        Just(EffectKind::Resume),
        Just(EffectKind::HangUp),
    ]
}

fn any_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        2 => any_call().prop_map(|call| arrival(call.as_str())),
        2 => any_call().prop_map(|call| Command::ObserveRoom { call, room: "CF1".into() }),
        6 => (any_call(), 1_u32..5, any_news()).prop_map(|(call, leg, news)| leg_news(call.as_str(), leg, news)),
        2 => any_call().prop_map(|call| Command::ObserveHeld { call }),
        1 => any_call().prop_map(|call| Command::ObserveEnd { call }),
        1 => (any_call(), any_effect()).prop_map(|(call, effect)| {
            Command::ObserveFailure { call, effect, failure: Failure::CarrierDown }
        }),
        6 => (any_agent(), any_intent()).prop_map(|(by, intent)| Command::Ask { by, intent }),
        2 => (any_call(), any_agent()).prop_map(|(call, by)| dial(call.as_str(), by)),
        2 => (any_agent(), any_device_news()).prop_map(|(agent, news)| Command::ObserveDevice { agent, news }),
        3 => (any_call(), any_news()).prop_map(|(call, news)| outside(call.as_str(), news)),
        1 => Just(Command::Tick),
    ]
}

fn any_device_news() -> impl Strategy<Value = DeviceNews> {
    prop_oneof![3 => Just(DeviceNews::Here), 2 => Just(DeviceNews::Lost), 1 => Just(DeviceNews::Off)]
}

fn any_news_of_a_call() -> impl Strategy<Value = Command> {
    prop_oneof![
        1 => any_call().prop_map(|call| arrival(call.as_str())),
        6 => (any_call(), 1_u32..4, any_news()).prop_map(|(call, leg, news)| leg_news(call.as_str(), leg, news)),
        1 => any_call().prop_map(|call| Command::ObserveEnd { call }),
    ]
}

/// Commands, each with the seconds that pass before it.
fn any_story() -> impl Strategy<Value = Vec<(Command, u32)>> {
    prop::collection::vec((any_command(), prop_oneof![5 => Just(0_u32), 2 => 1_u32..5, 1 => 10_u32..70]), 1..80)
}

fn play(story: &[(Command, u32)]) -> History {
    let mut history = History::opened(Presence::Available);
    for (command, pause) in story {
        history.now = history.now.plus_secs(*pause);
        // Refusals are part of the story.
        let _ = history.send(command);
    }
    history
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
        use Command::{Ask, Dial, ObserveFailure, Tick};
        prop_assume!(!matches!(command, Ask { .. } | Dial { .. } | Tick | ObserveFailure { .. }));
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
                if let Some(agent) = call.talking_to() {
                    prop_assert!(talking.insert(agent.clone()), "{agent} talks twice");
                }
                if let Some(offer) = &call.offer {
                    prop_assert!(ringing.insert(offer.agent.clone()), "{} is rung twice", offer.agent);
                    prop_assert!(call.leg(offer.leg).is_some());
                }
                if let Place::Agent { agent, leg } = &call.place {
                    prop_assert_eq!(&call.leg(*leg).unwrap().agent, agent);
                }
            }
        }
    }

    /// Status follows from the calls.
    #[test]
    fn nobody_is_stuck(story in any_story()) {
        let mut history = play(&story);
        for (id, agent) in &history.floor.agents {
            let talks = history.floor.calls.values().any(|call| call.talking_to() == Some(id));
            let rings = history.floor.calls.values().any(|call| call.offer.as_ref().is_some_and(|offer| offer.agent == *id));
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

    /// Time brings everything to an end: nothing rings, moves or is being ended for ever.
    #[test]
    fn nothing_waits_for_ever(story in any_story()) {
        let mut history = play(&story);
        for id in AGENTS {
            // Nobody takes calls any more, so nobody new is rung.
            let _ = history.ask(id, Intent::SetPresence { agent: id.into(), presence: Presence::Offline });
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
            let told = history.floor.may_move(&by, &call, &to);
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
                Target::Agent(agent) => moved.offer.as_ref().is_some_and(|offer| offer.agent == *agent),
                Target::Slot(Some(slot)) => moved.slot() == Some(*slot),
                Target::Slot(None) => moved.slot().is_some(),
                Target::Queue => moved.place == Place::Queue,
            };
            prop_assert!(arrived, "{to:?}: {moved:?}");
        }
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

//! Commands at random: what people ask, what the carrier says, and time.

use proptest::prelude::*;
use switchyard::{
    agent::{Presence, WhenAway},
    call::{Failure, LegEnd},
    floor::{Command, DeviceNews, EffectKind, Intent, LegNews, Lines, Target},
    id::{AgentId, CallId, LegId, Slot},
};

use crate::history::{
    AGENTS, BOOKINGS, CALLS, DESK, History, add, arrival, arrival_at, call_colleague, closed, dial, leg_news, outside,
    profile,
};

pub(crate) fn any_agent() -> impl Strategy<Value = AgentId> {
    prop::sample::select(&AGENTS[..]).prop_map(AgentId::from)
}

pub(crate) fn any_call() -> impl Strategy<Value = CallId> {
    prop::sample::select(&CALLS[..]).prop_map(CallId::from)
}

pub(crate) fn any_news() -> impl Strategy<Value = LegNews> {
    prop_oneof![
        1 => Just(LegNews::Dialing),
        1 => Just(LegNews::Ringing),
        3 => Just(LegNews::Joined),
        1 => Just(LegNews::Gone(LegEnd::Completed)),
        1 => Just(LegNews::Gone(LegEnd::NoAnswer)),
        1 => Just(LegNews::Gone(LegEnd::Declined)),
        1 => Just(LegNews::Gone(LegEnd::Busy)),
        1 => Just(LegNews::Gone(LegEnd::Canceled)),
    ]
}

pub(crate) fn any_intent() -> impl Strategy<Value = Intent> {
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
        4 => (any_call(), any_agent()).prop_map(|(call, agent)| Intent::Invite { call, agent }),
        1 => (any_call(), any_agent()).prop_map(|(call, agent)| Intent::Dismiss { call, agent }),
        1 => (any_call(), 1_u32..5).prop_map(|(call, leg)| Intent::Remove { call, leg: LegId(leg) }),
    ]
}

pub(crate) fn any_effect() -> impl Strategy<Value = EffectKind> {
    prop_oneof![
        ((1_u32..5), any_agent()).prop_map(|(leg, agent)| EffectKind::Ring { leg: LegId(leg), agent, secs: 20 }),
        (1_u32..5).prop_map(|leg| EffectKind::Add { leg: LegId(leg) }),
        any_agent().prop_map(|agent| EffectKind::Voicemail { agent }),
        Just(EffectKind::Hold),
        Just(EffectKind::Resume),
        Just(EffectKind::HangUp),
    ]
}

pub(crate) fn any_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        2 => (any_call(), any_number()).prop_map(|(call, number)| arrival_at(call.as_str(), number)),
        1 => any_call().prop_map(|call| closed(call.as_str())),
        2 => any_lines().prop_map(Command::Staff),
        2 => any_call().prop_map(|call| Command::ObserveRoom { call, room: "CF1".into() }),
        6 => (any_call(), 1_u32..5, any_news()).prop_map(|(call, leg, news)| leg_news(call.as_str(), leg, news)),
        2 => any_call().prop_map(|call| Command::ObserveHeld { call }),
        1 => any_call().prop_map(|call| Command::ObserveEnd { call }),
        2 => (any_call(), any_agent()).prop_map(|(call, agent)| Command::ObserveVoicemail { call, agent }),
        1 => (any_call(), any_agent()).prop_map(|(call, agent)| Command::ObserveMessage { call, agent }),
        1 => any_call().prop_map(|call| Command::ObserveLeft { call, room: "CF1".into() }),
        1 => (any_call(), any_effect()).prop_map(|(call, effect)| {
            Command::ObserveFailure { call, effect, failure: Failure::CarrierDown }
        }),
        6 => (any_agent(), any_intent()).prop_map(|(by, intent)| Command::Ask { by, intent }),
        2 => (any_call(), any_agent()).prop_map(|(call, by)| dial(call.as_str(), by)),
        2 => (any_call(), any_agent(), any_agent()).prop_map(|(call, by, whom)| call_colleague(call.as_str(), by, whom)),
        4 => (any_call(), any_agent(), any_outsider()).prop_map(|(call, by, who)| add(call.as_str(), by, who)),
        2 => (any_agent(), any_device_news()).prop_map(|(agent, news)| Command::ObserveDevice { agent, news }),
        3 => (any_call(), any_news()).prop_map(|(call, news)| outside(call.as_str(), news)),
        1 => Just(Command::Tick),
        1 => any_agent().prop_map(Command::Unseat),
        2 => any_agent().prop_map(|agent| Command::Seat(profile(agent.as_str()))),
        2 => (any_agent(), any_when_away()).prop_map(|(agent, when_away)| Command::SetWhenAway { agent, when_away }),
    ]
}

pub(crate) fn any_when_away() -> impl Strategy<Value = WhenAway> {
    prop::sample::select(&[WhenAway::Nowhere, WhenAway::Voicemail, WhenAway::Mobile][..])
}

pub(crate) fn any_number() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&[BOOKINGS, DESK][..])
}

/// The numbers of people who are added to calls.
pub(crate) fn any_outsider() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["+40744100200", "+40745987654"][..])
}

/// Who answers which numbers: some of them everybody, some nobody.
pub(crate) fn any_lines() -> impl Strategy<Value = Lines> {
    let agents = prop::collection::btree_set(any_agent(), 0..3);
    prop::collection::btree_map(any_number().prop_map(str::to_owned), agents, 0..3)
}

pub(crate) fn any_device_news() -> impl Strategy<Value = DeviceNews> {
    prop_oneof![3 => Just(DeviceNews::Here), 2 => Just(DeviceNews::Lost), 1 => Just(DeviceNews::Off)]
}

pub(crate) fn any_news_of_a_call() -> impl Strategy<Value = Command> {
    prop_oneof![
        1 => any_call().prop_map(|call| arrival(call.as_str())),
        6 => (any_call(), 1_u32..4, any_news()).prop_map(|(call, leg, news)| leg_news(call.as_str(), leg, news)),
        1 => any_call().prop_map(|call| Command::ObserveEnd { call }),
    ]
}

/// Commands, each with the seconds that pass before it.
pub(crate) fn any_story() -> impl Strategy<Value = Vec<(Command, u32)>> {
    prop::collection::vec((any_command(), prop_oneof![5 => Just(0_u32), 2 => 1_u32..5, 1 => 10_u32..70]), 1..80)
}

pub(crate) fn play(story: &[(Command, u32)]) -> History {
    let mut history = History::opened(Presence::Available);
    for (command, pause) in story {
        history.now = history.now.plus_secs(*pause);
        // Refusals are part of the story.
        let _ = history.send(command);
    }
    history
}

//! Cards are in exactly one place, whatever happens.

use switchyard::{
    agent::{Presence, Profile, Role},
    call::Line,
    floor::{Command, Intent, LegNews, Target},
    id::LegId,
};

use super::*;

fn floor() -> Floor {
    let mut floor = Floor::default();
    for (id, extension) in [("ana", "101"), ("bogdan", "102"), ("carmen", "99")] {
        let profile = Profile { id: id.into(), name: id.into(), extension: extension.into(), role: Role::Supervisor };
        apply(&mut floor, &Command::Seat(profile), 0);
    }
    floor
}

fn apply(floor: &mut Floor, command: &Command, at: i64) {
    floor.handle(command, Timestamp(at)).expect("legal");
}

fn arrive(floor: &mut Floor, call: &str, at: i64) {
    let caller = Caller { number: "+40722111222".into(), name: None };
    let line = Line { number: "+40312345678".into(), label: "Salon".into() };
    apply(floor, &Command::ObserveCall { call: call.into(), caller, line }, at);
    apply(floor, &Command::ObserveRoom { call: call.into(), room: "room".into() }, at);
}

fn ask(floor: &mut Floor, by: &str, intent: Intent, at: i64) {
    apply(floor, &Command::Ask { by: by.into(), intent }, at);
}

fn drop_on(floor: &mut Floor, call: &str, to: Target, at: i64) {
    ask(floor, "ana", Intent::MoveCall { call: call.into(), to }, at);
}

fn check(floor: &Floor) -> Layout {
    let layout = Layout::of(floor, &"bogdan".into());
    for (id, seat) in layout.seats.rows() {
        assert_eq!(Some(seat.status), floor.status(id), "{id}");
    }
    for call in floor.calls.keys() {
        let waiting = layout.waiting.iter().filter(|id| *id == call).count();
        let at = layout.at.rows().iter().flat_map(|(_, calls)| calls).filter(|id| *id == call).count();
        let slots =
            layout.slots.rows().iter().filter(|(_, view)| matches!(view, SlotView::Here(id, _) if id == call)).count();
        assert_eq!(waiting + at + slots, 1, "{call} is in exactly one place");
    }
    layout
}

#[test]
fn the_reader_comes_first_and_then_extensions_in_order() {
    let layout = check(&floor());
    let order: Vec<_> = layout.order.iter().map(AgentId::as_str).collect();
    assert_eq!(order, ["bogdan", "carmen", "ana"]);
}

#[test]
fn a_call_is_shown_where_it_rings() {
    let mut floor = floor();
    arrive(&mut floor, "first", 1);
    arrive(&mut floor, "second", 2);
    let layout = check(&floor);
    assert_eq!(layout.waiting, [CallId::from("first"), "second".into()]);

    ask(&mut floor, "ana", Intent::SetPresence { agent: "ana".into(), presence: Presence::Available }, 3);
    let layout = check(&floor);
    assert_eq!(layout.spots[&"first".into()], Spot::Agent("ana".into()));
    assert_eq!(layout.waiting, [CallId::from("second")]);
    assert_eq!(layout.counts, Counts { waiting: 2, longest: Some(Timestamp(1)), on_call: 0, parked: 0, available: 0 });
}

#[test]
fn a_slot_whose_call_rings_is_reserved() {
    let mut floor = floor();
    arrive(&mut floor, "one", 1);
    drop_on(&mut floor, "one", Target::Slot(Some(Slot(3))), 2);
    assert!(matches!(check(&floor).slots[&Slot(3)], SlotView::Coming(..)));
    apply(&mut floor, &Command::ObserveHeld { call: "one".into() }, 3);
    assert!(matches!(check(&floor).slots[&Slot(3)], SlotView::Here(..)));

    ask(&mut floor, "carmen", Intent::SetPresence { agent: "carmen".into(), presence: Presence::Away }, 4);
    ask(&mut floor, "carmen", Intent::MoveCall { call: "one".into(), to: Target::Agent("carmen".into()) }, 5);
    let layout = check(&floor);
    assert!(matches!(&layout.slots[&Slot(3)], SlotView::Ringing(_, _, agent) if agent.as_str() == "carmen"));
    assert_eq!(layout.at[&"carmen".into()], [CallId::from("one")]);
}

#[test]
fn a_transfer_is_shown_at_the_colleague_and_named_at_the_one_who_hands_over() {
    let mut floor = floor();
    arrive(&mut floor, "one", 1);
    for agent in ["ana", "bogdan"] {
        ask(&mut floor, agent, Intent::SetPresence { agent: agent.into(), presence: Presence::Available }, 2);
    }
    let leg = |leg, news| Command::ObserveLeg { call: "one".into(), leg: LegId(leg), news, reference: None };
    apply(&mut floor, &leg(1, LegNews::Joined), 3);
    drop_on(&mut floor, "one", Target::Agent("bogdan".into()), 4);
    let layout = check(&floor);
    assert_eq!(layout.spots[&"one".into()], Spot::Agent("bogdan".into()));
    assert_eq!(layout.seats[&"ana".into()].handing_over, Some("bogdan".into()));
}

#[test]
fn a_colleague_who_is_added_or_called_is_named_with_whom_they_talk_and_the_card_stays() {
    let mut floor = floor();
    arrive(&mut floor, "one", 1);
    for agent in ["ana", "bogdan", "carmen"] {
        ask(&mut floor, agent, Intent::SetPresence { agent: agent.into(), presence: Presence::Available }, 2);
    }
    let leg = |leg, news| Command::ObserveLeg { call: "one".into(), leg: LegId(leg), news, reference: None };
    apply(&mut floor, &leg(1, LegNews::Joined), 3);
    ask(&mut floor, "ana", Intent::Invite { call: "one".into(), agent: "bogdan".into() }, 4);
    let layout = check(&floor);
    assert_eq!(layout.spots[&"one".into()], Spot::Agent("ana".into()));
    assert_eq!(layout.seats[&"ana".into()].handing_over, None);
    apply(&mut floor, &leg(2, LegNews::Joined), 5);
    assert_eq!(check(&floor).seats[&"bogdan".into()].with, Some("ana".into()));

    let caller = Caller { number: "102".into(), name: None };
    let line = Line { number: "+40312345678".into(), label: "Salon".into() };
    ask(&mut floor, "bogdan", Intent::HangUp { call: "one".into() }, 6);
    let dial = |by: &str, colleague: &str| Command::Dial {
        call: "two".into(),
        by: by.into(),
        to: caller.clone(),
        colleague: Some(colleague.into()),
        line: line.clone(),
    };
    apply(&mut floor, &dial("carmen", "bogdan"), 7);
    let layout = check(&floor);
    assert_eq!(layout.seats[&"bogdan".into()].status, Status::Ringing);
    assert_eq!(layout.spots[&"two".into()], Spot::Agent("carmen".into()));
}

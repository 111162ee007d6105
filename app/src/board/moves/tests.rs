//! The menu offers what people look for, and says why something is not possible.

use switchyard::{
    agent::{Presence, Profile, Role},
    call::{Caller, Line},
    floor::LegNews,
    id::LegId,
};

use super::*;

fn floor() -> (Floor, Vec<AgentId>) {
    let mut floor = Floor::default();
    for (id, role) in [("ana", Role::Agent), ("bogdan", Role::Agent), ("sofia", Role::Supervisor)] {
        let profile = Profile { id: id.into(), name: id.into(), extension: "1".into(), role };
        handle(&mut floor, &Command::Seat(profile));
    }
    let caller = Caller { number: "+40722111222".into(), name: None };
    let line = Line { number: "+40312345678".into(), label: "Salon".into() };
    handle(&mut floor, &Command::ObserveCall { call: "one".into(), caller, line });
    handle(&mut floor, &Command::ObserveRoom { call: "one".into(), room: "room".into() });
    (floor, vec!["ana".into(), "bogdan".into(), "sofia".into()])
}

fn handle(floor: &mut Floor, command: &Command) {
    floor.handle(command, Timestamp(1)).expect("legal");
}

fn available(floor: &mut Floor, agent: &str) {
    let intent = Intent::SetPresence { agent: agent.into(), presence: Presence::Available };
    handle(floor, &Command::Ask { by: agent.into(), intent });
}

fn menu(floor: &Floor, agents: &[AgentId], me: &str) -> Vec<(Move, bool)> {
    let moves = moves(floor, &me.into(), &"one".into(), agents, Timestamp(1));
    moves.into_iter().map(|offered| (offered.what, offered.verdict.is_ok())).collect()
}

#[test]
fn a_waiting_caller_is_picked_up_given_or_parked() {
    let (mut floor, agents) = floor();
    handle(
        &mut floor,
        &Command::Ask {
            by: "ana".into(),
            intent: Intent::SetPresence { agent: "ana".into(), presence: Presence::Away },
        },
    );
    let menu = menu(&floor, &agents, "ana");
    assert_eq!(
        menu[..4],
        [
            (Move::PickUp, true),
            (Move::Park, true),
            (Move::Give("bogdan".into()), false),
            (Move::Give("sofia".into()), false),
        ]
    );
    assert_eq!(menu.last(), Some(&(Move::HangUp, false)), "waiting callers are not hung up by agents");
}

#[test]
fn my_call_is_parked_or_transferred_and_nobody_elses_is() {
    let (mut floor, agents) = floor();
    available(&mut floor, "ana");
    handle(
        &mut floor,
        &Command::ObserveLeg { call: "one".into(), leg: LegId(1), news: LegNews::Joined, reference: None },
    );
    available(&mut floor, "bogdan");
    let mine = menu(&floor, &agents, "ana");
    assert!(mine.contains(&(Move::Transfer("bogdan".into()), true)));
    assert!(mine.contains(&(Move::Transfer("sofia".into()), false)), "she is offline");
    assert!(mine.contains(&(Move::ParkIn(Slot(7)), true)));
    assert!(mine.contains(&(Move::HangUp, true)));
    assert!(menu(&floor, &agents, "bogdan").iter().all(|(_, allowed)| !allowed));
    assert!(menu(&floor, &agents, "sofia").contains(&(Move::Queue, true)));
}

#[test]
fn a_pending_transfer_can_be_taken_back() {
    let (mut floor, agents) = floor();
    available(&mut floor, "bogdan");
    handle(
        &mut floor,
        &Command::ObserveLeg { call: "one".into(), leg: LegId(1), news: LegNews::Joined, reference: None },
    );
    available(&mut floor, "ana");
    let to = Target::Agent("ana".into());
    let intent = Intent::MoveCall { call: "one".into(), to: to.clone() };
    assert_eq!(Move::of_drop(&"bogdan".into(), &floor.calls[&"one".into()], &to), Move::Transfer("ana".into()));
    handle(&mut floor, &Command::Ask { by: "bogdan".into(), intent });
    assert_eq!(menu(&floor, &agents, "bogdan")[0], (Move::Cancel, true));
}

#[test]
fn whoever_has_a_call_holds_it_and_adds_those_who_are_free() {
    let (mut floor, agents) = floor();
    for agent in ["ana", "bogdan"] {
        available(&mut floor, agent);
    }
    let leg = |leg| Command::ObserveLeg { call: "one".into(), leg: LegId(leg), news: LegNews::Joined, reference: None };
    handle(&mut floor, &leg(1));
    let offered = menu(&floor, &agents, "ana");
    assert!(offered.contains(&(Move::Hold, true)) && offered.contains(&(Move::Invite("bogdan".into()), true)));
    assert!(!offered.iter().any(|(what, _)| *what == Move::Invite("sofia".into())), "Sofia is offline");
    let invite = Intent::Invite { call: "one".into(), agent: "bogdan".into() };
    handle(&mut floor, &Command::Ask { by: "ana".into(), intent: invite });
    handle(&mut floor, &leg(2));
    assert!(menu(&floor, &agents, "ana").contains(&(Move::Dismiss("bogdan".into()), true)));
    assert!(menu(&floor, &agents, "ana").contains(&(Move::Park, false)), "a call with guests is not moved");
}

#[test]
fn somebody_outside_who_was_added_is_sent_out_and_the_call_is_not_moved_meanwhile() {
    let (mut floor, agents) = floor();
    for agent in ["ana", "bogdan"] {
        available(&mut floor, agent);
    }
    let leg = |leg| Command::ObserveLeg { call: "one".into(), leg: LegId(leg), news: LegNews::Joined, reference: None };
    handle(&mut floor, &leg(1));
    let who = Caller { number: "+40744100200".into(), name: Some("Sofia".into()) };
    let line = Line { number: "+40312345678".into(), label: "Salon".into() };
    handle(&mut floor, &Command::Add { call: "one".into(), by: "ana".into(), to: who.clone(), line });
    let out = Move::Remove(LegId(2), who);
    assert!(menu(&floor, &agents, "ana").contains(&(out.clone(), true)), "while it rings there, too");
    handle(&mut floor, &leg(2));
    let offered = menu(&floor, &agents, "ana");
    assert!(offered.contains(&(out.clone(), true)) && offered.contains(&(Move::Park, false)));
    assert!(!offered.iter().any(|(what, _)| matches!(what, Move::Transfer(_) | Move::Queue)), "once is enough");
    assert!(menu(&floor, &agents, "bogdan").contains(&(out, false)));
}

//! What a workspace chooses of how its floor behaves.

use switchyard::{
    agent::Presence,
    floor::{Command, Intent, Refusal, Settings, Target},
    id::Slot,
};

use crate::history::History;

#[test]
fn a_slot_does_not_go_while_a_call_is_in_it_or_on_its_way_there() {
    let mut history = History::opened(Presence::Away);
    let smaller = Command::Configure(Settings { slots: 1, ..Settings::default() });
    history.arrives("CA1");
    let second = Target::Slot(Some(Slot(2)));
    history.ask("cristina", Intent::MoveCall { call: "CA1".into(), to: second }).unwrap();
    assert_eq!(history.send(&smaller), Err(Refusal::SlotTaken { slot: Slot(2) }), "on its way");
    history.send(&Command::ObserveHeld { call: "CA1".into() }).unwrap();
    assert_eq!(history.send(&smaller), Err(Refusal::SlotTaken { slot: Slot(2) }), "there");
    assert_eq!(history.floor.settings.slots, 3);
    history.send(&Command::ObserveEnd { call: "CA1".into() }).unwrap();
    history.send(&smaller).unwrap();
    assert_eq!(history.floor.slots().collect::<Vec<_>>(), [Slot(1)]);
}

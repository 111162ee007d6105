//! Stories of single drags, and storms of events.

use proptest::prelude::*;
use switchyard::id::Slot;

use super::*;

const HERE: Point = Point { x: 100.0, y: 100.0 };

fn call() -> Piece {
    Piece::Call(CallId::from("call"))
}

fn other() -> Piece {
    Piece::Agent(AgentId::from("other"))
}

fn slot(number: u8) -> Target {
    Target::Slot(Some(Slot(number)))
}

fn press(device: Device) -> Input {
    Input::Press { pointer: 1, device, piece: call(), at: HERE }
}

fn travel(pointer: i32, by: f64) -> Input {
    Input::Travel { pointer, at: Point { x: HERE.x + by, ..HERE } }
}

/// Goes through a story in which every target is legal.
fn story(inputs: impl IntoIterator<Item = Input>) -> (Drag, Vec<Step>) {
    let mut drag = Drag::default();
    let steps = inputs.into_iter().map(|input| drag.step(input, |_, _| true)).collect();
    (drag, steps)
}

#[test]
fn a_mouse_drags_a_call_onto_a_slot() {
    let (drag, steps) = story([
        press(Device::Mouse),
        travel(1, 3.0),
        travel(1, 4.0),
        Input::Over(Some(slot(3))),
        Input::Release { pointer: 1 },
        Input::Settled,
    ]);
    assert_eq!(
        steps,
        [
            Step::Watch(Device::Mouse),
            Step::Nothing,
            Step::Lift(call()),
            Step::Hover(Some(slot(3))),
            Step::Drop(call(), slot(3)),
            Step::Rest,
        ]
    );
    assert_eq!(drag, Drag::Rest);
}

#[test]
fn a_click_is_no_drag() {
    let (drag, steps) = story([press(Device::Mouse), travel(1, 2.0), Input::Release { pointer: 1 }]);
    assert_eq!(steps.last(), Some(&Step::Forget));
    assert_eq!(drag, Drag::Rest);
}

#[test]
fn a_finger_scrolls_unless_it_is_held() {
    let (drag, steps) = story([press(Device::Touch), travel(1, 11.0), Input::Held { pointer: 1 }]);
    assert_eq!(steps, [Step::Watch(Device::Touch), Step::Forget, Step::Nothing]);
    assert_eq!(drag, Drag::Rest);

    let (drag, steps) = story([press(Device::Touch), travel(1, 9.0), Input::Held { pointer: 1 }]);
    assert_eq!(steps.last(), Some(&Step::Lift(call())));
    assert_eq!(drag.hand(), Some(Hand::Pointer(1)));
}

#[test]
fn a_clock_that_rings_late_lifts_nothing_for_the_next_finger() {
    let mut drag = Drag::default();
    drag.step(press(Device::Touch), |_, _| true);
    drag.step(Input::Release { pointer: 1 }, |_, _| true);
    drag.step(Input::Press { pointer: 2, device: Device::Touch, piece: call(), at: HERE }, |_, _| true);
    assert_eq!(drag.step(Input::Held { pointer: 1 }, |_, _| true), Step::Nothing);
}

#[test]
fn an_illegal_target_springs_the_call_back() {
    let mut drag = Drag::default();
    for input in [press(Device::Pen), travel(1, 9.0), Input::Over(Some(slot(3)))] {
        drag.step(input, |_, _| true);
    }
    assert_eq!(drag.step(Input::Release { pointer: 1 }, |_, _| false), Step::Refuse(call(), slot(3)));
}

#[test]
fn a_second_pointer_is_ignored() {
    let (drag, steps) = story([
        press(Device::Mouse),
        travel(1, 9.0),
        Input::Over(Some(slot(1))),
        Input::Press { pointer: 2, device: Device::Touch, piece: other(), at: HERE },
        travel(2, 80.0),
        Input::Held { pointer: 2 },
        Input::Release { pointer: 2 },
        Input::Lost { pointer: 2 },
        Input::Take(other()),
        Input::Put,
    ]);
    assert!(steps[3..].iter().all(|step| *step == Step::Nothing), "{steps:?}");
    assert_eq!(drag, Drag::Lifted { hand: Hand::Pointer(1), piece: call(), over: Some(slot(1)) });
}

#[test]
fn the_keyboard_drops_where_the_arrows_chose() {
    let (_, steps) = story([Input::Take(call()), Input::Over(Some(Target::Queue)), Input::Put]);
    assert_eq!(steps, [Step::Lift(call()), Step::Hover(Some(Target::Queue)), Step::Drop(call(), Target::Queue)]);
}

#[test]
fn a_call_that_is_gone_is_let_go() {
    for start in [vec![Input::Take(call())], vec![press(Device::Mouse), travel(1, 20.0)]] {
        let (mut drag, _) = story(start);
        assert_eq!(drag.step(Input::Gone(other()), |_, _| true), Step::Nothing);
        assert_eq!(drag.step(Input::Gone(call()), |_, _| true), Step::Vanish(call()));
        assert_eq!(drag.step(Input::Put, |_, _| true), Step::Nothing);
    }
}

fn any_piece() -> impl Strategy<Value = Piece> {
    prop_oneof![Just(call()), Just(other())]
}

fn any_target() -> impl Strategy<Value = Target> {
    prop_oneof![
        (1_u8..4).prop_map(slot),
        Just(Target::Slot(None)),
        Just(Target::Queue),
        Just(Target::Agent("x".into()))
    ]
}

fn any_input() -> impl Strategy<Value = Input> {
    let pointer = 1..4_i32;
    let device = prop_oneof![Just(Device::Mouse), Just(Device::Pen), Just(Device::Touch)];
    let at = (0.0..40.0_f64, 0.0..40.0_f64).prop_map(|(x, y)| Point { x, y });
    prop_oneof![
        (pointer.clone(), device, any_piece(), at.clone()).prop_map(|(pointer, device, piece, at)| Input::Press {
            pointer,
            device,
            piece,
            at
        }),
        (pointer.clone(), at).prop_map(|(pointer, at)| Input::Travel { pointer, at }),
        pointer.clone().prop_map(|pointer| Input::Held { pointer }),
        proptest::option::of(any_target()).prop_map(Input::Over),
        pointer.clone().prop_map(|pointer| Input::Release { pointer }),
        pointer.prop_map(|pointer| Input::Lost { pointer }),
        any_piece().prop_map(Input::Take),
        Just(Input::Put),
        Just(Input::Cancel),
        any_piece().prop_map(Input::Gone),
        Just(Input::Settled),
    ]
}

proptest! {
    #[test]
    fn every_way_leads_back_to_rest(storm in proptest::collection::vec(any_input(), 0..60)) {
        let mut drag = Drag::default();
        for input in storm {
            drag.step(input, |_, _| true);
        }
        drag.step(Input::Cancel, |_, _| true);
        drag.step(Input::Settled, |_, _| true);
        prop_assert_eq!(&drag, &Drag::Rest);
        // And from there everything works as ever.
        prop_assert_eq!(drag.step(Input::Take(call()), |_, _| true), Step::Lift(call()));
    }

    #[test]
    fn a_call_is_dropped_only_where_it_was_held_and_is_legal(
        storm in proptest::collection::vec((any_input(), any::<bool>()), 0..80),
    ) {
        let mut drag = Drag::default();
        for (input, legal) in storm {
            let before = drag.clone();
            if let Step::Drop(call, to) = drag.step(input, |_, _| legal) {
                prop_assert!(legal);
                prop_assert_eq!(before.lifted(), Some(&call));
                prop_assert_eq!(before.over(), Some(&to));
            }
        }
    }

    #[test]
    fn a_card_in_hand_stays_in_that_hand(storm in proptest::collection::vec(any_input(), 0..80)) {
        let mut drag = Drag::default();
        for input in storm {
            let before = drag.clone();
            drag.step(input, |_, _| true);
            if let (Some(held), Some(call)) = (before.lifted(), drag.lifted()) {
                prop_assert_eq!(held, call);
                prop_assert_eq!(before.hand(), drag.hand());
            }
        }
    }
}

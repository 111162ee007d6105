//! The phone, told what happens.

use proptest::prelude::*;
use switchyard::{call::Outside, id::CallId, time::Timestamp};

use super::{
    news::{Alarm, Ask, Click, Input, Invite, Step},
    state::{Handset, Line, Mine, Phase, Phone, Trouble},
};

fn click(phone: &mut Phone, click: Click) -> Vec<Step> {
    phone.step(Input::Click(click))
}

/// A phone that is on, in a page that owns the device.
fn ready() -> Phone {
    let mut phone = Phone::default();
    assert_eq!(click(&mut phone, Click::On { available: false }), [Step::Claim]);
    assert_eq!(phone.step(Input::Owned), [Step::Start]);
    phone.step(Input::Registering);
    phone.step(Input::Registered);
    assert_eq!(phone.handset, Handset::Ready);
    phone
}

fn invite(key: u32, call: &str, auto: bool) -> Input {
    Input::Invited(Invite { key, call: Some(call.into()), who: "Maria".into(), line: "Bookings".into(), auto })
}

fn mine(call: &str) -> Mine {
    Mine {
        call: call.into(),
        has_it: true,
        guests: false,
        held: false,
        broken: false,
        offered: false,
        outside: Outside::Connected,
        since: Timestamp::default(),
    }
}

#[test]
fn a_guest_holds_nobody() {
    let mut phone = talking();
    phone.step(Input::Floor(vec![Mine { has_it: false, ..mine("CA1") }]));
    assert_eq!(click(&mut phone, Click::Hold), []);
    assert_eq!(click(&mut phone, Click::HangUp), [Step::Ask(Ask::HangUp("CA1".into()))]);
}

#[test]
fn a_phone_that_is_off_says_so_when_somebody_is_to_be_called() {
    let mut phone = Phone::default();
    assert_eq!(click(&mut phone, Click::Dial("102".into())), []);
    assert_eq!(phone.trouble, Some(Trouble::SwitchedOff));
}

/// A phone on which somebody talks.
fn talking() -> Phone {
    let mut phone = ready();
    phone.step(invite(1, "CA1", false));
    assert_eq!(click(&mut phone, Click::Answer), [Step::Accept(1)]);
    phone.step(Input::Opened(1, None));
    phone.step(Input::Floor(vec![mine("CA1")]));
    phone
}

#[test]
fn a_call_comes_is_answered_and_hung_up() {
    let mut phone = talking();
    assert_eq!(phone.current().map(|line| line.phase), Some(Phase::Open));
    assert_eq!(click(&mut phone, Click::HangUp), [Step::Ask(Ask::HangUp("CA1".into()))]);
    assert_eq!(phone.step(Input::Done(Ask::HangUp("CA1".into()))), [Step::Disconnect(1)]);
    phone.step(Input::Ended(1));
    assert!(phone.lines.is_empty());
}

#[test]
fn what_is_no_longer_on_the_floor_is_hung_up_in_the_phone() {
    let mut phone = talking();
    click(&mut phone, Click::HangUp);
    assert_eq!(phone.step(Input::Refused(Ask::HangUp("CA1".into()), None)), [Step::Disconnect(1)]);
}

#[test]
fn declining_lets_the_phone_ring_for_the_next() {
    let mut phone = ready();
    phone.step(invite(1, "CA1", false));
    assert_eq!(click(&mut phone, Click::Decline), [Step::Reject(1)]);
    assert!(phone.ringing().is_none());
    assert!(click(&mut phone, Click::Decline).is_empty());
}

#[test]
fn what_the_reader_asked_for_is_answered_without_asking() {
    let mut phone = ready();
    assert_eq!(phone.step(invite(1, "CA1", true)), [Step::Accept(1)]);
    assert!(phone.ringing().is_none());
}

#[test]
fn a_second_call_is_answered_when_the_first_is_parked() {
    let mut phone = talking();
    phone.step(invite(2, "CA2", true));
    assert!(phone.ringing().is_some(), "whoever talks is asked");
    assert_eq!(click(&mut phone, Click::Answer), [Step::Ask(Ask::Park("CA1".into()))]);
    assert!(phone.step(Input::Done(Ask::Park("CA1".into()))).is_empty());
    assert!(phone.step(Input::Ended(1)).contains(&Step::Accept(2)));
}

#[test]
fn a_second_call_rings_on_when_the_first_cannot_be_parked() {
    let mut phone = talking();
    phone.step(invite(2, "CA2", false));
    click(&mut phone, Click::Answer);
    phone.step(Input::Refused(Ask::Park("CA1".into()), Some("the lot is full".into())));
    assert_eq!(phone.ringing().map(|line| line.key), Some(2));
    assert_eq!(phone.trouble, Some(Trouble::Refused("the lot is full".into())));
}

#[test]
fn hold_follows_the_floor() {
    let mut phone = talking();
    assert_eq!(click(&mut phone, Click::Hold), [Step::Ask(Ask::Hold("CA1".into()))]);
    phone.step(Input::Floor(vec![Mine { held: true, ..mine("CA1") }]));
    assert_eq!(click(&mut phone, Click::Hold), [Step::Ask(Ask::Resume("CA1".into()))]);
}

#[test]
fn a_reloaded_page_comes_back_to_its_call() {
    let mut phone = Phone::default();
    phone.step(Input::Floor(vec![Mine { broken: true, ..mine("CA1") }]));
    click(&mut phone, Click::On { available: false });
    phone.step(Input::Owned);
    let steps = phone.step(Input::Registered);
    assert!(steps.contains(&Step::Ask(Ask::Rejoin("CA1".into()))), "{steps:?}");
    // Once is enough, until it did not work.
    assert!(phone.step(Input::Floor(vec![Mine { broken: true, offered: true, ..mine("CA1") }])).is_empty());
    assert_eq!(phone.step(invite(1, "CA1", true)), [Step::Accept(1)]);
    phone.step(Input::Opened(1, None));
    phone.step(Input::Floor(vec![mine("CA1")]));
    assert!(phone.broken().is_none());
}

#[test]
fn the_way_back_is_asked_for_again_when_it_was_not_found() {
    let mut phone = ready();
    let broken = || Input::Floor(vec![Mine { broken: true, ..mine("CA1") }]);
    assert!(phone.step(broken()).contains(&Step::Ask(Ask::Rejoin("CA1".into()))));
    assert!(phone.step(broken()).is_empty());
    assert!(phone.step(Input::Rang(Alarm::Rejoin, 0)).contains(&Step::Ask(Ask::Rejoin("CA1".into()))));
}

#[test]
fn a_tab_that_only_watches_does_nothing_by_itself() {
    let mut phone = Phone::default();
    let steps = phone.step(Input::Mirrored(talking()));
    assert_eq!(steps, [Step::Claim]);
    assert!(phone.current().is_some());
    assert!(!phone.rings());
    assert!(phone.step(Input::Floor(vec![Mine { broken: true, ..mine("CA9") }])).is_empty());
    // The owner was closed: its lines are gone with it.
    assert_eq!(phone.step(Input::Owned), [Step::Start]);
    assert!(phone.lines.is_empty());
}

#[test]
fn what_may_pass_is_tried_again_and_what_will_not_is_said() {
    let mut phone = Phone::default();
    click(&mut phone, Click::On { available: false });
    phone.step(Input::Owned);
    let steps = phone.step(Input::Failed(Trouble::NoConnection));
    let Some(Step::Wait(Alarm::Restart, 1_000, serial)) = steps.last() else { panic!("{steps:?}") };
    assert_eq!(phone.step(Input::Rang(Alarm::Restart, *serial)), [Step::Start]);
    assert_eq!(phone.step(Input::Failed(Trouble::MicDenied)), [Step::Stop]);
    assert_eq!((phone.handset, phone.trouble.clone()), (Handset::Failed, Some(Trouble::MicDenied)));
    assert_eq!(click(&mut phone, Click::On { available: false }), [Step::Start]);
}

#[test]
fn a_registration_that_never_comes_is_not_waited_for() {
    let mut phone = Phone::default();
    click(&mut phone, Click::On { available: false });
    phone.step(Input::Owned);
    let steps = phone.step(Input::Registering);
    let [Step::Wait(Alarm::Register, _, serial)] = steps[..] else { panic!("{steps:?}") };
    phone.step(Input::Rang(Alarm::Register, serial));
    assert_eq!(phone.trouble, Some(Trouble::NotRegistered));
}

#[test]
fn a_lost_connection_does_not_touch_a_call() {
    let mut phone = talking();
    phone.step(Input::Unregistered);
    assert_eq!(phone.handset, Handset::Reconnecting);
    assert!(phone.present);
    assert!(phone.step(Input::Failed(Trouble::NoConnection)).is_empty());
    assert!(phone.current().is_some());
    phone.step(Input::Registered);
    assert_eq!(phone.handset, Handset::Ready);
}

#[test]
fn a_number_is_checked_and_then_dialled() {
    let mut phone = ready();
    assert_eq!(click(&mut phone, Click::Dial("0722".into())), [Step::Prepare("0722".into())]);
    assert!(click(&mut phone, Click::Dial("0722".into())).is_empty(), "twice is once");
    let steps = phone.step(Input::MayDial("+40722".into(), "Maria".into()));
    assert_eq!(steps, [Step::Connect("+40722".into(), "Maria".into())]);
    phone.step(Input::Placed(1, "Maria".into()));
    phone.step(Input::Opened(1, Some("CA5".into())));
    assert_eq!(phone.current().and_then(|line| line.call.clone()), Some(CallId::from("CA5")));
    phone.step(Input::NotReached("CA5".into(), Trouble::Busy));
    phone.step(Input::Ended(1));
    assert_eq!(phone.trouble, Some(Trouble::Busy), "why it failed outlives the call");
}

#[test]
fn a_number_that_is_wanted_before_the_phone_is_connected_is_dialled_then() {
    let mut phone = Phone::default();
    click(&mut phone, Click::On { available: false });
    assert!(click(&mut phone, Click::Dial("112".into())).is_empty());
    phone.step(Input::Owned);
    assert!(phone.step(Input::Registered).contains(&Step::Prepare("112".into())));
    assert!(!phone.step(Input::Registered).contains(&Step::Prepare("112".into())), "once");
}

#[test]
fn a_number_that_is_wanted_where_another_tab_has_the_phone_is_passed_on() {
    let mut phone = Phone::default();
    click(&mut phone, Click::On { available: false });
    click(&mut phone, Click::Dial("112".into()));
    assert!(phone.step(Input::Mirrored(ready())).contains(&Step::Pass(Click::Dial("112".into()))));
}

#[test]
fn a_number_that_was_wanted_is_not_dialled_when_nobody_waits_for_it_any_more() {
    let mut phone = Phone::default();
    click(&mut phone, Click::On { available: false });
    click(&mut phone, Click::Dial("112".into()));
    phone.step(Input::Owned);
    phone.step(Input::Failed(Trouble::NoConnection));
    assert!(!phone.step(Input::Registered).contains(&Step::Prepare("112".into())));
}

#[test]
fn going_available_waits_for_the_phone() {
    let mut phone = Phone::default();
    click(&mut phone, Click::On { available: true });
    phone.step(Input::Owned);
    assert!(phone.step(Input::Registered).contains(&Step::Ask(Ask::Available)));
    assert!(!phone.step(Input::Registered).contains(&Step::Ask(Ask::Available)));
}

#[test]
fn errors_of_the_sdk_have_meanings() {
    assert_eq!(Trouble::of_code(20104), Trouble::TokenRefused);
    assert_eq!(Trouble::of_code(31401), Trouble::MicDenied);
    assert_eq!(Trouble::of_code(31486), Trouble::Busy);
    assert_eq!(Trouble::of_code(31404), Trouble::WrongNumber);
    assert_eq!(Trouble::of_code(12345), Trouble::Code(12345));
}

fn any_call() -> impl Strategy<Value = CallId> {
    (0..3_u32).prop_map(|n| CallId::from(format!("CA{n}")))
}

fn any_mine() -> impl Strategy<Value = Mine> {
    (any_call(), any::<[bool; 3]>()).prop_map(|(call, [held, broken, offered])| Mine {
        held,
        broken,
        offered,
        ..mine(call.as_str())
    })
}

fn any_input() -> impl Strategy<Value = Input> {
    let clicks = prop::sample::select(vec![
        Click::On { available: true },
        Click::Off,
        Click::Answer,
        Click::Decline,
        Click::Mute,
        Click::Hold,
        Click::HangUp,
        Click::Rejoin,
        Click::Digits("1".into()),
        Click::Dial("112".into()),
    ]);
    let asks = any_call().prop_map(Ask::Park).boxed().prop_union(any_call().prop_map(Ask::HangUp).boxed());
    prop_oneof![
        6 => clicks.prop_map(Input::Click),
        1 => prop::sample::select(vec![Input::Owned, Input::Restored, Input::Dead, Input::Unregistered]),
        3 => Just(Input::Registered),
        1 => prop::sample::select(vec![Trouble::MicDenied, Trouble::NoConnection]).prop_map(Input::Failed),
        4 => (0..5_u32, any_call(), any::<bool>()).prop_map(|(key, call, auto)| invite(key, call.as_str(), auto)),
        3 => (0..5_u32).prop_map(|key| Input::Opened(key, None)),
        3 => (0..5_u32).prop_map(Input::Ended),
        2 => prop::collection::vec(any_mine(), 0..3).prop_map(Input::Floor),
        2 => (5..9_u32).prop_map(|key| Input::MayDial(key.to_string(), String::new())),
        1 => asks.clone().prop_map(Input::Done),
        1 => asks.prop_map(|ask| Input::Refused(ask, Some("no".into()))),
        2 => (any::<bool>(), 0..40_u32).prop_map(|(restart, n)| {
            Input::Rang(if restart { Alarm::Restart } else { Alarm::Absent }, n)
        }),
    ]
}

proptest! {
    #[test]
    fn whatever_happens(inputs in prop::collection::vec(any_input(), 0..60)) {
        let mut phone = Phone::default();
        let mut accepted: Vec<u32> = Vec::new();
        for input in inputs {
            // The SDK numbers its calls one after the other: a number is not used twice.
            if let Input::Invited(Invite { key, .. }) = &input {
                accepted.retain(|known| known != key || phone.line(*key).is_some());
            }
            let steps = phone.step(input.clone());
            for step in &steps {
                match step {
                    Step::Accept(key) => {
                        prop_assert!(!accepted.contains(key), "{key} is answered twice");
                        accepted.push(*key);
                    }
                    Step::Start => prop_assert!(phone.on && phone.owns(), "starts without being on and the owner"),
                    Step::Ask(Ask::Rejoin(_)) => prop_assert!(phone.owns() && phone.handset == Handset::Ready),
                    _ => {}
                }
            }
            let busy: Vec<&Line> = phone.lines.iter().filter(|line| line.phase != Phase::Ringing).collect();
            prop_assert!(busy.len() <= 1, "two lines at once after {input:?}: {busy:?}");
            prop_assert!(phone.on || phone.lines.is_empty(), "off, with lines");
            prop_assert!(phone.on || phone.handset == Handset::Off);
            prop_assert!(phone.next.is_none_or(|next| phone.line(next).is_some()), "waits for a line that is gone");
        }
    }
}

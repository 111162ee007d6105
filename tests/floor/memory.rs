//! Calls that are over are forgotten when nothing is to be kept of whoever they were with.

use proptest::prelude::*;
use switchyard::{
    agent::Presence,
    call::{Caller, Direction},
    floor::Command,
    id::{AgentId, CallId},
};

use super::history::{CALLS, History};

fn anybody(_: Direction, _: &Caller, _: Option<&AgentId>) -> bool {
    true
}

/// Somebody calls and hangs up.
fn called(history: &mut History, call: &str) {
    history.arrives(call);
    history.send(&Command::ObserveEnd { call: call.into() }).unwrap();
}

#[test]
fn calls_are_remembered_until_no_news_of_them_can_come() {
    let mut history = History::opened(Presence::Away);
    assert_eq!(history.floor.remembered(anybody, history.now), Some(Vec::new()));
    history.arrives("CA1");
    assert_eq!(history.floor.remembered(anybody, history.now), None, "it goes on");
    history.send(&Command::ObserveEnd { call: "CA1".into() }).unwrap();
    assert_eq!(history.floor.remembered(anybody, history.now), None, "news of it may come");
    assert_eq!(history.floor.remembered(|_, _, _| false, history.now), Some(Vec::new()), "it is not theirs");
    history.now = history.now.plus_secs(121);
    assert_eq!(history.floor.remembered(anybody, history.now), Some(vec!["CA1".into()]));
    history.send(&Command::Forget { calls: vec!["CA1".into()] }).unwrap();
    assert_eq!(history.floor.remembered(anybody, history.now), Some(Vec::new()));
    // Once more changes nothing, nor does forgetting what nobody knows.
    let again = history.send(&Command::Forget { calls: vec!["CA1".into(), "CA9".into()] }).unwrap();
    assert!(again.events.is_empty());
}

proptest! {
    #[test]
    fn what_is_forgotten_is_gone_and_nothing_else_is(over in 1..4_usize, forgotten in 0..4_usize) {
        let mut history = History::opened(Presence::Away);
        for call in &CALLS[..over] {
            called(&mut history, call);
        }
        history.arrives(CALLS[3]);
        let calls = vec![CallId::from(CALLS[forgotten])];
        let before = history.floor.clone();
        history.send(&Command::Forget { calls: calls.clone() }).unwrap();
        prop_assert_eq!(&history.floor.calls, &before.calls, "live calls are never forgotten");
        let left = before.ended.into_iter().filter(|ended| !calls.contains(&ended.record.call));
        prop_assert!(history.floor.ended.iter().cloned().eq(left));
    }
}

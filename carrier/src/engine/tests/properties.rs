//! What must hold whatever people do, in whatever order.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::{super::*, town::*};

/// Something that somebody may do; numbers choose among those whom it can befall.
#[derive(Debug, Clone)]
enum Step {
    Call { room: u8, end: bool, start: bool, label: u8 },
    Dial,
    Add { room: u8, client: u8, label: u8 },
    HangUp(usize),
    Answer(usize),
    Complete(usize),
    Redirect { call: usize, room: u8 },
    Kick(usize),
    Hold { call: usize, hold: bool },
    End(usize, bool),
    EndConference(u8),
    Wait(u16),
}

fn step() -> impl Strategy<Value = Step> {
    let (room, which) = (0..2_u8, any::<usize>());
    prop_oneof![
        4 => (room.clone(), any::<bool>(), any::<bool>(), 0..3_u8)
            .prop_map(|(room, end, start, label)| Step::Call { room, end, start, label }),
        1 => Just(Step::Dial),
        3 => (room.clone(), 0..4_u8, 0..3_u8).prop_map(|(room, client, label)| Step::Add { room, client, label }),
        2 => which.prop_map(Step::HangUp),
        2 => which.prop_map(Step::Answer),
        1 => which.prop_map(Step::Complete),
        1 => (which, room.clone()).prop_map(|(call, room)| Step::Redirect { call, room }),
        1 => which.prop_map(Step::Kick),
        1 => (which, any::<bool>()).prop_map(|(call, hold)| Step::Hold { call, hold }),
        1 => (which, any::<bool>()).prop_map(|(call, end)| Step::End(call, end)),
        1 => room.prop_map(Step::EndConference),
        3 => (0..5_000_u16).prop_map(Step::Wait),
    ]
}

fn twiml(room: u8, attributes: &str) -> String {
    super::town::room(&format!("room{room}"), attributes)
}

fn label(label: u8) -> Option<String> {
    (label > 0).then(|| format!("label{label}"))
}

fn act(town: &mut Town, step: &Step) {
    let some_call = |town: &Town, which: usize| {
        let live: Vec<_> =
            town.engine.calls.newest().filter(|call| !call.status.ended()).map(|c| c.sid.clone()).collect();
        (!live.is_empty()).then(|| live[which % live.len()].clone())
    };
    let member = |town: &Town, which: usize| {
        let sid = some_call(town, which)?;
        let conference = town.engine.calls.get(&sid)?.conference()?.to_owned();
        Some((conference, sid))
    };
    // What is refused is refused; the rules below hold either way.
    match step {
        Step::Call { room, end, start, label: named } => {
            let name = label(*named).map(|label| format!(r#"participantLabel="{label}""#)).unwrap_or_default();
            let attributes = format!(r#"endConferenceOnExit="{end}" startConferenceOnEnter="{start}" {name}"#);
            town.page("http://app/voice", &twiml(*room, &attributes));
            town.call();
        }
        Step::Dial => {
            town.page("http://app/voice", "<Dial><Client>a0</Client><Client>a1</Client></Dial><Pause length=\"3\"/>");
            town.call();
        }
        Step::Add { room, client, label: named } => {
            let _ = town.add(&format!("room{room}"), &format!("client:a{client}"), label(*named).as_deref());
        }
        Step::HangUp(which) => {
            if let Some(sid) = some_call(town, *which) {
                town.hang_up(&sid);
            }
        }
        Step::Answer(which) => {
            if let Some(sid) = some_call(town, *which) {
                town.does(&sid, &Deed::Answers);
            }
        }
        Step::Complete(which) => {
            if let Some(sid) = some_call(town, *which) {
                let _ = town.complete(&sid);
            }
        }
        Step::Redirect { call, room } => {
            if let Some(sid) = some_call(town, *call) {
                let xml = format!("<Response>{}</Response>", twiml(*room, ""));
                let _ = town.update(&sid, CallUpdate { twiml: Some(xml), ..CallUpdate::default() });
            }
        }
        Step::Kick(which) => {
            if let Some((conference, sid)) = member(town, *which) {
                town.engine.kick(ACCOUNT, &conference, &sid).expect("a participant");
                town.settle();
            }
        }
        Step::Hold { call, hold } => {
            if let Some((conference, sid)) = member(town, *call) {
                let update = MemberUpdate { hold: Some(*hold), ..MemberUpdate::default() };
                town.engine.update_participant(ACCOUNT, &conference, &sid, update).expect("a participant");
            }
        }
        Step::End(which, end) => {
            if let Some((conference, sid)) = member(town, *which) {
                let update = MemberUpdate { end_on_exit: Some(*end), ..MemberUpdate::default() };
                town.engine.update_participant(ACCOUNT, &conference, &sid, update).expect("a participant");
            }
        }
        Step::EndConference(room) => {
            if let Some(sid) = town.engine.active(ACCOUNT, &format!("room{room}")).map(|c| c.sid.clone()) {
                town.engine.complete_conference(ACCOUNT, &sid).expect("it lives");
            }
        }
        Step::Wait(ms) => town.wait((*ms).into()),
    }
    town.settle();
}

/// What is true at any moment.
fn check_state(town: &Town) {
    let mut seated = HashMap::new();
    let mut names = HashSet::new();
    for conference in town.engine.conferences.newest() {
        let over = conference.ending.is_some();
        assert_eq!(over, conference.status == ConferenceStatus::Completed);
        assert!(!over || conference.members.is_empty());
        assert!(over || names.insert(conference.name.clone()), "two live conferences are called {}", conference.name);
        assert!(over || !conference.members.is_empty() || !conference.expected.is_empty(), "nobody keeps it alive");
        let mut labels = HashSet::new();
        for member in &conference.members {
            assert!(seated.insert(member.call.clone(), conference.sid.clone()).is_none(), "in two conferences");
            assert!(member.label.as_ref().is_none_or(|label| labels.insert(label.clone())), "a label is used twice");
        }
        let starters = conference.members.iter().filter(|m| m.connected).map(|m| m.start_on_enter);
        let (count, may) = starters.fold((0, false), |(count, may), start| (count + 1, may || start));
        assert!(conference.status != ConferenceStatus::Init || count < 2 || !may, "it should have started");
    }
    for call in town.engine.calls.newest() {
        assert_eq!(call.conference(), seated.get(&call.sid).map(String::as_str));
        assert_eq!(call.status.ended(), call.ended.is_some());
        assert!(!call.status.ended() || call.run.is_none());
    }
}

/// What was told, as a whole, makes sense.
fn check_callbacks(town: &Town) {
    let mut sequences: HashMap<&str, u64> = HashMap::new();
    let mut inside: HashSet<(String, String)> = HashSet::new();
    let mut over = HashSet::new();
    let mut done = HashSet::new();
    for request in &town.callbacks {
        let number: u64 = value(request, "SequenceNumber").expect("a number").parse().expect("a number");
        if let Some(conference) = value(request, "ConferenceSid") {
            let expected = sequences.entry(conference).or_insert(1);
            assert_eq!(number, *expected);
            *expected += 1;
            assert!(!over.contains(conference), "it was over");
            let seat = || (conference.to_owned(), value(request, "CallSid").unwrap_or_default().to_owned());
            match value(request, "StatusCallbackEvent") {
                Some("participant-join") => assert!(inside.insert(seat())),
                Some("participant-leave")
                    if value(request, "ReasonParticipantLeft") == Some("participant_add_failed") =>
                {
                    assert!(!inside.contains(&seat()));
                }
                Some("participant-leave") => assert!(inside.remove(&seat())),
                Some("conference-end") => {
                    assert!(!inside.iter().any(|(one, _)| one == conference), "somebody is still inside");
                    over.insert(conference);
                }
                _ => {}
            }
        } else {
            let call = value(request, "CallSid").expect("a call");
            assert!(!done.contains(call), "a call went on after its end");
            let last = !matches!(value(request, "CallStatus"), Some("initiated" | "ringing" | "in-progress"));
            if last {
                done.insert(call);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_rules_hold_whatever_happens(steps in prop::collection::vec(step(), 1..60)) {
        let mut town = Town::new("");
        for (client, answers) in [Answers::AfterMs, Answers::Never, Answers::Rejects].into_iter().enumerate() {
            town.client(&format!("a{client}"), answers);
        }
        town.page("http://app/done", "<Pause length=\"2\"/>");
        for step in &steps {
            act(&mut town, step);
            check_state(&town);
        }
        // Everybody goes home, once the last have stopped ringing.
        town.wait(100_000);
        check_state(&town);
        let all: Vec<_> = town.engine.calls.newest().map(|call| call.sid.clone()).collect();
        for sid in all {
            town.hang_up(&sid);
            check_state(&town);
        }
        town.wait(100_000);
        check_state(&town);
        check_callbacks(&town);
        assert!(town.engine.calls.newest().all(|call| call.status.ended()), "somebody still talks");
        assert!(town.engine.conferences.newest().all(|conference| conference.ending.is_some()), "a conference goes on");
    }
}

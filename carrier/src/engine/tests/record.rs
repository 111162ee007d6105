//! Speaking after the beep.

use super::{super::*, town::*};

const RECORD: &str = r##"<Record action="/said" finishOnKey="#" timeout="5" maxLength="60"
    recordingStatusCallback="/ready" recordingStatusCallbackEvent="in-progress completed absent"/><Say>nothing</Say>"##;

fn town() -> (Town, String) {
    let mut town = Town::new(RECORD);
    town.page("http://app/said", "<Say>thanks</Say><Hangup/>");
    let caller = town.call();
    (town, caller)
}

/// What the recording's status callbacks said, and forgets everything.
fn told(town: &mut Town) -> Vec<String> {
    let told = town.callbacks.extract_if(.., |request| request.url == "http://app/ready");
    told.map(|request| {
        let seconds = value(&request, "RecordingDuration").map(|seconds| format!(" {seconds}")).unwrap_or_default();
        format!("{}{seconds}", value(&request, "RecordingStatus").unwrap_or_default())
    })
    .collect()
}

fn said(town: &Town, name: &str) -> String {
    let last = town.fetches.last().filter(|request| request.url == "http://app/said").expect("the action");
    value(last, name).unwrap_or("-").to_owned()
}

#[test]
fn after_the_beep_somebody_speaks_until_they_are_silent() {
    let (mut town, caller) = town();
    let hears = |town: &Town| town.engine.audio().lines[0].hears.pieces.first().map(|piece| piece.sound.clone());
    let records = |town: &Town| town.engine.audio().lines[0].records.clone();
    assert_eq!((hears(&town), records(&town)), (Some(Sound::Beep), None));
    town.engine.voice(&caller, true);
    town.wait(500);
    assert_eq!(hears(&town), None, "the beep is over");
    let recording = records(&town).expect("a recording");
    town.wait(2_000);
    town.engine.voice(&caller, true);
    town.wait(9_500);
    town.engine.voice(&caller, false);
    town.wait(4_999);
    assert!(records(&town).is_some());
    town.wait(2);
    assert_eq!((said(&town, "RecordingDuration"), said(&town, "Digits")), ("10".to_owned(), String::new()));
    assert_eq!(said(&town, "RecordingSid"), recording);
    assert!(said(&town, "RecordingUrl").ends_with(&format!("/Recordings/{recording}")));
    assert_eq!(hears(&town).map(|sound| matches!(sound, Sound::Say { text, .. } if text == "thanks")), Some(true));
    assert_eq!(told(&mut town), ["in-progress"]);
    town.wait(1_000);
    assert_eq!(told(&mut town), ["completed 10"]);
    assert_eq!(town.status(&caller), "completed");
}

#[test]
fn a_key_of_those_that_end_it_ends_it() {
    let (mut town, caller) = town();
    town.wait(600);
    town.engine.voice(&caller, true);
    town.wait(3_000);
    town.does(&caller, &Deed::Presses("1".to_owned()));
    assert!(town.fetches.iter().all(|request| request.url != "http://app/said"));
    town.does(&caller, &Deed::Presses("#".to_owned()));
    assert_eq!((said(&town, "Digits"), said(&town, "RecordingDuration")), ("#".to_owned(), "3".to_owned()));
}

#[test]
fn nobody_speaks_for_ever() {
    let (mut town, caller) = town();
    town.wait(500);
    town.engine.voice(&caller, true);
    town.wait(59_999);
    assert!(town.engine.recordings.newest().next().is_none());
    town.wait(1);
    assert_eq!(said(&town, "RecordingDuration"), "60");
}

#[test]
fn who_says_nothing_leaves_nothing_and_the_next_verb_comes() {
    let (mut town, caller) = town();
    town.wait(5_600);
    let piece = town.engine.audio().lines[0].hears.pieces[0].sound.clone();
    assert!(matches!(piece, Sound::Say { text, .. } if text == "nothing"), "and not the action");
    assert_eq!(told(&mut town), ["in-progress", "absent"]);
    assert!(town.engine.recordings.newest().next().is_none());
    town.wait(10_000);
    assert_eq!(town.status(&caller), "completed");
}

#[test]
fn who_hangs_up_has_left_what_they_said() {
    let (mut town, caller) = town();
    town.wait(500);
    town.engine.voice(&caller, true);
    town.wait(2_000);
    town.hang_up(&caller);
    assert_eq!((said(&town, "Digits"), said(&town, "CallStatus")), ("hangup".to_owned(), "completed".to_owned()));
    town.wait(1_000);
    assert_eq!(told(&mut town), ["in-progress", "completed 2"]);
}

#[test]
fn who_hangs_up_before_they_speak_has_left_nothing() {
    for ms in [100, 1_000] {
        let (mut town, caller) = town();
        town.wait(ms);
        town.hang_up(&caller);
        town.wait(2_000);
        assert!(town.fetches.iter().all(|request| request.url != "http://app/said"));
        assert!(!told(&mut town).iter().any(|status| status.starts_with("completed")));
    }
}

#[test]
fn new_twiml_takes_over_and_what_was_said_is_kept() {
    let (mut town, caller) = town();
    town.page("http://app/other", "<Pause length=\"60\"/>");
    town.wait(500);
    town.engine.voice(&caller, true);
    town.wait(2_000);
    town.redirect(&caller, "http://app/other");
    town.wait(1_000);
    assert_eq!(town.asked(), ["/voice", "/other"], "the action is not asked for");
    assert_eq!(told(&mut town), ["in-progress", "completed 2"]);
}

//! Conferences: starting, ending, waiting, and who is told what.

use super::{super::*, town::*};

#[test]
fn a_conference_starts_with_two_of_whom_one_may_start_it() {
    let mut town = Town::new(&room("r", r#"startConferenceOnEnter="false" participantLabel="a""#));
    town.call();
    town.page("http://app/voice", &room("r", r#"startConferenceOnEnter="false" participantLabel="b""#));
    town.call();
    assert_eq!(town.events(), ["participant-join a", "participant-join b"]);
    town.page("http://app/voice", &room("r", r#"participantLabel="c""#));
    town.call();
    assert_eq!(town.events(), ["participant-join c", "conference-start"]);
    assert_eq!(town.inside("r"), ["a", "b", "c"]);
}

#[test]
fn the_last_to_leave_ends_it() {
    let mut town = Town::new(&room("r", r#"participantLabel="a""#));
    let a = town.call();
    town.page("http://app/voice", &room("r", r#"participantLabel="b""#));
    let b = town.call();
    town.events();
    town.hang_up(&a);
    assert_eq!(town.events(), ["participant-leave a: participant_hung_up"]);
    town.hang_up(&b);
    let end =
        town.callbacks.iter().find(|r| value(r, "StatusCallbackEvent") == Some("conference-end")).expect("an end");
    assert_eq!(
        (value(end, "CallSidEndingConference"), value(end, "ParticipantLabelEndingConference")),
        (Some(&*b), Some("b"))
    );
    assert_eq!(town.events(), ["participant-leave b: participant_hung_up", "conference-end: last-participant-left"]);
}

#[test]
fn whoever_was_to_end_it_takes_all_others_out_and_their_documents_go_on() {
    let mut town = Town::new(&room("r", r#"participantLabel="chair" endConferenceOnExit="true""#));
    let chair = town.call();
    town.page("http://app/voice", &room("r", r#"participantLabel="b""#));
    let b = town.call();
    town.page("http://app/done", "<Pause length=\"60\"/>");
    town.events();
    town.hang_up(&chair);
    assert_eq!(
        town.events(),
        [
            "participant-leave chair: participant_hung_up",
            "participant-leave b: moderator_ended_conference",
            "conference-end: participant-with-end-conference-on-exit-left",
        ]
    );
    let asked = town.fetches.last().expect("the action");
    assert_eq!((value(asked, "DialCallStatus"), value(asked, "DialCallSid")), (Some("answered"), None));
    assert_eq!(town.status(&b), "in-progress");
}

#[test]
fn the_first_to_join_says_who_is_told() {
    let mut town = Town::new("<Dial><Conference>silent</Conference></Dial>");
    town.call();
    town.page("http://app/voice", &room("silent", ""));
    town.call();
    assert_eq!(town.events(), Vec::<String>::new());
}

#[test]
fn events_are_numbered_and_describe_the_participant() {
    let mut town = Town::new(&room("r", r#"participantLabel="a" muted="true""#));
    town.call();
    town.page("http://app/voice", &room("r", ""));
    town.call();
    let numbers: Vec<_> = town.callbacks.iter().filter_map(|r| value(r, "SequenceNumber")).collect();
    assert_eq!(numbers, ["1", "2", "3"]);
    let join = &town.callbacks[0];
    for (name, expected) in [
        ("Muted", "true"),
        ("Hold", "false"),
        ("Coaching", "false"),
        ("EndConferenceOnExit", "false"),
        ("FriendlyName", "r"),
    ] {
        assert_eq!(value(join, name), Some(expected), "{name}");
    }
}

#[test]
fn a_label_is_used_once() {
    let mut town = Town::new(&format!("{}<Pause length=\"60\"/>", room("r", r#"participantLabel="a""#)));
    town.call();
    let second = town.call();
    assert_eq!(town.codes(), [16025]);
    assert_eq!(town.inside("r"), ["a"]);
    assert_eq!(town.asked(), ["/voice", "/voice"], "the next verb follows, not the action");
    assert_eq!(town.status(&second), "in-progress");
}

#[test]
fn whoever_is_alone_hears_the_wait_url_again_and_again() {
    let mut town = Town::new(&room("r", r#"waitUrl="/wait""#));
    town.page("http://app/wait", "<Pause length=\"10\"/><Redirect/>");
    town.call();
    assert_eq!(town.asked(), ["/voice", "/wait"]);
    town.wait(25_000);
    assert_eq!(town.asked(), ["/wait", "/wait"]);
    town.page("http://app/voice", &room("r", r#"waitUrl="/wait""#));
    town.call();
    assert_eq!(town.asked(), ["/voice"], "who starts the conference does not wait");
    town.wait(60_000);
    assert_eq!(town.asked(), Vec::<String>::new());
}

#[test]
fn a_wait_url_that_fails_keeps_its_caller_out() {
    for (wait, code) in [("<Dial>+40722333444</Dial>", Some(13238)), ("", None)] {
        let mut town = Town::new(&room("r", r#"waitUrl="/wait""#));
        if code.is_some() {
            town.page("http://app/wait", wait);
        }
        town.page("http://app/done", "<Pause length=\"60\"/>");
        town.call();
        assert_eq!(town.codes(), [code.unwrap_or(11200)]);
        assert!(town.inside("r").is_empty());
        assert_eq!(value(town.fetches.last().expect("the action"), "DialCallStatus"), Some("failed"));
    }
}

#[test]
fn silence_is_an_empty_wait_url() {
    let mut town = Town::new(&room("r", r#"waitUrl="""#));
    town.call();
    assert_eq!(town.asked(), ["/voice"]);
    assert_eq!(town.inside("r").len(), 1);
}

#[test]
fn no_more_than_the_conference_takes() {
    let mut town = Town::new(&room("r", r#"maxParticipants="2""#));
    town.page("http://app/done", "<Pause length=\"60\"/>");
    for _ in 0..3 {
        town.call();
    }
    assert_eq!(town.inside("r").len(), 2);
    assert_eq!(town.codes(), [16020]);
    assert_eq!(town.add("r", "client:ana", None).expect_err("it is full").code, 16020);
}

#[test]
fn a_redirected_participant_leaves_at_once() {
    let mut town = Town::new(&room("r", r#"participantLabel="a" endConferenceOnExit="true""#));
    let a = town.call();
    town.page("http://app/voice", &room("r", r#"participantLabel="b""#));
    town.call();
    town.page("http://app/parked", "<Pause length=\"60\"/>");
    town.events();
    town.asked();
    town.redirect(&a, "http://app/parked");
    assert_eq!(
        town.events(),
        [
            "participant-leave a: participant_updated_via_api",
            "participant-leave b: moderator_ended_conference",
            "conference-end: participant-with-end-conference-on-exit-left",
        ]
    );
    let mut asked = town.asked();
    asked.sort();
    assert_eq!(asked, ["/done", "/done", "/parked"], "one action in vain, and one that counts");
}

#[test]
fn rest_ends_a_conference_for_everybody() {
    let mut town = Town::new(&room("r", r#"participantLabel="a""#));
    town.call();
    let sid = town.conference("r");
    town.events();
    town.engine.complete_conference(ACCOUNT, &sid).expect("a live conference");
    town.settle();
    assert_eq!(
        town.events(),
        ["participant-leave a: conference_ended_via_api", "conference-end: conference-ended-via-api"]
    );
    assert_eq!(town.engine.complete_conference(ACCOUNT, &sid).expect_err("it is over").code, 16022);
}

#[test]
fn an_announcement_is_played_to_a_started_conference() {
    let mut town = Town::new(&room("r", r#"participantLabel="a""#));
    town.call();
    let hook = || Hook { url: "http://app/announce".to_owned(), method: crate::twiml::Method::Post };
    let sid = town.conference("r");
    assert_eq!(town.engine.announce_to_all(ACCOUNT, &sid, &hook()).expect_err("not started").code, 16001);
    town.page("http://app/voice", &room("r", ""));
    town.call();
    town.events();
    town.page("http://app/announce", "<Pause length=\"2\"/>");
    town.engine.announce_to_all(ACCOUNT, &sid, &hook()).expect("started");
    town.settle();
    assert_eq!(town.events(), Vec::<String>::new());
    town.wait(2_100);
    assert_eq!(town.events(), ["announcement-end"]);
    town.page("http://app/announce", "<Hangup/>");
    town.engine.announce_to_all(ACCOUNT, &sid, &hook()).expect("started");
    town.settle();
    assert_eq!(town.events(), ["announcement-fail"]);
}

#[test]
fn impatience_begins_with_company() {
    let mut town = Town::new(&room("r", ""));
    let behaviour = Behaviour { hangs_up_after_answer_ms: Some(1_000), ..Behaviour::default() };
    let impatient = town.call_with(behaviour);
    town.wait(60_000);
    assert_eq!(town.status(&impatient), "in-progress");
    town.call();
    town.wait(900);
    assert_eq!(town.status(&impatient), "in-progress");
    town.wait(200);
    assert_eq!(town.status(&impatient), "completed");
}

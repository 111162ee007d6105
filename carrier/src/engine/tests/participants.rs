//! Participants through REST: added, held, muted, coached, kicked, and never answered.

use super::{super::*, town::*};
use crate::twiml::Method;

/// A caller with the label `caller` who waits in the conference `r`.
fn waiting(attributes: &str) -> (Town, String) {
    let mut town = Town::new(&room("r", &format!(r#"participantLabel="caller" {attributes}"#)));
    let caller = town.call();
    town.client("ana", Answers::AfterMs);
    town.events();
    (town, caller)
}

/// The same with the client `ana` in conversation.
fn talking(attributes: &str) -> (Town, String, String) {
    let (mut town, caller) = waiting(attributes);
    let ana = town.add("r", "client:ana", Some("ana")).expect("added");
    town.wait(200);
    (town, caller, ana)
}

#[test]
fn an_added_agent_rings_answers_and_is_in() {
    let (mut town, _) = waiting("");
    let ana = town.add("r", "client:ana", Some("ana")).expect("added");
    town.wait(50);
    assert_eq!((town.status(&ana), town.inside("r").len()), ("ringing", 1));
    town.wait(100);
    assert_eq!(town.inside("r"), ["caller", "ana"]);
    assert_eq!(town.events(), ["participant-join ana", "conference-start"]);
}

#[test]
fn only_those_on_the_way_in_are_participants() {
    let (mut town, _) = waiting("");
    town.client("bob", Answers::Never);
    let bob = town.add("r", "client:bob", Some("bob")).expect("added");
    town.wait(50);
    let sid = town.conference("r");
    assert_eq!(town.engine.participants(ACCOUNT, &sid).expect("a list").len(), 1);
    assert_eq!(town.engine.participant(ACCOUNT, &sid, "bob").expect_err("it rings").status, 404);
    assert_eq!(town.engine.participant(ACCOUNT, &sid, &bob).expect_err("it rings").status, 404);
    town.engine.quirks.ringing_participants_addressable = true;
    assert_eq!(town.engine.participant(ACCOUNT, &sid, "bob").expect("it rings").status, "ringing");
    town.engine.kick(ACCOUNT, &sid, "bob").expect("it rings");
    assert_eq!(town.status(&bob), "canceled");
}

#[test]
fn labels_are_unique_among_the_ringing_too() {
    let (mut town, _) = waiting("");
    town.client("bob", Answers::Never);
    town.add("r", "client:bob", Some("bob")).expect("added");
    assert_eq!(town.add("r", "client:ana", Some("bob")).expect_err("taken").code, 16026);
    assert_eq!(town.add("r", "client:ana", Some("caller")).expect_err("taken").code, 16026);
    assert_eq!(town.add("r", "client:ana", Some("a/b")).expect_err("invalid").code, 16024);
    assert_eq!(town.add("r", "client:ana", Some(&"x".repeat(129))).expect_err("too long").code, 16024);
}

#[test]
fn an_agent_who_never_answers_is_reported_as_one_who_left() {
    let (mut town, caller) = waiting("");
    town.client("bob", Answers::Busy);
    town.add("r", "client:bob", Some("bob")).expect("added");
    town.wait(1_000);
    let told = town.callbacks.iter().find(|r| value(r, "StatusCallbackEvent").is_some()).expect("a callback");
    assert_eq!(value(told, "ParticipantCallStatus"), Some("busy"));
    assert_eq!(town.events(), ["participant-leave bob: participant_add_failed"]);
    assert_eq!(town.status(&caller), "in-progress");
}

#[test]
fn a_conference_that_adding_made_ends_with_its_only_hope() {
    let mut town = Town::new("");
    let callback = ConferenceCallback {
        hook: Hook { url: "http://app/events".to_owned(), method: Method::Post },
        events: ["leave", "end"].map(str::to_owned).to_vec(),
    };
    let join = Join { label: Some("ana".to_owned()), callback: Some(callback), ..Town::join("new") };
    town.engine.add_participant("new", Town::outbound("client:ana"), join).expect("added");
    assert_eq!(town.engine.conferences.newest().next().expect("made").status.as_str(), "init");
    town.wait(100);
    assert_eq!(
        town.events(),
        ["participant-leave ana: participant_add_failed", "conference-end: last-participant-left"]
    );
}

#[test]
fn by_sid_only_a_live_conference_takes_participants() {
    let (mut town, caller) = waiting("");
    let sid = town.conference("r");
    town.hang_up(&caller);
    assert_eq!(town.add(&sid, "client:ana", None).expect_err("it is over").code, 16022);
    assert_eq!(town.add(&format!("CF{}", "0".repeat(32)), "client:ana", None).expect_err("nothing").status, 404);
    town.add("r", "client:ana", None).expect("by name there is a new one");
    assert_ne!(town.conference("r"), sid);
}

#[test]
fn a_leg_that_still_rings_when_the_conference_ends_finds_itself_in_a_new_one() {
    let (mut town, caller) = waiting("");
    let first = town.conference("r");
    let ana = town.add(&first, "client:ana", Some("ana")).expect("added");
    town.wait(50);
    town.hang_up(&caller);
    assert_eq!(town.status(&ana), "ringing");
    town.wait(100);
    assert_eq!(town.status(&ana), "in-progress");
    assert_ne!(town.conference("r"), first);
    assert_eq!(town.inside("r"), ["ana"]);
}

#[test]
fn an_added_leg_hangs_up_when_the_conference_ends() {
    let (mut town, caller, ana) = talking(r#"endConferenceOnExit="true""#);
    town.hang_up(&caller);
    assert_eq!(town.status(&ana), "completed");
}

#[test]
fn a_kicked_caller_goes_on_with_the_document_and_a_kicked_agent_hangs_up() {
    let (mut town, caller, ana) = talking("");
    town.page("http://app/done", "<Pause length=\"60\"/>");
    town.events();
    town.kick("r", "ana");
    assert_eq!(town.status(&ana), "completed");
    assert_eq!(town.events(), ["participant-leave ana: participant_updated_via_api"]);
    town.kick("r", &caller);
    assert_eq!(town.status(&caller), "in-progress");
    assert_eq!(
        town.events(),
        ["participant-leave caller: participant_updated_via_api", "conference-end: last-participant-kicked"]
    );
}

#[test]
fn kicking_whoever_was_to_end_it_ends_it() {
    let (mut town, _, ana) = talking(r#"endConferenceOnExit="true""#);
    town.events();
    town.kick("r", "caller");
    let events = town.events();
    assert_eq!(
        events.last().map(String::as_str),
        Some("conference-end: participant-with-end-conference-on-exit-kicked")
    );
    assert_eq!(town.status(&ana), "completed");
}

#[test]
fn on_hold_one_hears_the_hold_url_asked_for_with_get() {
    let (mut town, ..) = talking("");
    town.page("http://app/hold", "<Play>http://app/song.mp3</Play><Redirect/>");
    let hold_music = Some(Hook { url: "http://app/hold".to_owned(), method: Method::Get });
    town.events();
    town.asked();
    let held = MemberUpdate { hold: Some(true), hold_music, ..MemberUpdate::default() };
    assert!(town.change("r", "caller", held).expect("held").hold);
    assert_eq!(town.fetches[0].method, Method::Get);
    assert_eq!(town.events(), ["participant-hold caller"]);
    town.change("r", "caller", MemberUpdate { hold: Some(false), ..MemberUpdate::default() }).expect("back");
    assert_eq!(town.events(), ["participant-unhold caller"]);
    town.asked();
    town.wait(60_000);
    assert_eq!(town.asked(), Vec::<String>::new(), "the music has stopped");
}

#[test]
fn on_hold_the_ending_flag_is_silently_frozen() {
    let (mut town, ..) = talking(r#"endConferenceOnExit="true""#);
    let end = |end| MemberUpdate { end_on_exit: Some(end), ..MemberUpdate::default() };
    town.change("r", "caller", MemberUpdate { hold: Some(true), ..MemberUpdate::default() }).expect("held");
    town.events();
    assert!(town.change("r", "caller", end(false)).expect("no error").end_on_exit);
    assert_eq!(town.events(), Vec::<String>::new());
    town.change("r", "caller", MemberUpdate { hold: Some(false), ..MemberUpdate::default() }).expect("back");
    assert!(!town.change("r", "caller", end(false)).expect("no error").end_on_exit);
    assert_eq!(town.events(), ["participant-unhold caller", "participant-modify caller"]);
}

#[test]
fn muting_is_told_when_it_changes_something() {
    let (mut town, ..) = talking("");
    town.events();
    for muted in [true, true, false] {
        town.change("r", "ana", MemberUpdate { muted: Some(muted), ..MemberUpdate::default() }).expect("muted");
    }
    assert_eq!(town.events(), ["participant-mute ana", "participant-unmute ana"]);
}

#[test]
fn a_coach_needs_somebody_present_and_not_on_hold() {
    let (mut town, caller, ana) = talking("");
    town.client("chief", Answers::AfterMs);
    let coach = |sid: &str| Join {
        coaching: true,
        coach: Some(sid.to_owned()),
        label: Some("chief".to_owned()),
        ..Town::join("r")
    };
    let missing = format!("CA{}", "0".repeat(32));
    let refused = town.engine.add_participant("r", Town::outbound("client:chief"), coach(&missing));
    assert_eq!(refused.expect_err("absent").code, 16028);
    town.engine.add_participant("r", Town::outbound("client:chief"), coach(&ana)).expect("added");
    town.wait(200);
    assert_eq!(town.inside("r"), ["caller", "ana", "chief"]);
    town.change("r", "caller", MemberUpdate { hold: Some(true), ..MemberUpdate::default() }).expect("held");
    let other =
        |sid: &str| MemberUpdate { coaching: Some(true), coach: Some(sid.to_owned()), ..MemberUpdate::default() };
    assert_eq!(town.change("r", "chief", other(&caller)).expect_err("on hold").code, 16027);
    assert_eq!(town.change("r", "chief", other(&missing)).expect_err("absent").code, 16028);
    town.events();
    let barge = MemberUpdate { coaching: Some(false), ..MemberUpdate::default() };
    assert!(!town.change("r", "chief", barge).expect("in").coaching);
    assert_eq!(town.events(), ["participant-modify chief"]);
}

#[test]
fn a_coach_in_twiml_needs_somebody_present_too() {
    let mut town = Town::new(&room("r", &format!(r#"coach="CA{}""#, "0".repeat(32))));
    town.page("http://app/done", "<Pause length=\"60\"/>");
    town.call();
    assert_eq!(town.codes(), [13240]);
    assert_eq!(value(town.fetches.last().expect("the action"), "DialCallStatus"), Some("failed"));
}

#[test]
fn completing_an_agents_call_takes_the_agent_out() {
    let (mut town, caller, ana) = talking("");
    town.events();
    town.complete(&ana).expect("a live call");
    assert_eq!(town.events(), ["participant-leave ana: participant_updated_via_api"]);
    assert_eq!((town.status(&caller), town.inside("r").len()), ("in-progress", 1));
}

//! `<Dial>`: bridges, forks, screening, and the action that is requested in vain.

use super::{super::*, town::*};

fn dial(inside: &str) -> String {
    format!(r#"<Dial action="/done">{inside}</Dial><Redirect>/unreachable</Redirect>"#)
}

fn child(town: &Town) -> String {
    town.engine.calls.newest().next().expect("a call").sid.clone()
}

/// What the action was told last.
fn told(town: &Town) -> Vec<(&'static str, Option<String>)> {
    let asked = town.fetches.iter().rev().find(|request| request.url == "http://app/done").expect("the action");
    ["DialCallStatus", "DialBridged", "DialCallDuration"]
        .map(|name| (name, value(asked, name).map(str::to_owned)))
        .to_vec()
}

fn outcome(status: &str, bridged: &str, seconds: Option<&str>) -> Vec<(&'static str, Option<String>)> {
    let some = |text: &str| Some(text.to_owned());
    vec![("DialCallStatus", some(status)), ("DialBridged", some(bridged)), ("DialCallDuration", seconds.and_then(some))]
}

#[test]
fn two_are_connected_until_one_hangs_up() {
    let mut town = Town::new(&dial(
        r#"<Client statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed">ana</Client>"#,
    ));
    town.page("http://app/done", "<Say>bye</Say>");
    town.client("ana", Answers::AfterMs);
    let parent = town.call();
    town.wait(3_000);
    let ana = child(&town);
    assert_eq!((town.status(&parent), town.status(&ana)), ("in-progress", "in-progress"));
    town.hang_up(&ana);
    assert_eq!(told(&town), outcome("completed", "true", Some("3")));
    let legs: Vec<_> = town.callbacks.iter().filter(|r| r.url.ends_with("/leg")).collect();
    assert_eq!(legs.len(), 4);
    assert!(legs.iter().all(|leg| value(leg, "ParentCallSid") == Some(&parent) && value(leg, "Direction") == Some("outbound-dial")));
    assert!(value(legs[3], "CallDuration").is_some() && value(legs[3], "Duration").is_none());
    town.wait(1_000);
    assert_eq!(town.asked(), ["/voice", "/done"], "verbs after a Dial with an action are not reached");
}

#[test]
fn when_the_caller_hangs_up_the_other_leg_ends_and_the_action_is_asked_in_vain() {
    let mut town = Town::new(&dial("<Client>ana</Client>"));
    town.client("ana", Answers::AfterMs);
    let parent = town.call();
    town.wait(500);
    town.hang_up(&parent);
    assert_eq!(town.status(&child(&town)), "completed");
    assert_eq!(value(town.fetches.last().expect("the action"), "CallStatus"), Some("completed"));
    assert_eq!(town.status(&parent), "completed");
}

#[test]
fn the_first_to_answer_wins_and_the_others_stop_ringing() {
    let mut town = Town::new(&dial("<Client>slow</Client><Client>ana</Client>"));
    town.client("slow", Answers::Never);
    town.client("ana", Answers::AfterMs);
    town.call();
    town.wait(200);
    let by = |name: &str| town.engine.calls.newest().find(|c| c.to == name).map(|c| c.status.as_str());
    assert_eq!((by("client:ana"), by("client:slow")), (Some("in-progress"), Some("canceled")));
}

#[test]
fn one_after_the_other_when_told_so() {
    let mut town = Town::new(r#"<Dial sequential="true"><Client>gone</Client><Client>ana</Client></Dial>"#);
    town.client("ana", Answers::AfterMs);
    town.call();
    town.wait(200);
    assert_eq!(town.status(&child(&town)), "in-progress");
}

#[test]
fn nobody_there_is_told_to_the_action() {
    for (answers, status) in
        [(Answers::Busy, "busy"), (Answers::Unregistered, "no-answer"), (Answers::Never, "no-answer")]
    {
        let mut town = Town::new(&dial("<Client>ana</Client>"));
        town.page("http://app/done", "<Pause length=\"60\"/>");
        town.client("ana", answers);
        town.call();
        town.wait(36_000);
        assert_eq!(told(&town), outcome(status, "false", Some("0")), "{answers:?}");
    }
}

#[test]
fn a_caller_may_be_kept_ringing_until_the_bridge() {
    let mut town = Town::new(r#"<Dial answerOnBridge="true"><Client url="/screen">ana</Client></Dial>"#);
    town.page("http://app/screen", "<Say>a call for you</Say>");
    town.client("ana", Answers::AfterMs);
    let parent = town.call();
    town.wait(150);
    assert_eq!((town.status(&parent), town.status(&child(&town))), ("ringing", "in-progress"));
    town.wait(2_000);
    assert_eq!(town.status(&parent), "in-progress");
}

#[test]
fn who_is_screened_may_decline() {
    let mut town = Town::new(&dial(r#"<Client url="/screen">ana</Client>"#));
    town.page("http://app/screen", "<Gather timeout=\"1\"/><Hangup/>");
    town.page("http://app/done", "<Say>sorry</Say>");
    town.client("ana", Answers::AfterMs);
    town.call();
    town.wait(1_200);
    assert_eq!(told(&town), outcome("completed", "false", Some("1")));
}

#[test]
fn a_foreign_number_cannot_be_shown() {
    let mut town = Town::new(r#"<Dial action="/done" callerId="+40700000000"><Number>+40733111111</Number></Dial>"#);
    town.call();
    assert_eq!(town.codes()[0], 13214);
    assert_eq!(value(&town.fetches[1], "DialCallStatus"), Some("failed"));
}

#[test]
fn the_star_leaves_the_dial_when_allowed() {
    let mut town = Town::new(r#"<Dial hangupOnStar="true" action="/done"><Client>ana</Client></Dial>"#);
    town.page("http://app/done", "<Pause length=\"60\"/>");
    town.client("ana", Answers::AfterMs);
    let parent = town.call();
    town.wait(500);
    town.does(&parent, &Deed::Presses("*".to_owned()));
    assert_eq!((town.status(&parent), town.status(&child(&town))), ("in-progress", "completed"));
    assert_eq!(told(&town)[0].1.as_deref(), Some("completed"));
}

#[test]
fn redirecting_the_caller_asks_the_action_and_ignores_its_answer() {
    let mut town = Town::new(&dial("<Client>ana</Client>"));
    town.client("ana", Answers::AfterMs);
    town.page("http://app/done", "<Hangup/>");
    town.page("http://app/parked", "<Pause length=\"60\"/>");
    let parent = town.call();
    town.wait(500);
    town.redirect(&parent, "http://app/parked");
    assert_eq!(town.asked(), ["/voice", "/done", "/parked"]);
    assert_eq!((town.status(&parent), town.status(&child(&town))), ("in-progress", "completed"));
}

#[test]
fn without_an_action_the_url_of_a_following_redirect_is_asked() {
    let mut town = Town::new("<Dial><Client>ana</Client></Dial><Redirect>/next</Redirect>");
    town.client("ana", Answers::AfterMs);
    town.page("http://app/parked", "<Pause length=\"60\"/>");
    let parent = town.call();
    town.wait(500);
    town.redirect(&parent, "http://app/parked");
    assert_eq!(town.asked(), ["/voice", "/next", "/parked"]);
}

#[test]
fn redirecting_the_other_leg_ends_the_dial_and_the_callers_document_goes_on() {
    let mut town = Town::new(&dial("<Client>ana</Client>"));
    town.client("ana", Answers::AfterMs);
    town.page("http://app/done", &room("both", ""));
    town.page("http://app/both", &room("both", ""));
    let parent = town.call();
    town.wait(500);
    let ana = child(&town);
    town.redirect(&ana, "http://app/both");
    assert_eq!(told(&town), outcome("completed", "true", None));
    assert_eq!(town.inside("both").len(), 2);
    assert_eq!((town.status(&parent), town.status(&ana)), ("in-progress", "in-progress"));
}

#[test]
fn a_ringing_leg_of_a_dial_is_ended_with_completed_and_not_with_canceled() {
    let mut town = Town::new(&dial("<Client>ana</Client>"));
    town.client("ana", Answers::Never);
    town.page("http://app/done", "<Pause length=\"60\"/>");
    town.call();
    town.wait(100);
    let ana = child(&town);
    let cancel = CallUpdate { status: Some(Status::Canceled), ..CallUpdate::default() };
    assert_eq!(town.update(&ana, cancel).expect_err("to Twilio it is in progress").code, 21220);
    town.complete(&ana).expect("it can be completed");
    assert_eq!(told(&town)[0].1.as_deref(), Some("canceled"));
}

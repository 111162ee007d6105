//! Calls by themselves: what is said, pressed, redirected and refused.

use super::{super::*, town::*};
use crate::{engine::directory::Press, twiml::Method};

#[test]
fn an_inbound_call_is_asked_about_and_reported_once_at_its_end() {
    let mut town = Town::new(r#"<Say>hello</Say><Pause length="2"/><Hangup/>"#);
    let sid = town.call();
    let asked = &town.fetches[0];
    for (name, expected) in [
        ("CallStatus", "ringing"),
        ("Direction", "inbound"),
        ("From", CALLER),
        ("Caller", CALLER),
        ("To", NUMBER),
        ("Called", NUMBER),
        ("AccountSid", ACCOUNT),
        ("ApiVersion", "2010-04-01"),
        ("FromCountry", "RO"),
        ("ToZip", ""),
    ] {
        assert_eq!(value(asked, name), Some(expected), "{name}");
    }
    assert_eq!(town.status(&sid), "in-progress");
    town.wait(3_000);
    assert_eq!(town.status(&sid), "completed");
    let [told] = &town.callbacks[..] else { panic!("{:?}", town.callbacks) };
    assert_eq!(told.url, "http://app/status");
    assert_eq!((value(told, "CallDuration"), value(told, "Duration")), (Some("3"), Some("1")));
    assert_eq!(value(told, "SequenceNumber"), Some("0"));
    assert_eq!(value(told, "CallbackSource"), Some("call-progress-events"));
}

#[test]
fn a_pause_does_not_answer_and_a_gather_does() {
    let mut town = Town::new(r#"<Pause length="3"/><Gather timeout="2"/><Say>bye</Say>"#);
    let sid = town.call();
    town.wait(2_900);
    assert_eq!(town.status(&sid), "ringing");
    town.wait(200);
    assert_eq!(town.status(&sid), "in-progress");
}

#[test]
fn rejecting_decides_how_the_call_ends() {
    for (reason, status) in [("busy", "busy"), ("rejected", "no-answer")] {
        let mut town = Town::new(&format!(r#"<Reject reason="{reason}"/>"#));
        let sid = town.call();
        assert_eq!(town.status(&sid), status);
    }
}

#[test]
fn keys_are_gathered_and_sent_to_the_action() {
    let mut town =
        Town::new(r#"<Gather action="/menu" numDigits="2"><Say>press two keys</Say></Gather><Say>none</Say>"#);
    town.page("http://app/menu", "<Pause length=\"9\"/>");
    let keys = |after_ms, digits: &str| Press { after_ms, digits: digits.to_owned() };
    let digits = vec![keys(300, "4"), keys(700, "2")];
    town.call_with(Behaviour { digits, ..Behaviour::default() });
    town.wait(1_000);
    assert_eq!(town.asked(), ["/voice", "/menu"]);
}

#[test]
fn without_keys_the_next_verb_follows() {
    let mut town = Town::new(r#"<Gather action="/menu" timeout="2"/><Redirect>/later</Redirect>"#);
    town.page("http://app/later", "");
    town.call();
    town.wait(1_900);
    assert_eq!(town.asked(), ["/voice"]);
    town.wait(200);
    assert_eq!(town.asked(), ["/later"]);
}

#[test]
fn the_finishing_key_ends_the_gathering() {
    let mut town = Town::new(r#"<Gather action="/menu"/>"#);
    town.page("http://app/menu", "<Pause/>");
    let sid = town.call();
    town.does(&sid, &Deed::Presses("12#".to_owned()));
    let asked = town.fetches.last().expect("a request");
    assert_eq!((value(asked, "Digits"), value(asked, "FinishedOnKey")), (Some("12"), Some("#")));
}

#[test]
fn a_document_that_cannot_be_had_is_asked_for_elsewhere() {
    let mut town = Town::new("");
    let hooks = &mut town.engine.put_number(ACCOUNT, NUMBER).hooks;
    hooks.voice.url = "http://app/missing".to_owned();
    hooks.voice_fallback.url = "http://app/fallback".to_owned();
    town.page("http://app/fallback", "<Pause length=\"5\"/>");
    town.call();
    let asked = town.fetches.last().expect("a request");
    assert_eq!(asked.url, "http://app/fallback");
    assert_eq!((value(asked, "ErrorCode"), value(asked, "ErrorUrl")), (Some("11200"), Some("http://app/missing")));
    assert_eq!(town.codes(), [11200]);
}

#[test]
fn a_document_that_cannot_be_read_ends_the_call_with_an_apology() {
    let mut town = Town::new("<Say>hello");
    let sid = town.call();
    assert_eq!(town.codes(), [12100]);
    assert_eq!(town.status(&sid), "in-progress");
    town.wait(10_000);
    assert_eq!(town.status(&sid), "completed");
}

#[test]
fn an_application_is_asked_before_the_numbers_own_urls() {
    const APPLICATION: &str = "AP00000000000000000000000000000001";
    let mut town = Town::new("<Pause/>");
    let mut hooks = Hooks::default();
    hooks.voice.url = "http://app/application".to_owned();
    hooks.status.url = "http://app/ended".to_owned();
    town.engine.put_application(ACCOUNT, APPLICATION, hooks);
    town.engine.put_number(ACCOUNT, NUMBER).voice_application = APPLICATION.to_owned();
    town.page("http://app/application", "<Hangup/>");
    let sid = town.call();
    let asked = town.fetches.last().expect("a request");
    assert_eq!((asked.url.as_str(), value(asked, "ApplicationSid")), ("http://app/application", Some(APPLICATION)));
    assert_eq!(town.status(&sid), "completed");
    assert_eq!(town.callbacks.last().expect("a callback").url, "http://app/ended");

    town.engine.remove_application(APPLICATION);
    town.call();
    let asked = town.fetches.last().expect("a request");
    assert_eq!((asked.url.as_str(), value(asked, "ApplicationSid")), ("http://app/voice", None));
}

#[test]
fn a_suspended_account_takes_no_calls_and_says_nothing() {
    let mut town = Town::new("<Pause/>");
    town.engine.account(ACCOUNT).expect("the account").status = AccountStatus::Suspended;
    let sid = town.call();
    assert_eq!(town.status(&sid), "failed");
    assert!(town.fetches.is_empty() && town.callbacks.is_empty());
    assert_eq!(town.engine.notices.back().expect("a notice").code, 10003);
}

#[test]
fn a_number_without_a_webhook_fails_calls_without_a_word() {
    let mut town = Town::new("");
    town.engine.put_number(ACCOUNT, NUMBER).hooks.voice.url.clear();
    let sid = town.call();
    assert_eq!(town.status(&sid), "failed");
    assert!(town.engine.notices.is_empty());
}

#[test]
fn a_call_through_rest_reports_every_step() {
    let mut town = Town::new("");
    town.client("ana", Answers::AfterMs);
    town.page("http://app/hello", "<Pause length=\"2\"/>");
    let plan = Plan::Url(Hook { url: "http://app/hello".to_owned(), method: Method::Post });
    let outbound = Town::outbound("client:ana?topic=rent");
    let sid = town.engine.create_call(NewCall { outbound, plan }).expect("a call");
    assert_eq!(town.status(&sid), "queued");
    town.wait(5_000);
    let told: Vec<_> = town.callbacks.iter().map(|r| (value(r, "CallStatus"), value(r, "SequenceNumber"))).collect();
    assert_eq!(
        told,
        [("initiated", "0"), ("ringing", "1"), ("in-progress", "2"), ("completed", "3")]
            .map(|(a, b)| (Some(a), Some(b)))
    );
    let call = town.engine.calls.get(&sid).expect("a call");
    assert_eq!((call.to.as_str(), &call.params), ("client:ana", &vec![("topic".to_owned(), "rent".to_owned())]));
}

#[test]
fn nobody_answers_and_twilio_waits_five_seconds_longer() {
    let mut town = Town::new("");
    town.client("ana", Answers::Never);
    let outbound = Outbound { ring_seconds: 10, ..Town::outbound("client:ana") };
    let sid = town.engine.create_call(NewCall { outbound, plan: Plan::Twiml(String::new()) }).expect("a call");
    town.wait(14_900);
    assert_eq!(town.status(&sid), "ringing");
    town.wait(200);
    assert_eq!(town.status(&sid), "no-answer");
    assert_eq!(value(town.callbacks.last().expect("a callback"), "SipResponseCode"), Some("487"));
}

#[test]
fn endpoints_end_calls_in_their_own_ways() {
    for (answers, status) in [
        (Answers::Busy, "busy"),
        (Answers::Rejects, "busy"),
        (Answers::Unregistered, "no-answer"),
        (Answers::AfterMs, "in-progress"),
    ] {
        let mut town = Town::new("");
        town.client("ana", answers);
        let plan = Plan::Twiml("<Response><Pause length=\"60\"/></Response>".to_owned());
        let sid = town.engine.create_call(NewCall { outbound: Town::outbound("client:ana"), plan }).expect("a call");
        town.wait(1_000);
        assert_eq!(town.status(&sid), status, "{answers:?}");
    }
}

#[test]
fn who_declines_and_who_is_busy_differ_in_what_their_network_answers() {
    for (answers, status, code) in
        [(Answers::Busy, "busy", "486"), (Answers::Rejects, "busy", "603"), (Answers::Unregistered, "failed", "404")]
    {
        let mut town = Town::new("");
        let script = Script { answers, ..Script::default() };
        town.engine.directory.phones.insert(CALLER.to_owned(), script);
        let call = NewCall { outbound: Town::outbound(CALLER), plan: Plan::Twiml(String::new()) };
        let sid = town.engine.create_call(call).expect("a call");
        town.wait(1_000);
        assert_eq!(town.status(&sid), status, "{answers:?}");
        assert_eq!(value(town.callbacks.last().expect("a callback"), "SipResponseCode"), Some(code), "{answers:?}");
    }
}

#[test]
fn calls_beyond_the_rate_wait_in_a_queue() {
    let mut town = Town::new("");
    town.engine.pace.cps = 1;
    town.client("ana", Answers::Never);
    let mut make = || {
        let call = NewCall { outbound: Town::outbound("client:ana"), plan: Plan::Twiml(String::new()) };
        let sid = town.engine.create_call(call).expect("a call");
        town.engine.calls.get(&sid).map(|call| call.queue_ms)
    };
    assert_eq!((make(), make(), make()), (Some(0), Some(1000), Some(2000)));
    let last = town.engine.calls.newest().next().expect("a call").sid.clone();
    town.wait(1_900);
    assert_eq!(town.status(&last), "queued");
    let cancel = CallUpdate { status: Some(Status::Canceled), ..CallUpdate::default() };
    let before = town.callbacks.len();
    town.update(&last, cancel).expect("a queued call");
    assert_eq!(town.status(&last), "canceled");
    assert_eq!(town.callbacks.len(), before, "a call that never left the queue reports nothing");
}

#[test]
fn a_live_call_can_be_redirected_and_a_dead_one_cannot() {
    let mut town = Town::new("<Pause length=\"60\"/>");
    town.page("http://app/other", "<Say>other</Say>");
    let sid = town.call();
    town.redirect(&sid, "http://app/other");
    assert_eq!(town.asked(), ["/voice", "/other"]);
    town.complete(&sid).expect("a live call");
    assert_eq!(town.complete(&sid).expect_err("a dead call").code, 21220);
    town.engine.delete_call(&sid).expect("a dead call");
    assert_eq!(town.engine.delete_call(&sid).expect_err("nothing").status, 404);
}

#[test]
fn the_states_of_a_call_limit_what_can_be_done_with_it() {
    let mut town = Town::new("<Say loop=\"0\">for ever</Say>");
    town.client("ana", Answers::Never);
    let plan = Plan::Twiml("<Response/>".to_owned());
    let ringing = town.engine.create_call(NewCall { outbound: Town::outbound("client:ana"), plan }).expect("a call");
    town.wait(10);
    let redirect = CallUpdate { twiml: Some("<Response/>".to_owned()), ..CallUpdate::default() };
    assert_eq!(town.update(&ringing, redirect).expect_err("it rings").code, 21220);
    let talking = town.call();
    let cancel = || CallUpdate { status: Some(Status::Canceled), ..CallUpdate::default() };
    assert_eq!(town.update(&talking, cancel()).expect_err("it is answered").code, 21220);
    assert_eq!(town.engine.delete_call(&talking).expect_err("it lives").code, 20009);
    town.update(&ringing, cancel()).expect("it rings");
    assert_eq!(town.status(&ringing), "canceled");
    town.complete(&talking).expect("it lives");
}

#[test]
fn only_own_numbers_may_call() {
    let town = Town::new("");
    let from = |from: &str, to: &str| {
        let call = Outbound { from: from.to_owned(), ..Town::outbound(to) };
        town.engine.check_from(&call).err().map(|error| error.code)
    };
    assert_eq!(from(NUMBER, CALLER), None);
    assert_eq!(from("client:ana", "client:bob"), None);
    assert_eq!(from("+40722999999", CALLER), Some(21210));
    assert_eq!(from("nonsense", CALLER), Some(21212));
    assert_eq!(from("client:ana", CALLER), Some(21212));
    assert_eq!(Destination::read("0722").expect_err("no number").code, 21211);
}

#[test]
fn a_call_to_an_own_number_runs_that_numbers_document_at_the_far_side() {
    let mut town = Town::new("<Pause length=\"1\"/><Say>welcome</Say><Pause length=\"60\"/>");
    let plan = Plan::Twiml("<Response><Pause length=\"60\"/></Response>".to_owned());
    let near = town.engine.create_call(NewCall { outbound: Town::outbound(NUMBER), plan }).expect("a call");
    town.wait(500);
    let far = town.engine.calls.newest().next().expect("a call").sid.clone();
    assert_ne!(near, far);
    assert_eq!((town.status(&near), town.status(&far)), ("ringing", "ringing"));
    town.wait(1_000);
    assert_eq!((town.status(&near), town.status(&far)), ("in-progress", "in-progress"));
    town.complete(&near).expect("a live call");
    assert_eq!((town.status(&near), town.status(&far)), ("completed", "completed"));
}

#[test]
fn an_answer_that_comes_too_late_is_not_run() {
    let mut town = Town::new("");
    let call = InboundCall {
        from: CALLER.to_owned(),
        to: NUMBER.to_owned(),
        name: None,
        behaviour: Behaviour::default(),
        far: Far::Caller,
    };
    let sid = town.engine.call_in(call).expect("the number exists");
    let mut tickets = Vec::new();
    let url = Some(Hook { url: "http://app/other".to_owned(), method: Method::Post });
    town.engine.update_call(&sid, CallUpdate { url, ..CallUpdate::default() }).expect("it rings");
    for action in town.engine.take_actions() {
        if let Action::Fetch { ticket, .. } = action {
            tickets.push(ticket);
        }
    }
    let answer = |inside: &str| {
        let body = format!("<Response>{inside}</Response>");
        Ok(FetchReply { content_type: Some("text/xml".to_owned()), body, url: "http://app/".to_owned() })
    };
    town.engine.fetched(tickets[0], answer("<Hangup/>"));
    assert_eq!(town.status(&sid), "ringing", "the first document is not wanted any more");
    town.engine.fetched(tickets[1], answer("<Say>hello</Say>"));
    assert_eq!(town.status(&sid), "in-progress");
    town.engine.fetched(tickets[1], answer("<Hangup/>"));
    assert_eq!(town.status(&sid), "in-progress", "an answer counts once");
}

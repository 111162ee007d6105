//! Messages for somebody who is not here, on a real carrier: what callers say is recorded there, and heard here by whoever may.

use reqwest::header;
use serde_json::{Value, json};
use server::twilio::signature::SigningKey;
use switchyard::{
    agent::{Status, WhenAway},
    audit::{Actor, Deed},
    call::{Failure, Place},
    floor::{Command, Floor, Intent, Target},
    history::{CallRecord, Outcome},
    id::CallId,
    people::Fallback,
    ports::Undeleted,
    voicemail::VoiceMessage,
};

use super::{
    MARIA, is_with, maria_talks_to_ana,
    phone::{DENTIST, PLACED, ana_dials},
    stage::{ACCOUNT, Stage, TOKEN, Truth},
    with,
};

/// Mihai is away, and callers can leave him a message.
async fn mihai_is_away(options: &[&str]) -> Stage {
    let stage = Stage::set(options).await;
    let store = &stage.deps().store;
    let mut mihai = store.account(&"salon".into(), &"mihai".into()).await.unwrap().unwrap();
    mihai.fallback = Fallback::Voicemail;
    store.put_account(&mihai).await.unwrap();
    server::people::seat_everyone(stage.deps().clone()).await;
    let knows = |floor: &Floor| floor.agents[&"mihai".into()].when_away == WhenAway::Voicemail;
    stage.until("the floor knows it", knows).await;
    stage
}

/// Somebody calls who says a tone, and is on the floor.
async fn tone_calls(stage: &Stage, hertz: u32) -> CallId {
    let body = json!({ "from": MARIA, "to": "+40312345678", "behaviour": { "sends": { "tone": hertz } } });
    let request = stage.http.post(format!("{}/carrier/calls", stage.carrier_url)).json(&body);
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    let call = CallId::from(answer["sid"].as_str().unwrap());
    let waits = |floor: &Floor| floor.calls.get(&call).is_some_and(|call| call.room.is_some());
    stage.until("they wait", waits).await;
    call
}

fn speaks(floor: &Floor, call: &CallId) -> bool {
    let place = Place::Voicemail { agent: "mihai".into() };
    floor.calls.get(call).is_some_and(|call| call.place == place && call.pending.is_none())
}

fn leg<'a>(truth: &'a Truth, call: &CallId) -> &'a Value {
    truth.0["calls"].as_array().unwrap().iter().find(|one| one["sid"] == call.as_str()).unwrap()
}

/// The caller is sent to Mihai's voicemail, and has said something after the beep.
async fn spoken(stage: &Stage, by: &str, call: &CallId) {
    stage.move_call(by, call, with("mihai")).await.unwrap();
    stage.until("they are in the voicemail", |floor| speaks(floor, call)).await;
    let is_spoken = |truth: &Truth| leg(truth, call)["recording"]["spoken_ms"].is_number();
    let truth = stage.until_true("they speak", is_spoken).await;
    assert!(truth.is_live(call) && leg(&truth, call)["conference"].is_null());
}

async fn presses(stage: &Stage, call: &CallId, digits: &str) {
    let url = format!("{}/carrier/calls/{call}/digits", stage.carrier_url);
    let request = stage.http.post(url).json(&json!({ "digits": digits }));
    request.send().await.unwrap().error_for_status().unwrap();
}

async fn messages(stage: &Stage) -> Vec<VoiceMessage> {
    stage.deps().store.messages(&"salon".into(), None, None, 10).await.unwrap()
}

async fn history(stage: &Stage) -> Vec<CallRecord> {
    stage.deps().store.history(&"salon".into(), None, 10).await.unwrap()
}

/// A cookie with which somebody of the demo is signed in.
async fn cookie(stage: &Stage, who: &str) -> String {
    let request = stage.browser.post(stage.url("/sign-in/demo")).form(&[("agent", who)]);
    let signed_in = request.send().await.unwrap();
    signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

async fn get(stage: &Stage, cookie: &str, path: &str) -> reqwest::Response {
    stage.browser.get(stage.url(path)).header("cookie", cookie).send().await.unwrap()
}

async fn post(stage: &Stage, cookie: &str, path: &str) -> reqwest::Response {
    stage.browser.post(stage.url(path)).header("cookie", cookie).send().await.unwrap()
}

#[tokio::test]
async fn a_message_is_left_heard_by_whoever_may_and_deleted() {
    let stage = mihai_is_away(&[]).await;
    let call = tone_calls(&stage, 440).await;
    spoken(&stage, "ana", &call).await;
    presses(&stage, &call, "#").await;
    stage.until("there is a message", |floor| floor.calls.get(&call).is_none_or(|call| call.message)).await;
    stage.until("they are thanked, and it is over", |floor| floor.calls.is_empty()).await;
    let record = history(&stage).await.remove(0);
    assert_eq!((record.outcome, &record.agent, record.answered), (Outcome::Voicemail, &None, None));
    assert_eq!(record.voicemail.unwrap().agent, "mihai".into());
    let message = messages(&stage).await.remove(0);
    assert_eq!((message.agent.as_str(), message.number.as_str(), message.heard), ("mihai", MARIA, None));
    assert_eq!((&message.account[..], &message.call), (ACCOUNT, &call));
    assert!(message.seconds >= 1);

    let (mihai, elena, cristina) =
        (cookie(&stage, "mihai").await, cookie(&stage, "elena").await, cookie(&stage, "cristina").await);
    let page = get(&stage, &mihai, "/voicemail").await.text().await.unwrap();
    assert!(page.contains("Maria Enache") && page.contains("data-standing=\"invited\""), "{page}");
    assert!(page.contains("class=\"count\">1</b>"), "the way there says how many are new: {page}");
    let at = |what: &str| format!("/voicemail/{}/{what}", message.recording);
    // Elena neither sees nor hears nor changes it.
    assert!(!get(&stage, &elena, "/voicemail?of=all").await.text().await.unwrap().contains("Maria Enache"));
    assert_eq!(get(&stage, &elena, &at("audio")).await.status(), 404);
    for what in ["heard", "delete"] {
        assert_eq!(post(&stage, &elena, &at(what)).await.status(), 404);
    }
    assert_eq!(get(&stage, "", &at("audio")).await.status(), 303, "whoever is not signed in is led there");
    // Cristina may, and it stays new for whom it was left.
    assert!(get(&stage, &cristina, "/voicemail?of=all").await.text().await.unwrap().contains("Maria Enache"));
    let sound = get(&stage, &cristina, &at("audio")).await;
    assert_eq!(sound.status(), 200);
    for (name, value) in
        [("content-type", "audio/wav"), ("cache-control", "no-store"), ("x-content-type-options", "nosniff")]
    {
        assert_eq!(sound.headers()[name], value);
    }
    let wav = sound.bytes().await.unwrap();
    assert_eq!((&wav[..4], &wav[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
    for (range, status, of) in [
        ("bytes=8-15", 206, format!("bytes 8-15/{}", wav.len())),
        ("bytes=9000000-", 416, format!("bytes */{}", wav.len())),
    ] {
        let part = stage.browser.get(stage.url(&at("audio"))).header("cookie", &cristina).header("range", range);
        let part = part.send().await.unwrap();
        assert_eq!((part.status().as_u16(), part.headers()["content-range"].to_str().unwrap()), (status, &of[..]));
        let wanted = if status == 206 { &wav[8..16] } else { &[] };
        assert_eq!(part.bytes().await.unwrap(), wanted, "players ask for parts");
    }
    assert_eq!(messages(&stage).await[0].heard, None);
    assert_eq!(get(&stage, &mihai, &at("audio")).await.bytes().await.unwrap(), wav);
    assert!(messages(&stage).await[0].heard.is_some(), "and is not when he has heard it");
    let samples: Vec<i16> = wav[44..].as_chunks::<2>().0.iter().map(|bytes| i16::from_le_bytes(*bytes)).collect();
    let crossings = samples.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count();
    assert!(crossings.abs_diff(samples.len() * 440 / 8_000) <= 4, "440 Hz go up through zero 440 times a second");

    // From the call in the history there is a way to it, for whoever may hear it.
    let way = format!("/voicemail?call={call}");
    for (cookie, may) in [(&mihai, true), (&cristina, true), (&elena, false)] {
        assert_eq!(get(&stage, cookie, "/calls").await.text().await.unwrap().contains(&way), may);
        let page = get(&stage, cookie, &way).await.text().await.unwrap();
        assert_eq!(page.contains(&at("audio")), may, "{page}");
    }

    assert_eq!(post(&stage, &mihai, &at("delete")).await.headers()[header::LOCATION], "/voicemail?done=removed");
    assert!(!get(&stage, &mihai, "/calls").await.text().await.unwrap().contains(&way), "it leads nowhere");
    assert!(messages(&stage).await.is_empty());
    let gone = |truth: &Truth| truth.0["recordings"].as_array().unwrap().is_empty();
    stage.until_true("Twilio has it no more", gone).await;
    assert_eq!(get(&stage, &mihai, &at("audio")).await.status(), 404);
    assert_eq!(post(&stage, &mihai, &at("delete")).await.status(), 404);
}

#[tokio::test]
async fn whoever_transfers_is_free_and_who_hangs_up_early_or_says_nothing_leaves_nothing() {
    let stage = mihai_is_away(&["--wrap-up-secs", "1"]).await;
    let call = maria_talks_to_ana(&stage).await;
    stage.move_call("ana", &call, with("mihai")).await.unwrap();
    let floor = stage.until("Maria is in the voicemail", |floor| speaks(floor, &call)).await;
    assert_ne!(floor.status(&"ana".into()), Some(Status::OnCall));
    let truth = stage.until_true("Ana is out", |truth| truth.live() == 1).await;
    assert!(truth.is_live(&call));
    // She says nothing at all, for as long as it takes.
    stage.until("it is over", |floor| floor.calls.is_empty()).await;
    assert_eq!(history(&stage).await[0].outcome, Outcome::Answered, "Ana talked to her");

    let call = stage.call_in(MARIA).await;
    stage.move_call("ana", &call, with("mihai")).await.unwrap();
    stage.until("she is in the voicemail", |floor| speaks(floor, &call)).await;
    stage.caller_hangs_up(&call).await;
    stage.until("it is over", |floor| floor.calls.is_empty()).await;
    assert_eq!(history(&stage).await[0].outcome, Outcome::Abandoned);
    assert!(messages(&stage).await.is_empty());
    assert_eq!(stage.truth().await.0["recordings"], json!([]));
}

#[tokio::test]
async fn when_twilio_fails_the_caller_stays_where_they_were() {
    let stage = mihai_is_away(&[]).await;
    let call = maria_talks_to_ana(&stage).await;
    stage.faults(json!({ "rest_429": 1.0 })).await;
    stage.move_call("ana", &call, with("mihai")).await.unwrap();
    let failed = |floor: &Floor| floor.calls.get(&call).is_some_and(|call| call.notice.is_some());
    let floor = stage.until("it is given up", failed).await;
    assert_eq!(floor.calls[&call].notice.as_ref().unwrap().failure, Failure::CarrierDown);
    assert!(is_with(&floor, &call, "ana") && floor.calls[&call].pending.is_none());
    let truth = stage.truth().await;
    assert!(!truth.is_held(&call) && truth.agents_with(&call) == ["ana".into()], "they go on talking");
    stage.delete("faults").await;
    stage.move_call("ana", &call, with("mihai")).await.unwrap();
    stage.until("and later it works", |floor| speaks(floor, &call)).await;
    stage.ask("mihai", Intent::HangUp { call: call.clone() }).await.unwrap();
    stage.until_true("and can be ended", |truth| truth.live() == 0).await;
}

#[tokio::test]
async fn a_caller_who_is_gone_and_of_whom_no_word_came_is_not_kept() {
    let stage = mihai_is_away(&[]).await;
    let call = stage.call_in(MARIA).await;
    stage.faults(json!({ "lose": 1.0 })).await;
    stage.caller_hangs_up(&call).await;
    assert!(stage.floor().await.calls.contains_key(&call), "nobody told");
    stage.move_call("ana", &call, with("mihai")).await.unwrap();
    let floor = stage.until("it is over", |floor| floor.calls.is_empty()).await;
    assert_eq!(floor.ended(&call).unwrap().record.outcome, Outcome::Abandoned);
}

#[tokio::test]
async fn a_message_that_somebody_else_deletes_is_in_the_log() {
    let stage = mihai_is_away(&[]).await;
    for who in ["cristina", "mihai"] {
        let call = tone_calls(&stage, 440).await;
        spoken(&stage, "ana", &call).await;
        stage.caller_hangs_up(&call).await;
        stage.until("it is over", |floor| floor.calls.is_empty()).await;
        let is_message = |floor: &Floor| floor.ended(&call).is_some_and(|ended| ended.message);
        stage.until("and was a message", is_message).await;
        let message = messages(&stage).await.remove(0);
        let deleted =
            post(&stage, &cookie(&stage, who).await, &format!("/voicemail/{}/delete", message.recording)).await;
        assert_eq!(deleted.status(), 303);
    }
    let log = stage.deps().store.audit(&"salon".into(), None, 99).await.unwrap();
    let deleted: Vec<_> = log.iter().filter(|(_, entry)| entry.deed == Deed::MessageDeleted).collect();
    let [(_, entry)] = deleted[..] else { panic!("what people do with their own is theirs: {log:?}") };
    assert_eq!((entry.subject.as_str(), &entry.whom), ("Mihai Ionescu", &Some("mihai".into())));
    assert_eq!(entry.by, Actor::Person { id: "cristina".into(), name: "Cristina Neagu".into() });
}

#[tokio::test]
async fn callbacks_that_are_doubled_or_overtaken_make_one_message() {
    let stage = mihai_is_away(&[]).await;
    stage.faults(json!({ "seed": 7, "double": 1.0, "reorder": 0.5, "delay_ms": [0, 400] })).await;
    let call = tone_calls(&stage, 440).await;
    spoken(&stage, "ana", &call).await;
    stage.caller_hangs_up(&call).await;
    stage.until("it is over", |floor| floor.calls.is_empty()).await;
    let is_message = |floor: &Floor| floor.ended(&call).is_some_and(|ended| ended.record.outcome == Outcome::Voicemail);
    stage.until("and was a message", is_message).await;
    stage.delete("faults").await;
    assert_eq!(messages(&stage).await.len(), 1);
    assert_eq!(history(&stage).await.len(), 1);
    assert_eq!(history(&stage).await[0].outcome, Outcome::Voicemail);
}

#[tokio::test]
async fn what_is_no_message_of_ours_is_none() {
    let stage = mihai_is_away(&[]).await;
    let key = SigningKey::new(TOKEN);
    let sid = format!("RE{}", "a".repeat(32));
    let form = |sid: &str, seconds: &str| {
        [("AccountSid", ACCOUNT), ("CallSid", "CA1"), ("RecordingSid", sid), ("RecordingDuration", seconds)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let ready = async |agent: &str, sid: &str, seconds: &str, key: Option<&SigningKey>| {
        let path = format!("/api/voice/voicemail/ready?workspace=salon&call=CA1&agent={agent}");
        let form = form(sid, seconds);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        stage.webhook(&path, &form, key).await.status().as_u16()
    };
    assert_eq!(ready("mihai", &sid, "3", None).await, 403, "it is not signed");
    for (agent, sid, seconds) in
        [("boris", &sid[..], "3"), ("mihai", &sid, "0"), ("mihai", &sid, "-1"), ("mihai", "RE1/../x", "3")]
    {
        assert_eq!(ready(agent, sid, seconds, Some(&key)).await, 204);
        assert!(messages(&stage).await.is_empty(), "{agent} {sid} {seconds}");
    }
    // One whose call nobody remembers is kept all the same, once.
    for _ in 0..2 {
        assert_eq!(ready("mihai", &sid, "3", Some(&key)).await, 204);
    }
    let kept = messages(&stage).await;
    assert_eq!((kept.len(), kept[0].number.as_str()), (1, "anonymous"));
    // What Twilio does not have cannot be played, and can be removed.
    let mihai = cookie(&stage, "mihai").await;
    assert_eq!(get(&stage, &mihai, &format!("/voicemail/{sid}/audio")).await.status(), 502);
    assert_eq!(messages(&stage).await[0].heard, None);
    stage.faults(json!({ "rest_429": 1.0 })).await;
    assert_eq!(post(&stage, &mihai, &format!("/voicemail/{sid}/delete")).await.status(), 303);
    let store = &stage.deps().store;
    assert_eq!(store.undeleted_of(&"salon".into()).await.unwrap(), Undeleted { here: 1, elsewhere: 0 });
    stage.delete("faults").await;
    server::privacy::finish(stage.deps().desk(), None).await;
    assert_eq!(store.undeleted_of(&"salon".into()).await.unwrap(), Undeleted::default(), "it is tried again");
}

#[tokio::test]
async fn a_server_that_dies_while_somebody_speaks_finds_their_message() {
    let mut stage = mihai_is_away(&[]).await;
    let call = tone_calls(&stage, 440).await;
    spoken(&stage, "ana", &call).await;
    stage.kill();
    stage.caller_hangs_up(&call).await;
    let recorded = |truth: &Truth| truth.0["recordings"].as_array().unwrap().len() == 1 && truth.live() == 0;
    stage.until_true("they have said it", recorded).await;
    stage.start().await;
    stage.until("it is over", |floor| floor.calls.is_empty()).await;
    assert_eq!(history(&stage).await[0].outcome, Outcome::Voicemail);
    assert_eq!(messages(&stage).await.len(), 1);
}

#[tokio::test]
async fn a_server_that_was_away_leaves_who_speaks_alone() {
    let mut stage = mihai_is_away(&[]).await;
    let call = tone_calls(&stage, 440).await;
    spoken(&stage, "ana", &call).await;
    stage.kill();
    stage.start().await;
    // Whatever is stuck is compared within seconds, and everything at start.
    stage.send(Command::Tick).await.unwrap();
    let floor = stage.floor().await;
    assert!(speaks(&floor, &call) && stage.truth().await.is_live(&call));
    presses(&stage, &call, "#").await;
    stage.until("it is over", |floor| floor.calls.is_empty()).await;
    assert_eq!((messages(&stage).await.len(), history(&stage).await[0].outcome), (1, Outcome::Voicemail));
}

#[tokio::test]
async fn whom_only_mihai_answers_need_not_wait_for_him() {
    let stage = mihai_is_away(&[]).await;
    let lines = [("+40312345678".to_owned(), ["mihai".into()].into())].into();
    stage.send(Command::Staff(lines)).await.unwrap();
    let call = stage.dial(MARIA).await;
    stage.until("they are in the voicemail", |floor| speaks(floor, &call)).await;
    assert!(stage.move_call("ana", &call, Target::Queue).await.is_err(), "where nobody interrupts them");
}

#[tokio::test]
async fn somebody_whom_we_called_can_leave_a_message_too() {
    let stage = mihai_is_away(&[]).await;
    stage.outside_phone(DENTIST, json!({ "answers": "after_ms", "after_ms": 50, "sends": { "tone": 600 } })).await;
    ana_dials(&stage, DENTIST).await;
    let call = CallId::from(PLACED);
    let there = |floor: &Floor| floor.calls.get(&call).is_some_and(|call| call.room.is_some());
    stage.until("the dentist is there", there).await;
    stage.move_call("ana", &call, with("mihai")).await.unwrap();
    stage.until("they are in the voicemail", |floor| speaks(floor, &call)).await;
    let leg = |truth: &Truth| {
        let calls = truth.0["calls"].as_array().unwrap();
        calls.iter().find(|one| one["to"] == DENTIST).unwrap().clone()
    };
    let truth = stage.until_true("they speak", |truth| leg(truth)["recording"]["spoken_ms"].is_number()).await;
    presses(&stage, &leg(&truth)["sid"].as_str().unwrap().into(), "#").await;
    stage.until("it is over", |floor| floor.calls.is_empty()).await;
    let floor = stage.until("there is a message", |floor| floor.ended(&call).is_some_and(|ended| ended.message)).await;
    assert_eq!(floor.ended(&call).unwrap().record.outcome, Outcome::Answered);
    assert_eq!(messages(&stage).await[0].number, DENTIST);
}

//! Numbers on a real carrier: who is rung for each, what the people called see, closed numbers, and buying and giving back.

use reqwest::Response;
use serde_json::{Value, json};
use server::{
    demo::WORKSPACE,
    people,
    twilio::{setup::Purchase, signature::SigningKey},
};
use switchyard::{
    agent::{Presence, Status},
    floor::Command,
    history::Outcome,
    hours::{Hours, Span},
    id::WorkspaceId,
    numbers::Number,
};

use super::{
    MARIA, is_with,
    stage::{ACCOUNT, Stage, TOKEN},
};

const BOOKINGS: &str = "+40312345678";
const DESK: &str = "+40312345679";
const DENTIST: &str = "+40733222111";
const PLACED: &str = "CA00000000000000000000000000000a12";
/// The first of the carrier's numbers in San Francisco, which need no papers.
const FRISCO: &str = "+14155550013";
/// One in Cluj, for which papers are wanted.
const PAPERS: &str = "+40364400013";

fn salon() -> WorkspaceId {
    WORKSPACE.into()
}

async fn signed_in(stage: &Stage, agent: &str) -> String {
    let request = stage.browser.post(stage.url("/sign-in/demo")).form(&[("agent", agent)]);
    let answer = request.send().await.unwrap();
    answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

/// Sends a form as somebody.
async fn post(stage: &Stage, agent: &str, path: &str, form: &[(&str, &str)]) -> Response {
    let cookie = signed_in(stage, agent).await;
    stage.browser.post(stage.url(path)).header("cookie", cookie).form(form).send().await.unwrap()
}

/// The same, when it is taken.
async fn save(stage: &Stage, path: &str, form: &[(&str, &str)]) {
    let answer = post(stage, "cristina", path, form).await;
    let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
    assert_eq!((answer.status().as_u16(), to), (303, Some(format!("{}?done=saved", path.trim_end_matches("/calls")))));
}

async fn get(stage: &Stage, agent: &str, path: &str) -> (u16, String) {
    let cookie = signed_in(stage, agent).await;
    let answer = stage.browser.get(stage.url(path)).header("cookie", cookie).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// A number as the carrier has it.
async fn at_the_carrier(stage: &Stage, e164: &str) -> Value {
    let truth = stage.truth().await.0;
    let mut numbers = truth["numbers"].as_array().unwrap().iter();
    numbers.find(|number| number["phone_number"] == e164).cloned().unwrap_or_default()
}

async fn known(stage: &Stage, e164: &str) -> Option<Number> {
    let numbers = stage.deps().store.numbers(&salon()).await.unwrap();
    numbers.into_iter().find(|number| number.number == e164)
}

/// Ana's page places a call, and the dentist's phone rings: what it shows is answered.
async fn ana_calls_the_dentist(stage: &Stage) -> String {
    stage.outside_phone(DENTIST, json!({ "answers": "never" })).await;
    let form = [
        ("AccountSid", ACCOUNT),
        ("CallSid", PLACED),
        ("From", "client:salon_ana"),
        ("To", DENTIST),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
    ];
    let key = SigningKey::new(TOKEN);
    let answer = stage.webhook("/api/twilio/outbound?workspace=salon", &form, Some(&key)).await;
    assert!(answer.text().await.unwrap().contains("<Dial"));
    let leg = |truth: &super::stage::Truth| {
        let mut calls = truth.0["calls"].as_array().unwrap().clone().into_iter();
        calls.find(|call| call["to"] == DENTIST && call["direction"] != "inbound")
    };
    let truth = stage.until_true("the dentist's phone rings", |truth| leg(truth).is_some()).await;
    leg(&truth).unwrap()["from"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn only_those_who_answer_a_number_are_rung_for_it() {
    let mut stage = Stage::set(&[]).await;
    let chosen = [("name", "Front desk"), ("answers", "chosen"), ("agent-elena", "yes"), ("open", "always")];
    save(&stage, "/settings/numbers/40312345679", &chosen).await;
    stage.presence("ana", Presence::Available).await;
    stage.presence("mihai", Presence::Available).await;
    let desk = stage.dial_to(MARIA, DESK).await;
    let waits = |floor: &switchyard::floor::Floor| floor.calls.get(&desk).is_some_and(|call| call.room.is_some());
    stage.until("Maria waits where agents can join", waits).await;
    let bookings = stage.dial_to("+40723456789", BOOKINGS).await;
    let rung = stage
        .until("the other caller rings", |floor| floor.calls.get(&bookings).is_some_and(|call| call.offer.is_some()));
    let floor = rung.await;
    assert_eq!(floor.calls[&bookings].offer.as_ref().unwrap().agent, "ana".into());
    assert_eq!(floor.status(&"mihai".into()), Some(Status::Available), "he does not answer the desk");
    // The server starts anew, and still knows.
    stage.kill();
    stage.start().await;
    people::seat_everyone(stage.deps().clone()).await;
    assert!(stage.floor().await.calls[&desk].offer.is_none());
    // Another one is added while Maria waits.
    stage.phone("mihai", "after_ms", 20).await;
    let ticked = [("answers-+40312345679", "yes"), ("caller_id", "")];
    save(&stage, "/people/mihai/calls", &ticked).await;
    stage.until("Mihai has her", |floor| is_with(floor, &desk, "mihai")).await;
    stage.until_true("and they talk", |truth| truth.agents_with(&desk) == ["mihai".into()]).await;
    assert_eq!(known(&stage, DESK).await.unwrap().answered_by.unwrap().len(), 2);
}

#[tokio::test]
async fn a_number_whose_people_have_all_left_is_answered_by_everybody() {
    let stage = Stage::set(&[]).await;
    let chosen = [("name", "Front desk"), ("answers", "chosen"), ("agent-elena", "yes"), ("open", "always")];
    save(&stage, "/settings/numbers/40312345679", &chosen).await;
    stage.presence("ana", Presence::Available).await;
    let call = stage.dial_to(MARIA, DESK).await;
    let waits = |floor: &switchyard::floor::Floor| floor.calls.get(&call).is_some_and(|call| call.room.is_some());
    let floor = stage.until("Maria waits where agents can join", waits).await;
    assert!(floor.calls[&call].offer.is_none(), "Ana does not answer the desk");

    assert_eq!(post(&stage, "cristina", "/people/elena/deactivate", &[]).await.status(), 303);
    people::seat_everyone(stage.deps().clone()).await;
    let rings = |floor: &switchyard::floor::Floor| {
        floor.calls.get(&call).and_then(|call| call.offer.as_ref()).is_some_and(|offer| offer.agent == "ana".into())
    };
    stage.until("Ana is rung for the desk", rings).await;
}

#[tokio::test]
async fn who_is_called_sees_the_number_that_somebody_chose_or_answers_or_the_default() {
    let stage = Stage::set(&[]).await;
    assert_eq!(ana_calls_the_dentist(&stage).await, BOOKINGS, "the first");

    let stage = Stage::set(&[]).await;
    let default = [("name", "Front desk"), ("answers", "everybody"), ("open", "always"), ("default", "yes")];
    save(&stage, "/settings/numbers/40312345679", &default).await;
    assert_eq!(ana_calls_the_dentist(&stage).await, DESK, "the default");

    let stage = Stage::set(&[]).await;
    let chosen = [("name", "Front desk"), ("answers", "chosen"), ("agent-ana", "yes"), ("open", "always")];
    save(&stage, "/settings/numbers/40312345679", &chosen).await;
    assert_eq!(ana_calls_the_dentist(&stage).await, DESK, "the one that she answers");

    let stage = Stage::set(&[]).await;
    save(&stage, "/settings/numbers/40312345679", &chosen).await;
    save(&stage, "/people/ana/calls", &[("answers-+40312345679", "yes"), ("caller_id", BOOKINGS)]).await;
    assert_eq!(ana_calls_the_dentist(&stage).await, BOOKINGS, "what she chose");
    let (_, page) = get(&stage, "ana", "/").await;
    assert!(page.contains("They see Bookings"), "and her page says so");
}

#[tokio::test]
async fn outside_its_hours_a_number_says_that_it_is_closed() {
    let stage = Stage::set(&[]).await;
    stage.presence("ana", Presence::Available).await;
    // A week without a single hour.
    save(
        &stage,
        "/settings/numbers/40312345678",
        &[("name", "Bookings"), ("answers", "everybody"), ("open", "weekly")],
    )
    .await;
    let call = stage.dial(MARIA).await;
    stage.until("the call is over", |floor| floor.ended(&call).is_some()).await;
    let truth = stage.until_true("and Maria has hung up", |truth| truth.live() == 0).await;
    assert_eq!(truth.0["conferences"].as_array().map_or(0, Vec::len), 0, "nobody was called");
    let record = stage.deps().store.history(&salon(), None, 1).await.unwrap().remove(0);
    assert_eq!((record.outcome, record.answered, record.line.label.as_str()), (Outcome::Closed, None, "Bookings"));
    let (_, page) = get(&stage, "cristina", "/calls").await;
    assert!(page.contains("data-outcome=\"closed\""), "{page}");

    // In the language of the workspace; delivered twice it is one call and the same answer.
    let form =
        [("AccountSid", ACCOUNT), ("CallSid", PLACED), ("From", MARIA), ("To", BOOKINGS), ("CallStatus", "ringing")];
    let key = SigningKey::new(TOKEN);
    let mut answers = Vec::new();
    for _ in 0..2 {
        let answer = stage.webhook("/api/voice/inbound?workspace=salon", &form, Some(&key)).await;
        answers.push(answer.text().await.unwrap());
    }
    assert!(answers[0] == answers[1] && answers[0].contains("<Say language=\"ro-RO\">"), "{answers:?}");
    assert_eq!(stage.deps().store.history(&salon(), None, 9).await.unwrap().len(), 2);

    // Open the whole week, whatever the time is, the other number takes calls; and so does this one again.
    let all_day = vec![Span { from: 0, to: 1440 }];
    let hours = Some(Hours(std::array::from_fn(|_| all_day.clone())));
    stage.deps().store.put_number(&salon(), &Number { hours, ..Number::named(BOOKINGS, "Bookings") }).await.unwrap();
    stage.call_in("+40744100200").await;
}

#[tokio::test]
async fn a_call_that_is_delivered_twice_gets_one_answer_though_the_number_closes_or_opens_in_between() {
    let stage = Stage::set(&[]).await;
    let key = SigningKey::new(TOKEN);
    let arrives = async |call: &str| {
        let form =
            [("AccountSid", ACCOUNT), ("CallSid", call), ("From", MARIA), ("To", BOOKINGS), ("CallStatus", "ringing")];
        let answer = stage.webhook("/api/voice/inbound?workspace=salon", &form, Some(&key)).await;
        answer.text().await.unwrap()
    };
    let opens = async |from: u16, to: u16| {
        let spans = if from < to { vec![Span { from, to }] } else { Vec::new() };
        let hours = Some(Hours(std::array::from_fn(|_| spans.clone())));
        let number = Number { hours, ..Number::named(BOOKINGS, "Bookings") };
        stage.deps().store.put_number(&salon(), &number).await.unwrap();
    };
    let [first, second] = ["CA000000000000000000000000000000c1", "CA000000000000000000000000000000c2"];
    opens(0, 1440).await;
    let waits = arrives(first).await;
    assert!(waits.contains("<Conference"), "{waits}");
    opens(0, 0).await;
    assert_eq!(arrives(first).await, waits, "it waits, whatever the hours are now");
    assert!(stage.floor().await.calls.contains_key(&first.into()));
    let closed = arrives(second).await;
    assert!(closed.contains("<Say language=\"ro-RO\">"), "{closed}");
    opens(0, 1440).await;
    assert_eq!(arrives(second).await, closed, "it was turned away");
    stage.deps().store.put_number(&salon(), &Number::named(BOOKINGS, "Bookings")).await.unwrap();
    assert_eq!(arrives(second).await, closed, "even where there are no hours any more");
    assert!(!stage.floor().await.calls.contains_key(&second.into()));
    // What is over is not taken in again.
    stage.send(Command::ObserveEnd { call: first.into() }).await.unwrap();
    let over = arrives(first).await;
    assert!(over.contains("<Hangup") && !over.contains("<Conference"), "{over}");
}

#[tokio::test]
async fn what_is_wrong_with_a_form_stands_beside_its_field_and_nothing_is_saved() {
    let stage = Stage::set(&[]).await;
    let wrong = [
        ("name", " "),
        ("answers", "chosen"),
        ("open", "weekly"),
        ("tue-from", "17:00"),
        ("tue-to", "09:00"),
        ("wed-from", "08:15"),
        ("wed-to", "12:00"),
    ];
    let answer = post(&stage, "cristina", "/settings/numbers/40312345678", &wrong).await;
    assert_eq!(answer.status(), 422);
    let page = answer.text().await.unwrap();
    for about in ["about-name", "about-answers", "about-tue"] {
        assert!(page.contains(&format!("id=\"{about}\"")), "{about}");
    }
    assert!(!page.contains("id=\"about-wed\"") && page.contains("value=\"08:15\""), "what was typed is kept");
    assert_eq!(known(&stage, BOOKINGS).await.unwrap().label, "Bookings");

    // Nobody leaves a number that only they answer; nobody shows a number of others; a zone is one that exists.
    let only = [("name", "Bookings"), ("answers", "chosen"), ("agent-ana", "yes"), ("open", "always")];
    save(&stage, "/settings/numbers/40312345678", &only).await;
    for (path, form, about) in [
        ("/people/ana/calls", [("caller_id", "")], "about-answers"),
        ("/people/mihai/calls", [("caller_id", "+40700000000")], "about-caller_id"),
        ("/settings/numbers", [("zone", "Middle-earth/Bree")], "about-zone"),
    ] {
        let answer = post(&stage, "cristina", path, &form).await;
        assert_eq!(answer.status(), 422, "{path}");
        assert!(answer.text().await.unwrap().contains(&format!("id=\"{about}\"")), "{path}");
    }
    assert!(known(&stage, BOOKINGS).await.unwrap().names(&"ana".into()));
    save(&stage, "/settings/numbers", &[("zone", "Europe/Chisinau")]).await;
    assert_eq!(stage.deps().store.workspaces().await.unwrap()[0].zone.as_deref(), Some("Europe/Chisinau"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_found_bought_and_given_back() {
    let stage = Stage::set(&[]).await;
    let (status, page) = get(&stage, "cristina", "/settings/numbers/new?country=US&kind=local&contains=415").await;
    assert_eq!(status, 200);
    assert!(page.contains("+1 415 555 0013") && page.contains("1.15 USD a month"), "{page}");
    let (_, page) = get(&stage, "cristina", "/settings/numbers/new?country=US&kind=mobile").await;
    assert!(page.contains("There are none like that"), "{page}");
    let path = format!("/settings/numbers/new?number=%2B{}&country=US&kind=local", &FRISCO[1..]);
    let (_, page) = get(&stage, "cristina", &path).await;
    assert!(page.contains("Buy for 1.15 USD a month"), "the price is seen again before it is paid");

    let form = [("number", FRISCO), ("country", "US"), ("kind", "local"), ("name", "San Francisco")];
    for _ in 0..2 {
        // Twice is once: the second finds it bought.
        let answer = post(&stage, "cristina", "/settings/numbers/new", &form).await;
        assert_eq!(answer.headers()["location"], "/settings/numbers/14155550013?done=bought");
    }
    let application = at_the_carrier(&stage, BOOKINGS).await["voice_application_sid"].clone();
    let bought = at_the_carrier(&stage, FRISCO).await;
    assert_eq!((&bought["account_sid"], &bought["voice_application_sid"]), (&json!(ACCOUNT), &application));
    let number = known(&stage, FRISCO).await.unwrap();
    assert!(number.rings_here && number.label == "San Francisco" && number.answered_by.is_none());
    assert!(stage.deps().setup.check(&salon()).await.unwrap().is_right());
    assert!(known(&stage, BOOKINGS).await.unwrap().rings_here, "the others ring on");
    let call = stage.dial_to(MARIA, FRISCO).await;
    let floor = stage.until("a caller arrives", |floor| floor.calls.contains_key(&call)).await;
    assert_eq!(floor.calls[&call].line.label, "San Francisco");

    let chosen = [("name", "San Francisco"), ("answers", "chosen"), ("agent-ana", "yes"), ("open", "always")];
    save(&stage, "/settings/numbers/14155550013", &chosen).await;
    save(&stage, "/people/ana/calls", &[("answers-+14155550013", "yes"), ("caller_id", FRISCO)]).await;
    assert!(stage.floor().await.lines.contains_key(FRISCO));
    let (_, page) = get(&stage, "cristina", "/settings/numbers/14155550013/release").await;
    assert!(page.contains("Give +1 415 555 0013 back?"), "{page}");
    let answer = post(&stage, "cristina", "/settings/numbers/14155550013/release", &[]).await;
    assert_eq!(answer.headers()["location"], "/settings/numbers?done=released");
    assert_eq!(at_the_carrier(&stage, FRISCO).await, Value::Null);
    assert_eq!(known(&stage, FRISCO).await, None);
    assert!(stage.floor().await.lines.is_empty());
    let ana = stage.deps().store.account(&salon(), &"ana".into()).await.unwrap().unwrap();
    assert_eq!(ana.caller_id, None);
    assert!(stage.deps().setup.check(&salon()).await.unwrap().is_right());
    let gone = post(&stage, "cristina", "/settings/numbers/14155550013/release", &[]).await;
    assert_eq!(gone.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_twilio_does_not_sell_is_said_in_words_and_costs_nothing() {
    let stage = Stage::set(&[]).await;
    let buy = async |number: &str, bundle: &str| {
        let form = [("number", number), ("country", "RO"), ("kind", "local"), ("name", "Cluj"), ("bundle", bundle)];
        let answer = post(&stage, "cristina", "/settings/numbers/new", &form).await;
        answer.headers()["location"].to_str().unwrap().to_owned()
    };
    let back = buy(PAPERS, "").await;
    assert!(back.contains("error=refused&code=21649") && back.contains("name=Cluj"), "{back}");
    let (_, page) = get(&stage, "cristina", &back).await;
    assert!(page.contains("wants a regulatory bundle") && page.contains("value=\"Cluj\""), "{page}");
    let back = buy("+40700000000", "").await;
    let (_, page) = get(&stage, "cristina", &back).await;
    assert!(page.contains("no longer available"), "{page}");
    assert!(buy("hello", "").await.contains("error=refused"));
    assert_eq!(stage.deps().store.numbers(&salon()).await.unwrap().len(), 2);
    // With what it needs it is bought.
    assert!(buy(PAPERS, &format!("BU{}", "1".repeat(32))).await.ends_with("?done=bought"));

    // While Twilio has a bad day nothing is given back, and nothing is forgotten.
    stage.faults(json!({ "rest_429": 1.0 })).await;
    let answer = post(&stage, "cristina", "/settings/numbers/40312345678/release", &[]).await;
    assert_eq!(answer.headers()["location"], "/settings/numbers/40312345678/release?error=unreachable&code=0");
    stage.faults(json!({})).await;
    assert!(known(&stage, BOOKINGS).await.is_some_and(|number| number.rings_here));
}

#[tokio::test]
async fn a_number_that_vanished_is_seen_and_can_still_be_given_up() {
    let stage = Stage::set(&[]).await;
    stage.delete(&format!("numbers/{DESK}")).await;
    stage.deps().setup.check(&salon()).await.unwrap();
    let (_, page) = get(&stage, "cristina", "/settings/numbers").await;
    assert!(page.contains("data-standing=\"gone\"") && page.contains("data-standing=\"rings\""), "{page}");
    post(&stage, "cristina", "/settings/numbers/40312345679/release", &[]).await;
    assert_eq!(known(&stage, DESK).await, None);
    assert!(stage.deps().setup.check(&salon()).await.unwrap().is_right());
    // What was unticked is seen too.
    stage.deps().setup.choose(&salon(), &[]).await.unwrap();
    let (_, page) = get(&stage, "cristina", "/settings/numbers").await;
    assert!(page.contains("data-standing=\"elsewhere\""), "{page}");
}

#[tokio::test]
async fn agents_neither_see_the_numbers_nor_change_them() {
    let stage = Stage::set(&[]).await;
    for path in [
        "/settings/numbers",
        "/settings/numbers/new",
        "/settings/numbers/40312345678",
        "/settings/numbers/40312345678/release",
    ] {
        let (status, page) = get(&stage, "ana", path).await;
        assert_eq!(status, 403, "{path}");
        assert!(!page.contains("Front desk"), "{path}");
        assert_eq!(post(&stage, "ana", path, &[]).await.status(), 403, "{path}");
        let nobody = stage.browser.post(stage.url(path)).send().await.unwrap();
        assert_eq!(nobody.status(), 303, "{path}");
    }
    let own = post(&stage, "ana", "/people/ana/calls", &[("caller_id", DESK)]).await;
    assert_eq!(own.status(), 403);
    assert_eq!(stage.deps().store.account(&salon(), &"ana".into()).await.unwrap().unwrap().caller_id, None);
    // Nor is anything of another company's to be had by its address.
    let purchase = Purchase { number: FRISCO, label: "Theirs", address: "", bundle: "" };
    assert!(stage.deps().setup.buy(&"nobody".into(), &purchase).await.is_err());
    let missing = post(&stage, "cristina", "/settings/numbers/40399999999", &[("name", "Theirs")]).await;
    assert_eq!(missing.status(), 404);
}

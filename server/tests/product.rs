//! The product on a real carrier: what the floor says, and whether it is true.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![expect(unreachable_pub, reason = "what a test shares with its helpers is not published")]

#[path = "product/added.rs"]
mod added;
#[path = "product/api.rs"]
mod api;
#[path = "product/api_calls.rs"]
mod api_calls;
#[path = "product/api_people.rs"]
mod api_people;
#[path = "product/audit.rs"]
mod audit;
#[path = "product/audit_commands.rs"]
mod audit_commands;
#[path = "product/audit_half_done.rs"]
mod audit_half_done;
#[path = "product/audit_settings.rs"]
mod audit_settings;
#[path = "product/connections.rs"]
mod connections;
#[path = "product/contacts.rs"]
mod contacts;
#[path = "product/crm.rs"]
mod crm;
#[path = "product/erasing_at_twilio.rs"]
mod erasing_at_twilio;
#[path = "product/exports.rs"]
mod exports;
#[path = "product/floor_settings.rs"]
mod floor_settings;
#[path = "product/isolation.rs"]
mod isolation;
#[path = "product/keeping.rs"]
mod keeping;
#[path = "product/kept.rs"]
mod kept;
#[path = "product/kept_in_words.rs"]
mod kept_in_words;
#[path = "product/keys_and_tokens.rs"]
mod keys_and_tokens;
#[path = "product/language.rs"]
mod language;
#[path = "product/limits.rs"]
mod limits;
#[path = "product/line.rs"]
mod line;
#[path = "product/mobile.rs"]
mod mobile;
#[path = "product/numbers.rs"]
mod numbers;
#[path = "product/office.rs"]
mod office;
#[path = "product/operator.rs"]
mod operator;
#[path = "product/pages.rs"]
mod pages;
#[path = "product/people.rs"]
mod people;
#[path = "product/phone.rs"]
mod phone;
#[path = "product/privacy.rs"]
mod privacy;
#[path = "product/profile.rs"]
mod profile;
#[path = "product/protection.rs"]
mod protection;
#[path = "product/put_back.rs"]
mod put_back;
#[path = "product/renamed.rs"]
mod renamed;
#[path = "product/sealed.rs"]
mod sealed;
#[path = "product/secrets.rs"]
mod secrets;
#[path = "product/secrets_of_people.rs"]
mod secrets_of_people;
#[path = "product/setup.rs"]
mod setup;
#[path = "product/stage.rs"]
mod stage;
#[path = "product/subaccounts.rs"]
mod subaccounts;
#[path = "product/tokens_entered.rs"]
mod tokens_entered;
#[path = "product/twilio_commands.rs"]
mod twilio_commands;
#[path = "product/unreached.rs"]
mod unreached;
#[path = "product/voicemail.rs"]
mod voicemail;
#[path = "product/webhook_settings.rs"]
mod webhook_settings;
#[path = "product/webhooks.rs"]
mod webhooks;

use serde_json::json;
use server::twilio::signature::SigningKey;
use switchyard::{
    agent::{Presence, Status},
    call::{Failure, Place},
    floor::{Floor, Intent, Refusal, Target},
    history::{HungUpBy, Outcome},
    id::{AgentId, CallId, Slot},
    service::Rejected,
};

use self::stage::{ACCOUNT, Stage, TOKEN};

const MARIA: &str = "+40722111222";

fn with(agent: &str) -> Target {
    Target::Agent(agent.into())
}

fn is_with(floor: &Floor, call: &CallId, agent: &str) -> bool {
    floor.calls.get(call).is_some_and(|call| call.talking_to() == Some(&AgentId::from(agent)))
}

fn is_parked(floor: &Floor, call: &CallId) -> bool {
    floor.calls.get(call).is_some_and(|call| matches!(call.place, Place::Slot { .. }))
}

/// Maria calls and talks to Ana.
async fn maria_talks_to_ana(stage: &Stage) -> CallId {
    stage.phone("ana", "after_ms", 50).await;
    let call = stage.call_in(MARIA).await;
    stage.move_call("ana", &call, with("ana")).await.unwrap();
    stage.until("Ana talks", |floor| is_with(floor, &call, "ana")).await;
    stage.until_true("Ana is in the conference", |truth| truth.agents_with(&call) == ["ana".into()]).await;
    call
}

#[tokio::test]
async fn a_call_goes_the_whole_way() {
    let stage = Stage::set(&["--wrap-up-secs", "1"]).await;
    stage.phone("ana", "after_ms", 50).await;
    stage.phone("mihai", "after_ms", 50).await;

    // The queue rings the one who takes calls.
    let call = stage.call_in(MARIA).await;
    stage.presence("ana", Presence::Available).await;
    let floor = stage.until("Ana has the call", |floor| is_with(floor, &call, "ana")).await;
    assert_eq!(floor.calls[&call].caller.name.as_deref(), Some("Maria Enache"));
    stage.presence("ana", Presence::Away).await;

    // Parked: Maria hears music, and Ana's leg is gone.
    stage.move_call("ana", &call, Target::Slot(Some(Slot(3)))).await.unwrap();
    stage.until("the call is parked", |floor| is_parked(floor, &call)).await;
    let truth = stage.until_true("Ana is out", |truth| truth.agents_with(&call).is_empty()).await;
    assert!(truth.is_live(&call) && truth.is_held(&call));

    // Retrieved.
    stage.move_call("ana", &call, with("ana")).await.unwrap();
    stage.until("Ana has it again", |floor| is_with(floor, &call, "ana")).await;
    stage
        .until_true("Maria is off hold", |truth| !truth.is_held(&call) && truth.agents_with(&call) == ["ana".into()])
        .await;

    // Transferred.
    stage.presence("mihai", Presence::Available).await;
    stage.move_call("ana", &call, with("mihai")).await.unwrap();
    let floor = stage.until("Mihai has it", |floor| is_with(floor, &call, "mihai")).await;
    assert_eq!(floor.status(&"ana".into()), Some(Status::WrapUp));
    stage
        .until_true("only Mihai talks to Maria", |truth| {
            !truth.is_held(&call) && truth.agents_with(&call) == ["mihai".into()]
        })
        .await;
    stage.until("Ana's wrap-up ends by itself", |floor| floor.status(&"ana".into()) == Some(Status::Away)).await;

    // Hung up.
    stage.ask("mihai", Intent::HangUp { call: call.clone() }).await.unwrap();
    stage.until("the call is over", |floor| floor.calls.is_empty()).await;
    stage.until_true("nobody is left", |truth| truth.live() == 0).await;
    let history = stage.deps().store.history(&"salon".into(), None, 10).await.unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!((history[0].outcome, &history[0].hung_up_by), (Outcome::Answered, &HungUpBy::Agent("mihai".into())));
}

#[tokio::test]
async fn a_transfer_that_nobody_answers_comes_back() {
    let stage = Stage::set(&["--ring-secs", "1"]).await;
    let call = maria_talks_to_ana(&stage).await;
    stage.phone("mihai", "never", 0).await;
    stage.presence("mihai", Presence::Available).await;
    stage.move_call("ana", &call, with("mihai")).await.unwrap();
    stage
        .until("Mihai's phone rings and Ana is free", |floor| {
            floor.status(&"mihai".into()) == Some(Status::Ringing)
                && floor.status(&"ana".into()) == Some(Status::WrapUp)
        })
        .await;
    stage.until("Ana has her caller back", |floor| is_with(floor, &call, "ana")).await;
    stage
        .until_true("and they hear each other", |truth| {
            !truth.is_held(&call) && truth.agents_with(&call) == ["ana".into()]
        })
        .await;
}

#[tokio::test]
async fn a_transfer_can_be_pulled_back() {
    let stage = Stage::set(&[]).await;
    let call = maria_talks_to_ana(&stage).await;
    stage.phone("mihai", "never", 0).await;
    stage.presence("mihai", Presence::Available).await;
    stage.move_call("ana", &call, with("mihai")).await.unwrap();
    stage.until("Mihai's phone rings", |floor| floor.status(&"mihai".into()) == Some(Status::Ringing)).await;
    stage.ask("ana", Intent::CancelMove { call: call.clone() }).await.unwrap();
    stage.until("Ana has her caller back", |floor| is_with(floor, &call, "ana")).await;
    stage.until_true("Mihai's phone is silent", |truth| truth.live() == 2).await;
}

#[tokio::test]
async fn when_twilio_fails_the_call_stays_and_says_why() {
    let stage = Stage::set(&[]).await;
    let call = maria_talks_to_ana(&stage).await;
    stage.faults(json!({ "seed": 1, "rest_429": 1.0 })).await;
    stage.move_call("ana", &call, Target::Slot(None)).await.unwrap();
    let floor = stage.until("the park failed", |floor| floor.calls[&call].notice.is_some()).await;
    assert_eq!(floor.calls[&call].notice.as_ref().unwrap().failure, Failure::CarrierDown);
    assert!(is_with(&floor, &call, "ana") && floor.calls[&call].slot().is_none());
    // When Twilio is back, so is parking.
    stage.faults(json!({})).await;
    stage.move_call("ana", &call, Target::Slot(None)).await.unwrap();
    stage.until("the call is parked", |floor| is_parked(floor, &call)).await;
    stage.until_true("and Maria on hold", |truth| truth.is_held(&call) && truth.agents_with(&call).is_empty()).await;
}

#[tokio::test]
async fn callers_who_hang_up_leave_nothing_behind() {
    let stage = Stage::set(&["--wrap-up-secs", "0"]).await;
    // While ringing.
    stage.phone("ana", "never", 0).await;
    let ringing = stage.call_in(MARIA).await;
    stage.move_call("ana", &ringing, with("ana")).await.unwrap();
    stage.until_true("Ana's phone rings", |truth| truth.live() == 2).await;
    stage.caller_hangs_up(&ringing).await;
    stage.until("the floor is empty", |floor| floor.calls.is_empty()).await;
    stage.until_true("Ana's phone is silent", |truth| truth.live() == 0).await;
    // While parked.
    let parked = maria_talks_to_ana(&stage).await;
    stage.move_call("ana", &parked, Target::Slot(None)).await.unwrap();
    stage.until("the call is parked", |floor| is_parked(floor, &parked)).await;
    stage.caller_hangs_up(&parked).await;
    stage.until("the slot is free", |floor| floor.calls.is_empty()).await;
    // During a transfer.
    let moving = maria_talks_to_ana(&stage).await;
    stage.phone("mihai", "never", 0).await;
    stage.presence("mihai", Presence::Available).await;
    stage.move_call("ana", &moving, with("mihai")).await.unwrap();
    stage.until("Mihai's phone rings", |floor| floor.status(&"mihai".into()) == Some(Status::Ringing)).await;
    stage.caller_hangs_up(&moving).await;
    let floor = stage.until("the floor is empty", |floor| floor.calls.is_empty()).await;
    assert_eq!(floor.status(&"ana".into()), Some(Status::Away));
    assert_eq!(floor.status(&"mihai".into()), Some(Status::Available));
    stage.until_true("nobody is left", |truth| truth.live() == 0).await;
}

#[tokio::test]
async fn killed_in_the_middle_nothing_is_lost() {
    let mut stage = Stage::set(&[]).await;
    let talking = maria_talks_to_ana(&stage).await;
    let leaving = stage.call_in("+40723456789").await;
    let waiting = stage.call_in("+40744100200").await;
    let parked = stage.call_in("+40745987654").await;
    stage.move_call("mihai", &parked, Target::Slot(None)).await.unwrap();
    stage.until("one is parked", |floor| is_parked(floor, &parked)).await;
    stage.kill();
    // Meanwhile one caller gives up, and nobody is there to be told.
    stage.caller_hangs_up(&leaving).await;
    stage.start().await;
    let floor = stage.until("the one who left is gone", |floor| !floor.calls.contains_key(&leaving)).await;
    assert!(is_with(&floor, &talking, "ana") && is_parked(&floor, &parked));
    assert_eq!(floor.calls[&waiting].place, Place::Queue);
    assert_eq!(floor.status(&"ana".into()), Some(Status::OnCall));
    // And the floor goes on: the waiting caller is picked up.
    stage.phone("elena", "after_ms", 20).await;
    stage.move_call("elena", &waiting, with("elena")).await.unwrap();
    stage.until_true("Elena talks", |truth| truth.agents_with(&waiting) == ["elena".into()]).await;
}

#[tokio::test]
async fn an_answer_while_the_server_is_away_holds() {
    let mut stage = Stage::set(&["--ring-secs", "2"]).await;
    stage.phone("ana", "never", 0).await;
    let call = stage.call_in(MARIA).await;
    stage.move_call("ana", &call, with("ana")).await.unwrap();
    stage.until_true("Ana's phone rings", |truth| truth.live() == 2).await;
    stage.kill();
    stage.answers("ana").await;
    stage.until_true("Ana talks to Maria", |truth| truth.agents_with(&call) == ["ana".into()]).await;
    // The ring is long over when the server is back.
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    stage.start().await;
    stage.until("the floor knows", |floor| is_with(floor, &call, "ana")).await;
    let truth = stage.truth().await;
    assert!(truth.agents_with(&call) == ["ana".into()] && !truth.is_held(&call));
}

#[tokio::test]
async fn with_callbacks_late_doubled_reordered_and_lost_the_floor_ends_in_the_truth() {
    for seed in 1..=3 {
        let stage = Stage::set(&["--wrap-up-secs", "0", "--ring-secs", "3"]).await;
        let faults = json!({ "seed": seed, "delay_ms": [0, 300], "double": 0.3, "reorder": 0.3, "lose": 0.2, "rest_error": 0.1 });
        stage.faults(faults).await;
        for agent in ["ana", "mihai", "elena"] {
            stage.phone(agent, "after_ms", 100).await;
            stage.presence(agent, Presence::Available).await;
        }
        let mut calls = Vec::new();
        for n in 0..6 {
            calls.push(stage.dial(&format!("+4072211000{n}")).await);
        }
        stage
            .until("three talk", |floor| floor.calls.values().filter(|call| call.talking_to().is_some()).count() == 3)
            .await;
        // Some of these are refused by the state of things; whatever happens must be true in the end.
        for call in &calls {
            let _ = stage.move_call("cristina", call, Target::Slot(None)).await;
        }
        for call in &calls[..3] {
            stage.caller_hangs_up(call).await;
        }
        stage
            .until("the floor knows who is there, and nothing is on its way", |floor| {
                calls[..3].iter().all(|call| !floor.calls.contains_key(call))
                    && calls[3..].iter().all(|call| floor.calls.contains_key(call))
                    && floor.calls.values().all(|call| call.pending.is_none() && call.offer.is_none())
            })
            .await;
        let floor = stage.floor().await;
        stage
            .until_true("as on the floor", |truth| {
                calls[3..].iter().all(|call| {
                    let expected: Vec<AgentId> =
                        floor.calls.get(call).and_then(|c| c.talking_to().cloned()).into_iter().collect();
                    truth.is_live(call)
                        && truth.agents_with(call) == expected
                        && (expected.is_empty() || !truth.is_held(call))
                })
            })
            .await;
    }
}

#[tokio::test]
async fn two_grab_one_caller_and_one_wins() {
    let stage = Stage::set(&[]).await;
    let call = stage.call_in(MARIA).await;
    let (ana, mihai) =
        tokio::join!(stage.move_call("ana", &call, with("ana")), stage.move_call("mihai", &call, with("mihai")),);
    let refused: Vec<_> = [ana, mihai].into_iter().filter_map(Result::err).collect();
    assert!(matches!(&refused[..], [Rejected::Refused(Refusal::AlreadyMoving { to: Some(_) })]), "{refused:?}");
}

#[tokio::test]
async fn webhooks_are_believed_only_when_signed_and_for_this_account() {
    let stage = Stage::set(&[]).await;
    let key = SigningKey::new(TOKEN);
    let path = "/api/voice/inbound?workspace=salon";
    let form = [
        ("AccountSid", ACCOUNT),
        ("CallSid", "CA1"),
        ("From", MARIA),
        ("To", "+40312345678"),
        ("CallStatus", "ringing"),
    ];
    let status = |answer: reqwest::Response| answer.status().as_u16();

    assert_eq!(status(stage.webhook(path, &form, None).await), 403);
    assert_eq!(status(stage.webhook(path, &form, Some(&SigningKey::new("another"))).await), 403);
    assert_eq!(status(stage.webhook("/api/voice/inbound?workspace=other", &form, Some(&key)).await), 403);
    let foreign = [
        ("AccountSid", "AC0000000000000000000000000000beef"),
        ("CallSid", "CA1"),
        ("From", MARIA),
        ("To", "+40312345678"),
    ];
    assert_eq!(status(stage.webhook(path, &foreign, Some(&key)).await), 403);
    let no_call = [("AccountSid", ACCOUNT), ("From", MARIA), ("To", "+40312345678")];
    assert_eq!(status(stage.webhook(path, &no_call, Some(&key)).await), 400);
    let json = stage.http.post(stage.url(path)).json(&json!({ "CallSid": "CA1" })).send().await.unwrap();
    assert_eq!(status(json), 400);
    let huge = stage.http.post(stage.url(path)).form(&[("CallSid", "x".repeat(100_000))]).send().await.unwrap();
    assert_eq!(status(huge), 400);
    assert!(stage.floor().await.calls.is_empty(), "nothing of this is on the floor");

    // News of a call that nobody knows is taken and changes nothing.
    let unknown = [("AccountSid", ACCOUNT), ("CallSid", "CA9"), ("CallStatus", "completed")];
    let before = stage.floor().await.version;
    assert_eq!(status(stage.webhook("/api/voice/status?workspace=salon", &unknown, Some(&key)).await), 204);
    assert_eq!(
        status(stage.webhook("/api/voice/status?workspace=salon&call=CA9&leg=1", &unknown, Some(&key)).await),
        204
    );
    assert_eq!(stage.floor().await.version, before);
}

#[tokio::test]
async fn an_inbound_webhook_twice_is_one_call_by_either_name() {
    let stage = Stage::set(&[]).await;
    let key = SigningKey::new(TOKEN);
    let form = [
        ("AccountSid", ACCOUNT),
        ("CallSid", "CA1"),
        ("From", "anonymous"),
        ("To", "+40312345678"),
        ("CallStatus", "ringing"),
    ];
    let mut answers = Vec::new();
    // Without a workspace in the URL it is the one that owns the account.
    for path in ["/api/voice/inbound?workspace=salon", "/api/voice/inbound?workspace=salon", "/twilio/voice"] {
        let answer = stage.webhook(path, &form, Some(&key)).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/xml; charset=utf-8");
        answers.push(answer.text().await.unwrap());
    }
    assert!(
        answers.iter().all(|answer| answer == &answers[0] && answer.contains(">call-CA1</Conference>")),
        "{answers:?}"
    );
    let floor = stage.floor().await;
    assert_eq!(floor.calls.len(), 1);
    assert_eq!(floor.calls[&CallId::from("CA1")].caller.number, "anonymous");
}

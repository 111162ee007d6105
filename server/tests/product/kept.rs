//! What is set up at Twilio is kept right: what is known outlasts an outage, and what is right as it is can be accepted.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::StatusCode,
    response::Response,
};
use futures::{FutureExt, future::BoxFuture};
use serde_json::json;
use server::{
    commands,
    config::TwilioDeed,
    twilio::{
        check,
        setup::{KeyWish, Setup},
        sites::Sites,
    },
};
use switchyard::{
    audit::{Actor, Deed},
    drift::{Difference, Findings, Problem, Subject},
    id::WorkspaceId,
    ports::Clock,
};
use tokio::{net::TcpListener, time::timeout};

use super::{
    MARIA,
    office::{Later, PATIENCE},
    setup::{
        DESK, OTHER_ACCOUNT, OTHER_TOKEN, applications, barber, behind_our_back, number, salon, setup,
        the_barber_is_connected, wish,
    },
    stage::{ACCOUNT, Stage, TOKEN},
};

const MINUTE: Duration = Duration::from_mins(1);

/// An account's token is changed at the carrier, and its API key works on.
pub async fn the_token_is(stage: &Stage, workspace: &WorkspaceId, token: &str) {
    let connection = setup(stage).connection(workspace).await.unwrap();
    let key = setup(stage).tenants.key(&connection).unwrap().unwrap();
    let body = json!({ "auth_token": token, "api_keys": { key.sid: key.secret.expose() } });
    stage.put(&format!("accounts/{}", connection.account), &body).await;
}

/// Somebody changes where calls of the salon go, and its number's texts.
pub async fn somebody_meddles(stage: &Stage) {
    let application = applications(stage, ACCOUNT).await[0]["sid"].as_str().unwrap().to_owned();
    let desk = number(stage, DESK).await["sid"].as_str().unwrap().to_owned();
    let elsewhere = "https://elsewhere.example/";
    let own = (ACCOUNT, TOKEN);
    behind_our_back(stage, own, &format!("Applications/{application}"), &[("VoiceUrl", elsewhere)]).await;
    behind_our_back(stage, own, &format!("IncomingPhoneNumbers/{desk}"), &[("SmsUrl", elsewhere)]).await;
}

/// How often the server noted that it found something.
async fn found(stage: &Stage, what: &str) -> usize {
    let log = stage.deps().store.audit(&salon(), None, 100).await.unwrap();
    let found = log.iter().filter(|(_, entry)| entry.by == Actor::Server && entry.deed == Deed::DriftFound);
    found.flat_map(|(_, entry)| &entry.changes).filter(|change| change.what == what).count()
}

async fn status(stage: &Stage, status: &str) {
    stage.put(&format!("accounts/{ACCOUNT}/status"), &json!({ "status": status })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_found_is_remembered_while_twilio_cannot_be_looked_at() {
    let stage = Stage::set(&[]).await;
    somebody_meddles(&stage).await;
    // Two who compare at the same moment find it once.
    let workspace = salon();
    let (first, too) = tokio::join!(setup(&stage).check(&workspace), setup(&stage).check(&workspace));
    let first = first.unwrap();
    assert_eq!((&first.differences, first.differences.len()), (&too.unwrap().differences, 2));

    let blind = async |problem: Problem| {
        stage.clock.by(MINUTE);
        let findings = setup(&stage).check(&salon()).await.unwrap();
        let now: Vec<_> = findings.problems.iter().map(|(problem, _)| problem.clone()).collect();
        assert_eq!((now, &findings.differences[..]), (vec![problem.clone()], &[][..]));
        assert_eq!(findings.unseen.differences, first.differences, "{problem:?}: what was known is known");
    };
    stage.faults(json!({ "rest_error": 1.0 })).await;
    blind(Problem::Unreachable).await;
    blind(Problem::Unreachable).await;
    let (text, code) = commands::twilio(setup(&stage), TwilioDeed::Verify, &salon(), false).await;
    assert!(code == 2 && text.contains("not seen now: application voice_url"), "{text}");
    stage.faults(json!({})).await;
    status(&stage, "suspended").await;
    blind(Problem::Suspended).await;
    status(&stage, "active").await;
    the_token_is(&stage, &salon(), "another").await;
    blind(Problem::TokenRefused).await;
    the_token_is(&stage, &salon(), TOKEN).await;

    stage.clock.by(MINUTE);
    let again = setup(&stage).check(&salon()).await.unwrap();
    assert_eq!(again.differences, first.differences, "each is as old as it is");
    assert!(again.unseen.differences.is_empty() && again.at > first.at);
    assert_eq!((found(&stage, "voice_url").await, found(&stage, &format!("{DESK} sms_url")).await), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_not_looked_after_any_more_is_not_remembered() {
    let stage = Stage::set(&[]).await;
    somebody_meddles(&stage).await;
    setup(&stage).check(&salon()).await.unwrap();
    stage.faults(json!({ "rest_error": 1.0 })).await;
    assert!(setup(&stage).forget_number(&salon(), DESK).await.is_err(), "it may be there, and ring here");
    // As somebody else has done a moment ago.
    setup(&stage).store.forget_number(&salon(), DESK).await.unwrap();
    let findings = setup(&stage).check(&salon()).await.unwrap();
    let known: Vec<_> = findings.known_differences().map(|one| &one.subject).collect();
    assert_eq!(known, [&Subject::Application]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_begins_without_what_was_found_in_the_last() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    let application = applications(&stage, OTHER_ACCOUNT).await[0]["sid"].as_str().unwrap().to_owned();
    let change = [("VoiceUrl", "https://elsewhere.example/")];
    behind_our_back(&stage, (OTHER_ACCOUNT, OTHER_TOKEN), &format!("Applications/{application}"), &change).await;
    assert_eq!(setup(&stage).check(&barber()).await.unwrap().differences.len(), 1);
    // The new account is good, but then nothing can be set up or looked at.
    let third = "ACba4be40000000000000000000000cafe";
    stage.put(&format!("accounts/{third}"), &json!({ "auth_token": "third" })).await;
    let hindered = hindered(&stage, |request| request.uri().path().contains("/Applications")).await;
    assert!(hindered.connect(&barber(), wish(third, "third", KeyWish::Make)).await.is_err());
    assert_eq!(setup(&stage).connection(&barber()).await.unwrap().account, third);
    stage.faults(json!({ "rest_error": 1.0 })).await;
    let findings = setup(&stage).check(&barber()).await.unwrap();
    assert_eq!(findings.known_differences().count(), 0, "{findings:?}");
}

fn bundle(digit: char) -> String {
    format!("BU{}", digit.to_string().repeat(32))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_repaired_is_accepted_as_it_was_seen() {
    let stage = Stage::set(&[]).await;
    let sid = number(&stage, DESK).await["sid"].as_str().unwrap().to_owned();
    let papers = async |bundle: &str| {
        behind_our_back(&stage, (ACCOUNT, TOKEN), &format!("IncomingPhoneNumbers/{sid}"), &[("BundleSid", bundle)])
            .await;
        let findings = setup(&stage).check(&salon()).await.unwrap();
        let [one] = &findings.differences[..] else { panic!("{findings:?}") };
        assert_eq!((&one.field[..], one.repairable, one.acceptable), ("bundle_sid", false, true));
    };
    let accept = async |field: &str, seen: &str| setup(&stage).accept(&salon(), DESK, field, seen).await.unwrap();
    papers(&bundle('1')).await;
    let (text, code) = commands::twilio(setup(&stage), TwilioDeed::Verify, &salon(), false).await;
    assert!(code == 1 && text.contains("accept it on the settings page"), "{text}");
    // Repairing does nothing about it.
    setup(&stage).configure(&salon()).await.unwrap();
    assert!(!setup(&stage).findings(&salon()).await.unwrap().unwrap().is_right());

    assert_eq!(accept("bundle_sid", &bundle('2')).await, None, "that is not what Twilio has");
    assert_eq!(accept("sms_url", "").await, None, "this is ours to say");
    let Difference { ours, theirs, .. } = accept("bundle_sid", &bundle('1')).await.unwrap();
    assert_eq!((ours, theirs), (String::new(), bundle('1')));
    assert!(setup(&stage).findings(&salon()).await.unwrap().unwrap().is_right());
    // Another change is another difference, and unset is a value as well.
    papers(&bundle('2')).await;
    papers("").await;
    accept("bundle_sid", "").await.unwrap();
    assert!(setup(&stage).check(&salon()).await.unwrap().is_right());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_finds_by_itself_what_is_changed_behind_our_back() {
    let stage = Stage::set(&[]).await;
    // What this comparison finds is told by its clock from what the server's own does.
    let tomorrow = Arc::new(Later::default());
    tomorrow.by(Duration::from_hours(24));
    let begin = tomorrow.now();
    let scheduled = Setup { clock: tomorrow, ..setup(&stage).clone() };
    let running = tokio::spawn(check::run(scheduled, Duration::from_millis(50)));
    let until = async |what: &str, is_so: &dyn Fn(&Findings) -> bool| {
        let waiting = async {
            loop {
                let findings = setup(&stage).findings(&salon()).await.unwrap();
                if findings.is_some_and(|findings| findings.at >= begin && is_so(&findings)) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, waiting).await.expect(what);
    };
    until("all is right", &Findings::is_right).await;
    somebody_meddles(&stage).await;
    until("it is found", &|findings| findings.differences.len() == 2).await;
    assert_eq!(found(&stage, "voice_url").await, 1, "and noted once");
    setup(&stage).configure(&salon()).await.unwrap();
    until("it is right again", &Findings::is_right).await;
    running.abort();
}

/// What stands between us and the carrier.
type Between = Arc<dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync>;

/// Sends a request to the carrier, and answers what it does.
pub async fn pass_on(http: &reqwest::Client, carrier: &str, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let request = http.request(parts.method, format!("{carrier}{}", parts.uri)).headers(parts.headers).body(body);
    let passed = request.send().await.unwrap();
    let (status, body) = (passed.status(), passed.bytes().await.unwrap());
    Response::builder().status(status).body(Body::from(body)).unwrap()
}

/// The product with something between it and its carrier.
pub async fn behind(stage: &Stage, between: Between) -> Setup {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sites = Sites::at(Some(&format!("http://{}", listener.local_addr().unwrap())));
    let answer = move |request: Request| between(request);
    tokio::spawn(async { axum::serve(listener, Router::new().fallback(answer)).await });
    Setup::new(stage.deps().store.clone(), stage.deps().clock.clone(), stage.vault(), sites, &stage.url(""))
}

/// The product at a carrier that has a bad day with some requests.
pub async fn hindered(stage: &Stage, refuses: fn(&Request) -> bool) -> Setup {
    let (http, carrier) = (stage.http.clone(), stage.carrier_url.clone());
    let between = move |request: Request| {
        let (http, carrier) = (http.clone(), carrier.clone());
        async move {
            if refuses(&request) {
                let body = Body::from(r#"{"code":20503,"message":"Not now"}"#);
                return Response::builder().status(StatusCode::SERVICE_UNAVAILABLE).body(body).unwrap();
            }
            pass_on(&http, &carrier, request).await
        }
        .boxed()
    };
    behind(stage, Arc::new(between)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_by_one_is_as_good_as_everything_at_once() {
    let stage = Stage::set(&[]).await;
    let moved = Setup { public_url: "https://moved.example".into(), ..setup(&stage).clone() };
    moved.configure(&salon()).await.unwrap();
    let findings = setup(&stage).check(&salon()).await.unwrap();
    assert!(matches!(&findings.problems[..], [(Problem::AddressChanged { .. }, _)]), "{findings:?}");
    for one in &findings.differences {
        let left = setup(&stage).findings(&salon()).await.unwrap().unwrap();
        assert!(!left.problems.is_empty(), "Twilio has not been told everything yet");
        setup(&stage).repair(&salon(), &one.subject, &one.field).await.unwrap();
    }
    assert!(setup(&stage).findings(&salon()).await.unwrap().unwrap().is_right());
    assert_eq!(setup(&stage).connection(&salon()).await.unwrap().base_url, stage.url(""));
    stage.call_in(MARIA).await;
}

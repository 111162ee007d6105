//! What is set up at Twilio is kept right: what is known outlasts an outage, what is right as it is can be accepted, and
//! keys and tokens that were replaced are worth nothing soon.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::json;
use server::{
    commands,
    config::TwilioDeed,
    twilio::{
        check,
        client::Credentials,
        other_token::OtherToken,
        setup::{KeyWish, OldKey, Setup},
        signature::SigningKey,
        sites::Sites,
    },
    vault::{Field, Secret},
};
use switchyard::{
    audit::{Actor, Deed},
    drift::{Difference, Findings, Problem, Subject},
    id::WorkspaceId,
    ports::{Clock, Connection},
};
use tokio::{net::TcpListener, time::timeout};

use super::{
    MARIA,
    office::{Later, PATIENCE},
    setup::{
        DESK, OTHER_ACCOUNT, OTHER_TOKEN, applications, barber, behind_our_back, number, problems, salon, setup,
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
    setup(&stage).forget_number(&salon(), DESK).await.unwrap();
    let findings = setup(&stage).findings(&salon()).await.unwrap().unwrap();
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

/// Whether an API key opens the account.
async fn opens(stage: &Stage, connection: &Connection) -> bool {
    let key = setup(stage).tenants.key(connection).unwrap().unwrap();
    let credentials = Credentials::key(&connection.account, &key.sid, key.secret);
    setup(stage).tenants.client(credentials).unwrap().knock().await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_ours_that_was_replaced_opens_nothing_and_one_of_theirs_is_left() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    let before = setup(&stage).connection(&barber()).await.unwrap();
    assert!(opens(&stage, &before).await);
    assert_eq!(setup(&stage).new_key(&barber()).await.unwrap(), OldKey::Gone);
    let after = setup(&stage).connection(&barber()).await.unwrap();
    assert!(!opens(&stage, &before).await && opens(&stage, &after).await);
    assert!(setup(&stage).check(&barber()).await.unwrap().is_right());

    // A key that somebody made in Twilio's console may be in use elsewhere.
    let owner = setup(&stage).tenants.owner(&after).unwrap();
    let theirs = owner.create_key("For the shop window").await.unwrap();
    let own = KeyWish::Own { sid: theirs.sid.clone(), secret: theirs.secret };
    setup(&stage).connect(&barber(), wish(OTHER_ACCOUNT, OTHER_TOKEN, own)).await.unwrap();
    let before = setup(&stage).connection(&barber()).await.unwrap();
    assert_eq!(setup(&stage).new_key(&barber()).await.unwrap(), OldKey::NotOurs(theirs.sid));
    assert!(opens(&stage, &before).await);

    // One that was revoked already is gone.
    let before = setup(&stage).connection(&barber()).await.unwrap();
    stage.delete(&format!("accounts/{OTHER_ACCOUNT}/keys/{}", before.key.unwrap())).await;
    assert_eq!(setup(&stage).new_key(&barber()).await.unwrap(), OldKey::Gone);
}

/// What Twilio does not do at the moment.
type Refuses = fn(&Request) -> bool;

/// The product at a carrier that has a bad day with some requests.
async fn hindered(stage: &Stage, refuses: Refuses) -> Setup {
    type Bad = (reqwest::Client, String, Refuses);
    async fn pass_on(State((http, carrier, refuses)): State<Bad>, request: Request) -> Response {
        let answer = |status: StatusCode, body: Body| Response::builder().status(status).body(body).unwrap();
        if refuses(&request) {
            return answer(StatusCode::SERVICE_UNAVAILABLE, Body::from(r#"{"code":20503,"message":"Not now"}"#));
        }
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let request = http.request(parts.method, format!("{carrier}{}", parts.uri)).headers(parts.headers).body(body);
        let passed = request.send().await.unwrap();
        answer(passed.status(), Body::from(passed.bytes().await.unwrap()))
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sites = Sites::at(Some(&format!("http://{}", listener.local_addr().unwrap())));
    let bad: Bad = (stage.http.clone(), stage.carrier_url.clone(), refuses);
    tokio::spawn(async { axum::serve(listener, Router::new().fallback(pass_on).with_state(bad)).await });
    Setup::new(stage.deps().store.clone(), stage.deps().clock.clone(), stage.vault(), sites, &stage.url(""))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_be_deleted_is_told_of_and_the_new_one_is_used() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    let before = setup(&stage).connection(&barber()).await.unwrap();
    let hindered = hindered(&stage, |request| request.method() == Method::DELETE).await;
    assert_eq!(hindered.new_key(&barber()).await.unwrap(), OldKey::Left(before.key.clone().unwrap()));
    let after = setup(&stage).connection(&barber()).await.unwrap();
    assert_ne!(after.key, before.key);
    assert!(opens(&stage, &after).await && opens(&stage, &before).await);
    assert!(setup(&stage).check(&barber()).await.unwrap().is_right());
}

/// Sends news of a call, signed with a token: whether it is believed.
async fn is_believed(stage: &Stage, token: &str) -> bool {
    let call = "CA00000000000000000000000000000001";
    let form = [("AccountSid", OTHER_ACCOUNT), ("CallSid", call), ("CallStatus", "ringing"), ("From", MARIA)];
    let answer = stage.webhook("/api/voice/status?workspace=barber", &form, Some(&SigningKey::new(token))).await;
    answer.status() == 204
}

/// The barber's auth token as it is kept.
async fn kept_token(stage: &Stage) -> String {
    let connection = setup(stage).connection(&barber()).await.unwrap();
    let token = setup(stage).tenants.vault.open(&barber(), Field::AuthToken, &connection.auth_token);
    token.unwrap().expose().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_before_is_believed_for_a_minute_and_no_longer() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    setup(&stage).rotate_token(&barber()).await.unwrap();
    let new = kept_token(&stage).await;
    stage.clock.by(Duration::from_secs(40));
    // Whatever else is changed meanwhile does not make it longer.
    setup(&stage).new_key(&barber()).await.unwrap();
    stage.clock.by(Duration::from_secs(15));
    assert!(is_believed(&stage, OTHER_TOKEN).await && is_believed(&stage, &new).await);
    stage.clock.by(Duration::from_secs(5));
    assert!(!is_believed(&stage, OTHER_TOKEN).await, "nobody had to compare anything for that");
    assert!(is_believed(&stage, &new).await);
    setup(&stage).check(&barber()).await.unwrap();
    assert_eq!(setup(&stage).connection(&barber()).await.unwrap().other_token, None, "it is not kept either");
    assert!(is_believed(&stage, &new).await);
}

/// The token is changed, up to where the process is killed.
async fn a_change_breaks_off(stage: &Stage, promoted: bool) -> Secret {
    let mut connection = setup(stage).connection(&barber()).await.unwrap();
    let tenants = &setup(stage).tenants;
    let owner = tenants.owner(&connection).unwrap();
    let next = owner.create_next_token().await.unwrap();
    let sealed = tenants.seal(&barber(), Field::OtherToken, &OtherToken::next(next.clone()).write());
    connection.other_token = Some(sealed.unwrap());
    connection.changed = stage.clock.now();
    setup(stage).store.put_connection(&connection).await.unwrap();
    tenants.renew(&barber()).await;
    if promoted {
        owner.promote_next_token().await.unwrap();
    }
    next
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_tokens_that_broke_off_is_brought_to_its_end() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    let next = a_change_breaks_off(&stage, true).await;
    // However long nobody looks, Twilio signs with it.
    stage.clock.by(MINUTE * 10);
    assert!(is_believed(&stage, next.expose()).await);
    assert_eq!(problems(&stage, &barber()).await, []);
    assert_eq!(kept_token(&stage).await, next.expose());
    assert!(is_believed(&stage, next.expose()).await && is_believed(&stage, OTHER_TOKEN).await);
    stage.clock.by(MINUTE);
    assert!(is_believed(&stage, next.expose()).await && !is_believed(&stage, OTHER_TOKEN).await);
    // And it can be changed again, though the next one breaks off too.
    let another = a_change_breaks_off(&stage, true).await;
    setup(&stage).rotate_token(&barber()).await.unwrap();
    assert_ne!(kept_token(&stage).await, another.expose());
    assert_eq!(problems(&stage, &barber()).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_tokens_that_broke_off_before_twilio_knew_changes_nothing() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    let next = a_change_breaks_off(&stage, false).await;
    stage.clock.by(MINUTE * 10);
    assert_eq!(problems(&stage, &barber()).await, []);
    assert_eq!(kept_token(&stage).await, OTHER_TOKEN);
    assert!(is_believed(&stage, OTHER_TOKEN).await);
    // It may be promoted in Twilio's console yet.
    assert!(is_believed(&stage, next.expose()).await);
    let connection = setup(&stage).connection(&barber()).await.unwrap();
    setup(&stage).tenants.owner(&connection).unwrap().promote_next_token().await.unwrap();
    assert_eq!(problems(&stage, &barber()).await, []);
    assert_eq!(kept_token(&stage).await, next.expose());
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

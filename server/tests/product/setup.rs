//! Setting a workspace up at Twilio, and keeping it right, on a real carrier.

use serde_json::{Value, json};
use server::{
    commands,
    config::TwilioDeed,
    demo::WORKSPACE,
    twilio::{
        setup::{KeyWish, Setup, SetupError, Wish},
        signature::SigningKey,
    },
    vault::Secret,
};
use switchyard::{
    drift::{Problem, Subject},
    id::WorkspaceId,
    people::Language,
    ports::Workspace,
};

use super::{
    MARIA,
    stage::{ACCOUNT, Stage, TOKEN},
};

pub const BOOKINGS: &str = "+40312345678";
pub const DESK: &str = "+40312345679";
/// Another company, and its account at the carrier.
const OTHER: &str = "barber";
pub const OTHER_ACCOUNT: &str = "ACba4be40000000000000000000000beef";
pub const OTHER_TOKEN: &str = "fedcba9876543210fedcba9876543210";
pub const OTHER_NUMBER: &str = "+40364400001";

pub fn salon() -> WorkspaceId {
    WORKSPACE.into()
}

pub fn barber() -> WorkspaceId {
    OTHER.into()
}

pub fn setup(stage: &Stage) -> &Setup {
    &stage.deps().setup
}

/// Credentials as somebody types them.
pub fn wish(account: &str, token: &str, key: KeyWish) -> Wish {
    Wish { account: account.into(), token: Secret::new(token), key, countries: "ro".into() }
}

/// A second company with an account and a number of its own, whose calls went elsewhere until now.
pub async fn a_barber_opens(stage: &Stage) {
    let workspace = Workspace {
        id: barber(),
        name: "Barber".into(),
        country: "RO".into(),
        language: Language::Ro,
        account: None,
        zone: None,
    };
    stage.deps().store.put_workspace(&workspace).await.unwrap();
    stage.put(&format!("accounts/{OTHER_ACCOUNT}"), &json!({ "auth_token": OTHER_TOKEN })).await;
    let number = json!({
        "account_sid": OTHER_ACCOUNT,
        "voice_url": "https://old.example/voice?x=1#rc=2",
        "voice_method": "GET",
        "status_callback": "https://old.example/status",
    });
    stage.put(&format!("numbers/{OTHER_NUMBER}"), &number).await;
}

pub async fn the_barber_is_connected(stage: &Stage) {
    a_barber_opens(stage).await;
    setup(stage).connect(&barber(), wish(OTHER_ACCOUNT, OTHER_TOKEN, KeyWish::Make)).await.unwrap();
    setup(stage).choose(&barber(), &[OTHER_NUMBER.into()]).await.unwrap();
}

/// A number as the carrier has it.
pub async fn number(stage: &Stage, e164: &str) -> Value {
    let truth = stage.truth().await.0;
    let mut numbers = truth["numbers"].as_array().unwrap().iter();
    numbers.find(|number| number["phone_number"] == e164).cloned().unwrap_or_default()
}

/// The applications of an account, as the carrier has them.
pub async fn applications(stage: &Stage, account: &str) -> Vec<Value> {
    let truth = stage.truth().await.0;
    let all = truth["applications"].as_array().unwrap().iter();
    all.filter(|application| application["account_sid"] == account).cloned().collect()
}

/// Somebody changes something at Twilio behind our back.
pub async fn behind_our_back(stage: &Stage, account: (&str, &str), path: &str, form: &[(&str, &str)]) {
    let url = format!("{}/2010-04-01/Accounts/{}/{path}.json", stage.carrier_url, account.0);
    let request = stage.http.post(url).basic_auth(account.0, Some(account.1)).form(form);
    request.send().await.unwrap().error_for_status().unwrap();
}

pub async fn problems(stage: &Stage, workspace: &WorkspaceId) -> Vec<Problem> {
    let findings = setup(stage).check(workspace).await.unwrap();
    findings.problems.into_iter().map(|(problem, _)| problem).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_enters_its_credentials_and_its_callers_arrive() {
    let stage = Stage::set(&[]).await;
    a_barber_opens(&stage).await;
    let before = number(&stage, OTHER_NUMBER).await;
    setup(&stage).connect(&barber(), wish(OTHER_ACCOUNT, OTHER_TOKEN, KeyWish::Make)).await.unwrap();
    assert_eq!(number(&stage, OTHER_NUMBER).await["voice_url"], before["voice_url"], "nothing changes unasked");

    setup(&stage).choose(&barber(), &[OTHER_NUMBER.into()]).await.unwrap();
    let [application] = &applications(&stage, OTHER_ACCOUNT).await[..] else { panic!("there is one application") };
    assert_eq!(application["voice_url"], stage.url("/api/voice/inbound?workspace=barber"));
    let pointed = number(&stage, OTHER_NUMBER).await;
    assert_eq!(pointed["voice_application_sid"], application["sid"]);
    assert_eq!(pointed["sms_url"], stage.url("/api/twilio/webhook?workspace=barber"));
    assert!(setup(&stage).check(&barber()).await.unwrap().is_right());

    let call = stage.dial_to(MARIA, OTHER_NUMBER).await;
    let floor = stage.deps().floor(&barber());
    let mut news = floor.subscribe();
    while !floor.snapshot().await.unwrap().calls.contains_key(&call) {
        news.recv().await.unwrap();
    }
    assert!(!stage.floor().await.calls.contains_key(&call), "and on no other floor");

    setup(&stage).restore(&barber()).await.unwrap();
    let mut after = number(&stage, OTHER_NUMBER).await;
    after["date_updated"] = before["date_updated"].clone();
    assert_eq!(after, before, "the number is as it was, to the letter");
    assert_eq!(setup(&stage).store.connected_numbers(&barber()).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn doing_it_again_makes_nothing_twice() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    let first = setup(&stage).connection(&barber()).await.unwrap();
    for _ in 0..2 {
        setup(&stage).connect(&barber(), wish(OTHER_ACCOUNT, OTHER_TOKEN, KeyWish::Make)).await.unwrap();
    }
    let again = setup(&stage).connection(&barber()).await.unwrap();
    assert_eq!((again.key, &again.application), (first.key, &first.application), "a key that works is kept");
    assert_eq!(applications(&stage, OTHER_ACCOUNT).await.len(), 1);
    // Also when we have forgotten which one it is: it is found by its name.
    let mut forgetful = setup(&stage).connection(&barber()).await.unwrap();
    forgetful.application = None;
    assert!(setup(&stage).store.put_connection(&forgetful, Some(forgetful.changed)).await.unwrap());
    setup(&stage).configure(&barber()).await.unwrap();
    assert_eq!(setup(&stage).connection(&barber()).await.unwrap().application, first.application);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_credentials_are_told_apart_and_nothing_is_kept() {
    let stage = Stage::set(&[]).await;
    a_barber_opens(&stage).await;
    let connect = async |account: &str, token: &str, key| {
        let result = setup(&stage).connect(&barber(), wish(account, token, key)).await;
        result.err().map(|error| error.word())
    };
    assert_eq!(connect("AC123", OTHER_TOKEN, KeyWish::Make).await, Some("sid"));
    assert_eq!(connect(OTHER_ACCOUNT, "wrong", KeyWish::Make).await, Some("credentials"));
    assert_eq!(connect(ACCOUNT, TOKEN, KeyWish::Make).await, Some("taken"));
    let key = KeyWish::Own { sid: format!("SK{}", "0".repeat(32)), secret: Secret::new("x") };
    assert_eq!(connect(OTHER_ACCOUNT, OTHER_TOKEN, key).await, Some("key-elsewhere"));
    let wish = Wish { countries: "Narnia".into(), ..wish(OTHER_ACCOUNT, OTHER_TOKEN, KeyWish::Keep) };
    assert!(matches!(setup(&stage).connect(&barber(), wish).await, Err(SetupError::UnknownCountry(_))));
    stage.put(&format!("accounts/{OTHER_ACCOUNT}/status"), &json!({ "status": "suspended" })).await;
    assert_eq!(connect(OTHER_ACCOUNT, OTHER_TOKEN, KeyWish::Make).await, Some("suspended"));
    assert_eq!(setup(&stage).store.connection(&barber()).await.unwrap(), None);
    assert!(stage.deps().tenants.of(&barber()).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_changed_behind_our_back_is_found_and_repaired() {
    let stage = Stage::set(&[]).await;
    assert!(setup(&stage).check(&salon()).await.unwrap().is_right());
    let application = applications(&stage, ACCOUNT).await[0]["sid"].as_str().unwrap().to_owned();
    let sid = number(&stage, DESK).await["sid"].as_str().unwrap().to_owned();
    let own = (ACCOUNT, TOKEN);
    let path = format!("Applications/{application}");
    let change = [("VoiceUrl", "https://evil.example/"), ("PublicApplicationConnectEnabled", "true")];
    behind_our_back(&stage, own, &path, &change).await;
    behind_our_back(&stage, own, &format!("IncomingPhoneNumbers/{sid}"), &[("VoiceApplicationSid", "")]).await;

    let findings = setup(&stage).check(&salon()).await.unwrap();
    let found = |subject: &Subject, field: &str| {
        let mut all = findings.differences.iter();
        let one = all.find(|one| one.subject == *subject && one.field == field);
        one.map(|one| (one.ours.clone(), one.theirs.clone()))
    };
    let (app, desk) = (Subject::Application, Subject::Number(DESK.into()));
    let voice = stage.url("/api/voice/inbound?workspace=salon");
    assert_eq!(findings.differences.len(), 3);
    assert_eq!(found(&app, "voice_url"), Some((voice, "https://evil.example/".into())));
    assert_eq!(found(&app, "public_application_connect_enabled"), Some(("false".into(), "true".into())));
    assert_eq!(found(&desk, "voice_application_sid"), Some((application.clone(), String::new())));

    setup(&stage).repair(&salon(), &desk, "voice_application_sid").await.unwrap();
    let left = setup(&stage).findings(&salon()).await.unwrap().unwrap();
    assert!(left.differences.len() == 2 && left.differences.iter().all(|one| one.subject == app));
    let first_seen = findings.differences[0].since;
    assert!(left.differences.iter().all(|one| one.since == first_seen), "what lasts is as old as it is");
    setup(&stage).configure(&salon()).await.unwrap();
    assert!(setup(&stage).check(&salon()).await.unwrap().is_right());
    stage.call_in(MARIA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_misfortune_has_its_name_and_its_way_back() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    let connection = setup(&stage).connection(&barber()).await.unwrap();
    let (key, own) = (connection.key.clone().unwrap(), (OTHER_ACCOUNT, OTHER_TOKEN));

    stage.delete(&format!("accounts/{OTHER_ACCOUNT}/keys/{key}")).await;
    assert_eq!(problems(&stage, &barber()).await, [Problem::KeyRevoked { key }]);
    setup(&stage).new_key(&barber()).await.unwrap();
    assert_eq!(problems(&stage, &barber()).await, []);

    stage.put(&format!("accounts/{OTHER_ACCOUNT}/status"), &json!({ "status": "suspended" })).await;
    assert_eq!(problems(&stage, &barber()).await, [Problem::Suspended]);
    stage.put(&format!("accounts/{OTHER_ACCOUNT}/status"), &json!({ "status": "active" })).await;

    let url = format!("{}/2010-04-01/Accounts/{OTHER_ACCOUNT}/Applications", stage.carrier_url);
    let gone = stage.http.delete(format!("{url}/{}.json", connection.application.clone().unwrap()));
    gone.basic_auth(own.0, Some(own.1)).send().await.unwrap().error_for_status().unwrap();
    assert_eq!(problems(&stage, &barber()).await, [Problem::ApplicationGone]);
    setup(&stage).configure(&barber()).await.unwrap();
    assert!(setup(&stage).check(&barber()).await.unwrap().is_right());
    assert_ne!(setup(&stage).connection(&barber()).await.unwrap().application, connection.application);

    stage.delete(&format!("numbers/{OTHER_NUMBER}")).await;
    assert_eq!(problems(&stage, &barber()).await, [Problem::NumberGone { number: OTHER_NUMBER.into() }]);
    setup(&stage).forget_number(&barber(), OTHER_NUMBER).await.unwrap();
    assert_eq!(problems(&stage, &barber()).await, []);

    // The same installation at another address.
    let moved = Setup { public_url: "https://moved.example".into(), ..setup(&stage).clone() };
    let findings = moved.check(&barber()).await.unwrap();
    let from = stage.url("");
    let changed = Problem::AddressChanged { from, to: "https://moved.example".into() };
    assert_eq!(findings.problems[0].0, changed);
    assert_eq!(findings.differences.len(), 4, "every address is another one");
    moved.configure(&barber()).await.unwrap();
    assert!(moved.check(&barber()).await.unwrap().is_right());
    setup(&stage).configure(&barber()).await.unwrap();

    stage.put(&format!("accounts/{OTHER_ACCOUNT}"), &json!({ "auth_token": "another" })).await;
    assert_eq!(problems(&stage, &barber()).await, [Problem::TokenRefused]);
    stage.faults(json!({ "rest_error": 1.0 })).await;
    assert_eq!(problems(&stage, &barber()).await, [Problem::Unreachable]);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_token_changes_no_webhook_is_turned_away() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    let call = "CA00000000000000000000000000000001";
    let webhook = async |key: &SigningKey| {
        let form = [("AccountSid", OTHER_ACCOUNT), ("CallSid", call), ("CallStatus", "ringing"), ("From", MARIA)];
        stage.webhook("/api/voice/status?workspace=barber", &form, Some(key)).await.status().as_u16()
    };
    let old = SigningKey::new(OTHER_TOKEN);
    assert_eq!(webhook(&old).await, 204);
    setup(&stage).rotate_token(&barber()).await.unwrap();
    let connection = setup(&stage).connection(&barber()).await.unwrap();
    let open = |field, sealed: &str| setup(&stage).tenants.vault.open(&barber(), field, sealed).unwrap();
    let new = open(server::vault::Field::AuthToken, &connection.auth_token);
    assert_ne!(new.expose(), OTHER_TOKEN);
    assert_eq!(webhook(&old).await, 204, "what was signed before it changed may still come");
    assert_eq!(webhook(&SigningKey::new(new.expose())).await, 204);
    assert_eq!(webhook(&SigningKey::new("neither")).await, 403);
    // The carrier itself signs with the new one, and callers arrive.
    let called = stage.dial_to(MARIA, OTHER_NUMBER).await;
    let floor = stage.deps().floor(&barber());
    let mut news = floor.subscribe();
    while !floor.snapshot().await.unwrap().calls.contains_key(&called) {
        news.recv().await.unwrap();
    }

    // Another process changes the token: we find it in the store.
    let elsewhere = Setup::new(
        stage.deps().store.clone(),
        stage.deps().clock.clone(),
        stage.vault(),
        setup(&stage).tenants.sites.clone(),
        &stage.url(""),
    );
    elsewhere.rotate_token(&barber()).await.unwrap();
    let connection = setup(&stage).connection(&barber()).await.unwrap();
    let newest = open(server::vault::Field::AuthToken, &connection.auth_token);
    assert_eq!(webhook(&SigningKey::new(newest.expose())).await, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_sealed_anew_under_a_new_key() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    let before = setup(&stage).connection(&barber()).await.unwrap();
    let vault = &setup(&stage).tenants.vault;
    let begun = vault.add_key().unwrap();
    assert_eq!(setup(&stage).reseal().await.unwrap(), 2);
    vault.drop_old_keys(begun).unwrap();
    let after = setup(&stage).connection(&barber()).await.unwrap();
    assert_ne!((&after.auth_token, &after.key_secret), (&before.auth_token, &before.key_secret));
    assert!(setup(&stage).check(&barber()).await.unwrap().is_right());
    assert!(setup(&stage).check(&salon()).await.unwrap().is_right());
}

#[tokio::test(flavor = "multi_thread")]
async fn scheduled_jobs_are_told_by_exit_codes() {
    let stage = Stage::set(&[]).await;
    let run = async |deed, workspace: &str| {
        let (text, code) = commands::twilio(setup(&stage), deed, &workspace.into(), true).await;
        (serde_json::from_str::<Value>(&text).unwrap(), code)
    };
    let (said, code) = run(TwilioDeed::Verify, WORKSPACE).await;
    assert_eq!((&said["right"], code), (&json!(true), 0));
    let desk = number(&stage, DESK).await["sid"].as_str().unwrap().to_owned();
    let path = format!("IncomingPhoneNumbers/{desk}");
    behind_our_back(&stage, (ACCOUNT, TOKEN), &path, &[("SmsUrl", "https://evil.example/")]).await;
    let (said, code) = run(TwilioDeed::Verify, WORKSPACE).await;
    assert_eq!((&said["findings"]["differences"][0]["theirs"], code), (&json!("https://evil.example/"), 1));
    assert_eq!(run(TwilioDeed::Configure, WORKSPACE).await.1, 0);
    assert_eq!(run(TwilioDeed::Restore, WORKSPACE).await.1, 0);
    assert_eq!(number(&stage, DESK).await["voice_application_sid"], "");
    let (said, code) = run(TwilioDeed::Verify, "nobody").await;
    assert_eq!((&said["error"], code), (&json!("not-connected"), 2));
    stage.faults(json!({ "rest_error": 1.0 })).await;
    assert_eq!(run(TwilioDeed::Verify, WORKSPACE).await.1, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_supervisors_set_up_and_the_application_is_configured_on_request() {
    let stage = Stage::set(&[]).await;
    let signed_in = async |agent: &str| {
        let request = stage.browser.post(stage.url("/sign-in/demo")).form(&[("agent", agent)]);
        let answer = request.send().await.unwrap();
        answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
    };
    let post = async |path: &str, cookie: &str| {
        let nothing: [(&str, &str); 0] = [];
        stage.browser.post(stage.url(path)).header("cookie", cookie).form(&nothing).send().await.unwrap()
    };
    let (ana, cristina) = (signed_in("ana").await, signed_in("cristina").await);
    let paths = ["accept", "check", "forget", "key", "numbers", "repair", "restore", "token"];
    let forms = paths.map(|path| format!("/settings/twilio/{path}"));
    for path in forms.iter().map(String::as_str).chain(["/settings/twilio", "/api/configure-twiml-app"]) {
        assert_eq!(post(path, &ana).await.status(), 403, "{path}");
        assert!(matches!(post(path, "").await.status().as_u16(), 303 | 401), "{path}");
    }
    let before = number(&stage, BOOKINGS).await;
    let answer = post("/api/configure-twiml-app", &cristina).await;
    assert_eq!(answer.status(), 200);
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["application"], before["voice_application_sid"]);
    assert_eq!(answer["numbers"], json!([BOOKINGS, DESK]));
    assert_eq!(answer["findings"]["differences"], json!([]));
    let checked = post("/settings/twilio/check", &cristina).await;
    assert_eq!(checked.headers()["location"], "/settings/twilio?done=checked");
}

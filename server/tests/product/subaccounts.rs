//! Companies that are connected with subaccounts: each has what is its own, and the account that they belong to can stop
//! and close them.

use reqwest::Method;
use serde_json::{Value, json};
use server::{
    commands,
    config::TwilioDeed,
    demo::WORKSPACE,
    twilio::{
        setup::{KeyWish, SetupError, Wish},
        signature::SigningKey,
    },
    vault::Secret,
};
use switchyard::{
    drift::Problem,
    id::{CallId, WorkspaceId},
    people::Language,
    ports::Workspace,
};

use super::{MARIA, stage::Stage};

/// Whoever has the companies for customers, and their account at the carrier.
const PARENT: &str = "ACfadefadefadefadefadefadefadefade";
const PARENT_TOKEN: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const FLORIST: &str = "+40364400001";
const BAKER: &str = "+40364400002";

/// A company with a subaccount.
struct Company {
    workspace: WorkspaceId,
    account: String,
    token: String,
}

/// Asks the carrier as somebody does who has these credentials.
async fn rest(stage: &Stage, by: (&str, &str), method: Method, path: &str, form: &[(&str, &str)]) -> Value {
    let request = stage.http.request(method, format!("{}{path}", stage.carrier_url)).basic_auth(by.0, Some(by.1));
    request.form(form).send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
}

/// What the parent does with a company's account.
async fn parent_sets(stage: &Stage, company: &Company, status: &str) {
    let path = format!("/2010-04-01/Accounts/{}.json", company.account);
    rest(stage, (PARENT, PARENT_TOKEN), Method::POST, &path, &[("Status", status)]).await;
}

/// A company with a subaccount and a number, whose calls went elsewhere until now.
async fn opens(stage: &Stage, name: &str, number: &str) -> Company {
    let workspace = Workspace {
        id: name.into(),
        name: name.into(),
        country: "RO".into(),
        language: Language::Ro,
        account: None,
        zone: None,
    };
    stage.deps().store.put_workspace(&workspace).await.unwrap();
    let parent = (PARENT, PARENT_TOKEN);
    let made = rest(stage, parent, Method::POST, "/2010-04-01/Accounts.json", &[("FriendlyName", name)]).await;
    let text = |key: &str| made[key].as_str().unwrap().to_owned();
    let company = Company { workspace: workspace.id, account: text("sid"), token: text("auth_token") };
    let body = json!({ "account_sid": company.account, "voice_url": "https://old.example/voice" });
    stage.put(&format!("numbers/{number}"), &body).await;
    company
}

/// A stage on which there is a parent.
async fn set() -> Stage {
    let stage = Stage::set(&[]).await;
    stage.put(&format!("accounts/{PARENT}"), &json!({ "auth_token": PARENT_TOKEN })).await;
    stage
}

async fn connects(stage: &Stage, company: &Company, key: KeyWish) -> Result<(), SetupError> {
    let token = Secret::new(company.token.clone());
    let wish = Wish { account: company.account.clone(), token, key, countries: "ro".into() };
    stage.deps().setup.connect(&company.workspace, wish).await.map(drop)
}

/// A company that is connected, and whose number rings here.
async fn connected(stage: &Stage, name: &str, number: &str) -> Company {
    let company = opens(stage, name, number).await;
    connects(stage, &company, KeyWish::Make).await.unwrap();
    stage.deps().setup.choose(&company.workspace, &[number.into()]).await.unwrap();
    company
}

/// Somebody calls a number and is on the company's floor.
async fn rings(stage: &Stage, company: &Company, number: &str) -> CallId {
    let floor = stage.deps().floor(&company.workspace);
    let mut news = floor.subscribe();
    let call = stage.dial_to(MARIA, number).await;
    while !floor.snapshot().await.unwrap().calls.contains_key(&call) {
        news.recv().await.unwrap();
    }
    call
}

async fn problems(stage: &Stage, company: &Company) -> Vec<Problem> {
    let findings = stage.deps().setup.check(&company.workspace).await.unwrap();
    findings.problems.into_iter().map(|(problem, _)| problem).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_with_a_subaccount_is_suspended_and_works_again() {
    let stage = set().await;
    let florist = connected(&stage, "florist", FLORIST).await;
    rings(&stage, &florist, FLORIST).await;
    assert_eq!(problems(&stage, &florist).await, []);
    let connection = stage.deps().setup.connection(&florist.workspace).await.unwrap();
    let truth = stage.truth().await.0;
    let mut accounts = truth["accounts"].as_array().unwrap().iter();
    let account = accounts.find(|one| one["sid"] == florist.account.as_str()).unwrap();
    assert_eq!((&account["owner"], &account["keys"]), (&json!(PARENT), &json!([connection.key])), "its key is its own");

    parent_sets(&stage, &florist, "suspended").await;
    assert_eq!(problems(&stage, &florist).await, [Problem::Suspended]);
    let verified = commands::twilio(&stage.deps().setup, TwilioDeed::Verify, &florist.workspace, false).await;
    assert!(verified.0.contains("the account is suspended") && verified.1 == 1, "{}", verified.0);
    let refused = connects(&stage, &florist, KeyWish::Keep).await;
    assert!(matches!(refused, Err(SetupError::Suspended)), "{refused:?}");
    let unheard = stage.dial_to(MARIA, FLORIST).await;
    assert_eq!(stage.truth().await.0["calls"].as_array().unwrap().last().unwrap()["status"], "failed");

    parent_sets(&stage, &florist, "active").await;
    assert!(stage.deps().setup.check(&florist.workspace).await.unwrap().is_right());
    rings(&stage, &florist, FLORIST).await;
    let floor = stage.deps().floor(&florist.workspace).snapshot().await.unwrap();
    assert!(!floor.calls.contains_key(&unheard));

    stage.put(&format!("accounts/{PARENT}/status"), &json!({ "status": "suspended" })).await;
    assert_eq!(problems(&stage, &florist).await, [Problem::Suspended], "with its parent too");
    stage.put(&format!("accounts/{PARENT}/status"), &json!({ "status": "active" })).await;
    parent_sets(&stage, &florist, "closed").await;
    assert_eq!(problems(&stage, &florist).await, [Problem::Closed]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_companies_with_subaccounts_of_one_parent_do_not_meet() {
    let stage = set().await;
    let florist = connected(&stage, "florist", FLORIST).await;
    let baker = connected(&stage, "baker", BAKER).await;
    let taken =
        Company { workspace: baker.workspace.clone(), account: florist.account.clone(), token: florist.token.clone() };
    assert!(matches!(connects(&stage, &taken, KeyWish::Make).await, Err(SetupError::AccountTaken)));

    let (flowers, bread) = (rings(&stage, &florist, FLORIST).await, rings(&stage, &baker, BAKER).await);
    for (company, own, other) in [(&florist, &flowers, &bread), (&baker, &bread, &flowers)] {
        let floor = stage.deps().floor(&company.workspace).snapshot().await.unwrap();
        assert!(floor.calls.contains_key(own) && !floor.calls.contains_key(other));
        let tenant = stage.deps().tenants.of(&company.workspace).await.unwrap();
        assert_eq!(tenant.client.call(own.as_str()).await.unwrap().sid, own.as_str());
        assert!(tenant.client.call(other.as_str()).await.unwrap_err().is_gone(), "what is another's is not there");
    }
    // Neither the other's token signs for a company, nor the parent's, not even with the company's account in it.
    let webhook = async |company: &Company, token: &str| {
        let form = [("AccountSid", company.account.as_str()), ("CallSid", flowers.as_str()), ("CallStatus", "ringing")];
        let path = format!("/api/voice/status?workspace={}", company.workspace);
        stage.webhook(&path, &form, Some(&SigningKey::new(token))).await.status().as_u16()
    };
    assert_eq!(webhook(&florist, &florist.token).await, 204);
    assert_eq!(webhook(&florist, &baker.token).await, 403);
    assert_eq!(webhook(&florist, PARENT_TOKEN).await, 403);

    parent_sets(&stage, &florist, "suspended").await;
    assert_eq!(problems(&stage, &florist).await, [Problem::Suspended]);
    assert_eq!(problems(&stage, &baker).await, [], "the other goes on");
    rings(&stage, &baker, BAKER).await;
    assert!(stage.deps().setup.check(&WORKSPACE.into()).await.unwrap().is_right());
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_cannot_sign_are_told_apart_before_they_are_kept() {
    let stage = set().await;
    let florist = opens(&stage, "florist", FLORIST).await;
    let baker = opens(&stage, "baker", BAKER).await;
    let key = async |by: (&str, &str), path: &str, form: &[(&str, &str)]| {
        let made = rest(&stage, by, Method::POST, path, form).await;
        (made["sid"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
    };
    let own = (florist.account.as_str(), florist.token.as_str());
    let parent = (PARENT, PARENT_TOKEN);
    // A request that lists numbers is all that the key would be tried with.
    let policy = r#"{"allow":["/twilio/phone-numbers/active-numbers/list"]}"#;
    let form = [("AccountSid", own.0), ("KeyType", "restricted"), ("Policy", policy)];
    let restricted = key(own, "/v1/Keys", &form).await;
    let parents = key(parent, &format!("/2010-04-01/Accounts/{PARENT}/Keys.json"), &[]).await;
    let bakers = key(parent, &format!("/2010-04-01/Accounts/{}/Keys.json", baker.account), &[]).await;
    let standard = key(own, &format!("/2010-04-01/Accounts/{}/Keys.json", own.0), &[]).await;

    let connect = async |(sid, secret): (String, String)| {
        let result = connects(&stage, &florist, KeyWish::Own { sid, secret: Secret::new(secret) }).await;
        result.err().map(|error| error.word())
    };
    assert_eq!(connect(restricted).await, Some("key-restricted"));
    assert_eq!(connect(parents).await, Some("key-elsewhere"));
    assert_eq!(connect(bakers).await, Some("key-elsewhere"));
    assert_eq!(connect((standard.0.clone(), "wrong".to_owned())).await, Some("key"));
    assert_eq!(connect(("SK/../../x".to_owned(), "x".to_owned())).await, Some("key"));
    assert_eq!(stage.deps().store.connection(&florist.workspace).await.unwrap(), None);
    assert_eq!(connect(standard.clone()).await, None);
    let connection = stage.deps().setup.connection(&florist.workspace).await.unwrap();
    assert_eq!(connection.key, Some(standard.0));
}

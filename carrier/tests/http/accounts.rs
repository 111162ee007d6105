//! Accounts that belong to others, and keys of every kind: who is let in where.

use serde_json::{Value, json};

use crate::{
    possessions::{code, text},
    schema::check,
    sdk::{Sdk, token_of},
    world::*,
};

const OWN: (&str, &str) = (ACCOUNT, TOKEN);
const ACCOUNTS: &str = "/2010-04-01/Accounts.json";
const MAIN: &str = "SK000000000000000000000000000000aa";
const MAIN_SECRET: &str = "the secret of the main key";
const NOBODY: &str = "AC000000000000000000000000000000ff";

fn at(account: &str, path: &str) -> String {
    format!("/2010-04-01/Accounts/{account}{path}.json")
}

/// A subaccount: its SID and its token.
async fn subaccount(world: &World, name: &str) -> (String, String) {
    let (status, made) = world.rest_as(OWN, "POST", ACCOUNTS, &[("FriendlyName", name)]).await;
    assert_eq!(status, 201, "{made}");
    check("/2010-04-01/Accounts.json", "post", 201, &made);
    (text(&made, "sid").to_owned(), text(&made, "auth_token").to_owned())
}

async fn set_status(world: &World, by: (&str, &str), account: &str, status: &str) -> (u16, Value) {
    world.rest_as(by, "POST", &at(account, ""), &[("Status", status)]).await
}

/// A restricted key of the account: its SID and its secret.
async fn restricted(world: &World, allow: &[&str]) -> (String, String) {
    let policy = json!({ "allow": allow }).to_string();
    let form = [("AccountSid", ACCOUNT), ("KeyType", "restricted"), ("Policy", &policy)];
    let (status, made) = world.rest_as(OWN, "POST", "/v1/Keys", &form).await;
    assert_eq!((status, &made["policy"]["allow"]), (201, &json!(allow)), "{made}");
    (text(&made, "sid").to_owned(), text(&made, "secret").to_owned())
}

async fn main_key(world: &World) {
    let key = json!({ "secret": MAIN_SECRET, "kind": "main" });
    world.control("PUT", &format!("/carrier/accounts/{ACCOUNT}/keys/{MAIN}"), &key).await;
}

/// What is answered to a token: the type of the message, and the code of an error.
async fn listening(world: &World, token: &str) -> (String, u64) {
    let mut sdk = Sdk::connect(&world.base).await;
    sdk.say("listen", &json!({ "token": token, "browserinfo": {}, "reconnectTimeout": 0 })).await;
    let (kind, payload) = sdk.next().await;
    (kind, payload["error"]["code"].as_u64().unwrap_or_default())
}

/// Somebody calls a number; the webhook that asks about it, or nothing if the call failed at once.
async fn asked_about(world: &World, number: &str) -> Option<Hook> {
    let call = world.control("POST", "/carrier/calls", &json!({ "from": CALLER, "to": number })).await;
    let sid = text(&call, "sid").to_owned();
    let truth = world.truth().await;
    let calls = truth["calls"].as_array().expect("a list");
    if calls.iter().any(|call| call["sid"] == sid.as_str() && call["status"] == "failed") {
        return None;
    }
    Some(world.hook("the voice webhook", |hook| hook.path == "/sub" && hook.get("CallSid") == sid).await)
}

/// A number of an account, whose calls are asked about at `/sub`; gives its path.
async fn number_of(world: &World, account: &str, number: &str) -> String {
    let body = json!({ "account_sid": account, "voice_url": world.url("/sub") });
    let put = world.control("PUT", &format!("/carrier/numbers/{number}"), &body).await;
    at(account, &format!("/IncomingPhoneNumbers/{}", text(&put, "sid")))
}

#[tokio::test]
async fn an_account_makes_others_and_lists_them_with_itself() {
    let world = World::new().await;
    let (acme, acme_token) = subaccount(&world, "Acme").await;
    let (barber, _) = subaccount(&world, "Barber").await;
    let (_, nameless) = world.rest_as(OWN, "POST", ACCOUNTS, &[]).await;
    assert!(text(&nameless, "friendly_name").starts_with("SubAccount Created at 20"), "{nameless}");
    let listed = async |by: (&str, &str), query: &[(&str, &str)]| {
        let (status, page) = world.rest_as(by, "GET", ACCOUNTS, query).await;
        assert_eq!(status, 200, "{page}");
        check("/2010-04-01/Accounts.json", "get", 200, &page);
        let all = page["accounts"].as_array().expect("a list").iter().map(|one| text(one, "sid").to_owned());
        (all.collect::<Vec<_>>(), text(&page, "next_page_uri").to_owned())
    };
    let (all, _) = listed(OWN, &[]).await;
    assert!(all.len() == 4 && [ACCOUNT, &acme, &barber].iter().all(|one| all.iter().any(|sid| sid == one)), "{all:?}");
    assert_eq!(listed(OWN, &[("FriendlyName", "Acme")]).await.0, [acme.as_str()]);
    set_status(&world, OWN, &barber, "suspended").await;
    assert_eq!(listed(OWN, &[("Status", "suspended")]).await.0, [barber.as_str()]);
    let (first, next) = listed(OWN, &[("PageSize", "3")]).await;
    let (_, rest) = world.rest_as(OWN, "GET", &next, &[]).await;
    assert_eq!((first.as_slice(), text(&rest["accounts"][0], "sid")), (&all[..3], all[3].as_str()));

    let sub = (acme.as_str(), acme_token.as_str());
    assert_eq!(listed(sub, &[]).await.0, [acme.as_str()], "a subaccount knows of itself only");
    assert_eq!(code(&world.rest_as(sub, "POST", ACCOUNTS, &[]).await), (400, 21101));
    let (_, read) = world.rest_as(sub, "GET", &at(&acme, ""), &[]).await;
    check("/2010-04-01/Accounts/{Sid}.json", "get", 200, &read);
    assert_eq!((text(&read, "owner_account_sid"), text(&read, "status")), (ACCOUNT, "active"));
    let (_, read) = world.rest_as(OWN, "GET", &at(ACCOUNT, ""), &[]).await;
    assert_eq!(text(&read, "owner_account_sid"), ACCOUNT);
    let (status, renamed) = world.rest_as(OWN, "POST", &at(&acme, ""), &[("FriendlyName", "Acme SRL")]).await;
    check("/2010-04-01/Accounts/{Sid}.json", "post", 200, &renamed);
    assert_eq!((status, text(&renamed, "friendly_name")), (200, "Acme SRL"));
    assert_eq!(world.rest_as(OWN, "POST", &at(&acme, ""), &[("FriendlyName", &"a".repeat(65))]).await.0, 400);
}

#[tokio::test]
async fn an_owner_acts_for_its_accounts_and_never_the_reverse() {
    let world = World::new().await;
    let (acme, acme_token) = subaccount(&world, "Acme").await;
    let (barber, barber_token) = subaccount(&world, "Barber").await;
    let path = number_of(&world, &acme, "+40364400001").await;
    let (sub, sibling) = ((acme.as_str(), acme_token.as_str()), (barber.as_str(), barber_token.as_str()));
    for by in [OWN, sub] {
        assert_eq!(world.rest_as(by, "GET", &path, &[]).await.0, 200, "{by:?}");
        assert_eq!(world.rest_as(by, "GET", &at(&acme, "/Calls"), &[]).await.0, 200, "{by:?}");
        assert_eq!(world.rest_as(by, "GET", &at(&acme, "/Keys"), &[]).await.0, 200, "{by:?}");
    }
    for (by, path) in [(sub, at(ACCOUNT, "/Calls")), (sub, at(ACCOUNT, "")), (sibling, path), (sibling, at(&acme, ""))]
    {
        assert_eq!(code(&world.rest_as(by, "GET", &path, &[]).await), (401, 20003), "{path}");
    }
    // What is asked for among one's own, and is another's, is not there.
    let (_, page) = world.rest_as(sibling, "GET", &at(&barber, "/IncomingPhoneNumbers"), &[]).await;
    assert_eq!(page["incoming_phone_numbers"], json!([]));
    // The newer APIs are about the account of the credentials.
    let (_, next) = world.rest_as(sub, "POST", "/v1/AuthTokens/Secondary", &[]).await;
    assert_eq!(text(&next, "account_sid"), acme);
    let by_owner = world.rest_as(OWN, "GET", "/v1/Keys", &[("AccountSid", &acme)]).await;
    assert_eq!(code(&by_owner), (401, 20003));
}

#[tokio::test]
async fn a_subaccounts_webhooks_are_signed_with_its_own_token_and_its_tokens_with_its_own_keys() {
    let world = World::new().await;
    let (acme, acme_token) = subaccount(&world, "Acme").await;
    number_of(&world, &acme, "+40364400001").await;
    let hook = asked_about(&world, "+40364400001").await.expect("a webhook");
    assert_eq!(hook.get("AccountSid"), acme);
    let signed = |token| carrier::signature::sign(token, &world.url("/sub"), &hook.form);
    assert_eq!(hook.header("x-twilio-signature"), signed(&acme_token));
    assert_ne!(hook.header("x-twilio-signature"), signed(TOKEN));

    let (_, made) = world.rest_as(OWN, "POST", &at(&acme, "/Keys"), &[]).await;
    assert!(made["friendly_name"].is_null(), "a key has no name of its own");
    let key = (text(&made, "sid"), text(&made, "secret"));
    assert_eq!(listening(&world, &token_of(&acme, key, "ana")).await.0, "connected");
    assert_eq!(listening(&world, &token_of(ACCOUNT, key, "ana")).await, ("error".to_owned(), 31202));
    assert_eq!(listening(&world, &token_of(&acme, (KEY, SECRET), "ana")).await, ("error".to_owned(), 31202));
    assert_eq!(world.rest_as(key, "GET", &at(&acme, "/Calls"), &[]).await.0, 200);
    assert_eq!(code(&world.rest_as(key, "GET", &at(ACCOUNT, "/Calls"), &[]).await), (401, 20003));
}

#[tokio::test]
async fn a_suspended_subaccount_stands_still_until_its_owner_lets_it_work_again() {
    let world = World::new().await;
    let (acme, acme_token) = subaccount(&world, "Acme").await;
    let sub = (acme.as_str(), acme_token.as_str());
    number_of(&world, &acme, "+40364400001").await;
    world.twiml("/sub", "<Say>Hello</Say><Redirect>/talks</Redirect>");
    world.twiml("/talks", r#"<Pause length="600"/>"#);
    asked_about(&world, "+40364400001").await.expect("a webhook");
    let talks = world.hook("the second document", |hook| hook.path == "/talks").await;
    let talking = talks.get("CallSid");
    assert_eq!(code(&set_status(&world, sub, &acme, "suspended").await), (401, 20003), "only its owner may");
    assert_eq!(code(&set_status(&world, OWN, ACCOUNT, "suspended").await), (400, 21477), "and not itself");
    assert_eq!(code(&set_status(&world, OWN, &acme, "asleep").await), (400, 21475));
    let (status, read) = set_status(&world, OWN, &acme, "suspended").await;
    assert_eq!((status, text(&read, "status")), (200, "suspended"));

    let (_, read) = world.rest_as(sub, "GET", &at(&acme, ""), &[]).await;
    assert_eq!(text(&read, "status"), "suspended", "it can say so of itself");
    for path in ["/Calls", "/IncomingPhoneNumbers", "/Keys"] {
        assert_eq!(code(&world.rest_as(sub, "GET", &at(&acme, path), &[]).await), (403, 20005), "{path}");
        assert_eq!(world.rest_as(OWN, "GET", &at(&acme, path), &[]).await.0, 200, "{path}");
    }
    let form = [("From", "+40364400001"), ("To", CALLER), ("Twiml", "<Response/>")];
    assert_eq!(code(&world.rest_as(OWN, "POST", &at(&acme, "/Calls"), &form).await), (403, 20005));
    assert!(asked_about(&world, "+40364400001").await.is_none(), "calls are not delivered");
    let notices = world.control("GET", "/carrier/notifications?limit=1", &Value::Null).await;
    assert_eq!((&notices[0]["code"], &notices[0]["account"]), (&json!(10003), &json!(acme)));
    // Whoever talked goes on talking, until the owner ends it.
    let call = at(&acme, &format!("/Calls/{talking}"));
    let (_, read) = world.rest_as(OWN, "GET", &call, &[]).await;
    assert_eq!(text(&read, "status"), "in-progress");
    assert_eq!(world.rest_as(OWN, "POST", &call, &[("Status", "completed")]).await.0, 200);

    set_status(&world, OWN, &acme, "active").await;
    assert_eq!(world.rest_as(sub, "GET", &at(&acme, "/Calls"), &[]).await.0, 200);
    assert!(asked_about(&world, "+40364400001").await.is_some());
}

#[tokio::test]
async fn subaccounts_stand_still_with_their_owner_and_closed_ones_are_closed_for_good() {
    let world = World::new().await;
    let (acme, acme_token) = subaccount(&world, "Acme").await;
    let sub = (acme.as_str(), acme_token.as_str());
    number_of(&world, &acme, "+40364400001").await;
    let of_owner = format!("/carrier/accounts/{ACCOUNT}/status");
    world.control("PUT", &of_owner, &json!({ "status": "suspended" })).await;
    let (_, read) = world.rest_as(sub, "GET", &at(&acme, ""), &[]).await;
    assert_eq!(text(&read, "status"), "suspended");
    assert_eq!(code(&world.rest_as(sub, "GET", &at(&acme, "/Calls"), &[]).await), (403, 20005));
    assert_eq!(code(&world.rest_as(OWN, "GET", &at(&acme, "/Calls"), &[]).await), (403, 20005));
    assert_eq!(code(&world.rest_as(OWN, "POST", ACCOUNTS, &[]).await), (403, 20005));
    assert_eq!(code(&set_status(&world, OWN, &acme, "active").await), (400, 21476));
    assert!(asked_about(&world, "+40364400001").await.is_none());
    world.control("PUT", &of_owner, &json!({ "status": "active" })).await;
    assert!(asked_about(&world, "+40364400001").await.is_some());

    assert_eq!(set_status(&world, OWN, &acme, "closed").await.0, 200);
    assert_eq!(code(&set_status(&world, OWN, &acme, "active").await), (400, 21479));
    let (_, page) = world.rest_as(OWN, "GET", &at(&acme, "/IncomingPhoneNumbers"), &[]).await;
    assert_eq!(page["incoming_phone_numbers"], json!([]), "its numbers are released");
    let (_, page) = world.rest_as(OWN, "GET", ACCOUNTS, &[("Status", "closed")]).await;
    assert_eq!(text(&page["accounts"][0], "sid"), acme, "it is still listed");
}

#[tokio::test]
async fn an_owner_moves_numbers_within_the_family() {
    let world = World::new().await;
    let (acme, acme_token) = subaccount(&world, "Acme").await;
    let (barber, _) = subaccount(&world, "Barber").await;
    world.control("PUT", &format!("/carrier/accounts/{NOBODY}"), &json!({ "auth_token": "another" })).await;
    let path = number_of(&world, &acme, "+40364400001").await;
    let give = async |by: (&str, &str), to: &str| world.rest_as(by, "POST", &path, &[("AccountSid", to)]).await;
    assert_eq!(code(&give((&acme, &acme_token), &barber).await), (400, 21474));
    assert_eq!(code(&give(OWN, "AC000000000000000000000000000000fe").await), (400, 21471));
    assert_eq!(code(&give(OWN, NOBODY).await), (400, 21473));
    set_status(&world, OWN, &barber, "suspended").await;
    assert_eq!(code(&give(OWN, &barber).await), (400, 21472));
    set_status(&world, OWN, &barber, "active").await;
    let (status, moved) = give(OWN, &barber).await;
    assert_eq!((status, text(&moved, "account_sid")), (200, barber.as_str()), "{moved}");
    assert_eq!(code(&world.rest_as(OWN, "GET", &path, &[]).await), (404, 20404));
    let hook = asked_about(&world, "+40364400001").await.expect("a webhook");
    assert_eq!(hook.get("AccountSid"), barber);
}

#[tokio::test]
async fn a_main_key_manages_accounts_and_keys_and_opens_nothing_else_of_subaccounts() {
    let world = World::new().await;
    main_key(&world).await;
    let (acme, _) = subaccount(&world, "Acme").await;
    let main = (MAIN, MAIN_SECRET);
    for (method, path) in [
        ("GET", ACCOUNTS.to_owned()),
        ("GET", at(ACCOUNT, "")),
        ("GET", at(ACCOUNT, "/Keys")),
        ("GET", at(ACCOUNT, "/Calls")),
        ("GET", at(&acme, "")),
    ] {
        assert_eq!(world.rest_as(main, method, &path, &[]).await.0, 200, "{path}");
        if !path.ends_with("/Calls.json") {
            assert_eq!(code(&world.rest_as((KEY, SECRET), method, &path, &[]).await), (401, 20003), "{path}");
        }
    }
    assert_eq!(set_status(&world, main, &acme, "suspended").await.0, 200);
    assert_eq!(set_status(&world, main, &acme, "active").await.0, 200);
    assert_eq!(world.rest_as(main, "POST", ACCOUNTS, &[]).await.0, 201);
    for path in ["/Calls", "/Keys"] {
        assert_eq!(code(&world.rest_as(main, "GET", &at(&acme, path), &[]).await), (401, 20003), "{path}");
    }
    assert_eq!(listening(&world, &token_of(ACCOUNT, main, "ana")).await.0, "connected");
}

#[tokio::test]
async fn a_restricted_key_opens_what_its_policy_allows_and_signs_no_tokens() {
    let world = World::new().await;
    let made = restricted(&world, &["/twilio/phone-numbers/active-numbers/list"]).await;
    let key = (made.0.as_str(), made.1.as_str());
    assert_eq!(world.rest_as(key, "GET", &at(ACCOUNT, "/IncomingPhoneNumbers"), &[]).await.0, 200);
    let (status, refused) = world.rest_as(key, "GET", &at(ACCOUNT, "/Calls"), &[]).await;
    assert_eq!((status, &refused["code"]), (401, &json!(70051)));
    assert!(text(&refused, "message").contains("twilio/voice/calls/list"), "{refused}");
    assert_eq!(code(&world.rest_as(key, "GET", &at(ACCOUNT, "/Keys"), &[]).await), (401, 70051));
    assert_eq!(listening(&world, &token_of(ACCOUNT, key, "ana")).await, ("error".to_owned(), 20160));
    assert_eq!(listening(&world, &token_of(ACCOUNT, (key.0, "wrong"), "ana")).await, ("error".to_owned(), 31202));
    assert_eq!(listening(&world, &token_of(ACCOUNT, (KEY, SECRET), "ana")).await.0, "connected");

    // The newer API tells the kinds apart, the older one does not.
    let (_, read) = world.rest_as(OWN, "GET", &format!("/v1/Keys/{}", key.0), &[]).await;
    assert_eq!(read["policy"]["allow"], json!(["/twilio/phone-numbers/active-numbers/list"]));
    let (_, read) = world.rest_as(OWN, "GET", &format!("/v1/Keys/{KEY}"), &[]).await;
    assert!(read["policy"].is_null() && read["sid"] == KEY);
    let (_, read) = world.rest_as(OWN, "GET", &at(ACCOUNT, &format!("/Keys/{}", key.0)), &[]).await;
    check("/Keys/{Sid}.json", "get", 200, &read);
    let policy = json!({ "allow": ["/twilio/voice/calls/*"] }).to_string();
    let (status, _) = world.rest_as(OWN, "POST", &format!("/v1/Keys/{}", key.0), &[("Policy", &policy)]).await;
    assert_eq!(status, 200);
    assert_eq!(world.rest_as(key, "GET", &at(ACCOUNT, "/Calls"), &[]).await.0, 200);
    assert_eq!(code(&world.rest_as(key, "GET", &at(ACCOUNT, "/IncomingPhoneNumbers"), &[]).await), (401, 70051));
}

#[tokio::test]
async fn keys_that_cannot_be_are_refused() {
    let world = World::new().await;
    let (restricted, standard) = (("KeyType", "restricted"), ("AccountSid", ACCOUNT));
    let fake = r#"{"allow":["/twilio/fakepermission/doesnotexist"]}"#;
    for (form, wrong) in [
        (vec![("FriendlyName", "A")], 20001),
        (vec![standard, ("Colour", "red")], 20001),
        (vec![standard, restricted], 70001),
        (vec![standard, restricted, ("Policy", r#"{"allow":[]}"#)], 70001),
        (vec![standard, restricted, ("Policy", fake)], 70002),
    ] {
        assert_eq!(code(&world.rest_as(OWN, "POST", "/v1/Keys", &form).await), (400, wrong), "{form:?}");
    }
    assert_eq!(code(&world.rest_as((KEY, SECRET), "POST", "/v1/Keys", &[standard]).await), (401, 20003));
    let long = "a".repeat(65);
    assert_eq!(code(&world.rest("POST", "/Keys.json", &[("FriendlyName", &long)]).await), (400, 70001));
    assert_eq!(code(&world.rest("GET", &format!("/Keys/{ACCOUNT}.json"), &[]).await), (400, 70002));
    let (_, page) = world.rest_as(OWN, "GET", "/v1/Keys", &[standard]).await;
    assert_eq!((page["keys"].as_array().map(Vec::len), &page["meta"]["key"]), (Some(1), &json!("keys")));
}

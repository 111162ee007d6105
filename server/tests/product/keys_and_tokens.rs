//! Keys and tokens that were replaced are worth nothing soon, and no change of them is lost.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{extract::Request, http::Method};
use futures::FutureExt;
use serde_json::json;
use server::{
    twilio::{
        client::Credentials,
        other_token::OtherToken,
        setup::{KeyWish, Left, OldKey, Setup, SetupError},
        signature::SigningKey,
    },
    vault::{Field, Secret},
};
use switchyard::ports::{Clock, Connection};

use super::{
    MARIA,
    kept::{behind, hindered, pass_on},
    setup::{
        OTHER_ACCOUNT, OTHER_TOKEN, a_barber_opens, applications, barber, problems, setup, the_barber_is_connected,
        wish,
    },
    stage::Stage,
};

pub(crate) const MINUTE: Duration = Duration::from_mins(1);

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
    let ours = setup(&stage).connect(&barber(), wish(OTHER_ACCOUNT, OTHER_TOKEN, own)).await.unwrap();
    assert_eq!(ours, Left { key: OldKey::Gone, numbers: Vec::new() });
    assert!(!opens(&stage, &after).await, "nor does ours when one of theirs is entered instead");
    let before = setup(&stage).connection(&barber()).await.unwrap();
    assert_eq!(setup(&stage).new_key(&barber()).await.unwrap(), OldKey::NotOurs(theirs.sid));
    assert!(opens(&stage, &before).await);

    // One that was revoked already is gone.
    let before = setup(&stage).connection(&barber()).await.unwrap();
    stage.delete(&format!("accounts/{OTHER_ACCOUNT}/keys/{}", before.key.unwrap())).await;
    assert_eq!(setup(&stage).new_key(&barber()).await.unwrap(), OldKey::Gone);
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
pub(crate) async fn is_believed(stage: &Stage, token: &str) -> bool {
    let call = "CA00000000000000000000000000000001";
    let form = [("AccountSid", OTHER_ACCOUNT), ("CallSid", call), ("CallStatus", "ringing"), ("From", MARIA)];
    let answer = stage.webhook("/api/voice/status?workspace=barber", &form, Some(&SigningKey::new(token))).await;
    answer.status() == 204
}

/// The barber's auth token as it is kept.
pub(crate) async fn kept_token(stage: &Stage) -> String {
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
    let sealed = tenants.seal(&barber(), Field::OtherToken, &OtherToken::second(next.clone()).write());
    connection.other_token = Some(sealed.unwrap());
    let since = std::mem::replace(&mut connection.changed, stage.clock.now());
    assert!(setup(stage).store.put_connection(&connection, Some(since)).await.unwrap());
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
async fn a_key_and_a_token_that_are_changed_at_once_are_both_kept() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    let before = setup(&stage).connection(&barber()).await.unwrap();
    // A command is another process: it shares the database and nothing else.
    let Setup { store, clock, tenants, public_url, .. } = setup(&stage).clone();
    let command = Setup::new(store, clock, stage.vault(), tenants.sites.clone(), &public_url);
    let workspace = barber();
    let (key, token) = tokio::join!(setup(&stage).new_key(&workspace), command.rotate_token(&workspace));
    token.unwrap();
    let after = setup(&stage).connection(&barber()).await.unwrap();
    // Whoever asks Twilio with the token that has just been replaced gets no key, and loses none.
    assert_eq!(after.key != before.key, key.is_ok(), "{key:?}");
    assert_ne!(kept_token(&stage).await, OTHER_TOKEN);
    assert!(opens(&stage, &after).await);
    assert_eq!(problems(&stage, &barber()).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_are_entered_twice_at_once_make_one_key_and_one_application() {
    let stage = Stage::set(&[]).await;
    a_barber_opens(&stage).await;
    let workspace = barber();
    let connect = || setup(&stage).connect(&workspace, wish(OTHER_ACCOUNT, OTHER_TOKEN, KeyWish::Make));
    let _both = tokio::try_join!(connect(), connect()).unwrap();
    assert_eq!(applications(&stage, OTHER_ACCOUNT).await.len(), 1);
    let connection = setup(&stage).connection(&barber()).await.unwrap();
    assert!(opens(&stage, &connection).await);
    let truth = stage.truth().await.0;
    let mut accounts = truth["accounts"].as_array().unwrap().iter();
    let account = accounts.find(|account| account["sid"] == OTHER_ACCOUNT).unwrap();
    assert_eq!(account["keys"], json!([connection.key]), "the one that nobody knows is deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_are_entered_while_the_token_is_changed_do_not_bring_the_last_one_back() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    // Twilio finds the token good, and while it says so another one is made.
    let (http, carrier, other) = (stage.http.clone(), stage.carrier_url.clone(), setup(&stage).clone());
    let rotated = Arc::new(AtomicBool::new(false));
    let between = move |request: Request| {
        let (http, carrier, other, rotated) = (http.clone(), carrier.clone(), other.clone(), Arc::clone(&rotated));
        async move {
            let asks_for_the_account = request.uri().path().ends_with(&format!("/Accounts/{OTHER_ACCOUNT}.json"));
            let answer = pass_on(&http, &carrier, request).await;
            if asks_for_the_account && !rotated.swap(true, Ordering::SeqCst) {
                other.rotate_token(&barber()).await.unwrap();
            }
            answer
        }
        .boxed()
    };
    let late = behind(&stage, Arc::new(between)).await;
    let entered = late.connect(&barber(), wish(OTHER_ACCOUNT, OTHER_TOKEN, KeyWish::Keep)).await;
    assert!(matches!(entered, Err(SetupError::WrongCredentials)), "they were too late: {entered:?}");
    assert_ne!(kept_token(&stage).await, OTHER_TOKEN);
    let connection = setup(&stage).connection(&barber()).await.unwrap();
    assert!(setup(&stage).tenants.owner(&connection).unwrap().account().await.is_ok());

    // The same token again, for other countries, ends no change of tokens that goes on.
    let token = kept_token(&stage).await;
    setup(&stage).connect(&barber(), wish(OTHER_ACCOUNT, &token, KeyWish::Keep)).await.unwrap();
    assert!(is_believed(&stage, OTHER_TOKEN).await && is_believed(&stage, &token).await);
    assert_eq!(problems(&stage, &barber()).await, []);
}

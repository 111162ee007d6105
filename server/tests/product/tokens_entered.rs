//! Auth tokens that were made in Twilio's console and are entered here: Twilio signs with a new one only from when it is
//! promoted (Twilio: Auth tokens), before or after it is entered, and nothing that it signs is refused.

use server::{twilio::setup::KeyWish, vault::Secret};

use super::{
    keys_and_tokens::{MINUTE, is_believed, kept_token},
    setup::{OTHER_ACCOUNT, OTHER_TOKEN, barber, problems, setup, the_barber_is_connected, wish},
    stage::Stage,
};

/// Somebody makes the account's next token in Twilio's console.
async fn made_in_the_console(stage: &Stage) -> Secret {
    let connection = setup(stage).connection(&barber()).await.unwrap();
    setup(stage).tenants.owner(&connection).unwrap().create_next_token().await.unwrap()
}

async fn promoted_in_the_console(stage: &Stage) {
    let connection = setup(stage).connection(&barber()).await.unwrap();
    setup(stage).tenants.owner(&connection).unwrap().promote_next_token().await.unwrap();
}

async fn enter(stage: &Stage, token: &Secret) {
    setup(stage).connect(&barber(), wish(OTHER_ACCOUNT, token.expose(), KeyWish::Keep)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_token_may_be_entered_long_before_it_is_promoted() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    let next = made_in_the_console(&stage).await;
    enter(&stage, &next).await;
    stage.clock.by(MINUTE * 60);
    assert_eq!(problems(&stage, &barber()).await, []);
    assert!(is_believed(&stage, OTHER_TOKEN).await, "Twilio still signs with it");

    promoted_in_the_console(&stage).await;
    assert!(is_believed(&stage, next.expose()).await);
    assert_eq!(problems(&stage, &barber()).await, []);
    assert_eq!(kept_token(&stage).await, next.expose());
    assert!(!is_believed(&stage, OTHER_TOKEN).await, "it opens nothing any more");
    assert!(is_believed(&stage, next.expose()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_token_that_is_deleted_instead_takes_nothing_with_it() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    enter(&stage, &made_in_the_console(&stage).await).await;
    let sites = &setup(&stage).tenants.sites;
    let url = format!("{}/v1/AuthTokens/Secondary", sites.accounts);
    let deleted = stage.http.delete(url).basic_auth(OTHER_ACCOUNT, Some(OTHER_TOKEN)).send().await.unwrap();
    assert_eq!(deleted.status(), 204);
    assert_eq!(problems(&stage, &barber()).await, []);
    assert_eq!(kept_token(&stage).await, OTHER_TOKEN);
    assert!(is_believed(&stage, OTHER_TOKEN).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_the_token_here_promotes_the_one_that_was_entered() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    let next = made_in_the_console(&stage).await;
    enter(&stage, &next).await;
    setup(&stage).rotate_token(&barber()).await.unwrap();
    assert_eq!(kept_token(&stage).await, next.expose(), "a third one would end the one that Twilio signs with");
    let before = wish(OTHER_ACCOUNT, OTHER_TOKEN, KeyWish::Keep);
    assert!(setup(&stage).connect(&barber(), before).await.is_err(), "it opens nothing any more");
    // From here on there is one, and it is changed as ever.
    stage.clock.by(MINUTE * 2);
    assert_eq!(problems(&stage, &barber()).await, []);
    setup(&stage).rotate_token(&barber()).await.unwrap();
    assert_ne!(kept_token(&stage).await, next.expose());
    assert_eq!(problems(&stage, &barber()).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_replaced_before_is_believed_for_a_minute() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    let next = made_in_the_console(&stage).await;
    promoted_in_the_console(&stage).await;
    enter(&stage, &next).await;
    assert!(is_believed(&stage, OTHER_TOKEN).await && is_believed(&stage, next.expose()).await);
    stage.clock.by(MINUTE);
    assert!(!is_believed(&stage, OTHER_TOKEN).await && is_believed(&stage, next.expose()).await);
}

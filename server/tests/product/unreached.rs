//! A server that Twilio cannot reach, because nobody said where it is, points nothing at itself.

use server::{
    commands,
    config::TwilioDeed,
    twilio::{
        setup::{KeyWish, Setup, SetupError},
        sites::Sites,
    },
};

use super::{
    office::Office,
    setup::{OTHER_ACCOUNT, OTHER_NUMBER, OTHER_TOKEN, barber, setup, the_barber_is_connected, wish},
    stage::Stage,
};

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_not_pointed_at_an_address_of_this_machine() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    let before = setup(&stage).findings(&barber()).await.unwrap();
    let (store, clock) = (stage.deps().store.clone(), stage.deps().clock.clone());
    // Twilio's own, which nobody asks here: it is refused before.
    let local = Setup::new(store, clock, stage.vault(), Sites::at(None), "http://127.0.0.1:3000");
    let again = wish(OTHER_ACCOUNT, OTHER_TOKEN, KeyWish::Keep);
    let chosen = [OTHER_NUMBER.to_owned()];
    for refused in [
        local.connect(&barber(), again).await.map(drop),
        local.choose(&barber(), &chosen).await,
        local.configure(&barber()).await.map(drop),
    ] {
        assert!(matches!(refused, Err(SetupError::Unreached(_))), "{refused:?}");
    }
    for deed in [TwilioDeed::Verify, TwilioDeed::Configure, TwilioDeed::Restore] {
        let (said, code) = commands::twilio(&local, deed, &barber(), false).await;
        assert!(code == 2 && said.contains("http://127.0.0.1:3000: set PUBLIC_URL"), "{said}");
    }
    assert_eq!(setup(&stage).findings(&barber()).await.unwrap(), before, "the pages say nothing of it");
    assert!(setup(&stage).check(&barber()).await.unwrap().is_right());
}

#[tokio::test]
async fn the_page_says_what_is_missing_before_anything_is_entered() {
    let office = Office::staffed().await;
    let mut owner = office.signed_in("olga").await;
    let page = owner.get("/settings/twilio").await.page;
    let said = format!("Twilio cannot reach this server at {}.", office.url(""));
    assert!(page.contains(&said) && page.contains("PUBLIC_URL"), "{page}");
    let typed = [("account", OTHER_ACCOUNT), ("token", OTHER_TOKEN), ("countries", "RO")];
    let answer = owner.post("/settings/twilio", &typed).await;
    assert!(answer.to.contains("error=unreached"), "{answer:?}");
    let page = owner.get(&answer.to).await.page;
    assert!(page.contains("Nothing was changed.") && page.contains(OTHER_ACCOUNT), "what was typed stays: {page}");
    assert_eq!(office.deps.store.connections().await.unwrap(), []);
}

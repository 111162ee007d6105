//! What a number had before it came here is kept, and put back whatever happened since; where it cannot be, that is said.

use serde_json::json;
use server::{
    commands,
    config::TwilioDeed,
    twilio::setup::{KeyWish, Left, OldKey},
};

use super::{
    office::Browser,
    setup::{
        DESK, OTHER_ACCOUNT, OTHER_NUMBER, a_barber_opens, barber, number, salon, setup, the_barber_is_connected, wish,
    },
    stage::{ACCOUNT, Stage},
};

const THIRD_ACCOUNT: &str = "ACba4be40000000000000000000000cafe";
const THIRD_TOKEN: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_points_here_already_is_not_put_back_to_here() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    // As after a backup from before the number was chosen.
    setup(&stage).store.forget_number(&barber(), OTHER_NUMBER).await.unwrap();
    setup(&stage).choose(&barber(), &[OTHER_NUMBER.into()]).await.unwrap();
    assert_ne!(number(&stage, OTHER_NUMBER).await["voice_application_sid"], "");

    assert_eq!(setup(&stage).restore(&barber()).await.unwrap(), [""; 0]);
    let after = number(&stage, OTHER_NUMBER).await;
    for field in ["voice_application_sid", "status_callback", "sms_url"] {
        assert_eq!(after[field], "", "{field}: {after}");
    }
    assert_eq!(after["voice_url"], "https://old.example/voice?x=1#rc=2", "what is not ours is as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_forgotten_and_still_there_is_put_back() {
    let stage = Stage::set(&[]).await;
    a_barber_opens(&stage).await;
    let before = number(&stage, OTHER_NUMBER).await;
    the_barber_is_connected(&stage).await;
    setup(&stage).forget_number(&barber(), OTHER_NUMBER).await.unwrap();
    let mut after = number(&stage, OTHER_NUMBER).await;
    after["date_updated"] = before["date_updated"].clone();
    assert_eq!(after, before);
    assert_eq!(setup(&stage).store.connected_numbers(&barber()).await.unwrap(), []);
    assert!(setup(&stage).check(&barber()).await.unwrap().is_right());
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_stay_behind_in_an_account_that_was_left_are_named() {
    let stage = Stage::set(&[]).await;
    the_barber_is_connected(&stage).await;
    stage.put(&format!("accounts/{OTHER_ACCOUNT}/status"), &json!({ "status": "suspended" })).await;
    stage.put(&format!("accounts/{THIRD_ACCOUNT}"), &json!({ "auth_token": THIRD_TOKEN })).await;
    let left = setup(&stage).connect(&barber(), wish(THIRD_ACCOUNT, THIRD_TOKEN, KeyWish::Keep)).await.unwrap();
    let Left { key: OldKey::Left(_), numbers } = left else { panic!("the key opens its account still: {left:?}") };
    assert_eq!(numbers, [OTHER_NUMBER]);

    // As the page says it, for the salon.
    stage.put(&format!("accounts/{ACCOUNT}/status"), &json!({ "status": "suspended" })).await;
    let fourth = "ACba4be40000000000000000000000d00d";
    stage.put(&format!("accounts/{fourth}"), &json!({ "auth_token": THIRD_TOKEN })).await;
    let mut cristina = Browser::at(stage.url(""));
    cristina.post("/sign-in/demo", &[("agent", "cristina")]).await;
    let typed = [("account", fourth), ("token", THIRD_TOKEN), ("countries", "RO")];
    let answer = cristina.post("/settings/twilio", &typed).await;
    let page = cristina.get(&answer.to).await.page;
    assert!(page.contains("still point here: +40 312 345 678, +40 312 345 679."), "{} {page}", answer.to);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_puts_back_names_what_is_not_there() {
    let stage = Stage::set(&[]).await;
    stage.delete(&format!("numbers/{DESK}")).await;
    let (said, code) = commands::twilio(setup(&stage), TwilioDeed::Restore, &salon(), false).await;
    assert_eq!(
        (code, said),
        (1, format!("salon: the account no longer has {DESK}; the other numbers are as they were before"))
    );
    let (said, code) = commands::twilio(setup(&stage), TwilioDeed::Restore, &salon(), false).await;
    assert_eq!((code, said.as_str()), (0, "salon: the numbers are as they were before"));
}

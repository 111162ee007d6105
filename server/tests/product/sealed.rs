//! The key that secrets are sealed with is lost, or another one is there: that is said, and no new one takes its place unasked.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use server::{
    twilio::{
        check,
        setup::{KeyWish, Setup},
    },
    vault::Vault,
};
use switchyard::drift::Problem;
use tokio::time::timeout;

use super::{
    office::{Browser, PATIENCE},
    operator::Operator,
    setup::{problems, salon, setup, wish},
    stage::{ACCOUNT, Stage, TOKEN},
};

/// The same installation with another key.
fn with_another_key(stage: &Stage) -> Setup {
    let vault = Vault::new(&STANDARD.encode([7; 32])).unwrap();
    let (store, clock, sites) =
        (stage.deps().store.clone(), stage.deps().clock.clone(), setup(stage).tenants.sites.clone());
    Setup::new(store, clock, vault, sites, &stage.url(""))
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_cannot_be_opened_are_found_on_the_schedule_and_entered_again() {
    let stage = Stage::set(&[]).await;
    assert_eq!(problems(&stage, &salon()).await, []);
    let other = with_another_key(&stage);
    let running = tokio::spawn(check::run(other.clone(), Duration::from_millis(50)));
    let found = async {
        loop {
            let findings = other.findings(&salon()).await.unwrap().unwrap();
            if findings.problems.iter().any(|(problem, _)| *problem == Problem::Sealed) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, found).await.unwrap();
    running.abort();

    let mut cristina = Browser::at(stage.url(""));
    cristina.post("/sign-in/demo", &[("agent", "cristina")]).await;
    let page = cristina.get("/settings/twilio").await.page;
    assert!(page.contains("The stored credentials cannot be opened: the server's secret key is not the one"), "{page}");
    assert!(!page.contains("Everything is as it should be."), "{page}");
    let page = cristina.get("/settings/numbers").await.page;
    assert_eq!(page.matches("data-standing=\"sealed\"").count(), 2, "{page}");

    other.connect(&salon(), wish(ACCOUNT, TOKEN, KeyWish::Make)).await.unwrap();
    assert!(other.check(&salon()).await.unwrap().is_right());
    assert!(other.tenants.of(&salon()).await.is_some_and(|tenant| tenant.voice.is_some()), "pages are phones again");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_new_key_takes_the_place_of_one_that_is_lost() {
    let stage = Stage::set(&[]).await;
    let mut settings = stage.settings();
    let elsewhere = std::env::temp_dir().join(format!("switchyard-no-key-{:016x}", rand::random::<u64>()));
    settings.retain(|(name, _)| *name != "SECRET_KEY_FILE");
    settings.push(("SECRET_KEY_FILE", elsewhere.display().to_string()));
    let operator = Operator(settings);
    for command in [&["workspace", "list"][..], &["serve", "--port", "1"], &["secrets", "rotate"]] {
        let (code, said) = operator.says(command).await;
        assert!(code == 2 && said.contains("is not there, and secrets in the database were sealed"), "{code} {said}");
    }
    assert!(!elsewhere.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_the_environment_gives_is_not_changed_to_itself() {
    let stage = Stage::set(&[]).await;
    let mut settings = stage.settings();
    settings.retain(|(name, _)| *name != "SECRET_KEY_FILE");
    settings.push(("SECRET_KEY", stage.secret_key().trim().to_owned()));
    let (code, said) = Operator(settings.clone()).says(&["secrets", "rotate"]).await;
    assert!(code == 2 && said.contains("there is only one secret key: write a new one before it"), "{code} {said}");
    let both = format!("{},{}", STANDARD.encode([7; 32]), stage.secret_key().trim());
    settings.retain(|(name, _)| *name != "SECRET_KEY");
    settings.push(("SECRET_KEY", both));
    let (code, said) = Operator(settings).says(&["secrets", "rotate"]).await;
    assert!(code == 0 && said.contains("sealed with the new key"), "{code} {said}");
    assert!(with_another_key(&stage).check(&salon()).await.unwrap().is_right());
}

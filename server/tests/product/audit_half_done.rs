//! Much is done at Twilio in many steps, each of which can fail. Whatever was done before one did is in the audit log, and
//! nothing else is: the log says what the store says.

use serde_json::json;
use server::{
    demo::WORKSPACE,
    twilio::setup::{KeyWish, Purchase, Setup, SetupError, Wish},
    vault::{Field, Secret},
};
use switchyard::{
    audit::{Actor, Change, Deed, Entry},
    id::WorkspaceId,
};

use super::{
    office::Browser,
    stage::{ACCOUNT, Stage, TOKEN},
};

const BOOKINGS: &str = "+40312345678";
const DESK: &str = "+40312345679";
/// Some that can be bought.
const OFFERED: [&str; 3] = ["+14155550013", "+14155557932", "+14155555851"];
/// With how many sequences of misfortune each deed is tried, and how often a request fails.
const SEEDS: u32 = 16;
const FAILING: f64 = 0.15;

fn salon() -> WorkspaceId {
    WORKSPACE.into()
}

fn cristina() -> Actor {
    Actor::Person { id: "cristina".into(), name: "Cristina Neagu".into() }
}

async fn log(stage: &Stage) -> Vec<Entry> {
    let log = stage.deps().store.audit(&salon(), None, 1000).await.unwrap();
    log.into_iter().rev().map(|(_, entry)| entry).collect()
}

/// Does something again and again on a carrier with other bad days. `now` is what the deed changes, `deeds` are how it is
/// noted. Answers how often it was half done.
async fn half_done(
    stage: &Stage,
    deeds: &[Deed],
    what: &str,
    now: impl AsyncFn() -> Option<String>,
    act: impl AsyncFn(&Setup, u32) -> Result<(), SetupError>,
) -> u32 {
    let setup = stage.deps().setup.acting(cristina());
    let mut half = 0;
    for seed in 0..SEEDS {
        let (before, read) = (now().await, log(stage).await.len());
        stage.faults(json!({ "seed": seed, "rest_error": FAILING })).await;
        let result = act(&setup, seed).await;
        stage.faults(json!({})).await;
        let after = now().await;
        let noted: Vec<Entry> = log(stage).await.split_off(read);
        let noted: Vec<&Entry> = noted.iter().filter(|entry| deeds.contains(&entry.deed)).collect();
        if before == after {
            let changes = noted.iter().flat_map(|entry| &entry.changes);
            assert_eq!(changes.filter(|change| change.what == what).count(), 0, "{seed} {result:?}: {noted:?}");
            continue;
        }
        half += u32::from(result.is_err());
        let [entry] = noted[..] else { panic!("{seed} {result:?}: {before:?} → {after:?}, and {noted:?}") };
        assert_eq!(entry.by, cristina());
        let change = Change { what: what.to_owned(), before, after };
        assert!(entry.changes.contains(&change), "{seed} {result:?}: {change:?} is not in {entry:?}");
    }
    half
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_were_kept_are_noted_though_setting_up_failed() {
    let stage = Stage::set(&[]).await;
    let store = &stage.deps().store;
    let countries = async || store.connection(&salon()).await.unwrap().map(|connection| connection.countries);
    let half = half_done(&stage, &[Deed::TwilioConnected], "countries", countries, async |setup, seed| {
        let countries = if seed % 2 == 0 { "RO" } else { "RO MD" };
        let (account, token) = (ACCOUNT.to_owned(), Secret::new(TOKEN));
        let wish = Wish { account, token, key: KeyWish::Keep, countries: countries.into() };
        setup.connect(&salon(), wish).await.map(drop)
    });
    assert!(half.await > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_were_chosen_or_put_back_are_noted_though_others_were_not() {
    let stage = Stage::set(&[]).await;
    let store = &stage.deps().store;
    let numbers = async || {
        let numbers = store.connected_numbers(&salon()).await.unwrap();
        let numbers: Vec<String> = numbers.into_iter().map(|known| known.number).collect();
        Some(numbers.join(" ")).filter(|numbers| !numbers.is_empty())
    };
    let deeds = [Deed::NumbersChosen, Deed::NumbersRestored];
    let half = half_done(&stage, &deeds, "numbers", numbers, async |setup, seed| match seed % 3 {
        0 => setup.restore(&salon()).await.map(drop),
        1 => setup.choose(&salon(), &[BOOKINGS.into(), DESK.into()]).await,
        _ => setup.choose(&salon(), &[DESK.into()]).await,
    });
    assert!(half.await > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_is_noted_though_the_comparison_failed() {
    let stage = Stage::set(&[]).await;
    let store = &stage.deps().store;
    let key = async || store.connection(&salon()).await.unwrap().unwrap().key;
    let new = async |setup: &Setup, _: u32| {
        // That Twilio could not be asked is a finding, and no failure.
        setup.new_key(&salon()).await.and(setup.configure(&salon()).await).map(drop)
    };
    assert!(half_done(&stage, &[Deed::KeyReplaced], "key", key, new).await > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auth_token_that_was_made_and_not_put_in_place_is_noted_as_that() {
    let stage = Stage::set(&[]).await;
    let setup = stage.deps().setup.acting(cristina());
    let token = async || {
        let connection = setup.connection(&salon()).await.unwrap();
        let open = |field, sealed: &str| setup.tenants.vault.open(&salon(), field, sealed).unwrap();
        let other = connection.other_token.as_deref().map(|sealed| open(Field::OtherToken, sealed).expose().to_owned());
        (open(Field::AuthToken, &connection.auth_token).expose().to_owned(), other)
    };
    let (mut replaced, mut made) = (0, 0);
    for seed in 0..SEEDS {
        let (before, read) = (token().await, log(&stage).await.len());
        stage.faults(json!({ "seed": seed, "rest_error": 0.4 })).await;
        let _ = setup.rotate_token(&salon()).await;
        let after = token().await;
        let noted: Vec<Deed> = log(&stage).await.split_off(read).into_iter().map(|entry| entry.deed).collect();
        let says = |deed| noted.contains(&deed);
        assert_eq!(says(Deed::TokenReplaced), before.0 != after.0, "{seed}: {noted:?}");
        let another = before.0 == after.0 && before.1 != after.1 && after.1.is_some();
        assert_eq!(says(Deed::TokenMade), another, "{seed}: {noted:?}");
        replaced += u32::from(says(Deed::TokenReplaced));
        made += u32::from(says(Deed::TokenMade));
        // Once Twilio can be asked again it is found out which token counts; that it is another one is noted as the server's.
        stage.faults(json!({})).await;
        let read = log(&stage).await.len();
        setup.check(&salon()).await.unwrap();
        let settled = log(&stage).await.split_off(read);
        let swapped = settled.iter().any(|entry| entry.deed == Deed::TokenReplaced && entry.by == Actor::Server);
        assert_eq!(swapped, token().await.0 != after.0, "{seed}: {settled:?}");
    }
    assert!(replaced > 0 && made > 0, "{replaced} {made}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_paid_for_is_noted_though_it_does_not_ring_yet() {
    let stage = Stage::set(&[]).await;
    let store = &stage.deps().store;
    let mut half = 0;
    let setup = stage.deps().setup.acting(cristina());
    for (seed, number) in OFFERED.into_iter().cycle().take(8).enumerate() {
        let purchase = Purchase { number, label: "San Francisco", address: "", bundle: "" };
        let ours = async || store.connected_numbers(&salon()).await.unwrap().iter().any(|known| known.number == number);
        let says = async |deed, read| {
            let log = log(&stage).await.split_off(read);
            let of_it = log.iter().filter(|entry| entry.deed == deed && entry.subject == number);
            of_it.inspect(|entry| assert_eq!(entry.by, cristina())).count() == 1
        };
        let read = log(&stage).await.len();
        stage.faults(json!({ "seed": seed, "rest_error": FAILING })).await;
        let bought = setup.buy(&salon(), &purchase).await;
        assert_eq!(says(Deed::NumberBought, read).await, ours().await, "{seed} {bought:?}");
        half += u32::from(bought.is_err() && ours().await);
        // Whoever tries again has it, and pays once.
        stage.faults(json!({})).await;
        setup.buy(&salon(), &purchase).await.unwrap();
        assert!(says(Deed::NumberBought, read).await && ours().await, "{seed}");

        let read = log(&stage).await.len();
        stage.faults(json!({ "seed": seed, "rest_error": FAILING })).await;
        let released = setup.release(&salon(), number).await;
        assert_eq!(says(Deed::NumberReleased, read).await || says(Deed::NumberForgotten, read).await, !ours().await);
        half += u32::from(released.is_err() && !ours().await);
        stage.faults(json!({})).await;
        setup.release(&salon(), number).await.unwrap();
        assert!(!ours().await);
    }
    assert!(half > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asked_is_still_told_what_failed() {
    let stage = Stage::set(&[]).await;
    let mut browser = Browser::at(stage.url(""));
    browser.sign_in("cristina@aurora.example", "aurora-demo").await;
    let numbers = async || stage.deps().store.connected_numbers(&salon()).await.unwrap().len();
    for seed in 0..200 {
        let (before, read) = (numbers().await, log(&stage).await.len());
        stage.faults(json!({ "seed": seed, "rest_error": FAILING })).await;
        let chosen = if seed % 2 == 0 { vec![("number", DESK)] } else { vec![("number", DESK), ("number", BOOKINGS)] };
        let answer = browser.post("/settings/twilio/numbers", &chosen).await;
        stage.faults(json!({})).await;
        if before != numbers().await && answer.to.contains("error=") {
            let noted = log(&stage).await.split_off(read);
            assert!(noted.iter().any(|entry| entry.deed == Deed::NumbersChosen && entry.by == cristina()), "{noted:?}");
            let page = browser.get(&answer.to).await.page;
            assert!(page.contains("Twilio cannot be reached at the moment"), "{page}");
            return;
        }
    }
    panic!("it never failed half-way");
}

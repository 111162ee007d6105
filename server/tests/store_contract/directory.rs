//! The directory and the history: each workspace its own.

use switchyard::ports::{Number, StoreError};

use crate::{
    cast::{abandoned, acme, answered, company, ending, globex, two_companies},
    place::Place,
};

stories![
    workspaces_are_found_by_the_carriers_account,
    numbers_are_named_and_renamed,
    the_history_is_read_from_the_newest,
    a_record_that_is_amended_is_written_over,
];

async fn workspaces_are_found_by_the_carriers_account(Place { store, .. }: Place) {
    assert_eq!(store.workspaces().await.unwrap(), []);
    store.put_workspace(&company(&globex())).await.unwrap();
    store.put_workspace(&company(&acme())).await.unwrap();
    assert_eq!(store.workspaces().await.unwrap(), [company(&acme()), company(&globex())]);
    assert_eq!(store.workspace_of_account("ACacme").await.unwrap(), Some(company(&acme())));
    assert_eq!(store.workspace_of_account("ACnone").await.unwrap(), None);

    let mut renamed = company(&acme());
    (renamed.name, renamed.account) = ("Acme & Sons".into(), Some("ACnew".into()));
    store.put_workspace(&renamed).await.unwrap();
    assert_eq!(store.workspace_of_account("ACnew").await.unwrap(), Some(renamed.clone()));
    assert_eq!(store.workspace_of_account("ACacme").await.unwrap(), None);

    renamed.account = Some("ACglobex".into());
    assert!(matches!(store.put_workspace(&renamed).await, Err(StoreError::Taken)));

    // Any number of them may have no carrier.
    for mut workspace in [renamed, company(&globex())] {
        workspace.account = None;
        store.put_workspace(&workspace).await.unwrap();
    }
    assert_eq!(store.workspace_of_account("ACglobex").await.unwrap(), None);
}

async fn numbers_are_named_and_renamed(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let number = |number: &str, label: &str| Number { number: number.into(), label: label.into() };
    for given in [number("+40312345679", "Support"), number("+40312345678", "Shop"), number("+40312345678", "Sales")] {
        store.put_number(&acme(), &given).await.unwrap();
    }
    store.put_number(&globex(), &number("+15551234567", "Main")).await.unwrap();
    let numbers = store.numbers(&acme()).await.unwrap();
    assert_eq!(numbers, [number("+40312345678", "Sales"), number("+40312345679", "Support")]);
}

async fn the_history_is_read_from_the_newest(Place { store, .. }: Place) {
    let records = vec![abandoned("a", 3000), answered("b", 1000), abandoned("c", 2000), abandoned("d", 2000)];
    store.append(&acme(), 0, &ending(1, records)).await.unwrap();
    store.append(&globex(), 0, &ending(1, vec![abandoned("a", 2500)])).await.unwrap();

    let everything = [abandoned("a", 3000), abandoned("d", 2000), abandoned("c", 2000), answered("b", 1000)];
    assert_eq!(store.history(&acme(), None, 9).await.unwrap(), everything);
    assert_eq!(store.history(&acme(), None, 1).await.unwrap(), everything[..1]);
    // Page by page nothing is missed or seen twice, also when a page ends between two calls of one moment.
    for (at, record) in everything.iter().enumerate() {
        let below = store.history(&acme(), Some(&record.bookmark()), 9).await.unwrap();
        assert_eq!(below, everything[at + 1..]);
    }
    assert_eq!(store.history(&globex(), None, 9).await.unwrap(), [abandoned("a", 2500)]);
}

async fn a_record_that_is_amended_is_written_over(Place { store, .. }: Place) {
    store.append(&acme(), 0, &ending(1, vec![abandoned("a", 3000)])).await.unwrap();
    store.append(&acme(), 1, &ending(2, vec![answered("a", 3000)])).await.unwrap();
    assert_eq!(store.history(&acme(), None, 9).await.unwrap(), [answered("a", 3000)]);

    // Also within one batch.
    store.append(&acme(), 2, &ending(3, vec![abandoned("b", 4000), answered("b", 4000)])).await.unwrap();
    assert_eq!(store.history(&acme(), None, 1).await.unwrap(), [answered("b", 4000)]);
}

//! How workspaces are connected with their carrier.

use switchyard::{
    ports::{ConnectedNumber, StoreError},
    time::Timestamp,
};

use crate::{
    cast::{acme, connection, globex, two_companies},
    place::Place,
};

stories![
    a_workspace_is_connected_and_found_by_its_account,
    an_account_belongs_to_one_workspace,
    how_a_number_was_before_is_kept,
    what_a_comparison_found_is_kept_until_the_next,
];

async fn a_workspace_is_connected_and_found_by_its_account(Place { store, .. }: Place) {
    two_companies(&*store).await;
    assert_eq!(store.connections().await.unwrap(), []);
    let mut ours = connection(&acme(), "AC1");
    store.put_connection(&ours).await.unwrap();
    assert_eq!(store.connection(&acme()).await.unwrap(), Some(ours.clone()));
    assert_eq!(store.connection(&globex()).await.unwrap(), None);
    assert_eq!(store.connection_of_account("AC1").await.unwrap(), Some(ours.clone()));

    ours.account = "AC2".into();
    (ours.other_token, ours.application) = (Some("sealed too".into()), Some("AP1".into()));
    (ours.key, ours.key_secret, ours.changed) = (None, None, Timestamp(8));
    store.put_connection(&ours).await.unwrap();
    assert_eq!(store.connections().await.unwrap(), [ours]);
    assert_eq!(store.connection_of_account("AC1").await.unwrap(), None);
}

async fn an_account_belongs_to_one_workspace(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.put_connection(&connection(&acme(), "AC1")).await.unwrap();
    let thief = connection(&globex(), "AC1");
    assert!(matches!(store.put_connection(&thief).await, Err(StoreError::Taken)));
    assert_eq!(store.connections().await.unwrap().len(), 1);
}

async fn how_a_number_was_before_is_kept(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.put_connection(&connection(&acme(), "AC1")).await.unwrap();
    store.put_connection(&connection(&globex(), "AC2")).await.unwrap();
    let number = |number: &str, before: &str| ConnectedNumber { number: number.into(), before: before.into() };
    store.note_number(&acme(), &number("+40312345679", "{}")).await.unwrap();
    store.note_number(&acme(), &number("+40312345678", "first")).await.unwrap();
    store.note_number(&acme(), &number("+40312345678", "second")).await.unwrap();
    let both = [number("+40312345678", "first"), number("+40312345679", "{}")];
    assert_eq!(store.connected_numbers(&acme()).await.unwrap(), both);
    assert_eq!(store.connected_numbers(&globex()).await.unwrap(), []);

    store.amend_number(&globex(), &number("+40312345678", "third")).await.unwrap();
    assert_eq!(store.connected_numbers(&globex()).await.unwrap(), []);
    assert_eq!(store.connected_numbers(&acme()).await.unwrap(), both, "another company's number is not touched");
    store.amend_number(&acme(), &number("+40312345678", "third")).await.unwrap();
    let both = [number("+40312345678", "third"), number("+40312345679", "{}")];
    assert_eq!(store.connected_numbers(&acme()).await.unwrap(), both);

    store.forget_number(&globex(), "+40312345678").await.unwrap();
    store.forget_number(&acme(), "+40312345679").await.unwrap();
    assert_eq!(store.connected_numbers(&acme()).await.unwrap(), both[..1]);
}

async fn what_a_comparison_found_is_kept_until_the_next(Place { store, .. }: Place) {
    two_companies(&*store).await;
    assert_eq!(store.findings(&acme()).await.unwrap(), None);
    store.put_connection(&connection(&acme(), "AC1")).await.unwrap();
    assert_eq!(store.findings(&acme()).await.unwrap(), None);
    store.put_findings(&acme(), "one").await.unwrap();
    store.put_findings(&acme(), "two").await.unwrap();
    store.put_connection(&connection(&acme(), "AC3")).await.unwrap();
    assert_eq!(store.findings(&acme()).await.unwrap().as_deref(), Some("two"));
    assert_eq!(store.findings(&globex()).await.unwrap(), None);
}

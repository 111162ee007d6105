//! How workspaces are connected with their carrier.

use switchyard::{
    ports::{ConnectedNumber, Connection, StoreError},
    time::Timestamp,
};

use crate::{
    cast::{acme, connection, globex, two_companies},
    place::Place,
};

stories![
    a_workspace_is_connected_and_found_by_its_account,
    an_account_belongs_to_one_workspace,
    who_changes_a_connection_does_not_undo_what_somebody_else_changed,
    how_a_number_was_before_is_kept,
    what_a_comparison_found_is_kept_until_the_next,
];

async fn a_workspace_is_connected_and_found_by_its_account(Place { store, .. }: Place) {
    two_companies(&*store).await;
    assert_eq!(store.connections().await.unwrap(), []);
    let mut ours = connection(&acme(), "AC1");
    assert!(store.put_connection(&ours, None).await.unwrap());
    assert_eq!(store.connection(&acme()).await.unwrap(), Some(ours.clone()));
    assert_eq!(store.connection(&globex()).await.unwrap(), None);
    assert_eq!(store.connection_of_account("AC1").await.unwrap(), Some(ours.clone()));

    ours.account = "AC2".into();
    (ours.other_token, ours.application) = (Some("sealed too".into()), Some("AP1".into()));
    (ours.key, ours.key_secret, ours.changed) = (None, None, Timestamp(8));
    assert!(store.put_connection(&ours, Some(Timestamp(7))).await.unwrap());
    assert_eq!(store.connections().await.unwrap(), [ours]);
    assert_eq!(store.connection_of_account("AC1").await.unwrap(), None);
}

async fn an_account_belongs_to_one_workspace(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.put_connection(&connection(&acme(), "AC1"), None).await.unwrap();
    let thief = connection(&globex(), "AC1");
    assert!(matches!(store.put_connection(&thief, None).await, Err(StoreError::Taken)));
    assert_eq!(store.connections().await.unwrap().len(), 1);
}

async fn who_changes_a_connection_does_not_undo_what_somebody_else_changed(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let read = connection(&acme(), "AC1");
    assert!(!store.put_connection(&read, Some(read.changed)).await.unwrap(), "there is none to change");
    assert!(store.put_connection(&read, None).await.unwrap());
    assert!(!store.put_connection(&Connection { key: None, ..read.clone() }, None).await.unwrap(), "there is one");
    assert!(store.put_connection(&connection(&globex(), "AC2"), None).await.unwrap());

    let first = Connection { key: Some("SK2".into()), changed: Timestamp(8), ..read.clone() };
    assert!(store.put_connection(&first, Some(Timestamp(7))).await.unwrap());
    let second = Connection { application: Some("AP1".into()), changed: Timestamp(9), ..read };
    assert!(!store.put_connection(&second, Some(Timestamp(7))).await.unwrap(), "it was read before that");
    assert_eq!(store.connection(&acme()).await.unwrap(), Some(first.clone()));

    let second = Connection { key: first.key, ..second };
    assert!(store.put_connection(&second, Some(Timestamp(8))).await.unwrap());
    assert_eq!(store.connection(&acme()).await.unwrap(), Some(second.clone()));
    assert_eq!(store.connection(&globex()).await.unwrap(), Some(connection(&globex(), "AC2")), "theirs is theirs");
    let thief = Connection { account: "AC2".into(), ..second };
    assert!(matches!(store.put_connection(&thief, Some(Timestamp(9))).await, Err(StoreError::Taken)));
}

async fn how_a_number_was_before_is_kept(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.put_connection(&connection(&acme(), "AC1"), None).await.unwrap();
    store.put_connection(&connection(&globex(), "AC2"), None).await.unwrap();
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
    store.put_connection(&connection(&acme(), "AC1"), None).await.unwrap();
    assert_eq!(store.findings(&acme()).await.unwrap(), None);
    store.put_findings(&acme(), "one").await.unwrap();
    store.put_findings(&acme(), "two").await.unwrap();
    assert!(store.put_connection(&connection(&acme(), "AC3"), Some(Timestamp(7))).await.unwrap());
    assert_eq!(store.findings(&acme()).await.unwrap().as_deref(), Some("two"));
    assert_eq!(store.findings(&globex()).await.unwrap(), None);
}

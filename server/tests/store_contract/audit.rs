//! The audit log: each workspace its own, and it only grows.

use switchyard::{
    audit::{Actor, Change, Deed, Entry},
    time::Timestamp,
};

use crate::{
    cast::{acme, globex, two_companies},
    place::Place,
};

stories![entries_are_read_from_the_newest_and_by_their_own_workspace];

async fn entries_are_read_from_the_newest_and_by_their_own_workspace(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let dan = Actor::Person { id: "dan".into(), name: "Dan".into() };
    let entry = |at, by: &Actor, deed| Entry {
        at: Timestamp(at),
        by: by.clone(),
        deed,
        subject: "Ana \"Țuțu\" O'Neill".into(),
        whom: None,
        changes: vec![Change::new("role", Some("agent"), Some("admin")), Change::new("VoiceUrl", None, None)],
    };
    // Two of one moment are two, and the clock may have gone back: the order is that of writing.
    let written = [
        entry(2000, &dan, Deed::PersonChanged),
        entry(2000, &Actor::Command, Deed::TwilioRepaired),
        entry(1000, &Actor::Server, Deed::DriftFound),
    ];
    for one in &written {
        store.note(&acme(), one).await.unwrap();
    }
    store.note(&globex(), &entry(1500, &Actor::Server, Deed::DriftFound)).await.unwrap();

    let read = store.audit(&acme(), None, 9).await.unwrap();
    let newest_first: Vec<Entry> = read.iter().map(|(_, entry)| entry.clone()).collect();
    assert_eq!(newest_first, [written[2].clone(), written[1].clone(), written[0].clone()]);
    // Page by page nothing is missed or seen twice.
    for (at, (id, _)) in read.iter().enumerate() {
        assert_eq!(store.audit(&acme(), Some(*id), 9).await.unwrap(), read[at + 1..]);
    }
    assert_eq!(store.audit(&acme(), None, 2).await.unwrap(), read[..2]);
    assert_eq!(store.audit(&globex(), None, 9).await.unwrap().len(), 1);
    assert!(store.note(&"nowhere".into(), &written[0]).await.is_err());
}

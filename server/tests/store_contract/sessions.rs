//! Who is signed in, and who tried to be.

use switchyard::{
    agent::Role,
    ports::{Session, StoreError},
    time::Timestamp,
};

use crate::{
    cast::{acme, globex, person, two_companies},
    place::Place,
};

stories![
    a_session_ends_when_it_expires,
    a_session_ends_when_it_is_closed,
    a_session_knows_the_person_as_they_are_now,
    nobody_is_signed_in_who_is_not_there,
    failures_count_within_their_window,
];

async fn a_session_ends_when_it_expires(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.open_session("token", &acme(), &"dan".into(), Timestamp(5000)).await.unwrap();
    let dan = Session { workspace: acme(), agent: "dan".into(), name: "DAN".into(), role: Role::Agent };
    assert_eq!(store.session("token", Timestamp(4999)).await.unwrap(), Some(dan));
    assert_eq!(store.session("token", Timestamp(5000)).await.unwrap(), None);
    assert_eq!(store.session("other", Timestamp(1)).await.unwrap(), None);
}

async fn a_session_ends_when_it_is_closed(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.open_session("one", &acme(), &"dan".into(), Timestamp(5000)).await.unwrap();
    store.open_session("two", &globex(), &"daniel".into(), Timestamp(5000)).await.unwrap();
    store.close_session("one").await.unwrap();
    store.close_session("one").await.unwrap();
    assert_eq!(store.session("one", Timestamp(1)).await.unwrap(), None);
    assert_eq!(store.session("two", Timestamp(1)).await.unwrap().unwrap().workspace, globex());
}

async fn a_session_knows_the_person_as_they_are_now(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.open_session("token", &acme(), &"dan".into(), Timestamp(5000)).await.unwrap();
    let mut dan = person(&acme(), "dan", "10");
    (dan.profile.name, dan.profile.role) = ("Dan Pop".into(), Role::Supervisor);
    store.put_account(&dan).await.unwrap();
    let session = store.session("token", Timestamp(1)).await.unwrap().unwrap();
    assert_eq!((session.name.as_str(), session.role), ("Dan Pop", Role::Supervisor));
}

async fn nobody_is_signed_in_who_is_not_there(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let stranger = store.open_session("token", &globex(), &"dan".into(), Timestamp(5000)).await;
    assert!(matches!(stranger, Err(StoreError::Unavailable(_))), "{stranger:?}");
    assert_eq!(store.session("token", Timestamp(1)).await.unwrap(), None);
}

async fn failures_count_within_their_window(Place { store, .. }: Place) {
    for (now, so_far) in [(1000, 1), (2000, 2), (2000, 3), (5000, 3)] {
        let since = Timestamp(now - 3000);
        assert_eq!(store.note_failure("key", Timestamp(now), since).await.unwrap(), so_far, "at {now}");
    }
    assert_eq!(store.failures("key", Timestamp(2001)).await.unwrap(), 1);
    assert_eq!(store.failures("other", Timestamp(0)).await.unwrap(), 0);
    assert_eq!(store.note_failure("other", Timestamp(1000), Timestamp(0)).await.unwrap(), 1);

    store.clear_failures("key").await.unwrap();
    assert_eq!(store.failures("key", Timestamp(0)).await.unwrap(), 0);
    assert_eq!(store.failures("other", Timestamp(0)).await.unwrap(), 1);
}

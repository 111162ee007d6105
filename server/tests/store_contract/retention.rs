//! What may be forgotten, and what must not.

use switchyard::{
    ports::{Batch, StoreError},
    time::Timestamp,
};

use crate::{
    cast::{acme, asking, event, events, floor, globex, two_companies},
    place::Place,
};

stories![
    events_go_when_they_are_old_and_a_snapshot_covers_them,
    a_log_goes_on_after_all_of_it_was_forgotten,
    a_clock_that_went_back_leaves_no_hole,
    a_long_log_goes_in_slices,
    work_that_is_done_goes_and_work_that_waits_stays,
    old_sessions_and_failures_go,
];

async fn events_go_when_they_are_old_and_a_snapshot_covers_them(Place { store, .. }: Place) {
    store.append(&acme(), 0, &events(1..=6)).await.unwrap();
    store.append(&globex(), 0, &events(1..=6)).await.unwrap();
    assert_eq!(store.forget_before(Timestamp(9000)).await.unwrap(), 0, "no snapshot, nothing to spare");

    store.save_snapshot(&acme(), &floor(4), Timestamp(1)).await.unwrap();
    assert_eq!(store.forget_before(Timestamp(3000)).await.unwrap(), 2, "1 and 2 are older than 3000");
    assert_eq!(store.forget_before(Timestamp(9000)).await.unwrap(), 2, "5 and 6 are in no snapshot");
    assert_eq!(
        store.events_after(&acme(), 1, 9).await.unwrap(),
        [event(5), event(6)],
        "readers see that they need a snapshot"
    );
    assert_eq!(store.load(&acme()).await.unwrap().events, [event(5), event(6)]);
    assert_eq!(store.load(&globex()).await.unwrap().events.len(), 6);
}

async fn a_log_goes_on_after_all_of_it_was_forgotten(Place { store, .. }: Place) {
    store.append(&acme(), 0, &events(1..=3)).await.unwrap();
    store.save_snapshot(&acme(), &floor(3), Timestamp(1)).await.unwrap();
    assert_eq!(store.forget_before(Timestamp(9000)).await.unwrap(), 3);

    assert!(matches!(store.append(&acme(), 0, &events(1..=1)).await, Err(StoreError::Conflict)));
    assert!(matches!(store.append(&acme(), 2, &events(3..=3)).await, Err(StoreError::Conflict)));
    store.append(&acme(), 3, &events(4..=4)).await.unwrap();
    let stored = store.load(&acme()).await.unwrap();
    assert_eq!((stored.floor, stored.events), (floor(3), vec![event(4)]));
}

async fn a_clock_that_went_back_leaves_no_hole(Place { store, .. }: Place) {
    let mut batch = events(1..=4);
    batch.events[1].at = Timestamp(50_000);
    store.append(&acme(), 0, &batch).await.unwrap();
    store.save_snapshot(&acme(), &floor(4), Timestamp(1)).await.unwrap();
    assert_eq!(store.forget_before(Timestamp(9000)).await.unwrap(), 1, "3 and 4 are old, but behind one that is not");
    assert_eq!(store.events_after(&acme(), 1, 9).await.unwrap(), batch.events[1..]);
}

async fn a_long_log_goes_in_slices(Place { store, .. }: Place) {
    store.append(&acme(), 0, &events(1..=5000)).await.unwrap();
    store.save_snapshot(&acme(), &floor(5000), Timestamp(1)).await.unwrap();
    assert_eq!(store.forget_before(Timestamp(4_500_000)).await.unwrap(), 4499);
    assert_eq!(store.events_after(&acme(), 0, 1).await.unwrap(), [event(4500)]);
}

async fn work_that_is_done_goes_and_work_that_waits_stays(Place { store, .. }: Place) {
    store.append(&acme(), 0, &asking(1, &[("a", 1), ("b", 1), ("c", 1)])).await.unwrap();
    let claimed = store.claim(Timestamp(2000), Timestamp(3000), 9).await.unwrap();
    store.finish(&acme(), claimed[0].id, Timestamp(2000), None).await.unwrap();
    store.finish(&acme(), claimed[1].id, Timestamp(8000), None).await.unwrap();

    assert_eq!(store.forget_before(Timestamp(5000)).await.unwrap(), 1, "the one that was done before then");
    assert_eq!(store.forget_before(Timestamp(9000)).await.unwrap(), 1);
    assert_eq!(store.unfinished(&acme(), &"c".into()).await.unwrap().len(), 1);
    store.append(&acme(), 1, &Batch { events: vec![event(2)], ..asking(2, &[("d", 1)]) }).await.unwrap();
    let next = store.unfinished(&acme(), &"d".into()).await.unwrap();
    assert!(next[0].id > claimed[2].id, "numbers never come again");
}

async fn old_sessions_and_failures_go(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.open_session("old", &acme(), &"dan".into(), Timestamp(4000)).await.unwrap();
    store.open_session("new", &acme(), &"dan".into(), Timestamp(6000)).await.unwrap();
    store.put_link("old", &acme(), &"dan".into(), Timestamp(4000)).await.unwrap();
    store.put_link("new", &globex(), &"daniel".into(), Timestamp(6000)).await.unwrap();
    store.note_failure("key", Timestamp(4000), Timestamp(0)).await.unwrap();
    store.note_failure("key", Timestamp(6000), Timestamp(0)).await.unwrap();

    assert_eq!(store.forget_before(Timestamp(5000)).await.unwrap(), 3);
    assert!(store.link("new", Timestamp(1)).await.unwrap().is_some());
    assert!(store.session("old", Timestamp(1)).await.unwrap().is_none());
    assert!(store.session("new", Timestamp(1)).await.unwrap().is_some());
    assert_eq!(store.failures("key", Timestamp(0)).await.unwrap(), 1);
}

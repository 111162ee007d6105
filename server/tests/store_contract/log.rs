//! The log: what is appended is loaded, and two writers never both win.

use futures::future::join_all;
use switchyard::{
    floor::Event,
    ports::{Batch, StoreError},
    time::Timestamp,
};

use crate::{
    cast::{abandoned, acme, answered, asking, drop_leg, ending, event, events, floor, globex},
    place::Place,
};

stories![
    what_is_appended_is_loaded,
    a_writer_that_is_behind_or_ahead_is_refused,
    of_many_writers_at_one_version_exactly_one_wins,
    a_batch_is_written_whole_or_not_at_all,
    a_batch_with_a_gap_is_refused,
    a_large_batch_keeps_its_order,
    a_floor_is_the_newest_snapshot_and_what_followed,
    readers_page_through_the_log,
    workspaces_have_logs_of_their_own,
    a_damaged_row_is_reported,
    a_strange_caller_does_not_fail_the_batch,
];

async fn what_is_appended_is_loaded(Place { store, .. }: Place) {
    assert!(store.load(&acme()).await.unwrap().events.is_empty());
    let mut batch = events(1..=2);
    batch.events[1].event = Event::Configured(switchyard::floor::Settings { slots: 7, ..Default::default() });
    store.append(&acme(), 0, &batch).await.unwrap();
    store.append(&acme(), 2, &events(3..=3)).await.unwrap();

    let stored = store.load(&acme()).await.unwrap();
    assert_eq!(stored.floor, floor(0));
    assert_eq!(stored.events, [batch.events, vec![event(3)]].concat());
}

async fn a_writer_that_is_behind_or_ahead_is_refused(Place { store, .. }: Place) {
    store.append(&acme(), 0, &events(1..=3)).await.unwrap();
    for expected in [0, 2, 4] {
        let late = store.append(&acme(), expected, &events(expected + 1..=expected + 2)).await;
        assert!(matches!(late, Err(StoreError::Conflict)), "after {expected}: {late:?}");
    }
    assert_eq!(store.load(&acme()).await.unwrap().events.len(), 3);
}

async fn of_many_writers_at_one_version_exactly_one_wins(place: Place) {
    let stores = [place.store.clone(), place.another().await];
    for version in 0..10 {
        let writers = (0..8).map(|writer| {
            let store = &stores[writer % 2];
            async move {
                let mut batch = asking(version + 1, &[("call", u32::try_from(writer).unwrap())]);
                batch.events[0].at = Timestamp(i64::try_from(writer).unwrap());
                (batch.events[0].clone(), store.append(&acme(), version, &batch).await)
            }
        });
        let (won, lost): (Vec<_>, Vec<_>) = join_all(writers).await.into_iter().partition(|(_, result)| result.is_ok());
        assert_eq!(won.len(), 1);
        assert!(lost.iter().all(|(_, result)| matches!(result, Err(StoreError::Conflict))), "{lost:?}");
        assert_eq!(place.store.events_after(&acme(), version, 9).await.unwrap(), [won[0].0.clone()]);
    }
    assert_eq!(place.store.unfinished(&acme(), &"call".into()).await.unwrap().len(), 10, "effects of the winners only");
}

async fn a_batch_is_written_whole_or_not_at_all(place: Place) {
    let store = &place.store;
    let batch = Batch { effects: vec![drop_leg("a", 1)], records: vec![abandoned("a", 5000)], ..events(1..=2) };

    // The last of its tables is not there.
    place.execute("ALTER TABLE calls RENAME TO calls_elsewhere").await;
    let failed = store.append(&acme(), 0, &batch).await;
    assert!(matches!(failed, Err(StoreError::Unavailable(_))), "{failed:?}");
    place.execute("ALTER TABLE calls_elsewhere RENAME TO calls").await;
    assert!(store.load(&acme()).await.unwrap().events.is_empty());
    assert!(store.unfinished(&acme(), &"a".into()).await.unwrap().is_empty());

    // A writer that lost leaves nothing either.
    let lost = store.append(&acme(), 7, &Batch { events: events(8..=8).events, ..batch.clone() }).await;
    assert!(matches!(lost, Err(StoreError::Conflict)), "{lost:?}");
    assert!(store.unfinished(&acme(), &"a".into()).await.unwrap().is_empty());
    assert!(store.history(&acme(), None, 10).await.unwrap().is_empty());

    store.append(&acme(), 0, &batch).await.unwrap();
    assert_eq!(store.load(&acme()).await.unwrap().events, batch.events);
    assert_eq!(store.unfinished(&acme(), &"a".into()).await.unwrap()[0].effect, batch.effects[0]);
    assert_eq!(store.history(&acme(), None, 10).await.unwrap(), batch.records);
}

async fn a_batch_with_a_gap_is_refused(Place { store, .. }: Place) {
    let gap = Batch { events: vec![event(1), event(3)], ..Batch::default() };
    assert!(matches!(store.append(&acme(), 0, &gap).await, Err(StoreError::Corrupt(_))));
    assert!(matches!(store.append(&acme(), 0, &events(2..=2)).await, Err(StoreError::Corrupt(_))));
    assert!(matches!(store.append(&acme(), 0, &Batch::default()).await, Err(StoreError::Corrupt(_))));
    assert!(store.load(&acme()).await.unwrap().events.is_empty());
}

async fn a_large_batch_keeps_its_order(Place { store, .. }: Place) {
    let effects: Vec<_> = (0..600).map(|leg| drop_leg("a", leg)).collect();
    let batch = Batch { effects: effects.clone(), ..events(1..=1500) };
    store.append(&acme(), 0, &batch).await.unwrap();
    assert_eq!(store.load(&acme()).await.unwrap().events, batch.events);
    let unfinished = store.unfinished(&acme(), &"a".into()).await.unwrap();
    assert!(unfinished.is_sorted_by_key(|item| item.id));
    assert!(unfinished.into_iter().map(|item| item.effect).eq(effects));
}

async fn a_floor_is_the_newest_snapshot_and_what_followed(Place { store, .. }: Place) {
    store.append(&acme(), 0, &events(1..=5)).await.unwrap();
    store.save_snapshot(&acme(), &floor(4), Timestamp(1)).await.unwrap();
    store.save_snapshot(&acme(), &floor(2), Timestamp(2)).await.unwrap();
    let stored = store.load(&acme()).await.unwrap();
    assert_eq!((stored.floor, stored.events), (floor(4), vec![event(5)]));

    store.save_snapshot(&acme(), &floor(5), Timestamp(3)).await.unwrap();
    let stored = store.load(&acme()).await.unwrap();
    assert_eq!((stored.floor, stored.events), (floor(5), vec![]));
}

async fn readers_page_through_the_log(Place { store, .. }: Place) {
    store.append(&acme(), 0, &events(1..=5)).await.unwrap();
    assert_eq!(store.events_after(&acme(), 0, 2).await.unwrap(), [event(1), event(2)]);
    assert_eq!(store.events_after(&acme(), 2, 2).await.unwrap(), [event(3), event(4)]);
    assert_eq!(store.events_after(&acme(), 4, 2).await.unwrap(), [event(5)]);
    assert_eq!(store.events_after(&acme(), 5, 2).await.unwrap(), []);
}

async fn workspaces_have_logs_of_their_own(Place { store, .. }: Place) {
    store.append(&acme(), 0, &asking(1, &[("a", 1)])).await.unwrap();
    store.append(&globex(), 0, &ending(1, vec![abandoned("a", 5000)])).await.unwrap();
    store.append(&globex(), 1, &events(2..=2)).await.unwrap();
    store.save_snapshot(&globex(), &floor(2), Timestamp(1)).await.unwrap();

    let stored = store.load(&acme()).await.unwrap();
    assert_eq!((stored.floor, stored.events), (floor(0), vec![event(1)]));
    assert_eq!(store.events_after(&globex(), 0, 9).await.unwrap(), [event(1), event(2)]);
    assert!(store.unfinished(&globex(), &"a".into()).await.unwrap().is_empty());
    assert!(store.history(&acme(), None, 10).await.unwrap().is_empty());
    assert!(matches!(store.append(&acme(), 2, &events(3..=3)).await, Err(StoreError::Conflict)));
}

async fn a_damaged_row_is_reported(place: Place) {
    let Place { store, .. } = &place;
    store.append(&acme(), 0, &Batch { records: vec![answered("a", 5000)], ..asking(1, &[("a", 1)]) }).await.unwrap();
    place.execute("UPDATE events SET body = '{\"danced\":{}}'").await;
    place.execute("UPDATE outbox SET body = 'no JSON'").await;
    place.execute("UPDATE calls SET hung_up_by = 'nobody'").await;
    assert!(matches!(store.load(&acme()).await, Err(StoreError::Corrupt(_))));
    assert!(matches!(store.events_after(&acme(), 0, 1).await, Err(StoreError::Corrupt(_))));
    assert!(matches!(store.unfinished(&acme(), &"a".into()).await, Err(StoreError::Corrupt(_))));
    assert!(matches!(store.history(&acme(), None, 1).await, Err(StoreError::Corrupt(_))));

    // An event that is missing is damage too.
    store.append(&globex(), 0, &events(1..=3)).await.unwrap();
    place.execute("DELETE FROM events WHERE workspace = 'globex' AND version = 2").await;
    assert!(matches!(store.load(&globex()).await, Err(StoreError::Corrupt(_))));
}

async fn a_strange_caller_does_not_fail_the_batch(Place { store, .. }: Place) {
    let mut record = answered("a", 5000);
    record.caller.name = Some("N\0ul \\u0000 '); --".into());
    let mut batch = ending(1, vec![record.clone()]);
    batch.events[0].event =
        Event::Arrived { call: "a".into(), caller: record.caller.clone(), line: record.line.clone() };
    store.append(&acme(), 0, &batch).await.unwrap();

    assert_eq!(store.load(&acme()).await.unwrap().events, batch.events);
    record.caller.name = Some("Nul \\u0000 '); --".into());
    assert_eq!(store.history(&acme(), None, 1).await.unwrap(), [record]);
}

//! The outbox: effects of one call one at a time, in order, and never with two workers.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use switchyard::{
    ports::{OutboxItem, Store},
    time::Timestamp,
};

use crate::{
    cast::{acme, asking, drop_leg, globex},
    place::Place,
};

stories![
    effects_of_a_call_come_one_at_a_time,
    a_claim_holds_until_it_runs_out,
    a_retry_waits_until_it_is_due,
    an_effect_that_is_given_up_lets_the_next_one_go,
    a_worker_that_is_too_late_changes_nothing,
    what_one_workspace_asked_for_is_not_settled_for_another,
    the_oldest_come_first,
    workers_never_share,
];

/// Claims at `now` for a second.
async fn claim(store: &dyn Store, now: i64, limit: u32) -> Vec<OutboxItem> {
    store.claim(Timestamp(now), Timestamp(now + 1000), limit).await.unwrap()
}

fn legs(items: &[OutboxItem]) -> Vec<(&str, bool)> {
    items
        .iter()
        .map(|item| (item.effect.call.as_str(), item.effect == drop_leg(item.effect.call.as_str(), 1)))
        .collect()
}

async fn effects_of_a_call_come_one_at_a_time(Place { store, .. }: Place) {
    store.append(&acme(), 0, &asking(1, &[("a", 1), ("a", 2), ("b", 1)])).await.unwrap();
    store.append(&globex(), 0, &asking(1, &[("a", 1)])).await.unwrap();

    let first = claim(&*store, 2000, 9).await;
    assert_eq!(legs(&first), [("a", true), ("b", true), ("a", true)], "the same call of two workspaces is two calls");
    assert_eq!([&acme(), &first[2].workspace], [&acme(), &globex()]);
    assert_eq!((first[0].attempts, first[0].created), (0, Timestamp(1000)));
    assert_eq!(claim(&*store, 2000, 9).await, [], "the second effect waits for the first");

    store.finish(&acme(), first[0].id, Timestamp(2100), None).await.unwrap();
    let second = claim(&*store, 2100, 9).await;
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].effect, drop_leg("a", 2));
    assert_eq!(store.unfinished(&acme(), &"a".into()).await.unwrap(), second);
}

async fn a_claim_holds_until_it_runs_out(Place { store, .. }: Place) {
    store.append(&acme(), 0, &asking(1, &[("a", 1), ("a", 2)])).await.unwrap();
    assert_eq!(claim(&*store, 999, 9).await, [], "nothing is due before it was asked for");
    let claimed = claim(&*store, 1000, 9).await;
    assert_eq!(claim(&*store, 1999, 9).await, []);
    let tried = claimed.into_iter().map(|item| OutboxItem { attempts: 1, ..item }).collect::<Vec<_>>();
    assert_eq!(claim(&*store, 2000, 9).await, tried, "its worker is gone, and may have done it");
}

async fn a_retry_waits_until_it_is_due(Place { store, .. }: Place) {
    store.append(&acme(), 0, &asking(1, &[("a", 1), ("a", 2), ("b", 1)])).await.unwrap();
    let claimed = claim(&*store, 1000, 9).await;
    store.retry(&acme(), claimed[0].id, Timestamp(1500), "busy").await.unwrap();
    store.finish(&acme(), claimed[1].id, Timestamp(1000), None).await.unwrap();

    assert_eq!(claim(&*store, 1499, 9).await, [], "and what comes after it waits too");
    let again = claim(&*store, 1500, 9).await;
    assert_eq!((again.len(), again[0].id, again[0].attempts), (1, claimed[0].id, 1));
    store.retry(&acme(), claimed[0].id, Timestamp(1600), "busy").await.unwrap();
    assert_eq!(store.unfinished(&acme(), &"a".into()).await.unwrap()[0].attempts, 2);
}

async fn an_effect_that_is_given_up_lets_the_next_one_go(Place { store, .. }: Place) {
    store.append(&acme(), 0, &asking(1, &[("a", 1), ("a", 2)])).await.unwrap();
    let claimed = claim(&*store, 1000, 9).await;
    store.finish(&acme(), claimed[0].id, Timestamp(1000), Some("the carrier refused")).await.unwrap();
    assert_eq!(claim(&*store, 1000, 9).await[0].effect, drop_leg("a", 2));
}

async fn a_worker_that_is_too_late_changes_nothing(Place { store, .. }: Place) {
    store.append(&acme(), 0, &asking(1, &[("a", 1)])).await.unwrap();
    let claimed = claim(&*store, 1000, 9).await;
    store.finish(&acme(), claimed[0].id, Timestamp(1000), None).await.unwrap();
    store.retry(&acme(), claimed[0].id, Timestamp(1000), "slow").await.unwrap();
    assert_eq!(claim(&*store, 9000, 9).await, []);
}

/// Ids are of the whole table: one that belongs to somebody else is none.
async fn what_one_workspace_asked_for_is_not_settled_for_another(Place { store, .. }: Place) {
    store.append(&acme(), 0, &asking(1, &[("a", 1)])).await.unwrap();
    let claimed = claim(&*store, 1000, 9).await;
    store.retry(&globex(), claimed[0].id, Timestamp(1500), "busy").await.unwrap();
    store.finish(&globex(), claimed[0].id, Timestamp(1000), None).await.unwrap();
    assert_eq!(store.unfinished(&acme(), &"a".into()).await.unwrap(), claimed);
    assert_eq!(claim(&*store, 1500, 9).await, [], "it is still claimed");
    store.finish(&acme(), claimed[0].id, Timestamp(1000), None).await.unwrap();
    assert_eq!(store.unfinished(&acme(), &"a".into()).await.unwrap(), []);
}

async fn the_oldest_come_first(Place { store, .. }: Place) {
    store.append(&globex(), 0, &asking(1, &[("z", 1), ("y", 1)])).await.unwrap();
    store.append(&acme(), 0, &asking(1, &[("x", 1), ("w", 1)])).await.unwrap();
    assert_eq!(legs(&claim(&*store, 1000, 3).await), [("z", true), ("y", true), ("x", true)]);
    assert_eq!(legs(&claim(&*store, 1000, 3).await), [("w", true)]);
}

/// Two processes with four workers each, until nothing is left.
async fn workers_never_share(place: Place) {
    let calls: Vec<_> = (0..100).map(|n| format!("call {n}")).collect();
    let effects: Vec<_> = calls.iter().flat_map(|call| [(call.as_str(), 1), (call.as_str(), 2)]).collect();
    place.store.append(&acme(), 0, &asking(1, &effects)).await.unwrap();

    let stores = [place.store.clone(), place.another().await];
    let done = Arc::new(Mutex::new(Vec::new()));
    let workers = (0..8).map(|worker| {
        let (store, done) = (stores[worker % 2].clone(), done.clone());
        tokio::spawn(async move {
            while done.lock().unwrap().len() < 200 {
                for item in claim(&*store, 1000, 5).await {
                    done.lock().unwrap().push((item.effect.call, item.id));
                    store.finish(&item.workspace, item.id, Timestamp(1000), None).await.unwrap();
                }
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.unwrap();
    }
    let done = done.lock().unwrap();
    assert_eq!(done.iter().collect::<BTreeSet<_>>().len(), 200, "each effect went to one worker, once");
    for call in &calls {
        let order = done.iter().filter(|(of, _)| of.as_str() == call).map(|(_, id)| id);
        assert!(order.is_sorted(), "the effects of {call} in order");
    }
}

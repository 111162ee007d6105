//! What is told elsewhere is written with the events, and is sent until it is taken.

use switchyard::{
    ports::{Store, StoreError},
    time::Timestamp,
    webhooks::{Attempt, Claimed, Endpoint, EventType, Off, Secrets, State, Trouble},
};

use crate::{
    cast::{acme, endpoint, events, globex, telling, two_companies},
    place::Place,
};

stories![
    endpoints_are_added_changed_and_removed,
    each_endpoint_gets_what_it_is_told_of_with_the_events,
    a_batch_that_loses_tells_nothing,
    a_delivery_is_sent_until_it_is_taken,
    an_endpoint_holds_only_so_many_and_leaves_room_for_others,
    two_processes_never_share_a_delivery,
    what_waits_for_an_endpoint_that_is_switched_off_has_failed,
    what_failed_is_sent_again_when_somebody_asks,
    an_endpoint_that_takes_nothing_is_known_to_fail,
    secrets_change_only_as_they_are_known,
    a_log_is_read_in_pages_and_forgotten,
];

const MARIA: &str = "+40722111222";
const ARRIVED: [EventType; 1] = [EventType::Arrived];

async fn claim(store: &dyn Store, now: i64) -> Vec<Claimed> {
    store.claim_deliveries(Timestamp(now), Timestamp(now + 1000), 9, 9).await.unwrap()
}

fn attempt(at: i64, trouble: Option<Trouble>) -> Attempt {
    let status = if trouble.is_none() { 204 } else { 500 };
    Attempt { at: Timestamp(at), took: 7, status: Some(status), trouble, said: "said \"so\"".into() }
}

const REFUSED: Option<Trouble> = Some(Trouble::Refused);

async fn endpoints_are_added_changed_and_removed(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let (crm, wall) =
        (endpoint("crm", &EventType::ALL), Endpoint { created: Timestamp(9), ..endpoint("wall", &ARRIVED) });
    store.add_endpoint(&acme(), &wall).await.unwrap();
    store.add_endpoint(&acme(), &crm).await.unwrap();
    assert_eq!(store.endpoints(&acme()).await.unwrap(), [crm.clone(), wall.clone()], "the oldest first");
    assert_eq!(store.endpoint(&acme(), "wall").await.unwrap(), Some(wall.clone()));
    assert_eq!(store.every_endpoint().await.unwrap(), [(acme(), crm.clone()), (acme(), wall.clone())]);

    // What is another's is not there.
    assert_eq!(store.endpoints(&globex()).await.unwrap(), []);
    assert_eq!(store.endpoint(&globex(), "crm").await.unwrap(), None);
    assert!(!store.change_endpoint(&globex(), &crm).await.unwrap());
    assert!(!store.switch_endpoint(&globex(), "crm", Some((Timestamp(1), Off::Asked))).await.unwrap());
    assert!(!store.remove_endpoint(&globex(), "crm").await.unwrap());
    assert!(!store.add_delivery(&globex(), "crm", "msg", "test", "{}", Timestamp(1)).await.unwrap());

    let moved =
        Endpoint { name: "New".into(), url: "https://new.example".into(), events: ARRIVED.into(), ..crm.clone() };
    assert!(store.change_endpoint(&acme(), &moved).await.unwrap());
    assert_eq!(store.endpoint(&acme(), "crm").await.unwrap(), Some(moved));

    assert!(store.add_delivery(&acme(), "crm", "msg", "test", "{}", Timestamp(1)).await.unwrap());
    assert!(store.remove_endpoint(&acme(), "crm").await.unwrap());
    assert_eq!(store.endpoints(&acme()).await.unwrap(), [wall]);
    assert_eq!(store.deliveries(&acme(), "crm", None, 9).await.unwrap(), [], "its deliveries went with it");
    assert!(!store.remove_endpoint(&acme(), "crm").await.unwrap());
}

async fn each_endpoint_gets_what_it_is_told_of_with_the_events(Place { store, .. }: Place) {
    two_companies(&*store).await;
    for (id, events) in [("all", &EventType::ALL[..]), ("some", &ARRIVED), ("other", &[EventType::Ended])] {
        store.add_endpoint(&acme(), &endpoint(id, events)).await.unwrap();
    }
    store.add_endpoint(&globex(), &endpoint("foreign", &EventType::ALL)).await.unwrap();
    store.append(&acme(), 0, &events(1..=1)).await.unwrap();
    assert_eq!(claim(&*store, 9000).await, []);
    let batch = telling(2, MARIA);
    store.append(&acme(), 1, &batch).await.unwrap();
    let claimed = claim(&*store, 2000).await;
    assert_eq!(claimed.iter().map(|one| one.endpoint.as_str()).collect::<Vec<_>>(), ["all", "some"]);
    for one in &claimed {
        assert_eq!((&one.workspace, one.tries), (&acme(), 0));
        assert_eq!((one.delivery.message.as_str(), one.delivery.event.as_str()), ("msg_acme_2_7d0", "call.arrived"));
        let told = serde_json::to_string(&batch.messages[0].payload(&acme())).unwrap();
        assert_eq!(one.delivery.body, told);
        assert_eq!((one.delivery.created, one.delivery.state), (Timestamp(2000), State::Waiting));
    }
    assert_eq!(store.deliveries_about(&acme(), MARIA).await.unwrap().len(), 2);
    assert_eq!(store.deliveries_about(&globex(), MARIA).await.unwrap().len(), 0);
}

async fn a_batch_that_loses_tells_nothing(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.add_endpoint(&acme(), &endpoint("crm", &ARRIVED)).await.unwrap();
    store.append(&acme(), 0, &events(1..=1)).await.unwrap();
    assert!(matches!(store.append(&acme(), 0, &telling(1, MARIA)).await, Err(StoreError::Conflict)));
    assert!(matches!(store.append(&acme(), 7, &telling(8, MARIA)).await, Err(StoreError::Conflict)));
    assert_eq!(store.deliveries(&acme(), "crm", None, 9).await.unwrap(), []);
}

async fn a_delivery_is_sent_until_it_is_taken(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.add_endpoint(&acme(), &endpoint("crm", &ARRIVED)).await.unwrap();
    store.append(&acme(), 0, &telling(1, MARIA)).await.unwrap();
    assert_eq!(claim(&*store, 999).await, [], "not before it happened");
    let first = claim(&*store, 1000).await;
    assert_eq!(claim(&*store, 1999).await, [], "somebody has it");
    assert_eq!(claim(&*store, 2000).await, first, "whoever had it is gone");
    store.release_deliveries().await.unwrap();
    assert_eq!(claim(&*store, 2001).await, first, "and so is whoever had it then");

    store.note_attempt(&first[0], &attempt(2001, REFUSED), State::Waiting, Timestamp(7000)).await.unwrap();
    assert_eq!(claim(&*store, 6999).await, []);
    let second = claim(&*store, 7000).await;
    assert_eq!((second[0].tries, &second[0].delivery.attempts), (1, &vec![attempt(2001, REFUSED)]));
    store.note_attempt(&second[0], &attempt(7000, None), State::Delivered, Timestamp(7001)).await.unwrap();
    assert_eq!(claim(&*store, 99_000).await, []);
    let log = store.deliveries(&acme(), "crm", None, 9).await.unwrap();
    assert_eq!(
        (log[0].state, &log[0].attempts),
        (State::Delivered, &vec![attempt(2001, REFUSED), attempt(7000, None)])
    );
}

async fn an_endpoint_holds_only_so_many_and_leaves_room_for_others(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.add_endpoint(&acme(), &endpoint("slow", &ARRIVED)).await.unwrap();
    for version in 1..=5 {
        store.append(&acme(), version - 1, &telling(version, MARIA)).await.unwrap();
    }
    store.add_endpoint(&acme(), &endpoint("swift", &ARRIVED)).await.unwrap();
    store.append(&acme(), 5, &telling(6, MARIA)).await.unwrap();
    let take = async |limit| {
        let claimed = store.claim_deliveries(Timestamp(9000), Timestamp(10_000), limit, 2).await.unwrap();
        claimed.into_iter().map(|one| one.endpoint).collect::<Vec<_>>()
    };
    assert_eq!(take(2).await, ["slow", "swift"], "each gets its turn");
    assert_eq!(take(9).await, ["slow"], "two at once, and no more");
    assert_eq!(take(9).await, [""; 0]);
}

async fn two_processes_never_share_a_delivery(place: Place) {
    two_companies(&*place.store).await;
    place.store.add_endpoint(&acme(), &endpoint("crm", &ARRIVED)).await.unwrap();
    for version in 1..=40 {
        place.store.append(&acme(), version - 1, &telling(version, MARIA)).await.unwrap();
    }
    let stores = [place.store.clone(), place.another().await];
    let workers = (0..8).map(|worker| {
        let store = stores[worker % 2].clone();
        tokio::spawn(async move {
            let mut mine = Vec::new();
            loop {
                let claimed = store.claim_deliveries(Timestamp(90_000), Timestamp(99_000), 5, 99).await.unwrap();
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed.into_iter().map(|one| one.delivery.id));
            }
        })
    });
    let mut all = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        all.extend(worker.await.unwrap());
    }
    assert_eq!(all.len(), 40, "one of them was claimed twice, or by nobody");
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 40, "one of them was claimed twice");
}

async fn what_waits_for_an_endpoint_that_is_switched_off_has_failed(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.add_endpoint(&acme(), &endpoint("crm", &ARRIVED)).await.unwrap();
    store.append(&acme(), 0, &telling(1, MARIA)).await.unwrap();
    store.append(&acme(), 1, &telling(2, MARIA)).await.unwrap();
    let on_its_way = store.claim_deliveries(Timestamp(3000), Timestamp(4000), 1, 1).await.unwrap();
    let off = Some((Timestamp(3000), Off::Gone));
    assert!(store.switch_endpoint(&acme(), "crm", off).await.unwrap());
    assert!(!store.switch_endpoint(&acme(), "crm", Some((Timestamp(4000), Off::Asked))).await.unwrap());
    assert_eq!(store.endpoint(&acme(), "crm").await.unwrap().unwrap().off, off);
    // It does not wait again because of the one that was on its way.
    store.note_attempt(&on_its_way[0], &attempt(3000, REFUSED), State::Waiting, Timestamp(3500)).await.unwrap();
    store.append(&acme(), 2, &telling(3, MARIA)).await.unwrap();
    assert!(!store.add_delivery(&acme(), "crm", "msg", "test", "{}", Timestamp(3)).await.unwrap());
    assert_eq!(claim(&*store, 99_000).await, []);
    let log = store.deliveries(&acme(), "crm", None, 9).await.unwrap();
    assert_eq!(log.iter().map(|one| one.state).collect::<Vec<_>>(), [State::Failed, State::Failed]);
    assert!(!store.send_again(&acme(), "crm", log[0].id, Timestamp(5)).await.unwrap(), "not while it is off");

    assert!(store.switch_endpoint(&acme(), "crm", None).await.unwrap());
    assert!(!store.switch_endpoint(&acme(), "crm", None).await.unwrap());
    let back = store.endpoint(&acme(), "crm").await.unwrap().unwrap();
    assert_eq!((back.off, back.failing), (None, None), "it begins anew");
    store.append(&acme(), 3, &telling(4, MARIA)).await.unwrap();
    assert_eq!(claim(&*store, 99_000).await.len(), 1);
}

async fn what_failed_is_sent_again_when_somebody_asks(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.add_endpoint(&acme(), &endpoint("crm", &ARRIVED)).await.unwrap();
    store.append(&acme(), 0, &telling(1, MARIA)).await.unwrap();
    let claimed = claim(&*store, 1000).await;
    let id = claimed[0].delivery.id;
    store.note_attempt(&claimed[0], &attempt(1000, REFUSED), State::Failed, Timestamp(1000)).await.unwrap();
    assert_eq!(claim(&*store, 99_000).await, []);
    assert!(!store.send_again(&globex(), "crm", id, Timestamp(2000)).await.unwrap());
    assert!(!store.send_again(&acme(), "wall", id, Timestamp(2000)).await.unwrap());
    assert!(store.send_again(&acme(), "crm", id, Timestamp(2000)).await.unwrap());
    let again = claim(&*store, 2000).await;
    assert_eq!((again[0].delivery.id, again[0].tries, again[0].delivery.attempts.len()), (id, 0, 1));
    assert_eq!(again[0].delivery.message, claimed[0].delivery.message, "under the same name");
}

async fn an_endpoint_that_takes_nothing_is_known_to_fail(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.add_endpoint(&acme(), &endpoint("crm", &ARRIVED)).await.unwrap();
    store.append(&acme(), 0, &telling(1, MARIA)).await.unwrap();
    let failing = async || store.endpoint(&acme(), "crm").await.unwrap().unwrap().failing;
    let claimed = claim(&*store, 1000).await;
    for (trouble, at, known) in [
        (REFUSED, 1000, Some(Timestamp(1000))),
        (REFUSED, 2000, Some(Timestamp(1000))),
        (None, 3000, None),
        (None, 4000, None),
        (REFUSED, 5000, Some(Timestamp(5000))),
    ] {
        store.note_attempt(&claimed[0], &attempt(at, trouble), State::Waiting, Timestamp(at)).await.unwrap();
        assert_eq!(failing().await, known, "at {at}");
    }
    let renamed = Endpoint { name: "New".into(), ..endpoint("crm", &ARRIVED) };
    store.change_endpoint(&acme(), &renamed).await.unwrap();
    assert_eq!(failing().await, Some(Timestamp(5000)));
    store.change_endpoint(&acme(), &Endpoint { url: "https://new.example".into(), ..renamed }).await.unwrap();
    assert_eq!(failing().await, None, "another address begins anew");
}

async fn secrets_change_only_as_they_are_known(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let known = endpoint("crm", &ARRIVED).secrets;
    store.add_endpoint(&acme(), &endpoint("crm", &ARRIVED)).await.unwrap();
    let new = Secrets { now: "second".into(), before: Some((known.now.clone(), Timestamp(7))) };
    assert!(!store.put_secrets(&globex(), "crm", &known, &new).await.unwrap());
    assert!(store.put_secrets(&acme(), "crm", &known, &new).await.unwrap());
    assert!(!store.put_secrets(&acme(), "crm", &known, &new).await.unwrap(), "somebody was faster");
    assert_eq!(store.endpoint(&acme(), "crm").await.unwrap().unwrap().secrets, new);
    let alone = Secrets { now: "third".into(), before: None };
    assert!(store.put_secrets(&acme(), "crm", &new, &alone).await.unwrap());
    assert_eq!(store.endpoint(&acme(), "crm").await.unwrap().unwrap().secrets, alone);
}

async fn a_log_is_read_in_pages_and_forgotten(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.add_endpoint(&acme(), &endpoint("crm", &ARRIVED)).await.unwrap();
    for version in 1..=5 {
        store.append(&acme(), version - 1, &telling(version, MARIA)).await.unwrap();
    }
    let page = store.deliveries(&acme(), "crm", None, 2).await.unwrap();
    assert_eq!(page.iter().map(|one| one.created.0).collect::<Vec<_>>(), [5000, 4000]);
    let page = store.deliveries(&acme(), "crm", Some(page[1].id), 9).await.unwrap();
    assert_eq!(page.iter().map(|one| one.created.0).collect::<Vec<_>>(), [3000, 2000, 1000]);
    assert_eq!(store.deliveries(&globex(), "crm", None, 9).await.unwrap(), []);
    store.add_endpoint(&globex(), &endpoint("crm", &ARRIVED)).await.unwrap();
    store.append(&globex(), 0, &telling(1, MARIA)).await.unwrap();
    // One that is to be sent again is kept until that is tried.
    assert!(store.send_again(&acme(), "crm", page[1].id, Timestamp(3500)).await.unwrap());
    assert_eq!(store.forget_deliveries(&acme(), Timestamp(3000)).await.unwrap(), 1);
    let left = store.deliveries(&acme(), "crm", None, 9).await.unwrap();
    assert_eq!(left.iter().map(|one| one.created.0).collect::<Vec<_>>(), [5000, 4000, 3000, 2000]);
    assert_eq!(store.forget_deliveries(&acme(), Timestamp(3501)).await.unwrap(), 2, "it does not wait for ever");
    assert_eq!(store.deliveries(&globex(), "crm", None, 9).await.unwrap().len(), 1, "each company's for its own time");
}

//! What knows people by a name, an extension or a number alone, and not by who they are.

use switchyard::{
    audit::{Actor, Change, Deed, Entry},
    call::{Caller, Direction, Line},
    floor::{Event, Recorded},
    history::{CallRecord, ERASED},
    id::LegId,
    ports::{Batch, Traces},
    time::Timestamp,
    webhooks::{EventType, Message, PastCall, Told},
};

use crate::{
    cast::{abandoned, acme, ending, endpoint, globex, two_companies},
    place::Place,
    privacy::{MARIA, eve},
};

stories![
    calls_between_two_of_us_are_known_by_who_it_was,
    what_knows_somebody_by_name_is_found_and_erased_row_by_row,
    what_is_left_in_the_log_of_a_number_is_found,
];

async fn calls_between_two_of_us_are_known_by_who_it_was(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.put_account(&eve()).await.unwrap();
    let called = |call: &str, ended, number: &str, name: &str, colleague: Option<&str>| CallRecord {
        direction: Direction::Internal,
        caller: Caller { number: number.into(), name: Some(name.into()) },
        colleague: colleague.map(Into::into),
        agent: Some("dan".into()),
        ..abandoned(call, ended)
    };
    let (number, name) = ("777", "Eve Ștefan");
    let records = vec![
        called("her-as-she-was", 5000, "778", "Eve Pop", Some("e1")),
        called("a-namesake", 4000, "102", name, Some("e2")),
        called("who-had-the-extension", 3000, number, "Ema", Some("e3")),
        called("nobody-knows", 2000, "102", name, None),
        called("somebody-else", 1000, "10", "Dan", None),
    ];
    store.append(&acme(), 0, &ending(1, records.clone())).await.unwrap();
    assert_eq!(store.history(&acme(), None, 9).await.unwrap(), records);
    // Who somebody is counts, and what they were called only where nothing else is known.
    assert_eq!(store.calls_of(&acme(), &"e1".into(), None, 9).await.unwrap(), records[..1]);
    for word in [name, "102"] {
        assert_eq!(store.calls_naming(&acme(), word).await.unwrap(), records[3..4], "{word}");
    }
    assert_eq!(store.calls_naming(&globex(), name).await.unwrap(), []);

    let traces = Traces { calls: vec!["nobody-knows".into()], ..Traces::default() };
    store.erase_person(&eve(), &traces, &[], Timestamp(9)).await.unwrap();
    let nameless = |record: CallRecord| CallRecord { caller: Caller { number: ERASED.into(), name: None }, ..record };
    let [first, second, third, fourth, fifth] = records.try_into().unwrap();
    let left = [nameless(first), second, third, nameless(fourth), fifth];
    assert_eq!(store.history(&acme(), None, 9).await.unwrap(), left);
}

async fn what_knows_somebody_by_name_is_found_and_erased_row_by_row(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.put_account(&eve()).await.unwrap();
    for workspace in [acme(), globex()] {
        store.add_endpoint(&workspace, &endpoint("crm", &EventType::ALL)).await.unwrap();
        let told = |call: &str, name: &str, direction| {
            let caller = Caller { number: "777".into(), name: Some(name.into()) };
            let record = CallRecord { direction, caller, ..abandoned(call, 1000) };
            let call = Told::Past(PastCall::from(&record));
            Message { event: EventType::Ended, sequence: 1, at: record.ended, agent: None, by: None, call }
        };
        let messages = vec![
            told("CA1", "Eve \"the\" Ștefan_", Direction::Internal),
            told("CA2", "Eve", Direction::Internal),
            told("CA3", "Eve", Direction::Inbound),
        ];
        store.append(&workspace, 0, &Batch { messages, ..ending(1, Vec::new()) }).await.unwrap();
        let entry = Entry {
            at: Timestamp(1),
            by: Actor::Command,
            deed: Deed::NumberChanged,
            subject: "+40312345678".into(),
            whom: None,
            changes: vec![Change::new("answers", Some("Eve, Dan"), Some("Dan"))],
        };
        store.note(&workspace, &entry).await.unwrap();
        store.note(&workspace, &Entry { at: Timestamp(2), ..entry }).await.unwrap();
    }
    // Texts are found whole, as JSON has them, and nothing in them is a pattern.
    for (word, calls) in [("777", 2), ("Eve", 1), ("Eve \"the\" Ștefan_", 1), ("Eve \"the\" ȘtefanX", 0), ("77_", 0)]
    {
        assert_eq!(store.deliveries_naming(&acme(), word).await.unwrap().len(), calls, "{word}");
    }
    let told = store.deliveries_naming(&acme(), "Eve").await.unwrap();
    let entries = store.audit(&acme(), None, 9).await.unwrap();
    let left = vec![Change::new("answers", Some("erased, Dan"), Some("Dan"))];
    let traces = Traces {
        deliveries: told.iter().map(|told| told.id).collect(),
        entries: vec![(entries[0].0, left.clone())],
        ..Traces::default()
    };
    store.erase_person(&eve(), &traces, &[], Timestamp(9)).await.unwrap();
    assert_eq!(store.deliveries(&acme(), "crm", None, 9).await.unwrap().len(), 2);
    assert_eq!(store.deliveries(&globex(), "crm", None, 9).await.unwrap().len(), 3, "another company's are its own");
    let log: Vec<_> = store.audit(&acme(), None, 9).await.unwrap().into_iter().map(|(_, entry)| entry).collect();
    assert_eq!((&log[0].changes, &log[1]), (&left, &entries[1].1));
}

async fn what_is_left_in_the_log_of_a_number_is_found(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let added = |version, number: &str| Recorded {
        version,
        at: Timestamp(1000),
        event: Event::Adding {
            call: "CA1".into(),
            leg: LegId(2),
            who: Caller { number: number.into(), name: None },
            line: Line { number: "+40312345678".into(), label: "Sales".into() },
            by: "dan".into(),
        },
    };
    let events = vec![added(1, MARIA), added(2, "+40733000000"), added(3, MARIA)];
    store.append(&acme(), 0, &Batch { events: events.clone(), ..Batch::default() }).await.unwrap();
    assert_eq!(store.events_about(&acme(), MARIA).await.unwrap(), [events[0].clone(), events[2].clone()]);
    assert_eq!(store.events_about(&acme(), &MARIA[..5]).await.unwrap(), []);
    assert_eq!(store.events_about(&globex(), MARIA).await.unwrap(), []);
}

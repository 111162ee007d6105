//! Somebody is erased: nothing in any table says who they were, and every count is as it was.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};
use switchyard::{
    agent::Profile,
    audit::{Actor, Change, Deed, Entry},
    call::{Caller, Direction, Line},
    floor::{Event, Floor, Recorded},
    history::{CallRecord, ERASED, HungUpBy, Outcome},
    people::{Account, Fallback, Standing},
    ports::{Batch, CarrierCall, Connection as Carrier, Store, Traces, Undeleted},
    retention::Retention,
    time::Timestamp,
    webhooks::{EventType, Message, PastCall, Told},
};

use crate::{
    cast::{abandoned, acme, connection, drop_leg, ending, endpoint, globex, person, telling, two_companies},
    contacts::contact,
    place::Place,
};

stories![
    whoever_is_erased_is_in_no_table_and_every_count_stays,
    a_colleague_who_left_is_erased_and_their_calls_count,
    an_address_that_is_used_elsewhere_stays_there,
    what_is_still_to_be_deleted_at_the_carrier_is_kept_until_it_is,
    calls_in_an_account_that_was_left_are_to_be_deleted_there,
    what_is_kept_of_one_person_is_found,
    what_is_old_goes_as_each_workspace_says,
];

pub(crate) const MARIA: &str = "+40722111222";
const NAME: &str = "Maria Enăche-Țuțu";

/// Everything that is stored, as text.
async fn dump(place: &Place) -> String {
    let mut all = Vec::new();
    if place.url.starts_with("sqlite") {
        let mut database = SqliteConnection::connect(&place.url).await.unwrap();
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'";
        for table in sqlx::query(tables).fetch_all(&mut database).await.unwrap() {
            let table: String = table.get(0);
            let columns = format!("SELECT group_concat(name, ', ') FROM pragma_table_info('{table}')");
            let columns: String = sqlx::query_scalar(AssertSqlSafe(columns)).fetch_one(&mut database).await.unwrap();
            let rows = format!("SELECT json_array({columns}) FROM {table}");
            for row in sqlx::query(AssertSqlSafe(rows)).fetch_all(&mut database).await.unwrap() {
                all.push(format!("{table} {}", row.get::<String, _>(0)));
            }
        }
    } else {
        let mut database = PgConnection::connect(&place.url).await.unwrap();
        let tables =
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_sqlx%'";
        for table in sqlx::query(tables).fetch_all(&mut database).await.unwrap() {
            let table: String = table.get(0);
            let rows = format!("SELECT t::text FROM {table} AS t");
            for row in sqlx::query(AssertSqlSafe(rows)).fetch_all(&mut database).await.unwrap() {
                all.push(format!("{table} {}", row.get::<String, _>(0)));
            }
        }
    }
    all.join("\n")
}

/// Calls by how they went, who answered, which way and on which day.
async fn counts(store: &dyn Store) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for record in store.history(&acme(), None, 999).await.unwrap() {
        let day = record.ended.0 / 86_400_000;
        let key =
            format!("{:?} {:?} {:?} {day} {:?}", record.outcome, record.agent, record.direction, record.hung_up_by);
        *counts.entry(key).or_default() += 1;
    }
    counts
}

fn calls() -> impl Strategy<Value = Vec<CallRecord>> {
    let call = (0..3_usize, 0..3_usize, any::<bool>(), 0..5_i64, any::<bool>());
    proptest::collection::vec(call, 1..40).prop_map(|calls| {
        let numbers = [(MARIA, NAME), ("+40723456789", "George"), ("anonymous", "")];
        let record = |(n, (who, how, outbound, day, named)): (usize, (usize, usize, bool, i64, bool))| {
            let (number, name) = numbers[who];
            let ended = day * 86_400_000 + 1000 * i64::try_from(n).unwrap();
            CallRecord {
                direction: if outbound { Direction::Outbound } else { Direction::Inbound },
                caller: Caller { number: number.into(), name: named.then(|| name.into()) },
                agent: (how > 0).then(|| "dan".into()),
                outcome: [Outcome::Abandoned, Outcome::Answered, Outcome::Busy][how],
                hung_up_by: if how > 1 { HungUpBy::Agent("dan".into()) } else { HungUpBy::Caller },
                ..abandoned(&format!("CA{n}"), ended)
            }
        };
        calls.into_iter().enumerate().map(record).collect()
    })
}

async fn whoever_is_erased_is_in_no_table_and_every_count_stays(place: Place) {
    let store = &place.store;
    two_companies(&**store).await;
    store.add_endpoint(&acme(), &endpoint("crm", &EventType::ALL)).await.unwrap();
    let mut runner = TestRunner::deterministic();
    let mut version = 0;
    for _ in 0..6 {
        let records = calls().new_tree(&mut runner).unwrap().current();
        store.add_contact(&contact(&acme(), "m", MARIA, NAME)).await.unwrap();
        let caller = Caller { number: MARIA.into(), name: Some(NAME.into()) };
        let line = Line { number: "+40312345678".into(), label: "Sales".into() };
        let arrived = Event::Arrived { call: "CA0".into(), caller, line };
        let events = vec![Recorded { version: version + 1, at: Timestamp(1000), event: arrived }];
        let effects = vec![drop_leg("CA0", 1), drop_leg("CA1", 1), drop_leg("other", 1)];
        let messages = telling(version + 1, MARIA).messages;
        store.append(&acme(), version, &Batch { events, effects, records, messages }).await.unwrap();
        version += 1;
        let work = store.claim(Timestamp(2000), Timestamp(3000), 99).await.unwrap();
        for item in &work {
            let error = format!("Twilio answered 400, code 21211: {MARIA} is not valid");
            store.finish(&item.workspace, item.id, Timestamp(2000), Some(&error)).await.unwrap();
        }
        let entry = Entry {
            at: Timestamp(1),
            by: Actor::Command,
            deed: Deed::DataExported,
            subject: MARIA.into(),
            whom: None,
            changes: Vec::new(),
        };
        store.note(&acme(), &entry).await.unwrap();
        let role = Change::new("role", Some("agent"), Some("admin"));
        let changes = vec![Change::new("fallback", Some(MARIA), Some("voicemail")), role.clone()];
        store.note(&acme(), &Entry { subject: "Dan".into(), changes, ..entry }).await.unwrap();
        assert!(dump(&place).await.contains(MARIA));
        let before = counts(&**store).await;

        store.save_snapshot(&acme(), &Floor { version, ..Floor::default() }, Timestamp(9)).await.unwrap();
        store.erase_number(&acme(), MARIA, &[], Timestamp(10)).await.unwrap();
        let after = dump(&place).await;
        for trace in [MARIA, "722111222", NAME, "Enăche"] {
            assert!(!after.contains(trace), "{trace} in\n{after}");
        }
        assert_eq!(counts(&**store).await, before);
        let (_, newest) = store.audit(&acme(), None, 1).await.unwrap().remove(0);
        let left = [Change::new("fallback", Some(ERASED), Some("voicemail")), role];
        assert_eq!(newest.changes, left, "what else was changed stays");
        assert_eq!(store.load(&acme()).await.unwrap().floor.version, version, "the floor goes on where it was");
    }
    // Whom another company knows is its own.
    store.add_contact(&contact(&globex(), "m", MARIA, NAME)).await.unwrap();
    store.append(&globex(), 0, &ending(1, vec![abandoned("CA0", 5)])).await.unwrap();
    store.erase_number(&acme(), MARIA, &[], Timestamp(11)).await.unwrap();
    assert!(store.contact_with(&globex(), MARIA).await.unwrap().is_some());
    assert_eq!(store.calls_with(&globex(), MARIA, None, 9).await.unwrap().len(), 1);
}

pub(crate) fn eve() -> Account {
    let profile = Profile { id: "e1".into(), name: "Eve Ștefan".into(), ..person(&acme(), "e1", "777").profile };
    Account {
        profile,
        email: "eve@somewhere.example".into(),
        fallback: Fallback::Mobile("+40733000111".into()),
        deactivated: Some(Timestamp(5)),
        ..person(&acme(), "e1", "777")
    }
}

async fn a_colleague_who_left_is_erased_and_their_calls_count(place: Place) {
    let store = &place.store;
    two_companies(&**store).await;
    store.put_account(&eve()).await.unwrap();
    let internal = CallRecord {
        direction: Direction::Internal,
        caller: Caller { number: "777".into(), name: Some("Eve Ștefan".into()) },
        agent: Some("dan".into()),
        ..abandoned("CA1", 1000)
    };
    let answered = CallRecord { agent: Some("e1".into()), outcome: Outcome::Answered, ..abandoned("CA2", 2000) };
    store.add_endpoint(&acme(), &endpoint("crm", &EventType::ALL)).await.unwrap();
    let told = |record: &CallRecord| Message {
        event: EventType::Ended,
        sequence: 1,
        at: record.ended,
        agent: None,
        by: None,
        call: Told::Past(PastCall::from(record)),
    };
    let messages = [&internal, &answered].map(told).into();
    let batch = Batch { messages, ..ending(1, vec![internal, answered.clone()]) };
    store.append(&acme(), 0, &batch).await.unwrap();
    let seated = Recorded { version: 2, at: Timestamp(2), event: Event::Seated(eve().profile) };
    store.append(&acme(), 1, &Batch { events: vec![seated], ..Batch::default() }).await.unwrap();
    let about = [("e1", "Dan", "dan@example.com"), ("dan", "Eve as she was called before", "eve@somewhere.example")];
    for (by, subject, email) in about {
        let entry = Entry {
            at: Timestamp(1),
            by: Actor::Person { id: by.into(), name: "Eve Ștefan".into() },
            deed: Deed::PersonChanged,
            subject: subject.into(),
            // Renamed since: she is found by who she is.
            whom: Some(if by == "dan" { "e1".into() } else { "dan".into() }),
            changes: vec![Change::new("email", Some("old@example.com"), Some(email))],
        };
        // Somebody else of that name keeps it.
        let by = if by == "dan" { Actor::Person { id: "dan".into(), name: "Dan".into() } } else { entry.by.clone() };
        store.note(&acme(), &Entry { by, ..entry }).await.unwrap();
    }
    let told = store.deliveries_naming(&acme(), "777").await.unwrap();
    assert!(
        matches!(&told[..], [told] if told.event == "call.ended" && told.at == Timestamp(1000)),
        "not of CA2: {told:?}"
    );
    let traces = Traces { calls: vec!["CA1".into()], deliveries: vec![told[0].id], entries: Vec::new() };
    let before = counts(&**store).await;

    store.save_snapshot(&acme(), &Floor { version: 2, ..Floor::default() }, Timestamp(9)).await.unwrap();
    let to_her_phone = CarrierCall { account: "AC1".into(), call: "CA7".into() };
    store.erase_person(&eve(), &traces, std::slice::from_ref(&to_her_phone), Timestamp(9)).await.unwrap();
    assert!(store.undeleted().await.unwrap().contains(&(acme(), to_her_phone)));
    let after = dump(&place).await;
    for trace in ["Eve", "Ștefan", "somewhere", "777", "+40733000111"] {
        assert!(!after.contains(trace), "{trace} in\n{after}");
    }
    assert_eq!(counts(&**store).await, before);
    assert_eq!(store.deliveries_naming(&acme(), "777").await.unwrap(), []);
    let left = store.account(&acme(), &"e1".into()).await.unwrap().unwrap();
    assert!(left.is_erased() && left.standing() == Standing::Deactivated);
    assert_eq!(left, eve().erased());
    assert!(
        store.history(&acme(), None, 9).await.unwrap().contains(&answered),
        "who answered is known by the id alone"
    );
    let calls = store.history(&acme(), None, 9).await.unwrap();
    assert!(calls.iter().any(|call| call.caller.number == ERASED && call.caller.name.is_none()));
    let told = store.deliveries(&acme(), "crm", None, 9).await.unwrap();
    assert!(told.len() == 1 && told[0].body.contains("CA2"), "what was told of others stays: {told:?}");
    // The extension and the address are free again.
    store.put_account(&person(&acme(), "new", "777")).await.unwrap();
    assert_eq!(store.accounts_of("eve@somewhere.example").await.unwrap(), []);

    // Whoever still belongs to the workspace is not erased by mistake.
    let dan = store.account(&acme(), &"dan".into()).await.unwrap().unwrap();
    assert!(store.erase_person(&dan, &Traces::default(), &[], Timestamp(9)).await.is_err());
    assert_eq!(store.account(&acme(), &"dan".into()).await.unwrap(), Some(dan));
}

async fn an_address_that_is_used_elsewhere_stays_there(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.put_account(&eve()).await.unwrap();
    store.put_password("eve@somewhere.example", "hash").await.unwrap();
    let elsewhere = Account { workspace: globex(), deactivated: None, ..eve() };
    store.put_account(&elsewhere).await.unwrap();
    store.erase_person(&eve(), &Traces::default(), &[], Timestamp(9)).await.unwrap();
    assert_eq!(store.accounts_of("eve@somewhere.example").await.unwrap(), [elsewhere]);
    assert_eq!(store.password("eve@somewhere.example").await.unwrap().as_deref(), Some("hash"));
}

async fn what_is_still_to_be_deleted_at_the_carrier_is_kept_until_it_is(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let of = |account: &str, call: &str| CarrierCall { account: account.into(), call: call.into() };
    let [one, two, other] = [of("AC1", "CA1"), of("AC1", "CA2"), of("AC2", "CA1")];
    store.put_connection(&connection(&acme(), "AC1"), None).await.unwrap();
    store.put_connection(&connection(&globex(), "AC2"), None).await.unwrap();
    store.erase_number(&acme(), MARIA, &[one.clone(), two.clone()], Timestamp(1)).await.unwrap();
    store.erase_number(&acme(), MARIA, std::slice::from_ref(&two), Timestamp(2)).await.unwrap();
    store.erase_number(&globex(), MARIA, std::slice::from_ref(&other), Timestamp(3)).await.unwrap();
    assert_eq!(store.undeleted().await.unwrap(), [(acme(), one), (acme(), two), (globex(), other)]);
    store.deleted(&acme(), "CA1", Timestamp(5)).await.unwrap();
    let left = async || (store.undeleted_of(&acme()).await.unwrap(), store.undeleted_of(&globex()).await.unwrap());
    let one_here = Undeleted { here: 1, elsewhere: 0 };
    assert_eq!(left().await, (one_here, one_here));
    // In another account it is not to be found, and waits until its own is connected again.
    let at = |account: &str, changed| Carrier { changed: Timestamp(changed), ..connection(&acme(), account) };
    assert!(store.put_connection(&at("AC3", 8), Some(Timestamp(7))).await.unwrap());
    assert_eq!(left().await, (Undeleted { here: 0, elsewhere: 1 }, one_here));
    assert!(store.put_connection(&at("AC1", 9), Some(Timestamp(8))).await.unwrap());
    assert_eq!(left().await, (one_here, one_here));
}

async fn calls_in_an_account_that_was_left_are_to_be_deleted_there(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let at = |account: &str, changed| Carrier { changed: Timestamp(changed), ..connection(&acme(), account) };
    store.put_connection(&at("AC1", 7), None).await.unwrap();
    for (account, since, changed) in [("AC2", 7, 2000), ("AC3", 2000, 4000), ("AC3", 4000, 6000)] {
        assert!(store.put_connection(&at(account, changed), Some(Timestamp(since))).await.unwrap());
    }
    let ended = [("one", 1000), ("two", 3000), ("three", 5000), ("four", 7000)];
    let calls = ended.map(|(call, ended)| abandoned(call, ended)).into();
    store.append(&acme(), 0, &ending(1, calls)).await.unwrap();
    // What the account says that is connected it knows best.
    let told = CarrierCall { account: "AC3".into(), call: "three".into() };
    store.erase_number(&acme(), MARIA, &[told], Timestamp(9000)).await.unwrap();
    let waiting = store.undeleted().await.unwrap().into_iter();
    let waiting: BTreeSet<_> = waiting.map(|(_, CarrierCall { account, call })| (account, call)).collect();
    let expected = [("AC1", "one"), ("AC2", "two"), ("AC3", "three")];
    assert_eq!(waiting, expected.map(|(account, call)| (account.to_owned(), call.to_owned())).into());
    assert_eq!(store.undeleted_of(&acme()).await.unwrap(), Undeleted { here: 1, elsewhere: 2 });
}

async fn what_is_kept_of_one_person_is_found(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let dan = "dan".into();
    store.open_session("one", &acme(), &"dan".into(), Timestamp(4000)).await.unwrap();
    assert_eq!(store.sessions_of(&acme(), &"dan".into()).await.unwrap(), [Timestamp(4000)]);
    store.put_link("hash", &acme(), &"dan".into(), Timestamp(5000)).await.unwrap();
    assert_eq!(store.link_of(&acme(), &"dan".into()).await.unwrap(), Some(Timestamp(5000)));
    assert_eq!(store.link_of(&globex(), &"daniel".into()).await.unwrap(), None);
    let talked = CallRecord { agent: Some("dan".into()), ..abandoned("a", 3000) };
    let ended = CallRecord { hung_up_by: HungUpBy::Agent("dan".into()), ..abandoned("b", 2000) };
    let called = CallRecord {
        direction: Direction::Internal,
        caller: Caller { number: "10".into(), name: Some("DAN".into()) },
        colleague: Some("dan".into()),
        agent: Some("eve".into()),
        ..abandoned("c", 1000)
    };
    let records = vec![talked.clone(), ended.clone(), called.clone(), abandoned("d", 4000)];
    store.append(&acme(), 0, &ending(1, records)).await.unwrap();
    let theirs = [talked, ended, called];
    assert_eq!(store.calls_of(&acme(), &dan, None, 9).await.unwrap(), theirs);
    assert_eq!(store.calls_of(&acme(), &dan, Some(&theirs[0].bookmark()), 1).await.unwrap(), theirs[1..2]);
}

async fn what_is_old_goes_as_each_workspace_says(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let for_ever = Retention::default();
    assert_eq!(store.retention(&acme()).await.unwrap(), for_ever);
    assert_eq!(for_ever.deliveries, 30, "as for those who were here before it could be chosen");
    for (calls, messages, audit, deliveries) in [
        (Some(30), Some(7), Some(90), 1),
        (Some(30), None, None, 30),
        (None, Some(7), Some(365), 365),
        (None, None, None, 30),
    ] {
        let chosen = Retention { calls, messages, audit, deliveries };
        store.put_retention(&acme(), chosen).await.unwrap();
        assert_eq!(
            (store.retention(&acme()).await.unwrap(), store.retention(&globex()).await.unwrap()),
            (chosen, for_ever)
        );
    }

    for workspace in [acme(), globex()] {
        let records = vec![abandoned("a", 1000), abandoned("b", 2000)];
        store.append(&workspace, 0, &ending(1, records)).await.unwrap();
    }
    assert_eq!(store.forget_calls(&acme(), Timestamp(2000)).await.unwrap(), 1);
    assert_eq!(store.history(&acme(), None, 9).await.unwrap(), [abandoned("b", 2000)]);
    assert_eq!(store.history(&globex(), None, 9).await.unwrap().len(), 2);

    let entry = |at| Entry {
        at: Timestamp(at),
        by: Actor::Server,
        deed: Deed::DriftFound,
        subject: String::new(),
        whom: None,
        changes: Vec::new(),
    };
    // The clock may have gone back.
    for (workspace, at) in [(acme(), 3000), (acme(), 1000), (acme(), 2000), (globex(), 1000)] {
        store.note(&workspace, &entry(at)).await.unwrap();
    }
    assert_eq!(store.forget_audit(&acme(), Timestamp(2000)).await.unwrap(), 1);
    assert_eq!(store.forget_audit(&acme(), Timestamp(2000)).await.unwrap(), 0);
    let left: Vec<_> = store.audit(&acme(), None, 9).await.unwrap().into_iter().map(|(_, entry)| entry).collect();
    assert_eq!(left, [entry(2000), entry(3000)]);
    assert_eq!(store.audit(&globex(), None, 9).await.unwrap().len(), 1);
}

//! Somebody who called for years is erased as well as anybody else: what is done in one transaction takes no longer for
//! being done to much.

use switchyard::{
    audit::{Actor, Change, Deed, Entry},
    call::{Caller, Direction},
    history::{CallRecord, ERASED},
    id::WorkspaceId,
    ports::{Batch, CarrierCall, Store, Traces},
    time::Timestamp,
    voicemail::VoiceMessage,
    webhooks::{EventType, Message, PastCall, Told},
};

use crate::{
    cast::{abandoned, acme, ending, endpoint, globex, two_companies},
    place::Place,
    privacy::{MARIA, eve},
    voicemail::message,
};

stories![a_frequent_caller_is_erased, a_colleague_of_many_years_is_erased];

/// So many statements, one after the other and each of them a millisecond, take longer than there is time for all.
const MANY: u32 = 20_000;
/// PostgreSQL is that far away; SQLite is in the same process.
const A_MILLISECOND_AWAY: &str = "
    CREATE FUNCTION travel() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.001); RETURN NULL; END $$;
    CREATE TRIGGER travel BEFORE INSERT ON erasures FOR EACH STATEMENT EXECUTE FUNCTION travel();
    CREATE TRIGGER travel BEFORE DELETE ON voicemail FOR EACH STATEMENT EXECUTE FUNCTION travel();
    CREATE TRIGGER travel BEFORE UPDATE ON calls FOR EACH STATEMENT EXECUTE FUNCTION travel();
    CREATE TRIGGER travel BEFORE DELETE ON webhook_deliveries FOR EACH STATEMENT EXECUTE FUNCTION travel();
    CREATE TRIGGER travel BEFORE UPDATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION travel();";

async fn far_away(place: &Place) {
    if place.url.starts_with("postgres") {
        place.execute(A_MILLISECOND_AWAY).await;
    }
}

fn at_carrier() -> Vec<CarrierCall> {
    (0..MANY).map(|n| CarrierCall { account: "AC1".into(), call: format!("CA{n}") }).collect()
}

/// How much is still to be deleted at the carrier.
async fn undeleted(store: &dyn Store, workspace: &WorkspaceId) -> u32 {
    let undeleted = store.undeleted_of(workspace).await.unwrap();
    undeleted.here + undeleted.elsewhere
}

async fn a_frequent_caller_is_erased(place: Place) {
    let store = &*place.store;
    two_companies(store).await;
    far_away(&place).await;
    store.erase_number(&acme(), MARIA, &at_carrier()[..9], Timestamp(1)).await.unwrap();
    store.erase_number(&acme(), MARIA, &at_carrier(), Timestamp(2)).await.unwrap();
    assert_eq!((undeleted(store, &acme()).await, undeleted(store, &globex()).await), (MANY, 0), "each once");
    let last = (acme(), at_carrier().pop().unwrap());
    assert!(store.undeleted().await.unwrap().contains(&last), "with its account");
}

/// A call of hers with one of us, from before it was kept who was called.
fn of_eve(n: u32) -> CallRecord {
    CallRecord {
        direction: Direction::Internal,
        caller: Caller { number: "777".into(), name: Some("Eve Ștefan".into()) },
        ..abandoned(&format!("CA{n}"), 1000 + i64::from(n))
    }
}

/// That somebody answers a number.
fn chosen(name: &str) -> Entry {
    Entry {
        at: Timestamp(1),
        by: Actor::Server,
        deed: Deed::NumberChanged,
        subject: String::new(),
        whom: None,
        changes: vec![Change::new("answered_by", None, Some(name))],
    }
}

async fn a_colleague_of_many_years_is_erased(place: Place) {
    let store = &*place.store;
    two_companies(store).await;
    store.put_account(&eve()).await.unwrap();
    store.add_endpoint(&acme(), &endpoint("crm", &EventType::ALL)).await.unwrap();
    let records: Vec<_> = (0..=MANY).map(of_eve).collect();
    let tell = |record: &CallRecord| {
        let call = Told::Past(PastCall::from(record));
        Message { event: EventType::Ended, sequence: 1, at: record.ended, agent: None, by: None, call }
    };
    let messages = records.iter().map(tell).collect();
    store.append(&acme(), 0, &Batch { messages, ..ending(1, records) }).await.unwrap();
    let told = store.deliveries_naming(&acme(), "777").await.unwrap();
    for (workspace, name) in [(acme(), "Eve"), (globex(), "Evelyn")] {
        store.note(&workspace, &chosen(name)).await.unwrap();
    }
    for (recording, call) in [("RE1", "CA7"), ("RE2", "another")] {
        let said = VoiceMessage { call: call.into(), ..message(recording, "dan", 1) };
        store.note_message(&acme(), &said).await.unwrap();
    }
    far_away(&place).await;

    // All calls but the newest, and what was told of all but the oldest; numbers of entries are of the whole table.
    let traces = Traces {
        calls: (0..MANY).map(|n| of_eve(n).call).collect(),
        deliveries: told[..MANY as usize].iter().map(|told| told.id).collect(),
        entries: (1..=i64::from(MANY)).map(|id| (id, chosen(ERASED).changes)).collect(),
    };
    store.erase_person(&eve(), &traces, &at_carrier(), Timestamp(9)).await.unwrap();
    let history = store.history(&acme(), None, MANY + 9).await.unwrap();
    let (newest, others) = history.split_first().unwrap();
    assert_eq!((newest, others.len()), (&of_eve(MANY), MANY as usize));
    assert!(others.iter().all(|record| record.caller == Caller { number: ERASED.into(), name: None }));
    assert_eq!(store.deliveries_naming(&acme(), "777").await.unwrap(), told[MANY as usize..]);
    for (workspace, name) in [(acme(), ERASED), (globex(), "Evelyn")] {
        assert_eq!(store.audit(&workspace, None, 9).await.unwrap()[0].1, chosen(name), "{workspace}");
    }
    let messages = store.messages(&acme(), None, None, 9).await.unwrap();
    assert!(matches!(&messages[..], [left] if left.call == "another".into()), "{messages:?}");
    assert_eq!(undeleted(store, &acme()).await, MANY);
}

//! Whatever happened on one engine can go on on the other.

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use server::store;
use switchyard::{
    ports::{Batch, Store, StoreError},
    time::Timestamp,
};

use crate::{
    backup::{leave, put_back, tables, text_of},
    cast::{acme, answered, asking, floor, globex, two_companies},
    contacts::contact,
    place::{at_postgres, at_sqlite},
};
/// What happens in a random history.
#[derive(Clone, Debug)]
enum Deed {
    Event { effects: Vec<u32>, ended: Option<(String, i64)> },
    Contact(String, String),
    Snapshot,
}

fn any_deed() -> impl Strategy<Value = Deed> {
    // PostgreSQL cannot hold NUL; everything else must come through.
    let text = "[^\u{0}]{1,20}";
    prop_oneof![
        4 => (prop::collection::vec(1_u32..9, 0..3), prop::option::of((text, any::<i32>())))
            .prop_map(|(effects, ended)| Deed::Event { effects, ended: ended.map(|(call, at)| (call, at.into())) }),
        2 => (text, text).prop_map(|(number, name)| Deed::Contact(number, name)),
        1 => Just(Deed::Snapshot),
    ]
}

async fn live_through(store: &dyn Store, deeds: &[Deed]) {
    two_companies(store).await;
    let mut version = 0;
    for deed in deeds {
        match deed {
            Deed::Event { effects, ended } => {
                version += 1;
                let effects: Vec<_> = effects.iter().map(|leg| ("call", *leg)).collect();
                let records = ended.iter().map(|(call, at)| answered(call, *at)).collect();
                store.append(&acme(), version - 1, &Batch { records, ..asking(version, &effects) }).await.unwrap();
            }
            Deed::Contact(number, name) => {
                // Two may be alike: then the second is not taken.
                let added = store.add_contact(&contact(&globex(), number, number, name)).await;
                assert!(matches!(added, Ok(()) | Err(StoreError::Taken)), "{added:?}");
            }
            Deed::Snapshot => store.save_snapshot(&acme(), &floor(version), Timestamp(3)).await.unwrap(),
        }
    }
}

/// From one engine to another, everything that happened comes through, and it can go on.
async fn moves(from: String, to: String, deeds: Vec<Deed>) {
    let source = store::open(&from).await.unwrap();
    live_through(&*source, &deeds).await;
    let text = text_of(&from).await;
    store::migrate(&to).await.unwrap();
    put_back(&to, false, &text).await.unwrap();
    assert_eq!(tables(&text_of(&to).await), tables(&text));

    let target = store::open(&to).await.unwrap();
    let (was, is) = (source.load(&acme()).await.unwrap(), target.load(&acme()).await.unwrap());
    assert_eq!((was.floor, &was.events), (is.floor, &is.events));
    assert_eq!(source.history(&acme(), None, 999).await.unwrap(), target.history(&acme(), None, 999).await.unwrap());
    assert_eq!(source.accounts(&acme()).await.unwrap(), target.accounts(&acme()).await.unwrap());
    // Effects get numbers after those that came along.
    let version = deeds.iter().filter(|deed| matches!(deed, Deed::Event { .. })).count() as u64;
    let highest = target.unfinished(&acme(), &"call".into()).await.unwrap().last().map_or(0, |item| item.id);
    target.append(&acme(), version, &asking(version + 1, &[("next", 1)])).await.unwrap();
    assert!(target.unfinished(&acme(), &"next".into()).await.unwrap()[0].id > highest);
    leave(target, &to).await;
    leave(source, &from).await;
}

/// A handful of histories.
fn histories() -> Vec<Vec<Deed>> {
    let mut runner = TestRunner::default();
    let history = prop::collection::vec(any_deed(), 0..25);
    (0..6).map(|_| history.new_tree(&mut runner).unwrap().current()).collect()
}

#[tokio::test]
async fn what_happened_moves_from_sqlite_to_postgres() {
    for deeds in histories() {
        at_sqlite(|from| async {
            at_postgres(|to| moves(from, to, deeds)).await;
        })
        .await;
    }
}

#[tokio::test]
async fn what_happened_moves_from_postgres_to_sqlite() {
    for deeds in histories() {
        at_postgres(|from| async {
            at_sqlite(|to| moves(from, to, deeds)).await;
        })
        .await;
    }
}

//! Contacts: each workspace its own, found by parts of their names and numbers.

use switchyard::{
    call::Caller,
    contacts::{Contact, Search},
    history::CallRecord,
    id::WorkspaceId,
    ports::StoreError,
    time::Timestamp,
};

use crate::{
    cast::{abandoned, acme, answered, ending, globex, two_companies},
    place::Place,
};

stories![
    somebody_is_added_changed_and_removed,
    a_number_belongs_to_one_contact_of_a_workspace,
    names_are_found_without_accents_and_numbers_by_digits,
    a_long_list_is_read_page_by_page,
    calls_are_found_by_their_number,
];

pub(crate) fn contact(workspace: &WorkspaceId, id: &str, number: &str, name: &str) -> Contact {
    let (number, name) = (number.to_owned(), name.to_owned());
    Contact { workspace: workspace.clone(), id: id.into(), number, name, note: format!("a note\nof {id}") }
}

async fn somebody_is_added_changed_and_removed(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let mut maria = contact(&acme(), "m", "+40722111222", "Maria Enache");
    store.add_contact(&maria).await.unwrap();
    assert_eq!(store.contact(&acme(), &maria.id).await.unwrap(), Some(maria.clone()));
    assert_eq!(store.contact_with(&acme(), "+40722111222").await.unwrap(), Some(maria.clone()));
    assert_eq!(store.contact_name(&acme(), "+40722111222").await.unwrap().as_deref(), Some("Maria Enache"));
    for (workspace, number) in [(acme(), "+40722111223"), (globex(), "+40722111222")] {
        assert_eq!(store.contact_with(&workspace, number).await.unwrap(), None);
    }
    assert_eq!(store.contact(&globex(), &maria.id).await.unwrap(), None);

    (maria.name, maria.number, maria.note) = ("Maria Pop".into(), "+40722000000".into(), String::new());
    assert!(store.change_contact(&maria).await.unwrap());
    assert_eq!(store.contact(&acme(), &maria.id).await.unwrap(), Some(maria.clone()));
    assert_eq!(store.contacts(&acme(), &Search::of("enache"), None, 9).await.unwrap(), []);

    assert!(!store.remove_contact(&globex(), &maria.id).await.unwrap());
    assert!(store.contact(&acme(), &maria.id).await.unwrap().is_some(), "that was another company's");
    assert!(store.remove_contact(&acme(), &maria.id).await.unwrap());
    assert!(!store.change_contact(&maria).await.unwrap(), "whoever is gone does not come back by a change");
    assert_eq!(store.contact(&acme(), &maria.id).await.unwrap(), None);
}

async fn a_number_belongs_to_one_contact_of_a_workspace(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.add_contact(&contact(&acme(), "m", "+40722111222", "Maria")).await.unwrap();
    store.add_contact(&contact(&globex(), "m", "+40722111222", "Maria")).await.unwrap();
    let george = contact(&acme(), "g", "+40722111222", "George");
    assert!(matches!(store.add_contact(&george).await, Err(StoreError::Taken)));
    store.add_contact(&Contact { number: "+40723456789".into(), ..george.clone() }).await.unwrap();
    assert!(matches!(store.change_contact(&george).await, Err(StoreError::Taken)));
}

async fn names_are_found_without_accents_and_numbers_by_digits(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let names = ["Daniel Ștefan", "Ana-Maria Țuțu", "100% Natural", "Taxi_947", "élan"];
    for (n, name) in names.into_iter().enumerate() {
        store.add_contact(&contact(&acme(), &n.to_string(), &format!("+4072211122{n}"), name)).await.unwrap();
    }
    store.add_contact(&contact(&globex(), "0", "+40722111220", "Daniel Stan")).await.unwrap();
    for (typed, found) in [
        ("stefan", &["Daniel Ștefan"][..]),
        ("ȚUȚU", &["Ana-Maria Țuțu"]),
        ("0%", &["100% Natural"]),
        ("i_9", &["Taxi_947"]),
        ("x_9", &[]),
        ("!", &[]),
        ("0722 111 223", &["Taxi_947"]),
        ("947", &["Taxi_947"]),
        ("+40 722 111", &["100% Natural", "Ana-Maria Țuțu", "Daniel Ștefan", "élan", "Taxi_947"]),
        ("nobody", &[]),
        ("", &["100% Natural", "Ana-Maria Țuțu", "Daniel Ștefan", "élan", "Taxi_947"]),
    ] {
        let contacts = store.contacts(&acme(), &Search::of(typed), None, 9).await.unwrap();
        let names: Vec<_> = contacts.iter().map(|contact| contact.name.as_str()).collect();
        assert_eq!(names, found, "{typed}");
    }
}

async fn a_long_list_is_read_page_by_page(Place { store, .. }: Place) {
    two_companies(&*store).await;
    for (id, number, name) in [("b", "+40722111222", "Ana"), ("a", "+40722111223", "ana"), ("c", "+40722111224", "Zoe")]
    {
        store.add_contact(&contact(&acme(), id, number, name)).await.unwrap();
    }
    let mut after = None;
    for expected in ["a", "b", "c"] {
        let page = store.contacts(&acme(), &Search::default(), after.as_ref(), 1).await.unwrap();
        assert_eq!(page[0].id.as_str(), expected, "two of one name are both seen, in an order of their own");
        after = Some(page[0].id.clone());
    }
    assert_eq!(store.contacts(&acme(), &Search::default(), after.as_ref(), 1).await.unwrap(), []);
    let again = store.contacts(&acme(), &Search::default(), Some(&"gone".into()), 9).await.unwrap();
    assert_eq!(again.len(), 3, "after somebody who was removed the list begins again");
}

async fn calls_are_found_by_their_number(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let with = |record: CallRecord, number: &str| CallRecord {
        caller: Caller { number: number.into(), ..record.caller },
        ..record
    };
    let maria = [abandoned("a", 3000), abandoned("d", 2000), answered("c", 2000)];
    let mut records = maria.to_vec();
    records.extend([with(abandoned("b", 2500), "anonymous"), with(abandoned("e", 1500), "+40723456789")]);
    store.append(&acme(), 0, &ending(1, records)).await.unwrap();
    store.append(&globex(), 0, &ending(1, vec![abandoned("a", 2500)])).await.unwrap();

    assert_eq!(store.calls_with(&acme(), "+40722111222", None, 9).await.unwrap(), maria);
    assert_eq!(store.calls_with(&acme(), "+40722111222", None, 2).await.unwrap(), maria[..2]);
    let below = maria[1].bookmark();
    assert_eq!(store.calls_with(&acme(), "+40722111222", Some(&below), 9).await.unwrap(), maria[2..]);

    for (id, number) in [("m", "+40722111222"), ("g", "+40723456789"), ("s", "+40744100200")] {
        store.add_contact(&contact(&acme(), id, number, id)).await.unwrap();
    }
    let mut ids = Vec::new();
    for contact in store.contacts_between(&acme(), Timestamp(1500), Timestamp(2000)).await.unwrap() {
        ids.push(contact.id.to_string());
    }
    ids.sort();
    assert_eq!(ids, ["g", "m"]);
    let late = store.contacts_between(&acme(), Timestamp(2001), Timestamp(9000)).await.unwrap();
    assert_eq!(late.len(), 1);
}

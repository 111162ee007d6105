//! The directory and the history: each workspace its own.

use std::collections::BTreeSet;

use switchyard::{
    call::Caller,
    contacts::Contact,
    history::{Among, CallRecord},
    hours::{Hours, Span},
    id::{AgentId, WorkspaceId},
    numbers::Number,
    people::Account,
    ports::{Arrival, ConnectedNumber, StoreError},
    time::Timestamp,
};

use crate::{
    cast::{abandoned, acme, answered, company, connection, ending, globex, person, two_companies},
    place::Place,
};

const SALES: &str = "+40312345678";
const SUPPORT: &str = "+40312345679";

stories![
    workspaces_are_found_by_the_carriers_account,
    numbers_are_named_and_renamed,
    who_answers_a_number_and_when_is_kept,
    one_number_is_the_default,
    what_is_known_of_a_call_that_comes_in_is_read_at_once,
    a_number_that_is_removed_is_shown_by_nobody,
    the_history_is_read_from_the_newest,
    calls_are_looked_for_by_time_number_and_who_talked,
    a_record_that_is_amended_is_written_over,
];

async fn workspaces_are_found_by_the_carriers_account(Place { store, .. }: Place) {
    assert_eq!(store.workspaces().await.unwrap(), []);
    store.put_workspace(&company(&globex())).await.unwrap();
    store.put_workspace(&company(&acme())).await.unwrap();
    assert_eq!(store.workspaces().await.unwrap(), [company(&acme()), company(&globex())]);
    assert_eq!(store.workspace_of_account("ACacme").await.unwrap(), Some(company(&acme())));
    assert_eq!(store.workspace_of_account("ACnone").await.unwrap(), None);

    let mut renamed = company(&acme());
    (renamed.name, renamed.account) = ("Acme & Sons".into(), Some("ACnew".into()));
    renamed.zone = Some("Europe/Paris".into());
    store.put_workspace(&renamed).await.unwrap();
    assert_eq!(store.workspace_of_account("ACnew").await.unwrap(), Some(renamed.clone()));
    assert_eq!(store.workspace_of_account("ACacme").await.unwrap(), None);

    renamed.account = Some("ACglobex".into());
    assert!(matches!(store.put_workspace(&renamed).await, Err(StoreError::Taken)));

    // Any number of them may have no carrier.
    for mut workspace in [renamed, company(&globex())] {
        workspace.account = None;
        store.put_workspace(&workspace).await.unwrap();
    }
    assert_eq!(store.workspace_of_account("ACglobex").await.unwrap(), None);
}

async fn numbers_are_named_and_renamed(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let number = |number: &str, label: &str| Number::named(number, label);
    for given in [number("+40312345679", "Support"), number("+40312345678", "Shop"), number("+40312345678", "Sales")] {
        store.put_number(&acme(), &given).await.unwrap();
    }
    store.put_number(&globex(), &number("+15551234567", "Main")).await.unwrap();
    let numbers = store.numbers(&acme()).await.unwrap();
    assert_eq!(numbers, [number("+40312345678", "Sales"), number("+40312345679", "Support")]);

    // Which of them ring here is what the connection says.
    store.put_connection(&connection(&acme(), "AC1"), None).await.unwrap();
    let known = ConnectedNumber { number: SUPPORT.into(), before: "{}".into() };
    store.note_number(&acme(), &known).await.unwrap();
    let here: Vec<_> = store.numbers(&acme()).await.unwrap().iter().map(|number| number.rings_here).collect();
    assert_eq!(here, [false, true]);
}

async fn who_answers_a_number_and_when_is_kept(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.put_account(&person(&acme(), "eva", "11")).await.unwrap();
    let agents = |ids: &[&str]| Some(ids.iter().map(|id| AgentId::from(*id)).collect::<BTreeSet<_>>());
    let mut hours = Hours::default();
    hours.0[4] = vec![Span { from: 540, to: 720 }, Span { from: 780, to: 1440 }];
    let sales = Number { answered_by: agents(&["dan", "eva"]), hours: Some(hours), ..Number::named(SALES, "Sales") };
    let support = Number { answered_by: agents(&[]), ..Number::named(SUPPORT, "Support") };
    store.put_number(&acme(), &sales).await.unwrap();
    store.put_number(&acme(), &support).await.unwrap();
    store.put_number(&globex(), &Number::named(SALES, "Theirs")).await.unwrap();
    assert_eq!(store.numbers(&acme()).await.unwrap(), [sales.clone(), support.clone()]);

    let sales = Number { answered_by: agents(&["eva"]), hours: None, ..sales };
    let support = Number { answered_by: None, hours: Some(Hours::default()), ..support };
    store.put_number(&acme(), &sales).await.unwrap();
    store.put_number(&acme(), &support).await.unwrap();
    assert_eq!(store.numbers(&acme()).await.unwrap(), [sales, support]);
    assert_eq!(store.numbers(&globex()).await.unwrap(), [Number::named(SALES, "Theirs")]);

    // Nobody of another company answers, and then nothing is written.
    let stranger = Number { answered_by: agents(&["daniel"]), ..Number::named(SALES, "Nothing") };
    assert!(store.put_number(&acme(), &stranger).await.is_err());
    assert_eq!(store.numbers(&acme()).await.unwrap()[0].label, "Sales");
}

async fn what_is_known_of_a_call_that_comes_in_is_read_at_once(Place { store, .. }: Place) {
    const MARIA: &str = "+40722111222";
    assert_eq!(store.arrivals(&acme(), &[(SALES, MARIA)]).await.unwrap(), []);
    two_companies(&*store).await;
    let stranger = Arrival { workspace: company(&acme()), label: None, hours: None, caller: None };
    assert_eq!(store.arrivals(&acme(), &[]).await.unwrap(), []);
    assert_eq!(store.arrivals(&acme(), &[(SALES, MARIA)]).await.unwrap(), std::slice::from_ref(&stranger));

    let mut hours = Hours::default();
    hours.0[0] = vec![Span { from: 540, to: 1020 }];
    let sales = Number { hours: Some(hours.clone()), ..Number::named(SALES, "Sales") };
    store.put_number(&acme(), &sales).await.unwrap();
    let contact = |workspace: &WorkspaceId, name: &str| Contact {
        workspace: workspace.clone(),
        id: format!("{workspace}-maria").into(),
        number: MARIA.into(),
        name: name.into(),
        note: String::new(),
    };
    store.add_contact(&contact(&acme(), "Maria Enache")).await.unwrap();
    store.add_contact(&contact(&globex(), "Somebody else")).await.unwrap();
    let known = Arrival {
        label: Some("Sales".into()),
        hours: Some(hours),
        caller: Some("Maria Enache".into()),
        ..stranger.clone()
    };
    // Calls of one moment are answered in the order in which they ask, strange ones too.
    let odd = [("\0", "\"'[]{}"), (SALES, "")];
    let asked = [(SUPPORT, "anonymous"), (SALES, MARIA), odd[0], odd[1], (SALES, MARIA)];
    let of_sales = Arrival { caller: None, ..known.clone() };
    let answers = [stranger.clone(), known.clone(), stranger, of_sales, known];
    assert_eq!(store.arrivals(&acme(), &asked).await.unwrap(), answers);

    // Each company knows its own.
    let elsewhere = store.arrivals(&globex(), &[(SALES, MARIA)]).await.unwrap().remove(0);
    assert_eq!((elsewhere.label, elsewhere.hours), (None, None));
    assert_eq!(elsewhere.caller.as_deref(), Some("Somebody else"));
}

async fn one_number_is_the_default(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let default = |number: &str| Number { is_default: true, ..Number::named(number, "Main") };
    for workspace in [acme(), globex()] {
        store.put_number(&workspace, &default(SALES)).await.unwrap();
    }
    store.put_number(&acme(), &default(SUPPORT)).await.unwrap();
    assert_eq!(store.numbers(&acme()).await.unwrap(), [Number::named(SALES, "Main"), default(SUPPORT)]);
    assert_eq!(store.numbers(&globex()).await.unwrap(), [default(SALES)]);
    store.put_number(&acme(), &Number::named(SALES, "Sales")).await.unwrap();
    assert!(store.numbers(&acme()).await.unwrap()[1].is_default, "another that is none takes nothing away");
}

async fn a_number_that_is_removed_is_shown_by_nobody(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let answered_by = Some([AgentId::from("dan")].into());
    store.put_number(&acme(), &Number { answered_by, ..Number::named(SALES, "Sales") }).await.unwrap();
    store.put_number(&globex(), &Number::named(SALES, "Theirs")).await.unwrap();
    for account in [person(&acme(), "dan", "10"), person(&globex(), "daniel", "10")] {
        store.put_account(&Account { caller_id: Some(SALES.into()), ..account }).await.unwrap();
    }
    store.remove_number(&acme(), SALES).await.unwrap();
    store.remove_number(&acme(), SALES).await.unwrap();
    assert_eq!(store.numbers(&acme()).await.unwrap(), []);
    assert_eq!(store.account(&acme(), &"dan".into()).await.unwrap().unwrap().caller_id, None);
    let daniel = store.account(&globex(), &"daniel".into()).await.unwrap().unwrap();
    assert_eq!(daniel.caller_id.as_deref(), Some(SALES));
    assert_eq!(store.numbers(&globex()).await.unwrap().len(), 1);
}

async fn the_history_is_read_from_the_newest(Place { store, .. }: Place) {
    let records = vec![abandoned("a", 3000), answered("b", 1000), abandoned("c", 2000), abandoned("d", 2000)];
    store.append(&acme(), 0, &ending(1, records)).await.unwrap();
    store.append(&globex(), 0, &ending(1, vec![abandoned("a", 2500)])).await.unwrap();

    let everything = [abandoned("a", 3000), abandoned("d", 2000), abandoned("c", 2000), answered("b", 1000)];
    assert_eq!(store.history(&acme(), None, 9).await.unwrap(), everything);
    assert_eq!(store.history(&acme(), None, 1).await.unwrap(), everything[..1]);
    // Page by page nothing is missed or seen twice, also when a page ends between two calls of one moment.
    for (at, record) in everything.iter().enumerate() {
        let below = store.history(&acme(), Some(&record.bookmark()), 9).await.unwrap();
        assert_eq!(below, everything[at + 1..]);
    }
    assert_eq!(store.history(&globex(), None, 9).await.unwrap(), [abandoned("a", 2500)]);
}

async fn calls_are_looked_for_by_time_number_and_who_talked(Place { store, .. }: Place) {
    let outside = |record: CallRecord, number: &str| CallRecord {
        caller: Caller { number: number.into(), name: None },
        ..record
    };
    let (dan, eva) = (AgentId::from("dan"), AgentId::from("eva"));
    let records = [
        outside(answered("e", 3000), "+40733000000"),
        CallRecord { agent: Some(eva.clone()), ..answered("d", 2000) },
        answered("c", 2000),
        outside(abandoned("b", 2000), "anonymous"),
        abandoned("a", 1000),
    ];
    store.append(&acme(), 0, &ending(1, records.to_vec())).await.unwrap();
    store.append(&globex(), 0, &ending(1, vec![answered("c", 2000), answered("x", 2000)])).await.unwrap();

    // All that is said must hold, whatever else is said; and page by page it is the same.
    let maria = "+40722111222".to_owned();
    let moments = [None, Some(Timestamp(0)), Some(Timestamp(2000)), Some(Timestamp(2001)), Some(Timestamp(9000))];
    for since in moments {
        for until in moments {
            for number in [None, Some(maria.clone()), Some("anonymous".into()), Some(String::new())] {
                for agent in [None, Some(dan.clone()), Some(eva.clone())] {
                    let among = Among { since, until, number: number.clone(), agent };
                    let is_one = |record: &&CallRecord| {
                        among.since.is_none_or(|since| record.ended >= since)
                            && among.until.is_none_or(|until| record.ended < until)
                            && among.number.as_ref().is_none_or(|number| record.caller.number == *number)
                            && (among.agent.is_none() || record.agent == among.agent)
                    };
                    let expected: Vec<CallRecord> = records.iter().filter(is_one).cloned().collect();
                    assert_eq!(store.calls_among(&acme(), &among, None, 9).await.unwrap(), expected, "{among:?}");
                    let (mut read, mut below) = (Vec::new(), None);
                    while let Some(record) = store.calls_among(&acme(), &among, below.as_ref(), 1).await.unwrap().pop()
                    {
                        below = Some(record.bookmark());
                        read.push(record);
                    }
                    assert_eq!(read, expected, "{among:?}");
                }
            }
        }
    }
    // And one by its name.
    for record in &records {
        assert_eq!(store.past_call(&acme(), &record.call).await.unwrap().as_ref(), Some(record));
    }
    assert_eq!(store.past_call(&globex(), &"c".into()).await.unwrap(), Some(answered("c", 2000)));
    assert_eq!(store.past_call(&acme(), &"x".into()).await.unwrap(), None, "it is another's");
}

async fn a_record_that_is_amended_is_written_over(Place { store, .. }: Place) {
    store.append(&acme(), 0, &ending(1, vec![abandoned("a", 3000)])).await.unwrap();
    store.append(&acme(), 1, &ending(2, vec![answered("a", 3000)])).await.unwrap();
    assert_eq!(store.history(&acme(), None, 9).await.unwrap(), [answered("a", 3000)]);

    // Also within one batch.
    store.append(&acme(), 2, &ending(3, vec![abandoned("b", 4000), answered("b", 4000)])).await.unwrap();
    assert_eq!(store.history(&acme(), None, 1).await.unwrap(), [answered("b", 4000)]);
}

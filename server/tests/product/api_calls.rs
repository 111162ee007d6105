//! Programs that read numbers and calls: each by its name, and calls by what is looked for.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use switchyard::{
    call::{Caller, Direction, Line},
    drift::{Findings, Problem},
    floor::{Command, Event, Recorded},
    history::{CallRecord, HungUpBy, Outcome},
    hours::{Hours, Span},
    id::WorkspaceId,
    numbers::Number,
    ports::{Batch, ConnectedNumber, Connection},
    time::Timestamp,
    token::Scope,
};

use super::{api::Program, office::Office};

const SALES: &str = "+40312345678";
const SUPPORT: &str = "+40312345679";
const MARIA: &str = "+40722111222";

#[tokio::test]
async fn a_number_is_read_with_its_hours_and_how_it_is_at_twilio() {
    let office = Office::staffed().await;
    let (store, acme) = (&office.deps.store, WorkspaceId::from("acme"));
    let mut week = Hours::default();
    week.0[0] = vec![Span { from: 540, to: 780 }, Span { from: 840, to: 1440 }];
    week.0[6] = vec![Span { from: 600, to: 605 }];
    let sales = Number {
        answered_by: Some(BTreeSet::from(["ana".into()])),
        hours: Some(week),
        is_default: true,
        ..Number::named(SALES, "Sales")
    };
    store.put_number(&acme, &sales).await.unwrap();
    store.put_number(&acme, &Number::named(SUPPORT, "Support")).await.unwrap();
    let connection = Connection {
        workspace: acme.clone(),
        account: "ACacme".into(),
        auth_token: "sealed".into(),
        other_token: None,
        key: None,
        key_secret: None,
        application: None,
        base_url: "https://acme.example".into(),
        countries: "RO".into(),
        changed: Timestamp(1),
    };
    assert!(store.put_connection(&connection, None).await.unwrap());
    store.note_number(&acme, &ConnectedNumber { number: SALES.into(), before: "{}".into() }).await.unwrap();

    let program = Program::of(&office, "acme", "olga", &[Scope::NumbersRead]).await;
    let (status, read) = program.get("/numbers/%2B40312345678").await;
    let open = |day: &str, from: &str, to: &str| json!({ "day": day, "from": from, "to": to });
    let expected = json!({
        "number": SALES,
        "label": "Sales",
        "rings_here": true,
        "state": "rings",
        "is_default": true,
        "answered_by": ["ana"],
        "hours": [open("mon", "09:00", "13:00"), open("mon", "14:00", "24:00"), open("sun", "10:00", "10:05")],
        "zone": "Europe/Bucharest",
    });
    assert_eq!((status, &read), (200, &expected));
    assert_eq!(program.get(&format!("/numbers/{SALES}")).await, (200, read.clone()), "a plus is a plus in a path");
    let (_, support) = program.get("/numbers/%2B40312345679").await;
    let seen = ["state", "is_default", "rings_here", "answered_by", "hours"].map(|field| support[field].clone());
    assert_eq!(seen, [json!("elsewhere"), json!(false), json!(false), Value::Null, Value::Null]);
    let (_, list) = program.get("/numbers").await;
    assert_eq!(list["items"], json!([read, support]), "the same in the list");
    for nobody in ["%2B40312345670", "40312345678", "%00", "%FF"] {
        assert_eq!(program.get(&format!("/numbers/{nobody}")).await.0, 404, "{nobody}");
    }

    // As its page says, so it is said here.
    for (problem, state) in [
        (Problem::NumberGone { number: SALES.into() }, "gone"),
        (Problem::NumberGone { number: SUPPORT.into() }, "rings"),
        (Problem::ApplicationGone, "differs"),
        (Problem::Suspended, "suspended"),
        (Problem::TokenRefused, "token_refused"),
    ] {
        let findings = Findings::new(Timestamp(1), vec![problem], Vec::new(), None);
        store.put_findings(&acme, &serde_json::to_string(&findings).unwrap()).await.unwrap();
        assert_eq!(program.get("/numbers/%2B40312345678").await.1["state"], state);
    }
    let sara = Program::of(&office, "acme", "sara", &[Scope::NumbersRead]).await;
    assert_eq!(sara.get("/numbers/%2B40312345678").await.0, 403, "only who may set up");
}

#[tokio::test]
async fn a_call_is_read_by_its_name_while_it_is_live_and_when_it_is_over() {
    let office = Office::staffed().await;
    let program = Program::of(&office, "acme", "olga", &[Scope::CallsRead]).await;
    assert_eq!(program.get("/calls/CA1").await.0, 404);
    let floor = office.deps.floor(&"acme".into());
    let caller = Caller { number: MARIA.into(), name: None };
    let line = Line { number: SALES.into(), label: "Sales".into() };
    floor.send(Command::ObserveCall { call: "CA1".into(), caller, line }).await.unwrap();
    let (status, waiting) = program.get("/calls/CA1").await;
    assert_eq!((status, &waiting["place"], &waiting["number"]), (200, &json!("queue"), &json!(MARIA)), "{waiting}");
    assert_eq!(program.get("/calls/live").await.1, json!([waiting]));

    floor.send(Command::ObserveEnd { call: "CA1".into() }).await.unwrap();
    let (status, over) = program.get("/calls/CA1").await;
    assert_eq!((status, &over["outcome"]), (200, &json!("abandoned")), "{over}");
    assert!(over["ended"].is_i64() && over["place"].is_null(), "{over}");
    assert_eq!(program.get("/calls").await.1["items"], json!([over]));
}

#[tokio::test]
async fn calls_are_looked_for_by_time_number_and_agent() {
    let office = Office::staffed().await;
    // Moments of 2026-11-27: one call a minute, by turns with two people outside and two of us.
    let first = 1_795_737_600_000;
    let record = |n: i64| CallRecord {
        call: format!("CA{n}").as_str().into(),
        direction: Direction::Inbound,
        caller: Caller { number: if n % 2 == 0 { MARIA } else { "anonymous" }.into(), name: None },
        line: Line { number: SALES.into(), label: "Sales".into() },
        colleague: None,
        agent: [None, Some("ana"), Some("sara")][usize::try_from(n % 3).unwrap()].map(Into::into),
        arrived: Timestamp(first),
        answered: None,
        ended: Timestamp(first + n * 60_000),
        outcome: Outcome::Abandoned,
        hung_up_by: HungUpBy::Caller,
        voicemail: None,
    };
    let floor = office.floor("acme").await;
    let event = Event::WrapUpEnded { agent: "ana".into() };
    let events = vec![Recorded { version: floor.version + 1, at: Timestamp(1), event }];
    let batch = Batch { events, records: (0..12).map(record).collect(), ..Batch::default() };
    office.deps.store.append(&"acme".into(), floor.version, &batch).await.unwrap();

    let program = Program::of(&office, "acme", "olga", &[Scope::CallsRead]).await;
    let found = async |query: &str| {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let (status, page) = program.get(&format!("/calls?limit=2&{query}{cursor}")).await;
            assert_eq!(status, 200, "{query}: {page}");
            let ids = page["items"].as_array().unwrap().iter().map(|call| call["id"].as_str().unwrap()[2..].to_owned());
            all.extend(ids);
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all.join(" "),
            }
        }
    };
    for (query, calls) in [
        ("", "11 10 9 8 7 6 5 4 3 2 1 0"),
        ("since=2026-11-27T00:09:00Z", "11 10 9"),
        ("since=2026-11-27T02:09:00%2B02:00", "11 10 9"),
        ("until=2026-11-27T00:02:00Z", "1 0"),
        ("since=2026-11-27T00:04:00Z&until=2026-11-27T00:06:00Z", "5 4"),
        ("number=%2B40722111222", "10 8 6 4 2 0"),
        ("number=anonymous&since=2026-11-27T00:05:00Z", "11 9 7 5"),
        ("agent=ana", "10 7 4 1"),
        ("agent=ana&number=%2B40722111222&until=2026-11-27T00:10:00Z", "4"),
        ("agent=nobody", ""),
        ("number=%2B40799", ""),
    ] {
        assert_eq!(found(query).await, calls, "{query}");
    }
    for wrong in ["since=yesterday", "until=2026-11-27", "since=1795737600000", "number=%00", "agent=%00", "since="] {
        assert_eq!(program.get(&format!("/calls?{wrong}")).await.0, 400, "{wrong}");
    }
}

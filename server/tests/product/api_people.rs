//! Programs that look after people: how far they reach, and what they lead to.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use switchyard::{
    agent::{Role, WhenAway},
    numbers::Number,
    people::{Account, Fallback},
    time::Timestamp,
    token::Scope,
};

use super::{
    api::{Program, fields},
    office::Office,
};

/// Everybody's accounts at Acme, and until when there are links for them.
async fn acme(office: &Office) -> Vec<(Account, Option<Timestamp>)> {
    let mut all = Vec::new();
    for account in office.deps.store.accounts(&"acme".into()).await.unwrap() {
        let link = office.deps.store.link_of(&"acme".into(), &account.profile.id).await.unwrap();
        all.push((account, link));
    }
    all
}

#[tokio::test]
async fn a_token_that_changes_people_is_no_way_in() {
    let office = Office::staffed().await;
    // As they were made before there were two scopes.
    let changes = Program::of(&office, "acme", "adam", &[Scope::PeopleWrite]).await;
    let wish = json!({ "name": "Ina Radu", "email": "ina@example.com", "role": "supervisor" });
    let (status, ina) = changes.ask(Method::POST, "/people", Some(wish)).await;
    assert_eq!((status, &ina["role"]), (201, &json!("supervisor")), "{ina}");
    assert!(!ina.to_string().contains("/join/"));
    let ina = format!("/people/{}", ina["id"].as_str().unwrap());
    let before = acme(&office).await;
    for somebody in [&*ina, "/people/ana"] {
        let (status, problem) = changes.ask(Method::POST, &format!("{somebody}/link"), None).await;
        assert_eq!((status, &problem["type"]), (403, &json!("/api/docs#scope")), "{problem}");
        assert!(problem["detail"].as_str().unwrap().ends_with("people:link"), "{problem}");
    }
    assert_eq!(acme(&office).await, before, "no link was made");

    // With the other scope links are all there is.
    let links = Program::of(&office, "acme", "adam", &[Scope::PeopleLink]).await;
    assert_eq!(links.ask(Method::PATCH, &ina, Some(json!({ "name": "Nobody" }))).await.0, 403);
    let (status, made) = links.ask(Method::POST, &format!("{ina}/link"), None).await;
    assert_eq!(status, 200, "{made}");
    let path = made["link"].as_str().unwrap().split_once("/join/").unwrap().1;
    assert_eq!(office.browser().get(&format!("/join/{path}")).await.status, 200);
}

#[tokio::test]
async fn no_program_makes_or_touches_anybody_who_lets_others_in() {
    let office = Office::staffed().await;
    let store = &office.deps.store;
    // One who has not come yet, and one who has left: they would be as good.
    for (nth, id) in ["ivo", "dora"].into_iter().enumerate() {
        office.put("acme", id, &format!("{id}@example.com"), Role::Admin, 120 + nth).await;
    }
    let ivo = office.account("acme", "ivo").await.unwrap();
    store.put_account(&Account { joined: None, ..ivo }).await.unwrap();
    store.deactivate(&"acme".into(), &"dora".into(), Timestamp(2)).await.unwrap();
    let before = acme(&office).await;
    let program = Program::of(&office, "acme", "olga", &Scope::ALL).await;
    let refused = async |method: Method, path: &str, body: Option<Value>| {
        let (status, problem) = program.ask(method.clone(), path, body).await;
        // A link for oneself is refused whoever asks.
        let kind = if path == "/people/olga/link" { "forbidden" } else { "by-hand" };
        assert_eq!((status, &problem["type"]), (403, &json!(format!("/api/docs#{kind}"))), "{method} {path}");
    };
    for whom in ["olga", "adam", "ivo", "dora"] {
        for wish in [json!({ "name": "Owned" }), json!({ "role": "agent" }), json!({ "email": "owned@example.com" })] {
            refused(Method::PATCH, &format!("/people/{whom}"), Some(wish)).await;
        }
        for deed in ["link", "deactivate", "reactivate"] {
            refused(Method::POST, &format!("/people/{whom}/{deed}"), None).await;
        }
    }
    for role in ["admin", "owner"] {
        let somebody = json!({ "name": "Owned", "email": "owned@example.com", "role": role });
        refused(Method::POST, "/people", Some(somebody)).await;
        for whom in ["ana", "sara"] {
            refused(Method::PATCH, &format!("/people/{whom}"), Some(json!({ "role": role }))).await;
        }
    }
    assert_eq!(acme(&office).await, before);

    // Others are its to look after, and by hand the owner does it all.
    assert_eq!(program.ask(Method::PATCH, "/people/ana", Some(json!({ "role": "supervisor" }))).await.0, 200);
    assert_eq!(program.ask(Method::POST, "/people/sara/link", None).await.0, 200);
    let mut olga = office.signed_in("olga").await;
    for deed in ["deactivate", "reactivate", "link"] {
        let done = olga.post(&format!("/people/adam/{deed}"), &[]).await;
        assert!([200, 303].contains(&done.status), "{deed}: {done:?}");
    }
}

#[tokio::test]
async fn where_somebody_is_reached_is_read_and_said_as_on_their_page() {
    let office = Office::staffed().await;
    let program = Program::of(&office, "acme", "adam", &Scope::ALL).await;
    let change = async |whom: &str, wish: Value| {
        let (status, said) = program.ask(Method::PATCH, &format!("/people/{whom}"), Some(wish)).await;
        (status, said["fallback"].clone(), said["mobile"].clone(), said)
    };
    let wish =
        json!({ "name": "Ina Radu", "email": "ina@example.com", "fallback": "mobile", "mobile": "0722 111 222" });
    let (status, ina) = program.ask(Method::POST, "/people", Some(wish)).await;
    assert_eq!((status, &ina["fallback"], &ina["mobile"]), (201, &json!("mobile"), &json!("+40722111222")), "{ina}");
    let id = ina["id"].as_str().unwrap();
    assert_eq!(program.get(&format!("/people/{id}")).await.1, ina);
    // Each part that is left out stays.
    for (wish, fallback, mobile) in [
        (json!({ "name": "Ina R." }), "mobile", json!("+40722111222")),
        (json!({ "mobile": "+40744100200" }), "mobile", json!("+40744100200")),
        (json!({ "fallback": "mobile" }), "mobile", json!("+40744100200")),
        (json!({ "fallback": "voicemail" }), "voicemail", Value::Null),
        (json!({ "name": "Ina" }), "voicemail", Value::Null),
        (json!({ "fallback": "nowhere" }), "nowhere", Value::Null),
    ] {
        let (status, known, number, said) = change(id, wish).await;
        assert_eq!((status, known, number), (200, json!(fallback), mobile), "{said}");
    }
    assert_eq!(change("ana", json!({ "fallback": "voicemail" })).await.0, 200);
    assert_eq!(office.floor("acme").await.agents[&"ana".into()].when_away, WhenAway::Voicemail, "the floor knows");

    // What is wrong is named, and nothing is saved.
    office.deps.store.put_number(&"acme".into(), &Number::named("+40312345678", "Bookings")).await.unwrap();
    for (wish, wrong) in [
        (json!({ "fallback": "pager" }), "fallback"),
        (json!({ "fallback": "" }), "fallback"),
        (json!({ "fallback": "mobile" }), "mobile"),
        (json!({ "fallback": "mobile", "mobile": "12" }), "mobile"),
        (json!({ "fallback": "mobile", "mobile": "+14155550100" }), "mobile"),
        (json!({ "fallback": "mobile", "mobile": "0312 345 678" }), "mobile"),
    ] {
        let (status, _, _, problem) = change("ana", wish.clone()).await;
        assert_eq!((status, fields(&problem)), (422, BTreeSet::from([wrong])), "{wish}: {problem}");
        let mut somebody = json!({ "name": " ", "email": "dan@example.com" });
        somebody.as_object_mut().unwrap().extend(wish.as_object().unwrap().clone());
        let (status, _) = program.ask(Method::POST, "/people", Some(somebody)).await;
        assert_eq!(status, 422, "{wish}");
    }
    assert_eq!(office.account("acme", "ana").await.unwrap().fallback, Fallback::Voicemail);

    // A phone in a country that is not called any more is no fault of who changes something else.
    let ana = office.account("acme", "ana").await.unwrap();
    let abroad = Account { fallback: Fallback::Mobile("+14155550100".into()), ..ana };
    office.deps.store.put_account(&abroad).await.unwrap();
    let (status, _, mobile, said) = change("ana", json!({ "name": "Ana Pop" })).await;
    assert_eq!((status, mobile), (200, json!("+14155550100")), "{said}");
    // The number is for those who may change them, and for themselves.
    let read = async |by: &str| {
        let program = Program::of(&office, "acme", by, &[Scope::PeopleRead]).await;
        let (status, ana) = program.get("/people/ana").await;
        assert_eq!((status, &ana["fallback"]), (200, &json!("mobile")), "{ana}");
        ana["mobile"].clone()
    };
    assert_eq!((read("sara").await, read("ana").await), (Value::Null, json!("+14155550100")));
}

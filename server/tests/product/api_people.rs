//! Programs that look after people: how far they reach, and what they lead to.

use reqwest::Method;
use serde_json::{Value, json};
use switchyard::{agent::Role, people::Account, time::Timestamp, token::Scope};

use super::{api::Program, office::Office};

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

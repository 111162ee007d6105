//! Programs with tokens: what they may ask, for whom, and how they are told what is wrong.

use std::collections::BTreeSet;

use reqwest::{Method, Response};
use serde_json::{Value, json};
use server::auth::hash;
use switchyard::{
    agent::{Presence, Role},
    call::{Caller, Direction, Line},
    floor::{Command, Event, Recorded},
    history::{CallRecord, HungUpBy, Outcome},
    numbers::Number,
    ports::Batch,
    time::Timestamp,
    token::{ApiToken, Scope, scopes_to_text},
};

use super::office::Office;

/// A program.
pub struct Program {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Program {
    /// With a token that somebody made for these scopes.
    pub async fn of(office: &Office, workspace: &str, by: &str, scopes: &[Scope]) -> Self {
        let token = format!("swy_{workspace}_{by}_{}", scopes_to_text(scopes).replace(' ', "_"));
        let api_token = ApiToken {
            id: token.clone(),
            name: "a program".into(),
            scopes: scopes.to_vec(),
            by: by.into(),
            created: Timestamp(1),
            used: None,
            revoked: None,
        };
        office.deps.store.put_token(&hash(&token), &workspace.into(), &api_token).await.unwrap();
        Self::with(office, &token)
    }

    fn with(office: &Office, token: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { http, base: office.url("/api/v1"), token: token.to_owned() }
    }

    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        read(request.send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.ask(Method::GET, path, None).await
    }
}

async fn read(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    let text = answer.text().await.unwrap();
    if status >= 400 {
        assert_eq!(kind.as_deref(), Some("application/problem+json"), "{status}: {text}");
        let problem: Value = serde_json::from_str(&text).unwrap();
        assert!(problem["type"].as_str().unwrap().starts_with("/api/docs#"), "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        return (status, problem);
    }
    (status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() })
}

/// The fields that a problem names.
pub fn fields(problem: &Value) -> BTreeSet<&str> {
    problem["faults"].as_array().unwrap().iter().map(|fault| fault["field"].as_str().unwrap()).collect()
}

/// What the product says of its API.
async fn description(office: &Office) -> Value {
    let answer = office.browser().get("/api/openapi.json").await;
    serde_json::from_str(&answer.page).unwrap()
}

/// A number, and the past and the live call, of the other company.
const NUMBER: &str = "+40312000001";
const PAST: &str = "CApastofglobex";
const LIVE: &str = "CAliveofglobex";

/// The other company has some.
async fn globex_is_called(office: &Office) {
    let globex = "globex".into();
    office.deps.store.put_number(&globex, &Number::named(NUMBER, "Globex")).await.unwrap();
    let floor = office.deps.floor(&globex);
    for call in [PAST, LIVE] {
        let caller = Caller { number: "+40722999888".into(), name: None };
        let line = Line { number: NUMBER.into(), label: "Globex".into() };
        floor.send(Command::ObserveCall { call: call.into(), caller, line }).await.unwrap();
    }
    floor.send(Command::ObserveEnd { call: PAST.into() }).await.unwrap();
    let known = office.deps.store.past_call(&globex, &PAST.into()).await.unwrap();
    assert!(known.is_some() && office.floor("globex").await.calls.contains_key(&LIVE.into()));
}

/// Every operation of the description: method, path with something of the other company's, and the scope that it names.
fn operations(description: &Value) -> Vec<(Method, String, String)> {
    let mut all = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let scope = operation["security"][0]["token"][0].as_str().unwrap().to_owned();
            let path = path.strip_prefix("/api/v1").unwrap();
            let theirs = match path {
                "/calls/{id}" => &[PAST, LIVE][..],
                "/numbers/{number}" => &["%2B40312000001", NUMBER][..],
                _ => &["gina"][..],
            };
            let method: Method = method.to_uppercase().parse().unwrap();
            let paths: BTreeSet<String> =
                theirs.iter().map(|theirs| path.replace("{id}", theirs).replace("{number}", theirs)).collect();
            all.extend(paths.into_iter().map(|path| (method.clone(), path, scope.clone())));
        }
    }
    all
}

#[tokio::test]
async fn a_token_is_made_used_and_revoked() {
    let office = Office::staffed().await;
    let mut olga = office.signed_in("olga").await;
    let nothing = olga.post("/settings/api", &[("name", "Reports")]).await;
    assert!(nothing.status == 422 && nothing.page.contains("Choose at least one scope"), "{nothing:?}");
    assert!(nothing.page.contains("whoever has the token can come in as them"), "before it is ticked");
    let made = olga.post("/settings/api", &[("name", "Reports"), ("scope-people:read", "on"), ("scope-x", "on")]).await;
    assert_eq!(made.status, 200, "{made:?}");
    let token = made.page.split("value=\"swy_").nth(1).unwrap().split('"').next().unwrap();
    let program = Program::with(&office, &format!("swy_{token}"));
    let (status, people) = program.get("/people").await;
    assert_eq!((status, people["items"].as_array().unwrap().len()), (200, 4), "{people}");
    assert_eq!(program.get("/calls").await.0, 403, "it was not made for that");

    let page = olga.get("/settings/api").await.page;
    assert!(page.contains("Reports") && !page.contains(token), "itself it is shown once");
    let log = olga.get("/settings/log").await.page;
    assert!(log.contains("Made the API token Reports") && !log.contains(token));
    let id = page.split("/settings/api/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let mut gina = office.signed_in("gina").await;
    assert_eq!(gina.post(&format!("/settings/api/{id}/revoke"), &[]).await.status, 404, "it is another company's");
    assert_eq!(olga.post(&format!("/settings/api/{id}/revoke"), &[]).await.status, 303);
    assert_eq!(program.get("/people").await.0, 401);
    let mut ana = office.signed_in("ana").await;
    assert_eq!(ana.post("/settings/api", &[("name", "Mine"), ("scope-people:read", "on")]).await.status, 403);
}

#[tokio::test]
async fn every_operation_asks_for_a_token_and_for_its_scope() {
    let office = Office::staffed().await;
    let description = description(&office).await;
    assert!(
        description["info"]["description"].as_str().unwrap().contains("Authorization: Bearer"),
        "{}",
        description["info"]
    );
    let wishes = ["PersonWish", "PresenceWish"].map(|name| &description["components"]["schemas"][name]["properties"]);
    assert!(wishes.iter().all(|wish| wish.is_object()), "each has a name of its own");
    let operations = operations(&description);
    assert!(operations.len() >= 14, "{operations:?}");
    let stranger = Program::with(&office, "");
    let guesser = Program::with(&office, "swy_guess");
    let powerless = Program::of(&office, "acme", "olga", &[]).await;
    for (nth, (method, path, scope)) in operations.iter().enumerate() {
        let body = json!({ "presence": "away" });
        for nobody in [&stranger, &guesser] {
            assert_eq!(nobody.ask(method.clone(), path, Some(body.clone())).await.0, 401, "{method} {path}");
        }
        let (status, problem) = powerless.ask(method.clone(), path, Some(body.clone())).await;
        assert_eq!(status, 403, "{method} {path}");
        assert!(problem["detail"].as_str().unwrap().ends_with(scope), "the description says {scope}: {problem}");
        // With every other scope it is the same: only its own opens it.
        let others: Vec<Scope> = Scope::ALL.into_iter().filter(|one| one.code() != scope).collect();
        let others_token = format!("swy_others_{nth}");
        let token = ApiToken {
            id: others_token.clone(),
            name: "others".into(),
            scopes: others,
            by: "olga".into(),
            created: Timestamp(1),
            used: None,
            revoked: None,
        };
        office.deps.store.put_token(&hash(&others_token), &"acme".into(), &token).await.unwrap();
        let (status, _) = Program::with(&office, &others_token).ask(method.clone(), path, Some(body)).await;
        assert_eq!(status, 403, "{method} {path}");
    }
}

#[tokio::test]
async fn a_program_sees_and_changes_its_own_workspace_only() {
    let office = Office::staffed().await;
    let description = description(&office).await;
    let program = Program::of(&office, "acme", "olga", &Scope::ALL).await;
    globex_is_called(&office).await;
    let before = format!("{:?}", office.deps.store.accounts(&"globex".into()).await.unwrap());
    let seats = office.floor("globex").await.agents.clone();
    for (method, path, _) in operations(&description) {
        let (status, answer) = program.ask(method.clone(), &path, Some(json!({ "presence": "away" }))).await;
        assert!(!answer.to_string().contains("gina@example.com"), "{method} {path}: {answer}");
        assert!(!answer.to_string().contains("Globex"), "{method} {path}: {answer}");
        let theirs = ["gina", PAST, LIVE, "40312000001"].iter().any(|theirs| path.contains(theirs));
        assert!(!theirs || status == 404, "{method} {path}: {status} {answer}");
    }
    assert_eq!(format!("{:?}", office.deps.store.accounts(&"globex".into()).await.unwrap()), before);
    assert_eq!(office.floor("globex").await.agents, seats);
}

#[tokio::test]
async fn a_program_may_no_more_than_whoever_made_its_token() {
    let office = Office::staffed().await;
    let (ana, sara) = (
        Program::of(&office, "acme", "ana", &Scope::ALL).await,
        Program::of(&office, "acme", "sara", &Scope::ALL).await,
    );
    assert_eq!(ana.get("/people").await.0, 403, "agents do not read the list");
    assert_eq!(ana.get("/people/ana").await.0, 200, "but know themselves");
    assert_eq!(ana.get("/numbers").await.0, 403, "nor what admins set up");
    let away = || Some(json!({ "presence": "away" }));
    assert_eq!(ana.ask(Method::PUT, "/presence/sara", away()).await.0, 403);
    assert_eq!(sara.ask(Method::PUT, "/presence/ana", away()).await.0, 204);
    assert_eq!(office.floor("acme").await.agents[&"ana".into()].presence, Presence::Away);
    let (_, presence) = ana.get("/presence").await;
    let mine = presence.as_array().unwrap().iter().find(|one| one["id"] == "ana").unwrap();
    assert_eq!((&mine["presence"], &mine["status"]), (&json!("away"), &json!("away")));
    let (status, problem) = sara.ask(Method::PUT, "/presence/ana", Some(json!({ "presence": "asleep" }))).await;
    assert_eq!((status, fields(&problem)), (422, BTreeSet::from(["presence"])), "{problem}");
}

#[tokio::test]
async fn the_history_is_read_page_by_page_without_a_gap() {
    let office = Office::staffed().await;
    let record = |n: i64| CallRecord {
        call: format!("CA{n:03}").as_str().into(),
        direction: Direction::Inbound,
        caller: Caller { number: "+40722111222".into(), name: None },
        line: Line { number: "+40312345678".into(), label: "Sales".into() },
        colleague: None,
        agent: None,
        arrived: Timestamp(1000),
        answered: None,
        // Several end at once.
        ended: Timestamp(2000 + n / 3),
        outcome: Outcome::Abandoned,
        hung_up_by: HungUpBy::Caller,
        voicemail: None,
    };
    let floor = office.floor("acme").await;
    let event = Event::WrapUpEnded { agent: "ana".into() };
    let events = vec![Recorded { version: floor.version + 1, at: Timestamp(1), event }];
    let batch = Batch { events, records: (0..25).map(record).collect(), ..Batch::default() };
    office.deps.store.append(&"acme".into(), floor.version, &batch).await.unwrap();

    let program = Program::of(&office, "acme", "olga", &[Scope::CallsRead]).await;
    let (mut read, mut cursor) = (Vec::new(), String::new());
    loop {
        let (status, page) = program.get(&format!("/calls?limit=7{cursor}")).await;
        assert_eq!(status, 200, "{page}");
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 7);
        read.extend(items.iter().map(|call| call["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!((read.len(), read.iter().collect::<BTreeSet<_>>().len()), (25, 25));
    assert_eq!(read[0], "CA024", "the newest first");
    for wrong in ["?limit=0", "?limit=201", "?limit=x", "?cursor=x", "?cursor=%00"] {
        assert_eq!(program.get(&format!("/calls{wrong}")).await.0, 400, "{wrong}");
    }
    assert_eq!(program.get("/nowhere").await.0, 404);
    assert_eq!(program.ask(Method::DELETE, "/calls", None).await.0, 405);
}

#[tokio::test]
async fn a_program_looks_after_people_by_the_same_rules_as_their_pages() {
    let office = Office::staffed().await;
    let (adam, sara) = (
        Program::of(&office, "acme", "adam", &Scope::ALL).await,
        Program::of(&office, "acme", "sara", &Scope::ALL).await,
    );
    let wish = |wish: Value| Some(wish);
    let (status, ina) =
        adam.ask(Method::POST, "/people", wish(json!({ "name": "Ina Radu", "email": "Ina@Example.com" }))).await;
    assert_eq!((status, &ina["standing"], &ina["role"]), (201, &json!("invited"), &json!("agent")), "{ina}");
    assert_eq!(
        (&ina["email"], &ina["extension"]),
        (&json!("ina@example.com"), &json!("105")),
        "the first that is free"
    );
    let path = format!("/people/{}", ina["id"].as_str().unwrap());
    let (status, link) = adam.ask(Method::POST, &format!("{path}/link"), None).await;
    assert_eq!(status, 200, "{link}");
    let link = link["link"].as_str().unwrap().split("/join/").nth(1).unwrap().to_owned();
    assert_eq!(office.browser().get(&format!("/join/{link}")).await.status, 200);

    // All that is wrong at once, each with its field.
    let wrong = json!({ "name": " ", "email": "ina", "extension": "101", "role": "boss", "language": "tlh" });
    let (status, problem) = adam.ask(Method::POST, "/people", wish(wrong)).await;
    let all = BTreeSet::from(["name", "email", "extension", "role", "language"]);
    assert_eq!((status, fields(&problem)), (422, all), "{problem}");
    assert_eq!(adam.ask(Method::POST, "/people", wish(json!({ "nmae": "Ina" }))).await.0, 400, "it is misspelt");

    // What is left out stays.
    let (status, changed) = adam.ask(Method::PATCH, &path, wish(json!({ "role": "supervisor" }))).await;
    assert_eq!(
        (status, &changed["role"], &changed["name"]),
        (200, &json!("supervisor"), &json!("Ina Radu")),
        "{changed}"
    );
    for (field, wrong) in [("role", json!({ "role": "boss" })), ("language", json!({ "language": "tlh" }))] {
        let (status, problem) = adam.ask(Method::PATCH, &path, wish(wrong)).await;
        assert_eq!((status, fields(&problem)), (422, BTreeSet::from([field])), "{problem}");
    }
    for (said, known) in [("ro", json!("ro")), ("", Value::Null)] {
        let (status, changed) = adam.ask(Method::PATCH, &path, wish(json!({ "language": said }))).await;
        assert_eq!((status, &changed["language"]), (200, &known), "{changed}");
    }
    // An extension from before emergency numbers were looked at stays, too, until it is changed.
    office.put("acme", "ion", "ion@example.com", Role::Agent, 112).await;
    let (status, ion) = adam.ask(Method::PATCH, "/people/ion", wish(json!({ "name": "Ion Pop" }))).await;
    assert_eq!((status, &ion["name"], &ion["extension"]), (200, &json!("Ion Pop"), &json!("112")), "{ion}");
    let (status, problem) = adam.ask(Method::PATCH, "/people/ion", wish(json!({ "extension": "911" }))).await;
    assert_eq!((status, fields(&problem)), (422, BTreeSet::from(["extension"])), "{problem}");
    assert_eq!(adam.ask(Method::PATCH, &path, wish(json!({ "role": "owner" }))).await.0, 403, "above themselves");
    assert_eq!(adam.ask(Method::PATCH, "/people/olga", wish(json!({ "name": "Nobody" }))).await.0, 403);
    assert_eq!(sara.ask(Method::PATCH, &path, wish(json!({ "name": "Nobody" }))).await.0, 403, "a supervisor reads");
    assert_eq!(sara.ask(Method::POST, "/people", wish(json!({ "name": "X", "email": "x@example.com" }))).await.0, 403);

    let ana = office.signed_in("ana").await;
    let (status, gone) = adam.ask(Method::POST, "/people/ana/deactivate", None).await;
    assert_eq!((status, &gone["standing"]), (200, &json!("deactivated")), "{gone}");
    assert!(!ana.is_in().await && !office.seats("acme", "ana").await);
    assert_eq!(adam.ask(Method::POST, "/people/ana/reactivate", None).await.0, 200);
    assert!(office.seats("acme", "ana").await);
    let log = office.signed_in("adam").await.get("/settings/log").await.page;
    assert!(log.contains("Added Ina Radu") && log.contains("Deactivated ANA"), "programs are in the log too");
}

#[tokio::test]
async fn other_sites_may_ask_only_if_the_operator_says_so() {
    let office = Office::staffed().await;
    let program = Program::of(&office, "acme", "olga", &Scope::ALL).await;
    let request = program.http.get(format!("{}/calls", program.base)).bearer_auth(&program.token);
    let answer = request.header("origin", "https://crm.example").send().await.unwrap();
    assert!(answer.headers().get("access-control-allow-origin").is_none());
}

#[tokio::test]
async fn what_cannot_be_read_is_a_problem_too() {
    let office = Office::staffed().await;
    let adam = Program::of(&office, "acme", "adam", &Scope::ALL).await;
    let send = async |kind: Option<&str>, body: String| {
        let request = adam.http.post(format!("{}/people", adam.base)).bearer_auth(&adam.token).body(body);
        let request = kind.into_iter().fold(request, |request, kind| request.header("content-type", kind));
        read(request.send().await.unwrap()).await
    };
    let ina = json!({ "name": "Ina Radu", "email": "ina@example.com" }).to_string();
    for kind in [None, Some("text/plain")] {
        let (status, problem) = send(kind, ina.clone()).await;
        assert_eq!((status, &problem["type"]), (415, &json!("/api/docs#media-type")), "{problem}");
    }
    let long = json!({ "name": "x".repeat(70_000), "email": "ina@example.com" }).to_string();
    let (status, problem) = send(Some("application/json"), long).await;
    assert_eq!((status, &problem["type"]), (413, &json!("/api/docs#too-large")), "{problem}");
    for unreadable in ["", "{", "[]", r#"{"name": 1}"#] {
        let (status, problem) = send(Some("application/json"), unreadable.to_owned()).await;
        assert_eq!((status, &problem["type"]), (400, &json!("/api/docs#malformed")), "{problem}");
    }
    // What is no text is nobody's name, whoever asks what.
    for nobody in ["%FF", "%00", "%C3%28"] {
        assert_eq!(adam.get(&format!("/people/{nobody}")).await.0, 404);
        for path in ["deactivate", "reactivate", "link"] {
            assert_eq!(adam.ask(Method::POST, &format!("/people/{nobody}/{path}"), None).await.0, 404);
        }
        assert_eq!(adam.ask(Method::PATCH, &format!("/people/{nobody}"), Some(json!({}))).await.0, 404);
        let away = Some(json!({ "presence": "away" }));
        assert_eq!(adam.ask(Method::PUT, &format!("/presence/{nobody}"), away).await.0, 404);
    }
    assert_eq!(Program::with(&office, "").get("/people/%FF").await.0, 401, "strangers are told nothing");
    let known = office.deps.store.accounts(&"acme".into()).await.unwrap();
    assert!(known.iter().all(|account| account.email != "ina@example.com"), "nothing of it was done");
}

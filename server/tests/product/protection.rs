//! What the product is held to by browsers, and what it holds those to who send it something: TLS, other sites, size, time.

use std::time::Duration;

use reqwest::{
    Method, Response, StatusCode,
    header::{self, HeaderMap},
};
use server::{auth::hash, bounds::Bounds};
use switchyard::{
    time::Timestamp,
    token::{ApiToken, Scope},
};

use super::{
    line::Line,
    office::{Office, PASSWORD, Plan},
};

const FORM: &str = "application/x-www-form-urlencoded";
const CRM: &str = "https://crm.example";
const TOKEN: &str = "swy_of_a_program";
/// How long a request may take where it may not take long.
const SHORT: Duration = Duration::from_millis(300);

/// A program of the company's has a token.
async fn a_program(office: &Office) {
    let token = ApiToken {
        id: "program".into(),
        name: "a program".into(),
        scopes: Scope::ALL.into(),
        by: "olga".into(),
        created: Timestamp(1),
        used: None,
        revoked: None,
    };
    office.deps.store.put_token(&hash(TOKEN), &"acme".into(), &token).await.unwrap();
}

async fn office_as(plan: Plan) -> Office {
    let office = Office::planned(plan).await;
    office.staff().await;
    a_program(&office).await;
    office
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// The cookies that an answer sets.
async fn cookies_of_signing_in(office: &Office) -> Vec<String> {
    let form = [("email", "ana@example.com"), ("password", PASSWORD)];
    let entered = http().post(office.url("/sign-in")).form(&form).send().await.unwrap();
    assert_eq!(entered.status(), StatusCode::SEE_OTHER);
    let cookies = entered.headers().get_all(header::SET_COOKIE).iter();
    cookies.map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn where_browsers_come_through_tls_they_never_come_otherwise_again() {
    let office = office_as(Plan { public_url: Some("https://calls.example"), ..Plan::default() }).await;
    for path in ["/", "/sign-in", "/nowhere", "/healthz", "/api/openapi.json", "/api/v1/people", "/api/live"] {
        let answer = http().get(office.url(path)).send().await.unwrap();
        assert_eq!(answer.headers()[header::STRICT_TRANSPORT_SECURITY], "max-age=31536000", "{path}");
    }
    let session = cookies_of_signing_in(&office).await.swap_remove(0);
    let said: Vec<_> = session.split("; ").skip(1).collect();
    for promise in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(said.contains(&promise), "{session}");
    }

    // At home there is no TLS, and a browser that was promised some would not come back.
    let home = office_as(Plan::default()).await;
    let answer = http().get(home.url("/sign-in")).send().await.unwrap();
    assert!(answer.headers().get(header::STRICT_TRANSPORT_SECURITY).is_none());
    let session = cookies_of_signing_in(&home).await.swap_remove(0);
    assert!(!session.contains("Secure") && session.contains("HttpOnly"), "{session}");
}

/// What another site's page is told.
fn allowed(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).map(|origin| origin.to_str().unwrap())
}

#[tokio::test]
async fn the_sites_that_the_operator_names_may_ask_the_api_and_no_other_site_may_ask_anything() {
    let office = office_as(Plan { origins: &[CRM, "https://reports.example"], ..Plan::default() }).await;
    let ask = async |method: Method, path: &str, origin: &str| -> Response {
        let request = http().request(method, office.url(path)).header(header::ORIGIN, origin).bearer_auth(TOKEN);
        let wish = [
            (header::ACCESS_CONTROL_REQUEST_METHOD, "PATCH"),
            (header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type"),
        ];
        wish.into_iter().fold(request, |request, (name, value)| request.header(name, value)).send().await.unwrap()
    };
    let list = |headers: &HeaderMap, name| headers[name].to_str().unwrap().to_lowercase();
    for origin in [CRM, "https://reports.example"] {
        let answer = ask(Method::GET, "/api/v1/people", origin).await;
        assert_eq!((answer.status(), allowed(answer.headers())), (StatusCode::OK, Some(origin)));
        assert!(list(answer.headers(), header::VARY).contains("origin"), "caches tell them apart");
        // What a browser asks before it changes something. It carries no token, and nothing is done.
        let before = ask(Method::OPTIONS, "/api/v1/people/ana", origin).await;
        assert_eq!((before.status(), allowed(before.headers())), (StatusCode::OK, Some(origin)));
        assert!(list(before.headers(), header::ACCESS_CONTROL_ALLOW_METHODS).contains("patch"));
        let names = list(before.headers(), header::ACCESS_CONTROL_ALLOW_HEADERS);
        assert!(names.contains("authorization") && names.contains("content-type"), "{names}");
        for answer in [&answer, &before] {
            assert!(answer.headers().get(header::ACCESS_CONTROL_ALLOW_CREDENTIALS).is_none(), "no cookies");
        }
    }
    for other in ["https://evil.example", "http://crm.example", "https://crm.example.evil.example", "null"] {
        for method in [Method::GET, Method::OPTIONS] {
            let answer = ask(method.clone(), "/api/v1/people", other).await;
            assert_eq!(allowed(answer.headers()), None, "{method} by {other}");
        }
    }
    // Pages, their functions and their sockets are nobody else's, whatever was named.
    for path in ["/", "/sign-in", "/api/fn/load_floor", "/api/token", "/api/live", "/healthz", "/nowhere"] {
        for method in [Method::GET, Method::OPTIONS, Method::POST] {
            let answer = ask(method.clone(), path, CRM).await;
            assert_eq!(allowed(answer.headers()), None, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn what_is_too_large_is_not_read() {
    let office = office_as(Plan::default()).await;
    let ana = office.signed_in("ana").await;
    let (form, json) = (format!("email={}", "x".repeat(70_000)), format!("{{\"intent\":\"{}\"}}", "x".repeat(70_000)));
    let cases = [("/sign-in", FORM, &form), ("/profile", FORM, &form), ("/api/fn/ask", "application/json", &json)];
    for (path, kind, body) in cases {
        let head = format!("POST {path} HTTP/1.1\r\nhost: office\r\ncookie: {}\r\ncontent-type: {kind}", ana.cookie());
        let answer_to = async |rest: String| {
            let mut line = Line::open(&office).await;
            line.tries_to_say(&format!("{head}\r\n{rest}")).await;
            line.head().await
        };
        let answer = answer_to(format!("content-length: {}\r\n\r\n{body}", body.len())).await;
        assert!(answer.starts_with("http/1.1 413"), "{path}: {answer}");
        // How much it is need not be said before. A function then calls it what it cannot read.
        let chunks = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
        let answer = answer_to(format!("transfer-encoding: chunked\r\n\r\n{chunks}")).await;
        let refused = if kind == FORM { "http/1.1 413" } else { "http/1.1 " };
        assert!(answer.starts_with(refused) && !answer.starts_with("http/1.1 2"), "{path}: {answer}");
    }
}

/// Sends the beginning of a body, waits, and answers what comes.
async fn begins(office: &Office, path: &str, kind: &str) -> String {
    let mut line = Line::open(office).await;
    let more = format!("authorization: Bearer {TOKEN}\r\ncontent-type: {kind}\r\ncontent-length: 100");
    line.says(format!("POST {path} HTTP/1.1\r\nhost: office\r\n{more}\r\n\r\n{{")).await;
    line.end().await
}

#[tokio::test]
async fn whoever_begins_something_and_does_not_go_on_is_told_that_it_took_too_long() {
    let usual = Bounds::default();
    let within = async |bounds| office_as(Plan { bounds, ..Plan::default() }).await;
    // Each within its own limit, while the others are as usual: it is no other that ends it.
    let office = within(Bounds { webhook: SHORT, ..usual }).await;
    for path in ["/api/voice/inbound", "/api/twilio/webhook"] {
        let answer = begins(&office, path, FORM).await;
        assert!(answer.starts_with("HTTP/1.1 503"), "{path}: {answer}");
    }
    let office = within(Bounds { api: SHORT, ..usual }).await;
    let answer = begins(&office, "/api/v1/people", "application/json").await;
    let slow = answer.starts_with("HTTP/1.1 503") && answer.contains("application/problem+json");
    assert!(slow && answer.contains("/api/docs#slow"), "{answer}");
    let office = within(Bounds { page: SHORT, ..usual }).await;
    for path in ["/sign-in", "/sign-in/demo", "/api/fn/load_floor"] {
        let answer = begins(&office, path, FORM).await;
        assert!(answer.starts_with("HTTP/1.1 503"), "{path}: {answer}");
        assert!(answer.to_lowercase().contains("x-content-type-options: nosniff"), "{path}: {answer}");
    }
    assert!(usual.webhook < Duration::from_secs(15), "Twilio waits for no longer");
}

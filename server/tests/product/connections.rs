//! Connections: nobody is waited for who begins and does not go on, and nobody is hung up on who does.

use std::time::{Duration, Instant};

use server::{auth::hash, bounds::Bounds};
use switchyard::{
    agent::Presence,
    floor::{Command, Intent},
    ports::Clock,
};
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};

use super::{
    line::Line,
    office::{Office, PATIENCE, Plan},
};

const HEAD: Duration = Duration::from_millis(300);
const IDLE: Duration = Duration::from_millis(1500);

async fn office_within(bounds: Bounds) -> Office {
    let office = Office::planned(Plan { bounds, ..Plan::default() }).await;
    office.staff().await;
    office
}

#[tokio::test]
async fn whoever_does_not_say_what_they_want_is_hung_up_on_while_others_are_served() {
    let office = office_within(Bounds { head: HEAD, ..Bounds::default() }).await;
    let (silent, mut half, mut slow) =
        (Line::open(&office).await, Line::open(&office).await, Line::open(&office).await);
    half.says("GET /healthz HTTP/1.1\r\nhost: office\r\n").await;
    let request = format!("GET /healthz HTTP/1.1\r\nhost: office\r\nx: {}\r\n\r\n", "x".repeat(200));
    let browser = office.browser();
    let (silent, half, said, answer) = tokio::join!(
        silent.end(),
        half.end(),
        slow.says_slowly(&request, Duration::from_millis(50)),
        browser.get("/healthz"),
    );
    assert_eq!((answer.status, answer.page.as_str()), (200, "ok"));
    assert_eq!((silent.as_str(), half.as_str()), ("", ""), "they got no answer");
    assert!(said < request.len(), "each letter on its own wins no time");
}

#[tokio::test]
async fn a_connection_may_be_silent_between_requests_for_longer_but_not_for_ever() {
    let office = office_within(Bounds { head: HEAD, idle: IDLE, ..Bounds::default() }).await;
    let mut line = Line::open(&office).await;
    line.asks().await;
    assert!(line.is_answered().await);
    sleep(2 * HEAD).await;
    line.asks().await;
    assert!(line.is_answered().await, "a proxy keeps its connections, and nothing that it sends is lost");
    let since = Instant::now();
    assert_eq!(line.end().await, "");
    assert!(since.elapsed() + HEAD > IDLE, "{:?}", since.elapsed());
}

/// A head with which Ana's browser asks for something. She signed in a while ago.
async fn ana_asks(office: &Office, path: &str, more: &str) -> String {
    let expires = office.clock.now().plus_secs(60);
    office.deps.store.open_session(&hash(path), &"acme".into(), &"ana".into(), expires).await.unwrap();
    format!("GET {path} HTTP/1.1\r\nhost: office\r\ncookie: switchyard_session={path}\r\n{more}\r\n")
}

#[tokio::test]
async fn what_stays_open_with_its_page_outlives_every_limit() {
    let page = Duration::from_secs(1);
    let office = office_within(Bounds { head: HEAD, idle: HEAD, page, ..Bounds::default() }).await;
    let mut feed = Line::open(&office).await;
    feed.says(ana_asks(&office, "/api/live?after=0", "").await).await;
    assert!(feed.head().await.starts_with("http/1.1 200"));
    let mut socket = Line::open(&office).await;
    let upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                   sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    socket.says(ana_asks(&office, "/api/device", upgrade).await).await;
    assert!(socket.head().await.starts_with("http/1.1 101"));
    sleep(page + HEAD).await;

    let away = Intent::SetPresence { agent: "ana".into(), presence: Presence::Away };
    office.deps.floor(&"acme".into()).send(Command::Ask { by: "ana".into(), intent: away }).await.unwrap();
    feed.hears_until(|heard| String::from_utf8_lossy(heard).contains("presence")).await;
    // A ping of the page's (RFC 6455, 5.5.2), and the pong that it gets.
    socket.says([0x89, 0x80, 0, 0, 0, 0]).await;
    socket.hears_until(|heard| heard.ends_with(&[0x8a, 0x00])).await;
}

#[tokio::test]
async fn one_person_has_only_so_many_pages_that_are_phones() {
    let office = office_within(Bounds::default()).await;
    let upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                   sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let asks = ana_asks(&office, "/api/device", upgrade).await;
    let mut pages = Vec::new();
    let refused = loop {
        let mut page = Line::open(&office).await;
        page.says(&asks).await;
        let head = page.head().await;
        if !head.starts_with("http/1.1 101") {
            break head;
        }
        pages.push(page);
        assert!(pages.len() < 100);
    };
    assert!(refused.starts_with("http/1.1 429") && refused.contains("retry-after: "), "{refused}");
    assert!(pages.len() >= 20, "{} are room enough", pages.len());
}

#[tokio::test]
async fn when_there_is_no_room_one_waits_at_the_door() {
    let office = office_within(Bounds { connections: 2, ..Bounds::default() }).await;
    let (mut one, mut other, mut third) =
        (Line::open(&office).await, Line::open(&office).await, Line::open(&office).await);
    for line in [&mut one, &mut other] {
        line.asks().await;
        assert!(line.is_answered().await);
    }
    third.asks().await;
    assert!(timeout(HEAD, third.is_answered()).await.is_err(), "nobody lets them in");
    drop(one);
    assert!(third.is_answered().await);
    other.asks().await;
    assert!(other.is_answered().await, "whoever was in notices nothing");
}

#[tokio::test]
async fn a_server_that_is_asked_to_stop_ends_what_is_under_way() {
    let mut office = office_within(Bounds::default()).await;
    let (mut idle, mut busy, mut feed) =
        (Line::open(&office).await, Line::open(&office).await, Line::open(&office).await);
    idle.asks().await;
    assert!(idle.is_answered().await);
    feed.says(ana_asks(&office, "/api/live?after=0", "").await).await;
    assert!(feed.head().await.starts_with("http/1.1 200"));
    let form = "agent=ana";
    let more = format!("content-type: application/x-www-form-urlencoded\r\ncontent-length: {}", form.len());
    busy.says(format!("POST /sign-in/demo HTTP/1.1\r\nhost: office\r\nexpect: 100-continue\r\n{more}\r\n\r\n")).await;
    assert!(busy.head().await.starts_with("http/1.1 100"), "it is being read");

    let (since, address, stopped) = (Instant::now(), office.address, office.close());
    assert_eq!(idle.end().await, "", "a connection on which nothing is asked ends at once");
    assert!(TcpStream::connect(address).await.is_err(), "and nobody else gets in");
    busy.says(form).await;
    let answer = busy.end().await.to_lowercase();
    assert!(answer.starts_with("http/1.1 404") && answer.contains("connection: close"), "{answer}");
    timeout(PATIENCE, stopped).await.unwrap().unwrap();
    assert!(since.elapsed() >= Duration::from_secs(3), "a feed never ends, and is waited for a moment only");
}

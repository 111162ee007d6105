//! Opening: by several processes at once, again later, and when there is nothing to open.

use std::{process::Stdio, time::Duration};

use futures::future::try_join_all;
use server::store;
use sqlx::ConnectOptions;
use switchyard::ports::StoreError;

use crate::{
    cast::{acme, event, events},
    place::{Place, on_postgres, postgres_server},
};

stories![what_was_written_is_there_when_it_is_opened_again, a_newer_database_is_left_alone];

async fn what_was_written_is_there_when_it_is_opened_again(Place { store, url }: Place) {
    store.append(&acme(), 0, &events(1..=1)).await.unwrap();
    drop(store);
    assert_eq!(store::open(&url).await.unwrap().load(&acme()).await.unwrap().events, [event(1)]);
}

async fn a_newer_database_is_left_alone(place: Place) {
    place
        .execute(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             SELECT version + 1000, description, success, checksum, execution_time FROM _sqlx_migrations",
        )
        .await;
    let older = store::open(&place.url).await;
    assert!(matches!(older.map(drop), Err(StoreError::Unavailable(_))));
}

/// What is given to the processes that the next tests start: they run the same tests and open what is named here.
const OPEN: &str = "STORE_CONTRACT_OPEN";

/// Eight tasks and four processes, all at once, on a database that nobody has opened before.
async fn everyone_opens(test: &str, url: String) {
    let processes: Vec<_> = (0..4)
        .map(|_| {
            std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", test])
                .env(OPEN, &url)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let stores = try_join_all((0..8).map(|_| store::open(&url))).await.unwrap();
    for process in processes {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "no test is called {test}");
    }
    stores[0].append(&acme(), 0, &events(1..=1)).await.unwrap();
    assert_eq!(stores[7].load(&acme()).await.unwrap().events, [event(1)]);
}

#[tokio::test]
async fn many_processes_open_a_new_file_at_once() {
    if let Ok(url) = std::env::var(OPEN) {
        store::open(&url).await.unwrap();
        return;
    }
    // A directory beside the story's own database holds the new one.
    crate::place::on_sqlite(|Place { url, .. }| {
        everyone_opens("opening::many_processes_open_a_new_file_at_once", url.replace("test.db", "new.db"))
    })
    .await;
}

#[tokio::test]
async fn many_processes_open_a_new_postgres_database_at_once() {
    if let Ok(url) = std::env::var(OPEN) {
        store::open(&url).await.unwrap();
        return;
    }
    crate::place::on_postgres(|place| async move {
        place.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
        everyone_opens("opening::many_processes_open_a_new_postgres_database_at_once", place.url).await;
    })
    .await;
}

#[tokio::test]
async fn a_database_in_memory_is_one_database() {
    let store = store::open("sqlite::memory:").await.unwrap();
    store.append(&acme(), 0, &events(1..=1)).await.unwrap();
    assert_eq!(store.load(&acme()).await.unwrap().events, [event(1)]);
}

#[tokio::test]
async fn what_cannot_be_opened_is_an_error_and_not_a_wait() {
    // A server that takes the connection and says nothing.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = postgres_server().host("127.0.0.1").port(silent.local_addr().unwrap().port()).to_url_lossy();
    for url in [silent.as_str(), "postgres://127.0.0.1:1/none", "sqlite:///not/there/test.db", "mysql://x", "nonsense"]
    {
        let opened = tokio::time::timeout(Duration::from_secs(10), store::open(url)).await.unwrap();
        assert!(matches!(opened.map(drop), Err(StoreError::Unavailable(_))), "{url}");
    }
}

/// PostgreSQL is started again, or something in between forgets: whatever broke is not used again.
#[tokio::test]
async fn a_database_that_ended_its_connections_is_connected_with_again() {
    on_postgres(|place| async move {
        place.store.append(&acme(), 0, &events(1..=1)).await.unwrap();
        place
            .execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .await;
        let mut failed = 0;
        let mut again = |error: StoreError| {
            assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
            failed += 1;
            assert!(failed < 16, "{error}");
        };
        // Floors commit on connections of their own, which were ended too.
        while let Err(error) = place.store.append(&acme(), 1, &events(2..=2)).await {
            again(error);
        }
        while let Err(error) = place.store.load(&acme()).await {
            again(error);
        }
    })
    .await;
}

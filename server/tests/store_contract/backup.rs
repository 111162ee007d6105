//! Backups: what comes back, whatever the engine, and what is refused.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    pin::Pin,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::Value;
use server::store::{
    self,
    backup::{BackupError, LEFT_OUT, backup, make_ready, restore},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use switchyard::{
    numbers::Number,
    ports::{Batch, Connection as Carrier, Store, StoreError},
    time::Timestamp,
};

use crate::{
    cast::{abandoned, acme, answered, asking, ending, event, floor, globex, two_companies},
    contacts::contact,
    place::{Place, at_postgres, at_sqlite},
};

stories![every_table_is_in_a_backup_or_left_out_on_purpose, a_backup_taken_while_others_write_is_of_one_moment,];

/// Something that is told at an address that nobody has open, on each engine.
type Told = Pin<Box<dyn Future<Output = ()> + Send>>;

async fn on_both(story: fn(String) -> Told) {
    at_sqlite(story).await;
    at_postgres(story).await;
}

pub(crate) async fn text_of(url: &str) -> String {
    let mut out = Vec::new();
    backup(url, Timestamp(7), &mut out, &mut |_| {}).await.unwrap();
    String::from_utf8(out).unwrap()
}

pub(crate) async fn put_back(url: &str, replace: bool, text: &str) -> Result<u64, BackupError> {
    Ok(restore(url, replace, &mut text.as_bytes(), &mut |_| {}).await?.rows)
}

/// Leaves a database, and waits until its connections are gone, as they are when a process ends.
pub(crate) async fn leave(store: std::sync::Arc<dyn Store>, url: &str) {
    drop(store);
    if url.starts_with("postgres") {
        let mut database = PgConnection::connect(url).await.unwrap();
        let others =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                      AND application_name = 'switchyard'";
        while sqlx::query_scalar::<_, i64>(others).fetch_one(&mut database).await.unwrap() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Tables with their rows, each by the names of the columns: order is no matter.
pub(crate) fn tables(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let (mut tables, mut now, mut columns) = (BTreeMap::new(), String::new(), Vec::new());
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if let Some(table) = line.get("table") {
            table["name"].as_str().unwrap().clone_into(&mut now);
            columns = table["columns"].as_array().unwrap().iter().map(|column| column[0].clone()).collect();
            tables.insert(now.clone(), BTreeSet::new());
        } else if let Some(row) = line.as_array() {
            let named: BTreeMap<_, _> = columns.iter().map(Value::as_str).zip(row).collect();
            tables.get_mut(&now).unwrap().insert(serde_json::to_string(&named).unwrap());
        }
    }
    tables
}

/// The names of all tables, as the database says, but for the one in which migrations are noted.
async fn names(url: &str) -> BTreeSet<String> {
    let names: Vec<String> = if url.starts_with("sqlite") {
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
        sqlx::query_scalar(sql).fetch_all(&mut SqliteConnection::connect(url).await.unwrap()).await.unwrap()
    } else {
        let sql = "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public'";
        sqlx::query_scalar(sql).fetch_all(&mut PgConnection::connect(url).await.unwrap()).await.unwrap()
    };
    names.into_iter().filter(|name| name != "_sqlx_migrations").collect()
}

async fn rows_of(url: &str, table: &str) -> i64 {
    let sql = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
    if url.starts_with("sqlite") {
        sqlx::query_scalar(sql).fetch_one(&mut SqliteConnection::connect(url).await.unwrap()).await.unwrap()
    } else {
        sqlx::query_scalar(sql).fetch_one(&mut PgConnection::connect(url).await.unwrap()).await.unwrap()
    }
}

/// A few of everything.
async fn fill(store: &dyn Store) {
    two_companies(store).await;
    store.append(&acme(), 0, &asking(1, &[("a", 1), ("b", 1)])).await.unwrap();
    store.append(&acme(), 1, &ending(2, vec![answered("a", 900), abandoned("b", 901)])).await.unwrap();
    store.save_snapshot(&acme(), &floor(1), Timestamp(5)).await.unwrap();
    let first = store.claim(Timestamp(3000), Timestamp(4000), 1).await.unwrap();
    store.finish(&acme(), first[0].id, Timestamp(3500), Some("a\n\"fault\"")).await.unwrap();
    store.put_number(&acme(), &Number::named("+40312345678", "Vânzări 📞")).await.unwrap();
    store.add_contact(&contact(&globex(), "z", "+40722111222", "Zoë \\ O'Neill\t\u{1}")).await.unwrap();
    store.put_password("dan@example.com", "a hash").await.unwrap();
    store.open_session("session", &acme(), &"dan".into(), Timestamp(9000)).await.unwrap();
    store.put_link("link", &acme(), &"dan".into(), Timestamp(9000)).await.unwrap();
    store.put_set_up_code("code").await.unwrap();
    store.note_failure("key", Timestamp(1), Timestamp(0)).await.unwrap();
    let carrier = Carrier {
        workspace: acme(),
        account: "AC1".into(),
        auth_token: "sealed".into(),
        other_token: None,
        key: None,
        key_secret: None,
        application: None,
        base_url: "https://floor.example".into(),
        countries: "RO".into(),
        changed: Timestamp(i64::MAX),
    };
    store.put_connection(&Carrier { account: "AC0".into(), ..carrier.clone() }, None).await.unwrap();
    store.put_connection(&carrier, Some(carrier.changed)).await.unwrap();
}

async fn every_table_is_in_a_backup_or_left_out_on_purpose(Place { store, url }: Place) {
    fill(&*store).await;
    let all = names(&url).await;
    let left_out: BTreeSet<String> = LEFT_OUT.map(str::to_owned).into();
    assert!(left_out.is_subset(&all), "what is left out is there: {all:?}");
    let kept = tables(&text_of(&url).await);
    assert_eq!(kept.keys().cloned().collect::<BTreeSet<_>>(), all.difference(&left_out).cloned().collect());
    for (table, rows) in &kept {
        assert_eq!(i64::try_from(rows.len()).unwrap(), rows_of(&url, table).await, "{table}");
    }
}

async fn a_backup_taken_while_others_write_is_of_one_moment(place: Place) {
    let writer = place.store.clone();
    // Each version with one effect and one row of the history.
    let writing = tokio::spawn(async move {
        for version in 1..=600_u64 {
            let call = format!("c{version}");
            let records = vec![abandoned(&call, 500 + i64::try_from(version).unwrap())];
            let batch = Batch { records, ..asking(version, &[(call.as_str(), 1)]) };
            writer.append(&acme(), version - 1, &batch).await.unwrap();
        }
    });
    let mut seen = BTreeSet::new();
    loop {
        let last = writing.is_finished();
        let taken = tables(&text_of(&place.url).await);
        let events = taken["events"].len();
        assert_eq!((taken["outbox"].len(), taken["calls"].len()), (events, events));
        let versions: BTreeSet<u64> = taken["events"]
            .iter()
            .map(|row| serde_json::from_str::<Value>(row).unwrap()["version"].as_u64().unwrap())
            .collect();
        assert!(versions.into_iter().eq(1..=events as u64), "no gap");
        seen.insert(events);
        if last {
            break;
        }
    }
    writing.await.unwrap();
    assert!(seen.contains(&600) && seen.len() > 1, "some were taken in between: {seen:?}");
}

#[tokio::test]
async fn nobody_is_let_in_by_a_backup() {
    on_both(|url| {
        Box::pin(async move {
            let store = store::open(&url).await.unwrap();
            fill(&*store).await;
            let text = text_of(&url).await;
            leave(store, &url).await;
            put_back(&url, true, &text).await.unwrap();
            for table in LEFT_OUT {
                assert_eq!(rows_of(&url, table).await, 0, "{table}");
            }
        })
    })
    .await;
}

#[tokio::test]
async fn only_an_empty_database_is_taken_unless_it_is_to_be_replaced() {
    on_both(|url| {
        Box::pin(async move {
            let store = store::open(&url).await.unwrap();
            fill(&*store).await;
            let text = text_of(&url).await;
            assert!(matches!(put_back(&url, true, &text).await, Err(BackupError::InUse)), "a server is running");
            store.add_contact(&contact(&acme(), "l", "+40700000000", "Later")).await.unwrap();
            leave(store, &url).await;
            assert!(matches!(put_back(&url, false, &text).await, Err(BackupError::NotEmpty)));
            assert_eq!(rows_of(&url, "contacts").await, 2);
            put_back(&url, true, &text).await.unwrap();
            assert_eq!(rows_of(&url, "contacts").await, 1);
            assert_eq!(tables(&text_of(&url).await), tables(&text));
        })
    })
    .await;
}

#[tokio::test]
async fn what_is_not_whole_is_refused_and_changes_nothing() {
    on_both(|url| {
        Box::pin(async move {
            let store = store::open(&url).await.unwrap();
            fill(&*store).await;
            let text = text_of(&url).await;
            store.add_contact(&contact(&acme(), "l", "+40700000000", "Later")).await.unwrap();
            leave(store, &url).await;
            let before = text_of(&url).await;

            let lines: Vec<&str> = text.lines().collect();
            let without = |left: usize| {
                let lines = lines.iter().enumerate().filter(|(at, _)| *at != left);
                lines.fold(String::new(), |text, (_, line)| text + line + "\n")
            };
            let mut wrong = vec![
                (String::new(), "empty"),
                ("hello\n".to_owned(), "something else"),
                (text.trim_end().to_owned(), "without its last line feed"),
                (text.clone() + "[1]\n", "longer"),
                (text.replace("sealed", "opened"), "changed"),
                (text.replacen("\"format\":1", "\"format\":2", 1), "of another format"),
                (text.replacen("\"schema\":", "\"schema\":9", 1), "of another version"),
                (text.replacen("hung_up_by", "hung_up", 1), "with other columns"),
            ];
            wrong.extend((0..lines.len()).map(|left| (without(left), "without a line")));
            wrong.extend((1..text.len()).step_by(text.len() / 9).map(|cut| {
                let cut = (cut..=text.len()).find(|cut| text.is_char_boundary(*cut)).unwrap();
                (text[..cut].to_owned(), "cut off")
            }));
            for (text, how) in wrong {
                let refused = put_back(&url, true, &text).await;
                assert!(
                    matches!(refused, Err(BackupError::Broken(_) | BackupError::OtherVersion(_))),
                    "{how}: {refused:?}\n{text}"
                );
            }
            assert_eq!(text_of(&url).await, before);
            put_back(&url, true, &text).await.unwrap();
        })
    })
    .await;
}

#[tokio::test]
async fn a_process_that_is_killed_while_it_restores_leaves_nothing_behind() {
    on_both(|url| {
        Box::pin(async move {
            let store = store::open(&url).await.unwrap();
            fill(&*store).await;
            let mut versions = 3..=4000_u64;
            while let Some(first) = versions.next() {
                let batch = Batch { events: (first..first + 500).map(event).collect(), ..Batch::default() };
                store.append(&acme(), first - 1, &batch).await.unwrap();
                versions.nth(498);
            }
            let text = text_of(&url).await;
            leave(store, &url).await;

            // It gets nearly everything, waits for the rest, and is killed.
            let (mut child, mut input) = {
                let mut command = Command::new(env!("CARGO_BIN_EXE_switchyard"));
                command.env_clear().env("DATABASE_URL", &url).args(["restore", "-", "--replace"]);
                command.current_dir(std::env::temp_dir());
                let mut child = command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
                let input = child.stdin.take().unwrap();
                (child, input)
            };
            let most = text[..text.len() - 200].to_owned();
            let input = tokio::task::spawn_blocking(move || {
                input.write_all(most.as_bytes()).unwrap();
                input.flush().unwrap();
                input
            })
            .await
            .unwrap();
            assert!(child.try_wait().unwrap().is_none(), "it is still at it");
            child.kill().unwrap();
            child.wait().unwrap();
            drop(input);

            assert_eq!(tables(&text_of(&url).await), tables(&text));
            let rows = text.lines().filter(|line| line.starts_with('[')).count() as u64;
            assert_eq!(put_back(&url, true, &text).await.unwrap(), rows);
        })
    })
    .await;
}

#[tokio::test]
async fn tables_are_made_where_there_are_none_and_nothing_else_is_changed() {
    on_both(|url| {
        Box::pin(async move {
            make_ready(&url).await.unwrap();
            assert_eq!(store::missing(&url).await.unwrap(), []);
            make_ready(&url).await.unwrap();

            // An older version's, on which a server runs.
            let store = store::open(&url).await.unwrap();
            let place = Place { store, url: url.clone() };
            let newest = "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)";
            place.execute(newest).await;
            let left = store::missing(&url).await.unwrap();
            assert_eq!(left.len(), 1);
            assert!(matches!(make_ready(&url).await, Err(BackupError::InUse)));
            assert_eq!(store::missing(&url).await.unwrap(), left);
            leave(place.store, &url).await;
            assert!(matches!(make_ready(&url).await, Err(BackupError::OldTables)));
            assert_eq!(store::missing(&url).await.unwrap(), left);
        })
    })
    .await;
}

#[tokio::test]
async fn there_is_nothing_to_read_where_there_is_no_database() {
    let missing = "sqlite:///not/there/test.db";
    let none = backup(missing, Timestamp(7), &mut Vec::new(), &mut |_| {}).await;
    assert!(matches!(none, Err(BackupError::Store(StoreError::Unavailable(_)))));
    assert_eq!(store::missing(missing).await.unwrap().first().map(|(number, _)| *number), Some(1));
    at_sqlite(|url| async move {
        store::migrate(&url).await.unwrap();
        assert_eq!(store::missing(&url).await.unwrap(), []);
    })
    .await;
    at_postgres(|url| async move {
        // A backup says of which migration its tables are, and goes from one engine to the other.
        assert_eq!(store::missing(&url).await.unwrap(), store::missing("sqlite:///not/there/test.db").await.unwrap());
        store::migrate(&url).await.unwrap();
        assert_eq!(store::missing(&url).await.unwrap(), []);
    })
    .await;
}

//! A database from before there were workspaces without a carrier and people in several workspaces goes on working, with
//! what is in it.

use server::store;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use switchyard::{
    agent::Role,
    contacts::Search,
    numbers::Number,
    people::{Language, Standing},
    time::Timestamp,
};

use crate::{cast::person, place::Place};

const BEFORE: [(&str, &str); 2] = [
    ("sqlite", include_str!("../../../migrations/sqlite/0001_tables.sql")),
    ("postgres", include_str!("../../../migrations/postgres/0001_tables.sql")),
];

/// The demo's salon as the first version left it, with two people, one of whom is signed in.
const SALON: &str = "
    INSERT INTO workspaces (workspace, name, account) VALUES ('salon', 'Salon Aurora', 'AC1');
    INSERT INTO accounts (workspace, agent, name, extension, role, email, password) VALUES
        ('salon', 'ana', 'Ana Popescu', '101', 'agent', 'ana@aurora.example', 'hash of ana'),
        ('salon', 'cristina', 'Cristina Neagu', '100', 'supervisor', 'cristina@aurora.example', 'hash of cristina');
    INSERT INTO numbers (workspace, number, label) VALUES ('salon', '+40312345678', 'Bookings');
    INSERT INTO contacts (workspace, number, name) VALUES ('salon', '+40722111222', 'Maria Enache');
    INSERT INTO sessions (token_hash, workspace, agent, expires) VALUES ('token', 'salon', 'ana', 5000);
";

stories![a_database_of_the_first_version_goes_on];

async fn a_database_of_the_first_version_goes_on(Place { store, url }: Place) {
    drop(store);
    let url = first_version(&url).await;
    // Opened twice, as by two starts.
    drop(store::open(&url).await.unwrap());
    let store = store::open(&url).await.unwrap();

    let salon = store.workspace_of_account("AC1").await.unwrap().unwrap();
    assert_eq!((salon.name.as_str(), salon.country.as_str(), salon.language), ("Salon Aurora", "RO", Language::Ro));
    let everyone = store.accounts(&salon.id).await.unwrap();
    let [cristina, ana] = &everyone[..] else { panic!("{everyone:?}") };
    assert_eq!((ana.profile.name.as_str(), ana.profile.role), ("Ana Popescu", Role::Agent));
    assert_eq!((cristina.profile.extension.as_str(), cristina.profile.role), ("100", Role::Supervisor));
    assert!(everyone.iter().all(|account| account.standing() == Standing::Active));
    let password = store.password("ana@aurora.example").await.unwrap();
    assert_eq!(password.as_deref(), Some("hash of ana"), "they sign in as before");
    let session = store.session("token", Timestamp(1)).await.unwrap().unwrap();
    assert_eq!((session.workspace, session.agent), (salon.id.clone(), "ana".into()), "and stay signed in");
    let bookings = Number::named("+40312345678", "Bookings");
    assert_eq!(store.numbers(&salon.id).await.unwrap(), [bookings]);
    let maria = store.contact_name(&salon.id, "+40722111222").await.unwrap();
    assert_eq!(maria.as_deref(), Some("Maria Enache"));
    let found = store.contacts(&salon.id, &Search::of("MARIA"), None, 9).await.unwrap();
    assert!(matches!(&found[..], [maria] if !maria.id.as_str().is_empty()), "and is found: {found:?}");

    // What refers to what is as strict as in a new database.
    store.put_account(&person(&salon.id, "dan", "102")).await.unwrap();
    let stranger = store.open_session("other", &salon.id, &"nobody".into(), Timestamp(5000)).await;
    assert!(stranger.is_err());
    assert!(store.put_account(&person(&"nowhere".into(), "dan", "102")).await.is_err());
    store.change_email("ana@aurora.example", "ana@example.com").await.unwrap();
    assert_eq!(store.accounts_of("ana@example.com").await.unwrap().len(), 1);
}

/// A database beside the story's own, or in its place, with the tables and the notes of the first version.
async fn first_version(url: &str) -> String {
    let url = url.replace("test.db", "before.db");
    let (_, tables) = BEFORE.into_iter().find(|(engine, _)| url.starts_with(engine)).unwrap();
    // The note of a migration is its checksum, which the store compares: SHA-384 of the script, as sqlx makes it.
    let noted = |checksum: &str| {
        format!(
            "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL,
             installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL,
             checksum {} NOT NULL, execution_time BIGINT NOT NULL);
             INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (1, 'tables', TRUE, {checksum}, 0);",
            if url.starts_with("sqlite") { "BLOB" } else { "BYTEA" },
        )
    };
    let hex = checksum(tables);
    if url.starts_with("sqlite") {
        let mut database = SqliteConnection::connect(&format!("{url}?mode=rwc")).await.unwrap();
        for sql in [tables.to_owned(), SALON.to_owned(), noted(&format!("x'{hex}'"))] {
            database.execute(AssertSqlSafe(sql)).await.unwrap();
        }
    } else {
        let mut database = PgConnection::connect(&url).await.unwrap();
        let empty = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;".to_owned();
        for sql in [empty, tables.to_owned(), SALON.to_owned(), noted(&format!("'\\x{hex}'"))] {
            database.execute(AssertSqlSafe(sql)).await.unwrap();
        }
    }
    url
}

fn checksum(script: &str) -> String {
    use sha2::{Digest, Sha384};
    Sha384::digest(script.as_bytes()).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

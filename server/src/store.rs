//! Where everything durable is: SQLite by default, PostgreSQL by address.
//!
//! What the two engines share is written once, over [`engine::Engine`]: values in, rows out. Where they differ (how a
//! batch is appended, how work is claimed, how connections are kept) is in `sqlite` and `postgres`.

mod audit;
pub mod backup;
mod connections;
mod contacts;
mod directory;
mod engine;
mod listed;
mod listeners;
mod log;
mod outbox;
mod people;
mod postgres;
mod privacy;
mod sessions;
mod sqlite;
mod tokens;
mod voicemail;
mod webhooks;

use std::{str::FromStr, sync::Arc};

use sqlx::{
    SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
    postgres::PgConnectOptions,
    sqlite::SqliteConnectOptions,
};
use switchyard::ports::{Store, StoreError};

use self::listeners::Listeners;

/// A store over an engine.
struct Sql<E>(E, Listeners);

/// Opens the database at an address and brings its tables up to date. Any number of processes may do so at once.
///
/// - `sqlite://path/to/file.db` (made when it is not there), or `sqlite::memory:`, which lives as long as the store;
/// - `postgres://user:password@host/database`.
///
/// # Errors
/// The address is of another kind, the database cannot be reached, or its tables are from a newer version of this program.
pub async fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    // The address is never repeated in an error: it may hold a password.
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(Arc::new(Sql(sqlite::Sqlite::open(url).await?, Listeners::default()))),
        Some("postgres" | "postgresql") => {
            Ok(Arc::new(Sql(postgres::Postgres::open(url).await?, Listeners::default())))
        }
        _ => Err(StoreError::Unavailable("the address must begin with `sqlite:` or `postgres:`".into())),
    }
}

/// Whether a database's address can be meant.
pub fn fits(url: &str) -> bool {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => SqliteConnectOptions::from_str(url).is_ok(),
        Some("postgres" | "postgresql") => PgConnectOptions::from_str(url).is_ok(),
        _ => false,
    }
}

/// Brings the tables of a database up to date, and leaves it.
///
/// # Errors
/// As [`open`].
pub async fn migrate(url: &str) -> Result<(), StoreError> {
    if url.starts_with("sqlite:") {
        sqlite::Sqlite::open(url).await?.close().await;
    } else {
        postgres::Postgres::migrate(url).await?;
    }
    Ok(())
}

/// The migrations that a database has not had, by number and name. Nothing is changed, and no file is made.
///
/// # Errors
/// The database cannot be reached, or its tables are from a newer version of this program.
pub async fn missing(url: &str) -> Result<Vec<(i64, &'static str)>, StoreError> {
    let (applied, all) = if url.starts_with("sqlite:") {
        (sqlite::Sqlite::applied(url).await?, sqlite::MIGRATIONS)
    } else {
        (postgres::Postgres::applied(url).await?, postgres::MIGRATIONS)
    };
    let known: Vec<(i64, &'static str)> = (1..).zip(all.iter().map(|(name, _)| *name)).collect();
    if applied.iter().any(|version| known.iter().all(|(number, _)| number != version)) {
        return Err(StoreError::Unavailable("its tables are from a newer version of this program".into()));
    }
    Ok(known.into_iter().filter(|(number, _)| !applied.contains(number)).collect())
}

/// An engine's migrations, in order. They are part of the program: a deployment is one file.
fn migrator(scripts: &[(&'static str, &'static str)]) -> Migrator {
    Migrator::with_migrations(
        (1..)
            .zip(scripts)
            .map(|(number, (name, sql))| {
                Migration::new(number, (*name).into(), MigrationType::Simple, sql.into_sql_str(), false)
            })
            .collect(),
    )
}

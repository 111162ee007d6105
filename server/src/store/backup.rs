//! Backups: everything in a database as text that either engine can take, read at one moment while others write.
//!
//! The first line says what made the file. Each table has a line with its columns, and then one for each row. The last
//! line has the number of rows and the SHA-256 of every byte before it, so that a file that was cut off or changed is
//! refused. Which tables there are is asked of the database.

mod engine;
mod postgres;
mod read;
mod sqlite;
mod write;

use std::{
    collections::BTreeMap,
    io::{self, BufRead, Write},
};

use serde::{Deserialize, Serialize};
use switchyard::{ports::StoreError, time::Timestamp};
use thiserror::Error;

use self::engine::Catalog;
use crate::store;

/// The shape of the file. Another one gets another number.
const FORMAT: u32 = 1;
/// Tables that no backup has: with them a browser, a program, or whoever found an old link would be let in again.
pub const LEFT_OUT: [&str; 5] = ["sessions", "links", "set_up_codes", "sign_in_failures", "api_tokens"];
/// Rows that are taken in together, and bytes of them after which it is enough.
const ROWS: usize = 1000;
const BYTES: usize = 4 << 20;

/// Why there is no backup, or why it was not restored. Nothing has changed then.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file cannot be read or written.
    #[error("the file cannot be used: {0}")]
    File(#[from] io::Error),
    /// It is none, or not whole.
    #[error("this is no backup that can be used: {0}")]
    Broken(String),
    /// Its tables are not those of this program.
    #[error(
        "the backup was made by version {0} of Switchyard, whose tables are others: restore it with that version, and then bring the database up to date"
    )]
    OtherVersion(String),
    /// The database's tables are of an older version.
    #[error("the database's tables are of an older version: bring them up to date first, with `switchyard migrate`")]
    OldTables,
    /// The database is not empty.
    #[error("the database is not empty: with --replace everything in it is deleted first")]
    NotEmpty,
    /// A server is running on the database.
    #[error("a server, or another program, has the database open: stop it first")]
    InUse,
    /// A column that backups cannot hold.
    #[error("the column {0} is of type {1}, which backups cannot hold")]
    UnknownType(String, String),
}

/// What was written or read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Tables.
    pub tables: usize,
    /// Rows in all of them.
    pub rows: u64,
    /// When it was taken.
    pub taken: Timestamp,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Text,
    Number,
}

/// A table and its columns, in the order in which rows have them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Table {
    name: String,
    columns: Vec<(String, Kind)>,
}

/// A line that is no row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Backup { format: u32, program: String, schema: i64, engine: String, taken: Timestamp },
    Table(Table),
    End { rows: u64, sha256: String },
}

/// Writes a backup of the database at `url`. `progress` is told now and then how many rows there are so far.
///
/// # Errors
/// The database cannot be read, or `out` not written.
pub async fn backup(
    url: &str,
    taken: Timestamp,
    out: &mut (dyn Write + Send),
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Summary, BackupError> {
    if url.starts_with("sqlite:") {
        write::write(&mut sqlite::Database::to_read(url).await?, taken, out, progress).await
    } else {
        write::write(&mut postgres::Database::to_read(url).await?, taken, out, progress).await
    }
}

/// Makes the tables that a backup is put into, where there are none. Everything else is left as it is.
///
/// # Errors
/// The database is in use, or has tables of another version.
pub async fn make_ready(url: &str) -> Result<(), BackupError> {
    // First of all: a server that runs is not to find its tables changed.
    if url.starts_with("sqlite:") {
        sqlite::Database::alone(url).await?;
    } else {
        postgres::Database::alone(url).await?;
    }
    match store::missing(url).await?.first() {
        None => Ok(()),
        Some((1, _)) => Ok(store::migrate(url).await?),
        Some(_) => Err(BackupError::OldTables),
    }
}

/// Puts a backup into the database at `url`, whose tables must be up to date: all of it, or nothing.
///
/// # Errors
/// The backup is none, is broken or of another version, the database is in use, or is not empty and is not to be replaced.
pub async fn restore(
    url: &str,
    replace: bool,
    input: &mut (dyn BufRead + Send),
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Summary, BackupError> {
    if url.starts_with("sqlite:") {
        read::read(&mut sqlite::Database::to_write(url).await?, replace, input, progress).await
    } else {
        read::read(&mut postgres::Database::to_write(url).await?, replace, input, progress).await
    }
}

/// Tables in an order in which each comes after those that it refers to.
fn in_order(catalog: &Catalog) -> Vec<Table> {
    let mut left: BTreeMap<&str, &Table> = catalog.tables.iter().map(|table| (table.name.as_str(), table)).collect();
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let waits = |name: &str| {
            let mut references = catalog.references.iter().filter(|(from, to)| from == name && to != name);
            references.any(|(_, to)| left.contains_key(to.as_str()))
        };
        let mut ready: Vec<&str> = left.keys().copied().filter(|name| !waits(name)).collect();
        if ready.is_empty() {
            // Tables that refer to each other: no order is better than another.
            ready = left.keys().copied().collect();
        }
        ordered.extend(ready.into_iter().filter_map(|name| left.remove(name)).cloned());
    }
    ordered
}

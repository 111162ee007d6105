//! What the shared SQL asks of an engine, and what went wrong in terms of the ports.
//!
//! Statements number their parameters `$1`, `$2`, …, which both engines understand, and use text and 64-bit numbers only.

use std::time::Duration;

use serde::de::DeserializeOwned;
use sqlx::{FromRow, postgres::PgRow, sqlite::SqliteRow};
use switchyard::{
    id::{AgentId, CallId, ContactId, RecordingId, WorkspaceId},
    ports::StoreError,
    time::Timestamp,
};

use super::listed::Listed;

/// How long anything waits for a connection or a lock, before the database counts as down.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// A database.
pub(super) trait Engine: Send + Sync + 'static {
    /// Claims what is due. `$1` now, `$2` claimed until, `$3` at most. Whose claim ran out was tried, with what success nobody
    /// knows.
    const CLAIM: &'static str;

    /// What is known of calls to the numbers of workspace `$1`, in the order of `$2`: a JSON array of pairs, the number that was
    /// called and the caller's.
    const ARRIVALS: &'static str;

    /// What is done with each of a list.
    const LISTED: Listed;

    /// Rows of a statement that only reads.
    fn read<T: Row>(
        &self,
        scope: Scope<'_>,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<Vec<T>, StoreError>> + Send;

    /// Rows of a statement that writes.
    fn write<T: Row>(
        &self,
        scope: Scope<'_>,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<Vec<T>, StoreError>> + Send;

    /// Carries out a statement that writes. Answers how many rows it changed.
    fn run(
        &self,
        scope: Scope<'_>,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Carries out statements that write in one transaction: all of them, or none when one that must change something
    /// changes nothing. Answers whether they were carried out.
    fn together(&self, scope: Scope<'_>, steps: &[Step<'_>]) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Appends a batch in one transaction, if the log ends at `$2`. Answers how many events were written: all or none.
    ///
    /// `$1` workspace, `$2` expected version, `$3` when the effects were asked for; then as JSON arrays of objects
    /// with the names of the columns: `$4` events, `$5` effects, `$6` rows of the history, `$7` messages,
    /// of which each endpoint gets those that it is told of.
    fn append(
        &self,
        workspace: &WorkspaceId,
        values: &[Value<'_>; 7],
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;
}

/// Which rows a statement is about. PostgreSQL shows it no others; on SQLite the statement's own `WHERE` is all there is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope<'a> {
    /// Those of one workspace.
    Of(&'a WorkspaceId),
    /// Those of all: before somebody is signed in there is no workspace, and the outbox and retention work for everyone.
    Installation,
}

/// One of several statements that are carried out together.
pub(super) struct Step<'a> {
    pub(super) sql: &'static str,
    pub(super) values: Vec<Value<'a>>,
    /// Whether all is undone when this one changes nothing.
    pub(super) must: bool,
}

impl<'a> Step<'a> {
    /// A statement without which the others are nothing.
    pub(super) fn must<const N: usize>(sql: &'static str, values: [Value<'a>; N]) -> Self {
        Self { sql, values: values.into(), must: true }
    }

    /// A statement that may find nothing to change.
    pub(super) fn may<const N: usize>(sql: &'static str, values: [Value<'a>; N]) -> Self {
        Self { sql, values: values.into(), must: false }
    }
}

/// A row that either engine can answer with: tuples of `String`, `i64` and options of them are.
pub(super) trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin> Row for T {}

/// A parameter of a statement.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Number(i64),
    Moment(Option<Timestamp>),
    Text(Option<&'a str>),
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(moment: Timestamp) -> Self {
        Self::Number(moment.0)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<Timestamp>> for Value<'_> {
    fn from(moment: Option<Timestamp>) -> Self {
        Self::Moment(moment)
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text)
    }
}

macro_rules! text {
    ($($name:ident),*) => {$(
        impl<'a> From<&'a $name> for Value<'a> {
            fn from(text: &'a $name) -> Self {
                text.as_str().into()
            }
        }
    )*};
}
text!(String, WorkspaceId, AgentId, CallId, ContactId, RecordingId);

/// Values for a statement, of whatever types they are.
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::store::engine::Value::from($value)),*] };
}
pub(super) use values;

/// What matches, with `LIKE … ESCAPE '!'`, every text with `words` in it.
pub(super) fn part(words: &str) -> String {
    format!("%{}%", words.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

/// What a failure of the database means to those who asked.
pub(super) fn failure(error: sqlx::Error) -> StoreError {
    use sqlx::Error::{ColumnDecode, ColumnIndexOutOfBounds, ColumnNotFound, Database, Decode, TypeNotFound};
    match &error {
        Database(database) if database.is_unique_violation() => StoreError::Taken,
        Decode(_) | ColumnDecode { .. } | ColumnIndexOutOfBounds { .. } | ColumnNotFound(_) | TypeNotFound { .. } => {
            corrupt(error)
        }
        _ => StoreError::Unavailable(error.to_string()),
    }
}

/// A value does not hold what it should.
#[expect(clippy::needless_pass_by_value, reason = "this is what `map_err` calls")]
pub(super) fn corrupt(why: impl ToString) -> StoreError {
    StoreError::Corrupt(why.to_string())
}

/// What was stored as JSON.
pub(super) fn decode<T: DeserializeOwned>(json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(corrupt)
}

/// What was stored as a word: a variant without fields.
pub(super) fn word<T: DeserializeOwned>(word: String) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(word)).map_err(corrupt)
}

/// A version as it is stored.
pub(super) fn stored(version: u64) -> Result<i64, StoreError> {
    i64::try_from(version).map_err(corrupt)
}

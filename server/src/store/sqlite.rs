//! SQLite: one file, one connection that writes, a few that read beside it.

use std::{str::FromStr, time::Instant};

use sqlx::{
    ConnectOptions, SqlitePool,
    query::Query,
    sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use switchyard::{id::WorkspaceId, ports::StoreError};

use super::{
    engine::{Engine, PATIENCE, Row, Scope, Step, Value, failure},
    listed::{Listed, listed},
};

pub(super) const MIGRATIONS: &[(&str, &str)] = &[
    ("tables", include_str!("../../../migrations/sqlite/0001_tables.sql")),
    ("people", include_str!("../../../migrations/sqlite/0002_people.sql")),
    ("twilio", include_str!("../../../migrations/sqlite/0003_twilio.sql")),
    ("oversight", include_str!("../../../migrations/sqlite/0004_oversight.sql")),
    ("contacts", include_str!("../../../migrations/sqlite/0005_contacts.sql")),
    ("numbers", include_str!("../../../migrations/sqlite/0006_numbers.sql")),
    ("api", include_str!("../../../migrations/sqlite/0007_api.sql")),
    ("webhooks", include_str!("../../../migrations/sqlite/0008_webhooks.sql")),
    ("forgetting", include_str!("../../../migrations/sqlite/0009_forgetting.sql")),
    ("voicemail", include_str!("../../../migrations/sqlite/0010_voicemail.sql")),
    ("retention", include_str!("../../../migrations/sqlite/0011_retention.sql")),
    ("former_accounts", include_str!("../../../migrations/sqlite/0012_former_accounts.sql")),
    ("identities", include_str!("../../../migrations/sqlite/0013_identities.sql")),
];
/// Connections that read.
const READERS: u32 = 4;

/// The steps of an append, each with the place of its rows among the values. When the first writes nothing, the others are
/// not taken; nor is one that has no rows.
const APPEND: [(usize, &str); 4] = [
    (
        3,
        "INSERT INTO events (workspace, version, at, body)
     SELECT $1, value ->> 'version', value ->> 'at', value ->> 'body' FROM json_each($4)
     WHERE $2 = max(
         coalesce((SELECT max(version) FROM events WHERE workspace = $1), 0),
         coalesce((SELECT version FROM snapshots WHERE workspace = $1), 0)
     )",
    ),
    (
        4,
        "INSERT INTO outbox (workspace, call, body, created, due)
     SELECT $1, value ->> 'call', value ->> 'body', $3, $3 FROM json_each($5) ORDER BY key",
    ),
    (
        5,
        "INSERT INTO calls (workspace, call, direction, from_number, from_name, to_number, to_label, colleague, agent,
     arrived, answered, ended, outcome, hung_up_by, voicemail, voicemail_since)
     SELECT $1, value ->> 'call', value ->> 'direction', value ->> 'from_number', value ->> 'from_name',
     value ->> 'to_number', value ->> 'to_label', value ->> 'colleague', value ->> 'agent', value ->> 'arrived',
     value ->> 'answered', value ->> 'ended', value ->> 'outcome', value ->> 'hung_up_by',
     value ->> 'voicemail', value ->> 'voicemail_since' FROM json_each($6) WHERE true
     ON CONFLICT (workspace, call) DO UPDATE SET direction = excluded.direction, from_number = excluded.from_number,
     from_name = excluded.from_name, to_number = excluded.to_number, to_label = excluded.to_label,
     colleague = excluded.colleague, agent = excluded.agent, arrived = excluded.arrived, answered = excluded.answered,
     ended = excluded.ended, outcome = excluded.outcome, hung_up_by = excluded.hung_up_by,
     voicemail = excluded.voicemail, voicemail_since = excluded.voicemail_since",
    ),
    (
        6,
        "INSERT INTO webhook_deliveries (workspace, endpoint, message, event, body, created, due)
     SELECT $1, e.id, m.value ->> 'message', m.value ->> 'event', m.value ->> 'body', $3, $3
     FROM json_each($7) AS m JOIN webhook_endpoints AS e ON e.workspace = $1 AND e.off_since IS NULL
     AND ' ' || e.events || ' ' LIKE '% ' || (m.value ->> 'event') || ' %' ORDER BY m.key, e.id",
    ),
];
/// No rows, as JSON.
const NO_ROWS: &str = "[]";

pub(super) struct Sqlite {
    /// One connection: SQLite has one writer at a time, and waiting for it here is fair, unlike waiting for a lock.
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Sqlite {
    pub(super) async fn open(url: &str) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(failure)?
            .create_if_missing(true)
            .busy_timeout(PATIENCE)
            .foreign_keys(true)
            .synchronous(SqliteSynchronous::Full);
        // A connection that is closed takes a database in memory with it, so none is ever closed for its age.
        let pool = SqlitePoolOptions::new().acquire_timeout(PATIENCE).idle_timeout(None).max_lifetime(None);
        let writer = pool
            .clone()
            .max_connections(1)
            .test_before_acquire(false)
            .connect_lazy_with(options.clone().journal_mode(SqliteJournalMode::Wal));
        migrate(&writer).await?;
        let readers = if url.contains(":memory:") {
            writer.clone()
        } else {
            pool.max_connections(READERS).test_before_acquire(false).connect_lazy_with(options.read_only(true))
        };
        Ok(Self { writer, readers })
    }

    pub(super) async fn close(self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// The numbers of the migrations that a database has had. No file is made.
    pub(super) async fn applied(url: &str) -> Result<Vec<i64>, StoreError> {
        let options = SqliteConnectOptions::from_str(url).map_err(failure)?.read_only(true).busy_timeout(PATIENCE);
        if !options.get_filename().exists() {
            return Ok(Vec::new());
        }
        let applied = async {
            let mut connection = options.connect().await?;
            let noted = "SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'";
            let noted: i64 = sqlx::query_scalar(noted).fetch_one(&mut connection).await?;
            if noted == 0 {
                return Ok(Vec::new());
            }
            let all = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
            sqlx::query_scalar(all).fetch_all(&mut connection).await
        };
        applied.await.map_err(failure)
    }
}

/// Brings the tables up to date. Switching a new file to WAL needs it alone, and SQLite does not wait for that as it
/// waits for other locks: of two processes that start at once, one comes back.
async fn migrate(writer: &SqlitePool) -> Result<(), StoreError> {
    let started = Instant::now();
    loop {
        // IMMEDIATE takes the write lock before the first look at what has been applied.
        match writer.begin_with("BEGIN IMMEDIATE").await {
            Ok(mut transaction) => {
                let migrated = super::migrator(MIGRATIONS).run_direct(None, &mut *transaction, false).await;
                migrated.map_err(|error| StoreError::Unavailable(error.to_string()))?;
                return transaction.commit().await.map_err(failure);
            }
            Err(error) if is_busy(&error) && started.elapsed() < PATIENCE => tokio::time::sleep(PATIENCE / 100).await,
            Err(error) => return Err(failure(error)),
        }
    }
}

/// Whether somebody else holds the file (`SQLITE_BUSY`, in the low byte of the extended code).
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

impl Engine for Sqlite {
    const CLAIM: &'static str = "UPDATE outbox SET claimed_until = $2,
         attempts = attempts + CASE WHEN claimed_until > 0 THEN 1 ELSE 0 END WHERE id IN (
             SELECT id FROM outbox AS o INDEXED BY outbox_unfinished
             WHERE finished IS NULL AND due <= $1 AND claimed_until <= $1 AND NOT EXISTS (
                 SELECT 1 FROM outbox AS e
                 WHERE e.workspace = o.workspace AND e.call = o.call AND e.finished IS NULL AND e.id < o.id
             ) ORDER BY id LIMIT $3
         ) RETURNING id, workspace, call, body, attempts, created";

    const ARRIVALS: &'static str =
        "SELECT w.workspace, w.name, w.country, w.language, w.account, w.zone, n.label, n.hours,
         c.name FROM json_each($2) AS a JOIN workspaces AS w ON w.workspace = $1
         LEFT JOIN numbers AS n ON n.workspace = w.workspace AND n.number = a.value ->> 0
         LEFT JOIN contacts AS c ON c.workspace = w.workspace AND c.number = a.value ->> 1 ORDER BY a.key";

    const LISTED: Listed = listed!("json_each($2)", "IN (", ")");

    async fn read<T: Row>(&self, _: Scope<'_>, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<T>, StoreError> {
        rows(query(sql, values).fetch_all(&self.readers).await)
    }

    async fn write<T: Row>(&self, _: Scope<'_>, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<T>, StoreError> {
        rows(query(sql, values).fetch_all(&self.writer).await)
    }

    async fn run(&self, _: Scope<'_>, sql: &'static str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        Ok(query(sql, values).execute(&self.writer).await.map_err(failure)?.rows_affected())
    }

    async fn together(&self, _: Scope<'_>, steps: &[Step<'_>]) -> Result<bool, StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(failure)?;
        for step in steps {
            let rows = query(step.sql, &step.values).execute(&mut *transaction).await.map_err(failure)?.rows_affected();
            if step.must && rows == 0 {
                return Ok(false);
            }
        }
        transaction.commit().await.map_err(failure)?;
        Ok(true)
    }

    async fn append(&self, _: &WorkspaceId, values: &[Value<'_>; 7]) -> Result<u64, StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(failure)?;
        let mut written = None;
        for (rows_at, step) in APPEND {
            if matches!(values[rows_at], Value::Text(Some(NO_ROWS))) {
                continue;
            }
            let rows = query(step, values).execute(&mut *transaction).await.map_err(failure)?.rows_affected();
            if *written.get_or_insert(rows) == 0 {
                return Ok(0);
            }
        }
        transaction.commit().await.map_err(failure)?;
        Ok(written.unwrap_or(0))
    }
}

fn rows<T: Row>(rows: Result<Vec<sqlx::sqlite::SqliteRow>, sqlx::Error>) -> Result<Vec<T>, StoreError> {
    rows.map_err(failure)?.iter().map(|row| T::from_row(row).map_err(failure)).collect()
}

fn query(sql: &'static str, values: &[Value<'_>]) -> Query<'static, sqlx::Sqlite, SqliteArguments> {
    values.iter().fold(sqlx::query(sql), |query, value| match value {
        Value::Number(number) => query.bind(*number),
        Value::Moment(moment) => query.bind(moment.map(|moment| moment.0)),
        Value::Text(text) => query.bind(*text),
    })
}

//! PostgreSQL: a pool of connections, and an append in one statement, because each one is a journey over the network.
//!
//! sqlx 0.9.0 leaves Nagle's algorithm on (launchbadge/sqlx#4335, mended after that release): a statement of more than one
//! packet may wait up to 40 ms for an acknowledgement. Batches grow meanwhile, so that this costs time and not throughput.

mod pool;

use std::{str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, Connection, PgConnection,
    postgres::{PgArguments, PgConnectOptions, PgRow},
    query::Query,
};
use switchyard::{id::WorkspaceId, ports::StoreError};

use self::pool::{Lease, Pool};
use super::{
    engine::{Engine, PATIENCE, Row, Scope, Step, Value, failure},
    listed::{Listed, listed},
};

pub(super) const MIGRATIONS: &[(&str, &str)] = &[
    ("tables", include_str!("../../../migrations/postgres/0001_tables.sql")),
    ("people", include_str!("../../../migrations/postgres/0002_people.sql")),
    ("twilio", include_str!("../../../migrations/postgres/0003_twilio.sql")),
    ("oversight", include_str!("../../../migrations/postgres/0004_oversight.sql")),
    ("contacts", include_str!("../../../migrations/postgres/0005_contacts.sql")),
    ("numbers", include_str!("../../../migrations/postgres/0006_numbers.sql")),
    ("api", include_str!("../../../migrations/postgres/0007_api.sql")),
    ("webhooks", include_str!("../../../migrations/postgres/0008_webhooks.sql")),
    ("forgetting", include_str!("../../../migrations/postgres/0009_forgetting.sql")),
    ("voicemail", include_str!("../../../migrations/postgres/0010_voicemail.sql")),
    ("retention", include_str!("../../../migrations/postgres/0011_retention.sql")),
    ("former_accounts", include_str!("../../../migrations/postgres/0012_former_accounts.sql")),
    ("identities", include_str!("../../../migrations/postgres/0013_identities.sql")),
];
/// What a server calls itself to the database.
pub(super) const APPLICATION: &str = "switchyard";
/// The role that the server works as when it connects as one that is above the policies. Two servers that start at once
/// take turns: roles and grants cannot be changed by two at a time.
const ROLE: &str = include_str!("role.sql");
const GIVE_UP: &str = "SET ROLE switchyard_app";
/// How long a statement may take. A server that went away without a word would be waited for forever.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// A single statement is a transaction. Of two writers at one version the second waits at the key of `events`, and fails
/// when the first has committed. The columns of the JSON are the columns of the tables.
const APPEND: &str = "WITH
     log AS (
         SELECT 1 WHERE $2 = greatest(
             coalesce((SELECT max(version) FROM events WHERE workspace = $1), 0),
             coalesce((SELECT version FROM snapshots WHERE workspace = $1), 0)
         )
     ),
     effects AS (
         INSERT INTO outbox (workspace, call, body, created, due)
         SELECT $1, call, body, $3, $3 FROM log,
         ROWS FROM (json_to_recordset(CAST($5 AS json)) AS (call text, body text)) WITH ORDINALITY AS e (call, body, place)
         ORDER BY place
     ),
     records AS (
         INSERT INTO calls (workspace, call, direction, from_number, from_name, to_number, to_label, colleague, agent,
         arrived, answered, ended, outcome, hung_up_by, voicemail, voicemail_since)
         SELECT $1, call, direction, from_number, from_name, to_number, to_label, colleague, agent, arrived, answered, ended,
         outcome, hung_up_by, voicemail, voicemail_since
         FROM log, json_to_recordset(CAST($6 AS json)) AS r (call text, direction text, from_number text, from_name text,
         to_number text, to_label text, colleague text, agent text, arrived bigint, answered bigint, ended bigint,
         outcome text, hung_up_by text, voicemail text, voicemail_since bigint)
         ON CONFLICT (workspace, call) DO UPDATE SET direction = excluded.direction, from_number = excluded.from_number,
         from_name = excluded.from_name, to_number = excluded.to_number, to_label = excluded.to_label,
         colleague = excluded.colleague, agent = excluded.agent, arrived = excluded.arrived,
         answered = excluded.answered, ended = excluded.ended, outcome = excluded.outcome,
         hung_up_by = excluded.hung_up_by, voicemail = excluded.voicemail, voicemail_since = excluded.voicemail_since
     ),
     messages AS (
         INSERT INTO webhook_deliveries (workspace, endpoint, message, event, body, created, due)
         SELECT $1, e.id, m.message, m.event, m.body, $3, $3 FROM log,
         ROWS FROM (json_to_recordset(CAST($7 AS json)) AS (message text, event text, body text)) WITH ORDINALITY
         AS m (message, event, body, place)
         JOIN webhook_endpoints AS e ON e.workspace = $1 AND e.off_since IS NULL
         AND ' ' || e.events || ' ' LIKE '% ' || m.event || ' %' ORDER BY m.place, e.id
     )
     INSERT INTO events (workspace, version, at, body)
     SELECT $1, version, at, body FROM log, json_to_recordset(CAST($4 AS json)) AS e (version bigint, at bigint, body text)";

/// What a connection of the pool may see; nothing until it is told.
pub(super) const SCOPE: &str = "SELECT set_config('switchyard.workspace', $1, false)";
/// Every workspace: the policies know this word, which no workspace is called by.
pub(super) const EVERYTHING: &str = "*";

pub(super) struct Postgres {
    pool: Pool,
}

impl Postgres {
    pub(super) async fn open(url: &str) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url).map_err(failure)?.application_name(APPLICATION);
        let role = prepare(&options).await?;
        Ok(Self { pool: Pool::open(&options, role).await.map_err(failure)? })
    }

    /// Brings the tables up to date, and leaves nothing open.
    pub(super) async fn migrate(url: &str) -> Result<(), StoreError> {
        // A connection that was closed is listed for a moment longer: it must not be taken for a server's.
        prepare(&PgConnectOptions::from_str(url).map_err(failure)?.application_name("switchyard-migrate")).await?;
        Ok(())
    }

    /// The numbers of the migrations that a database has had.
    pub(super) async fn applied(url: &str) -> Result<Vec<i64>, StoreError> {
        let options = PgConnectOptions::from_str(url).map_err(failure)?;
        in_time(async {
            let mut connection = options.connect().await?;
            let noted = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
            if sqlx::query_scalar(noted).fetch_one(&mut connection).await? {
                let all = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
                sqlx::query_scalar(all).fetch_all(&mut connection).await
            } else {
                Ok(Vec::new())
            }
        })
        .await
    }
}

/// Brings the tables up to date, and answers with the statement by which a connection gives up rights that would take it
/// past the policies, if it has any: superusers and roles with BYPASSRLS would see every row.
async fn prepare(options: &PgConnectOptions) -> Result<Option<&'static str>, StoreError> {
    let connection = tokio::time::timeout(PATIENCE, PgConnection::connect_with(options)).await;
    let mut connection =
        connection.map_err(|_| StoreError::Unavailable("the database does not answer".into()))?.map_err(failure)?;
    // Migrations change rows of every workspace, and their owner is held to the policies too.
    sqlx::query(SCOPE).bind(EVERYTHING).execute(&mut connection).await.map_err(failure)?;
    // The migrator holds an advisory lock meanwhile: whoever starts at the same moment waits for it.
    let migrated = super::migrator(MIGRATIONS).run_direct(None, &mut connection, false).await;
    migrated.map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let is_above: bool =
        sqlx::query_scalar("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            .fetch_one(&mut connection)
            .await
            .map_err(failure)?;
    if !is_above {
        connection.close().await.map_err(failure)?;
        return Ok(None);
    }
    // Some may neither make roles nor take them on, and stay above the policies: what statements ask for is all there is then.
    let given_up = async {
        sqlx::raw_sql(ROLE).execute(&mut connection).await?;
        sqlx::query(GIVE_UP).execute(&mut connection).await
    };
    Ok(match given_up.await {
        Ok(_) => Some(GIVE_UP),
        Err(error) => {
            tracing::warn!(%error, "row-level security does not hold this server: connect as a role without BYPASSRLS");
            None
        }
    })
}

impl Engine for Postgres {
    // Locked rows belong to a worker that is claiming them at this moment.
    const CLAIM: &'static str = "WITH due AS MATERIALIZED (
             SELECT id FROM outbox AS o WHERE finished IS NULL AND due <= $1 AND claimed_until <= $1 AND NOT EXISTS (
                 SELECT 1 FROM outbox AS e
                 WHERE e.workspace = o.workspace AND e.call = o.call AND e.finished IS NULL AND e.id < o.id
             ) ORDER BY id LIMIT $3 FOR UPDATE OF o SKIP LOCKED
         )
         UPDATE outbox SET claimed_until = $2, attempts = attempts + CASE WHEN claimed_until > 0 THEN 1 ELSE 0 END FROM due WHERE outbox.id = due.id
         RETURNING outbox.id, workspace, call, body, attempts, created";

    const ARRIVALS: &'static str =
        "SELECT w.workspace, w.name, w.country, w.language, w.account, w.zone, n.label, n.hours,
         c.name FROM json_array_elements(CAST($2 AS json)) WITH ORDINALITY AS a (value, place)
         JOIN workspaces AS w ON w.workspace = $1
         LEFT JOIN numbers AS n ON n.workspace = w.workspace AND n.number = a.value ->> 0
         LEFT JOIN contacts AS c ON c.workspace = w.workspace AND c.number = a.value ->> 1 ORDER BY a.place";

    const LISTED: Listed = listed!("json_array_elements(CAST($2 AS json))", "= ANY (ARRAY(", "))");

    async fn read<T: Row>(
        &self,
        scope: Scope<'_>,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<T>, StoreError> {
        let rows = in_time(async {
            let mut lease = self.pool.scoped(scope).await?;
            let rows = query(sql, values).fetch_all(lease.connection()).await?;
            lease.rest();
            Ok(rows)
        })
        .await?;
        rows.iter().map(|row: &PgRow| T::from_row(row).map_err(failure)).collect()
    }

    async fn write<T: Row>(
        &self,
        scope: Scope<'_>,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<T>, StoreError> {
        self.read(scope, sql, values).await
    }

    async fn run(&self, scope: Scope<'_>, sql: &'static str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        in_time(async { execute(self.pool.scoped(scope).await?, sql, values).await }).await
    }

    async fn together(&self, scope: Scope<'_>, steps: &[Step<'_>]) -> Result<bool, StoreError> {
        in_time(async {
            let mut lease = self.pool.scoped(scope).await?;
            let mut transaction = lease.connection().begin().await?;
            for step in steps {
                let rows = query(step.sql, &step.values).execute(&mut *transaction).await?.rows_affected();
                if step.must && rows == 0 {
                    transaction.rollback().await?;
                    lease.rest();
                    return Ok(false);
                }
            }
            transaction.commit().await?;
            lease.rest();
            Ok(true)
        })
        .await
    }

    async fn append(&self, workspace: &WorkspaceId, values: &[Value<'_>; 7]) -> Result<u64, StoreError> {
        in_time(async { execute(self.pool.commit(workspace).await?, APPEND, values).await }).await
    }
}

async fn execute(mut lease: Lease, sql: &'static str, values: &[Value<'_>]) -> Result<u64, sqlx::Error> {
    let done = query(sql, values).execute(lease.connection()).await?;
    lease.rest();
    Ok(done.rows_affected())
}

async fn in_time<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StoreError> {
    match tokio::time::timeout(ANSWER_WITHIN, answer).await {
        Ok(answer) => answer.map_err(failure),
        Err(_) => Err(StoreError::Unavailable("the database does not answer".into())),
    }
}

fn query(sql: &'static str, values: &[Value<'_>]) -> Query<'static, sqlx::Postgres, PgArguments> {
    values.iter().fold(sqlx::query(sql), |query, value| match value {
        Value::Number(number) => query.bind(*number),
        Value::Moment(moment) => query.bind(moment.map(|moment| moment.0)),
        Value::Text(text) => query.bind(*text),
    })
}

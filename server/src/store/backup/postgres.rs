//! PostgreSQL as a backup sees it: a repeatable read sees what was there when it began.

use std::str::FromStr;

use futures::{StreamExt, stream::BoxStream};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Error, PgConnection, postgres::PgConnectOptions};

use super::{
    BackupError, Kind, Table,
    engine::{self, all, columns, quoted},
};
use crate::store::{
    engine::failure,
    postgres::{APPLICATION, EVERYTHING, SCOPE},
};

pub(super) struct Database(PgConnection);

impl Database {
    pub(super) async fn to_read(url: &str) -> Result<Self, BackupError> {
        Self::begin(url, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    }

    /// No server may be running: it would go on with what it remembers.
    pub(super) async fn to_write(url: &str) -> Result<Self, BackupError> {
        let mut database = Self::begin(url, "BEGIN").await?;
        let others = format!(
            "SELECT CAST(pid AS TEXT) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = '{APPLICATION}'"
        );
        if all(&mut database, &others).await?.is_empty() { Ok(database) } else { Err(BackupError::InUse) }
    }

    /// Looks whether a server runs.
    pub(super) async fn alone(url: &str) -> Result<(), BackupError> {
        Ok(Self::to_write(url).await?.0.close().await.map_err(failure)?)
    }

    async fn begin(url: &str, begin: &str) -> Result<Self, BackupError> {
        let options = PgConnectOptions::from_str(url).map_err(failure)?.application_name("switchyard-backup");
        let mut database = Self(options.disable_statement_logging().connect().await.map_err(failure)?);
        // Otherwise the policies would show nothing, and a backup would be empty.
        engine::Database::run(&mut database, SCOPE.to_owned(), Some(EVERYTHING.to_owned())).await.map_err(failure)?;
        engine::Database::run(&mut database, begin.to_owned(), None).await.map_err(failure)?;
        Ok(database)
    }
}

impl engine::Database for Database {
    const NAME: &'static str = "postgres";
    const COLUMNS: &'static str = "SELECT CAST(json_build_array(c.table_name, c.column_name, c.data_type,
        c.is_identity = 'YES') AS TEXT)
        FROM information_schema.columns AS c JOIN information_schema.tables AS t USING (table_schema, table_name)
        WHERE table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
        AND c.table_name <> '_sqlx_migrations' ORDER BY c.table_name, c.ordinal_position";
    const REFERENCES: &'static str = "SELECT CAST(json_build_array(a.relname, b.relname) AS TEXT)
        FROM pg_constraint AS c JOIN pg_class AS a ON a.oid = c.conrelid JOIN pg_class AS b ON b.oid = c.confrelid
        WHERE c.contype = 'f' AND a.relnamespace = CAST(current_schema() AS regnamespace)";

    fn texts(&mut self, sql: String) -> BoxStream<'_, Result<String, Error>> {
        sqlx::query_scalar(AssertSqlSafe(sql)).persistent(false).fetch(&mut self.0).boxed()
    }

    async fn run(&mut self, sql: String, value: Option<String>) -> Result<(), Error> {
        let query = sqlx::query(AssertSqlSafe(sql));
        let query = if let Some(value) = value { query.bind(value) } else { query };
        query.execute(&mut self.0).await.map(|_| ())
    }

    fn select(table: &Table) -> String {
        let columns = columns(table, |_, name, _| name.to_owned());
        format!("SELECT CAST(json_build_array({columns}) AS TEXT) FROM {}", quoted(&table.name))
    }

    fn insert(table: &Table) -> String {
        let value = |at, _: &str, kind| match kind {
            Kind::Text => format!("line ->> {at}"),
            Kind::Number => format!("CAST(line ->> {at} AS BIGINT)"),
        };
        format!(
            "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM json_array_elements(CAST($1 AS json)) AS l (line)",
            quoted(&table.name),
            columns(table, |_, name, _| name.to_owned()),
            columns(table, value)
        )
    }

    fn go_on_numbering(table: &str, column: &str) -> Option<String> {
        let (from, highest) = (quoted(table), quoted(column));
        let (table, column) = (from.replace('\'', "''"), column.replace('\'', "''"));
        Some(format!(
            "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), coalesce(max({highest}), 1),
             max({highest}) IS NOT NULL) FROM {from}"
        ))
    }
}

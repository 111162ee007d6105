//! SQLite as a backup sees it. In WAL mode a transaction reads what was there when it began, and nobody waits for it.

use std::str::FromStr;

use futures::{StreamExt, stream::BoxStream};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Error, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteLockingMode},
};

use super::{
    BackupError, Table,
    engine::{self, columns, quoted},
};
use crate::store::{
    engine::{PATIENCE, failure},
    sqlite::is_busy,
};

pub(super) struct Database(SqliteConnection);

impl Database {
    pub(super) async fn to_read(url: &str) -> Result<Self, BackupError> {
        let options = SqliteConnectOptions::from_str(url).map_err(failure)?.read_only(true).busy_timeout(PATIENCE);
        Self::begin(options, "BEGIN").await
    }

    /// Nobody else may have the file open: a server that has would go on with what it remembers.
    pub(super) async fn to_write(url: &str) -> Result<Self, BackupError> {
        let options =
            SqliteConnectOptions::from_str(url).map_err(failure)?.foreign_keys(true).busy_timeout(PATIENCE / 5);
        Self::begin(options.locking_mode(SqliteLockingMode::Exclusive), "BEGIN EXCLUSIVE").await
    }

    /// Looks whether anybody has the file open, if there is one.
    pub(super) async fn alone(url: &str) -> Result<(), BackupError> {
        let there = SqliteConnectOptions::from_str(url).map_err(failure)?.get_filename().exists();
        if there {
            Self::to_write(url).await?.0.close().await.map_err(failure)?;
        }
        Ok(())
    }

    async fn begin(options: SqliteConnectOptions, begin: &str) -> Result<Self, BackupError> {
        // Statements that take long are what backups are made of.
        let opened = async {
            let mut database = Self(options.disable_statement_logging().connect().await?);
            engine::Database::run(&mut database, begin.to_owned(), None).await?;
            Ok(database)
        };
        opened.await.map_err(|error| if is_busy(&error) { BackupError::InUse } else { failure(error).into() })
    }
}

impl engine::Database for Database {
    const NAME: &'static str = "sqlite";
    const COLUMNS: &'static str = "SELECT json_array(t.name, c.name, c.type, json('false'))
        FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
        WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        AND t.name <> '_sqlx_migrations' ORDER BY t.name, c.cid";
    const REFERENCES: &'static str = "SELECT json_array(t.name, f.\"table\")
        FROM pragma_table_list AS t JOIN pragma_foreign_key_list(t.name) AS f
        WHERE t.schema = 'main' AND t.type = 'table'";

    fn texts(&mut self, sql: String) -> BoxStream<'_, Result<String, Error>> {
        sqlx::query_scalar(AssertSqlSafe(sql)).persistent(false).fetch(&mut self.0).boxed()
    }

    async fn run(&mut self, sql: String, value: Option<String>) -> Result<(), Error> {
        let query = sqlx::query(AssertSqlSafe(sql));
        let query = if let Some(value) = value { query.bind(value) } else { query };
        query.execute(&mut self.0).await.map(|_| ())
    }

    fn select(table: &Table) -> String {
        format!("SELECT json_array({}) FROM {}", columns(table, |_, name, _| name.to_owned()), quoted(&table.name))
    }

    fn insert(table: &Table) -> String {
        format!(
            "INSERT INTO {} ({}) SELECT {} FROM json_each($1)",
            quoted(&table.name),
            columns(table, |_, name, _| name.to_owned()),
            columns(table, |at, _, _| format!("value ->> {at}"))
        )
    }

    fn go_on_numbering(_: &str, _: &str) -> Option<String> {
        // It goes on after the highest number by itself.
        None
    }
}

//! What a backup asks of an engine: statements whose rows are one text, and statements that change something.

use futures::stream::BoxStream;
use sqlx::Error;

use super::{BackupError, Kind, Table};
use crate::store::engine::failure;

/// A connection on which one transaction is under way.
pub(super) trait Database: Send {
    /// The engine's name.
    const NAME: &'static str;
    /// `[table, column, type, whether the database numbers it]` for each column that is stored.
    const COLUMNS: &'static str;
    /// `[table, table]` for each reference.
    const REFERENCES: &'static str;

    /// Rows of one text.
    fn texts(&mut self, sql: String) -> BoxStream<'_, Result<String, Error>>;

    /// Carries out a statement, perhaps with a parameter.
    fn run(&mut self, sql: String, value: Option<String>) -> impl Future<Output = Result<(), Error>> + Send;

    /// The rows of a table, each as a JSON array.
    fn select(table: &Table) -> String;

    /// Takes rows in: the parameter is a JSON array of them.
    fn insert(table: &Table) -> String;

    /// What is to be done with a column that the database numbers, after rows were taken in with their numbers.
    fn go_on_numbering(table: &str, column: &str) -> Option<String>;
}

/// What is in a database.
pub(super) struct Catalog {
    pub(super) tables: Vec<Table>,
    /// From a table to another one.
    pub(super) references: Vec<(String, String)>,
    /// Columns that the database numbers.
    pub(super) numbered: Vec<(String, String)>,
    /// The number of its last migration.
    pub(super) schema: i64,
}

impl Catalog {
    pub(super) async fn of<D: Database>(database: &mut D) -> Result<Self, BackupError> {
        let columns: Vec<(String, String, String, bool)> = decode(&all(database, D::COLUMNS).await?)?;
        let references = decode(&all(database, D::REFERENCES).await?)?;
        let schema = all(database, "SELECT CAST(coalesce(max(version), 0) AS TEXT) FROM _sqlx_migrations").await?;
        let schema = schema.first().and_then(|version| version.parse().ok()).unwrap_or_default();
        let (mut tables, mut numbered) = (Vec::<Table>::new(), Vec::new());
        for (table, column, type_name, is_numbered) in columns {
            let kind = match type_name.to_ascii_lowercase().as_str() {
                "text" => Kind::Text,
                "bigint" | "integer" => Kind::Number,
                _ => return Err(BackupError::UnknownType(format!("{table}.{column}"), type_name)),
            };
            if is_numbered {
                numbered.push((table.clone(), column.clone()));
            }
            match tables.last_mut().filter(|last| last.name == table) {
                Some(last) => last.columns.push((column, kind)),
                None => tables.push(Table { name: table, columns: vec![(column, kind)] }),
            }
        }
        Ok(Self { tables, references, numbered, schema })
    }
}

/// All rows of a statement.
pub(super) async fn all<D: Database>(database: &mut D, sql: &str) -> Result<Vec<String>, BackupError> {
    use futures::TryStreamExt;
    let rows = database.texts(sql.to_owned()).try_collect().await;
    Ok(rows.map_err(failure)?)
}

fn decode<T: serde::de::DeserializeOwned>(rows: &[String]) -> Result<Vec<T>, BackupError> {
    Ok(rows.iter().map(|row| crate::store::engine::decode(row)).collect::<Result<_, _>>()?)
}

/// A name in a statement. Names come from the database, or were compared with its own.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The columns of a table in a statement, each as `how` writes it.
pub(super) fn columns(table: &Table, how: impl Fn(usize, &str, Kind) -> String) -> String {
    let columns = table.columns.iter().enumerate().map(|(at, (name, kind))| how(at, &quoted(name), *kind));
    columns.collect::<Vec<_>>().join(", ")
}

//! From a file to a database, in one transaction: whatever is wrong, and whenever it shows, nothing has changed.

use std::io::BufRead;

use sha2::{Digest, Sha256};

use super::{
    BYTES, BackupError, FORMAT, LEFT_OUT, Line, ROWS, Summary, Table,
    engine::{Catalog, Database, all, quoted},
    in_order,
    write::hex,
};
use crate::store::engine::failure;

pub(super) async fn read<D: Database>(
    database: &mut D,
    replace: bool,
    input: &mut (dyn BufRead + Send),
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Summary, BackupError> {
    let mut lines = Lines { input, sum: Sha256::new(), line: String::new() };
    let catalog = Catalog::of(database).await?;
    let Some(Line::Backup { format, program, schema, taken, .. }) = lines.next()?.and_then(Found::said) else {
        return Err(BackupError::Broken("it does not begin as one".to_owned()));
    };
    if format != FORMAT || schema != catalog.schema {
        return Err(BackupError::OtherVersion(program));
    }
    make_room(database, &catalog, replace).await?;
    let mut taking = Taking { table: None, rows: String::new(), count: 0 };
    let mut summary = Summary { taken, ..Summary::default() };
    let (rows, sha256) = loop {
        let before = lines.sum.clone();
        match lines.next()? {
            None => return Err(BackupError::Broken("it was cut off".to_owned())),
            Some(Found::Row(row)) => {
                summary.rows += 1;
                taking.add(database, row).await?;
                if summary.rows.is_multiple_of(ROWS as u64) {
                    progress(summary.rows);
                }
            }
            Some(Found::Said(Line::Table(table))) => {
                taking.flush(database).await?;
                let known = catalog.tables.iter().any(|known| is_same(known, &table));
                if !known || LEFT_OUT.contains(&table.name.as_str()) {
                    return Err(BackupError::OtherVersion(program));
                }
                taking.table = Some(D::insert(&table));
                summary.tables += 1;
            }
            Some(Found::Said(Line::End { rows, sha256 })) if hex(before) == sha256 => break (rows, sha256),
            Some(_) => return Err(BackupError::Broken("it was changed since it was made".to_owned())),
        }
    };
    taking.flush(database).await?;
    let all_tables = catalog.tables.iter().filter(|table| !LEFT_OUT.contains(&table.name.as_str())).count();
    if rows != summary.rows || summary.tables != all_tables || lines.next()?.is_some() {
        return Err(BackupError::Broken(format!("what is in it is not what it says ({sha256})")));
    }
    for (table, column) in &catalog.numbered {
        if let Some(sql) = D::go_on_numbering(table, column) {
            database.run(sql, None).await.map_err(failure)?;
        }
    }
    database.run("COMMIT".to_owned(), None).await.map_err(failure)?;
    Ok(summary)
}

/// Whether a table is the one of the backup: its columns may come in another order.
fn is_same(known: &Table, table: &Table) -> bool {
    let all = known.columns.iter().all(|column| table.columns.contains(column));
    known.name == table.name && known.columns.len() == table.columns.len() && all
}

/// Empties what may be emptied; what is left must be empty.
async fn make_room<D: Database>(database: &mut D, catalog: &Catalog, replace: bool) -> Result<(), BackupError> {
    for table in in_order(catalog).iter().rev() {
        let name = quoted(&table.name);
        if replace || LEFT_OUT.contains(&table.name.as_str()) {
            database.run(format!("DELETE FROM {name}"), None).await.map_err(failure)?;
        } else if !all(database, &format!("SELECT CAST(1 AS TEXT) FROM {name} LIMIT 1")).await?.is_empty() {
            return Err(BackupError::NotEmpty);
        }
    }
    Ok(())
}

/// Rows on their way into a table, as a JSON array that is still open.
struct Taking {
    table: Option<String>,
    rows: String,
    count: usize,
}

impl Taking {
    async fn add<D: Database>(&mut self, database: &mut D, row: &str) -> Result<(), BackupError> {
        self.rows.push(if self.rows.is_empty() { '[' } else { ',' });
        self.rows.push_str(row);
        self.count += 1;
        if self.count >= ROWS || self.rows.len() >= BYTES { self.flush(database).await } else { Ok(()) }
    }

    async fn flush<D: Database>(&mut self, database: &mut D) -> Result<(), BackupError> {
        if self.count == 0 {
            return Ok(());
        }
        let Some(insert) = self.table.clone() else {
            return Err(BackupError::Broken("rows come before their table".to_owned()));
        };
        self.count = 0;
        let rows = std::mem::take(&mut self.rows) + "]";
        // The database is whole: what it does not take must be wrong with the rows.
        let taken = database.run(insert, Some(rows)).await;
        taken.map_err(|error| match error {
            sqlx::Error::Database(error) => BackupError::Broken(format!("a row cannot be taken in: {error}")),
            error => failure(error).into(),
        })
    }
}

/// What a line is.
enum Found<'a> {
    Row(&'a str),
    Said(Line),
}

impl Found<'_> {
    fn said(self) -> Option<Line> {
        match self {
            Self::Said(line) => Some(line),
            Self::Row(_) => None,
        }
    }
}

struct Lines<'a> {
    input: &'a mut (dyn BufRead + Send),
    /// Of everything that was read.
    sum: Sha256,
    line: String,
}

impl Lines<'_> {
    fn next(&mut self) -> Result<Option<Found<'_>>, BackupError> {
        let broken = || BackupError::Broken("a line is no line of a backup".to_owned());
        self.line.clear();
        match self.input.read_line(&mut self.line) {
            Ok(0) => return Ok(None),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => return Err(broken()),
            Err(error) => return Err(error.into()),
        }
        self.sum.update(self.line.as_bytes());
        let Some(line) = self.line.strip_suffix('\n') else {
            return Err(BackupError::Broken("it was cut off".to_owned()));
        };
        match line.as_bytes().first() {
            Some(b'[') => Ok(Some(Found::Row(line))),
            Some(b'{') => Ok(Some(Found::Said(serde_json::from_str(line).map_err(|_| broken())?))),
            _ => Err(broken()),
        }
    }
}

//! From a database to a file.

use std::io::Write;

use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use switchyard::time::Timestamp;

use super::{
    BackupError, FORMAT, LEFT_OUT, Line, ROWS, Summary,
    engine::{Catalog, Database},
    in_order,
};
use crate::store::engine::{corrupt, failure};

pub(super) async fn write<D: Database>(
    database: &mut D,
    taken: Timestamp,
    out: &mut (dyn Write + Send),
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Summary, BackupError> {
    let catalog = Catalog::of(database).await?;
    let mut out = Summed { out, sum: Sha256::new() };
    let program = env!("CARGO_PKG_VERSION").to_owned();
    let engine = D::NAME.to_owned();
    out.say(&Line::Backup { format: FORMAT, program, schema: catalog.schema, engine, taken })?;
    let mut summary = Summary { taken, ..Summary::default() };
    for table in in_order(&catalog).into_iter().filter(|table| !LEFT_OUT.contains(&table.name.as_str())) {
        let select = D::select(&table);
        out.say(&Line::Table(table))?;
        let mut rows = database.texts(select);
        while let Some(row) = rows.try_next().await.map_err(failure)? {
            out.line(&row)?;
            summary.rows += 1;
            if summary.rows.is_multiple_of(ROWS as u64) {
                progress(summary.rows);
            }
        }
        summary.tables += 1;
    }
    let sha256 = hex(out.sum.clone());
    out.say(&Line::End { rows: summary.rows, sha256 })?;
    out.out.flush()?;
    Ok(summary)
}

struct Summed<'a> {
    out: &'a mut (dyn Write + Send),
    sum: Sha256,
}

impl Summed<'_> {
    fn say(&mut self, line: &Line) -> Result<(), BackupError> {
        self.line(&serde_json::to_string(line).map_err(corrupt)?)
    }

    fn line(&mut self, line: &str) -> Result<(), BackupError> {
        // A line feed within a text is written as `\n`, so that a row is a line.
        for part in [line.as_bytes(), b"\n"] {
            self.out.write_all(part)?;
            self.sum.update(part);
        }
        Ok(())
    }
}

pub(super) fn hex(sum: Sha256) -> String {
    use std::fmt::Write;
    sum.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing into a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

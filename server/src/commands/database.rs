//! The database: its tables, and backups.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Read},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context;
use switchyard::{
    audit::{Actor, Change, Deed, Entry},
    ports::{Clock, StoreError},
    time::Timestamp,
};

use super::{RIGHT, UNKNOWN, WRONG};
use crate::store::{
    self,
    backup::{self, BackupError},
};

/// A long backup says how far it is this often.
const SAY_EVERY: Duration = Duration::from_secs(2);

/// The folder of a database that is a file, if it is not there.
///
/// # Errors
/// It cannot be made.
pub fn make_folder(url: &str) -> anyhow::Result<()> {
    if let Some(folder) = url.strip_prefix("sqlite://").and_then(|file| Path::new(file).parent()) {
        fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    }
    Ok(())
}

/// `switchyard migrate`. With `check` it only looks.
///
/// # Errors
/// The database cannot be reached.
pub async fn migrate(url: &str, check: bool) -> anyhow::Result<(String, u8)> {
    if !check {
        make_folder(url)?;
    }
    let missing = store::missing(url).await?;
    let names: Vec<String> = missing.iter().map(|(number, name)| format!("{number:04} {name}")).collect();
    let list = names.join(", ");
    if missing.is_empty() {
        return Ok(("the database is up to date".to_owned(), RIGHT));
    }
    if check {
        return Ok((format!("the database is not up to date; missing: {list}"), WRONG));
    }
    store::migrate(url).await?;
    Ok((format!("the database is up to date; new: {list}"), RIGHT))
}

/// `switchyard backup FILE`.
///
/// # Errors
/// The database cannot be read, or the file not written.
pub async fn backup(url: &str, file: &Path, clock: &dyn Clock) -> anyhow::Result<String> {
    let mut progress = progress("written");
    let now = clock.now();
    if file == Path::new("-") {
        let summary = backup::backup(url, now, &mut BufWriter::new(io::stdout()), &mut progress).await?;
        note(url, clock, Deed::BackupMade, now).await;
        // Standard output is the backup.
        eprintln!("{} rows of {} tables were written", summary.rows, summary.tables);
        return Ok(String::new());
    }
    let draft = Draft::beside(file)?;
    let mut out = BufWriter::new(draft.open().with_context(|| format!("{} cannot be written", file.display()))?);
    let summary = backup::backup(url, now, &mut out, &mut progress).await?;
    let out = out.into_inner().context("the file cannot be written")?;
    out.sync_all()?;
    draft.publish(file).with_context(|| format!("{} cannot be written", file.display()))?;
    note(url, clock, Deed::BackupMade, now).await;
    let (rows, tables) = (summary.rows, summary.tables);
    Ok(format!("{rows} rows of {tables} tables are in {}; keep the secret key apart from it", file.display()))
}

/// `switchyard restore FILE`.
///
/// # Errors
/// The database cannot be reached.
pub async fn restore(url: &str, file: &Path, replace: bool, clock: &dyn Clock) -> anyhow::Result<(String, u8)> {
    let input: Box<dyn Read + Send> = if file == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(file).with_context(|| format!("{} cannot be read", file.display()))?)
    };
    make_folder(url)?;
    let restored = async {
        backup::make_ready(url).await?;
        backup::restore(url, replace, &mut BufReader::new(input), &mut progress("read")).await
    };
    match restored.await {
        Ok(summary) => {
            note(url, clock, Deed::BackupRestored, summary.taken).await;
            let (rows, tables) = (summary.rows, summary.tables);
            Ok((format!("{rows} rows of {tables} tables were restored; everybody signs in anew"), RIGHT))
        }
        Err(error) => {
            let code = match error {
                BackupError::Store(_) | BackupError::File(_) | BackupError::UnknownType(..) => UNKNOWN,
                _ => WRONG,
            };
            Ok((format!("nothing was changed: {error}"), code))
        }
    }
}

/// Notes in every workspace what was done with a backup that was `taken` then. It is done: where that cannot be noted, for
/// instance because nobody may write there, the operator is told so, and that is all.
async fn note(url: &str, clock: &dyn Clock, deed: Deed, taken: Timestamp) {
    let noted = async {
        let store = store::open(url).await?;
        for workspace in store.workspaces().await? {
            let changes = vec![Change::new("taken", None, Some(&taken.iso()))];
            let by = Actor::Command;
            let entry = Entry { at: clock.now(), by, deed, subject: String::new(), whom: None, changes };
            store.note(&workspace.id, &entry).await?;
        }
        Ok::<_, StoreError>(())
    };
    if let Err(error) = noted.await {
        eprintln!("switchyard: this could not be noted in the audit log: {error}");
    }
}

/// Says how many rows there are so far, now and then.
fn progress(what: &'static str) -> impl FnMut(u64) + Send {
    let mut said = Instant::now();
    move |rows| {
        if said.elapsed() >= SAY_EVERY {
            said = Instant::now();
            eprintln!("{rows} rows {what}");
        }
    }
}

/// A file on its way: nobody else can read it, and it is gone if it does not get its name.
struct Draft(PathBuf);

impl Draft {
    fn beside(file: &Path) -> anyhow::Result<Self> {
        let name = file.file_name().with_context(|| format!("{} is no name of a file", file.display()))?;
        let mut draft = name.to_owned();
        draft.push(format!(".{:08x}", rand::random::<u32>()));
        Ok(Self(file.with_file_name(draft)))
    }

    fn open(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.0)
    }

    fn publish(self, file: &Path) -> io::Result<()> {
        fs::rename(&self.0, file)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // It is not there when it got its name.
        let _ = fs::remove_file(&self.0);
    }
}

//! Keys as text, and the file that they are kept in.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::Path,
};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{KEY, Key, VaultError};

/// Keys in base64, separated by commas or white space: at least one.
pub(super) fn read(text: &str) -> Result<Vec<Key>, VaultError> {
    let words = text.split([',', ' ', '\n', '\r', '\t']).filter(|word| !word.is_empty());
    let key = |word: &str| {
        let bytes = STANDARD.decode(word).ok()?;
        <[u8; KEY]>::try_from(bytes).ok().map(|bytes| Key::new(&bytes))
    };
    let keys: Vec<Key> = words.map(|word| key(word).ok_or(VaultError::BadKey)).collect::<Result<_, _>>()?;
    if keys.is_empty() { Err(VaultError::NoKey) } else { Ok(keys) }
}

/// A new key, as a line of the file.
pub(super) fn new_key() -> String {
    format!("{}\n", STANDARD.encode(rand::random::<[u8; KEY]>()))
}

/// Writes the key file whole or not at all, private from its first moment. Of two processes that start at once, one makes
/// it and both read it.
pub(super) fn publish(file: &Path, text: &str, replace: bool) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let draft = file.with_extension(format!("{:08x}", rand::random::<u32>()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&draft)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    if replace {
        return fs::rename(&draft, file);
    }
    let linked = fs::hard_link(&draft, file);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Locks the key file for whoever changes it, beside it: it is another file after each change. `None` when somebody else does.
pub(super) fn lock(file: &Path) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let lock = options.open(file.with_extension("lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(unix)]
pub(super) fn is_private(file: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(file)?.permissions().mode().trailing_zeros() >= 6)
}

#[cfg(not(unix))]
pub(super) fn is_private(_: &Path) -> io::Result<bool> {
    Ok(true)
}

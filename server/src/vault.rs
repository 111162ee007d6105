//! Secrets at rest: sealed with XChaCha20-Poly1305 under a key that is not in the database. Every sealed value carries the
//! name of its key, so that keys can be changed, and opens only as what it was sealed as: for its workspace and field.

mod keys;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use sha2::{Digest, Sha256};
use switchyard::id::WorkspaceId;
use thiserror::Error;

use self::keys::{is_private, lock, new_key, publish, read};

/// Bytes of a key, and of a nonce: the latter are drawn by chance, of which `XChaCha`'s are long enough.
const KEY: usize = 32;
const NONCE: usize = 24;

/// Why a secret cannot be had.
#[derive(Debug, Error)]
pub enum VaultError {
    /// A key is not 32 bytes in base64.
    #[error("a secret key must be 32 bytes in base64, as `openssl rand -base64 32` makes them")]
    BadKey,
    /// There is no key at all.
    #[error("there is no secret key")]
    NoKey,
    /// There is no second key to change to.
    #[error("there is only one secret key: write a new one before it, with a comma between them, and try again")]
    OneKey,
    /// There is no key file.
    #[error("the key file {0} is not there")]
    NoFile(PathBuf),
    /// The key file cannot be read or made.
    #[error("the key file {0} cannot be used: {1}")]
    File(PathBuf, io::Error),
    /// Everybody could read the key file.
    #[error("the key file {0} can be read by others: make it private with `chmod 600`")]
    Open(PathBuf),
    /// Another process changes the key file.
    #[error("the key file is being changed by somebody else: try again when they are done")]
    Busy,
    /// It was sealed with a key that is not there.
    #[error("a secret was sealed with the key {0}, which is not there")]
    UnknownKey(String),
    /// It was sealed as something else, or changed since.
    #[error("a sealed secret is not what it should be")]
    Broken,
}

/// What a secret is: it opens as nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// An account's auth token.
    AuthToken,
    /// The other auth token, while it is changed.
    OtherToken,
    /// The secret of an API key.
    KeySecret,
    /// What messages to an endpoint of the workspace are signed with.
    WebhookSecret,
}

impl Field {
    fn as_str(self) -> &'static str {
        match self {
            Self::AuthToken => "auth_token",
            Self::OtherToken => "other_token",
            Self::KeySecret => "key_secret",
            Self::WebhookSecret => "webhook_secret",
        }
    }
}

/// A secret in the open. It never appears in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Something that must not be seen.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// For whoever signs with it or sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

struct Key {
    id: String,
    cipher: XChaCha20Poly1305,
}

impl Key {
    fn new(bytes: &[u8; KEY]) -> Self {
        let digest = Sha256::new().chain_update(b"switchyard key").chain_update(bytes).finalize();
        let id: Vec<u8> = digest.into_iter().take(6).collect();
        Self { id: URL_SAFE_NO_PAD.encode(id), cipher: XChaCha20Poly1305::new(bytes.into()) }
    }
}

/// A change of the key file that goes on: nobody else begins another one, which would drop its key.
#[derive(Debug)]
pub struct Rekeying(#[expect(dead_code, reason = "it is held, and let go of with this")] Option<fs::File>);

/// Seals secrets and opens them.
pub struct Vault {
    /// The first seals, all of them open.
    keys: RwLock<Vec<Key>>,
    /// Where they are kept, if they are not given by the environment.
    file: Option<PathBuf>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Vault {
    /// A vault with keys as base64, separated by commas or white space: the first seals, the others only open.
    ///
    /// # Errors
    /// One of them is no key, or there is none.
    pub fn new(keys: &str) -> Result<Self, VaultError> {
        Ok(Self { keys: RwLock::new(read(keys)?), file: None })
    }

    /// A vault with the keys in `given`, or else in a file.
    ///
    /// # Errors
    /// There is no file, it cannot be used, others can read it, or what is in it are no keys.
    pub fn open_at(given: Option<&str>, file: &Path) -> Result<Self, VaultError> {
        if let Some(keys) = given.filter(|keys| !keys.trim().is_empty()) {
            return Self::new(keys);
        }
        let failed = |error| VaultError::File(file.to_owned(), error);
        if !file.exists() {
            return Err(VaultError::NoFile(file.to_owned()));
        }
        let text = fs::read_to_string(file).map_err(failed)?;
        if !is_private(file).map_err(failed)? {
            return Err(VaultError::Open(file.to_owned()));
        }
        Ok(Self { keys: RwLock::new(read(&text)?), file: Some(file.to_owned()) })
    }

    /// A vault with the keys in a file, which is made with a new key when it is not there.
    ///
    /// # Errors
    /// The file cannot be made, or not be used, as with [`Vault::open_at`].
    pub fn made_at(file: &Path) -> Result<Self, VaultError> {
        if !file.exists() {
            publish(file, &new_key(), false).map_err(|error| VaultError::File(file.to_owned(), error))?;
        }
        Self::open_at(None, file)
    }

    /// Whether the keys in a file can be used. Where there is no file yet nothing speaks against it, and none is made.
    ///
    /// # Errors
    /// As [`Vault::open_at`] would answer.
    pub fn look(file: &Path) -> Result<(), VaultError> {
        if file.exists() { Self::open_at(None, file).map(drop) } else { Ok(()) }
    }

    /// Whether a file can be read by its owner alone.
    pub fn is_private(file: &Path) -> bool {
        is_private(file).unwrap_or(false)
    }

    /// Seals a secret as this field of this workspace.
    ///
    /// # Errors
    /// Only if the secret is longer than any message can be.
    pub fn seal(&self, workspace: &WorkspaceId, field: Field, secret: &Secret) -> Result<String, VaultError> {
        // Whoever changed the key in the file meanwhile must be able to open this, too.
        self.read_again();
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys.first().ok_or(VaultError::NoKey)?;
        let nonce: [u8; NONCE] = rand::random();
        let place = place(workspace, field);
        let payload = Payload { msg: secret.expose().as_bytes(), aad: place.as_bytes() };
        let sealed = key.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| VaultError::Broken)?;
        Ok(format!("{}.{}", key.id, URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat())))
    }

    /// Opens what was sealed as this field of this workspace.
    ///
    /// # Errors
    /// Its key is not there, it was sealed as something else, or it was changed.
    pub fn open(&self, workspace: &WorkspaceId, field: Field, sealed: &str) -> Result<Secret, VaultError> {
        match self.try_open(workspace, field, sealed) {
            // The keys may have been changed by a command since we read them.
            Err(VaultError::UnknownKey(_)) if self.read_again() => self.try_open(workspace, field, sealed),
            result => result,
        }
    }

    fn try_open(&self, workspace: &WorkspaceId, field: Field, sealed: &str) -> Result<Secret, VaultError> {
        let (id, sealed) = sealed.split_once('.').ok_or(VaultError::Broken)?;
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys.iter().find(|key| key.id == id).ok_or_else(|| VaultError::UnknownKey(id.to_owned()))?;
        let sealed = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| VaultError::Broken)?;
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(VaultError::Broken)?;
        let place = place(workspace, field);
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        let secret = key.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| VaultError::Broken)?;
        String::from_utf8(secret).map(Secret).map_err(|_| VaultError::Broken)
    }

    /// Reads the key file again; whether there is one that can be read.
    fn read_again(&self) -> bool {
        let text = self.file.as_ref().and_then(|file| fs::read_to_string(file).ok());
        let Some(keys) = text.and_then(|text| read(&text).ok()) else { return false };
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        true
    }

    /// Begins a change of the key file: a new key seals from now on, those before it still open. Keys that the environment
    /// gives are changed there, by writing a new one before the others.
    ///
    /// # Errors
    /// The file cannot be written, or somebody else changes it at the moment; or the environment gives one key only.
    pub fn add_key(&self) -> Result<Rekeying, VaultError> {
        let Some(file) = &self.file else {
            let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            return if keys.len() > 1 { Ok(Rekeying(None)) } else { Err(VaultError::OneKey) };
        };
        let failed = |error| VaultError::File(file.clone(), error);
        let lock = lock(file).map_err(failed)?.ok_or(VaultError::Busy)?;
        self.rewrite(|text| format!("{}{text}", new_key()))?;
        Ok(Rekeying(Some(lock)))
    }

    /// Ends it: only the key that seals is kept. Everything must have been sealed anew before.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn drop_old_keys(&self, _begun: Rekeying) -> Result<(), VaultError> {
        self.rewrite(|text| text.split_whitespace().next().map(|key| format!("{key}\n")).unwrap_or_default())
    }

    fn rewrite(&self, change: impl FnOnce(&str) -> String) -> Result<(), VaultError> {
        let Some(file) = &self.file else { return Ok(()) };
        let failed = |error| VaultError::File(file.clone(), error);
        let text = fs::read_to_string(file).map_err(failed)?;
        publish(file, &change(&text), true).map_err(failed)?;
        self.read_again();
        Ok(())
    }
}

/// What a secret is bound to.
fn place(workspace: &WorkspaceId, field: Field) -> String {
    format!("{workspace}/{}", field.as_str())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests;

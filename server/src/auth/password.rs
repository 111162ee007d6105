//! Passwords: Argon2id with the crate's defaults (OWASP's first choice), off the threads that serve requests.

use std::sync::LazyLock;

use argon2::{
    Argon2, PasswordHasher, PasswordVerifier,
    password_hash::{Error, phc::PasswordHash},
};
use tokio::sync::Semaphore;

/// What is verified for accounts that do not exist, so that they take as long as those that do.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody").ok());

/// So many at once: each takes 19 MB and a core for a while.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// Hashes a password, in PHC format.
pub async fn hash_password(password: &str) -> anyhow::Result<String> {
    let _turn = AT_ONCE.acquire().await;
    let password = password.to_owned();
    tokio::task::spawn_blocking(move || hash_now(&password)).await?.map_err(|error| anyhow::anyhow!("{error}"))
}

fn hash_now(password: &str) -> Result<String, Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

/// Whether this is the password with that hash. Without a hash it never is, and takes as long.
pub(super) async fn verify_password(password: String, hash: Option<String>) -> bool {
    let _turn = AT_ONCE.acquire().await;
    let verified = tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.or_else(|| NOBODY.clone()).unwrap_or_default();
        let right = PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        known && right
    });
    verified.await.unwrap_or(false)
}

//! A new API key instead of the one before, which is worth nothing then.

use switchyard::{
    audit::{Change, Deed},
    id::WorkspaceId,
    ports::Connection,
};

use super::{Setup, SetupError, application_name};
use crate::{twilio::client::Client, vault::Field};

/// What became of the API key that was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OldKey {
    /// There was none, or it opens nothing any more.
    Gone,
    /// Somebody else made it, who may need it: it opens the account still.
    NotOurs(String),
    /// It could not be deleted: it opens the account still.
    Left(String),
}

impl Setup {
    /// Makes an API key for a workspace, instead of the one that it may have. The one before is deleted if we made it; that
    /// it cannot be is no reason not to use the new one.
    pub async fn new_key(&self, workspace: &WorkspaceId) -> Result<OldKey, SetupError> {
        let turn = self.tenants.turn(workspace).await;
        let seen = self.settled(workspace).await?;
        let owner = self.tenants.owner(&seen)?;
        let made = owner.create_key(&application_name(workspace, &self.public_url)).await?;
        let replace = |connection: &mut Connection| {
            connection.key = Some(made.sid.clone());
            connection.key_secret = Some(self.tenants.seal(workspace, Field::KeySecret, &made.secret)?);
            Ok(())
        };
        let kept = self.amend(&seen, replace).await;
        drop(turn);
        let (before, after) = match kept {
            Ok(kept) => kept,
            Err(error) => {
                self.discard_key(workspace, &owner, &made.sid).await;
                return Err(error);
            }
        };
        tracing::info!(%workspace, key = made.sid, "a new API key");
        let change = Change::new("key", before.key.as_deref(), after.key.as_deref());
        self.done(workspace, Deed::KeyReplaced, "", vec![change]).await;
        let old = match before.key {
            Some(old) => self.delete_key(&after, &old).await,
            None => OldKey::Gone,
        };
        self.check(workspace).await?;
        Ok(old)
    }

    /// Deletes a key that was made and could not be kept: nobody knows its secret. Unless it is kept after all, and only the
    /// database's answer was lost.
    pub(super) async fn discard_key(&self, workspace: &WorkspaceId, owner: &Client, made: &str) {
        let deleted = async {
            let known = self.store.connection(workspace).await?;
            if known.is_none_or(|known| known.key.as_deref() != Some(made)) {
                owner.delete_key(made).await?;
            }
            Ok::<_, SetupError>(())
        };
        if let Err(error) = deleted.await {
            tracing::warn!(%workspace, key = made, %error, "an API key that is not used could not be deleted");
        }
    }

    /// Deletes a key of a connection's account, if we made it.
    pub(super) async fn delete_key(&self, connection: &Connection, key: &str) -> OldKey {
        let workspace = &connection.workspace;
        // Keys are called as applications are. It may be from when we were somewhere else.
        let ours = [&*self.public_url, &connection.base_url].map(|url| application_name(workspace, url));
        let deleted = async {
            let owner = self.tenants.owner(connection)?;
            let Some(name) = owner.key_name(key).await? else { return Ok(true) };
            let is_ours = ours.contains(&name);
            if is_ours {
                owner.delete_key(key).await?;
            }
            Ok::<_, SetupError>(is_ours)
        };
        match deleted.await {
            Ok(true) => OldKey::Gone,
            Ok(false) => {
                tracing::info!(%workspace, key, "the API key before was not made here, and is left");
                OldKey::NotOurs(key.to_owned())
            }
            Err(error) => {
                tracing::warn!(%workspace, key, %error, "the API key before could not be deleted");
                OldKey::Left(key.to_owned())
            }
        }
    }
}

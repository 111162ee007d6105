//! A new API key instead of the one before, which is worth nothing then.

use switchyard::{
    audit::{Change, Deed},
    id::WorkspaceId,
    ports::Connection,
};

use super::{Setup, SetupError, application_name};
use crate::{
    twilio::client::{ApiError, Client},
    vault::Field,
};

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
        let mut connection = self.settled(workspace).await?;
        let owner = self.tenants.owner(&connection)?;
        let made = owner.create_key(&application_name(workspace, &self.public_url)).await?;
        // What was changed meanwhile stays: an auth token is nowhere else.
        connection = self.connection(workspace).await?;
        connection.key_secret = Some(self.tenants.seal(workspace, Field::KeySecret, &made.secret)?);
        tracing::info!(%workspace, key = made.sid, "a new API key");
        let old = connection.key.replace(made.sid);
        self.keep(connection.clone()).await?;
        let change = Change::new("key", old.as_deref(), connection.key.as_deref());
        self.done(workspace, Deed::KeyReplaced, "", vec![change]).await;
        let old = match old {
            Some(old) => self.delete_key(&connection, &owner, old).await,
            None => OldKey::Gone,
        };
        self.check(workspace).await?;
        Ok(old)
    }

    async fn delete_key(&self, connection: &Connection, owner: &Client, key: String) -> OldKey {
        let workspace = &connection.workspace;
        // Keys are called as applications are. It may be from when we were somewhere else.
        let ours = [&*self.public_url, &connection.base_url].map(|url| application_name(workspace, url));
        let deleted = async {
            let Some(name) = owner.key_name(&key).await? else { return Ok(true) };
            let is_ours = ours.contains(&name);
            if is_ours {
                owner.delete_key(&key).await?;
            }
            Ok::<_, ApiError>(is_ours)
        };
        match deleted.await {
            Ok(true) => OldKey::Gone,
            Ok(false) => OldKey::NotOurs(key),
            Err(error) => {
                tracing::warn!(%workspace, key, %error, "the API key before could not be deleted");
                OldKey::Left(key)
            }
        }
    }
}

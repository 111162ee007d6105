//! Keys and tokens that change: a new API key, another auth token (Twilio: Auth tokens, "Rotate"), and every secret sealed
//! anew. While a token is changed, what either of the two has signed is believed.

use switchyard::{
    audit::{Actor, Change, Deed},
    id::WorkspaceId,
    ports::Connection,
};

use super::{Setup, SetupError, application_name};
use crate::{
    twilio::client::Credentials,
    vault::{Field, Secret},
};

/// How long both tokens are believed after a change: what was signed before it arrives within seconds.
const OVERLAP_MS: i64 = 60_000;

impl Setup {
    /// Makes an API key for a workspace, instead of the one that it may have.
    pub async fn new_key(&self, workspace: &WorkspaceId) -> Result<(), SetupError> {
        let mut connection = self.connection(workspace).await?;
        let name = application_name(workspace, &self.public_url);
        let made = self.tenants.owner(&connection)?.create_key(&name).await?;
        connection.key_secret = Some(self.tenants.seal(workspace, Field::KeySecret, &made.secret)?);
        tracing::info!(%workspace, key = made.sid, "a new API key");
        let change = Change::new("key", connection.key.as_deref(), Some(&made.sid));
        connection.key = Some(made.sid);
        self.keep(connection).await?;
        self.done(workspace, Deed::KeyReplaced, "", vec![change]).await;
        self.check(workspace).await?;
        Ok(())
    }

    /// Gives the account another auth token. Twilio signs with it from its promotion on, so that it is believed before.
    pub async fn rotate_token(&self, workspace: &WorkspaceId) -> Result<(), SetupError> {
        let mut connection = self.connection(workspace).await?;
        let owner = self.tenants.owner(&connection)?;
        let next = owner.create_next_token().await?;
        connection.other_token = Some(self.tenants.seal(workspace, Field::OtherToken, &next)?);
        self.keep(connection.clone()).await?;
        if let Err(error) = owner.promote_next_token().await {
            self.done(workspace, Deed::TokenMade, "", Vec::new()).await;
            return Err(error.into());
        }
        self.swap_tokens(connection).await?;
        self.done(workspace, Deed::TokenReplaced, "", Vec::new()).await;
        tracing::info!(%workspace, "another auth token");
        self.check(workspace).await?;
        Ok(())
    }

    /// The other token is the account's own now.
    async fn swap_tokens(&self, mut connection: Connection) -> Result<Connection, SetupError> {
        let workspace = connection.workspace.clone();
        let open = |field, sealed: &str| self.tenants.vault.open(&workspace, field, sealed);
        let Some(other) = &connection.other_token else { return Ok(connection) };
        let new = open(Field::OtherToken, other)?;
        let old = open(Field::AuthToken, &connection.auth_token)?;
        connection.auth_token = self.tenants.seal(&workspace, Field::AuthToken, &new)?;
        connection.other_token = Some(self.tenants.seal(&workspace, Field::OtherToken, &old)?);
        self.keep(connection).await?;
        self.connection(&workspace).await
    }

    /// The connection after a change of tokens that is over, or that broke off half-way: whichever opens is the account's.
    pub(in crate::twilio) async fn settled(&self, workspace: &WorkspaceId) -> Result<Connection, SetupError> {
        let mut connection = self.connection(workspace).await?;
        let Some(sealed) = &connection.other_token else { return Ok(connection) };
        let other = self.tenants.vault.open(workspace, Field::OtherToken, sealed)?;
        let own = self.tenants.vault.open(workspace, Field::AuthToken, &connection.auth_token)?;
        let recent = self.clock.now().0 - connection.changed.0 < OVERLAP_MS;
        if self.opens(&connection.account, own).await == Some(false) {
            if self.opens(&connection.account, other).await == Some(true) {
                let connection = self.swap_tokens(connection).await?;
                // Whoever looks now is not who did it.
                self.note(workspace, Actor::Server, Deed::TokenReplaced, "", Vec::new()).await;
                return Ok(connection);
            }
        } else if !recent && self.opens(&connection.account, other).await == Some(false) {
            connection.other_token = None;
            self.keep(connection.clone()).await?;
        }
        Ok(connection)
    }

    /// Whether a token opens an account; `None` if that cannot be found out.
    async fn opens(&self, account: &str, token: Secret) -> Option<bool> {
        let client = self.tenants.client(Credentials::own(account, token)).ok()?;
        match client.account().await {
            Ok(_) => Some(true),
            Err(error) if error.is_unauthorised() => Some(false),
            Err(_) => None,
        }
    }

    /// Seals every secret anew, with the key that seals now. Answers how many workspaces there were.
    pub async fn reseal(&self) -> Result<usize, SetupError> {
        let all = self.store.connections().await?;
        for mut connection in all.iter().cloned() {
            let workspace = connection.workspace.clone();
            let before = connection.auth_token.clone();
            let anew = |field, sealed: &str| -> Result<String, SetupError> {
                Ok(self.tenants.seal(&workspace, field, &self.tenants.vault.open(&workspace, field, sealed)?)?)
            };
            connection.auth_token = anew(Field::AuthToken, &connection.auth_token)?;
            let other = connection.other_token.as_deref();
            connection.other_token = other.map(|sealed| anew(Field::OtherToken, sealed)).transpose()?;
            let key = connection.key_secret.as_deref();
            connection.key_secret = key.map(|sealed| anew(Field::KeySecret, sealed)).transpose()?;
            let change = resealed(&before, &connection.auth_token);
            self.keep(connection).await?;
            self.done(&workspace, Deed::SecretsResealed, "", vec![change]).await;
        }
        Ok(all.len())
    }
}

/// The keys by which something was sealed and is, by their names, which are no secrets.
pub(crate) fn resealed(before: &str, after: &str) -> Change {
    let key = |sealed: &str| sealed.split_once('.').map(|(key, _)| key.to_owned());
    Change { what: "sealing_key".to_owned(), before: key(before), after: key(after) }
}

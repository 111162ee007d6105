//! Tokens that change: another auth token (Twilio: Auth tokens, "Rotate"), and every secret sealed anew. While a token is
//! changed, what either of the two has signed is believed.

use switchyard::{
    audit::{Actor, Change, Deed},
    id::WorkspaceId,
    ports::Connection,
};

use super::{Setup, SetupError};
use crate::{
    twilio::{client::Credentials, other_token::OtherToken},
    vault::{Field, Secret, VaultError},
};

/// So soon after a new token was made it may be unknown to some of Twilio.
const SPREADS_MS: i64 = 60_000;

impl Setup {
    /// Gives the account another auth token. Twilio signs with it from its promotion on, so that it is believed before.
    pub async fn rotate_token(&self, workspace: &WorkspaceId) -> Result<(), SetupError> {
        let turn = self.tenants.turn(workspace).await;
        let seen = self.settled(workspace).await?;
        let is_known = if self.has_both(&seen).await? {
            // Which of the two is the account's own is not known; the other one is from now on.
            self.tenants.owner(&seen)?.promote_next_token().await?;
            let (now, replaced) = self.settle(&seen).await?;
            replaced || self.opens(&now.account, self.own_token(&now)?).await == Some(true)
        } else {
            self.make_and_promote(&seen).await?;
            true
        };
        drop(turn);
        // What Twilio does not tell now the comparison finds later, and notes it.
        if is_known {
            self.done(workspace, Deed::TokenReplaced, "", Vec::new()).await;
        }
        tracing::info!(%workspace, "another auth token");
        self.check(workspace).await?;
        Ok(())
    }

    async fn make_and_promote(&self, seen: &Connection) -> Result<(), SetupError> {
        let workspace = &seen.workspace;
        let owner = self.tenants.owner(seen)?;
        let next = OtherToken::second(owner.create_next_token().await?);
        let believe = |connection: &mut Connection| {
            connection.other_token = Some(self.tenants.seal(workspace, Field::OtherToken, &next.write())?);
            Ok(())
        };
        self.amend(seen, believe).await?;
        if let Err(error) = owner.promote_next_token().await {
            self.done(workspace, Deed::TokenMade, "", Vec::new()).await;
            return Err(error.into());
        }
        self.swap_tokens(seen, &next).await?;
        Ok(())
    }

    /// Whether the account has the two tokens that are kept of it, and so no third: making another one would end one of them,
    /// perhaps the one that Twilio signs with.
    async fn has_both(&self, connection: &Connection) -> Result<bool, SetupError> {
        let Some(OtherToken { token, until: None }) = self.tenants.other_token(connection)? else { return Ok(false) };
        let account = &connection.account;
        Ok(self.opens(account, self.own_token(connection)?).await == Some(true)
            && self.opens(account, token).await == Some(true))
    }

    /// What is believed beside a token that somebody enters, sealed. That one opens the account, and may still be its next
    /// one, with which Twilio signs nothing until it is promoted in its console: the one before is believed as long as it
    /// opens the account, too.
    pub(super) async fn beside(&self, known: &Connection, entered: &Secret) -> Result<Option<String>, SetupError> {
        let workspace = &known.workspace;
        let Ok(before) = self.own_token(known) else { return Ok(None) };
        if before == *entered {
            // While a token is changed, or was a moment ago, two are believed.
            return Ok(known.other_token.clone());
        }
        let other = match self.opens(&known.account, before.clone()).await {
            Some(false) => OtherToken::last(before, self.clock.now()),
            Some(true) | None => OtherToken::second(before),
        };
        Ok(Some(self.tenants.seal(workspace, Field::OtherToken, &other.write())?))
    }

    /// The next token is the account's own now.
    async fn swap_tokens(&self, seen: &Connection, next: &OtherToken) -> Result<Connection, SetupError> {
        let workspace = &seen.workspace;
        let token = |sealed: &str| self.tenants.vault.open(workspace, Field::AuthToken, sealed);
        let known = token(&seen.auth_token)?;
        let swap = |connection: &mut Connection| {
            let last = token(&connection.auth_token)?;
            // Unless a command beside the server was faster.
            if last == known {
                let last = OtherToken::last(last, self.clock.now());
                connection.auth_token = self.tenants.seal(workspace, Field::AuthToken, &next.token)?;
                connection.other_token = Some(self.tenants.seal(workspace, Field::OtherToken, &last.write())?);
            }
            Ok(())
        };
        Ok(self.amend(seen, swap).await?.1)
    }

    /// The connection after a change of tokens that is over, or that broke off half-way: whichever opens is the account's.
    /// It is [`turn`](crate::twilio::tenants::Tenants::turn)'s holder who asks, so that none is half-way here.
    pub(in crate::twilio) async fn settled(&self, workspace: &WorkspaceId) -> Result<Connection, SetupError> {
        let (connection, replaced) = self.settle(&self.connection(workspace).await?).await?;
        if replaced {
            // Whoever looks now is not who did it.
            self.note(workspace, Actor::Server, Deed::TokenReplaced, "", Vec::new()).await;
        }
        Ok(connection)
    }

    /// The same, and whether the account's own token is another one now.
    async fn settle(&self, connection: &Connection) -> Result<(Connection, bool), SetupError> {
        let as_it_is = || Ok((connection.clone(), false));
        let Some(other) = self.tenants.other_token(connection)? else { return as_it_is() };
        let now = self.clock.now();
        let is_over = if let Some(until) = other.until {
            now >= until
        } else {
            let account = &connection.account;
            if self.opens(account, self.own_token(connection)?).await == Some(false) {
                let promoted = self.opens(account, other.token.clone()).await == Some(true);
                return if promoted { Ok((self.swap_tokens(connection, &other).await?, true)) } else { as_it_is() };
            }
            // One that was made a moment ago need not open everywhere yet.
            let recent = now.0 - connection.changed.0 < SPREADS_MS;
            !recent && self.opens(account, other.token).await == Some(false)
        };
        if !is_over {
            return as_it_is();
        }
        let forget = |known: &mut Connection| {
            if known.other_token == connection.other_token {
                known.other_token = None;
            }
            Ok(())
        };
        Ok((self.amend(connection, forget).await?.1, false))
    }

    fn own_token(&self, connection: &Connection) -> Result<Secret, VaultError> {
        self.tenants.vault.open(&connection.workspace, Field::AuthToken, &connection.auth_token)
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
        for seen in &all {
            let workspace = &seen.workspace;
            let anew = |field, sealed: &str| -> Result<String, SetupError> {
                Ok(self.tenants.seal(workspace, field, &self.tenants.vault.open(workspace, field, sealed)?)?)
            };
            let seal = |connection: &mut Connection| {
                connection.auth_token = anew(Field::AuthToken, &connection.auth_token)?;
                let other = connection.other_token.as_deref();
                connection.other_token = other.map(|sealed| anew(Field::OtherToken, sealed)).transpose()?;
                let key = connection.key_secret.as_deref();
                connection.key_secret = key.map(|sealed| anew(Field::KeySecret, sealed)).transpose()?;
                Ok(())
            };
            let (before, after) = self.amend(seen, seal).await?;
            let change = resealed(&before.auth_token, &after.auth_token);
            self.done(workspace, Deed::SecretsResealed, "", vec![change]).await;
        }
        Ok(all.len())
    }
}

/// The keys by which something was sealed and is, by their names, which are no secrets.
pub(crate) fn resealed(before: &str, after: &str) -> Change {
    let key = |sealed: &str| sealed.split_once('.').map(|(key, _)| key.to_owned());
    Change { what: "sealing_key".to_owned(), before: key(before), after: key(after) }
}

//! Connecting a workspace with its account at Twilio: the credentials are tried, and kept if they are good.

use switchyard::{
    audit::{Change, Deed, connection_differences},
    dialing::DialPlan,
    id::WorkspaceId,
    ports::Connection,
};

use super::{OldKey, Setup, SetupError, application_name};
use crate::{
    twilio::{
        access_token::ApiKey,
        client::{Client, Credentials},
    },
    vault::{Field, Secret},
};

/// What somebody enters to connect a workspace.
#[derive(Debug)]
pub struct Wish {
    /// The account's SID.
    pub account: String,
    /// Its auth token.
    pub token: Secret,
    /// With which API key.
    pub key: KeyWish,
    /// Whom the workspace calls: countries by ISO 3166-1, its own first.
    pub countries: String,
}

/// Which API key is used.
#[derive(Debug)]
pub enum KeyWish {
    /// The one that is there, or none.
    Keep,
    /// The one that is there, or else one that we make.
    Make,
    /// This one.
    Own {
        /// Its SID.
        sid: String,
        /// Its secret.
        secret: Secret,
    },
}

/// What a connection that was replaced has left at Twilio.
#[derive(Debug, PartialEq, Eq)]
pub struct Left {
    /// What became of its API key.
    pub key: OldKey,
    /// The numbers of another account that could not be put back as they were, E.164: their calls still come here, where they
    /// are not believed any more.
    pub numbers: Vec<String>,
}

/// A connection that was put in the place of another one.
struct Replaced {
    before: Option<Connection>,
    now: Connection,
    numbers: Vec<String>,
}

impl Setup {
    /// Connects a workspace: the credentials are tried at once, kept if they are good, and everything is set up with them.
    /// Answers what is left of the connection before.
    pub async fn connect(&self, workspace: &WorkspaceId, wish: Wish) -> Result<Left, SetupError> {
        self.reachable()?;
        let wish = Wish { account: wish.account.trim().to_owned(), countries: countries(&wish.countries)?, ..wish };
        if !is_sid("AC", &wish.account) {
            return Err(SetupError::MalformedSid);
        }
        // Whoever was faster may have changed the very token that was entered: it is tried again.
        let left = loop {
            if let Some(left) = self.try_to_connect(workspace, &wish).await? {
                break left;
            }
        };
        tracing::info!(%workspace, account = wish.account, "connected with Twilio");
        self.configure(workspace).await?;
        Ok(left)
    }

    /// Answers nothing if somebody else has changed the connection meanwhile.
    async fn try_to_connect(&self, workspace: &WorkspaceId, wish: &Wish) -> Result<Option<Left>, SetupError> {
        let account = &wish.account;
        // Read before the token is tried: one that is changed in between is not written over.
        let before = self.store.connection(workspace).await?;
        let owner = self.tenants.client(Credentials::own(account, wish.token.clone()))?;
        match owner.account().await?.get("status") {
            "suspended" => return Err(SetupError::Suspended),
            "closed" => return Err(SetupError::Closed),
            _ => {}
        }
        let holder = self.store.connection_of_account(account).await?;
        if holder.is_some_and(|holder| holder.workspace != *workspace) {
            return Err(SetupError::AccountTaken);
        }
        let same = before.as_ref().filter(|before| before.account == *account);
        let key = self.choose_key(workspace, wish, same, &owner).await?;
        let is_made = matches!(wish.key, KeyWish::Make)
            && key.as_ref().map(|key| &key.sid) != same.and_then(|same| same.key.as_ref());
        let made = key.as_ref().filter(|_| is_made).map(|key| key.sid.clone());
        let kept = self.replace(workspace, wish, key, before.as_ref()).await;
        if let (Ok(None) | Err(_), Some(made)) = (&kept, &made) {
            self.discard_key(workspace, &owner, made).await;
        }
        let Some(Replaced { before, now, numbers }) = kept? else { return Ok(None) };
        self.tenants.renew(workspace).await;
        let mut changes = connection_differences(before.as_ref(), &now);
        if same.is_some_and(|same| !self.has_token(same, &wish.token)) {
            changes.push(Change::new("auth_token", None, None));
        }
        if !changes.is_empty() {
            self.done(workspace, Deed::TwilioConnected, account, changes).await;
        }
        let old = before.as_ref().and_then(|before| Some((before, before.key.as_deref()?)));
        let key = match old.filter(|(_, old)| now.key.as_deref() != Some(old)) {
            // The one of another account is deleted there.
            Some((before, old)) => self.delete_key(if before.account == *account { &now } else { before }, old).await,
            None => OldKey::Gone,
        };
        Ok(Some(Left { key, numbers }))
    }

    /// Keeps what is wished for instead of the connection that was read as `before`. Answers nothing if somebody else has
    /// changed that meanwhile.
    async fn replace(
        &self,
        workspace: &WorkspaceId,
        wish: &Wish,
        key: Option<ApiKey>,
        before: Option<&Connection>,
    ) -> Result<Option<Replaced>, SetupError> {
        let same = before.filter(|before| before.account == wish.account);
        let (since, numbers) = if same.is_none() && before.is_some() {
            // Only now that nothing is wrong with the new account is the old one left.
            let numbers = self.leave(workspace).await?;
            (self.store.connection(workspace).await?, numbers)
        } else {
            (before.cloned(), Vec::new())
        };
        if since.as_ref().map(|since| &since.account) != before.map(|before| &before.account) {
            return Ok(None);
        }
        let other_token = match same {
            Some(same) => self.beside(same, &wish.token).await?,
            None => None,
        };
        let seal = |field, secret: &Secret| self.tenants.seal(workspace, field, secret);
        let (key, secret) = key.map(|ApiKey { sid, secret }| (sid, secret)).unzip();
        let now = Connection {
            workspace: workspace.clone(),
            account: wish.account.clone(),
            auth_token: seal(Field::AuthToken, &wish.token)?,
            other_token,
            key,
            key_secret: secret.map(|secret| seal(Field::KeySecret, &secret)).transpose()?,
            application: same.and_then(|same| same.application.clone()),
            base_url: self.public_url.to_string(),
            countries: wish.countries.clone(),
            changed: since.as_ref().map_or_else(|| self.clock.now(), |since| self.after(since.changed)),
        };
        let kept = self.store.put_connection(&now, since.as_ref().map(|since| since.changed)).await?;
        Ok(kept.then_some(Replaced { before: since, now, numbers }))
    }

    /// Whether this is a connection's auth token.
    fn has_token(&self, connection: &Connection, token: &Secret) -> bool {
        let known = self.tenants.vault.open(&connection.workspace, Field::AuthToken, &connection.auth_token);
        known.is_ok_and(|known| known == *token)
    }

    /// The API key that is wished for, which works.
    async fn choose_key(
        &self,
        workspace: &WorkspaceId,
        wish: &Wish,
        same: Option<&Connection>,
        owner: &Client,
    ) -> Result<Option<ApiKey>, SetupError> {
        let account = &wish.account;
        if let KeyWish::Own { sid, secret } = &wish.key {
            may_sign(owner, sid).await?;
            let client = self.tenants.client(Credentials::key(account, sid, secret.clone()))?;
            return match client.knock().await {
                Ok(()) => Ok(Some(ApiKey { sid: sid.clone(), secret: secret.clone() })),
                Err(error) if error.is_unauthorised() => Err(SetupError::KeyRefused),
                Err(error) => Err(error.into()),
            };
        }
        // One that cannot be opened any more is replaced.
        if let Some(same) = same
            && let Ok(Some(key)) = self.tenants.key(same)
            && self.works(account, &key.sid, &key.secret).await?
        {
            return Ok(Some(key));
        }
        if matches!(wish.key, KeyWish::Keep) {
            return Ok(None);
        }
        let made = owner.create_key(&application_name(workspace, &self.public_url)).await?;
        Ok(Some(ApiKey { sid: made.sid, secret: made.secret }))
    }

    async fn works(&self, account: &str, key: &str, secret: &Secret) -> Result<bool, SetupError> {
        let client = self.tenants.client(Credentials::key(account, key, secret.clone()))?;
        match client.knock().await {
            Ok(()) => Ok(true),
            Err(error) if error.is_unauthorised() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// Looks up whether a key is one of this account that signs access tokens: using it in a request would not show that.
async fn may_sign(owner: &Client, key: &str) -> Result<(), SetupError> {
    if !is_sid("SK", key) {
        return Err(SetupError::KeyRefused);
    }
    match owner.key_signs(key).await {
        Ok(Some(true)) => Ok(()),
        Ok(Some(false)) => Err(SetupError::KeyRestricted),
        Ok(None) => Err(SetupError::KeyElsewhere),
        Err(error) if error.is_passing() => Err(error.into()),
        Err(error) => {
            // What cannot be looked up is not held against the key: it is tried all the same.
            tracing::warn!(%error, "it is not known whether the API key signs access tokens");
            Ok(())
        }
    }
}

/// Countries in capitals, separated by single spaces.
fn countries(typed: &str) -> Result<String, SetupError> {
    let words = typed.split([' ', ',', ';']).filter(|word| !word.is_empty());
    let all: Vec<String> = words.map(str::to_ascii_uppercase).collect();
    let home = all.first().ok_or_else(|| SetupError::UnknownCountry(String::new()))?;
    DialPlan::new(home, all.iter().map(String::as_str)).map_err(SetupError::UnknownCountry)?;
    Ok(all.join(" "))
}

/// Two letters and 32 hexadecimal digits.
fn is_sid(prefix: &str, text: &str) -> bool {
    let digits = text.strip_prefix(prefix);
    digits.is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use super::*;

    #[test]
    fn countries_are_read_however_they_are_separated() {
        assert_eq!(countries(" ro, MD;us ").unwrap(), "RO MD US");
        for wrong in ["", "RO Atlantis", "R0"] {
            assert!(countries(wrong).is_err(), "{wrong}");
        }
    }
}

//! Setting a workspace up at Twilio: its credentials, its API key, its TwiML application, and the numbers that are pointed
//! at it. Everything can be done again without harm, and goes on where it broke off.

mod error;
mod market;
mod numbers;
mod tokens;

use std::sync::Arc;

use switchyard::{
    audit::{Actor, Change, Deed, connection_differences, repaired},
    dialing::DialPlan,
    drift::Subject,
    id::WorkspaceId,
    ports::{Clock, Connection, Store},
};

pub(super) use self::numbers::before;
pub(crate) use self::tokens::resealed;
pub use self::{
    error::SetupError,
    market::{Market, Named, Purchase},
};
use super::{
    client::{ApiError, Client, Credentials},
    drift::Wanted,
    sites::Sites,
    tenants::Tenants,
};
use crate::{
    urls::Urls,
    vault::{Field, Secret, Vault},
};

/// A friendly name may be this long (Twilio: Application resource).
const LONGEST_NAME: usize = 64;
/// Letters by which names are told apart that would be longer.
const SUM: usize = 8;

/// Sets workspaces up, and keeps them right.
#[derive(Clone)]
pub struct Setup {
    /// Everything durable.
    pub store: Arc<dyn Store>,
    /// The workspaces that are connected.
    pub tenants: Arc<Tenants>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Where Twilio reaches this server, without a slash at the end.
    pub public_url: Arc<str>,
    /// For whom it acts ([`Setup::acting`]); nobody but the server itself, unless it is said.
    pub by: Actor,
}

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

impl Setup {
    /// Sets up workspaces of a store at the Twilio that is at `sites`. `public_url` is where that reaches this server,
    /// without a slash at the end.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, vault: Vault, sites: Sites, public_url: &str) -> Self {
        let tenants = Tenants::new(Arc::clone(&store), vault, sites, public_url);
        Self { store, tenants: Arc::new(tenants), clock, public_url: public_url.into(), by: Actor::Server }
    }

    /// Connects a workspace: the credentials are tried at once, kept if they are good, and everything is set up with them.
    pub async fn connect(&self, workspace: &WorkspaceId, wish: Wish) -> Result<(), SetupError> {
        let account = wish.account.trim();
        if !is_sid("AC", account) {
            return Err(SetupError::MalformedSid);
        }
        let countries = countries(&wish.countries)?;
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
        let before = self.store.connection(workspace).await?;
        let moves = before.as_ref().is_some_and(|before| before.account != account);
        let same = before.as_ref().filter(|before| before.account == account);
        let (key, key_secret) = self.key(workspace, account, wish.key, same, &owner).await?;
        // Only now that nothing is wrong with the new account is the old one left.
        if moves {
            self.leave(workspace).await?;
        }
        let connection = Connection {
            workspace: workspace.clone(),
            account: account.to_owned(),
            auth_token: self.tenants.seal(workspace, Field::AuthToken, &wish.token)?,
            other_token: None,
            key,
            key_secret,
            application: same.and_then(|same| same.application.clone()),
            base_url: self.public_url.to_string(),
            countries,
            changed: self.clock.now(),
        };
        let mut changes = connection_differences(before.as_ref(), &connection);
        let known = same.map(|same| self.tenants.vault.open(workspace, Field::AuthToken, &same.auth_token));
        if known.is_some_and(|known| known.ok().as_ref() != Some(&wish.token)) {
            changes.push(Change::new("auth_token", None, None));
        }
        self.keep(connection).await?;
        if !changes.is_empty() {
            self.done(workspace, Deed::TwilioConnected, account, changes).await;
        }
        tracing::info!(%workspace, account, "connected with Twilio");
        self.configure(workspace).await
    }

    /// Makes everything so at Twilio as it should be: the application, which is found or made, and every number.
    pub async fn configure(&self, workspace: &WorkspaceId) -> Result<(), SetupError> {
        let mut changes = Vec::new();
        let configured = self.make_right(workspace, &mut changes).await;
        // Also what was put right before something failed.
        if !changes.is_empty() {
            self.done(workspace, Deed::TwilioRepaired, "", changes).await;
        }
        configured?;
        self.check(workspace).await?;
        Ok(())
    }

    /// Makes everything right that is not, and adds to `changes` what it was and is.
    async fn make_right(&self, workspace: &WorkspaceId, changes: &mut Vec<Change>) -> Result<(), SetupError> {
        let connection = self.connection(workspace).await?;
        let (client, _) = self.actor(&connection).await?;
        let urls = Urls::new(&self.public_url, workspace);
        let wanted = Wanted::application(&urls);
        let known = match &connection.application {
            Some(sid) => client.application(sid).await?,
            None => None,
        };
        let name = application_name(workspace, &self.public_url);
        let found = match known {
            Some(known) => Some(known),
            // Names are not unique: the SID is what is kept.
            None => client.applications_named(&name).await?.into_iter().next(),
        };
        let application = match found {
            Some(found) => {
                let differences = wanted.compare(&Subject::Application, &found, self.clock.now());
                if !differences.is_empty() {
                    client.update_application(found.get("sid"), &wanted.form(None)).await?;
                    changes.extend(repaired(&differences));
                }
                found
            }
            None => {
                client
                    .create_application(&[&[("FriendlyName", name.as_str())], &wanted.form(None)[..]].concat())
                    .await?
            }
        };
        // Read again: the auth token may have been changed while Twilio was asked.
        let before = self.connection(workspace).await?;
        let application = Some(application.get("sid").to_owned());
        let connection = Connection { application, base_url: self.public_url.to_string(), ..before.clone() };
        changes.extend(connection_differences(Some(&before), &connection));
        self.keep(connection).await?;
        self.point_all(workspace, &client, changes).await?;
        tracing::info!(%workspace, "set up at Twilio");
        Ok(())
    }

    /// Puts one property right.
    pub async fn repair(&self, workspace: &WorkspaceId, subject: &Subject, field: &str) -> Result<(), SetupError> {
        let connection = self.connection(workspace).await?;
        let (client, _) = self.actor(&connection).await?;
        let mut differences = match subject {
            Subject::Application => {
                let sid = connection.application.as_deref().ok_or(SetupError::NotConnected)?;
                let wanted = Wanted::application(&Urls::new(&self.public_url, workspace));
                let found = client.application(sid).await?;
                client.update_application(sid, &wanted.form(Some(field))).await?;
                found.map(|found| wanted.compare(subject, &found, self.clock.now())).unwrap_or_default()
            }
            Subject::Number(number) => self.repair_number(&connection, &client, number, field).await?,
        };
        differences.retain(|one| one.field == field);
        let changes = repaired(&differences);
        if let Some(what) = changes.first().map(|change| change.what.clone()) {
            self.done(workspace, Deed::TwilioRepaired, &what, changes).await;
        }
        tracing::info!(%workspace, ?subject, field, "repaired at Twilio");
        self.check(workspace).await?;
        Ok(())
    }

    /// The connection of a workspace.
    pub async fn connection(&self, workspace: &WorkspaceId) -> Result<Connection, SetupError> {
        self.store.connection(workspace).await?.ok_or(SetupError::NotConnected)
    }

    /// Keeps a connection; whoever acts for the workspace does so with it from now on.
    async fn keep(&self, mut connection: Connection) -> Result<(), SetupError> {
        connection.changed = self.clock.now();
        self.store.put_connection(&connection).await?;
        self.tenants.renew(&connection.workspace).await;
        Ok(())
    }

    /// A client for setting up: with the API key, or with the account's own token where there is no key that works. The
    /// second value says whether there is one that does not.
    pub(super) async fn actor(&self, connection: &Connection) -> Result<(Client, bool), SetupError> {
        let owner = self.tenants.owner(connection)?;
        let Some(key) = self.tenants.key(connection)? else { return Ok((owner, false)) };
        let client = self.tenants.client(Credentials::key(&connection.account, &key.sid, key.secret))?;
        match client.knock().await {
            Err(error) if error.is_unauthorised() => Ok((owner, true)),
            _ => Ok((client, false)),
        }
    }

    async fn key(
        &self,
        workspace: &WorkspaceId,
        account: &str,
        wish: KeyWish,
        same: Option<&Connection>,
        owner: &Client,
    ) -> Result<(Option<String>, Option<String>), SetupError> {
        let keep = |sid: String, secret: &Secret| -> Result<_, SetupError> {
            Ok((Some(sid), Some(self.tenants.seal(workspace, Field::KeySecret, secret)?)))
        };
        if let KeyWish::Own { sid, secret } = wish {
            let client = self.tenants.client(Credentials::key(account, &sid, secret.clone()))?;
            return match client.knock().await {
                Ok(()) => keep(sid, &secret),
                Err(error) if error.is_unauthorised() => Err(SetupError::KeyRefused),
                Err(error) => Err(error.into()),
            };
        }
        if let Some(same) = same
            && let Some(key) = self.tenants.key(same)?
            && self.works(account, &key.sid, &key.secret).await?
        {
            return keep(key.sid, &key.secret);
        }
        if matches!(wish, KeyWish::Keep) {
            return Ok((None, None));
        }
        let made = owner.create_key(&application_name(workspace, &self.public_url)).await?;
        keep(made.sid, &made.secret)
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

/// The name of a workspace's application, by which it is found again: two installations may share an account.
fn application_name(workspace: &WorkspaceId, public_url: &str) -> String {
    let host = public_url.split_once("://").map_or(public_url, |(_, host)| host);
    let name = format!("Switchyard {workspace} at {host}");
    if name.chars().count() <= LONGEST_NAME {
        return name;
    }
    // The end, by which two installations differ, would be cut off.
    let sum: String = crate::auth::hash(&name).chars().take(SUM).collect();
    format!("{} {sum}", name.chars().take(LONGEST_NAME - SUM - 1).collect::<String>())
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
pub(super) fn is_sid(prefix: &str, text: &str) -> bool {
    let digits = text.strip_prefix(prefix);
    digits.is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// What Twilio was asked for and refused because something it refers to is not there (Twilio: 21218).
fn refers_to_nothing(error: &ApiError) -> bool {
    const INVALID_APPLICATION: u32 = 21218;
    error.code() == INVALID_APPLICATION
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

    #[test]
    fn an_application_has_a_name_that_twilio_takes() {
        let name = application_name(&"acme".into(), "https://floor.example");
        assert_eq!(name, "Switchyard acme at floor.example");
        assert_eq!(
            application_name(&"acme".into(), &format!("https://{}.example", "ă".repeat(99))).chars().count(),
            64
        );
    }
}

//! Setting a workspace up at Twilio: its credentials, its API key, its TwiML application, and the numbers that are pointed
//! at it. Everything can be done again without harm, and goes on where it broke off.

mod accept;
mod amend;
mod connect;
mod error;
mod keys;
mod market;
mod numbers;
mod reach;
mod tokens;

use std::sync::Arc;

use switchyard::{
    audit::{Actor, Change, Deed, connection_differences, repaired},
    drift::{Findings, Subject},
    id::WorkspaceId,
    ports::{Clock, Connection, Store},
};

pub(super) use self::numbers::before;
pub(crate) use self::tokens::resealed;
pub use self::{
    connect::{KeyWish, Left, Wish},
    error::SetupError,
    keys::OldKey,
    market::{Market, Named, Purchase},
};
use super::{
    client::{ApiError, Client, Credentials},
    drift::Wanted,
    sites::Sites,
    tenants::Tenants,
};
use crate::{urls::Urls, vault::Vault};

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

impl Setup {
    /// Sets up workspaces of a store at the Twilio that is at `sites`. `public_url` is where that reaches this server,
    /// without a slash at the end.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, vault: Vault, sites: Sites, public_url: &str) -> Self {
        let tenants = Tenants::new(Arc::clone(&store), vault, sites, public_url);
        Self { store, tenants: Arc::new(tenants), clock, public_url: public_url.into(), by: Actor::Server }
    }

    /// Makes everything so at Twilio as it should be: the application, which is found or made, and every number. Answers what
    /// is not even so.
    pub async fn configure(&self, workspace: &WorkspaceId) -> Result<Findings, SetupError> {
        self.reachable()?;
        let mut changes = Vec::new();
        let configured = {
            // An application that is not there yet is made once.
            let _turn = self.tenants.turn(workspace).await;
            self.make_right(workspace, &mut changes).await
        };
        // Also what was put right before something failed.
        if !changes.is_empty() {
            self.done(workspace, Deed::TwilioRepaired, "", changes).await;
        }
        configured?;
        self.check(workspace).await
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
        let (before, after) = self
            .amend(&connection, |connection| {
                connection.application = Some(application.get("sid").to_owned());
                connection.base_url = self.public_url.to_string();
                Ok(())
            })
            .await?;
        changes.extend(connection_differences(Some(&before), &after));
        self.point_all(workspace, &client, changes).await?;
        tracing::info!(%workspace, "set up at Twilio");
        Ok(())
    }

    /// Puts one property right.
    pub async fn repair(&self, workspace: &WorkspaceId, subject: &Subject, field: &str) -> Result<(), SetupError> {
        self.reachable()?;
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

    /// A client for setting up: with the API key, or with the account's own token where there is no key that works. The
    /// second value says whether there is one that does not, if Twilio tells.
    pub(super) async fn actor(&self, connection: &Connection) -> Result<(Client, Result<bool, ApiError>), SetupError> {
        let owner = self.tenants.owner(connection)?;
        let Some(key) = self.tenants.key(connection)? else { return Ok((owner, Ok(false))) };
        let client = self.tenants.client(Credentials::key(&connection.account, &key.sid, key.secret))?;
        match client.knock().await {
            Ok(()) => Ok((client, Ok(false))),
            Err(error) if error.is_unauthorised() => Ok((owner, Ok(true))),
            Err(error) => Ok((client, Err(error))),
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

/// What Twilio was asked for and refused because something it refers to is not there (Twilio: 21218).
fn refers_to_nothing(error: &ApiError) -> bool {
    const INVALID_APPLICATION: u32 = 21218;
    error.code() == INVALID_APPLICATION
}

#[cfg(test)]
mod tests {
    use super::*;

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

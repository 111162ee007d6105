//! The workspaces that are connected with Twilio. Each is made from the store when it is first needed, kept, and made
//! anew when its connection has changed, by whatever process.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use switchyard::{
    dialing::DialPlan,
    id::WorkspaceId,
    ports::{Connection, Store, StoreError},
};
use thiserror::Error;
use tokio::sync::OwnedMutexGuard;

use super::{
    access_token::ApiKey,
    client::{Client, Credentials},
    other_token::OtherToken,
    signature::SigningKey,
    sites::Sites,
    tenant::{Believed, Tenant, Voice},
};
use crate::{
    urls::Urls,
    vault::{Field, Secret, Vault, VaultError},
};

/// Why a workspace cannot act at Twilio.
#[derive(Debug, Error)]
pub enum TenantError {
    /// The database is down.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its secrets cannot be opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A country that does not exist.
    #[error("{0} is no country")]
    Country(String),
    /// HTTPS cannot be set up.
    #[error("requests cannot be sent: {0}")]
    Http(#[from] reqwest::Error),
}

/// Every workspace that is connected.
pub struct Tenants {
    store: Arc<dyn Store>,
    /// Opens what is secret.
    pub vault: Vault,
    /// Where Twilio is.
    pub sites: Sites,
    public_url: Arc<str>,
    made: RwLock<HashMap<WorkspaceId, Arc<Tenant>>>,
    turns: Mutex<HashMap<WorkspaceId, Arc<Turn>>>,
}

/// Held by whoever compares a workspace with Twilio, or changes its secrets there.
type Turn = tokio::sync::Mutex<()>;

impl Tenants {
    /// Those in a store. `public_url` is where Twilio reaches us, without a slash at the end.
    pub fn new(store: Arc<dyn Store>, vault: Vault, sites: Sites, public_url: &str) -> Self {
        Self { store, vault, sites, public_url: public_url.into(), made: RwLock::default(), turns: Mutex::default() }
    }

    /// The tenant of a workspace, if it is connected and can act.
    pub async fn of(&self, workspace: &WorkspaceId) -> Option<Arc<Tenant>> {
        if let Some(tenant) = self.known(workspace) {
            return Some(tenant);
        }
        let connection = self.store.connection(workspace).await.unwrap_or_else(|error| {
            tracing::error!(%workspace, %error, "a connection cannot be read");
            None
        });
        self.keep(&connection?)
    }

    /// The tenant of a workspace, if it was needed before.
    pub fn known(&self, workspace: &WorkspaceId) -> Option<Arc<Tenant>> {
        self.made.read().unwrap_or_else(PoisonError::into_inner).get(workspace).cloned()
    }

    /// The tenant that owns an account.
    pub async fn of_account(&self, account: &str) -> Option<Arc<Tenant>> {
        let connection = self.store.connection_of_account(account).await.ok().flatten()?;
        self.keep(&connection)
    }

    /// All of them as they are now.
    pub async fn all(&self) -> Vec<Arc<Tenant>> {
        let connections = match self.store.connections().await {
            Ok(connections) => connections,
            Err(error) => {
                tracing::error!(%error, "connections cannot be read");
                return self.made.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
            }
        };
        let mut all = Vec::with_capacity(connections.len());
        for connection in &connections {
            all.extend(self.keep(connection));
        }
        all
    }

    /// A workspace's connection has changed: whoever asks next finds it made anew. Pages do not wait for it to be made.
    pub async fn renew(&self, workspace: &WorkspaceId) {
        self.made.write().unwrap_or_else(PoisonError::into_inner).remove(workspace);
        self.of(workspace).await;
    }

    /// Waits until nobody else compares this workspace or changes its secrets: what the one has found must be known to the
    /// other, and a change of tokens that is going on is not one that broke off.
    pub async fn turn(&self, workspace: &WorkspaceId) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(workspace.clone()).or_default())
        };
        turn.lock_owned().await
    }

    /// The tenant of a connection: the one that was made, unless the connection has changed since. Whoever read it before that
    /// gets the newer one.
    fn keep(&self, connection: &Connection) -> Option<Arc<Tenant>> {
        let workspace = &connection.workspace;
        if let Some(tenant) = self.known(workspace).filter(|tenant| tenant.changed >= connection.changed) {
            return Some(tenant);
        }
        match self.make(connection) {
            Ok(tenant) => {
                let tenant = Arc::new(tenant);
                let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
                // Somebody may have made a newer one meanwhile.
                let kept = made.entry(workspace.clone()).or_insert_with(|| Arc::clone(&tenant));
                if kept.changed < tenant.changed {
                    *kept = tenant;
                }
                Some(Arc::clone(kept))
            }
            Err(error) => {
                tracing::error!(%workspace, %error, "the workspace cannot act at Twilio");
                None
            }
        }
    }

    fn make(&self, connection: &Connection) -> Result<Tenant, TenantError> {
        let Connection { workspace, account, .. } = connection;
        let token = self.vault.open(workspace, Field::AuthToken, &connection.auth_token)?;
        let believed = |token: &Secret, until| Believed { key: SigningKey::new(token.expose()), until };
        let other = self.other_token(connection)?.map(|other| believed(&other.token, other.until));
        let keys = [Some(believed(&token, None)), other].into_iter().flatten().collect();
        let key = self.key(connection)?;
        let credentials = match &key {
            Some(key) => Credentials::key(account, &key.sid, key.secret.clone()),
            None => Credentials::own(account, token),
        };
        let mut countries = connection.countries.split_whitespace();
        let home = countries.clone().next().unwrap_or_default();
        let dial_plan = DialPlan::new(home, &mut countries).map_err(TenantError::Country)?;
        let voice = key.zip(connection.application.clone());
        Ok(Tenant {
            workspace: workspace.clone(),
            account: account.clone(),
            keys,
            client: Client::new(&self.sites, credentials)?,
            urls: Urls::new(&self.public_url, workspace),
            dial_plan: Arc::new(dial_plan),
            voice: voice.map(|(key, application)| Voice { key, application, edge: self.sites.edge.clone() }),
            changed: connection.changed,
        })
    }

    /// The API key of a connection, if it has one.
    pub fn key(&self, connection: &Connection) -> Result<Option<ApiKey>, VaultError> {
        let (Some(sid), Some(sealed)) = (&connection.key, &connection.key_secret) else { return Ok(None) };
        let secret = self.vault.open(&connection.workspace, Field::KeySecret, sealed)?;
        Ok(Some(ApiKey { sid: sid.clone(), secret }))
    }

    /// The token that is believed beside the account's own, while that is changed.
    pub fn other_token(&self, connection: &Connection) -> Result<Option<OtherToken>, VaultError> {
        let Some(sealed) = &connection.other_token else { return Ok(None) };
        Ok(Some(OtherToken::read(self.vault.open(&connection.workspace, Field::OtherToken, sealed)?)))
    }

    /// A client with the account's own token, for what only that may do.
    ///
    /// # Errors
    /// The token cannot be opened.
    pub fn owner(&self, connection: &Connection) -> Result<Client, TenantError> {
        let token = self.vault.open(&connection.workspace, Field::AuthToken, &connection.auth_token)?;
        self.client(Credentials::own(&connection.account, token))
    }

    /// A client with these credentials.
    ///
    /// # Errors
    /// HTTPS cannot be set up.
    pub fn client(&self, credentials: Credentials) -> Result<Client, TenantError> {
        Ok(Client::new(&self.sites, credentials)?)
    }

    /// Seals a secret of a workspace.
    ///
    /// # Errors
    /// There is no key.
    pub fn seal(&self, workspace: &WorkspaceId, field: Field, secret: &Secret) -> Result<String, VaultError> {
        self.vault.seal(workspace, field, secret)
    }
}

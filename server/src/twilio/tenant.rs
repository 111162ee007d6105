//! A workspace as Twilio sees it: its account, its keys, its addresses, and a client that acts for it.

use std::{collections::HashMap, sync::Arc};

use serde::Serialize;
use switchyard::{dialing::DialPlan, id::WorkspaceId, ports::Number};

use super::{access_token::ApiKey, client::Client, signature::SigningKey};
use crate::urls::Urls;

/// One workspace's side of Twilio.
#[derive(Debug)]
pub struct Tenant {
    /// Which workspace.
    pub workspace: WorkspaceId,
    /// Its account's SID.
    pub account: String,
    /// Verifies what Twilio sends.
    pub key: SigningKey,
    /// Acts for the account.
    pub client: Client,
    /// The workspace's public addresses.
    pub urls: Urls,
    /// The workspace's numbers.
    pub numbers: Vec<Number>,
    /// Whom it calls, and how its people write numbers.
    pub dial_plan: Arc<DialPlan>,
    /// What lets its pages speak.
    pub voice: Voice,
}

/// What a page needs to be a phone.
#[derive(Clone, Debug)]
pub struct Voice {
    /// Signs the pages' access tokens.
    pub key: ApiKey,
    /// The TwiML application through which pages place calls, `AP…`.
    pub application: String,
    /// Where pages register when it is not Twilio.
    pub edge: Option<Edge>,
}

/// An edge other than Twilio's.
#[derive(Clone, Debug, Serialize)]
pub struct Edge {
    /// Its host and port.
    pub host: String,
    /// Whether it speaks without TLS.
    pub insecure: bool,
}

/// Every workspace that has credentials.
#[derive(Debug, Default)]
pub struct Tenants {
    by_workspace: HashMap<WorkspaceId, Arc<Tenant>>,
    by_account: HashMap<String, Arc<Tenant>>,
}

impl Tenants {
    /// Finds tenants by workspace and by account.
    pub fn new(tenants: impl IntoIterator<Item = Tenant>) -> Self {
        let mut all = Self::default();
        for tenant in tenants.into_iter().map(Arc::new) {
            all.by_account.insert(tenant.account.clone(), Arc::clone(&tenant));
            all.by_workspace.insert(tenant.workspace.clone(), tenant);
        }
        all
    }

    /// The tenant of a workspace.
    pub fn of(&self, workspace: &WorkspaceId) -> Option<&Arc<Tenant>> {
        self.by_workspace.get(workspace)
    }

    /// The tenant that owns an account.
    pub fn of_account(&self, account: &str) -> Option<&Arc<Tenant>> {
        self.by_account.get(account)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Tenant>> {
        self.by_workspace.values()
    }
}

//! What the server provides for every page that it renders and every function that a page calls.

use std::sync::Arc;

use leptos::prelude::use_context;
use switchyard::{
    dialing::DialPlan,
    id::WorkspaceId,
    ports::{Clock, Session, Store},
    service::Floors,
};

use super::{AskError, demo::DemoAccount, twilio::Connected};

/// One request: who asks, and what the server has to answer with.
#[derive(Clone)]
pub struct Visit {
    /// Who is signed in.
    pub session: Option<Session>,
    /// Every floor of the installation.
    pub floors: Arc<Floors>,
    /// Everything durable.
    pub store: Arc<dyn Store>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// How the workspace's people write numbers, and whom they call; `None` when it cannot call.
    pub dial_plan: Option<Arc<DialPlan>>,
    /// What the store knows of a token.
    pub hash: fn(&str) -> String,
    /// The time zones that a workspace can choose from, by IANA's names.
    pub zones: fn() -> Vec<String>,
    /// How workspaces are connected with Twilio.
    pub twilio: Arc<dyn Connected>,
    /// Where scripts of the page may connect to besides ourselves, as sources of a Content Security Policy.
    pub sockets: Arc<str>,
    /// Whether webhooks may go to private networks, and without TLS.
    pub private_webhooks: bool,
    /// The description of the API for programs, as `OpenAPI`.
    pub api: Arc<serde_json::Value>,
    /// Accounts that may be used without a password, on a demo installation.
    pub demo: Option<Arc<Vec<DemoAccount>>>,
}

impl Visit {
    /// The visit that is being answered.
    pub(crate) fn current() -> Result<Self, AskError> {
        use_context().ok_or_else(|| AskError::Broken("no visit was provided".to_owned()).answered())
    }

    /// The visit that is being answered, and who is signed in.
    pub(crate) fn signed_in() -> Result<(Self, Session), AskError> {
        let visit = Self::current()?;
        let session = visit.session.clone().ok_or_else(|| AskError::SignedOut.answered())?;
        Ok((visit, session))
    }

    /// How the workspace's people write numbers, whether it can call or not.
    pub(crate) async fn plan(&self, workspace: &WorkspaceId) -> Result<Arc<DialPlan>, AskError> {
        if let Some(plan) = &self.dial_plan {
            return Ok(Arc::clone(plan));
        }
        let workspaces = self.store.workspaces().await.map_err(|_| AskError::Unavailable)?;
        let home = workspaces.iter().find(|known| known.id == *workspace).map_or("", |home| home.country.as_str());
        let plan = DialPlan::new(home, [home]).map(Arc::new);
        plan.map_err(|country| AskError::Broken(format!("{country:?} is no country")).answered())
    }
}

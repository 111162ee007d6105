//! What handlers need, made once at start.

use std::sync::{Arc, atomic::AtomicBool};

use app::DemoAccount;
use axum::{extract::FromRef, http::HeaderValue};
use leptos::config::LeptosOptions;
use switchyard::{
    id::WorkspaceId,
    ports::{Clock, Store},
    service::{FloorHandle, Floors},
};
use tokio::sync::Mutex;

use crate::{
    auth::Endings,
    limits::Limits,
    live::Relays,
    numbers::Arrivals,
    phone::Phones,
    twilio::{setup::Setup, tenants::Tenants},
    webhooks::Sender,
};

/// Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct Deps {
    /// Everything durable.
    pub store: Arc<dyn Store>,
    /// Every floor in use.
    pub floors: Arc<Floors>,
    /// Who calls which number.
    pub arrivals: Arc<Arrivals>,
    /// The live feeds of the floors.
    pub relays: Arc<Relays>,
    /// The pages that are phones.
    pub phones: Arc<Phones>,
    /// Sessions that end while their pages are open.
    pub endings: Arc<Endings>,
    /// How often who asked for what.
    pub limits: Arc<Limits>,
    /// What sends webhooks to those who are told of events.
    pub webhooks: Arc<Sender>,
    /// Changes to people are made one after the other: what each may do depends on those before it.
    pub people: Arc<Mutex<()>>,
    /// Whether there is a workspace. Until there is, every page leads to where the first is made.
    pub founded: Arc<AtomicBool>,
    /// How many proxies of our own stand before this server.
    pub trusted_proxies: usize,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Workspaces that are connected with Twilio.
    pub tenants: Arc<Tenants>,
    /// Connects them, and keeps them right.
    pub setup: Setup,
    /// Where Twilio and browsers reach this server, without a slash at the end.
    pub public_url: Arc<str>,
    /// Other sites whose pages may ask the API.
    pub origins: Arc<[HeaderValue]>,
    /// The description of the API for programs.
    pub api: Arc<serde_json::Value>,
    /// Whom one click signs in, in demo mode.
    pub demo: Option<Arc<Vec<DemoAccount>>>,
    /// The pages' build.
    pub leptos: LeptosOptions,
}

impl Deps {
    /// The floor of a workspace.
    pub fn floor(&self, workspace: &WorkspaceId) -> FloorHandle {
        self.floors.of(workspace)
    }

    /// Whether browsers reach us through TLS: then cookies must not travel otherwise.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// `leptos_axum` asks for its options this way.
impl FromRef<Deps> for LeptosOptions {
    fn from_ref(deps: &Deps) -> Self {
        deps.leptos.clone()
    }
}

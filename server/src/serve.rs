//! Putting it together: from a store and tenants to a running server.

mod connections;

use std::{path::Path, sync::Arc, time::Duration};

use leptos::config::LeptosOptions;
use switchyard::service::Floors;
use tokio::{net::TcpListener, sync::Notify};

use crate::{
    api,
    bounds::Bounds,
    config::Origins,
    effects,
    live::Relays,
    numbers,
    phone::Phones,
    reconcile, retention,
    router::router,
    state::Deps,
    twilio::{check, setup::Setup},
    webhooks,
};

/// What a server is made of.
pub struct Parts {
    /// The store, the clock, and how workspaces are connected with Twilio.
    pub setup: Setup,
    /// Whom one click signs in, in demo mode.
    pub demo: Option<Vec<app::DemoAccount>>,
    /// How many proxies of our own stand before this server: what they say of the address of whoever asks is believed.
    pub trusted_proxies: usize,
    /// How often everything is compared with Twilio.
    pub sweep: Duration,
    /// How many days the operational log is kept.
    pub keep_days: u32,
    /// Other sites whose pages may ask the API.
    pub origins: Origins,
    /// What sends webhooks.
    pub webhooks: webhooks::Sender,
}

/// Makes what handlers need and starts the work behind them.
pub fn start(parts: Parts, site_root: &Path) -> Deps {
    let work = Arc::new(Notify::new());
    let setup = parts.setup;
    let floors = Arc::new(Floors::new(setup.store.clone(), Arc::clone(&setup.clock), Arc::clone(&work)));
    let leptos = LeptosOptions::builder()
        .output_name("switchyard")
        .site_root(site_root.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .build();
    let deps = Deps {
        store: setup.store.clone(),
        floors,
        arrivals: Arc::new(numbers::Arrivals::new(setup.store.clone())),
        relays: Arc::new(Relays::default()),
        phones: Arc::new(Phones::default()),
        endings: Arc::default(),
        limits: Arc::default(),
        webhooks: Arc::new(parts.webhooks),
        origins: parts.origins.0.into(),
        api: api::description(),
        people: Arc::default(),
        founded: Arc::default(),
        trusted_proxies: parts.trusted_proxies,
        clock: setup.clock.clone(),
        tenants: setup.tenants.clone(),
        public_url: setup.public_url.clone(),
        setup,
        demo: parts.demo.map(Arc::new),
        leptos,
    };
    tokio::spawn(effects::run(deps.clone(), work));
    tokio::spawn(webhooks::run(deps.clone()));
    tokio::spawn(check::run(deps.setup.clone(), check::EVERY));
    tokio::spawn(reconcile::run(deps.clone(), parts.sweep));
    tokio::spawn(retention::run(deps.clone(), parts.keep_days));
    deps
}

/// Serves until `stop` is done, and then until what is under way has ended.
pub async fn serve(deps: Deps, listener: TcpListener, stop: impl Future<Output = ()>) {
    serve_within(Bounds::default(), deps, listener, stop).await;
}

/// The same within other bounds than the usual ones.
pub async fn serve_within(bounds: Bounds, deps: Deps, listener: TcpListener, stop: impl Future<Output = ()>) {
    connections::serve(listener, &router(deps, bounds), bounds, stop).await;
}

//! Carrier plays Twilio over Twilio's own interfaces: REST, TwiML, conferences and signed webhooks, as strict as Twilio.
//!
//! It is a process of its own, for tests and demonstrations without a telephone network. Phones, clients and people who
//! call in are scripted through a control interface under `/carrier/`.

mod config;
mod control;
mod engine;
mod faults;
mod network;
pub mod openapi;
mod quirks;
mod rest;
mod sid;
pub mod signature;
mod time;
mod twiml;
mod webhook;

use tokio::net::TcpListener;

pub use config::{Config, ConfigError};
pub use engine::Status;
pub use quirks::Quirks;

use crate::{
    engine::{Engine, Pace},
    network::Network,
    webhook::Post,
};

/// Why a carrier stopped or could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The set-up cannot be.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The listener broke.
    #[error("the listener failed")]
    Listener(#[from] std::io::Error),
}

/// Serves a carrier on a listener, for as long as it is awaited. `config.port` is not looked at.
pub async fn serve(config: Config, listener: TcpListener) -> Result<(), ServeError> {
    let pace = Pace { speed: config.speed, cps: config.cps };
    let mut engine = Engine::new(time::now(), config.quirks.clone(), pace, config.seed);
    config.furnish(&mut engine)?;
    let post = Post::new(&config.quirks).map_err(ConfigError::from)?;
    let network = Network::new(engine, post, !config.lenient);
    let router = control::router().merge(rest::router(&network)).fallback(rest::not_found).with_state(network.clone());
    tokio::select! {
        done = async { axum::serve(listener, router).await } => Ok(done?),
        () = network.run() => Ok(()),
    }
}

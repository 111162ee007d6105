//! Carrier plays Twilio over Twilio's own interfaces: REST, TwiML, conferences and signed webhooks, as strict as Twilio.
//!
//! It is a process of its own, for tests and demonstrations without a telephone network. Phones, clients and people who
//! call in are scripted through a control interface under `/carrier/`.

mod config;
mod control;
mod engine;
mod faults;
mod media;
pub mod mixer;
mod network;
pub mod openapi;
mod phone;
mod quirks;
mod rest;
mod sid;
mod signal;
pub mod signature;
mod time;
mod twiml;
mod webhook;

use std::sync::Arc;

use tokio::net::TcpListener;

pub use config::{Config, ConfigError};
pub use engine::Status;
pub use quirks::Quirks;

use crate::{
    engine::{Engine, Pace},
    media::Media,
    network::Network,
    webhook::Post,
};

/// Why a carrier stopped or could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The set-up cannot be.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// There can be no audio.
    #[error("audio cannot be carried: {0}")]
    Media(String),
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
    let media = Media::new().await.map_err(|error| ServeError::Media(error.to_string()))?;
    let network = Network::new(engine, post, media, !config.lenient);
    let router = control::router()
        .merge(signal::router())
        .merge(phone::router())
        .merge(rest::router(&network))
        .fallback(rest::not_found);
    let router = router.with_state(network.clone());
    tokio::select! {
        done = async { axum::serve(listener, router).await } => Ok(done?),
        () = Arc::clone(&network).run() => Ok(()),
        () = Arc::clone(&network.media).run(network.clone()) => Ok(()),
        () = signal::Board::run(network.clone()) => Ok(()),
        () = phone::Phones::run(network) => Ok(()),
    }
}

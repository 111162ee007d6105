//! `carrier`: a stand-in for Twilio, on 127.0.0.1.

use anyhow::Context;
use clap::Parser;
use tokio::net::TcpListener;

/// A stand-in for Twilio's voice: REST, TwiML, conferences and signed webhooks.
#[derive(Debug, Parser)]
#[command(version)]
struct Flags {
    #[command(flatten)]
    config: carrier::Config,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .init();
    let Flags { config } = Flags::parse();
    let listener = TcpListener::bind(("127.0.0.1", config.port)).await.context("the port cannot be listened on")?;
    tracing::info!("carrier listens on http://{}", listener.local_addr()?);
    tokio::select! {
        done = carrier::serve(config, listener) => done.context("the carrier stopped"),
        _ = tokio::signal::ctrl_c() => Ok(()),
    }
}

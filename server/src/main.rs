//! Switchyard's one binary: config → dependencies → serve → drain.

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context;
use clap::Parser;
use server::{
    clock::WallClock,
    commands,
    config::{Cli, Config, DemoOptions, SecretsDeed, Task},
    demo,
    serve::{Parts, serve, start},
    store,
    twilio::{setup::Setup, sites::Sites},
};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

fn main() -> anyhow::Result<ExitCode> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let task = Cli::parse().command;
    // At least four threads: rendering streams pages, and with one or two a page that waits for another can wait for ever.
    let threads = std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4));
    tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?.block_on(run(task))
}

async fn run(task: Task) -> anyhow::Result<ExitCode> {
    match task {
        Task::Demo { config, demo } => serve_demo(config, demo).await.map(|()| ExitCode::SUCCESS),
        Task::Twilio { deed, workspace, json, config } => {
            let (text, code) = match setup(&config).await {
                Ok(setup) => commands::twilio(&setup, deed, &workspace.into(), json).await,
                Err(error) => (format!("{error:#}"), commands::UNKNOWN),
            };
            println!("{text}");
            Ok(code.into())
        }
        Task::Secrets { deed: SecretsDeed::Rotate, config } => {
            println!("{}", commands::rotate_secrets(&setup(&config).await?).await?);
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// How workspaces of this installation are connected with Twilio.
async fn setup(config: &Config) -> anyhow::Result<Setup> {
    let store = store::open(&config.database()).await.context("the database cannot be opened")?;
    let sites = Sites::at(config.twilio_url.as_deref());
    Ok(Setup::new(store, Arc::new(WallClock), config.vault()?, sites, &config.public_url()))
}

async fn serve_demo(mut config: Config, options: DemoOptions) -> anyhow::Result<()> {
    let public_url = config.public_url();
    let database = config.database();
    if let Some(file) = database.strip_prefix("sqlite://") {
        let folder = PathBuf::from(file).parent().map(PathBuf::from).unwrap_or_default();
        std::fs::create_dir_all(&folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    }
    config.twilio_url = Some(options.carrier_url.clone());
    let setup = setup(&config).await?;
    // Listen first: a port that is taken should be said before anything is set up.
    let listener = TcpListener::bind((config.host, config.port))
        .await
        .with_context(|| format!("cannot listen on {}:{}; set PORT to another port", config.host, config.port))?;
    let carrier = demo::Carrier::reach(&options.carrier_url).await?;
    let accounts = demo::seed(&setup, &carrier, options.auth_token.clone()).await?;
    let deps = start(
        Parts {
            setup,
            demo: Some(accounts),
            sweep: Duration::from_secs(config.sweep_secs.into()),
            keep_days: config.keep_days,
        },
        &config.site_root,
    );
    demo::open_floor(&deps, &options).await?;
    if options.callers {
        tokio::spawn(demo::call_now_and_then(deps.clone(), carrier));
    }
    println!("Switchyard is ready at {public_url}");
    serve(deps, listener, stop()).await?;
    Ok(())
}

/// Done when the process is asked to stop.
async fn stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminated) = signal(SignalKind::terminate()) else { return };
        tokio::select! {
            _ = interrupted => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupted.await;
}

//! Switchyard's one binary: config → dependencies → serve → drain.

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context;
use clap::Parser;
use server::{
    clock::WallClock,
    commands,
    config::{Cli, Config, DemoOptions, SecretsDeed, Task},
    demo, people, phone,
    serve::{Parts, serve, start},
    state::Deps,
    store,
    twilio::{setup::Setup, sites::Sites},
    welcome,
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
        Task::Serve { config } => open(config, None).await.map(|()| ExitCode::SUCCESS),
        Task::Demo { config, demo } => open(config, Some(demo)).await.map(|()| ExitCode::SUCCESS),
        Task::Twilio { deed, workspace, json, config } => {
            let (text, code) = match setup(&config).await {
                Ok(setup) => commands::twilio(&setup, deed, &workspace.into(), json).await,
                Err(error) => (format!("{error:#}"), commands::UNKNOWN),
            };
            println!("{text}");
            Ok(code.into())
        }
        Task::Gdpr { deed, workspace, whom, yes, config } => {
            let (text, code) = match setup(&config).await {
                Ok(setup) => commands::gdpr(&setup, deed, &workspace.into(), &whom, yes).await,
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

async fn open(mut config: Config, demo: Option<DemoOptions>) -> anyhow::Result<()> {
    let database = config.database();
    if let Some(file) = database.strip_prefix("sqlite://") {
        let folder = PathBuf::from(file).parent().map(PathBuf::from).unwrap_or_default();
        std::fs::create_dir_all(&folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    }
    if let Some(options) = &demo {
        config.twilio_url = Some(options.carrier_url.clone());
    }
    let setup = setup(&config).await?;
    // Listen first: a port that is taken should be said before anything is set up.
    let listener = TcpListener::bind((config.host, config.port))
        .await
        .with_context(|| format!("cannot listen on {}:{}; set PORT to another port", config.host, config.port))?;
    let parts = Parts {
        setup,
        demo: None,
        trusted_proxies: config.trusted_proxies,
        sweep: Duration::from_secs(config.sweep_secs.into()),
        keep_days: config.keep_days,
    };
    let deps = match demo {
        Some(options) => start_demo(parts, &config, &options).await?,
        None => start_alone(parts, &config),
    };
    tokio::spawn(phone::forget_pages(deps.clone()));
    match welcome::invitation(&deps).await? {
        Some(first) => println!("Switchyard is ready. Make the first workspace at\n\n  {first}\n"),
        None => println!("Switchyard is ready at {}", deps.public_url),
    }
    serve(deps, listener, stop()).await?;
    Ok(())
}

/// The workspaces that are there, or the first that is to be.
fn start_alone(parts: Parts, config: &Config) -> Deps {
    let deps = start(parts, &config.site_root);
    tokio::spawn(people::seat_everyone(deps.clone()));
    deps
}

/// The same with the demo's workspace, and with callers.
async fn start_demo(parts: Parts, config: &Config, options: &DemoOptions) -> anyhow::Result<Deps> {
    let carrier = demo::Carrier::reach(&options.carrier_url).await?;
    let accounts = demo::seed(&parts.setup, &carrier, options.auth_token.clone()).await?;
    let parts = Parts { demo: Some(accounts), ..parts };
    let deps = start(parts, &config.site_root);
    demo::open_floor(&deps, options).await?;
    if options.callers {
        tokio::spawn(demo::call_now_and_then(deps.clone(), carrier));
    }
    Ok(deps)
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

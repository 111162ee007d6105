//! Switchyard's one binary: config → dependencies → serve → drain.

use std::{
    io::{ErrorKind, Write},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use server::{
    clock::WallClock,
    commands::{self, RIGHT, UNKNOWN, WRONG},
    config::{self, Cli, Config, DemoOptions, Given, Refused, SecretsDeed, Task},
    demo, people, phone,
    serve::{Parts, serve, start},
    state::Deps,
    store,
    twilio::{setup::Setup, sites::Sites},
    vault::{Vault, VaultError},
    webhooks::Sender,
    welcome,
};
use switchyard::ports::Store;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<_> = std::env::args_os().collect();
    let folder = std::env::current_dir().unwrap_or_default();
    let (cli, given) = match config::read(&arguments, &|name| std::env::var_os(name), &folder) {
        Ok(read) => read,
        Err(Refused::Usage(error)) => error.exit(),
        Err(Refused::Faults { faults, checking }) => {
            eprintln!("switchyard: the settings cannot be used:\n");
            for fault in faults {
                eprintln!("  {fault}");
            }
            return Ok(if checking { WRONG } else { UNKNOWN }.into());
        }
    };
    // Commands say what they did; a server says what it does.
    let quiet = if matches!(cli.task, Task::Serve | Task::Demo { .. }) { "info" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(quiet));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    // At least four threads: rendering streams pages, and with one or two a page that waits for another can wait for ever.
    let threads = std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    let code = runtime.block_on(run(cli, &given)).unwrap_or_else(|error| {
        eprintln!("switchyard: {error:#}");
        UNKNOWN
    });
    // What is left waits for nothing: standard input, for instance, would be waited for.
    runtime.shutdown_background();
    Ok(code.into())
}

async fn run(Cli { config, task, .. }: Cli, given: &[Given]) -> anyhow::Result<u8> {
    match task {
        Task::Serve => open(config, None).await.map(|()| RIGHT),
        Task::Demo { demo } => open(config, Some(demo)).await.map(|()| RIGHT),
        task => tokio::select! {
            // Whatever is half done is undone.
            () = stop() => bail!("it was stopped before it was done"),
            done = command(&config, task, given) => {
                let (text, code) = done?;
                let end = if text.is_empty() { "" } else { "\n" };
                // Whoever reads only the beginning, as `head` does, has what they want.
                match write!(std::io::stdout(), "{text}{end}") {
                    Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
                    _ => Ok(code),
                }
            }
        },
    }
}

/// What is to be printed, and the exit code.
async fn command(config: &Config, task: Task, given: &[Given]) -> anyhow::Result<(String, u8)> {
    let database = &config.database_url;
    match task {
        Task::Serve | Task::Demo { .. } => Ok((String::new(), RIGHT)),
        Task::Config { .. } => Ok((config::told(config, given), RIGHT)),
        Task::Migrate { check } => commands::migrate(database, check).await,
        Task::Restore { file, replace } => commands::restore(database, &file, replace, &WallClock).await,
        Task::Backup { file } => {
            up_to_date(database).await?;
            Ok((commands::backup(database, &file, &WallClock).await?, RIGHT))
        }
        Task::Workspace { deed, json } => {
            let said = commands::workspace(&setup_of(config).await?, deed).await?;
            Ok((said.print(json), said.code))
        }
        Task::User { deed, workspace, json } => {
            let said = commands::user(&setup_of(config).await?, deed, workspace.as_deref()).await?;
            Ok((said.print(json), said.code))
        }
        Task::Twilio { deed, workspace, json } => {
            Ok(commands::twilio(&setup_of(config).await?, deed, &workspace.into(), json).await)
        }
        Task::Gdpr { deed } => match commands::gdpr(&setup_of(config).await?, deed).await {
            // What is printed may be kept as a file: an error is no file.
            (why, UNKNOWN) => bail!(why),
            done => Ok(done),
        },
        Task::Secrets { deed: SecretsDeed::Rotate } => {
            Ok((commands::rotate_secrets(&setup_of(config).await?).await?, RIGHT))
        }
    }
}

/// A command is not what makes a database, nor what changes its tables under a server that is running.
async fn up_to_date(database: &str) -> anyhow::Result<()> {
    if !store::missing(database).await.context("the database cannot be opened")?.is_empty() {
        bail!("the database is not there or not up to date: `switchyard migrate` makes it so");
    }
    Ok(())
}

/// How workspaces of an installation that is there are connected with Twilio.
async fn setup_of(config: &Config) -> anyhow::Result<Setup> {
    up_to_date(&config.database_url).await?;
    setup(config).await
}

/// How workspaces of this installation are connected with Twilio.
async fn setup(config: &Config) -> anyhow::Result<Setup> {
    let store = store::open(&config.database_url).await.context("the database cannot be opened")?;
    let sites = Sites::at(config.twilio_url.as_deref());
    let vault = vault(config, &*store).await?;
    Ok(Setup::new(store, Arc::new(WallClock), vault, sites, &config.public_url()))
}

/// What seals secrets. The file with its key is made where nothing was sealed yet, and never in the place of one that is lost.
async fn vault(config: &Config, store: &dyn Store) -> anyhow::Result<Vault> {
    let file = match config.vault() {
        Err(VaultError::NoFile(file)) => file,
        vault => return Ok(vault?),
    };
    if !store.connections().await?.is_empty() || !store.every_endpoint().await?.is_empty() {
        bail!(
            "the key file {file} is not there, and secrets in the database were sealed with what is in it. Put it back, say \
             where it is with SECRET_KEY_FILE, or give the key as SECRET_KEY. If it is lost, `(umask 077; openssl rand \
             -base64 32 > {file})` makes another one, and every workspace enters its credentials again",
            file = file.display()
        );
    }
    Ok(Vault::made_at(&file)?)
}

async fn open(mut config: Config, demo: Option<DemoOptions>) -> anyhow::Result<()> {
    commands::make_folder(&config.database_url)?;
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
        origins: config.cors_origins.clone().unwrap_or_default(),
        // The demo is tried with programs on the same machine.
        webhooks: Sender::new(config.allow_private_webhooks || (demo.is_some() && config.is_local()))?,
    };
    let deps = match demo {
        Some(options) => start_demo(parts, &config, &options).await?,
        None => start(parts, &config.site_root),
    };
    tokio::spawn(people::follow(deps.clone(), people::FOLLOW_EVERY));
    tokio::spawn(phone::forget_pages(deps.clone()));
    match welcome::invitation(&deps).await? {
        Some(first) => println!("Switchyard is ready. Make the first workspace at\n\n  {first}\n"),
        None => println!("Switchyard is ready at {}", deps.public_url),
    }
    serve(deps, listener, stop()).await;
    Ok(())
}

/// The demo's workspace, and callers.
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

//! The demo: a beauty salon with its people and numbers on `carrier`, and callers who ring now and then.

mod callers;
mod carrier;
mod salon;

use anyhow::Context;
use app::DemoAccount;
use switchyard::{
    agent::Presence,
    contacts::Contact,
    floor::{Command, Intent, Settings},
    id::WorkspaceId,
    people::{Account, Fallback, Language},
    ports::Workspace,
    time::Timestamp,
};

use self::salon::{ACCOUNT, API_KEY, CONTACTS, COUNTRIES, NAME, PASSWORD, numbers};
pub use self::{callers::call_now_and_then, carrier::Carrier, salon::WORKSPACE};
use crate::{
    auth::hash_password,
    config::DemoOptions,
    people::{self, new_id},
    state::Deps,
    twilio::setup::{KeyWish, Setup, SetupError, Wish},
    urls::client_identity,
    vault::{Field, Secret},
};

/// How often the carrier is asked again that could not be reached.
const TRIES: u32 = 5;

/// Makes the salon, in the store and at the carrier; what is there already stays. Gives whom one click signs in.
pub async fn seed(setup: &Setup, carrier: &Carrier, auth_token: Option<String>) -> anyhow::Result<Vec<DemoAccount>> {
    let (store, workspace) = (&setup.store, WorkspaceId::from(WORKSPACE));
    let before = store.workspaces().await?.into_iter().find(|known| known.id == workspace);
    let salon = Workspace {
        id: workspace.clone(),
        name: NAME.into(),
        country: "RO".into(),
        language: Language::Ro,
        account: Some(ACCOUNT.into()),
        zone: before.and_then(|before| before.zone),
    };
    store.put_workspace(&salon).await?;
    // Hashing takes a while, by design: only a new salon needs it.
    if store.accounts(&workspace).await?.is_empty() {
        let password = hash_password(PASSWORD).await?;
        for (profile, email) in salon::people() {
            let account = Account {
                workspace: workspace.clone(),
                profile,
                email,
                language: None,
                fallback: Fallback::Nowhere,
                caller_id: None,
                joined: Some(Timestamp(0)),
                deactivated: None,
            };
            store.put_account(&account).await.context("a demo account cannot be stored")?;
            store.put_password(&account.email, &password).await?;
        }
        for (number, name) in CONTACTS {
            let (id, number, name) = (new_id().into(), number.to_owned(), name.to_owned());
            let contact = Contact { workspace: workspace.clone(), id, number, name, note: String::new() };
            store.add_contact(&contact).await?;
        }
    }
    let known = store.numbers(&workspace).await?;
    for number in numbers().iter().filter(|number| known.iter().all(|known| known.number != number.number)) {
        store.put_number(&workspace, number).await?;
    }
    for (profile, _) in salon::people() {
        carrier.script_client(&client_identity(&workspace, &profile.id)).await?;
    }
    connect(setup, carrier, &workspace, auth_token).await?;
    let accounts = salon::people().map(|(profile, _)| DemoAccount {
        agent: profile.id,
        name: profile.name,
        role: profile.role,
        extension: profile.extension,
    });
    Ok(accounts.collect())
}

/// Gives the salon an account at the carrier, and connects it as anybody connects theirs.
async fn connect(
    setup: &Setup,
    carrier: &Carrier,
    workspace: &WorkspaceId,
    auth_token: Option<String>,
) -> anyhow::Result<()> {
    let (token, secret) = secrets(setup, workspace, auth_token).await?;
    carrier.open_account(ACCOUNT, token.expose(), (API_KEY, secret.expose())).await?;
    for number in numbers() {
        carrier.give_number(ACCOUNT, &number).await?;
    }
    let chosen: Vec<String> = numbers().into_iter().map(|number| number.number).collect();
    let mut tries = 0;
    loop {
        let key = KeyWish::Own { sid: API_KEY.into(), secret: secret.clone() };
        let wish = Wish { account: ACCOUNT.into(), token: token.clone(), key, countries: COUNTRIES.into() };
        let connected = match setup.connect(workspace, wish).await {
            Ok(_) => setup.choose(workspace, &chosen).await,
            Err(refused) => Err(refused),
        };
        match connected {
            Err(SetupError::Unreachable) if tries < TRIES => tries += 1,
            // A carrier that has a bad day knows the salon from the day before.
            Err(SetupError::Unreachable) if setup.tenants.of(workspace).await.is_some() => return Ok(()),
            connected => return connected.context("the salon cannot be connected with the carrier"),
        }
    }
}

/// The account exists only on this machine's carrier: its secrets are as new as the salon.
async fn secrets(
    setup: &Setup,
    workspace: &WorkspaceId,
    auth_token: Option<String>,
) -> anyhow::Result<(Secret, Secret)> {
    let new = || Secret::new(new_auth_token());
    let Some(known) = setup.store.connection(workspace).await? else {
        return Ok((auth_token.map_or_else(new, Secret::new), new()));
    };
    let vault = &setup.tenants.vault;
    // Those that were sealed with a key that is gone are given up: it is only the demo.
    let token = vault.open(workspace, Field::AuthToken, &known.auth_token).ok();
    let key = setup.tenants.key(&known).ok().flatten();
    let token = auth_token.map(Secret::new).or(token);
    Ok((token.unwrap_or_else(new), key.map_or_else(new, |key| key.secret)))
}

/// Sets the floor up, once: settings as the options say, people as they are seated.
pub async fn open_floor(deps: &Deps, options: &DemoOptions) -> anyhow::Result<()> {
    let floor = deps.floor(&WORKSPACE.into());
    let settings = Settings {
        ring_secs: options.ring_secs,
        wrap_up_secs: options.wrap_up_secs,
        park_secs: options.park_secs,
        ..Settings::default()
    };
    let known = floor.snapshot().await?;
    if known.version == 0 {
        floor.send(Command::Configure(settings)).await?;
    }
    people::seat_everyone(deps.clone()).await;
    let floor_now = floor.snapshot().await?;
    for agent in floor_now.agents.keys().filter(|agent| !known.agents.contains_key(agent)) {
        let presence = salon::first_presence(agent);
        let intent = Intent::SetPresence { agent: agent.clone(), presence };
        if presence != Presence::Offline {
            floor.send(Command::Ask { by: agent.clone(), intent }).await?;
        }
    }
    Ok(())
}

fn new_auth_token() -> String {
    use rand::RngExt;
    format!("{:032x}", rand::rng().random::<u128>())
}

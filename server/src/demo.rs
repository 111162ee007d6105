//! The demo: a beauty salon with its people and numbers on `carrier`, and callers who ring now and then.

mod callers;
mod carrier;
mod salon;

use std::sync::Arc;

use anyhow::Context;
use app::DemoAccount;
use switchyard::{
    agent::Presence,
    dialing::DialPlan,
    floor::{Command, Intent, Settings},
    id::WorkspaceId,
    people::{Account, Fallback, Language},
    ports::{Store, Workspace},
    time::Timestamp,
};

use self::salon::{ACCOUNT, API_KEY, APPLICATION, CONTACTS, NAME, PASSWORD, numbers};
pub use self::{callers::call_now_and_then, carrier::Carrier, salon::WORKSPACE};
use crate::{
    auth::hash_password,
    config::DemoOptions,
    people,
    state::Deps,
    twilio::{
        access_token::ApiKey,
        client::{Client, Credentials},
        signature::SigningKey,
        tenant::{Tenant, Voice},
    },
    urls::{Urls, client_identity},
};

/// What seeding made.
pub struct Seeded {
    /// The salon's side of Twilio.
    pub tenant: Tenant,
    /// Whom one click signs in.
    pub accounts: Vec<DemoAccount>,
}

/// Makes the salon, in the store and at the carrier; what is there already stays.
pub async fn seed(
    store: &Arc<dyn Store>,
    carrier: &Carrier,
    public_url: &str,
    auth_token: Option<String>,
) -> anyhow::Result<Seeded> {
    let workspace: WorkspaceId = WORKSPACE.into();
    let salon = Workspace {
        id: workspace.clone(),
        name: NAME.into(),
        country: "RO".into(),
        language: Language::Ro,
        account: Some(ACCOUNT.into()),
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
                joined: Some(Timestamp(0)),
                deactivated: None,
            };
            store.put_account(&account).await.context("a demo account cannot be stored")?;
            store.put_password(&account.email, &password).await?;
        }
    }
    for number in numbers() {
        store.put_number(&workspace, &number).await?;
    }
    for (number, name) in CONTACTS {
        store.put_contact(&workspace, number, name).await?;
    }
    let urls = Urls::new(public_url, &workspace);
    // The account exists only on this machine's carrier: its token is as new as this process.
    let token = auth_token.unwrap_or_else(new_auth_token);
    let secret = new_auth_token();
    carrier.open_account(ACCOUNT, &token, (API_KEY, &secret)).await?;
    carrier.open_application(ACCOUNT, APPLICATION, &urls).await?;
    for number in numbers() {
        carrier.connect_number(ACCOUNT, &number.number, &urls).await?;
    }
    for (profile, _) in salon::people() {
        carrier.script_client(&client_identity(&workspace, &profile.id)).await?;
    }
    let credentials = Credentials { account: ACCOUNT.into(), user: ACCOUNT.into(), secret: token.clone() };
    let tenant = Tenant {
        workspace,
        account: ACCOUNT.into(),
        key: SigningKey::new(token),
        client: Client::new(carrier.url(), credentials)?,
        urls,
        numbers: numbers(),
        dial_plan: Arc::new(DialPlan::new("RO", ["RO", "MD", "US"]).map_err(anyhow::Error::msg)?),
        voice: Voice {
            key: ApiKey { sid: API_KEY.into(), secret: secret.clone() },
            application: APPLICATION.into(),
            edge: Some(carrier.edge()?),
        },
    };
    let accounts = salon::people().map(|(profile, _)| DemoAccount {
        agent: profile.id,
        name: profile.name,
        role: profile.role,
        extension: profile.extension,
    });
    Ok(Seeded { tenant, accounts: accounts.collect() })
}

/// Sets the floor up: settings at every start, people once.
pub async fn open_floor(deps: &Deps, options: &DemoOptions) -> anyhow::Result<()> {
    let floor = deps.floor(&WORKSPACE.into());
    let settings = Settings {
        ring_secs: options.ring_secs,
        wrap_up_secs: options.wrap_up_secs,
        park_secs: options.park_secs,
        ..Settings::default()
    };
    floor.send(Command::Configure(settings)).await?;
    let known = floor.snapshot().await?;
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

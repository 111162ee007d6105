//! `switchyard gdpr …`: what is kept of one person is printed or erased, and how long things are kept is chosen. Beside a
//! server that runs, too: its floors see in the log what was forgotten.

use std::sync::Arc;

use switchyard::{
    audit::{Actor, Deed},
    contacts,
    dialing::DialPlan,
    id::WorkspaceId,
    people::Account,
    ports::{StoreError, Undeleted},
    service::Floors,
};
use tokio::sync::Notify;

use super::{RIGHT, UNKNOWN, WRONG, retention};
use crate::{
    audit::About,
    config::{GdprDeed, Whom},
    privacy::{self, Desk, PrivacyError},
    twilio::setup::Setup,
};

/// Does something about personal data. Gives what is to be printed, and the exit code: 0 it is done, 1 something is left at
/// Twilio and tried again by the server every hour, 2 nothing was done.
pub async fn gdpr(setup: &Setup, deed: GdprDeed) -> (String, u8) {
    let floors = Floors::new(setup.store.clone(), Arc::clone(&setup.clock), Arc::new(Notify::new()));
    let desk = Desk { setup, floors: &floors, people: None };
    let (workspace, done) = match deed {
        GdprDeed::Retention { workspace, keep, json } => {
            return retention(setup, &workspace.into(), &keep, json).await;
        }
        GdprDeed::Export { workspace, whom } => {
            let workspace = WorkspaceId::from(workspace);
            let done = export(desk, &workspace, &whom).await;
            (workspace, done)
        }
        GdprDeed::Erase { workspace, whom, yes } => {
            let workspace = WorkspaceId::from(workspace);
            let done = erase(desk, &workspace, &whom, yes).await;
            (workspace, done)
        }
    };
    done.unwrap_or_else(|why| (format!("{workspace}: {why}"), UNKNOWN))
}

async fn export(desk: Desk<'_>, workspace: &WorkspaceId, whom: &Whom) -> Result<(String, u8), String> {
    let unread = |error: StoreError| error.to_string();
    let (data, about) = if let Some(email) = &whom.email {
        let account = account(desk, workspace, email).await?;
        (privacy::of_person(desk, &account).await.map_err(unread)?, About::from(&account))
    } else {
        let number = number(desk, workspace, whom).await?;
        (privacy::of_number(desk, workspace, &number).await.map_err(unread)?, About::from(&number))
    };
    desk.setup.note(workspace, Actor::Command, Deed::DataExported, about, Vec::new()).await;
    Ok((format!("{data:#}"), RIGHT))
}

async fn erase(desk: Desk<'_>, workspace: &WorkspaceId, whom: &Whom, yes: bool) -> Result<(String, u8), String> {
    if !yes {
        return Err("erasing cannot be undone: say --yes".to_owned());
    }
    let refused = |error: PrivacyError| error.to_string();
    let deed = if let Some(email) = &whom.email {
        privacy::erase(desk, &account(desk, workspace, email).await?).await.map_err(refused)?;
        Deed::PersonErased
    } else {
        let number = number(desk, workspace, whom).await?;
        privacy::erase_number(desk, workspace, &number).await.map_err(refused)?;
        Deed::ContactErased
    };
    desk.setup.note(workspace, Actor::Command, deed, "", Vec::new()).await;
    finished(desk, workspace).await
}

/// Deletes at Twilio what was erased here, and tells whether that was all.
async fn finished(desk: Desk<'_>, workspace: &WorkspaceId) -> Result<(String, u8), String> {
    privacy::finish(desk, Some(workspace)).await;
    Ok(match desk.setup.store.undeleted_of(workspace).await.map_err(|error| error.to_string())? {
        Undeleted { here: 0, elsewhere: 0 } => (format!("{workspace}: erased"), RIGHT),
        Undeleted { here, elsewhere: 0 } => {
            (format!("{workspace}: erased here; {here} calls or messages are still to be deleted at Twilio"), WRONG)
        }
        Undeleted { here, elsewhere } => {
            let accounts = "in accounts that are no longer connected";
            (
                format!(
                    "{workspace}: erased here; calls or messages still to be deleted at Twilio: {here}, and {elsewhere} {accounts}"
                ),
                WRONG,
            )
        }
    })
}

async fn account(desk: Desk<'_>, workspace: &WorkspaceId, email: &str) -> Result<Account, String> {
    let accounts = desk.setup.store.accounts_of(email).await.map_err(|error| error.to_string())?;
    let found = accounts.into_iter().find(|account| account.workspace == *workspace);
    found.ok_or_else(|| "nobody there has this address".to_owned())
}

async fn number(desk: Desk<'_>, workspace: &WorkspaceId, whom: &Whom) -> Result<String, String> {
    let workspaces = desk.setup.store.workspaces().await.map_err(|error| error.to_string())?;
    let home = workspaces.iter().find(|one| one.id == *workspace).ok_or("there is no such workspace")?;
    let country = home.country.as_str();
    let plan = DialPlan::new(country, [country]).map_err(|code| format!("{code} is no country"))?;
    contacts::number(whom.number.as_deref().unwrap_or_default(), &plan)
        .map_err(|_| "this is not a phone number".to_owned())
}

//! `switchyard gdpr …`: what is kept of one person is printed, or erased. Beside a server that runs, too: its floors see
//! in the log what was forgotten.

use std::sync::Arc;

use switchyard::{
    audit::{Actor, Deed},
    contacts,
    dialing::DialPlan,
    id::WorkspaceId,
    people::Account,
    ports::Undeleted,
    service::Floors,
};
use tokio::sync::Notify;

use super::{RIGHT, UNKNOWN, WRONG};
use crate::{
    audit::About,
    config::{GdprDeed, Whom},
    privacy::{self, Desk, PrivacyError},
    twilio::setup::Setup,
};

/// Gives what is to be printed, and the exit code: 0 it is done, 1 something is left at Twilio and tried again by the
/// server every hour, 2 nothing was done.
pub async fn gdpr(setup: &Setup, deed: GdprDeed, workspace: &WorkspaceId, whom: &Whom, yes: bool) -> (String, u8) {
    let floors = Floors::new(setup.store.clone(), Arc::clone(&setup.clock), Arc::new(Notify::new()));
    let desk = Desk { setup, floors: &floors };
    match done(desk, deed, workspace, whom, yes).await {
        Ok(done) => done,
        Err(why) => (format!("{workspace}: {why}"), UNKNOWN),
    }
}

async fn done(
    desk: Desk<'_>,
    deed: GdprDeed,
    workspace: &WorkspaceId,
    whom: &Whom,
    yes: bool,
) -> Result<(String, u8), String> {
    let words = |error: &dyn std::fmt::Display| error.to_string();
    if deed == GdprDeed::Erase && !yes {
        return Err("erasing cannot be undone: say --yes".to_owned());
    }
    let note = async |deed, about: About| {
        desk.setup.note(workspace, Actor::Command, deed, about, Vec::new()).await;
    };
    if let Some(email) = &whom.email {
        let account = account(desk, workspace, email).await?;
        return match deed {
            GdprDeed::Export => {
                let data = privacy::of_person(desk, &account).await.map_err(|error| words(&error))?;
                note(Deed::DataExported, (&account).into()).await;
                Ok((format!("{data:#}"), RIGHT))
            }
            GdprDeed::Erase => {
                privacy::erase(desk, &account).await.map_err(|error| words(&error))?;
                note(Deed::PersonErased, "".into()).await;
                finished(desk, workspace).await
            }
        };
    }
    let number = number(desk, workspace, whom.number.as_deref().unwrap_or_default()).await?;
    match deed {
        GdprDeed::Export => {
            let data = privacy::of_number(desk, workspace, &number).await.map_err(|error| words(&error))?;
            note(Deed::DataExported, (&number).into()).await;
            Ok((format!("{data:#}"), RIGHT))
        }
        GdprDeed::Erase => {
            privacy::erase_number(desk, workspace, &number).await.map_err(|error: PrivacyError| words(&error))?;
            note(Deed::ContactErased, "".into()).await;
            finished(desk, workspace).await
        }
    }
}

/// Deletes at Twilio what was erased here, and tells whether that was all.
async fn finished(desk: Desk<'_>, workspace: &WorkspaceId) -> Result<(String, u8), String> {
    privacy::finish(desk, Some(workspace)).await;
    Ok(match desk.setup.store.undeleted_of(workspace).await.map_err(|error| error.to_string())? {
        Undeleted { here: 0, elsewhere: 0 } => (format!("{workspace}: erased"), RIGHT),
        Undeleted { here, elsewhere: 0 } => {
            (format!("{workspace}: erased here; {here} calls are still to be deleted at Twilio"), WRONG)
        }
        Undeleted { here, elsewhere } => {
            let accounts = "in accounts that are no longer connected";
            (
                format!(
                    "{workspace}: erased here; still to be deleted at Twilio: {here} calls, and {elsewhere} {accounts}"
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

async fn number(desk: Desk<'_>, workspace: &WorkspaceId, typed: &str) -> Result<String, String> {
    let workspaces = desk.setup.store.workspaces().await.map_err(|error| error.to_string())?;
    let home = workspaces.iter().find(|one| one.id == *workspace).ok_or("there is no such workspace")?;
    let country = home.country.as_str();
    let plan = DialPlan::new(country, [country]).map_err(|code| format!("{code} is no country"))?;
    contacts::number(typed, &plan).map_err(|_| "this is not a phone number".to_owned())
}

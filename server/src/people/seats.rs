//! The floor follows the accounts: whoever belongs to the workspace has a seat.

use std::time::Duration;

use switchyard::{
    floor::Command,
    people::{Account, Standing},
    ports::StoreError,
    service::Rejected,
};
use tokio::time::sleep;

use crate::{numbers, state::Deps};

/// How long to wait before a database that is away is asked again.
const AGAIN: Duration = Duration::from_secs(1);

/// Gives somebody their seat, or takes it away.
pub(crate) async fn seat(deps: &Deps, account: &Account) -> Result<(), Rejected> {
    let command = match account.standing() {
        Standing::Active => Command::Seat(account.profile.clone()),
        Standing::Invited | Standing::Deactivated => Command::Unseat(account.profile.id.clone()),
    };
    deps.floor(&account.workspace).send(command).await.map(|_| ())
}

/// At start every floor is put right, once: the last process may have ended between an account and its seat.
pub async fn seat_everyone(deps: Deps) {
    while let Err(error) = seat_all(&deps).await {
        tracing::warn!(%error, "the floors do not know everybody yet");
        sleep(AGAIN).await;
    }
}

async fn seat_all(deps: &Deps) -> Result<(), StoreError> {
    for workspace in deps.store.workspaces().await? {
        for account in deps.store.accounts(&workspace.id).await? {
            seat(deps, &account).await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        }
        numbers::staff(deps, &workspace.id).await?;
    }
    Ok(())
}

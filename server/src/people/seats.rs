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

/// How soon a running server follows what a command changed.
pub const FOLLOW_EVERY: Duration = Duration::from_secs(10);
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

/// Puts every floor right now, and then every so often: the last process may have ended between an account and its seat,
/// and the operator's commands change accounts only, because a floor is written by the process that keeps it.
pub async fn follow(deps: Deps, every: Duration) {
    loop {
        seat_everyone(deps.clone()).await;
        sleep(every).await;
    }
}

/// Puts every floor right, once.
pub async fn seat_everyone(deps: Deps) {
    while let Err(error) = seat_all(&deps).await {
        tracing::warn!(%error, "the floors do not know everybody yet");
        sleep(AGAIN).await;
    }
}

async fn seat_all(deps: &Deps) -> Result<(), StoreError> {
    let unavailable = |error: Rejected| StoreError::Unavailable(error.to_string());
    for workspace in deps.store.workspaces().await? {
        // What a form changes must not be undone by what was read before it.
        let _turn = deps.people.lock().await;
        let floor = deps.floor(&workspace.id).snapshot().await.map_err(unavailable)?;
        for account in deps.store.accounts(&workspace.id).await? {
            let agent = &account.profile.id;
            let seated = floor.agents.get(agent).map(|agent| &agent.profile);
            let belongs = account.standing() == Standing::Active;
            if seated == belongs.then_some(&account.profile) {
                continue;
            }
            if !belongs {
                deps.endings.tell(&workspace.id, agent);
            }
            seat(deps, &account).await.map_err(unavailable)?;
        }
        numbers::staff(deps, &workspace.id).await?;
    }
    Ok(())
}

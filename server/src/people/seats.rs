//! The floor follows the accounts: whoever belongs to the workspace has a seat.

use std::time::Duration;

use switchyard::{
    agent::WhenAway,
    floor::{Command, Floor},
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
    let floor = deps.floor(&account.workspace);
    let agent = account.profile.id.clone();
    if account.standing() != Standing::Active {
        return floor.send(Command::Unseat(agent)).await.map(|_| ());
    }
    floor.send(Command::Seat(account.profile.clone())).await?;
    floor.send(Command::SetWhenAway { agent, when_away: (&account.fallback).into() }).await.map(|_| ())
}

/// Whether the floor has somebody as their account says.
fn is_right(floor: &Floor, account: &Account) -> bool {
    let seated = floor.agents.get(&account.profile.id);
    if account.standing() != Standing::Active {
        return seated.is_none();
    }
    seated.is_some_and(|agent| agent.profile == account.profile && agent.when_away == WhenAway::from(&account.fallback))
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
            if is_right(&floor, &account) {
                continue;
            }
            if account.standing() != Standing::Active {
                deps.endings.tell(&workspace.id, &account.profile.id);
            }
            seat(deps, &account).await.map_err(unavailable)?;
        }
        numbers::staff(deps, &workspace.id).await?;
    }
    Ok(())
}

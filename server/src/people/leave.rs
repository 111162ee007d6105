//! Somebody leaves, and perhaps comes back.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use switchyard::{
    audit::{Deed, differences},
    id::AgentId,
    people::{Account, Change, Fault},
    ports::Session,
};

use super::{By, authorised, path_of, seat, trouble};
use crate::{auth::Colleague, forms::again, state::Deps, twilio::setup::Setup};

/// `POST /people/{agent}/deactivate`: they are signed out at once and leave the floor; callers of theirs do not.
pub async fn deactivate(
    State(deps): State<Deps>,
    Path(agent): Path<String>,
    Colleague(session): Colleague,
    parts: Parts,
) -> Response {
    change(deps, session, agent.into(), parts, Change::Deactivate).await
}

/// `POST /people/{agent}/reactivate`.
pub async fn reactivate(
    State(deps): State<Deps>,
    Path(agent): Path<String>,
    Colleague(session): Colleague,
    parts: Parts,
) -> Response {
    change(deps, session, agent.into(), parts, Change::Reactivate).await
}

async fn change(deps: Deps, session: Session, agent: AgentId, parts: Parts, change: Change) -> Response {
    let done = async {
        let _turn = deps.people.lock().await;
        let changed = carry_out(&deps.setup, By::Colleague(&session), &agent, change).await?;
        let Some(changed) = changed else { return Ok(false) };
        if change == Change::Deactivate {
            deps.endings.tell(&changed.workspace, &agent);
        }
        seat(&deps, &changed).await.map_err(|_| Fault::FloorBehind)?;
        Ok(true)
    };
    match done.await {
        Ok(true) => Redirect::to(&format!("{}?done=saved", path_of(&agent))).into_response(),
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => again(&deps, parts, &path_of(&agent), BTreeMap::new(), vec![fault]).await,
    }
}

/// Deactivates somebody or takes them back. Answers the account, if there is such a person. Done again it does what a
/// failure left undone.
pub(crate) async fn carry_out(
    setup: &Setup,
    by: By<'_>,
    agent: &AgentId,
    change: Change,
) -> Result<Option<Account>, Fault> {
    let Some((account, _)) = authorised(setup, by, agent, change).await? else { return Ok(None) };
    let (store, now) = (&setup.store, setup.clock.now());
    let changed = if change == Change::Deactivate {
        store.deactivate(by.workspace(), agent, now).await.map_err(|error| trouble(&error))?;
        Account { deactivated: Some(now), ..account.clone() }
    } else {
        let changed = Account { deactivated: None, ..account.clone() };
        store.put_account(&changed).await.map_err(|error| trouble(&error))?;
        changed
    };
    let deed = if change == Change::Deactivate { Deed::PersonDeactivated } else { Deed::PersonReactivated };
    let differences = differences(Some(&account), &changed);
    if !differences.is_empty() {
        setup.note(by.workspace(), by.actor(), deed, &changed, differences).await;
    }
    Ok(Some(changed))
}

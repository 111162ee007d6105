//! Somebody leaves, and perhaps comes back.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use switchyard::{
    audit::Deed,
    id::AgentId,
    people::{Account, Change, Fault},
    ports::Session,
};

use super::{authorised, path_of, seat, signed_in, trouble};
use crate::{forms::again, state::Deps};

/// `POST /people/{agent}/deactivate`: they are signed out at once and leave the floor; callers of theirs do not.
pub async fn deactivate(State(deps): State<Deps>, Path(agent): Path<String>, parts: Parts) -> Response {
    change(deps, agent.into(), parts, Change::Deactivate).await
}

/// `POST /people/{agent}/reactivate`.
pub async fn reactivate(State(deps): State<Deps>, Path(agent): Path<String>, parts: Parts) -> Response {
    change(deps, agent.into(), parts, Change::Reactivate).await
}

async fn change(deps: Deps, agent: AgentId, parts: Parts, change: Change) -> Response {
    let session = match signed_in(&parts) {
        Ok(session) => session,
        Err(answer) => return answer,
    };
    match carry_out(&deps, &session, &agent, change).await {
        Ok(true) => Redirect::to(&format!("{}?done=saved", path_of(&agent))).into_response(),
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => again(&deps, parts, &path_of(&agent), BTreeMap::new(), vec![fault]).await,
    }
}

/// Answers whether there is such a person. Done again it does what a failure left undone.
async fn carry_out(deps: &Deps, session: &Session, agent: &AgentId, change: Change) -> Result<bool, Fault> {
    let _turn = deps.people.lock().await;
    let Some((account, _)) = authorised(deps, session, agent, change).await? else { return Ok(false) };
    let (store, now) = (&deps.store, deps.clock.now());
    let changed = if change == Change::Deactivate {
        store.deactivate(&session.workspace, agent, now).await.map_err(|error| trouble(&error))?;
        deps.endings.tell(&session.workspace, agent);
        Account { deactivated: Some(now), ..account }
    } else {
        let changed = Account { deactivated: None, ..account };
        store.put_account(&changed).await.map_err(|error| trouble(&error))?;
        changed
    };
    let deed = if change == Change::Deactivate { Deed::PersonDeactivated } else { Deed::PersonReactivated };
    deps.note(session, deed, &changed.profile.name, Vec::new()).await;
    seat(deps, &changed).await.map_err(|_| Fault::FloorBehind)?;
    Ok(true)
}

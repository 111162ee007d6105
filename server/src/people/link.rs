//! Links that are handed over: invitations, and new passwords. The store knows only their hashes.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use switchyard::{
    audit::Deed,
    id::AgentId,
    people::{Account, Change, Fault, LINK_DAYS, Standing},
    ports::{Session, StoreError},
};

use super::{authorised, path_of, signed_in, trouble};
use crate::{
    auth::{hash, new_token},
    forms::{again, once},
    state::Deps,
};

const DAY_SECS: u32 = 24 * 60 * 60;

/// `POST /people/{agent}/link`: shown once, on the answer itself, so that it is in no address and no log.
pub async fn link(State(deps): State<Deps>, Path(agent): Path<String>, parts: Parts) -> Response {
    let session = match signed_in(&parts) {
        Ok(session) => session,
        Err(answer) => return answer,
    };
    let agent = AgentId::from(agent);
    match make(&deps, &session, &agent).await {
        Ok(Some(link)) => once(&deps, parts, &path_of(&agent), link).await,
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => again(&deps, parts, &path_of(&agent), BTreeMap::new(), vec![fault]).await,
    }
}

async fn make(deps: &Deps, session: &Session, agent: &AgentId) -> Result<Option<String>, Fault> {
    // Whoever finds an open browser must not get a password of their own with it.
    if *agent == session.agent {
        return Err(Fault::NotAllowed);
    }
    let _turn = deps.people.lock().await;
    let Some((account, _)) = authorised(deps, session, agent, Change::Link).await? else { return Ok(None) };
    match account.standing() {
        Standing::Deactivated => return Err(Fault::NotAllowed),
        Standing::Active if belongs_elsewhere(deps, &account).await.map_err(|error| trouble(&error))? => {
            return Err(Fault::EmailShared);
        }
        Standing::Active | Standing::Invited => {}
    }
    let token = new_token();
    let expires = deps.clock.now().plus_secs(LINK_DAYS * DAY_SECS);
    let stored = deps.store.put_link(&hash(&token), &session.workspace, agent, expires).await;
    stored.map_err(|error| trouble(&error))?;
    deps.note(session, Deed::LinkMade, &account.profile.name, Vec::new()).await;
    Ok(Some(format!("{}/join/{token}", deps.public_url)))
}

/// Whether somebody belongs, or belonged, to another workspace too. Then their password is not this workspace's to change:
/// with a new one they, or whoever made the link, could go to the other.
pub(crate) async fn belongs_elsewhere(deps: &Deps, account: &Account) -> Result<bool, StoreError> {
    let accounts = deps.store.accounts_of(&account.email).await?;
    Ok(accounts.iter().any(|other| other.workspace != account.workspace && other.joined.is_some()))
}

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
    ports::StoreError,
};

use super::{By, authorised, path_of, trouble};
use crate::{
    auth::{Colleague, hash, new_token},
    forms::{again, once},
    state::Deps,
    twilio::setup::Setup,
};

/// How the token of a link begins that whoever runs the installation made: a new password for somebody of several workspaces
/// is theirs to give. Tokens have no point in them otherwise, and what is stored is the hash of all of it.
const BY_OPERATOR: &str = "operator.";

/// How long a link works, seconds.
pub(crate) const LINK_SECS: u32 = LINK_DAYS * 24 * 60 * 60;

/// `POST /people/{agent}/link`: shown once, on the answer itself, so that it is in no address and no log.
pub async fn link(
    State(deps): State<Deps>,
    Path(agent): Path<String>,
    Colleague(session): Colleague,
    parts: Parts,
) -> Response {
    let agent = AgentId::from(agent);
    let made = {
        let _turn = deps.people.lock().await;
        make_link(&deps.setup, By::Colleague(&session), &agent).await
    };
    match made {
        Ok(Some(link)) => once(&deps, parts, &path_of(&agent), link).await,
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => again(&deps, parts, &path_of(&agent), BTreeMap::new(), vec![fault]).await,
    }
}

/// Makes a link for somebody. Answers it, if there is such a person.
pub(crate) async fn make_link(setup: &Setup, by: By<'_>, agent: &AgentId) -> Result<Option<String>, Fault> {
    // Whoever finds an open browser must not get a password of their own with it.
    if let By::Colleague(session) | By::Program(session) = by
        && session.agent == *agent
    {
        return Err(Fault::NotAllowed);
    }
    let Some((account, _)) = authorised(setup, by, agent, Change::Link).await? else { return Ok(None) };
    match account.standing() {
        Standing::Deactivated => return Err(Fault::NotAllowed),
        Standing::Active
            if !matches!(by, By::Operator(_))
                && belongs_elsewhere(setup, &account).await.map_err(|error| trouble(&error))? =>
        {
            return Err(Fault::EmailShared);
        }
        Standing::Active | Standing::Invited => {}
    }
    let token = match by {
        By::Colleague(_) | By::Program(_) => new_token(),
        By::Operator(_) => format!("{BY_OPERATOR}{}", new_token()),
    };
    let expires = setup.clock.now().plus_secs(LINK_SECS);
    let stored = setup.store.put_link(&hash(&token), by.workspace(), agent, expires).await;
    stored.map_err(|error| trouble(&error))?;
    setup.note(by.workspace(), by.actor(), Deed::LinkMade, &account, Vec::new()).await;
    Ok(Some(format!("{}/join/{token}", setup.public_url)))
}

/// Whether whoever runs the installation made the link with this token.
pub(crate) fn is_by_operator(token: &str) -> bool {
    token.starts_with(BY_OPERATOR)
}

/// Whether somebody belongs, or belonged, to another workspace too. Then their password is not this workspace's to change:
/// with a new one they, or whoever made the link, could go to the other.
pub(crate) async fn belongs_elsewhere(setup: &Setup, account: &Account) -> Result<bool, StoreError> {
    let accounts = setup.store.accounts_of(&account.email).await?;
    Ok(accounts.iter().any(|other| other.workspace != account.workspace && other.joined.is_some()))
}

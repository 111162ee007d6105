//! Changing what is known of somebody.

use std::collections::BTreeMap;

use axum::{
    Form,
    extract::{Path, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use switchyard::{
    agent::Role,
    audit::{Deed, differences},
    id::AgentId,
    people::{Account, Change, Fault},
    ports::StoreError,
};

use super::{By, add::Said, authorised, not_ours, path_of, plan, seat, trouble};
use crate::{
    auth::Colleague,
    forms::{Fields, again},
    state::Deps,
    twilio::setup::Setup,
};

/// `POST /people/{agent}`.
pub async fn edit(
    State(deps): State<Deps>,
    Path(agent): Path<String>,
    Colleague(session): Colleague,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let agent = AgentId::from(agent);
    let changed = {
        let _turn = deps.people.lock().await;
        change_in_turn(&deps, By::Colleague(&session), &agent, &fields).await
    };
    match changed {
        Ok(true) => Redirect::to(&format!("{}?done=saved", path_of(&agent))).into_response(),
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        Err(faults) => again(&deps, parts, &path_of(&agent), fields, faults).await,
    }
}

/// Changes what is known of somebody to what the fields say, by whoever has the turn. Answers whether there is such a person.
pub(crate) async fn change_in_turn(
    deps: &Deps,
    by: By<'_>,
    agent: &AgentId,
    fields: &BTreeMap<String, String>,
) -> Result<bool, Vec<Fault>> {
    let one = |fault| vec![fault];
    // Whose page it is comes before what was typed: nobody learns from a fault that somebody is there.
    let Some((account, everyone)) = authorised(&deps.setup, by, agent, Change::Link).await.map_err(one)? else {
        return Ok(false);
    };
    let plan = plan(&deps.setup, by.workspace()).await.map_err(one)?;
    let said = Said::read(fields, &plan, &everyone, Some(agent))?;
    not_ours(&deps.setup, by.workspace(), &said.fallback).await.map_err(one)?;
    by.may_change(&everyone, agent, Change::Edit(said.role)).map_err(one)?;
    if said.email != account.email {
        change_email(deps, &account, &said.email).await?;
    }
    let mut changed = account.clone();
    (changed.profile.name, changed.profile.extension, changed.profile.role) = (said.name, said.extension, said.role);
    (changed.email, changed.language, changed.fallback) = (said.email, said.language, said.fallback);
    let put = deps.store.put_account(&changed).await;
    // The address is another one even where nothing else is.
    let only_email = Account { email: changed.email.clone(), ..account.clone() };
    let differences = differences(Some(&account), if put.is_ok() { &changed } else { &only_email });
    if !differences.is_empty() {
        deps.setup.note(by.workspace(), by.actor(), Deed::PersonChanged, &account, differences).await;
    }
    match put {
        Ok(()) => {}
        Err(StoreError::Taken) => return Err(vec![Fault::ExtensionTaken]),
        Err(error) => return Err(vec![trouble(&error)]),
    }
    seat(deps, &changed).await.map_err(|_| one(Fault::FloorBehind))?;
    Ok(true)
}

/// Gives somebody another role and leaves everything else. Answers the account, if there is such a person.
pub(crate) async fn give_role(
    setup: &Setup,
    by: By<'_>,
    agent: &AgentId,
    role: Role,
) -> Result<Option<Account>, Fault> {
    let Some((account, _)) = authorised(setup, by, agent, Change::Edit(role)).await? else { return Ok(None) };
    let mut changed = account.clone();
    changed.profile.role = role;
    setup.store.put_account(&changed).await.map_err(|error| trouble(&error))?;
    let differences = differences(Some(&account), &changed);
    if !differences.is_empty() {
        setup.note(by.workspace(), by.actor(), Deed::PersonChanged, &account, differences).await;
    }
    Ok(Some(changed))
}

/// An address that somebody uses elsewhere too is not this workspace's to change, nor is one that somebody else has: with a
/// link for a new password it would lead into the other workspace.
async fn change_email(deps: &Deps, account: &Account, to: &str) -> Result<(), Vec<Fault>> {
    let accounts = deps.store.accounts_of(&account.email).await.map_err(|error| vec![trouble(&error)])?;
    if accounts.len() > 1 {
        return Err(vec![Fault::EmailShared]);
    }
    match deps.store.change_email(&account.email, to).await {
        Ok(()) => Ok(()),
        Err(StoreError::Taken) => Err(vec![Fault::EmailShared]),
        Err(error) => Err(vec![trouble(&error)]),
    }
}

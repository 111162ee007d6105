//! Links that were handed over lead here: an invitation is accepted, or a new password chosen. Each works once.

use std::{collections::BTreeMap, net::IpAddr};

use axum::{
    Form,
    extract::{Path, State},
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use switchyard::{
    audit::{Actor, Deed, differences},
    people::{self, Account, Fault},
    ports::StoreError,
};

use crate::{
    auth::{ClientAddress, Refused, enter, hash, hash_password, verify},
    forms::{Fields, again, field},
    people::{belongs_elsewhere, is_by_operator, seat, trouble},
    profile,
    state::Deps,
};

/// `POST /join/{token}`.
pub async fn join(
    State(deps): State<Deps>,
    Path(token): Path<String>,
    ClientAddress(address): ClientAddress,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let path = format!("/join/{token}");
    match accept(&deps, &token, &fields, address).await {
        Ok(Some(account)) => enter(&deps, &account, "/").await,
        // The page says that the link is worth nothing.
        Ok(None) => Redirect::to(&path).into_response(),
        Err(faults) => again(&deps, parts, &path, fields, faults).await,
    }
}

async fn accept(
    deps: &Deps,
    token: &str,
    fields: &BTreeMap<String, String>,
    address: Option<IpAddr>,
) -> Result<Option<Account>, Vec<Fault>> {
    let unsaved = |error: StoreError| vec![trouble(&error)];
    let hashed = hash(token);
    let _turn = deps.people.lock().await;
    let now = deps.clock.now();
    let Some(account) = deps.store.link(&hashed, now).await.map_err(unsaved)? else { return Ok(None) };
    let is_new = account.joined.is_none();
    // Since the link was made they may have come to belong to another workspace.
    if !is_new && !is_by_operator(token) && belongs_elsewhere(&deps.setup, &account).await.map_err(unsaved)? {
        return Ok(None);
    }
    let name = if is_new { people::name(field(fields, "name")) } else { Ok(account.profile.name.clone()) };
    let typed = field(fields, "password");
    let known = is_new && deps.store.password(&account.email).await.map_err(unsaved)?.is_some();
    let (name, password) = if known {
        let name = name.map_err(|fault| vec![fault])?;
        knows(deps, &account, typed, address).await?;
        (name, None)
    } else {
        match (name, people::password(typed)) {
            (Ok(name), Ok(password)) => {
                (name, Some(hash_password(password).await.map_err(|_| vec![Fault::Unavailable])?))
            }
            (name, password) => return Err([name.err(), password.err()].into_iter().flatten().collect()),
        }
    };
    if !deps.store.use_link(&hashed, now, &name, password.as_deref()).await.map_err(unsaved)? {
        return Ok(None);
    }
    let before = account.clone();
    let mut account = account;
    (account.profile.name, account.joined) = (name, account.joined.or(Some(now)));
    let by = Actor::Person { id: account.profile.id.clone(), name: account.profile.name.clone() };
    let differences = differences(Some(&before), &account);
    deps.setup.note(&account.workspace, by, Deed::LinkUsed, &account, differences).await;
    if !is_new {
        deps.store.close_sessions(&account.email, None).await.map_err(unsaved)?;
        profile::tell(deps, &account).await.map_err(unsaved)?;
    }
    if let Err(error) = seat(deps, &account).await {
        tracing::warn!(%error, "somebody new is not on the floor yet");
    }
    Ok(Some(account))
}

/// Whoever has a password from another workspace proves that they are the same.
async fn knows(deps: &Deps, account: &Account, typed: &str, address: Option<IpAddr>) -> Result<(), Vec<Fault>> {
    match verify(deps, &account.email, typed.to_owned(), address).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(Refused::Wrong)) => Err(vec![Fault::KnownPasswordWrong]),
        Ok(Err(Refused::Throttled)) => Err(vec![Fault::Throttled]),
        Err(error) => Err(vec![trouble(&error)]),
    }
}

//! What people change of themselves: name, language, where they are reached, password, and whether they are signed in.

use std::collections::BTreeMap;

use axum::{
    Form,
    extract::State,
    http::{HeaderMap, header::SET_COOKIE, request::Parts},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use switchyard::{
    audit::{Deed, differences},
    people::{self, Account, Fault, Language},
    ports::{Session, StoreError},
};

use crate::{
    auth::{ClientAddress, Colleague, Refused, hash_password, token_hash, verify},
    forms::{Fields, again, field},
    people::{not_ours, plan, seat, trouble},
    state::Deps,
};

/// The page.
const PATH: &str = "/profile";

/// `POST /profile`: name, language, and where calls go while they are not here.
pub async fn save(
    State(deps): State<Deps>,
    Colleague(session): Colleague,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let language = Language::parse(field(&fields, "language"));
    match change(&deps, &session, &fields, language).await {
        Ok(()) => {
            let cookie = language.map(|language| (SET_COOKIE, app::language_cookie(language)));
            (AppendHeaders(cookie), Redirect::to("/profile?done=saved")).into_response()
        }
        Err(faults) => again(&deps, parts, PATH, fields, faults).await,
    }
}

async fn change(
    deps: &Deps,
    session: &Session,
    fields: &BTreeMap<String, String>,
    language: Option<Language>,
) -> Result<(), Vec<Fault>> {
    let typed = |name| field(fields, name);
    let one = |fault| vec![fault];
    let plan = plan(&deps.setup, &session.workspace).await.map_err(one)?;
    // Who does not say where is asked for nothing new.
    let fallback = fields.get("fallback").map(|chosen| people::fallback(chosen, typed("mobile"), &plan)).transpose();
    let (name, fallback) = match (people::name(typed("name")), fallback) {
        (Ok(name), Ok(fallback)) => (name, fallback),
        (name, fallback) => return Err(name.err().into_iter().chain(fallback.err()).collect()),
    };
    if let Some(fallback) = &fallback {
        not_ours(&deps.setup, &session.workspace, fallback).await.map_err(one)?;
    }
    let _turn = deps.people.lock().await;
    let before = own(deps, session).await.map_err(one)?;
    let mut account = before.clone();
    (account.profile.name, account.language) = (name, language);
    if let Some(fallback) = fallback {
        account.fallback = fallback;
    }
    deps.store.put_account(&account).await.map_err(|error| one(trouble(&error)))?;
    let differences = differences(Some(&before), &account);
    if !differences.is_empty() {
        deps.note(session, Deed::PersonChanged, &before, differences).await;
    }
    seat(deps, &account).await.map_err(|_| one(Fault::FloorBehind))
}

/// `POST /profile/password`: whoever finds an open browser does not know the old one. All other sessions end.
pub async fn password(
    State(deps): State<Deps>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Colleague(session): Colleague,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let changed = async {
        let new = people::password(field(&fields, "password"))?;
        let account = own(&deps, &session).await?;
        match verify(&deps, &account.email, field(&fields, "current").to_owned(), address).await {
            Ok(Ok(())) => {}
            Ok(Err(Refused::Wrong)) => return Err(Fault::PasswordWrong),
            Ok(Err(Refused::Throttled)) => return Err(Fault::Throttled),
            Err(error) => return Err(trouble(&error)),
        }
        let hashed = hash_password(new).await.map_err(|_| Fault::Unavailable)?;
        deps.store.put_password(&account.email, &hashed).await.map_err(|error| trouble(&error))?;
        deps.note(&session, Deed::PasswordChanged, &account, Vec::new()).await;
        let here = token_hash(&headers);
        deps.store.close_sessions(&account.email, here.as_deref()).await.map_err(|error| trouble(&error))?;
        tell(&deps, &account).await.map_err(|error| trouble(&error))
    };
    match changed.await {
        Ok(()) => Redirect::to("/profile?done=changed").into_response(),
        // Passwords are not given back.
        Err(fault) => again(&deps, parts, PATH, BTreeMap::new(), vec![fault]).await,
    }
}

/// `POST /profile/sign-out-everywhere`.
pub async fn sign_out_everywhere(State(deps): State<Deps>, Colleague(session): Colleague, parts: Parts) -> Response {
    let closed = async {
        let account = own(&deps, &session).await?;
        deps.store.close_sessions(&account.email, None).await.map_err(|error| trouble(&error))?;
        deps.note(&session, Deed::SignedOutEverywhere, &account, Vec::new()).await;
        tell(&deps, &account).await.map_err(|error| trouble(&error))
    };
    match closed.await {
        Ok(()) => Redirect::to("/sign-in").into_response(),
        Err(fault) => again(&deps, parts, PATH, BTreeMap::new(), vec![fault]).await,
    }
}

/// The addresses of the forms lead back to their page.
pub async fn back() -> Redirect {
    Redirect::to(PATH)
}

async fn own(deps: &Deps, session: &Session) -> Result<Account, Fault> {
    let account = deps.store.account(&session.workspace, &session.agent).await.map_err(|error| trouble(&error))?;
    account.ok_or(Fault::NotAllowed)
}

/// Tells whatever is open for a person, in all workspaces, that sessions of theirs have ended.
pub(crate) async fn tell(deps: &Deps, account: &Account) -> Result<(), StoreError> {
    for account in deps.store.accounts_of(&account.email).await? {
        deps.endings.tell(&account.workspace, &account.profile.id);
    }
    Ok(())
}

//! The first run: as long as there is no workspace every page leads to where it is made, by whoever has the code that the
//! server printed. Without it a stranger who finds the port first would own the installation.

use std::{collections::BTreeMap, sync::atomic::Ordering};

use axum::{
    Form,
    extract::{Request, State},
    http::{Method, StatusCode, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use switchyard::{
    agent::{Profile, Role},
    audit::{Actor, Change, Deed, between},
    dialing::DialPlan,
    id::WorkspaceId,
    people::{self, Account, Fallback, Fault, Language},
    ports::{StoreError, Workspace},
};

use crate::{
    auth::{enter, hash, hash_password, new_token},
    forms::{Fields, again, field},
    people::{new_id, seat, trouble},
    state::Deps,
};

/// The page.
const PATH: &str = "/welcome";
/// How many letters of a company's name go into its workspace's id.
const ID_LENGTH: usize = 24;

/// Where the first workspace is made, when there is none: an address with a new code in it.
pub async fn invitation(deps: &Deps) -> Result<Option<String>, StoreError> {
    if is_founded(deps).await? {
        return Ok(None);
    }
    let code = new_token();
    deps.store.put_set_up_code(&hash(&code)).await?;
    Ok(Some(format!("{}{PATH}/{code}", deps.public_url)))
}

/// Leads every page to the first run while there is no workspace, and hides it afterwards.
pub async fn gate(State(deps): State<Deps>, request: Request, next: Next) -> Response {
    let at_welcome = request.uri().path().starts_with(PATH);
    match is_founded(&deps).await {
        Ok(true) if at_welcome && request.method() == Method::POST => StatusCode::NOT_FOUND.into_response(),
        Ok(true) => next.run(request).await,
        Ok(false) if at_welcome => next.run(request).await,
        Ok(false) if request.method() == Method::GET => Redirect::to(PATH).into_response(),
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "workspaces cannot be read");
            let words = "The database cannot be reached. Nothing is lost; try again in a moment.";
            (StatusCode::SERVICE_UNAVAILABLE, words).into_response()
        }
    }
}

/// Whether there is a workspace. Once there is one there always will be.
async fn is_founded(deps: &Deps) -> Result<bool, StoreError> {
    if deps.founded.load(Ordering::Relaxed) {
        return Ok(true);
    }
    let founded = !deps.store.workspaces().await?.is_empty();
    deps.founded.store(founded, Ordering::Relaxed);
    Ok(founded)
}

/// `POST /welcome`: makes the first workspace and signs its owner in.
pub async fn found(State(deps): State<Deps>, parts: Parts, Form(fields): Fields) -> Response {
    match make(&deps, &fields).await {
        Ok(owner) => enter(&deps, &owner, "/people").await,
        Err(faults) => again(&deps, parts, PATH, fields, faults).await,
    }
}

async fn make(deps: &Deps, fields: &BTreeMap<String, String>) -> Result<Account, Vec<Fault>> {
    let (workspace, mut owner, password) = match (read(fields), people::password(field(fields, "password"))) {
        (Ok((workspace, owner)), Ok(password)) => (workspace, owner, password),
        (company, password) => {
            return Err(company.err().into_iter().flatten().chain(password.err()).collect());
        }
    };
    owner.joined = Some(deps.clock.now());
    let password = hash_password(password).await.map_err(|error| {
        tracing::error!(%error, "a password cannot be hashed");
        vec![Fault::Unavailable]
    })?;
    let code = hash(field(fields, "code").trim());
    match deps.store.found(&code, &workspace, &owner, &password).await {
        Ok(true) => {}
        Ok(false) => return Err(vec![Fault::CodeWrong]),
        Err(error) => return Err(vec![trouble(&error)]),
    }
    tracing::info!(workspace = %workspace.id, "the first workspace was made");
    let by = Actor::Person { id: owner.profile.id.clone(), name: owner.profile.name.clone() };
    deps.setup.note(&workspace.id, by, Deed::WorkspaceFounded, &workspace.name, founded(&workspace)).await;
    // Should the database be away just now, the next start puts the floor right.
    if let Err(error) = seat(deps, &owner).await {
        tracing::warn!(%error, "the owner is not on the floor yet");
    }
    Ok(owner)
}

/// What the audit log is told of a new workspace.
pub(crate) fn founded(workspace: &Workspace) -> Vec<Change> {
    let language = workspace.language.code().to_owned();
    between(None, Some(&[("country", Some(workspace.country.clone())), ("language", Some(language))]))
}

/// A new workspace and its owner, who has not come yet, as fields say them; all their faults at once.
pub(crate) fn read(fields: &BTreeMap<String, String>) -> Result<(Workspace, Account), Vec<Fault>> {
    let typed = |name| field(fields, name);
    let country = typed("country");
    let plan = DialPlan::new(country, [country]).map_err(|_| Fault::CountryUnknown);
    let (company, name, email) = (
        people::name(typed("workspace")).map_err(|_| Fault::WorkspaceUnfit),
        people::name(typed("name")),
        people::email(typed("email")),
    );
    let (company, name, email, plan) = match (company, name, email, plan) {
        (Ok(company), Ok(name), Ok(email), Ok(plan)) => (company, name, email, plan),
        (company, name, email, plan) => {
            return Err([company.err(), name.err(), email.err(), plan.err()].into_iter().flatten().collect());
        }
    };
    let language = Language::parse(typed("language")).unwrap_or(Language::En);
    let id = workspace_id(&company);
    let workspace =
        Workspace { id: id.clone(), name: company, country: country.to_owned(), language, account: None, zone: None };
    let profile =
        Profile { id: new_id().into(), name, extension: people::free_extension(&[], &plan), role: Role::Owner };
    let owner = Account {
        workspace: id,
        profile,
        email,
        language: Some(language),
        fallback: Fallback::Nowhere,
        caller_id: None,
        joined: None,
        deactivated: None,
    };
    Ok((workspace, owner))
}

/// A company's name in letters and digits: ids are part of clients' identities (Twilio: Access Tokens).
fn workspace_id(company: &str) -> WorkspaceId {
    let letters = company.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase());
    let id: String = letters.take(ID_LENGTH).collect();
    if id.is_empty() { new_id().into() } else { id.into() }
}

#[cfg(test)]
mod tests {
    use super::workspace_id;

    #[test]
    fn a_workspaces_id_is_made_of_letters_and_digits() {
        assert_eq!(workspace_id("Salon Aurora 2").as_str(), "salonaurora2");
        assert_eq!(workspace_id("Țuțu & Fiii").as_str(), "uufiii");
        assert!(workspace_id("Ж").as_str().bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_eq!(workspace_id(&"x".repeat(99)).as_str().len(), 24);
    }
}

//! Who belongs to the workspace.

use axum::{Json, extract::State};
use serde::Serialize;
use switchyard::{
    id::AgentId,
    people::{Account, Language},
    ports::Session,
    rights::Right,
    token::Scope,
};
use utoipa::ToSchema;

use super::{
    caller::Caller,
    page::{Page, Which},
    problem::Problem,
    read::Named,
};
use crate::state::Deps;

/// Somebody who belongs, or belonged, to the workspace.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Person {
    /// Stays the same as long as the workspace is there.
    id: String,
    name: String,
    /// With which they sign in.
    email: String,
    /// By which colleagues call them.
    extension: String,
    /// `agent`, `supervisor`, `admin` or `owner`.
    role: &'static str,
    /// `en` or `ro`; none is that of their browser.
    language: Option<&'static str>,
    /// Where calls go while they are not here: `nowhere`, `voicemail` or `mobile`.
    fallback: &'static str,
    /// The mobile phone that is theirs then, E.164, for themselves and for those who may change them.
    mobile: Option<String>,
    /// `invited`, `active` or `deactivated`.
    standing: &'static str,
}

impl Person {
    /// Somebody, as whoever asks may see them.
    pub(super) fn seen_by(session: &Session, account: Account) -> Self {
        let standing = account.standing().code();
        let profile = account.profile;
        let all = session.role.may_manage(profile.role) || session.agent == profile.id;
        Self {
            id: profile.id.to_string(),
            name: profile.name,
            email: account.email,
            extension: profile.extension,
            role: profile.role.code(),
            language: account.language.map(Language::code),
            fallback: account.fallback.code(),
            mobile: account.fallback.mobile().filter(|_| all).map(ToOwned::to_owned),
            standing,
        }
    }
}

/// Everyone, by extension, those who were deactivated included.
#[utoipa::path(
    get, path = "/people", operation_id = "listPeople", tag = "people", params(Which), security(("token" = ["people:read"])),
    responses((status = 200, description = "A page of them", body = Page<Person>), Problem)
)]
pub(super) async fn list(
    State(deps): State<Deps>,
    caller: Caller,
    which: Which,
) -> Result<Json<Page<Person>>, Problem> {
    let session = caller.within(Scope::PeopleRead)?;
    if !session.role.may(Right::SeePeople) {
        return Err(Problem::Forbidden);
    }
    let asked = which.read::<String>()?;
    let everyone = deps.store.accounts(&session.workspace).await?;
    let key = |account: &Account| account.profile.id.to_string();
    let from = asked.after.map_or(0, |after| {
        everyone.iter().position(|account| key(account) == after).map_or(everyone.len(), |at| at + 1)
    });
    let show = |account| Person::seen_by(&session, account);
    Ok(Json(Page::new(everyone.into_iter().skip(from).collect(), asked.limit, key, show)))
}

/// One person.
#[utoipa::path(
    get, path = "/people/{id}", operation_id = "getPerson", tag = "people", params(("id" = String, Path, description = "Whom")),
    security(("token" = ["people:read"])),
    responses((status = 200, description = "Them", body = Person), Problem)
)]
pub(super) async fn one(
    State(deps): State<Deps>,
    caller: Caller,
    Named(id): Named<AgentId>,
) -> Result<Json<Person>, Problem> {
    let session = caller.within(Scope::PeopleRead)?;
    if !session.role.may(Right::SeePeople) && id != session.agent {
        return Err(Problem::Forbidden);
    }
    let account = deps.store.account(&session.workspace, &id).await?.ok_or(Problem::NotFound)?;
    Ok(Json(Person::seen_by(&session, account)))
}

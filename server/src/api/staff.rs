//! Inviting, changing and deactivating people: through the same code as on their pages, and by the same rules but for one.
//! Programs look after agents and supervisors only.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use switchyard::{
    id::AgentId,
    people::{Account, Change, Fault, Language, free_extension},
    ports::Session,
    token::Scope,
};
use utoipa::ToSchema;

use super::{
    caller::Caller,
    people::Person,
    problem::Problem,
    read::{Named, body},
};
use crate::{
    people::{By, carry_out, change_in_turn, invite, make_link, plan, seat},
    state::Deps,
};

/// What is to be known of somebody. What is left out stays as it is, or is chosen.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonWish)]
pub(super) struct Wish {
    /// Needed for somebody new.
    name: Option<String>,
    /// With which they sign in. Needed for somebody new.
    email: Option<String>,
    /// 2 to 6 digits; the first free one for somebody new.
    extension: Option<String>,
    /// `agent` or `supervisor`; `agent` for somebody new. Who is to be more is made so by hand.
    role: Option<String>,
    /// `en` or `ro`; empty is that of their browser.
    language: Option<String>,
    /// Where calls go while they are not here: `nowhere`, `voicemail` or `mobile`; `nowhere` for somebody new.
    fallback: Option<String>,
    /// The mobile phone that is theirs then, as the workspace writes numbers. It counts only where `fallback` is `mobile`.
    mobile: Option<String>,
}

impl Wish {
    /// The fields of the form that says the same.
    fn fields(self, known: Option<&Account>, free: String) -> BTreeMap<String, String> {
        let of = |text: fn(&Account) -> String| known.map(text);
        let language = of(|account| account.language.map(Language::code).unwrap_or_default().to_owned());
        // Who says nothing of it leaves it as it is: a number that was taken once is not looked at again.
        let reached = (self.fallback.is_some() || self.mobile.is_some()).then(|| {
            let fallback = known.map(|account| account.fallback.clone()).unwrap_or_default();
            let mobile = fallback.mobile().unwrap_or_default().to_owned();
            [
                ("fallback", self.fallback.unwrap_or_else(|| fallback.code().to_owned())),
                ("mobile", self.mobile.unwrap_or(mobile)),
            ]
        });
        let said = [
            ("name", self.name.or(of(|account| account.profile.name.clone())).unwrap_or_default()),
            ("email", self.email.or(of(|account| account.email.clone())).unwrap_or_default()),
            ("extension", self.extension.or(of(|account| account.profile.extension.clone())).unwrap_or(free)),
            (
                "role",
                self.role.or(of(|account| account.profile.role.code().to_owned())).unwrap_or_else(|| "agent".into()),
            ),
            ("language", self.language.or(language).unwrap_or_default()),
        ];
        said.into_iter().chain(reached.into_iter().flatten()).map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// A link that is to be handed over.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Link {
    /// It works once, for a week.
    link: String,
}

/// Invites somebody. They come by a link, which is made apart (`POST /people/{id}/link`).
#[utoipa::path(
    post, path = "/people", operation_id = "invitePerson", tag = "people", request_body = Wish, security(("token" = ["people:write"])),
    responses((status = 201, description = "They are invited", body = Person), Problem)
)]
pub(super) async fn add(
    State(deps): State<Deps>,
    caller: Caller,
    wish: Result<Json<Wish>, JsonRejection>,
) -> Result<(StatusCode, Json<Person>), Problem> {
    let session = caller.within(Scope::PeopleWrite)?;
    let wish = body(wish)?;
    let _turn = deps.people.lock().await;
    let everyone = deps.store.accounts(&session.workspace).await?;
    let plan = plan(&deps.setup, &session.workspace).await?;
    let fields = wish.fields(None, free_extension(&everyone, &plan));
    let id = invite(&deps.setup, By::Program(&session), &fields).await?;
    Ok((StatusCode::CREATED, Json(person(&deps, &session, &id).await?)))
}

/// Changes what is known of somebody.
#[utoipa::path(
    patch, path = "/people/{id}", operation_id = "changePerson", tag = "people", params(("id" = String, Path, description = "Whom")),
    request_body = Wish, security(("token" = ["people:write"])),
    responses((status = 200, description = "Them, as they are now", body = Person), Problem)
)]
pub(super) async fn edit(
    State(deps): State<Deps>,
    caller: Caller,
    Named(id): Named<AgentId>,
    wish: Result<Json<Wish>, JsonRejection>,
) -> Result<Json<Person>, Problem> {
    let session = caller.within(Scope::PeopleWrite)?;
    // What is left out stays as it is at this moment, and not as it was before somebody else's change.
    let _turn = deps.people.lock().await;
    let known = deps.store.account(&session.workspace, &id).await?.ok_or(Problem::NotFound)?;
    let fields = body(wish)?.fields(Some(&known), String::new());
    if !change_in_turn(&deps, By::Program(&session), &id, &fields).await? {
        return Err(Problem::NotFound);
    }
    Ok(Json(person(&deps, &session, &id).await?))
}

/// Somebody belongs to the workspace no more: they are signed out at once.
#[utoipa::path(
    post, path = "/people/{id}/deactivate", operation_id = "deactivatePerson", tag = "people", params(("id" = String, Path, description = "Whom")),
    security(("token" = ["people:write"])),
    responses((status = 200, description = "Them, as they are now", body = Person), Problem)
)]
pub(super) async fn deactivate(
    State(deps): State<Deps>,
    caller: Caller,
    Named(id): Named<AgentId>,
) -> Result<Json<Person>, Problem> {
    stand(&deps, &caller.within(Scope::PeopleWrite)?, id, Change::Deactivate).await
}

/// Somebody who was deactivated belongs to the workspace again.
#[utoipa::path(
    post, path = "/people/{id}/reactivate", operation_id = "reactivatePerson", tag = "people", params(("id" = String, Path, description = "Whom")),
    security(("token" = ["people:write"])),
    responses((status = 200, description = "Them, as they are now", body = Person), Problem)
)]
pub(super) async fn reactivate(
    State(deps): State<Deps>,
    caller: Caller,
    Named(id): Named<AgentId>,
) -> Result<Json<Person>, Problem> {
    stand(&deps, &caller.within(Scope::PeopleWrite)?, id, Change::Reactivate).await
}

/// Makes a link by which somebody comes in: an invitation, or a new password. Earlier ones are worth nothing then. Whoever has
/// the link can come in as them.
#[utoipa::path(
    post, path = "/people/{id}/link", operation_id = "makeLink", tag = "people", params(("id" = String, Path, description = "Whom")),
    security(("token" = ["people:link"])),
    responses((status = 200, description = "The link", body = Link), Problem)
)]
pub(super) async fn link(
    State(deps): State<Deps>,
    caller: Caller,
    Named(id): Named<AgentId>,
) -> Result<Json<Link>, Problem> {
    let session = caller.within(Scope::PeopleLink)?;
    let _turn = deps.people.lock().await;
    let made = make_link(&deps.setup, By::Program(&session), &id).await?;
    made.map(|link| Json(Link { link })).ok_or(Problem::NotFound)
}

async fn stand(deps: &Deps, session: &Session, id: AgentId, change: Change) -> Result<Json<Person>, Problem> {
    let _turn = deps.people.lock().await;
    let changed = carry_out(&deps.setup, By::Program(session), &id, change).await?.ok_or(Problem::NotFound)?;
    if change == Change::Deactivate {
        deps.endings.tell(&changed.workspace, &id);
    }
    seat(deps, &changed).await.map_err(|_| Fault::FloorBehind)?;
    Ok(Json(Person::seen_by(session, changed)))
}

async fn person(deps: &Deps, session: &Session, id: &AgentId) -> Result<Person, Problem> {
    let account = deps.store.account(&session.workspace, id).await?.ok_or(Problem::NotFound)?;
    Ok(Person::seen_by(session, account))
}

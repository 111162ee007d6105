//! What everybody is doing, and saying for others whether they take calls.

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use switchyard::{
    agent,
    floor::{Command, Intent},
    id::AgentId,
    people::Fault,
    token::Scope,
};
use utoipa::ToSchema;

use super::{
    caller::Caller,
    problem::Problem,
    read::{Named, body},
};
use crate::state::Deps;

/// What somebody is doing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Presence)]
pub(super) struct Doing {
    /// Who.
    id: String,
    name: String,
    /// What they say of themselves: `available`, `away` or `offline`.
    #[schema(value_type = String, example = "available")]
    presence: agent::Presence,
    /// What follows from that and from their calls: `available`, `away`, `offline`, `ringing`, `on_call` or `wrap_up`.
    #[schema(value_type = String, example = "on_call")]
    status: Option<agent::Status>,
}

/// What somebody says of themselves from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PresenceWish)]
pub(super) struct Wish {
    /// `available`, `away` or `offline`.
    #[schema(example = "away")]
    presence: String,
}

/// What everybody is doing.
#[utoipa::path(
    get, path = "/presence", operation_id = "listPresence", tag = "presence", security(("token" = ["presence:read"])),
    responses((status = 200, description = "Everybody", body = Vec<Doing>), Problem)
)]
pub(super) async fn list(State(deps): State<Deps>, caller: Caller) -> Result<Json<Vec<Doing>>, Problem> {
    let session = caller.within(Scope::PresenceRead)?;
    let floor = deps.floor(&session.workspace).snapshot().await?;
    let presence = floor.agents.iter().map(|(id, agent)| Doing {
        id: id.to_string(),
        name: agent.profile.name.clone(),
        presence: agent.presence,
        status: floor.status(id),
    });
    Ok(Json(presence.collect()))
}

/// Says whether somebody takes calls: oneself, or as a supervisor somebody else.
#[utoipa::path(
    put, path = "/presence/{id}", operation_id = "setPresence", tag = "presence", params(("id" = String, Path, description = "Whose")),
    request_body = Wish, security(("token" = ["presence:write"])),
    responses((status = 204, description = "It is so from now on"), Problem)
)]
pub(super) async fn set(
    State(deps): State<Deps>,
    caller: Caller,
    Named(id): Named<AgentId>,
    wish: Result<Json<Wish>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let session = caller.within(Scope::PresenceWrite)?;
    let presence = serde_json::from_value(body(wish)?.presence.into()).map_err(|_| Fault::PresenceUnknown)?;
    let intent = Intent::SetPresence { agent: id, presence };
    deps.floor(&session.workspace).send(Command::Ask { by: session.agent, intent }).await?;
    Ok(StatusCode::NO_CONTENT)
}

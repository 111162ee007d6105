//! Calls: those that are live, and those that are over.

mod view;

use axum::{
    Json,
    extract::{FromRequestParts, Query, State},
    http::request::Parts,
};
use serde::Deserialize;
use switchyard::{
    call::Call,
    history::{Among, Bookmark, CallRecord},
    id::CallId,
    time::Timestamp,
    token::Scope,
};
use utoipa::IntoParams;

use self::view::{AnyCall, LiveCall, PastCall};
use super::{
    caller::Caller,
    page::{Page, Which},
    problem::Problem,
    read::Named,
};
use crate::state::Deps;

/// Which calls. What is not given holds of all.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Those that ended then or later (RFC 3339).
    #[param(format = DateTime, example = "2026-11-27T08:00:00Z")]
    since: Option<String>,
    /// Those that ended before (RFC 3339).
    #[param(format = DateTime, example = "2026-11-28T08:00:00Z")]
    until: Option<String>,
    /// Those with this `number`. A plus is written `%2B`.
    number: Option<String>,
    /// Those with this `agent`.
    agent: Option<String>,
}

impl Wanted {
    fn read(self) -> Result<Among, Problem> {
        let moment = |name: &str, text: Option<String>| {
            let read = |text: String| text.parse::<jiff::Timestamp>().map(|at| Timestamp(at.as_millisecond()));
            text.map(read).transpose().map_err(|_| Problem::Malformed(format!("{name} is no moment")))
        };
        if [&self.number, &self.agent].into_iter().flatten().any(|text| text.contains('\0')) {
            return Err(Problem::Malformed("neither a number nor an id has a NUL".to_owned()));
        }
        Ok(Among {
            since: moment("since", self.since)?,
            until: moment("until", self.until)?,
            number: self.number,
            agent: self.agent.map(Into::into),
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Wanted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::from_request_parts(parts, state).await;
        query.map(|Query(wanted)| wanted).map_err(|error| Problem::Malformed(error.body_text()))
    }
}

/// Calls that are over, the newest first.
#[utoipa::path(
    get, path = "/calls", operation_id = "listCalls", tag = "calls", params(Which, Wanted), security(("token" = ["calls:read"])),
    responses((status = 200, description = "A page of them", body = Page<PastCall>), Problem)
)]
pub(super) async fn history(
    State(deps): State<Deps>,
    caller: Caller,
    which: Which,
    wanted: Wanted,
) -> Result<Json<Page<PastCall>>, Problem> {
    let session = caller.within(Scope::CallsRead)?;
    let (asked, among) = (which.read::<Bookmark>()?, wanted.read()?);
    // One more than is shown says whether there is another page.
    let below = asked.after.as_ref();
    let records = deps.store.calls_among(&session.workspace, &among, below, asked.limit + 1).await?;
    Ok(Json(Page::new(records, asked.limit, CallRecord::bookmark, PastCall::from)))
}

/// Calls that are live, by when they began.
#[utoipa::path(
    get, path = "/calls/live", operation_id = "listLiveCalls", tag = "calls", security(("token" = ["calls:read"])),
    responses((status = 200, description = "All of them", body = Vec<LiveCall>), Problem)
)]
pub(super) async fn live(State(deps): State<Deps>, caller: Caller) -> Result<Json<Vec<LiveCall>>, Problem> {
    let session = caller.within(Scope::CallsRead)?;
    let floor = deps.floor(&session.workspace).snapshot().await?;
    let mut calls: Vec<&Call> = floor.calls.values().collect();
    calls.sort_by_key(|call| (call.arrived, &call.id));
    Ok(Json(calls.into_iter().map(LiveCall::from).collect()))
}

/// One call, live or over: only what is over has `ended`.
#[utoipa::path(
    get, path = "/calls/{id}", operation_id = "getCall", tag = "calls", params(("id" = String, Path, description = "Which")),
    security(("token" = ["calls:read"])),
    responses((status = 200, description = "As it is now", body = inline(AnyCall)), Problem)
)]
pub(super) async fn one(
    State(deps): State<Deps>,
    caller: Caller,
    Named(id): Named<CallId>,
) -> Result<Json<AnyCall>, Problem> {
    let session = caller.within(Scope::CallsRead)?;
    // It is in the history before it leaves the floor, so that it is missed on neither.
    if let Some(call) = deps.floor(&session.workspace).snapshot().await?.calls.get(&id) {
        return Ok(Json(AnyCall::Live(call.into())));
    }
    let record = deps.store.past_call(&session.workspace, &id).await?;
    record.map(|record| Json(AnyCall::Past(record.into()))).ok_or(Problem::NotFound)
}

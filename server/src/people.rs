//! Adding, changing and deactivating people. Each form is authorised by the rules of `switchyard::people`, and the floor
//! follows.

mod add;
mod calls;
mod edit;
mod leave;
mod link;
mod seats;

use axum::{
    extract::Path,
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use switchyard::{
    dialing::DialPlan,
    id::AgentId,
    people::{Account, Change, Fault, may_change},
    ports::{Session, StoreError},
};

pub use self::{
    add::add,
    calls::calls,
    edit::edit,
    leave::{deactivate, reactivate},
    link::link,
    seats::seat_everyone,
};
pub(crate) use self::{add::new_id, link::belongs_elsewhere, seats::seat};
use crate::{auth::SignedIn, state::Deps};

/// Where somebody's own page is.
fn path_of(agent: &AgentId) -> String {
    format!("/people/{agent}")
}

/// Whoever comes to the address of a form, for instance by choosing another language on its answer, gets the page with it.
pub async fn back(Path(agent): Path<String>) -> Redirect {
    Redirect::to(&path_of(&agent.into()))
}

/// Who is signed in, or the way to the sign-in.
#[expect(clippy::result_large_err, reason = "the answer that is sent instead")]
pub(crate) fn signed_in(parts: &Parts) -> Result<Session, Response> {
    let session = parts.extensions.get::<SignedIn>().and_then(|SignedIn(session)| session.clone());
    session.ok_or_else(|| Redirect::to("/sign-in").into_response())
}

/// The database did not do it; the reader is told to try again.
pub(crate) fn trouble(error: &StoreError) -> Fault {
    tracing::error!(%error, "a form was not saved");
    Fault::Unavailable
}

/// The person whose page this is, if whoever asks may do this to them. `Ok(None)` when nobody here has this id.
async fn authorised(
    deps: &Deps,
    session: &Session,
    agent: &AgentId,
    change: Change,
) -> Result<Option<(Account, Vec<Account>)>, Fault> {
    let everyone = deps.store.accounts(&session.workspace).await.map_err(|error| trouble(&error))?;
    let Some(account) = everyone.iter().find(|account| account.profile.id == *agent).cloned() else {
        return Ok(None);
    };
    may_change(&everyone, &session.agent, agent, change)?;
    Ok(Some((account, everyone)))
}

/// How the workspace's people write numbers.
pub(crate) async fn plan(deps: &Deps, session: &Session) -> Result<DialPlan, Fault> {
    if let Some(tenant) = deps.tenants.of(&session.workspace).await {
        return Ok(DialPlan::clone(&tenant.dial_plan));
    }
    let workspaces = deps.store.workspaces().await.map_err(|error| trouble(&error))?;
    let home = workspaces.iter().find(|workspace| workspace.id == session.workspace);
    let country = home.map_or("", |workspace| &workspace.country);
    DialPlan::new(country, [country]).map_err(|_| Fault::Unavailable)
}

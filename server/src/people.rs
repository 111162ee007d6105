//! Adding, changing and deactivating people. Each form is authorised by the rules of `switchyard::people`, and the floor
//! follows.

mod add;
mod calls;
mod edit;
mod leave;
mod link;
mod seats;

use axum::{extract::Path, response::Redirect};
use switchyard::{
    agent::Role,
    audit::Actor,
    dialing::DialPlan,
    id::{AgentId, WorkspaceId},
    people::{
        Account, Change, Fallback, Fault, may_change, may_invite, operator_may_change, program_may_change,
        program_may_invite,
    },
    ports::{Session, StoreError},
};

pub use self::{
    add::add,
    calls::calls,
    edit::edit,
    leave::{deactivate, reactivate},
    link::link,
    seats::{FOLLOW_EVERY, follow, seat_everyone},
};
pub(crate) use self::{
    add::{invite, new_id},
    edit::{change_in_turn, give_role},
    leave::carry_out,
    link::{LINK_SECS, belongs_elsewhere, is_by_operator, make_link},
    seats::seat,
};
use crate::{numbers, twilio::setup::Setup};

/// Who changes the people of a workspace. Whoever does holds the turn meanwhile (`Deps::people`), and lets the floor follow.
#[derive(Clone, Copy)]
pub(crate) enum By<'a> {
    /// Somebody who is signed in.
    Colleague(&'a Session),
    /// A program with a token of theirs.
    Program(&'a Session),
    /// Whoever runs the installation.
    Operator(&'a WorkspaceId),
}

impl By<'_> {
    pub(crate) fn workspace(&self) -> &WorkspaceId {
        match self {
            Self::Colleague(session) | Self::Program(session) => &session.workspace,
            Self::Operator(workspace) => workspace,
        }
    }

    /// As the audit log knows them.
    pub(crate) fn actor(&self) -> Actor {
        match self {
            Self::Colleague(session) | Self::Program(session) => (*session).into(),
            Self::Operator(_) => Actor::Command,
        }
    }

    fn may_invite(self, everyone: &[Account], role: Role) -> Result<(), Fault> {
        // The role as it is now: the session's may be a moment old.
        let now = |session: &Session| {
            let mine = everyone.iter().find(|account| account.profile.id == session.agent);
            mine.map_or(Role::Agent, |account| account.profile.role)
        };
        match self {
            Self::Colleague(session) => may_invite(now(session), role),
            Self::Program(session) => program_may_invite(now(session), role),
            Self::Operator(_) => Ok(()),
        }
    }

    fn may_change(self, everyone: &[Account], whom: &AgentId, change: Change) -> Result<(), Fault> {
        match self {
            Self::Colleague(session) => may_change(everyone, &session.agent, whom, change),
            Self::Program(session) => program_may_change(everyone, &session.agent, whom, change),
            Self::Operator(_) => operator_may_change(everyone, whom, change),
        }
    }
}

/// Where somebody's own page is.
fn path_of(agent: &AgentId) -> String {
    format!("/people/{agent}")
}

/// Whoever comes to the address of a form, for instance by choosing another language on its answer, gets the page with it.
pub async fn back(Path(agent): Path<String>) -> Redirect {
    Redirect::to(&path_of(&agent.into()))
}

/// The database did not do it; the reader is told to try again.
pub(crate) fn trouble(error: &StoreError) -> Fault {
    tracing::error!(%error, "a form was not saved");
    Fault::Unavailable
}

/// The person whose page this is, if whoever asks may do this to them. `Ok(None)` when nobody here has this id.
async fn authorised(
    setup: &Setup,
    by: By<'_>,
    agent: &AgentId,
    change: Change,
) -> Result<Option<(Account, Vec<Account>)>, Fault> {
    let everyone = setup.store.accounts(by.workspace()).await.map_err(|error| trouble(&error))?;
    let Some(account) = everyone.iter().find(|account| account.profile.id == *agent).cloned() else {
        return Ok(None);
    };
    by.may_change(&everyone, agent, change)?;
    Ok(Some((account, everyone)))
}

/// Refuses one of the workspace's own numbers as somebody's phone: the floor would call itself.
pub(crate) async fn not_ours(setup: &Setup, workspace: &WorkspaceId, fallback: &Fallback) -> Result<(), Fault> {
    let Fallback::Mobile(number) = fallback else { return Ok(()) };
    match numbers::is_ours(&*setup.store, workspace, number).await {
        Ok(false) => Ok(()),
        Ok(true) => Err(Fault::MobileOurs),
        Err(error) => Err(trouble(&error)),
    }
}

/// How the workspace's people write numbers.
pub(crate) async fn plan(setup: &Setup, workspace: &WorkspaceId) -> Result<DialPlan, Fault> {
    if let Some(tenant) = setup.tenants.of(workspace).await {
        return Ok(DialPlan::clone(&tenant.dial_plan));
    }
    let workspaces = setup.store.workspaces().await.map_err(|error| trouble(&error))?;
    let home = workspaces.iter().find(|home| home.id == *workspace);
    let country = home.map_or("", |workspace| &workspace.country);
    DialPlan::new(country, [country]).map_err(|_| Fault::Unavailable)
}

//! The people of the workspace, for pages that stay on the server.

use std::sync::Arc;

use switchyard::{
    dialing::DialPlan,
    people::Account,
    ports::{Session, Workspace},
    rights::Right,
};

use super::{AskError, visit::Visit};

/// Everyone in the workspace, and who looks.
pub(crate) struct Staff {
    /// By extension.
    pub(crate) everyone: Vec<Account>,
    /// Who looks.
    pub(crate) session: Session,
    /// How they write numbers.
    pub(crate) plan: Arc<DialPlan>,
}

impl Staff {
    /// Somebody in the workspace.
    pub(crate) fn person(&self, agent: &str) -> Option<&Account> {
        self.everyone.iter().find(|account| account.profile.id.as_str() == agent)
    }
}

/// Everyone in the workspace. `Ok(None)` for those who may not know.
pub(crate) async fn staff(right: Right) -> Result<Option<Staff>, AskError> {
    let (visit, session) = Visit::signed_in()?;
    if !session.role.may(right) {
        return Ok(None);
    }
    let everyone = visit.store.accounts(&session.workspace).await.map_err(|_| AskError::Unavailable)?;
    let plan = visit.plan(&session.workspace).await?;
    Ok(Some(Staff { everyone, session, plan }))
}

/// The account of whoever looks.
pub(crate) async fn own_account() -> Result<Account, AskError> {
    let (visit, Session { workspace, agent, .. }) = Visit::signed_in()?;
    let account = visit.store.account(&workspace, &agent).await.map_err(|_| AskError::Unavailable)?;
    account.ok_or(AskError::SignedOut)
}

/// Whether somebody belongs, or is invited, to another workspace too: then their address is not this one's to change.
pub(crate) async fn is_shared(account: &Account) -> bool {
    let Ok(visit) = Visit::current() else { return false };
    visit.store.accounts_of(&account.email).await.is_ok_and(|accounts| accounts.len() > 1)
}

/// The workspaces of whoever looks, by id and name, the present one first. What cannot be had is not shown.
pub(crate) async fn workspace_names() -> Vec<(String, String)> {
    let Ok((visit, Session { workspace, agent, .. })) = Visit::signed_in() else { return Vec::new() };
    let mut workspaces = visit.store.workspaces_of(&workspace, &agent).await.unwrap_or_default();
    workspaces.sort_by_key(|other| other.id != workspace);
    workspaces.into_iter().map(|Workspace { id, name, .. }| (id.to_string(), name)).collect()
}

/// What a link that was handed over is for.
pub(crate) struct Invitation {
    /// Whose it is.
    pub(crate) account: Account,
    /// Where it leads.
    pub(crate) workspace: String,
    /// Whether they sign in elsewhere already, with a password.
    pub(crate) known: bool,
}

/// What the link with this token is for; `None` when it is worth nothing.
pub(crate) async fn invitation(token: &str) -> Result<Option<Invitation>, AskError> {
    let visit = Visit::current()?;
    let unavailable = |_| AskError::Unavailable;
    let hashed = (visit.hash)(token);
    let Some(account) = visit.store.link(&hashed, visit.clock.now()).await.map_err(unavailable)? else {
        return Ok(None);
    };
    let workspaces = visit.store.workspaces().await.map_err(unavailable)?;
    let workspace = workspaces.into_iter().find(|workspace| workspace.id == account.workspace);
    let known = visit.store.password(&account.email).await.map_err(unavailable)?.is_some();
    Ok(Some(Invitation { workspace: workspace.map(|workspace| workspace.name).unwrap_or_default(), known, account }))
}

/// Whether there is a workspace on this installation.
pub(crate) async fn is_founded() -> bool {
    match Visit::current() {
        Ok(visit) => visit.store.workspaces().await.is_ok_and(|workspaces| !workspaces.is_empty()),
        Err(_) => true,
    }
}

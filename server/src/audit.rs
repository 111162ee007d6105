//! Noting in the audit log what people do as administrators.

use switchyard::{
    audit::{Actor, Change, Deed, Entry},
    id::WorkspaceId,
    ports::Session,
};

use crate::{state::Deps, twilio::setup::Setup};

impl Deps {
    /// Notes what somebody who is signed in has done.
    pub(crate) async fn note(&self, session: &Session, deed: Deed, subject: &str, changes: Vec<Change>) {
        let by = Actor::Person { id: session.agent.clone(), name: session.name.clone() };
        self.setup.note(&session.workspace, by, deed, subject, changes).await;
    }
}

impl Setup {
    /// Notes what was done. It is done already: a log that cannot be written undoes nothing, and is complained about where
    /// the operator looks.
    pub async fn note(
        &self,
        workspace: &WorkspaceId,
        by: Actor,
        deed: Deed,
        subject: impl Into<String>,
        changes: Vec<Change>,
    ) {
        let entry = Entry { at: self.clock.now(), by, deed, subject: subject.into(), changes };
        if let Err(error) = self.store.note(workspace, &entry).await {
            tracing::error!(%workspace, %error, ?entry, "not noted in the audit log");
        }
    }
}

//! Noting in the audit log what people do as administrators.

use switchyard::{
    audit::{Actor, Change, Deed, Entry},
    id::{AgentId, WorkspaceId},
    people::Account,
    ports::Session,
};

use crate::{state::Deps, twilio::setup::Setup};

/// To whom or what something was done.
pub struct About {
    subject: String,
    whom: Option<AgentId>,
}

impl From<&str> for About {
    fn from(subject: &str) -> Self {
        Self { subject: subject.to_owned(), whom: None }
    }
}

impl From<&String> for About {
    fn from(subject: &String) -> Self {
        subject.as_str().into()
    }
}

impl From<&Account> for About {
    fn from(account: &Account) -> Self {
        Self { subject: account.profile.name.clone(), whom: Some(account.profile.id.clone()) }
    }
}

impl Deps {
    /// Notes what somebody who is signed in has done.
    pub(crate) async fn note(&self, session: &Session, deed: Deed, about: impl Into<About>, changes: Vec<Change>) {
        self.setup.note(&session.workspace, session.into(), deed, about, changes).await;
    }
}

impl Setup {
    /// The same, for somebody: what is done with it is noted as theirs.
    #[must_use]
    pub fn acting(&self, by: impl Into<Actor>) -> Self {
        Self { by: by.into(), ..self.clone() }
    }

    /// Notes what was just done, by whomever this acts for: before anything else is tried that may fail.
    pub(crate) async fn done(
        &self,
        workspace: &WorkspaceId,
        deed: Deed,
        about: impl Into<About>,
        changes: Vec<Change>,
    ) {
        self.note(workspace, self.by.clone(), deed, about, changes).await;
    }

    /// Notes what was done. It is done already: a log that cannot be written undoes nothing, and is complained about where
    /// the operator looks.
    pub async fn note(
        &self,
        workspace: &WorkspaceId,
        by: Actor,
        deed: Deed,
        about: impl Into<About>,
        changes: Vec<Change>,
    ) {
        let About { subject, whom } = about.into();
        let entry = Entry { at: self.clock.now(), by, deed, subject, whom, changes };
        if let Err(error) = self.store.note(workspace, &entry).await {
            tracing::error!(%workspace, %error, ?entry, "not noted in the audit log");
        }
    }
}

//! The audit log: what people did as administrators, commands among them, and what the server noted of itself.

mod changes;

use serde::{Deserialize, Serialize};

use self::changes::property;
pub use self::changes::{Known, between, connection_differences, differences, number_differences, repaired, ringing};
use crate::{
    drift::{Findings, Problem},
    id::AgentId,
    ports::Session,
    time::Timestamp,
};

/// One thing that was done. Entries are only ever added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// What.
    pub deed: Deed,
    /// To whom or what, as it was called then.
    pub subject: String,
    /// To which person of the workspace, if it was one: names change, and two may share one.
    pub whom: Option<AgentId>,
    /// What is different since.
    pub changes: Vec<Change>,
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who was signed in.
    Person {
        /// Who.
        id: AgentId,
        /// As they were called then.
        name: String,
    },
    /// An operator, at the command line.
    Command,
    /// The server itself, by the clock.
    Server,
}

impl From<&Session> for Actor {
    fn from(session: &Session) -> Self {
        Self::Person { id: session.agent.clone(), name: session.name.clone() }
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// The workspace was made.
    WorkspaceFounded,
    /// The workspace was given another name.
    WorkspaceRenamed,
    /// Somebody was invited.
    PersonInvited,
    /// What is known of somebody was changed.
    PersonChanged,
    /// Somebody was given a way in: an invitation, or a new password.
    LinkMade,
    /// Somebody came in by their link.
    LinkUsed,
    /// Somebody belongs to the workspace no more.
    PersonDeactivated,
    /// Somebody belongs to it again.
    PersonReactivated,
    /// Somebody changed their own password.
    PasswordChanged,
    /// Somebody signed out everywhere.
    SignedOutEverywhere,
    /// The workspace was connected with Twilio.
    TwilioConnected,
    /// Which numbers ring here was chosen.
    NumbersChosen,
    /// What a number is called, who answers it or when was changed.
    NumberChanged,
    /// A number was bought.
    NumberBought,
    /// A number was given back.
    NumberReleased,
    /// The time zone of opening hours was changed.
    ZoneChanged,
    /// A number that is gone from Twilio was forgotten.
    NumberForgotten,
    /// Numbers were put back as they were before.
    NumbersRestored,
    /// What differed at Twilio was put right.
    TwilioRepaired,
    /// A new API key replaced the last one.
    KeyReplaced,
    /// Another auth token was made, and was not put in the place of the last one: both are believed.
    TokenMade,
    /// A new auth token replaced the last one.
    TokenReplaced,
    /// What is stored sealed was sealed anew with another key.
    SecretsResealed,
    /// A token for the API was made.
    ApiTokenMade,
    /// A token for the API is worth nothing any more.
    ApiTokenRevoked,
    /// An address that is told of events was added.
    WebhookAdded,
    /// What it is called, where it is or what it is told of was changed.
    WebhookChanged,
    /// It is told of events again.
    WebhookSwitchedOn,
    /// It is told nothing any more; the server does so when it is gone or takes nothing for days.
    WebhookSwitchedOff,
    /// It was removed.
    WebhookRemoved,
    /// A new secret replaced the one that its messages are signed with.
    WebhookSecretReplaced,
    /// A message was sent to it to try it.
    WebhookTested,
    /// What it had been sent, or had not taken, was sent once more.
    WebhookSentAgain,
    /// What is kept of one person was given out.
    DataExported,
    /// How long the history is kept was changed.
    RetentionChanged,
    /// A message that was left for somebody else was deleted.
    MessageDeleted,
    /// Somebody outside was erased.
    ContactErased,
    /// Somebody who had belonged to the workspace was erased.
    PersonErased,
    /// Everything in the database, of all workspaces, was given out as a backup.
    BackupMade,
    /// Everything is as it was in a backup.
    BackupRestored,
    /// Twilio was found to differ from what should be.
    DriftFound,
}

/// Something that is different since. Where neither is told it was a secret, which is another one now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What, by its name in forms or at Twilio.
    pub what: String,
    /// As it was; `None` when it was not there, or is not told.
    pub before: Option<String>,
    /// As it is.
    pub after: Option<String>,
}

impl Change {
    /// Something was changed from one value to another.
    pub fn new(what: &str, before: Option<&str>, after: Option<&str>) -> Self {
        Self { what: what.to_owned(), before: before.map(str::to_owned), after: after.map(str::to_owned) }
    }
}

/// What a comparison with the carrier found that the one before had not: ours and theirs of each property, and in words what
/// else is wrong. That it could not be asked is no finding.
pub fn news(findings: &Findings) -> Vec<Change> {
    let is_new = |since: &Timestamp| *since == findings.at;
    let found = |problem: &Problem| !matches!(problem, Problem::Unreachable | Problem::Refused { .. });
    let problems = findings.problems.iter().filter(|(problem, since)| is_new(since) && found(problem));
    let differences = findings.differences.iter().filter(|one| is_new(&one.since));
    problems
        .map(|(problem, _)| Change::new("problem", None, Some(&problem.to_string())))
        .chain(differences.map(|one| Change::new(&property(one), Some(&one.ours), Some(&one.theirs))))
        .collect()
}

//! The audit log: what people did as administrators, commands among them, and what the server noted of itself.

use serde::{Deserialize, Serialize};

use crate::{
    drift::{Findings, Problem, Subject},
    id::AgentId,
    people::{Account, Fallback, Language},
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
    /// A number that is gone from Twilio was forgotten.
    NumberForgotten,
    /// Numbers were put back as they were before.
    NumbersRestored,
    /// What differed at Twilio was put right.
    TwilioRepaired,
    /// A new API key replaced the last one.
    KeyReplaced,
    /// A new auth token replaced the last one.
    TokenReplaced,
    /// Twilio was found to differ from what should be.
    DriftFound,
}

/// Something that is different since.
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

/// What is different between two accounts of somebody, or is set for somebody new.
pub fn differences(before: Option<&Account>, after: &Account) -> Vec<Change> {
    let old = before.map(known).unwrap_or_default();
    known(after)
        .into_iter()
        .enumerate()
        .filter_map(|(at, (what, new))| {
            let old = old.get(at).and_then(|(_, value)| value.as_deref());
            (old != new.as_deref()).then(|| Change::new(what, old, new.as_deref()))
        })
        .collect()
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
        .chain(differences.map(|one| {
            let subject = match &one.subject {
                Subject::Application => "",
                Subject::Number(number) => number,
            };
            Change::new([subject, &one.field].join(" ").trim(), Some(&one.ours), Some(&one.theirs))
        }))
        .collect()
}

/// What is known of somebody, by the names of the form's fields.
fn known(account: &Account) -> Vec<(&'static str, Option<String>)> {
    vec![
        ("name", Some(account.profile.name.clone())),
        ("email", Some(account.email.clone())),
        ("extension", Some(account.profile.extension.clone())),
        ("role", Some(account.profile.role.code().to_owned())),
        ("language", account.language.map(|language| Language::code(language).to_owned())),
        (
            "fallback",
            match &account.fallback {
                Fallback::Nowhere => None,
                Fallback::Voicemail => Some("voicemail".to_owned()),
                Fallback::Mobile(number) => Some(number.clone()),
            },
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::{Profile, Role};

    fn ana() -> Account {
        Account {
            workspace: "salon".into(),
            profile: Profile { id: "ana".into(), name: "Ana".into(), extension: "101".into(), role: Role::Agent },
            email: "ana@salon.example".into(),
            language: None,
            fallback: Fallback::Nowhere,
            joined: None,
            deactivated: None,
        }
    }

    #[test]
    fn only_what_was_changed_is_noted() {
        assert_eq!(differences(Some(&ana()), &ana()), []);
        let mut changed = ana();
        (changed.profile.role, changed.fallback) = (Role::Admin, Fallback::Mobile("+40722000001".into()));
        assert_eq!(
            differences(Some(&ana()), &changed),
            [Change::new("role", Some("agent"), Some("admin")), Change::new("fallback", None, Some("+40722000001"))]
        );
    }

    #[test]
    fn of_somebody_new_everything_that_is_set_is_noted() {
        let set: Vec<String> = differences(None, &ana()).into_iter().map(|change| change.what).collect();
        assert_eq!(set, ["name", "email", "extension", "role"]);
    }
}

//! The audit log: what people did as administrators, commands among them, and what the server noted of itself.

use serde::{Deserialize, Serialize};

use crate::{
    drift::{Findings, Problem, Subject},
    id::AgentId,
    numbers::Number,
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
    /// A new auth token replaced the last one.
    TokenReplaced,
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
    /// What is kept of one person was given out.
    DataExported,
    /// How long the history is kept was changed.
    RetentionChanged,
    /// How the floor rings, parks and limits calls was changed.
    FloorConfigured,
    /// A message that was left for somebody else was deleted.
    MessageDeleted,
    /// Somebody outside was erased.
    ContactErased,
    /// Somebody who had belonged to the workspace was erased.
    PersonErased,
    /// Twilio was found to differ from what should be.
    DriftFound,
    /// What differed is right as it is.
    DriftAccepted,
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

/// What is different between a number as it was and as it is, by the names of the form's fields.
pub fn number_differences(before: &Number, after: &Number, everyone: &[Account]) -> Vec<Change> {
    let names = |number: &Number| {
        let agents = number.answered_by.as_ref()?;
        let answering = everyone.iter().filter(|account| agents.contains(&account.profile.id));
        Some(answering.map(|account| account.profile.name.as_str()).collect::<Vec<_>>().join(", "))
    };
    let known = |number: &Number| {
        [
            ("name", Some(number.label.clone())),
            ("answers", names(number)),
            ("hours", number.hours.as_ref().map(ToString::to_string)),
            ("default", number.is_default.then(|| number.number.clone())),
        ]
    };
    let pairs = known(before).into_iter().zip(known(after));
    pairs
        .filter(|((_, old), (_, new))| old != new)
        .map(|((what, old), (_, new))| Change::new(what, old.as_deref(), new.as_deref()))
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
        ("caller_id", account.caller_id.clone()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        agent::{Profile, Role},
        hours::{Hours, Span},
    };

    fn ana() -> Account {
        Account {
            workspace: "salon".into(),
            profile: Profile { id: "ana".into(), name: "Ana".into(), extension: "101".into(), role: Role::Agent },
            email: "ana@salon.example".into(),
            language: None,
            fallback: Fallback::Nowhere,
            caller_id: None,
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
    fn of_a_number_it_is_noted_who_answers_and_when() {
        let before = Number::named("+40312345678", "Bookings");
        assert_eq!(number_differences(&before, &before, &[ana()]), []);
        let mut hours = Hours::default();
        hours.0[0] = vec![Span { from: 540, to: 1020 }];
        hours.0[1] = hours.0[0].clone();
        let answered_by = Some([AgentId::from("ana")].into());
        let after = Number { answered_by, hours: Some(hours), is_default: true, ..before.clone() };
        assert_eq!(
            number_differences(&before, &after, &[ana()]),
            [
                Change::new("answers", None, Some("Ana")),
                Change::new("hours", None, Some("mon–tue 09:00–17:00")),
                Change::new("default", None, Some("+40312345678")),
            ]
        );
    }

    #[test]
    fn of_somebody_new_everything_that_is_set_is_noted() {
        let set: Vec<String> = differences(None, &ana()).into_iter().map(|change| change.what).collect();
        assert_eq!(set, ["name", "email", "extension", "role"]);
    }
}

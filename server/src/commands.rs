//! What an operator does at the command line besides serving. Exit codes are for scheduled jobs: 0 it is done, or everything
//! is right; 1 it was refused, or something is not right; 2 it could not be done or found out.

mod database;
mod gdpr;
mod people;
mod retention;
mod workspaces;

use serde_json::json;
use switchyard::{
    audit::Actor,
    drift::{Difference, Findings, Subject},
    id::WorkspaceId,
};

pub use self::{
    database::{backup, make_folder, migrate, restore},
    gdpr::gdpr,
    people::user,
    retention::retention,
    workspaces::workspace,
};
use crate::{
    config::TwilioDeed,
    twilio::setup::{Setup, SetupError},
    webhooks,
};

/// Done, or everything is right.
pub const RIGHT: u8 = 0;
/// Refused, or something is not right.
pub const WRONG: u8 = 1;
/// It could not be done, or found out.
pub const UNKNOWN: u8 = 2;

/// What a command has to say, for people and for programs.
#[derive(Debug)]
pub struct Said {
    /// For people.
    pub text: String,
    /// For programs.
    pub json: serde_json::Value,
    /// The exit code.
    pub code: u8,
}

impl Said {
    fn done(text: impl Into<String>, json: serde_json::Value) -> Self {
        Self { text: text.into(), json, code: RIGHT }
    }

    fn refused(why: impl Into<String>) -> Self {
        let text = why.into();
        Self { json: json!({ "error": text }), text, code: WRONG }
    }

    /// As it is printed.
    pub fn print(&self, as_json: bool) -> String {
        if as_json { self.json.to_string() } else { self.text.clone() }
    }
}

/// `switchyard twilio …`: compares a workspace with Twilio, sets it up, or puts its numbers back. Gives what is to be
/// printed, and the exit code.
pub async fn twilio(setup: &Setup, deed: TwilioDeed, workspace: &WorkspaceId, as_json: bool) -> (String, u8) {
    match done(&setup.acting(Actor::Command), deed, workspace).await {
        Ok(Done::Compared(findings)) => {
            let text = if as_json { json_of(workspace, &findings) } else { text_of(workspace, &findings) };
            (text, code(&findings))
        }
        Ok(Done::PutBack { gone }) => {
            let text = if as_json {
                json!({ "workspace": workspace, "right": gone.is_empty(), "gone": gone }).to_string()
            } else if gone.is_empty() {
                format!("{workspace}: the numbers are as they were before")
            } else {
                format!(
                    "{workspace}: the account no longer has {}; the other numbers are as they were before",
                    gone.join(", ")
                )
            };
            (text, if gone.is_empty() { RIGHT } else { WRONG })
        }
        Err(error) => {
            let text = if as_json {
                json!({ "workspace": workspace, "error": error.word(), "message": error.to_string() }).to_string()
            } else {
                format!("{workspace}: {error}")
            };
            (text, UNKNOWN)
        }
    }
}

/// `switchyard secrets rotate`: a new key in the key file, and everything sealed with it. Keys that the environment gives
/// are changed there, a new one before the others, and then this seals everything with the new one.
///
/// # Errors
/// A secret cannot be opened, or the database or the file cannot be written.
pub async fn rotate_secrets(setup: &Setup) -> Result<String, SetupError> {
    let (setup, vault) = (setup.acting(Actor::Command), &setup.tenants.vault);
    let begun = vault.add_key()?;
    let workspaces = setup.reseal().await?;
    let endpoints = webhooks::reseal(&setup).await?;
    vault.drop_old_keys(begun)?;
    Ok(format!("the secrets of {workspaces} workspaces and {endpoints} webhooks are sealed with the new key"))
}

/// What came of it.
enum Done {
    Compared(Findings),
    /// And these numbers could not be, because the account has them no more.
    PutBack {
        gone: Vec<String>,
    },
}

async fn done(setup: &Setup, deed: TwilioDeed, workspace: &WorkspaceId) -> Result<Done, SetupError> {
    // A command that was not told where the server is would find that everything points elsewhere, and say so on the pages.
    setup.reachable()?;
    Ok(match deed {
        TwilioDeed::Verify => Done::Compared(setup.check(workspace).await?),
        TwilioDeed::Configure => Done::Compared(setup.configure(workspace).await?),
        TwilioDeed::Restore => Done::PutBack { gone: setup.restore(workspace).await? },
    })
}

fn code(findings: &Findings) -> u8 {
    match (findings.is_known(), findings.is_right()) {
        (false, _) => UNKNOWN,
        (true, true) => RIGHT,
        (true, false) => WRONG,
    }
}

fn json_of(workspace: &WorkspaceId, findings: &Findings) -> String {
    json!({ "workspace": workspace, "right": findings.is_right(), "findings": findings }).to_string()
}

fn text_of(workspace: &WorkspaceId, findings: &Findings) -> String {
    if findings.is_right() {
        return format!("{workspace}: everything is as it should be at Twilio");
    }
    let mut lines = vec![format!("{workspace}: not as it should be at Twilio")];
    lines.extend(findings.problems.iter().map(|(problem, _)| format!("  {problem}")));
    lines.extend(findings.differences.iter().map(|one| {
        let hint = if one.acceptable { " (if that is right, accept it on the settings page)" } else { "" };
        format!("  {}{hint}", difference(one))
    }));
    let unseen = &findings.unseen;
    lines.extend(unseen.problems.iter().map(|(problem, _)| format!("  before, and not seen now: {problem}")));
    lines.extend(unseen.differences.iter().map(|one| format!("  before, and not seen now: {}", difference(one))));
    lines.join("\n")
}

fn difference(one: &Difference) -> String {
    let subject = match &one.subject {
        Subject::Application => "application",
        Subject::Number(number) => number,
    };
    format!("{subject} {}: {:?} instead of {:?}", one.field, one.theirs, one.ours)
}

#[cfg(test)]
mod tests {
    use switchyard::{drift::Problem, time::Timestamp};

    use super::*;

    #[test]
    fn scheduled_jobs_can_tell_right_from_wrong_from_unknown() {
        let findings = |problems| Findings::new(Timestamp(0), problems, Vec::new(), None);
        assert_eq!(code(&findings(Vec::new())), 0);
        assert_eq!(code(&findings(vec![Problem::Suspended])), 1);
        assert_eq!(code(&findings(vec![Problem::Unreachable])), 2);
        let words = text_of(&"salon".into(), &findings(vec![Problem::ApplicationGone]));
        assert!(words.contains("application is gone"), "{words}");
    }
}

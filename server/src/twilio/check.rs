//! Comparing what is so at Twilio with what should be: on a schedule, on demand, and after every change of ours.

use std::time::Duration;

use switchyard::{
    audit::{Actor, Deed, news},
    drift::{Difference, Findings, Part, Problem, Subject},
    id::WorkspaceId,
    ports::{ConnectedNumber, Connection},
};
use tokio::time::{MissedTickBehavior, interval};

use super::{
    client::ApiError,
    drift::Wanted,
    setup::{Setup, SetupError, before},
};
use crate::urls::Urls;

/// How often everything is compared.
pub const EVERY: Duration = Duration::from_mins(15);

/// Compares every workspace with Twilio until the process ends, the first time at once.
pub async fn run(setup: Setup, every: Duration) {
    let mut rounds = interval(every);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        let connections = setup.store.connections().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "nothing could be compared with Twilio");
            Vec::new()
        });
        for Connection { workspace, .. } in &connections {
            match setup.check(workspace).await {
                Ok(findings) if findings.is_right() => {}
                Ok(findings) => {
                    let (problems, differences) = (findings.problems.len(), findings.differences.len());
                    tracing::warn!(%workspace, problems, differences, "not as it should be at Twilio");
                }
                Err(error) => tracing::warn!(%workspace, %error, "could not be compared with Twilio"),
            }
        }
    }
}

/// What a look at Twilio showed.
#[derive(Default)]
struct Look {
    problems: Vec<Problem>,
    differences: Vec<Difference>,
    /// It came only to here.
    unseen_from: Option<Part>,
}

impl Look {
    /// Something is wrong, and nothing can be looked at from here on.
    fn ends_at(&mut self, part: Part, problem: Problem) {
        self.problems.push(problem);
        self.unseen_from = Some(part);
    }

    /// Whether Twilio has everything that we would tell it.
    fn finds_all_told(&self) -> bool {
        self.unseen_from.is_none()
            && !self.problems.contains(&Problem::ApplicationGone)
            && !self.differences.iter().any(|one| one.repairable)
    }
}

impl Setup {
    /// Compares a workspace with Twilio, and keeps what is found, and what was known of what could not be looked at.
    pub async fn check(&self, workspace: &WorkspaceId) -> Result<Findings, SetupError> {
        let _turn = self.tenants.turn(workspace).await;
        let numbers = self.store.connected_numbers(workspace).await?;
        let mut last = self.findings(workspace).await?;
        if let Some(last) = &mut last {
            last.keep_numbers(|number| numbers.iter().any(|known| known.number == number));
        }
        let mut look = Look::default();
        let looked = async {
            let connection = self.settled(workspace).await?;
            self.look(&connection, numbers, &mut look).await?;
            Ok(connection)
        };
        let connection = match looked.await {
            Err(SetupError::Vault(error)) => {
                tracing::error!(%workspace, %error, "the stored credentials cannot be opened");
                look = Look::default();
                look.ends_at(Part::Account, Problem::Sealed);
                self.connection(workspace).await?
            }
            connection => connection?,
        };
        if connection.base_url != *self.public_url {
            if look.finds_all_told() {
                // Repaired one by one, or by somebody else.
                let told = |connection: &mut Connection| {
                    connection.base_url = self.public_url.to_string();
                    Ok(())
                };
                self.amend(&connection, told).await?;
            } else {
                let (from, to) = (connection.base_url, self.public_url.to_string());
                look.problems.insert(0, Problem::AddressChanged { from, to });
            }
        }
        let findings = Findings::new(self.clock.now(), look.problems, look.differences, last.as_ref());
        let findings = match (look.unseen_from, &last) {
            (Some(part), Some(last)) => findings.unseen_from(part, last),
            _ => findings,
        };
        // Noted first: who reads that something was found reads it in the log, too, and a crash in between notes it twice.
        let news = news(&findings);
        if !news.is_empty() {
            self.note(workspace, Actor::Server, Deed::DriftFound, "Twilio", news).await;
        }
        let text = serde_json::to_string(&findings).unwrap_or_default();
        self.store.put_findings(workspace, &text).await?;
        Ok(findings)
    }

    /// What the last comparison found. What cannot be read any more is as good as nothing.
    pub async fn findings(&self, workspace: &WorkspaceId) -> Result<Option<Findings>, SetupError> {
        let text = self.store.findings(workspace).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    async fn look(
        &self,
        connection: &Connection,
        numbers: Vec<ConnectedNumber>,
        look: &mut Look,
    ) -> Result<(), SetupError> {
        match self.tenants.owner(connection)?.account().await {
            Ok(account) => match account.get("status") {
                "suspended" => look.ends_at(Part::Key, Problem::Suspended),
                "closed" => look.ends_at(Part::Key, Problem::Closed),
                _ => self.look_further(connection, numbers, look).await?,
            },
            Err(error) => match problem(error) {
                unknown @ (Problem::Unreachable | Problem::Refused { .. }) => look.ends_at(Part::Account, unknown),
                // That says how the account is, too.
                known => look.ends_at(Part::Key, known),
            },
        }
        Ok(())
    }

    async fn look_further(
        &self,
        connection: &Connection,
        numbers: Vec<ConnectedNumber>,
        look: &mut Look,
    ) -> Result<(), SetupError> {
        let now = self.clock.now();
        let (client, revoked) = self.actor(connection).await?;
        match (&connection.key, revoked) {
            (_, Err(error)) => {
                look.ends_at(Part::Key, problem(error));
                return Ok(());
            }
            (None, Ok(_)) => look.problems.push(Problem::NoKey),
            (Some(key), Ok(true)) => look.problems.push(Problem::KeyRevoked { key: key.clone() }),
            (Some(_), Ok(false)) => {}
        }
        let Some(sid) = &connection.application else {
            look.ends_at(Part::Numbers, Problem::ApplicationGone);
            return Ok(());
        };
        match client.application(sid).await {
            Ok(Some(found)) => {
                let wanted = Wanted::application(&Urls::new(&self.public_url, &connection.workspace));
                look.differences.extend(wanted.compare(&Subject::Application, &found, now));
            }
            Ok(None) => look.problems.push(Problem::ApplicationGone),
            Err(error) => {
                look.ends_at(Part::Application, problem(error));
                return Ok(());
            }
        }
        let listed = match client.numbers().await {
            Ok(listed) => listed,
            Err(error) => {
                look.ends_at(Part::Numbers, problem(error));
                return Ok(());
            }
        };
        for known in numbers {
            let wanted = self.wanted(connection, &before(&known))?;
            match listed.iter().find(|number| number.get("phone_number") == known.number) {
                Some(found) => look.differences.extend(wanted.compare(&Subject::Number(known.number), found, now)),
                None => look.problems.push(Problem::NumberGone { number: known.number }),
            }
        }
        Ok(())
    }
}

/// What a failure says about the account.
fn problem(error: ApiError) -> Problem {
    match SetupError::from(error) {
        SetupError::WrongCredentials => Problem::TokenRefused,
        SetupError::Suspended => Problem::Suspended,
        SetupError::Refused { code, message } => Problem::Refused { code, message },
        _ => Problem::Unreachable,
    }
}

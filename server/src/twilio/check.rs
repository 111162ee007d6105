//! Comparing what is so at Twilio with what should be: on a schedule, on demand, and after every change of ours.

use std::time::Duration;

use switchyard::{
    audit::{Actor, Deed, news},
    drift::{Difference, Findings, Problem, Subject},
    id::WorkspaceId,
    ports::Connection,
};
use tokio::time::{MissedTickBehavior, interval};

use super::{
    client::ApiError,
    drift::Wanted,
    setup::{Setup, SetupError, before},
};
use crate::urls::Urls;

/// How often everything is compared.
const EVERY: Duration = Duration::from_mins(15);

/// Compares every workspace with Twilio until the process ends, the first time at once.
pub async fn run(setup: Setup) {
    let mut rounds = interval(EVERY);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        for tenant in setup.tenants.all().await {
            let workspace = &tenant.workspace;
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

impl Setup {
    /// Compares a workspace with Twilio, and keeps what is found.
    pub async fn check(&self, workspace: &WorkspaceId) -> Result<Findings, SetupError> {
        let connection = self.settled(workspace).await?;
        let last = self.findings(workspace).await?;
        let (problems, differences) = self.look(&connection).await?;
        let findings = Findings::new(self.clock.now(), problems, differences, last.as_ref());
        let text = serde_json::to_string(&findings).unwrap_or_default();
        self.store.put_findings(workspace, &text).await?;
        let news = news(&findings);
        if !news.is_empty() {
            self.note(workspace, Actor::Server, Deed::DriftFound, "Twilio", news).await;
        }
        Ok(findings)
    }

    /// What the last comparison found. What cannot be read any more is as good as nothing.
    pub async fn findings(&self, workspace: &WorkspaceId) -> Result<Option<Findings>, SetupError> {
        let text = self.store.findings(workspace).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    async fn look(&self, connection: &Connection) -> Result<(Vec<Problem>, Vec<Difference>), SetupError> {
        let status = match self.tenants.owner(connection)?.account().await {
            Ok(account) => account.get("status").to_owned(),
            Err(error) => return Ok((vec![problem(error)], Vec::new())),
        };
        match status.as_str() {
            "suspended" => return Ok((vec![Problem::Suspended], Vec::new())),
            "closed" => return Ok((vec![Problem::Closed], Vec::new())),
            _ => {}
        }
        let (mut problems, mut differences) = (Vec::new(), Vec::new());
        if connection.base_url != *self.public_url {
            problems
                .push(Problem::AddressChanged { from: connection.base_url.clone(), to: self.public_url.to_string() });
        }
        if let Err(error) = self.look_further(connection, &mut problems, &mut differences).await? {
            problems.push(problem(error));
        }
        Ok((problems, differences))
    }

    async fn look_further(
        &self,
        connection: &Connection,
        problems: &mut Vec<Problem>,
        differences: &mut Vec<Difference>,
    ) -> Result<Result<(), ApiError>, SetupError> {
        let now = self.clock.now();
        let (client, revoked) = self.actor(connection).await?;
        match &connection.key {
            None => problems.push(Problem::NoKey),
            Some(key) if revoked => problems.push(Problem::KeyRevoked { key: key.clone() }),
            Some(_) => {}
        }
        let Some(sid) = &connection.application else {
            problems.push(Problem::ApplicationGone);
            return Ok(Ok(()));
        };
        match client.application(sid).await {
            Ok(Some(found)) => {
                let wanted = Wanted::application(&Urls::new(&self.public_url, &connection.workspace));
                differences.extend(wanted.compare(&Subject::Application, &found, now));
            }
            Ok(None) => problems.push(Problem::ApplicationGone),
            Err(error) => return Ok(Err(error)),
        }
        let listed = match client.numbers().await {
            Ok(listed) => listed,
            Err(error) => return Ok(Err(error)),
        };
        for known in self.store.connected_numbers(&connection.workspace).await? {
            let wanted = self.wanted(connection, &before(&known))?;
            match listed.iter().find(|number| number.get("phone_number") == known.number) {
                Some(found) => differences.extend(wanted.compare(&Subject::Number(known.number), found, now)),
                None => problems.push(Problem::NumberGone { number: known.number }),
            }
        }
        Ok(Ok(()))
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

//! What cannot be repaired may be right as it is: then it is what a number is compared with from now on.

use switchyard::{
    audit::{Change, Deed},
    drift::{Difference, Subject},
    id::WorkspaceId,
    ports::ConnectedNumber,
};

use super::{Setup, SetupError, before};

impl Setup {
    /// Accepts a property of a number as somebody has seen it at Twilio, and compares anew. Gives the difference that it was;
    /// `None` when what they saw is not so any more, and nothing was accepted.
    pub async fn accept(
        &self,
        workspace: &WorkspaceId,
        number: &str,
        field: &str,
        seen: &str,
    ) -> Result<Option<Difference>, SetupError> {
        let subject = Subject::Number(number.to_owned());
        let last = self.check(workspace).await?;
        let is_it = |one: &Difference| one.acceptable && one.subject == subject && one.field == field;
        let accepted = last.differences.into_iter().find(|one| is_it(one) && one.theirs == seen);
        if let Some(one) = &accepted {
            // As it is now: another property may have been accepted meanwhile.
            let connected = self.store.connected_numbers(workspace).await?;
            let known = connected.iter().find(|known| known.number == number).ok_or(SetupError::NotConnected)?;
            let mut before = before(known);
            before.0.insert(one.field.clone(), one.theirs.clone());
            let before = serde_json::to_string(&before.0).unwrap_or_default();
            self.store.amend_number(workspace, &ConnectedNumber { number: number.to_owned(), before }).await?;
            let change = Change::new(field, Some(&one.ours), Some(&one.theirs));
            self.done(workspace, Deed::DriftAccepted, number, vec![change]).await;
            tracing::info!(%workspace, number, field, "accepted as it is at Twilio");
            self.check(workspace).await?;
        }
        Ok(accepted)
    }
}

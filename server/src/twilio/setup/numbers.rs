//! Numbers: pointed at the workspace's application, and put back as they were.

use std::collections::BTreeMap;

use switchyard::{
    audit::{Change, Deed, repaired, ringing},
    drift::{Difference, Subject},
    id::WorkspaceId,
    numbers::Number,
    ports::{ConnectedNumber, Connection},
};

use super::{Setup, SetupError, refers_to_nothing};
use crate::{
    twilio::{
        client::{Client, Resource},
        drift::Wanted,
    },
    urls::Urls,
};

/// Instead of findings, as long as there are none.
const NOTHING_FOUND: &str = "null";

impl Setup {
    /// These numbers of the account, E.164, come to us from now on, and no others: those that did are put back as they were.
    pub async fn choose(&self, workspace: &WorkspaceId, chosen: &[String]) -> Result<(), SetupError> {
        self.ring(workspace, chosen, Deed::NumbersChosen).await.map(drop)
    }

    /// Answers which numbers could not be put back, because the account has them no more.
    async fn ring(&self, workspace: &WorkspaceId, chosen: &[String], deed: Deed) -> Result<Vec<String>, SetupError> {
        self.reachable()?;
        let connection = self.connection(workspace).await?;
        let (client, _) = self.actor(&connection).await?;
        let connected = self.store.connected_numbers(workspace).await?;
        let changed = self.change_numbers(&connection, &client, &connected, chosen).await;
        // Also what was changed before something failed.
        let after = names(&self.store.connected_numbers(workspace).await?);
        if let Some(change) = ringing(&names(&connected), &after) {
            self.done(workspace, deed, &after.join(" "), vec![change]).await;
        }
        let gone = changed?;
        self.configure(workspace).await?;
        Ok(gone)
    }

    /// Takes in what is chosen and is not connected, and puts back what is connected and not chosen. Answers what of the
    /// latter is not there any more.
    async fn change_numbers(
        &self,
        connection: &Connection,
        client: &Client,
        connected: &[ConnectedNumber],
        chosen: &[String],
    ) -> Result<Vec<String>, SetupError> {
        let workspace = &connection.workspace;
        let mut gone = Vec::new();
        let listed = client.numbers().await?;
        for number in &listed {
            let name = number.get("phone_number");
            let is_new = connected.iter().all(|known| known.number != name);
            if is_new && chosen.iter().any(|one| one == name) {
                self.take(connection, number).await?;
            }
        }
        for known in connected.iter().filter(|known| !chosen.contains(&known.number)) {
            match listed.iter().find(|number| number.get("phone_number") == known.number) {
                Some(number) => {
                    put_back(client, number, &before(known)).await?;
                    tracing::info!(%workspace, number = known.number, "put back as it was");
                }
                None => gone.push(known.number.clone()),
            }
            self.store.forget_number(workspace, &known.number).await?;
        }
        Ok(gone)
    }

    /// Notes a number of the account that is to come to us. How it was is kept before anything is changed.
    pub(super) async fn take(&self, connection: &Connection, number: &Resource) -> Result<(), SetupError> {
        let workspace = &connection.workspace;
        let name = number.get("phone_number");
        let before = serde_json::to_string(&self.before_us(connection, number)?.0).unwrap_or_default();
        self.store.note_number(workspace, &ConnectedNumber { number: name.into(), before }).await?;
        if self.store.numbers(workspace).await?.iter().all(|known| known.number != name) {
            let label = Some(number.get("friendly_name")).filter(|label| !label.is_empty()).unwrap_or(name);
            self.store.put_number(workspace, &Number::named(name, label)).await?;
        }
        Ok(())
    }

    /// How a number was before it came to us. It may point here already: how it was was forgotten when it was thought to be
    /// gone, or is in no backup, and putting it back must not bring it here again.
    fn before_us(&self, connection: &Connection, number: &Resource) -> Result<Resource, SetupError> {
        let mut before = number.clone();
        if connection.application.is_some() {
            for address in [&*self.public_url, &connection.base_url] {
                wanted_at(address, connection, number)?.clear_of_ours(&mut before);
            }
        }
        Ok(before)
    }

    /// The numbers of the account, as Twilio has them.
    pub async fn listed(&self, connection: &Connection) -> Result<Vec<Resource>, SetupError> {
        let (client, _) = self.actor(connection).await?;
        Ok(client.numbers().await?)
    }

    /// Every number is put back as it was before it came to us. Answers which could not be, because the account has them no
    /// more.
    pub async fn restore(&self, workspace: &WorkspaceId) -> Result<Vec<String>, SetupError> {
        self.ring(workspace, &[], Deed::NumbersRestored).await
    }

    /// Points every number that should come to us at the application, where it does not, and adds to `changes` what it was
    /// and is.
    pub(super) async fn point_all(
        &self,
        workspace: &WorkspaceId,
        client: &Client,
        changes: &mut Vec<Change>,
    ) -> Result<(), SetupError> {
        let connection = self.connection(workspace).await?;
        let listed = client.numbers().await?;
        for known in self.store.connected_numbers(workspace).await? {
            let Some(number) = listed.iter().find(|number| number.get("phone_number") == known.number) else {
                continue;
            };
            let wanted = self.wanted(&connection, &before(&known))?;
            let subject = Subject::Number(known.number);
            let differs = wanted.compare(&subject, number, self.clock.now());
            if differs.iter().any(|difference| difference.repairable) {
                client.update_number(number.get("sid"), &wanted.form(None)).await?;
                changes.extend(repaired(&differs));
            }
        }
        Ok(())
    }

    /// Puts one property of a number right. Answers how the number differed before.
    pub(super) async fn repair_number(
        &self,
        connection: &Connection,
        client: &Client,
        number: &str,
        field: &str,
    ) -> Result<Vec<Difference>, SetupError> {
        let known = self.store.connected_numbers(&connection.workspace).await?;
        let known = known.iter().find(|known| known.number == number).ok_or(SetupError::NotConnected)?;
        let listed = client.numbers().await?;
        let Some(listed) = listed.iter().find(|listed| listed.get("phone_number") == number) else {
            return Ok(Vec::new());
        };
        let wanted = self.wanted(connection, &before(known))?;
        client.update_number(listed.get("sid"), &wanted.form(Some(field))).await?;
        Ok(wanted.compare(&Subject::Number(number.to_owned()), listed, self.clock.now()))
    }

    /// How a number should be that was so before.
    pub(in crate::twilio) fn wanted(&self, connection: &Connection, before: &Resource) -> Result<Wanted, SetupError> {
        wanted_at(&self.public_url, connection, before)
    }

    /// A number that vanished is looked after no more. One that is there after all is put back as it was.
    pub async fn forget_number(&self, workspace: &WorkspaceId, number: &str) -> Result<(), SetupError> {
        let connection = self.connection(workspace).await?;
        if self.listed(&connection).await?.iter().any(|listed| listed.get("phone_number") == number) {
            let mut others = names(&self.store.connected_numbers(workspace).await?);
            others.retain(|known| known != number);
            return self.choose(workspace, &others).await;
        }
        let without = self.without(workspace, number).await?;
        self.store.forget_number(workspace, number).await?;
        if let Some(change) = without {
            self.done(workspace, Deed::NumberForgotten, number, vec![change]).await;
        }
        self.check(workspace).await?;
        Ok(())
    }

    /// Which numbers ring here without this one, if it is one of them.
    pub(super) async fn without(&self, workspace: &WorkspaceId, number: &str) -> Result<Option<Change>, SetupError> {
        let before = names(&self.store.connected_numbers(workspace).await?);
        let after: Vec<String> = before.iter().filter(|known| *known != number).cloned().collect();
        Ok(ringing(&before, &after))
    }

    /// Before a workspace goes to another account, its numbers at the old one are put back where that is still possible.
    /// Answers which could not be.
    pub(super) async fn leave(&self, workspace: &WorkspaceId) -> Result<Vec<String>, SetupError> {
        if let Err(error) = self.restore(workspace).await {
            tracing::warn!(%workspace, %error, "numbers of the account before stay as they are");
        }
        let left = names(&self.store.connected_numbers(workspace).await?);
        for number in &left {
            self.store.forget_number(workspace, number).await?;
        }
        if let Some(change) = ringing(&left, &[]) {
            self.done(workspace, Deed::NumbersChosen, "", vec![change]).await;
        }
        // What was found in this account says nothing of the next one.
        self.store.put_findings(workspace, NOTHING_FOUND).await?;
        Ok(left)
    }
}

/// How a number should be that was so before, of a server at this address.
fn wanted_at(address: &str, connection: &Connection, before: &Resource) -> Result<Wanted, SetupError> {
    let application = connection.application.as_deref().ok_or(SetupError::NotConnected)?;
    let urls = Urls::new(address, &connection.workspace);
    Ok(Wanted::number(&urls, &connection.account, application, before))
}

/// What numbers are called, E.164.
fn names(numbers: &[ConnectedNumber]) -> Vec<String> {
    numbers.iter().map(|known| known.number.clone()).collect()
}

/// How a number was.
pub(in crate::twilio) fn before(known: &ConnectedNumber) -> Resource {
    Resource(serde_json::from_str::<BTreeMap<String, String>>(&known.before).unwrap_or_default())
}

async fn put_back(client: &Client, number: &Resource, before: &Resource) -> Result<(), SetupError> {
    let sid = number.get("sid");
    let wanted = Wanted::as_before(before);
    match client.update_number(sid, &wanted.form(None)).await {
        // The application that it had before is gone since: its own URLs are what is left.
        Err(error) if refers_to_nothing(&error) => {
            let form = wanted.form(None);
            let form: Vec<_> = form.into_iter().filter(|(name, _)| !name.ends_with("ApplicationSid")).collect();
            let cleared = [("VoiceApplicationSid", ""), ("SmsApplicationSid", "")];
            client.update_number(sid, &[&form[..], &cleared].concat()).await?;
            Ok(())
        }
        result => Ok(result.map(drop)?),
    }
}

//! What the settings page for Twilio shows.

use std::collections::BTreeMap;

use app::twilio::{Connected, ConnectionView, NumberView, Waiting};
use switchyard::{id::WorkspaceId, phone::is_e164};

use crate::twilio::{
    client::Resource,
    setup::{Setup, SetupError},
};

impl Connected for Setup {
    fn view<'a>(&'a self, workspace: &'a WorkspaceId) -> Waiting<'a, Result<Option<ConnectionView>, ()>> {
        Box::pin(async move {
            match look(self, workspace).await {
                Ok(view) => Ok(Some(view)),
                Err(SetupError::NotConnected) => Ok(None),
                Err(error) => {
                    tracing::error!(%workspace, %error, "the connection with Twilio cannot be shown");
                    Err(())
                }
            }
        })
    }
}

async fn look(setup: &Setup, workspace: &WorkspaceId) -> Result<ConnectionView, SetupError> {
    let connection = setup.connection(workspace).await?;
    let connected = setup.store.connected_numbers(workspace).await?;
    let labels: BTreeMap<String, String> =
        setup.store.numbers(workspace).await?.into_iter().map(|number| (number.number, number.label)).collect();
    let listed = setup.listed(&connection).await;
    let numbers = listed.map(|listed| {
        listed
            .iter()
            .filter(|number| is_e164(number.get("phone_number")))
            .map(|number| {
                let name = number.get("phone_number");
                let label = labels.get(name).map_or(number.get("friendly_name"), String::as_str);
                NumberView {
                    number: name.to_owned(),
                    label: label.to_owned(),
                    connected: connected.iter().any(|known| known.number == name),
                    texts: number.get("capabilities.sms") == "true",
                    elsewhere: elsewhere(number),
                }
            })
            .collect()
    });
    Ok(ConnectionView {
        account: connection.account,
        key: connection.key,
        application: connection.application,
        countries: connection.countries,
        numbers: numbers.ok(),
        findings: setup.findings(workspace).await?,
    })
}

/// Where a number's calls go.
fn elsewhere(number: &Resource) -> Option<String> {
    let all = ["trunk_sid", "voice_application_sid", "voice_url"].map(|name| number.get(name));
    all.into_iter().find(|value| !value.is_empty()).map(str::to_owned)
}

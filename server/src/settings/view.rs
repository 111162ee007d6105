//! What the settings pages for Twilio and for numbers show.

use std::collections::BTreeMap;

use app::{
    numbers::{Kind, Needs, NotTold, Offer, Offers, Price, Search},
    twilio::{Address, Connected, ConnectionView, NumberView, Waiting},
};
use switchyard::{id::WorkspaceId, phone::is_e164};

use crate::twilio::{
    client::Resource,
    setup::{Named, Setup, SetupError},
};

impl Connected for Setup {
    fn address(&self) -> Address {
        Address { url: self.public_url.to_string(), is_reached: self.reachable().is_ok() }
    }

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

    fn offers<'a>(&'a self, workspace: &'a WorkspaceId, search: &'a Search) -> Waiting<'a, Result<Offers, NotTold>> {
        Box::pin(async move {
            offers(self, workspace, search).await.map_err(|error| {
                tracing::warn!(%workspace, %error, "Twilio does not say which numbers there are");
                NotTold { word: error.word(), code: error.code() }
            })
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
    let other_token = setup.tenants.other_token(&connection).ok().flatten();
    Ok(ConnectionView {
        two_tokens: other_token.is_some_and(|other| other.until.is_none()),
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

fn named(kind: Kind) -> Named {
    let (path, price, regulation) = match kind {
        Kind::Local => ("Local", "local", "local"),
        Kind::Mobile => ("Mobile", "mobile", "mobile"),
        Kind::TollFree => ("TollFree", "toll free", "toll-free"),
    };
    Named { path, price, regulation }
}

async fn offers(setup: &Setup, workspace: &WorkspaceId, search: &Search) -> Result<Offers, SetupError> {
    // What people put between digits is no part of a pattern.
    let contains: String = search.contains.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '*').collect();
    let market = setup.market(workspace, &search.country, &named(search.kind), &contains).await?;
    let offer = |number: &Resource| Offer {
        number: number.get("phone_number").to_owned(),
        place: [number.get("locality"), number.get("region")]
            .into_iter()
            .find(|place| !place.is_empty())
            .map(str::to_owned)
            .unwrap_or_default(),
        texts: number.get("capabilities.sms") == "true",
        needs: match number.get("address_requirements") {
            "none" | "" => Needs::Nothing,
            "local" => Needs::Local,
            "foreign" => Needs::Foreign,
            _ => Needs::Any,
        },
    };
    Ok(Offers {
        numbers: market.numbers.iter().map(offer).collect(),
        price: market.price.map(|(amount, currency)| Price { amount, currency }),
        regulations: market.regulations,
    })
}

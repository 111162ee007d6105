//! Numbers that can be had: found, bought and given back.

use switchyard::{
    audit::{Change, Deed},
    id::WorkspaceId,
};

use super::{Setup, SetupError};
use crate::twilio::client::{ApiError, Resource};

/// The number is not to be had: somebody else was faster, or we have it (Twilio: 21422).
const NOT_AVAILABLE: u32 = 21422;
/// A friendly name may be this long (Twilio: `IncomingPhoneNumber` resource).
const LONGEST_NAME: usize = 64;

/// A number that somebody buys.
#[derive(Debug)]
pub struct Purchase<'a> {
    /// E.164.
    pub number: &'a str,
    /// What the workspace calls it.
    pub label: &'a str,
    /// The address that is given for it, `AD…`, if any.
    pub address: &'a str,
    /// The regulatory bundle that is given for it, `BU…`, if any.
    pub bundle: &'a str,
}

/// What Twilio calls a kind of number.
#[derive(Debug)]
pub struct Named {
    /// In its paths.
    pub path: &'static str,
    /// In its price list.
    pub price: &'static str,
    /// In its regulations.
    pub regulation: &'static str,
}

/// What there is of a kind in a country.
#[derive(Debug, Default)]
pub struct Market {
    /// Numbers that can be bought, as Twilio describes them.
    pub numbers: Vec<Resource>,
    /// What one costs each month, and in which currency.
    pub price: Option<(String, String)>,
    /// The regulations that they are under, by name; `None` when Twilio does not tell.
    pub regulations: Option<Vec<String>>,
}

impl Setup {
    /// Some of the numbers of a kind in a country that have these digits. A country or kind that Twilio does not have is empty.
    pub async fn market(
        &self,
        workspace: &WorkspaceId,
        country: &str,
        kind: &Named,
        contains: &str,
    ) -> Result<Market, SetupError> {
        let connection = self.connection(workspace).await?;
        let (client, _) = self.actor(&connection).await?;
        let numbers = match client.available(country, kind.path, contains).await {
            Ok(numbers) => numbers,
            Err(error) if error.is_gone() => return Ok(Market::default()),
            Err(error) => return Err(error.into()),
        };
        let price = match client.number_price(country, kind.price).await {
            Ok(price) => price,
            Err(error) if error.is_gone() => None,
            Err(error) => return Err(error.into()),
        };
        // An account that may not read them can buy all the same.
        let regulations = match client.regulations(country, kind.regulation).await {
            Ok(regulations) => Some(regulations),
            Err(error) => {
                tracing::warn!(%workspace, %error, "Twilio does not say what numbers need");
                None
            }
        };
        Ok(Market { numbers, price, regulations })
    }

    /// Buys a number, which rings here from then on. One that the account has already is not bought again.
    pub async fn buy(&self, workspace: &WorkspaceId, purchase: &Purchase<'_>) -> Result<(), SetupError> {
        self.reachable()?;
        let connection = self.connection(workspace).await?;
        let (client, _) = self.actor(&connection).await?;
        let name: String = purchase.label.chars().take(LONGEST_NAME).collect();
        let form = [
            ("PhoneNumber", purchase.number),
            ("FriendlyName", &name),
            ("AddressSid", purchase.address),
            ("BundleSid", purchase.bundle),
        ];
        let form: Vec<_> = form.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let (number, is_new) = match client.buy_number(&form).await {
            Ok(number) => (number, true),
            // It may be ours already, and be so since a moment ago, when nobody heard the answer.
            Err(error) if error.code() == NOT_AVAILABLE || error.is_passing() => {
                let mut ours = client.numbers().await?.into_iter();
                let ours = ours.find(|number| number.get("phone_number") == purchase.number).ok_or(error)?;
                let connected = self.store.connected_numbers(workspace).await?;
                (ours, connected.iter().all(|known| known.number != purchase.number))
            }
            Err(error) => return Err(error.into()),
        };
        if is_new {
            // It is paid for, whatever happens now.
            let change = Change::new("name", None, Some(purchase.label));
            self.done(workspace, Deed::NumberBought, purchase.number, vec![change]).await;
        }
        self.take(&connection, &number).await?;
        self.configure(workspace).await?;
        Ok(())
    }

    /// Gives a number back, and forgets it. One that is not the account's any more is only forgotten.
    pub async fn release(&self, workspace: &WorkspaceId, number: &str) -> Result<(), SetupError> {
        let connection = self.connection(workspace).await?;
        let (client, _) = self.actor(&connection).await?;
        let known = self.store.numbers(workspace).await?;
        let known = known.iter().find(|known| known.number == number);
        let name = known.map(|known| Change::new("name", Some(&known.label), None));
        let changes: Vec<Change> = name.into_iter().chain(self.without(workspace, number).await?).collect();
        let listed = client.numbers().await?;
        let listed = listed.iter().find(|listed| listed.get("phone_number") == number);
        if let Some(listed) = listed {
            match client.release_number(listed.get("sid")).await {
                Err(error) if !ApiError::is_gone(&error) => return Err(error.into()),
                _ => {}
            }
            // It is gone, whatever happens now.
            self.done(workspace, Deed::NumberReleased, number, changes.clone()).await;
        }
        self.store.remove_number(workspace, number).await?;
        self.store.forget_number(workspace, number).await?;
        if listed.is_none() {
            self.done(workspace, Deed::NumberForgotten, number, changes).await;
        }
        self.check(workspace).await?;
        Ok(())
    }
}

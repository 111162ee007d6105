//! What is set up once rather than with each call: the account, its keys and tokens, TwiML applications and numbers
//! (2010-04-01: Account, Keys, Application, `IncomingPhoneNumber`, `AvailablePhoneNumbers`; Accounts v1: `AuthTokens`;
//! IAM v1: Key; Pricing v1; Numbers v2: Regulation).

use std::collections::BTreeMap;

use reqwest::Method;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{ApiError, Client, PAGE};
use crate::vault::Secret;

/// How many numbers are offered at once.
const OFFERS: &str = "20";

/// Something as Twilio describes it: its properties by name. Unset is an empty text, whether Twilio says `null` or `""`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resource(pub BTreeMap<String, String>);

impl Resource {
    /// A property, empty when it is unset. What is within another is named `capabilities.voice`.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl<'de> Deserialize<'de> for Resource {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut all = BTreeMap::new();
        for (name, value) in BTreeMap::<String, Value>::deserialize(deserializer)? {
            flatten(&mut all, name, value);
        }
        Ok(Self(all))
    }
}

fn flatten(all: &mut BTreeMap<String, String>, name: String, value: Value) {
    match value {
        Value::Null | Value::Array(_) => {}
        Value::String(text) => drop(all.insert(name, text)),
        Value::Object(inner) => {
            for (key, value) in inner {
                // Capabilities are written in small letters here and in capitals there.
                flatten(all, format!("{name}.{}", key.to_ascii_lowercase()), value);
            }
        }
        plain => drop(all.insert(name, plain.to_string())),
    }
}

/// A new API key. Twilio shows its secret once.
#[derive(Debug)]
pub struct NewKey {
    /// Its SID, `SK…`.
    pub sid: String,
    /// Its secret.
    pub secret: Secret,
}

impl Client {
    /// The account itself. Only its own token opens it, an API key does not.
    pub async fn account(&self) -> Result<Resource, ApiError> {
        let account = &self.credentials.account;
        self.answer(self.at(Method::GET, &format!("/2010-04-01/Accounts/{account}.json"))).await
    }

    /// Whether these credentials are good for anything: the least that can be asked.
    pub async fn knock(&self) -> Result<(), ApiError> {
        self.answer::<Value>(self.request(Method::GET, "IncomingPhoneNumbers").query(&[("PageSize", "1")])).await?;
        Ok(())
    }

    /// Whether an API key of the account can sign access tokens, which restricted ones cannot (Twilio: Key resource v1). `None`
    /// if the account has no such key. Only the account's own token may ask.
    pub async fn key_signs(&self, sid: &str) -> Result<Option<bool>, ApiError> {
        #[derive(Deserialize)]
        struct Found {
            policy: Option<Value>,
        }
        let request = self.elsewhere(Method::GET, &self.sites.iam, &format!("/v1/Keys/{sid}"));
        Ok(if_there(self.answer::<Found>(request).await)?.map(|found| found.policy.is_none()))
    }

    /// Makes an API key of the standard kind. Only the account's own token may.
    pub async fn create_key(&self, name: &str) -> Result<NewKey, ApiError> {
        #[derive(Deserialize)]
        struct Made {
            sid: String,
            secret: String,
        }
        let Made { sid, secret } =
            self.answer(self.request(Method::POST, "Keys").form(&[("FriendlyName", name)])).await?;
        Ok(NewKey { sid, secret: Secret::new(secret) })
    }

    /// What an API key is called, if it is there. Only the account's own token may ask.
    pub async fn key_name(&self, sid: &str) -> Result<Option<String>, ApiError> {
        let found: Option<Resource> = if_there(self.answer(self.request(Method::GET, &format!("Keys/{sid}"))).await)?;
        Ok(found.map(|key| key.get("friendly_name").to_owned()))
    }

    /// Deletes an API key, and with it whatever it has signed. What is gone already is deleted.
    pub async fn delete_key(&self, sid: &str) -> Result<(), ApiError> {
        self.delete(&format!("Keys/{sid}")).await
    }

    /// Makes the account's next auth token, which opens everything at once and signs nothing until it is promoted.
    pub async fn create_next_token(&self) -> Result<Secret, ApiError> {
        #[derive(Deserialize)]
        struct Made {
            secondary_auth_token: String,
        }
        let request = self.elsewhere(Method::POST, &self.sites.accounts, "/v1/AuthTokens/Secondary");
        self.answer::<Made>(request).await.map(|made| Secret::new(made.secondary_auth_token))
    }

    /// Makes the next auth token the only one: Twilio signs with it from now on.
    pub async fn promote_next_token(&self) -> Result<(), ApiError> {
        let request = self.elsewhere(Method::POST, &self.sites.accounts, "/v1/AuthTokens/Promote");
        self.answer::<Value>(request).await.map(drop)
    }

    /// The TwiML applications with this name, which need not be one.
    pub async fn applications_named(&self, name: &str) -> Result<Vec<Resource>, ApiError> {
        let request = self.request(Method::GET, "Applications").query(&[("FriendlyName", name), ("PageSize", PAGE)]);
        self.pages(request, "applications").await
    }

    /// A TwiML application, if it is there.
    pub async fn application(&self, sid: &str) -> Result<Option<Resource>, ApiError> {
        if_there(self.answer(self.request(Method::GET, &format!("Applications/{sid}"))).await)
    }

    /// Makes a TwiML application.
    pub async fn create_application(&self, form: &[(&str, &str)]) -> Result<Resource, ApiError> {
        self.answer(self.request(Method::POST, "Applications").form(form)).await
    }

    /// Changes a TwiML application.
    pub async fn update_application(&self, sid: &str, form: &[(&str, &str)]) -> Result<Resource, ApiError> {
        self.answer(self.request(Method::POST, &format!("Applications/{sid}")).form(form)).await
    }

    /// Every number of the account.
    pub async fn numbers(&self) -> Result<Vec<Resource>, ApiError> {
        let request = self.request(Method::GET, "IncomingPhoneNumbers").query(&[("PageSize", PAGE)]);
        self.pages(request, "incoming_phone_numbers").await
    }

    /// Changes a number.
    pub async fn update_number(&self, sid: &str, form: &[(&str, &str)]) -> Result<Resource, ApiError> {
        self.answer(self.request(Method::POST, &format!("IncomingPhoneNumbers/{sid}")).form(form)).await
    }

    /// Buys a number.
    pub async fn buy_number(&self, form: &[(&str, &str)]) -> Result<Resource, ApiError> {
        self.answer(self.request(Method::POST, "IncomingPhoneNumbers").form(form)).await
    }

    /// Gives a number back.
    pub async fn release_number(&self, sid: &str) -> Result<(), ApiError> {
        self.done(self.request(Method::DELETE, &format!("IncomingPhoneNumbers/{sid}"))).await
    }

    /// Some of the numbers for calls that can be bought in a country, of one kind (`Local`, `Mobile`, `TollFree`).
    pub async fn available(&self, country: &str, kind: &str, contains: &str) -> Result<Vec<Resource>, ApiError> {
        #[derive(Deserialize)]
        struct Page {
            available_phone_numbers: Vec<Resource>,
        }
        let mut query = vec![("VoiceEnabled", "true"), ("PageSize", OFFERS)];
        query.extend((!contains.is_empty()).then_some(("Contains", contains)));
        let request = self.request(Method::GET, &format!("AvailablePhoneNumbers/{country}/{kind}")).query(&query);
        Ok(self.answer::<Page>(request).await?.available_phone_numbers)
    }

    /// What a number of a kind costs each month in a country, and in which currency; `None` when there is no price.
    pub async fn number_price(&self, country: &str, kind: &str) -> Result<Option<(String, String)>, ApiError> {
        #[derive(Deserialize)]
        struct Prices {
            price_unit: String,
            phone_number_prices: Vec<Resource>,
        }
        let uri = format!("/v1/PhoneNumbers/Countries/{country}");
        let prices: Prices = self.answer(self.elsewhere(Method::GET, &self.sites.pricing, &uri)).await?;
        let of_kind = prices.phone_number_prices.iter().find(|price| price.get("number_type") == kind);
        Ok(of_kind.map(|price| (price.get("current_price").to_owned(), prices.price_unit.to_ascii_uppercase())))
    }

    /// The regulations that numbers of a kind in a country are under, by their names. Each wants a bundle of documents.
    pub async fn regulations(&self, country: &str, kind: &str) -> Result<Vec<String>, ApiError> {
        #[derive(Deserialize)]
        struct Page {
            results: Vec<Resource>,
        }
        let path = "/v2/RegulatoryCompliance/Regulations";
        let request = self.elsewhere(Method::GET, &self.sites.numbers, path);
        let page: Page = self.answer(request.query(&[("IsoCountry", country), ("NumberType", kind)])).await?;
        Ok(page.results.iter().map(|regulation| regulation.get("friendly_name").to_owned()).collect())
    }

    /// Every row of a list, page by page.
    pub(super) async fn pages<T: DeserializeOwned>(
        &self,
        first: reqwest::RequestBuilder,
        name: &str,
    ) -> Result<Vec<T>, ApiError> {
        #[derive(Deserialize)]
        struct Page {
            next_page_uri: Option<String>,
            #[serde(flatten)]
            rest: BTreeMap<String, Value>,
        }
        let (mut all, mut request) = (Vec::new(), Some(first));
        while let Some(page) = request {
            let mut page: Page = self.answer(page).await?;
            let rows = page.rest.remove(name).unwrap_or_default();
            all.extend(serde_json::from_value::<Vec<T>>(rows).map_err(|_| ApiError::Unreadable)?);
            let next = page.next_page_uri.filter(|uri| !uri.is_empty());
            request = next.map(|uri| self.at(Method::GET, &uri));
        }
        Ok(all)
    }
}

pub(super) fn if_there<T>(answer: Result<T, ApiError>) -> Result<Option<T>, ApiError> {
    match answer {
        Ok(there) => Ok(Some(there)),
        Err(error) if error.is_gone() => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use super::*;

    #[test]
    fn unset_is_unset_however_twilio_says_it() {
        let text =
            r#"{"sid":"PN1","trunk_sid":null,"sms_url":"","beta":false,"capabilities":{"SMS":true,"voice":false}}"#;
        let read: Resource = serde_json::from_str(text).unwrap();
        assert_eq!((read.get("sid"), read.get("trunk_sid"), read.get("sms_url")), ("PN1", "", ""));
        assert_eq!(
            (read.get("beta"), read.get("capabilities.sms"), read.get("capabilities.voice")),
            ("false", "true", "false")
        );
    }
}

//! A small typed client for the part of Twilio's REST API that the floor needs (2010-04-01: Calls, Conferences,
//! Participants; what is set up once is in `setup`). It sends one request and says how it went; whether to try again is the caller's decision.

mod error;
mod messages;
mod setup;

use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::{Deserialize, de::DeserializeOwned};

pub use self::{
    error::ApiError,
    messages::TextMessage,
    setup::{NewKey, Resource},
};
use super::sites::Sites;
use crate::vault::Secret;

/// Reaching Twilio may take that long, and an answer that long in all.
const CONNECT: Duration = Duration::from_secs(3);
const TOTAL: Duration = Duration::from_secs(8);
/// A recording may take so long to be listened to.
const LISTENING: Duration = Duration::from_mins(5);
/// Rows of a page. Twilio gives at most 1,000.
const PAGE: &str = "200";

/// What authenticates requests: an account's SID and token, or an API key's. It never appears in logs.
#[derive(Clone)]
pub struct Credentials {
    /// The account whose resources are used.
    pub account: String,
    /// The user name: the account's SID, or an API key's.
    pub user: String,
    /// The auth token, or the API key's secret.
    pub secret: Secret,
}

impl Credentials {
    /// An account's own token, which opens everything.
    pub fn own(account: &str, token: Secret) -> Self {
        Self { account: account.to_owned(), user: account.to_owned(), secret: token }
    }

    /// An API key of an account.
    pub fn key(account: &str, key: &str, secret: Secret) -> Self {
        Self { account: account.to_owned(), user: key.to_owned(), secret }
    }
}

/// Acts for one account.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    sites: Sites,
    credentials: Credentials,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("account", &self.credentials.account).finish_non_exhaustive()
    }
}

/// A call.
#[derive(Clone, Debug, Deserialize)]
pub struct Call {
    /// Its SID.
    pub sid: String,
    /// `queued`, `ringing`, `in-progress`, `completed`, …
    pub status: String,
    /// Who called.
    pub from: String,
    /// Whom.
    pub to: String,
    /// Seconds, once it is over.
    pub duration: Option<String>,
}

impl Call {
    /// Who is at its other end than whoever has `number`.
    pub fn other_than(&self, number: &str) -> Option<&str> {
        [self.from.as_str(), &self.to].into_iter().find(|end| *end != number)
    }
}

/// A recording of a call.
#[derive(Clone, Debug, Deserialize)]
pub struct Recording {
    /// Its SID.
    pub sid: String,
    /// Seconds.
    duration: Option<String>,
    /// What made it.
    source: Option<String>,
}

impl Recording {
    /// How long it is, in seconds, if it is what somebody said after a beep (Twilio: Record).
    pub fn spoken(&self) -> Option<u32> {
        let seconds = self.duration.as_deref()?.parse().ok()?;
        (seconds > 0 && self.source.as_deref() == Some("RecordVerb")).then_some(seconds)
    }
}

/// A conference.
#[derive(Clone, Debug, Deserialize)]
pub struct Conference {
    /// Its SID.
    pub sid: String,
    /// The name that we gave it.
    pub friendly_name: String,
}

/// Somebody in a conference, or on the way into it.
#[derive(Clone, Debug, Deserialize)]
pub struct Participant {
    /// The SID of their call.
    pub call_sid: String,
    /// The name that we gave them.
    pub label: Option<String>,
    /// `queued`, `connecting`, `ringing`, `connected`, `complete`, `failed`.
    pub status: String,
    /// Whether they are on hold.
    pub hold: bool,
}

/// Whom to add to a conference.
#[derive(Clone, Debug)]
pub struct NewParticipant<'a> {
    /// `client:identity`, or a number.
    pub to: &'a str,
    /// What they see: one of the account's numbers, or the caller's.
    pub from: &'a str,
    /// Their name in the conference.
    pub label: &'a str,
    /// How long their phone rings at most, seconds; Twilio adds up to 5.
    pub timeout: u32,
    /// Where the status of their call is reported.
    pub status_callback: &'a str,
    /// Where the conference is reported, should this be its first participant.
    pub conference_callback: &'a str,
    /// Whether the call is with them: the conference ends with them, and their ringing is heard in it.
    pub outside: bool,
}

/// Whom to call, and what to do with them when they answer.
#[derive(Clone, Debug)]
pub struct NewCall<'a> {
    /// A number.
    pub to: &'a str,
    /// What they see: one of the account's numbers.
    pub from: &'a str,
    /// How long their phone rings at most, seconds; Twilio adds up to 5.
    pub timeout: u32,
    /// Where Twilio asks what to do when they answer.
    pub url: &'a str,
    /// Where the status of the call is reported.
    pub status_callback: &'a str,
}

impl Client {
    /// A client of the account that the credentials name.
    pub fn new(sites: &Sites, credentials: Credentials) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder().connect_timeout(CONNECT).timeout(TOTAL).no_proxy().build()?;
        Ok(Self { http, sites: sites.clone(), credentials })
    }

    /// A call.
    pub async fn call(&self, sid: &str) -> Result<Call, ApiError> {
        self.answer(self.request(Method::GET, &format!("Calls/{sid}"))).await
    }

    /// Calls somebody.
    pub async fn create_call(&self, new: &NewCall<'_>) -> Result<Call, ApiError> {
        let timeout = new.timeout.to_string();
        let form = [
            ("To", new.to),
            ("From", new.from),
            ("Timeout", &timeout),
            ("Url", new.url),
            ("Method", "POST"),
            ("StatusCallback", new.status_callback),
            ("StatusCallbackMethod", "POST"),
            ("StatusCallbackEvent", "initiated"),
            ("StatusCallbackEvent", "ringing"),
            ("StatusCallbackEvent", "completed"),
        ];
        self.answer(self.request(Method::POST, "Calls").form(&form)).await
    }

    /// Calls from one number to another that go on. Only the latest are looked at.
    pub async fn calls_under_way(&self, from: &str, to: &str) -> Result<Vec<Call>, ApiError> {
        #[derive(Deserialize)]
        struct Page {
            calls: Vec<Call>,
        }
        let request = self.request(Method::GET, "Calls").query(&[("From", from), ("To", to), ("PageSize", PAGE)]);
        let page: Page = self.answer(request).await?;
        let is_over = |call: &Call| super::translate::is_over(&call.status);
        Ok(page.calls.into_iter().filter(|call| !is_over(call)).collect())
    }

    /// Ends a call, whether it rings or is connected. One that is over stays so.
    pub async fn end_call(&self, sid: &str) -> Result<(), ApiError> {
        let request = self.request(Method::POST, &format!("Calls/{sid}")).form(&[("Status", "completed")]);
        match self.answer::<Call>(request).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_gone() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Lets a call that is connected go on with what `url` says. A conference that it was in it leaves.
    pub async fn redirect_call(&self, sid: &str, url: &str) -> Result<Call, ApiError> {
        let form = [("Url", url), ("Method", "POST")];
        self.answer(self.request(Method::POST, &format!("Calls/{sid}")).form(&form)).await
    }

    /// The recordings of a call. One that is gone has none.
    pub async fn recordings_of(&self, call: &str) -> Result<Vec<Recording>, ApiError> {
        let list = self.request(Method::GET, &format!("Calls/{call}/Recordings")).query(&[("PageSize", PAGE)]);
        Ok(setup::if_there(self.pages(list, "recordings").await)?.unwrap_or_default())
    }

    /// A recording as a WAV file, whose sound is still to come.
    pub async fn sound(&self, recording: &str) -> Result<Response, ApiError> {
        let uri = format!("/2010-04-01/Accounts/{}/Recordings/{recording}.wav", self.credentials.account);
        self.send(self.at(Method::GET, &uri).timeout(LISTENING)).await
    }

    /// Deletes a recording. What is gone already is deleted.
    pub async fn delete_recording(&self, recording: &str) -> Result<(), ApiError> {
        self.delete(&format!("Recordings/{recording}")).await
    }

    /// Calls from or to a number, those that are over included, as far back as Twilio keeps them.
    pub async fn calls_with(&self, number: &str) -> Result<Vec<Call>, ApiError> {
        let mut all: Vec<Call> = Vec::new();
        for side in ["From", "To"] {
            let request = self.request(Method::GET, "Calls").query(&[(side, number), ("PageSize", PAGE)]);
            all.extend(self.pages(request, "calls").await?);
        }
        Ok(all)
    }

    /// Deletes a call that is over, its recordings first. What is gone already is deleted.
    pub async fn delete_call(&self, sid: &str) -> Result<(), ApiError> {
        for recording in self.recordings_of(sid).await? {
            self.delete_recording(&recording.sid).await?;
        }
        self.delete(&format!("Calls/{sid}")).await
    }

    async fn delete(&self, resource: &str) -> Result<(), ApiError> {
        let response = self.request(Method::DELETE, resource).send().await?;
        match response.status() {
            status if status.is_success() || status == StatusCode::NOT_FOUND => Ok(()),
            status => Err(ApiError::refused(status, &response.bytes().await?, None)),
        }
    }

    /// Conferences that are going on: those in which somebody waits, and those that have started.
    pub async fn conferences(&self) -> Result<Vec<Conference>, ApiError> {
        let mut all = self.conferences_in("init").await?;
        all.extend(self.conferences_in("in-progress").await?);
        // One that started between the two answers is in both.
        all.sort_by(|a, b| a.sid.cmp(&b.sid));
        all.dedup_by(|a, b| a.sid == b.sid);
        Ok(all)
    }

    async fn conferences_in(&self, status: &str) -> Result<Vec<Conference>, ApiError> {
        #[derive(Deserialize)]
        struct Page {
            conferences: Vec<Conference>,
            next_page_uri: Option<String>,
        }
        let account = &self.credentials.account;
        let first = format!("/2010-04-01/Accounts/{account}/Conferences.json?Status={status}&PageSize={PAGE}");
        let (mut all, mut next) = (Vec::new(), Some(first));
        while let Some(uri) = next.filter(|uri| !uri.is_empty()) {
            let page: Page = self.answer(self.at(Method::GET, &uri)).await?;
            all.extend(page.conferences);
            next = page.next_page_uri;
        }
        Ok(all)
    }

    /// Ends a conference. One that is over stays so.
    pub async fn end_conference(&self, sid: &str) -> Result<(), ApiError> {
        let request = self.request(Method::POST, &format!("Conferences/{sid}")).form(&[("Status", "completed")]);
        match self.answer::<Conference>(request).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_gone() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Who is in a conference.
    pub async fn participants(&self, conference: &str) -> Result<Vec<Participant>, ApiError> {
        #[derive(Deserialize)]
        struct Page {
            participants: Vec<Participant>,
        }
        let request =
            self.request(Method::GET, &format!("Conferences/{conference}/Participants")).query(&[("PageSize", "250")]);
        Ok(self.answer::<Page>(request).await?.participants)
    }

    /// A participant, by call SID or label.
    pub async fn participant(&self, conference: &str, name: &str) -> Result<Participant, ApiError> {
        self.answer(self.request(Method::GET, &format!("Conferences/{conference}/Participants/{name}"))).await
    }

    /// Rings somebody into a conference.
    pub async fn add_participant(&self, conference: &str, new: &NewParticipant<'_>) -> Result<Participant, ApiError> {
        let timeout = new.timeout.to_string();
        let outside = if new.outside { "true" } else { "false" };
        let form = [
            ("To", new.to),
            ("From", new.from),
            ("Label", new.label),
            ("Timeout", &timeout),
            ("Beep", "false"),
            ("StartConferenceOnEnter", "true"),
            ("EndConferenceOnExit", outside),
            ("EarlyMedia", outside),
            ("StatusCallback", new.status_callback),
            ("StatusCallbackEvent", "initiated"),
            ("StatusCallbackEvent", "ringing"),
            ("StatusCallbackEvent", "answered"),
            ("StatusCallbackEvent", "completed"),
            ("ConferenceStatusCallback", new.conference_callback),
            ("ConferenceStatusCallbackEvent", "start"),
            ("ConferenceStatusCallbackEvent", "end"),
            ("ConferenceStatusCallbackEvent", "join"),
            ("ConferenceStatusCallbackEvent", "leave"),
            ("ConferenceStatusCallbackEvent", "hold"),
        ];
        self.answer(self.request(Method::POST, &format!("Conferences/{conference}/Participants")).form(&form)).await
    }

    /// Puts a participant on hold, with music from `music`.
    pub async fn hold(&self, conference: &str, name: &str, music: &str) -> Result<Participant, ApiError> {
        let form = [("Hold", "true"), ("HoldUrl", music), ("HoldMethod", "POST")];
        self.answer(self.request(Method::POST, &format!("Conferences/{conference}/Participants/{name}")).form(&form))
            .await
    }

    /// Takes a participant off hold.
    pub async fn resume(&self, conference: &str, name: &str) -> Result<Participant, ApiError> {
        let form = [("Hold", "false")];
        self.answer(self.request(Method::POST, &format!("Conferences/{conference}/Participants/{name}")).form(&form))
            .await
    }

    fn request(&self, method: Method, resource: &str) -> RequestBuilder {
        self.at(method, &format!("/2010-04-01/Accounts/{}/{resource}.json", self.credentials.account))
    }

    fn at(&self, method: Method, uri: &str) -> RequestBuilder {
        self.elsewhere(method, &self.sites.api, uri)
    }

    fn elsewhere(&self, method: Method, site: &str, uri: &str) -> RequestBuilder {
        let Credentials { user, secret, .. } = &self.credentials;
        self.http.request(method, format!("{site}{uri}")).basic_auth(user, Some(secret.expose()))
    }

    async fn answer<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ApiError> {
        Ok(self.send(request).await?.json().await?)
    }

    /// The same for what is answered with nothing.
    async fn done(&self, request: RequestBuilder) -> Result<(), ApiError> {
        self.send(request).await.map(drop)
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, ApiError> {
        let response = request.send().await?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let retry_after = response.headers().get("retry-after").and_then(|after| after.to_str().ok()?.parse().ok());
        let body = response.bytes().await?;
        Err(ApiError::refused(status, &body, retry_after.map(Duration::from_secs)))
    }
}

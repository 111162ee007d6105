//! One attempt to reach a webhook: signed, with redirects followed as Twilio does.

use std::time::Duration;

use reqwest::{
    Client, StatusCode, Url,
    header::{CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE},
};
use url::form_urlencoded;

use crate::{
    engine::Request,
    signature::{sign, signed_url},
    twiml::Method,
};

/// Twilio gives up after so many redirects (11215).
const REDIRECTS: usize = 10;

/// Longer answers are cut: nothing that long is a document.
const LONGEST_BODY: usize = 256 * 1024;

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Without parameters, in lower case.
    pub(super) content_type: Option<String>,
    pub(super) body: Vec<u8>,
    /// Where the answer came from in the end, as it was written and without its fragment.
    pub(super) url: String,
}

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Trouble {
    #[error("Invalid URL")]
    BadUrl,
    #[error("HTTP connection failure")]
    Connect,
    #[error("HTTP request timed out")]
    TimedOut,
    #[error("HTTP too many redirects")]
    TooManyRedirects,
    #[error("HTTP bad response: the connection broke off")]
    BrokenOff,
}

impl Trouble {
    /// As the debugger numbers it.
    pub(super) fn code(&self) -> u32 {
        match self {
            Self::BadUrl => 11100,
            Self::Connect => 11205,
            Self::TimedOut | Self::BrokenOff => 11200,
            Self::TooManyRedirects => 11215,
        }
    }
}

/// A client with its own time limit for connecting; proxies and redirects are not left to it.
pub(super) fn client(connect: Duration) -> Result<Client, reqwest::Error> {
    Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(connect)
        // An application that was restarted must not be met through a connection of its former life.
        .pool_idle_timeout(Duration::from_secs(2))
        .build()
}

/// How an attempt is made.
pub(super) struct Attempt<'a> {
    pub(super) client: &'a Client,
    pub(super) user_agent: &'static str,
    pub(super) idempotency_token: Option<&'a str>,
    /// For the first byte, and between bytes.
    pub(super) patience: Duration,
}

impl Attempt<'_> {
    /// Sends a request, to wherever it is redirected. A redirect other than 307 and 308 loses the parameters.
    pub(super) async fn follow(&self, request: &Request) -> Result<Answer, Trouble> {
        let mut url = request.url.split('#').next().unwrap_or_default().to_owned();
        let mut method = request.method;
        let mut params = &request.params[..];
        for _ in 0..=REDIRECTS {
            let response = self.send(&request.auth_token, &url, method, params).await?;
            let status = response.status();
            let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
            let Some(location) = location.filter(|_| status.is_redirection()) else {
                return self.read(response, url).await;
            };
            url = Url::parse(&url).and_then(|base| base.join(&location)).map_err(|_| Trouble::BadUrl)?.into();
            if !matches!(status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT) {
                method = Method::Get;
                params = &[];
            }
        }
        Err(Trouble::TooManyRedirects)
    }

    /// Sends without credentials first, and with those of the URL if they are asked for.
    async fn send(
        &self,
        auth_token: &str,
        url: &str,
        method: Method,
        params: &[(String, String)],
    ) -> Result<reqwest::Response, Trouble> {
        let mut parsed = Url::parse(url).map_err(|_| Trouble::BadUrl)?;
        if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none_or(|host| host.contains('_')) {
            return Err(Trouble::BadUrl);
        }
        let credentials = (!parsed.username().is_empty())
            .then(|| (parsed.username().to_owned(), parsed.password().map(str::to_owned)));
        let stripped = parsed.set_username("").is_ok() && parsed.set_password(None).is_ok();
        if !stripped {
            return Err(Trouble::BadUrl);
        }
        let response = self.send_once(auth_token, url, &parsed, method, params, None).await?;
        match credentials {
            Some(credentials)
                if response.status() == StatusCode::UNAUTHORIZED
                    && response.headers().contains_key(WWW_AUTHENTICATE) =>
            {
                self.send_once(auth_token, url, &parsed, method, params, Some(credentials)).await
            }
            _ => Ok(response),
        }
    }

    async fn send_once(
        &self,
        auth_token: &str,
        raw: &str,
        url: &Url,
        method: Method,
        params: &[(String, String)],
        credentials: Option<(String, Option<String>)>,
    ) -> Result<reqwest::Response, Trouble> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
        let raw = signed_url(raw);
        let (builder, signature) = match method {
            Method::Post => {
                let post = self.client.post(url.clone()).body(form);
                let post = post.header(CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8");
                (post, sign(auth_token, &raw, params))
            }
            Method::Get => {
                let joint = if raw.contains('?') { '&' } else { '?' };
                let query = if form.is_empty() { String::new() } else { format!("{joint}{form}") };
                let full = Url::parse(&format!("{url}{query}")).map_err(|_| Trouble::BadUrl)?;
                (self.client.get(full), sign(auth_token, &format!("{raw}{query}"), &[]))
            }
        };
        let mut builder = builder
            .header("User-Agent", self.user_agent)
            .header("X-Home-Region", "us1")
            .header("Accept", "*/*")
            .header("X-Twilio-Signature", signature);
        if let Some(token) = self.idempotency_token {
            builder = builder.header("I-Twilio-Idempotency-Token", token);
        }
        if let Some((user, password)) = credentials {
            builder = builder.basic_auth(user, password);
        }
        match tokio::time::timeout(self.patience, builder.send()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) if error.is_connect() => Err(Trouble::Connect),
            Ok(Err(error)) if error.is_timeout() => Err(Trouble::TimedOut),
            Ok(Err(_)) => Err(Trouble::BrokenOff),
            Err(_) => Err(Trouble::TimedOut),
        }
    }

    async fn read(&self, mut response: reqwest::Response, url: String) -> Result<Answer, Trouble> {
        let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type =
            content_type.map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while body.len() < LONGEST_BODY {
            match tokio::time::timeout(self.patience, response.chunk()).await {
                Ok(Ok(Some(chunk))) => body.extend_from_slice(&chunk),
                Ok(Ok(None)) => break,
                Ok(Err(_)) => return Err(Trouble::BrokenOff),
                Err(_) => return Err(Trouble::TimedOut),
            }
        }
        Ok(Answer { status, content_type, body, url })
    }
}

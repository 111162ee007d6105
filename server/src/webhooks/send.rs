//! Sending one message to one address, and what its answer means.

use std::{error::Error, io, sync::Arc, time::Duration};

use reqwest::{Response, StatusCode, header, redirect::Policy};
use switchyard::{
    time::Timestamp,
    webhooks::{Attempt, Trouble},
};
use tokio::time::Instant;
use url::Url;

use super::address::{Lookup, Names, PrivateAddress, UnknownName, of_system};
use crate::public_address::may_be_public;

/// Reaching an endpoint may take that long, and its answer that long in all.
const CONNECT: Duration = Duration::from_secs(5);
const TOTAL: Duration = Duration::from_secs(15);
/// What is read of an answer that is a refusal, bytes, and kept of it, characters.
const READ: usize = 4096;
const KEPT: usize = 500;

/// Sends messages. Nobody is followed elsewhere, and unless the operator allows it nothing goes to private networks.
pub struct Sender {
    http: reqwest::Client,
    private: bool,
}

/// A message with its signatures.
pub(super) struct Signed<'a> {
    pub(super) url: &'a str,
    pub(super) id: &'a str,
    pub(super) at: Timestamp,
    pub(super) signatures: &'a str,
    pub(super) body: &'a str,
}

impl Sender {
    /// A sender; `private` says whether it may reach private networks, and send without TLS.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn new(private: bool) -> Result<Self, reqwest::Error> {
        Self::looking_up(private, of_system)
    }

    fn looking_up(private: bool, lookup: Lookup) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .user_agent("Switchyard")
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .redirect(Policy::none())
            .no_proxy()
            .https_only(!private)
            .dns_resolver(Arc::new(Names { lookup, private }));
        Ok(Self { http: http.build()?, private })
    }

    /// Whether it may reach private networks.
    pub fn reaches_private(&self) -> bool {
        self.private
    }

    /// Sends a message once. Answers how it went, and for how many seconds the endpoint asks to be left alone.
    pub(super) async fn send(&self, message: &Signed<'_>) -> (Attempt, Option<u32>) {
        let started = Instant::now();
        let result = self.post(message).await;
        let (status, trouble, said, asked) = match result {
            Ok(Answer { status, said, asked }) => {
                let trouble = match status {
                    status if status.is_success() => None,
                    status if status.is_redirection() => Some(Trouble::Redirected),
                    _ => Some(Trouble::Refused),
                };
                (Some(status.as_u16()), trouble, said, asked)
            }
            Err((trouble, said)) => (None, Some(trouble), said, None),
        };
        let took = u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX);
        (Attempt { at: message.at, took, status, trouble, said }, asked)
    }

    async fn post(&self, message: &Signed<'_>) -> Result<Answer, (Trouble, String)> {
        let url = Url::parse(message.url).map_err(|error| (Trouble::Unreachable, error.to_string()))?;
        if !self.private && !may_be_public(&url) {
            return Err((Trouble::Private, String::new()));
        }
        let request = self
            .http
            .post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", message.at.0.div_euclid(1000))
            .header("webhook-signature", message.signatures)
            .body(message.body.to_owned());
        let answer = request.send().await.map_err(|error| trouble(&causes(&error), error.is_timeout()))?;
        let status = answer.status();
        let asked = answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        let asked = asked.and_then(|value| pause(value, message.at));
        // An answer that is a success needs no words.
        let said = if status.is_success() { String::new() } else { beginning(answer).await };
        Ok(Answer { status, said, asked })
    }
}

struct Answer {
    status: StatusCode,
    said: String,
    asked: Option<u32>,
}

/// The beginning of an answer's body, as far as it comes.
async fn beginning(mut answer: Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < READ {
        match answer.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    kept(&String::from_utf8_lossy(&bytes))
}

/// As much as is kept. NUL, which PostgreSQL cannot hold, is left out.
fn kept(said: &str) -> String {
    said.trim().chars().filter(|letter| *letter != '\0').take(KEPT).collect()
}

/// What a failure of the network was, by what caused it, and what is to be said of it besides. The address is not repeated:
/// it may hold a secret.
fn trouble(causes: &[&(dyn Error + 'static)], late: bool) -> (Trouble, String) {
    if causes.iter().any(|cause| cause.is::<PrivateAddress>()) {
        return (Trouble::Private, String::new());
    }
    if late {
        return (Trouble::Late, String::new());
    }
    if causes.iter().any(|cause| cause.is::<UnknownName>()) {
        return (Trouble::UnknownName, String::new());
    }
    let refused = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
    if causes.iter().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(refused) {
        return (Trouble::Closed, String::new());
    }
    // The library's own words: its type is hidden in errors of input and output.
    let distrusted = causes.iter().any(|cause| cause.to_string().contains("invalid peer certificate"));
    let deepest = causes.last().map(ToString::to_string).unwrap_or_default();
    // The system's number says nothing to people.
    let said = deepest.split(" (os error").next().unwrap_or_default();
    (if distrusted { Trouble::Distrusted } else { Trouble::Unreachable }, kept(said))
}

/// What an error was caused by, and what caused that.
fn causes(error: &reqwest::Error) -> Vec<&(dyn Error + 'static)> {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause);
        next = cause.source();
    }
    causes
}

/// The seconds that `Retry-After` asks for (RFC 9110, 10.2.3): a number, or a moment.
fn pause(value: &str, now: Timestamp) -> Option<u32> {
    let value = value.trim();
    value.parse().ok().or_else(|| {
        let moment = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?.as_millisecond();
        u32::try_from((moment - now.0).max(0).div_euclid(1000)).ok()
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use super::{super::address::Found, *};

    #[test]
    fn retry_after_is_a_number_or_a_moment() {
        let now = Timestamp(1_445_412_420_000); // Wed, 21 Oct 2015 07:27:00 GMT
        assert_eq!(pause("120", now), Some(120));
        assert_eq!(pause("Wed, 21 Oct 2015 07:28:00 GMT", now), Some(60));
        assert_eq!(pause("Wed, 21 Oct 2015 07:26:00 GMT", now), Some(0), "over already");
        assert_eq!(pause("soon", now), None);
    }

    #[test]
    fn what_is_kept_of_an_answer_is_short_and_storable() {
        assert_eq!(kept(" no\0 \n"), "no");
        assert_eq!(kept(&"ș".repeat(600)).chars().count(), 500);
    }

    #[tokio::test]
    async fn private_addresses_are_not_even_tried() {
        let sender = Sender::new(false).unwrap();
        for url in ["https://127.0.0.1:1/", "https://localhost:1/", "https://[::1]:1/"] {
            let message = Signed { url, id: "msg", at: Timestamp(1), signatures: "v1,", body: "{}" };
            let (attempt, _) = sender.send(&message).await;
            assert_eq!((attempt.trouble, attempt.status), (Some(Trouble::Private), None), "{url}");
        }
        let open = Signed { url: "http://8.8.8.8/", id: "msg", at: Timestamp(1), signatures: "v1,", body: "{}" };
        assert_eq!(sender.send(&open).await.0.trouble, Some(Trouble::Unreachable), "not without TLS");
    }

    #[tokio::test]
    async fn why_an_address_cannot_be_reached_is_told_apart() {
        fn nowhere(_: String) -> Found {
            Box::pin(async { Err(io::Error::other("no such name")) })
        }
        let sender = Sender::looking_up(true, nowhere).unwrap();
        // Nobody listens there any more.
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        for (url, why) in
            [(format!("http://{free}/"), Trouble::Closed), ("http://crm.example/".to_owned(), Trouble::UnknownName)]
        {
            let message = Signed { url: &url, id: "msg", at: Timestamp(1), signatures: "v1,", body: "{}" };
            let (attempt, _) = sender.send(&message).await;
            assert_eq!((attempt.trouble, attempt.said.as_str()), (Some(why), ""), "{url}");
        }
        let certificate = io::Error::other(io::Error::other("invalid peer certificate: Expired"));
        assert_eq!(
            trouble(&[&certificate], false),
            (Trouble::Distrusted, "invalid peer certificate: Expired".to_owned())
        );
        let network = io::Error::other("Network is unreachable (os error 101)");
        assert_eq!(trouble(&[&network], false), (Trouble::Unreachable, "Network is unreachable".to_owned()));
        assert_eq!(trouble(&[&network], true), (Trouble::Late, String::new()));
    }

    #[tokio::test]
    async fn a_name_is_judged_by_where_it_leads_when_it_is_sent_to() {
        fn to_this_machine(_: String) -> Found {
            Box::pin(async { Ok(vec![([127, 0, 0, 1], 0).into()]) })
        }
        let sender = Sender::looking_up(false, to_this_machine).unwrap();
        let url = "https://crm.example:1/";
        let message = Signed { url, id: "msg", at: Timestamp(1), signatures: "v1,", body: "{}" };
        let (attempt, _) = sender.send(&message).await;
        assert_eq!((attempt.trouble, attempt.status), (Some(Trouble::Private), None));
    }
}

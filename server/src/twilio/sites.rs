//! Where Twilio's APIs are. Each has a host of its own; a stand-in has them all at one.

use serde::Serialize;

/// The addresses of Twilio's APIs, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sites {
    /// Calls, numbers, applications, keys.
    pub api: String,
    /// Auth tokens.
    pub accounts: String,
    /// What numbers cost.
    pub pricing: String,
    /// What must be handed in for numbers.
    pub numbers: String,
    /// What API keys may do.
    pub iam: String,
    /// Where pages register when it is not Twilio.
    pub edge: Option<Edge>,
}

/// An edge other than Twilio's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edge {
    /// Its host and port.
    pub host: String,
    /// Whether it speaks without TLS.
    pub insecure: bool,
}

impl Sites {
    /// Where the voice SDK connects to, and our own sockets, as sources of a Content Security Policy. `'self'` means sockets
    /// too, but not to every browser.
    pub fn sockets(&self, public_url: &str) -> String {
        let own = public_url.replacen("http", "ws", 1);
        // Twilio: Voice JavaScript SDK, "Content Security Policy"; events go to the region that the call came through.
        let twilio = "wss://voice-js.roaming.twilio.com https://eventgw.twilio.com https://eventgw.us1.twilio.com \
                      https://eventgw.ie1.twilio.com https://eventgw.au1.twilio.com";
        match &self.edge {
            None => format!("{own} {twilio}"),
            Some(Edge { host, insecure: true }) => format!("{own} {twilio} ws://{host}"),
            Some(Edge { host, insecure: false }) => format!("{own} {twilio} wss://{host}"),
        }
    }

    /// Whether these are Twilio's own, and not a stand-in's.
    pub fn are_twilios(&self) -> bool {
        self.edge.is_none()
    }

    /// Twilio's own, or all at the address of a stand-in.
    pub fn at(stand_in: Option<&str>) -> Self {
        let Some(url) = stand_in.map(|url| url.trim_end_matches('/')) else {
            let host = |name: &str| format!("https://{name}.twilio.com");
            return Self {
                api: host("api"),
                accounts: host("accounts"),
                pricing: host("pricing"),
                numbers: host("numbers"),
                iam: host("iam"),
                edge: None,
            };
        };
        let (scheme, host) = url.split_once("://").unwrap_or(("http", url));
        let edge = Edge { host: host.to_owned(), insecure: scheme == "http" };
        Self {
            api: url.to_owned(),
            accounts: url.to_owned(),
            pricing: url.to_owned(),
            numbers: url.to_owned(),
            iam: url.to_owned(),
            edge: Some(edge),
        }
    }
}

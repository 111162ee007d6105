//! What the settings page for Twilio shows, and who may see it. Its forms are ordinary ones, and answered by the server.

use std::pin::Pin;

use switchyard::{drift::Findings, id::WorkspaceId};

use super::numbers::{NotTold, Offers, Search};

/// Where Twilio is told to reach this server.
#[derive(Clone, Debug)]
pub struct Address {
    /// Without a slash at the end.
    pub url: String,
    /// Whether it can, as far as the address tells.
    pub is_reached: bool,
}

/// How a workspace is connected.
#[derive(Clone, Debug)]
pub struct ConnectionView {
    /// The account's SID.
    pub account: String,
    /// The API key's SID.
    pub key: Option<String>,
    /// The TwiML application's SID.
    pub application: Option<String>,
    /// Whom the workspace calls, by ISO 3166-1.
    pub countries: String,
    /// Whether a second auth token is believed, because the account has two.
    pub two_tokens: bool,
    /// The account's numbers; `None` if Twilio does not tell.
    pub numbers: Option<Vec<NumberView>>,
    /// What the last comparison found.
    pub findings: Option<Findings>,
}

/// A number of the account.
#[derive(Clone, Debug)]
pub struct NumberView {
    /// E.164.
    pub number: String,
    /// What the workspace calls it, or else Twilio.
    pub label: String,
    /// Whether it comes to us.
    pub connected: bool,
    /// Whether it can take text messages.
    pub texts: bool,
    /// Where its calls go at present, if not to us.
    pub elsewhere: Option<String>,
}

/// What is being waited for.
pub type Waiting<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Tells how workspaces are connected.
pub trait Connected: Send + Sync {
    /// Where Twilio is told to reach this server.
    fn address(&self) -> Address;
    /// How a workspace is connected, if it is. `Err` when the database is down.
    fn view<'a>(&'a self, workspace: &'a WorkspaceId) -> Waiting<'a, Result<Option<ConnectionView>, ()>>;
    /// Numbers that a workspace can buy.
    fn offers<'a>(&'a self, workspace: &'a WorkspaceId, search: &'a Search) -> Waiting<'a, Result<Offers, NotTold>>;
}

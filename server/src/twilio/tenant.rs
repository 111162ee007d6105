//! A workspace as Twilio sees it: its account, its keys, its addresses, and a client that acts for it.

use std::sync::Arc;

use switchyard::{dialing::DialPlan, id::WorkspaceId, time::Timestamp};

use super::{access_token::ApiKey, client::Client, signature::SigningKey, sites::Edge};
use crate::urls::Urls;

/// An auth token that verifies what Twilio sends.
#[derive(Debug)]
pub struct Believed {
    /// The token.
    pub key: SigningKey,
    /// Until when, if it is not for good.
    pub until: Option<Timestamp>,
}

/// One workspace's side of Twilio.
#[derive(Debug)]
pub struct Tenant {
    /// Which workspace.
    pub workspace: WorkspaceId,
    /// Its account's SID.
    pub account: String,
    /// Verify what Twilio sends: the auth token, and while it is changed the other one too.
    pub keys: Vec<Believed>,
    /// Acts for the account, with its API key where there is one.
    pub client: Client,
    /// The workspace's public addresses.
    pub urls: Urls,
    /// Whom it calls, and how its people write numbers.
    pub dial_plan: Arc<DialPlan>,
    /// What lets its pages speak, once there are a key and an application.
    pub voice: Option<Voice>,
    /// When its connection was last changed.
    pub changed: Timestamp,
}

impl Tenant {
    /// Whether its account signed a request that came now.
    pub fn verifies(&self, url: &str, form: &[(String, String)], signature: &str, now: Timestamp) -> bool {
        let believed = self.keys.iter().filter(|believed| believed.until.is_none_or(|until| now < until));
        // Every key is tried, so that the time does not tell which one it was.
        believed.fold(false, |known, believed| believed.key.verifies(url, form, signature) | known)
    }
}

/// What a page needs to be a phone.
#[derive(Clone, Debug)]
pub struct Voice {
    /// Signs the pages' access tokens.
    pub key: ApiKey,
    /// The TwiML application through which pages place calls, `AP…`.
    pub application: String,
    /// Where pages register when it is not Twilio.
    pub edge: Option<Edge>,
}

//! Requests that Twilio signed. In this order: the workspace from the URL, its key, the signature, and then the account
//! in the body, so that nothing unsigned is believed.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use switchyard::{
    id::{AgentId, CallId, LegId, WorkspaceId},
    ports::StoreError,
    service::Rejected,
};
use thiserror::Error;
use url::form_urlencoded;

use super::tenant::Tenant;
use crate::{auth::ClientAddress, limits::TooMany, state::Deps};

/// What Twilio sends is far smaller (TwiML itself is limited to 64 kB).
pub const BODY_LIMIT: usize = 64 * 1024;

/// Why a webhook was not believed, or not understood.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum WebhookError {
    /// No workspace has this name or account, or the body names another account than the workspace's.
    #[error("this address belongs to no workspace of this account")]
    Foreign,
    /// There is no signature, or not the workspace's.
    #[error("the signature is missing or wrong")]
    Unsigned,
    /// Not a form, or a field is missing.
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// The database is down.
    #[error("not now; try again")]
    Unavailable,
    /// So many were turned away from this address that it is not told why any more.
    #[error("too many requests")]
    TooMany(TooMany),
}

impl From<Rejected> for WebhookError {
    fn from(_: Rejected) -> Self {
        // Observations are never refused, so this is the database.
        Self::Unavailable
    }
}

impl From<StoreError> for WebhookError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a webhook was not understood");
        Self::Unavailable
    }
}

impl IntoResponse for WebhookError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::TooMany(too_many) => return too_many.into_response(),
            Self::Foreign | Self::Unsigned => StatusCode::FORBIDDEN,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        };
        tracing::warn!(%status, error = %self, "a webhook was turned away");
        (status, self.to_string()).into_response()
    }
}

/// A request that this workspace's account signed.
#[derive(Debug)]
pub struct Signed {
    /// Whose.
    pub tenant: Arc<Tenant>,
    query: HashMap<String, String>,
    form: Vec<(String, String)>,
}

impl Signed {
    /// A field of the body. Twilio sends empty fields too: those are as good as absent.
    pub fn field(&self, name: &str) -> Option<&str> {
        let (_, value) = self.form.iter().find(|(n, _)| n == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// A field that must be there.
    pub fn require(&self, name: &'static str) -> Result<&str, WebhookError> {
        self.field(name).ok_or(WebhookError::Malformed(name))
    }

    /// The call that our own URL named.
    pub fn call(&self) -> Option<CallId> {
        self.query.get("call").or_else(|| self.query.get("callId")).map(|call| CallId::from(call.as_str()))
    }

    /// The agent's leg that our own URL named.
    pub fn leg(&self) -> Option<LegId> {
        self.query.get("leg")?.parse().ok().map(LegId)
    }

    /// The agent whom our own URL named.
    pub fn agent(&self) -> Option<AgentId> {
        self.query.get("agent").map(|agent| AgentId::from(agent.as_str()))
    }

    /// Whether our own URL was for the mobile phone of one of us.
    pub fn is_mobile(&self) -> bool {
        self.query.get("via").is_some_and(|via| via == "mobile")
    }

    /// How often the caller came back from an ended conference.
    pub fn turn(&self) -> u32 {
        self.query.get("turn").and_then(|turn| turn.parse().ok()).unwrap_or(0)
    }
}

impl Signed {
    async fn read(request: Request, deps: &Deps) -> Result<Self, WebhookError> {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, BODY_LIMIT).await.map_err(|_| WebhookError::Malformed("body"))?;
        let query = pairs(parts.uri.query().unwrap_or_default().as_bytes()).into_iter().collect();
        let form = form(&parts.headers, &body)?;
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        verify(deps, path, query, form, &parts.headers).await
    }
}

impl FromRequest<Deps> for Signed {
    type Rejection = WebhookError;

    async fn from_request(request: Request, deps: &Deps) -> Result<Self, WebhookError> {
        let (mut parts, body) = request.into_parts();
        // This cannot fail: an address that is not known is none.
        let Ok(ClientAddress(address)) = ClientAddress::from_request_parts(&mut parts, deps).await;
        let signed = Self::read(Request::from_parts(parts, body), deps).await;
        match (signed, address) {
            (Err(error), Some(address)) if error != WebhookError::Unavailable => {
                Err(deps.limits.stranger(address).map_or_else(WebhookError::TooMany, |()| error))
            }
            (signed, _) => signed,
        }
    }
}

async fn verify(
    deps: &Deps,
    path: &str,
    query: HashMap<String, String>,
    form: Vec<(String, String)>,
    headers: &HeaderMap,
) -> Result<Signed, WebhookError> {
    let account = form.iter().find(|(name, _)| name == "AccountSid").map(|(_, account)| account.as_str());
    let tenant = match (query.get("workspace"), account) {
        (Some(workspace), _) => deps.tenants.of(&WorkspaceId::from(workspace.as_str())).await,
        (None, Some(account)) => deps.tenants.of_account(account).await,
        (None, None) => None,
    };
    let mut tenant = tenant.ok_or(WebhookError::Foreign)?;
    let signature = headers.get("x-twilio-signature").and_then(|header| header.to_str().ok());
    let signature = signature.ok_or(WebhookError::Unsigned)?;
    // The URL as Twilio knows it: `Host` and forwarding headers are not believed.
    let known = [Some(&*deps.public_url), without_port(&deps.public_url)];
    let now = deps.clock.now();
    let signed_by = |tenant: &Tenant| {
        let mut urls = known.into_iter().flatten().map(|base| format!("{base}{path}"));
        urls.any(|url| tenant.verifies(&url, &form, signature, now))
    };
    if !signed_by(&tenant) {
        // The token may have been changed by another process a moment ago.
        tenant = deps.tenants.of_account(&tenant.account).await.ok_or(WebhookError::Foreign)?;
        if !signed_by(&tenant) {
            return Err(WebhookError::Unsigned);
        }
    }
    match account {
        None => Err(WebhookError::Malformed("AccountSid")),
        Some(account) if account != tenant.account => Err(WebhookError::Foreign),
        Some(_) => Ok(Signed { tenant, query, form }),
    }
}

/// Voice webhooks over HTTPS are signed without the port (Twilio: Webhooks Security).
fn without_port(base: &str) -> Option<&str> {
    let (start, port) = base.rsplit_once(':')?;
    (start.starts_with("https://") && port.bytes().all(|b| b.is_ascii_digit())).then_some(start)
}

fn form(headers: &HeaderMap, body: &Bytes) -> Result<Vec<(String, String)>, WebhookError> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(WebhookError::Malformed("content type"));
    }
    if std::str::from_utf8(body).is_err() {
        return Err(WebhookError::Malformed("body is not UTF-8"));
    }
    Ok(pairs(body))
}

fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(encoded).into_owned().collect()
}

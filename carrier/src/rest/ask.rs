//! A request to the REST API: who asks, for what, with which parameters.

use std::sync::Arc;

use axum::{
    Json,
    body::to_bytes,
    extract::{FromRequest, FromRequestParts, MatchedPath, RawPathParams, Request},
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::{form::Form, gate::Knock, trouble};
use crate::{engine::ApiError, network::Network, openapi};

/// Larger requests are not read.
const LARGEST_BODY: usize = 256 * 1024;

/// A request that may be made, by an account that exists.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) account: String,
    /// The account whose credentials these are: the same, or the one that it belongs to.
    pub(crate) by: String,
    pub(crate) form: Form,
    /// The path as it was asked for.
    pub(crate) path: String,
    names: Vec<(String, String)>,
}

/// What is answered.
#[derive(Debug)]
pub(crate) enum Answer {
    Found(Value),
    Created(Value),
    Deleted,
}

impl Ask {
    /// A part of the path, without the `.json` at its end.
    pub(crate) fn name(&self, key: &str) -> &str {
        let value = self.names.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value);
        value.strip_suffix(".json").unwrap_or(value)
    }

    pub(crate) fn answer(&self, answer: Result<Answer, ApiError>) -> Response {
        match answer {
            Ok(Answer::Found(value)) => Json(value).into_response(),
            Ok(Answer::Created(value)) => (StatusCode::CREATED, Json(value)).into_response(),
            Ok(Answer::Deleted) => StatusCode::NO_CONTENT.into_response(),
            Err(error) => trouble::answer(&error, &self.path),
        }
    }
}

impl FromRequest<Arc<Network>> for Ask {
    type Rejection = Response;

    async fn from_request(request: Request, network: &Arc<Network>) -> Result<Self, Response> {
        Self::read(request, network, true).await
    }
}

impl Ask {
    /// A request for a sound, whose path does not end in `.json`.
    pub(super) async fn for_sound(request: Request, network: &Arc<Network>) -> Result<Self, Response> {
        Self::read(request, network, false).await
    }

    async fn read(request: Request, network: &Arc<Network>, json: bool) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        let refuse = |error: ApiError| trouble::answer(&error, &path);
        let template =
            MatchedPath::from_request_parts(&mut parts, network).await.map_err(IntoResponse::into_response)?;
        let names =
            RawPathParams::from_request_parts(&mut parts, network).await.map_err(IntoResponse::into_response)?;
        let names: Vec<(String, String)> = names.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        let template = template.as_str();
        // Only JSON is spoken here; Twilio's XML is for paths of its older API that don't say `.json`.
        if json && template.starts_with("/2010") && path.strip_suffix(".json").is_none() {
            return Err(refuse(ApiError::missing()));
        }
        let knock = Knock { headers: &parts.headers, method: &parts.method, template, names: &names };
        let admitted = network.look(|engine| knock.admit(engine)).map_err(refuse)?;
        let form = if parts.method == Method::GET {
            Form::read(parts.uri.query().unwrap_or_default().as_bytes())
        } else {
            let bytes = to_bytes(body, LARGEST_BODY).await;
            Form::read(&bytes.map_err(|_| refuse(ApiError::bad(20001, "The request is too large")))?)
        };
        if json && network.strict && !super::is_undescribed(template) {
            let method = parts.method.as_str().to_ascii_lowercase();
            openapi::check(&described(template), &method, &form.0).map_err(refuse)?;
        }
        Ok(Self { account: admitted.account, by: admitted.by, form, path, names })
    }
}

/// The template by which Twilio's description knows a path.
fn described(template: &str) -> String {
    // Toll-free numbers are asked for and described as local ones are.
    let template = template.replace("/TollFree", "/Local");
    format!("{}.json", template.strip_suffix(".json").unwrap_or(&template))
}

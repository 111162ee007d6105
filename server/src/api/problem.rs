//! What went wrong, in a form that programs can read (RFC 9457).

use std::{collections::BTreeMap, time::Duration};

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use switchyard::{floor::Refusal, people::Fault, ports::StoreError, service::Rejected, token::Scope};
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{self, RefOr},
};

use crate::limits::TooMany;

/// The type of what programs are told is wrong (RFC 9457, 3).
const PROBLEM_JSON: &str = "application/problem+json";

/// Why something was not done.
#[derive(Debug)]
pub(crate) enum Problem {
    /// There is no token, or it is worth nothing.
    Unauthorised,
    /// The token may not be used for this.
    OutOfScope(Scope),
    /// Whoever made the token may not do this.
    Forbidden,
    /// They may, and no program of theirs.
    ByHand,
    /// There is no such thing.
    NotFound,
    /// It is there, but this cannot be done with it.
    Method,
    /// The request cannot be read.
    Malformed(String),
    /// The body is larger than programs need.
    TooLarge,
    /// The body is not said to be JSON.
    MediaType,
    /// Fields that cannot be taken.
    Unfit(Vec<Fault>),
    /// The floor's rules say no.
    Refused(Refusal),
    /// It was asked for too often.
    TooMany(TooMany),
    /// The database cannot be reached. Nothing was done.
    Unavailable,
    /// It took too long, and may have been done all the same.
    Slow,
}

/// What went wrong (RFC 9457, `application/problem+json`).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Body {
    /// Which kind of problem it is.
    #[serde(rename = "type")]
    kind: String,
    /// The same in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What it is about, this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Fields that cannot be taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<FieldFault>,
}

/// A field that cannot be taken.
#[derive(Serialize, ToSchema)]
struct FieldFault {
    /// Its name; none when it is about the whole.
    field: Option<&'static str>,
    /// Why.
    fault: String,
}

impl Problem {
    /// Every kind with its status and its words, for the description.
    pub(super) fn kinds() -> Vec<(&'static str, u16, &'static str)> {
        let all = [
            Self::Unauthorised,
            Self::OutOfScope(Scope::PeopleRead),
            Self::Forbidden,
            Self::ByHand,
            Self::NotFound,
            Self::Method,
            Self::Malformed(String::new()),
            Self::TooLarge,
            Self::MediaType,
            Self::Unfit(Vec::new()),
            Self::Refused(Refusal::CallGone),
            Self::TooMany(TooMany(Duration::ZERO)),
            Self::Unavailable,
            Self::Slow,
        ];
        all.iter().map(Self::parts).map(|(status, kind, title, _)| (kind, status.as_u16(), title)).collect()
    }

    fn parts(&self) -> (StatusCode, &'static str, &'static str, Option<String>) {
        match self {
            Self::Unauthorised => (StatusCode::UNAUTHORIZED, "unauthorised", "The token is missing or not valid", None),
            Self::OutOfScope(scope) => {
                let detail = format!("it needs the scope {}", scope.code());
                (StatusCode::FORBIDDEN, "scope", "The token may not be used for this", Some(detail))
            }
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "Whoever made the token may not do this", None),
            Self::ByHand => {
                let title = "Programs look after agents and supervisors only: this is done by hand, on a page";
                (StatusCode::FORBIDDEN, "by-hand", title, None)
            }
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "There is no such thing", None),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "method", "This cannot be done here", None),
            Self::Malformed(why) => {
                (StatusCode::BAD_REQUEST, "malformed", "The request cannot be read", Some(why.clone()))
            }
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large", None),
            Self::MediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "Bodies are application/json", None),
            Self::Unfit(_) => (StatusCode::UNPROCESSABLE_ENTITY, "unfit", "Some fields cannot be taken", None),
            Self::Refused(refusal) => {
                (StatusCode::CONFLICT, "refused", "The floor's rules say no", Some(refusal.to_string()))
            }
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests", None),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Nothing was done; try again", None),
            Self::Slow => (StatusCode::SERVICE_UNAVAILABLE, "slow", "It took too long; see whether it was done", None),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, kind, title, detail) = self.parts();
        let faults = match &self {
            Self::Unfit(faults) => {
                faults.iter().map(|fault| FieldFault { field: fault.field(), fault: format!("{fault:?}") }).collect()
            }
            _ => Vec::new(),
        };
        let body = Body { kind: format!("/api/docs#{kind}"), title, status: status.as_u16(), detail, faults };
        let mut answer = (status, Json(body)).into_response();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        match self {
            Self::Unauthorised => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                answer
            }
            Self::TooMany(too_many) => too_many.mark(answer),
            _ => answer,
        }
    }
}

/// What every operation may answer instead.
impl IntoResponses for Problem {
    fn responses() -> BTreeMap<String, RefOr<openapi::Response>> {
        let answer = |words: &str| {
            let content = openapi::Content::new(Some(openapi::Ref::from_schema_name("Problem")));
            openapi::ResponseBuilder::new().description(words).content(PROBLEM_JSON, content).into()
        };
        [("4XX", "It cannot be done"), ("5XX", "It could not be done now")]
            .map(|(status, words)| (status.to_owned(), answer(words)))
            .into()
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotAllowed | Fault::RoleTooHigh => Self::Forbidden,
            Fault::NotByProgram => Self::ByHand,
            Fault::Unavailable => Self::Unavailable,
            Fault::FloorBehind => Self::Slow,
            fault => Self::Unfit(vec![fault]),
        }
    }
}

impl From<Vec<Fault>> for Problem {
    fn from(faults: Vec<Fault>) -> Self {
        match faults[..] {
            [fault] => fault.into(),
            _ => Self::Unfit(faults),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a program's request was not answered");
        Self::Unavailable
    }
}

impl From<Rejected> for Problem {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::Refused(Refusal::NoSuchAgent | Refusal::CallGone | Refusal::NoSuchSlot) => Self::NotFound,
            Rejected::Refused(Refusal::NotAllowed | Refusal::NotYours) => Self::Forbidden,
            Rejected::Refused(refusal) => Self::Refused(refusal),
            Rejected::Unavailable => Self::Unavailable,
        }
    }
}

//! Long lists come in pages. Where the next begins is a word that programs give back as they got it.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;

/// How many are on a page: unless asked otherwise, and at most.
const USUAL: u32 = 50;
const MOST: u32 = 200;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// `next` of the page before; the first page when not given.
    pub(super) cursor: Option<String>,
    /// How many, 1 to 200; 50 when not given.
    pub(super) limit: Option<u32>,
}

/// A page that was asked for: below what, and how many.
pub(super) struct Asked<K> {
    pub(super) after: Option<K>,
    pub(super) limit: u32,
}

impl Which {
    /// What was asked for, if it can be.
    pub(super) fn read<K: std::str::FromStr>(&self) -> Result<Asked<K>, Problem> {
        let limit = self.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Problem::Malformed(format!("limit is 1 to {MOST}")));
        }
        let after = self.cursor.as_deref().map(|cursor| {
            let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
            let key = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).filter(|text| !text.contains('\0'));
            let key = key.and_then(|text| text.parse().ok());
            key.ok_or_else(|| Problem::Malformed("cursor is none that was given".to_owned()))
        });
        Ok(Asked { after: after.transpose()?, limit })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Which {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::from_request_parts(parts, state).await;
        query.map(|Query(which)| which).map_err(|error| Problem::Malformed(error.body_text()))
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page<T> {
    /// What is on it, in order.
    pub(super) items: Vec<T>,
    /// The `cursor` of the next page; none on the last.
    pub(super) next: Option<String>,
}

impl<T> Page<T> {
    /// A page of at most `limit`; when there are more, the next follows on the key of the last.
    pub(super) fn new<S, K: ToString>(
        mut items: Vec<S>,
        limit: u32,
        key: impl Fn(&S) -> K,
        show: impl FnMut(S) -> T,
    ) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| more);
        let next = last.map(|last| URL_SAFE_NO_PAD.encode(key(last).to_string()));
        Self { next, items: items.into_iter().map(show).collect() }
    }
}

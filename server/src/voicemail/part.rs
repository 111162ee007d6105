//! Answering with something that comes from elsewhere, or with a part of it (RFC 9110, 14): players ask for parts.

use std::ops::RangeInclusive;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::{Stream, stream};
use reqwest::Response as Source;

/// All of it, or the part that is asked for. It is never held whole.
pub(super) fn answer(source: Source, asked: Option<&str>) -> Response {
    // Of what is empty, or of no known length, there are no parts.
    let Some(length) = source.content_length().filter(|length| *length > 0) else {
        return Body::from_stream(cut(source, 0, u64::MAX)).into_response();
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let (status, part) = match asked.and_then(|asked| part(asked, length)) {
        None => (StatusCode::OK, 0..=length - 1),
        Some(Ok(part)) => (StatusCode::PARTIAL_CONTENT, part),
        Some(Err(Beyond)) => {
            return (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, format!("bytes */{length}"))])
                .into_response();
        }
    };
    let (from, until) = part.into_inner();
    if status == StatusCode::PARTIAL_CONTENT
        && let Ok(of) = HeaderValue::try_from(format!("bytes {from}-{until}/{length}"))
    {
        headers.insert(header::CONTENT_RANGE, of);
    }
    headers.insert(header::CONTENT_LENGTH, (until - from + 1).into());
    (status, headers, Body::from_stream(cut(source, from, until))).into_response()
}

/// It lies beyond the end.
struct Beyond;

/// Which part of so many bytes is asked for. What is no range, or several, is not heeded.
fn part(asked: &str, length: u64) -> Option<Result<RangeInclusive<u64>, Beyond>> {
    let parts = http_range_header::parse_range_header(asked).ok()?.validate(length);
    match parts {
        Ok(mut parts) if parts.len() == 1 => parts.pop().map(Ok),
        Ok(_) => None,
        Err(_) => Some(Err(Beyond)),
    }
}

/// The bytes between two places, both included.
fn cut(source: Source, from: u64, until: u64) -> impl Stream<Item = Result<Bytes, reqwest::Error>> {
    stream::try_unfold((source, 0_u64), move |(mut source, mut at)| async move {
        while at <= until
            && let Some(mut chunk) = source.chunk().await.map_err(reqwest::Error::without_url)?
        {
            let begins = at;
            at += chunk.len() as u64;
            let within = |place: u64| usize::try_from(place.saturating_sub(begins)).unwrap_or(usize::MAX);
            chunk.truncate(within(until).saturating_add(1));
            let wanted = chunk.slice(within(from).min(chunk.len())..);
            if !wanted.is_empty() {
                return Ok(Some((wanted, (source, at))));
            }
        }
        Ok(None)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_asked_for_as_browsers_do() {
        let asked = |range| part(range, 100).map(|part| part.ok().map(RangeInclusive::into_inner));
        assert_eq!(asked("bytes=0-1"), Some(Some((0, 1))));
        assert_eq!(asked("bytes=90-"), Some(Some((90, 99))));
        assert_eq!(asked("bytes=-10"), Some(Some((90, 99))));
        assert_eq!(asked("bytes=50-1000"), Some(Some((50, 99))));
        assert_eq!(asked("bytes=100-"), Some(None), "beyond the end");
        for unheeded in ["", "bytes", "lines=0-1", "bytes=a-b", "bytes=0-1, 5-6"] {
            assert_eq!(asked(unheeded), None, "{unheeded}");
        }
    }
}

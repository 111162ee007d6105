//! The few things that pages read from the request they answer: cookies, the query, a header.

use axum::http::{HeaderValue, StatusCode, header, request::Parts};
use leptos::{prelude::use_context, server_fn::error::ServerFnErrorErr};
use leptos_axum::ResponseOptions;

/// The value of a header, if it is text.
pub(crate) fn header(name: &str) -> Option<String> {
    use_context::<Parts>()?.headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The value of a cookie.
pub(crate) fn cookie(name: &str) -> Option<String> {
    let cookies = header("cookie")?;
    cookies.split(';').find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

/// A plain value of the query: nothing that would have to be decoded.
pub(crate) fn query(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    parts.uri.query()?.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

/// The path without its query.
pub(crate) fn path() -> String {
    use_context::<Parts>().map_or_else(|| "/".to_owned(), |parts| parts.uri.path().to_owned())
}

/// The cookie that remembers a choice of how pages look for a year. Scripts may read it: it is no secret.
pub(crate) fn choice(name: &str, value: &str) -> String {
    format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax")
}

/// Remembers a choice of how pages look.
pub(crate) fn set_cookie(name: &str, value: &str) {
    if let (Some(response), Ok(cookie)) =
        (use_context::<ResponseOptions>(), HeaderValue::from_str(&choice(name, value)))
    {
        response.append_header(header::SET_COOKIE, cookie);
    }
}

/// Answers with another status than 200.
pub(crate) fn set_status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// Answers with 400 when it is the arguments of a function that cannot be read: not the server is to blame, but whoever sent
/// them.
pub(crate) fn blame(error: &ServerFnErrorErr) {
    use ServerFnErrorErr::{Args, Deserialization, MissingArg};
    if matches!(error, Args(_) | Deserialization(_) | MissingArg(_)) {
        set_status(StatusCode::BAD_REQUEST);
    }
}

/// Sends the reader to another page. Only for addresses of our own.
pub(crate) fn redirect(path: &str) {
    if let (Some(response), Ok(path)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(path)) {
        response.insert_header(header::LOCATION, path);
        response.set_status(StatusCode::FOUND);
    }
}

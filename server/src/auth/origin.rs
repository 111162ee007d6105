//! Other sites cannot make a signed-in browser do anything: requests that change something must come from our own pages.

use axum::{
    extract::Request,
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Turns away requests that change something and come from another site. Browsers say where a request comes from, in
/// `Sec-Fetch-Site` or at least in `Origin`, and pages cannot forge either; a program that sends neither has no
/// cookies of ours that another site could abuse.
pub async fn same_origin(request: Request, next: Next) -> Response {
    // A socket is opened with GET, and is more than reading.
    let socket = request.headers().contains_key(header::UPGRADE);
    let safe = !socket && matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || comes_from_us(&request) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, "this request came from another site").into_response()
}

fn comes_from_us(request: &Request) -> bool {
    let header = |name| request.headers().get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    if let Some(site) = header(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match (header(header::ORIGIN), header(header::HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, origin)| origin == host),
        (Some(_), None) => false,
    }
}

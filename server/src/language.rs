//! The language of pages, where somebody chooses it on what a form has answered: that is at an address of its own, from which
//! they are sent back to the page.

use axum::{
    extract::Request,
    http::{HeaderValue, header::SET_COOKIE},
    middleware::Next,
    response::Response,
};

/// Remembers a choice made with `?lang=…` whose answer leads elsewhere.
pub(crate) async fn remember(request: Request, next: Next) -> Response {
    let query = request.uri().query().filter(|_| request.method().is_safe());
    let cookie = query.and_then(app::chosen_language).and_then(|cookie| HeaderValue::from_str(&cookie).ok());
    let mut answer = next.run(request).await;
    if let Some(cookie) = cookie.filter(|_| answer.status().is_redirection()) {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

//! Addresses that end with a slash: those without are the ones that there are.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

/// Leads whoever reads an address with a slash at its end to the same without. Nobody is at it: who is signed in would not be
/// known there.
pub(crate) async fn leads_on(request: Request, next: Next) -> Response {
    let bare = request.uri().path().trim_end_matches('/');
    // `//elsewhere.example/` would lead away from this site.
    if bare.len() == request.uri().path().len()
        || !request.method().is_safe()
        || !bare.starts_with('/')
        || bare.starts_with("//")
    {
        return next.run(request).await;
    }
    let to = request.uri().query().map_or_else(|| bare.to_owned(), |query| format!("{bare}?{query}"));
    Redirect::permanent(&to).into_response()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use axum::{Router, body::Body, http::header::LOCATION, middleware::from_fn};
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn an_address_with_a_slash_at_its_end_leads_to_the_same_without() {
        let router = Router::new().fallback(async || "here").layer(from_fn(leads_on));
        for (address, to) in [
            ("/calls/", Some("/calls")),
            ("/people/ana//?lang=ro", Some("/people/ana?lang=ro")),
            ("/", None),
            ("/calls", None),
            ("//elsewhere.example/", None),
        ] {
            let request = Request::builder().uri(address).body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            let leads = answer.headers().get(LOCATION).map(|to| to.to_str().unwrap());
            assert_eq!(leads, to, "{address}");
        }
    }
}

//! What somebody asks for goes on to its end though they may have gone: a browser that was closed, a proxy that waits no longer.
//! What is done is noted then, and nothing is left half done.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    BoxError, RequestExt,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::TryStreamExt;
use hyper::body::Frame;
use tokio::sync::watch;

/// What a connection asked for may go on when that has ended: a process that is asked to stop waits for whoever holds this, too.
#[derive(Clone)]
pub(crate) struct UnderWay(#[expect(dead_code, reason = "it is held, and let go of with this")] watch::Receiver<bool>);

impl UnderWay {
    /// Holds what whoever waits sees closed once nobody holds it any more.
    pub(crate) const fn holding(held: watch::Receiver<bool>) -> Self {
        Self(held)
    }
}

/// Answers what may change something apart from the connection that it came by. All of it is read before: whoever breaks off
/// while they are asking has asked for nothing. Limits of size are set around this, and are told of by whoever reads.
pub(crate) async fn to_the_end(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let (parts, body) = request.with_limited_body().into_parts();
    let body = match read(body).await.map_err(reason) {
        Ok(all) => Body::from(all),
        Err(reason) if reason.is::<hyper::Error>() => return StatusCode::BAD_REQUEST.into_response(),
        Err(reason) => Body::new(Broken(Some(reason))),
    };
    // A process that is asked to stop waits for it as it does for connections.
    let under_way = parts.extensions.get::<UnderWay>().cloned();
    let acting = next.run(Request::from_parts(parts, body));
    let answer = tokio::spawn(async move {
        let answer = acting.await;
        drop(under_way);
        answer
    });
    answer.await.unwrap_or_else(|error| {
        tracing::error!(%error, "what somebody asked for broke off");
        (StatusCode::INTERNAL_SERVER_ERROR, "this broke off; look whether it was done before you try again")
            .into_response()
    })
}

async fn read(body: Body) -> Result<Vec<u8>, axum::Error> {
    let mut chunks = body.into_data_stream();
    let mut all = Vec::new();
    while let Some(chunk) = chunks.try_next().await? {
        all.extend_from_slice(&chunk);
    }
    Ok(all)
}

/// What could not be read, for whoever reads it and says why.
struct Broken(Option<BoxError>);

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Poll::Ready(self.0.take().map(Err))
    }
}

/// Each limit around this wraps an error once more; only so many times do readers look inside.
fn reason(error: axum::Error) -> BoxError {
    let mut reason = error.into_inner();
    loop {
        match reason.downcast::<axum::Error>() {
            Ok(error) => reason = error.into_inner(),
            Err(reason) => return reason,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use std::sync::Arc;

    use axum::{
        Router,
        extract::DefaultBodyLimit,
        http::Method,
        middleware::from_fn,
        routing::{get, post},
    };
    use tokio::sync::Notify;
    use tower::ServiceExt;

    use super::*;

    fn asks(method: Method, body: Body) -> Request {
        Request::builder().method(method).uri("/").body(body).unwrap()
    }

    /// Asks, goes away while it is being done, and tells whether it was done all the same.
    async fn is_done_though_they_went(method: Method) -> bool {
        let [begun, goes_on] = [(); 2].map(|()| Arc::new(Notify::new()));
        // Held by whoever does it, and let go of when they are stopped or done.
        let (done, mut is_done) = tokio::sync::mpsc::channel(1);
        let act = {
            let (begun, goes_on) = (Arc::clone(&begun), Arc::clone(&goes_on));
            async move || {
                begun.notify_one();
                goes_on.notified().await;
                done.send(()).await.unwrap();
            }
        };
        let router = Router::new().route("/", get(act.clone()).post(act)).layer(from_fn(to_the_end));
        let asked = router.oneshot(asks(method, Body::empty()));
        tokio::select! {
            answer = asked => unreachable!("{answer:?}"),
            () = begun.notified() => {}
        }
        goes_on.notify_one();
        is_done.recv().await.is_some()
    }

    #[tokio::test]
    async fn what_changes_something_is_done_though_whoever_asked_went_away() {
        assert!(is_done_though_they_went(Method::POST).await);
        assert!(!is_done_though_they_went(Method::GET).await, "nobody reads that");
    }

    #[tokio::test]
    async fn what_is_too_long_is_refused_and_what_fails_is_told_of() {
        let read = async |body: Bytes| body.len().to_string();
        let panics = async || -> StatusCode { panic!("as if it were a bug") };
        let router = Router::new().route("/", post(read).put(panics)).layer(from_fn(to_the_end));
        let router = router.layer(DefaultBodyLimit::max(4));
        let status = async |method, text: &'static str| {
            router.clone().oneshot(asks(method, Body::from(text))).await.unwrap().status()
        };
        assert_eq!(status(Method::POST, "four").await, StatusCode::OK);
        assert_eq!(status(Method::POST, "fives").await, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(status(Method::PUT, "").await, StatusCode::INTERNAL_SERVER_ERROR);
    }
}

//! Connections: taken in, timed, and ended. `axum::serve` does the same without a timer: whoever begins a request and
//! never ends it would be waited for.

use std::{
    net::SocketAddr,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{ConnectInfo, Request},
    serve::Listener,
};
use hyper::{
    body::Incoming,
    rt::{Sleep, Timer},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::timeout,
};
use tower::Service;

use crate::{bounds::Bounds, to_the_end::UnderWay};

/// How long requests that are under way may take to end when the process is asked to stop. Live feeds never end by
/// themselves; browsers come back to the next process.
const DRAIN: Duration = Duration::from_secs(3);

/// Takes connections in until `stop` is done, and then waits until what is under way has ended. Sockets that a connection
/// was turned into are not waited for.
pub(super) async fn serve(mut listener: TcpListener, app: &Router, bounds: Bounds, stop: impl Future<Output = ()>) {
    let (stopping, told) = watch::channel(false);
    let places = Arc::new(Semaphore::new(bounds.connections));
    let mut stop = pin!(stop);
    loop {
        let next = async {
            // This fails only when somebody closes it, and nobody does.
            let place = Arc::clone(&places).acquire_owned().await;
            (place, Listener::accept(&mut listener).await)
        };
        let (place, (stream, peer)) = tokio::select! {
            next = next => next,
            () = stop.as_mut() => break,
        };
        let (app, told) = (app.clone(), told.clone());
        tokio::spawn(async move {
            talk(stream, peer, app, bounds, told).await;
            drop(place);
        });
    }
    // Nobody else gets in, and whoever is in holds a receiver until they are gone, and what they asked for is done.
    drop((listener, told));
    stopping.send_replace(true);
    if timeout(DRAIN, stopping.closed()).await.is_err() {
        tracing::debug!("some connections were still open");
    }
}

/// Answers what comes on one connection, until it ends or is turned into a socket.
async fn talk(stream: TcpStream, peer: SocketAddr, app: Router, bounds: Bounds, mut told: watch::Receiver<bool>) {
    // A feed's updates are small: none of them waits until the one before it is acknowledged.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection sends small things late");
    }
    let under_way = UnderWay::holding(told.clone());
    let answer = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(under_way.clone());
        app.clone().call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(Patience::of(bounds)).header_read_timeout(bounds.head);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), answer).with_upgrades());
    let stop = async {
        // It fails when the server is gone already.
        let _ = told.wait_for(|stopping| *stopping).await;
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// Times the heads of one connection's requests. hyper knows one limit for all of them, which it counts from where the request
/// before was done: the first is held to that, and those after it may come later.
struct Patience {
    is_first: AtomicBool,
    more: Duration,
}

impl Patience {
    fn of(bounds: Bounds) -> Self {
        Self { is_first: AtomicBool::new(true), more: bounds.idle.saturating_sub(bounds.head) }
    }
}

impl Timer for Patience {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        TokioTimer::new().sleep(duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        let more = if self.is_first.swap(false, Ordering::Relaxed) { Duration::ZERO } else { self.more };
        TokioTimer::new().sleep_until(deadline + more)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use axum::{middleware::from_fn, routing::post};
    use tokio::{
        io::AsyncWriteExt,
        sync::{Notify, oneshot},
    };

    use super::*;
    use crate::to_the_end::to_the_end;

    #[tokio::test]
    async fn a_stopping_process_waits_for_what_goes_on_though_its_connection_has_ended() {
        let [begun, goes_on] = [(); 2].map(|()| Arc::new(Notify::new()));
        let done = Arc::new(AtomicBool::new(false));
        let acts = {
            let (begun, goes_on, done) = (Arc::clone(&begun), Arc::clone(&goes_on), Arc::clone(&done));
            async move || {
                begun.notify_one();
                goes_on.notified().await;
                done.store(true, Ordering::Relaxed);
            }
        };
        let app = Router::new().route("/", post(acts)).layer(from_fn(to_the_end));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, told) = oneshot::channel::<()>();
        let stopped = async { told.await.unwrap() };
        let mut served = tokio::spawn(async move { serve(listener, &app, Bounds::default(), stopped).await });

        let mut browser = TcpStream::connect(address).await.unwrap();
        browser.write_all(b"POST / HTTP/1.1\r\nhost: office\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        begun.notified().await;
        drop(browser);
        stop.send(()).unwrap();
        assert!(timeout(Duration::from_millis(200), &mut served).await.is_err(), "it is not done yet");
        goes_on.notify_one();
        served.await.unwrap();
        assert!(done.load(Ordering::Relaxed));
    }
}

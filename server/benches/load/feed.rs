//! Dashboards: plain sockets that read the live feed and note when each call is first seen.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{Barrier, Notify},
    task::JoinSet,
};

use super::{process::Product, report::percentile};

type Seen = HashMap<String, Instant>;

/// Dashboards that are reading.
pub struct Listening {
    readers: JoinSet<Seen>,
    stop: Arc<Notify>,
}

/// What the dashboards saw, and when.
pub struct Delays {
    each: Vec<f64>,
    last: Vec<f64>,
    pub missing: usize,
}

impl Delays {
    /// Over every call at every dashboard.
    pub fn percentile(&self, p: f64) -> f64 {
        percentile(&self.each, p)
    }

    /// Over every call at the dashboard that saw it last.
    pub fn last_reader_percentile(&self, p: f64) -> f64 {
        percentile(&self.last, p)
    }
}

/// Opens so many dashboards and waits until all are reading.
pub async fn listen(product: &Product, cookie: &str, readers: usize) -> Listening {
    let host = product.url.trim_start_matches("http://").to_owned();
    let request = format!(
        "GET /api/live?after={} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\n\r\n",
        version(product, cookie).await
    );
    let (ready, stop) = (Arc::new(Barrier::new(readers + 1)), Arc::new(Notify::new()));
    let mut all = JoinSet::new();
    for n in 0..readers {
        let mut socket = TcpStream::connect(&host).await.unwrap();
        socket.write_all(request.as_bytes()).await.unwrap();
        all.spawn(read(socket, Arc::clone(&ready), Arc::clone(&stop)));
        if n % 50 == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    ready.wait().await;
    Listening { readers: all, stop }
}

/// The floor's version: a reader that says one that is too small is given the rest, so 0 would also do, but slower.
async fn version(product: &Product, cookie: &str) -> u64 {
    let intent = serde_json::json!({ "intent": "finish_wrap_up" });
    let answer = product.http.post(format!("{}/api/fn/ask", product.url)).header("cookie", cookie).json(&intent);
    answer.send().await.unwrap().json().await.unwrap()
}

async fn read(mut socket: TcpStream, ready: Arc<Barrier>, stop: Arc<Notify>) -> Seen {
    let mut seen = Seen::new();
    let mut buffer = Vec::with_capacity(8192);
    let mut waiting = Some(ready);
    loop {
        buffer.clear();
        let read = tokio::select! {
            read = socket.read_buf(&mut buffer) => read.unwrap_or(0),
            () = stop.notified() => 0,
        };
        if read == 0 {
            return seen;
        }
        let at = Instant::now();
        if let Some(ready) = waiting.take() {
            assert!(buffer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&buffer));
            ready.wait().await;
        }
        note(&buffer, at, &mut seen);
    }
}

/// Finds `"CA…"`. A call cut by the end of a read would be missed, and counted as missing: frames are far smaller.
fn note(bytes: &[u8], at: Instant, seen: &mut Seen) {
    let mut rest = bytes;
    while let Some(start) = rest.windows(3).position(|window| window == b"\"CA") {
        let Some(sid) = rest.get(start + 1..start + 35) else { return };
        if let Ok(sid) = std::str::from_utf8(sid)
            && !seen.contains_key(sid)
        {
            seen.insert(sid.to_owned(), at);
        }
        rest = &rest[start + 35..];
    }
}

impl Listening {
    /// Waits a moment for what is under way, ends the dashboards and compares with what was sent.
    pub async fn collect(mut self, sent: &HashMap<String, Instant>) -> Delays {
        tokio::time::sleep(Duration::from_secs(1)).await;
        self.stop.notify_waiters();
        let mut delays = Delays { each: Vec::new(), last: Vec::new(), missing: 0 };
        let mut last: HashMap<&String, f64> = HashMap::new();
        while let Some(seen) = self.readers.join_next().await {
            let seen = seen.unwrap();
            for (call, at) in sent {
                match seen.get(call) {
                    None => delays.missing += 1,
                    Some(arrived) => {
                        let millis = arrived.duration_since(*at).as_secs_f64() * 1000.0;
                        delays.each.push(millis);
                        let slowest = last.entry(call).or_default();
                        *slowest = slowest.max(millis);
                    }
                }
            }
        }
        delays.last = last.into_values().collect();
        delays
    }
}

//! Twilio, as fast as it may come: calls that arrive and end, each as a signed request.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{task::JoinSet, time::interval};
use url::form_urlencoded;

use super::{
    process::{ACCOUNT, Product},
    report::percentile,
};

/// How requests went.
#[derive(Default)]
pub struct Answers {
    millis: Vec<f64>,
    pub failed: usize,
}

impl Answers {
    pub fn answered(&self) -> usize {
        self.millis.len()
    }

    pub fn percentile(&self, p: f64) -> f64 {
        percentile(&self.millis, p)
    }

    fn add(&mut self, took: Duration, ok: bool) {
        if ok {
            self.millis.push(took.as_secs_f64() * 1000.0);
        } else {
            self.failed += 1;
        }
    }
}

static CALLS: AtomicU32 = AtomicU32::new(0);

fn new_call() -> String {
    format!("CA{:032x}", CALLS.fetch_add(1, Ordering::Relaxed))
}

/// A signed request, ready to be sent.
fn request(product: &Product, path: &str, sid: &str, status: &str) -> reqwest::RequestBuilder {
    let form: Vec<(String, String)> = [
        ("AccountSid", ACCOUNT),
        ("ApiVersion", "2010-04-01"),
        ("CallSid", sid),
        ("CallStatus", status),
        ("Called", "+40312345678"),
        ("Caller", "+40722111222"),
        ("Direction", "inbound"),
        ("From", "+40722111222"),
        ("To", "+40312345678"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let url = format!("{}{path}?workspace=salon", product.url);
    let signature = product.key.sign(&url, &form);
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish();
    let request = product.http.post(url).header("x-twilio-signature", signature);
    request.header("content-type", "application/x-www-form-urlencoded").body(body)
}

/// The `n`-th webhook of a stream in which every call arrives and is ended by the next webhook: the floor stays small.
fn nth(product: &Product, n: u64, last: &mut String) -> reqwest::RequestBuilder {
    if n.is_multiple_of(2) {
        *last = new_call();
        request(product, "/api/voice/inbound", last, "ringing")
    } else {
        request(product, "/api/voice/status", last, "completed")
    }
}

/// Sends `rate` webhooks a second, whether or not earlier ones were answered.
pub async fn at_rate(product: &Product, rate: u64, how_long: Duration) -> Answers {
    let mut ticks = interval(Duration::from_secs_f64(1.0 / rate as f64));
    let mut sent = JoinSet::new();
    let mut call = String::new();
    for n in 0..rate * how_long.as_secs() {
        ticks.tick().await;
        let request = nth(product, n, &mut call);
        let started = Instant::now();
        sent.spawn(async move {
            let ok = request.send().await.is_ok_and(|answer| answer.status().is_success());
            (started.elapsed(), ok)
        });
    }
    let mut answers = Answers::default();
    while let Some(done) = sent.join_next().await {
        let (took, ok) = done.unwrap();
        answers.add(took, ok);
    }
    answers
}

/// Sends the next webhook as soon as one was answered, on so many connections.
pub async fn as_fast_as_possible(product: &Product, connections: usize, how_long: Duration) -> Answers {
    let end = Instant::now() + how_long;
    let workers = (0..connections).map(|_| async move {
        let mut answers = Answers::default();
        let (mut n, mut call) = (0, String::new());
        while Instant::now() < end {
            let request = nth(product, n, &mut call);
            let started = Instant::now();
            let ok = request.send().await.is_ok_and(|answer| answer.status().is_success());
            answers.add(started.elapsed(), ok);
            n += 1;
        }
        answers
    });
    let mut all = Answers::default();
    for answers in futures::future::join_all(workers).await {
        all.millis.extend(answers.millis);
        all.failed += answers.failed;
    }
    all
}

/// Calls that arrive, `rate` a second. Answers when each was sent.
pub async fn arrivals(product: &Product, rate: u64, how_long: Duration) -> HashMap<String, Instant> {
    let sent = Arc::new(Mutex::new(HashMap::new()));
    let mut ticks = interval(Duration::from_secs_f64(1.0 / rate as f64));
    let mut running = JoinSet::new();
    for _ in 0..rate * how_long.as_secs() {
        ticks.tick().await;
        let call = new_call();
        let request = request(product, "/api/voice/inbound", &call, "ringing");
        sent.lock().unwrap().insert(call, Instant::now());
        running.spawn(async move { assert!(request.send().await.unwrap().status().is_success()) });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
    Arc::try_unwrap(sent).unwrap().into_inner().unwrap()
}

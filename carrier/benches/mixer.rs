//! What audio costs: the mixer by itself, and a carrier with real wires in a process of its own.
//!
//! `cargo bench -p carrier --bench mixer` prints two tables. It does nothing without `--bench`, since test runners start
//! it too.

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/http/sdk.rs"]
mod sdk;

use std::{
    hint::black_box,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use carrier::mixer::{Frame, SAMPLES, Sum, hear};
use sdk::{ACCOUNT, KEY, SECRET, Sdk};
use serde_json::{Value, json};

/// How long the whole is watched.
const WATCHED: Duration = Duration::from_secs(5);

/// Frames in a second.
const FRAMES: f64 = 50.0;

fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    mixer();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(wires());
}

/// The mixer alone: everybody speaks, which is the worst case.
fn mixer() {
    println!("\nThe mixer alone, everybody speaking\n");
    println!("| legs in a room | ns per leg and 20 ms | legs on one core |");
    println!("| ---: | ---: | ---: |");
    for legs in [2, 3, 10, 50, 250] {
        let voices: Vec<Frame> = (0..legs).map(|leg: i16| [leg * 7; SAMPLES]).collect();
        let rounds = 200_000 / usize::from(legs.unsigned_abs());
        let start = Instant::now();
        for _ in 0..rounds {
            let sum = Sum::of(black_box(&voices).iter());
            for voice in &voices {
                black_box(hear(sum.as_ref(), Some(voice), std::iter::empty()));
            }
        }
        let count = u32::try_from(rounds * voices.len()).expect("few enough");
        let each = start.elapsed().as_secs_f64() / f64::from(count);
        println!("| {legs} | {:.0} | {:.0} |", each * 1e9, 0.02 / each);
    }
}

/// A carrier of its own, which ends with this.
struct Carrier {
    process: Child,
    base: String,
    client: reqwest::Client,
}

impl Drop for Carrier {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Clients in pairs, each pair in a conference, each speaking and hearing the other.
async fn wires() {
    println!("\nA carrier with real wires (SRTP, PCMU, both ways), in pairs that talk\n");
    println!("| legs | share of one core | µs per leg and 20 ms | packets lost | legs on one core |");
    println!("| ---: | ---: | ---: | ---: | ---: |");
    for legs in [0, 10, 50, 100, 200] {
        let carrier = Carrier::start().await;
        let mut phones = Vec::new();
        for leg in 0..legs {
            let identity = format!("leg{leg}");
            let mut sdk = Sdk::registered(&carrier.base, &identity).await;
            carrier.add(&format!("room{}", leg / 2), &identity).await;
            let (_, wire) = sdk.takes_call(if leg % 2 == 0 { 440.0 } else { 1_000.0 }).await;
            phones.push((sdk, wire));
            if let [.., (_, first), (_, second)] = &phones[..]
                && leg % 2 == 1
            {
                first.hears(1_000.0).await;
                second.hears(440.0).await;
            }
        }
        let (before, packets, start) = (carrier.cpu(), carrier.packets().await, Instant::now());
        tokio::time::sleep(WATCHED).await;
        let (after, sent, seconds) = (carrier.cpu(), carrier.packets().await, start.elapsed().as_secs_f64());
        let share = (after - before) / seconds;
        let legs = f64::from(legs);
        let lost = (1.0 - (sent - packets) / (legs * 2.0 * FRAMES * seconds)).max(0.0) * 100.0;
        if legs == 0.0 {
            println!("| 0 | {:.1} % | | | |", share * 100.0);
        } else {
            let each = share / legs;
            println!("| {legs} | {:.1} % | {:.0} | {lost:.1} % | {:.0} |", share * 100.0, each * 20_000.0, 1.0 / each);
        }
    }
}

impl Carrier {
    async fn start() -> Self {
        let port =
            std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
        let base = format!("http://{port}");
        let process = Command::new(env!("CARGO_BIN_EXE_carrier"))
            .args(["--port", &port.port().to_string(), "--cps", "10000", "--account", &format!("{ACCOUNT}:token")])
            .env("RUST_LOG", "warn")
            .stdout(Stdio::null())
            .spawn()
            .expect("a process");
        let carrier = Self { process, base, client: reqwest::Client::builder().no_proxy().build().expect("a client") };
        let deadline = Instant::now() + Duration::from_secs(10);
        while carrier.client.get(format!("{}/healthz", carrier.base)).send().await.is_err() {
            assert!(Instant::now() < deadline, "carrier does not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let number = json!({ "account_sid": ACCOUNT });
        let account = json!({ "auth_token": "token", "api_keys": { KEY: SECRET } });
        for (path, body) in [(format!("accounts/{ACCOUNT}"), account), ("numbers/+40312345678".to_owned(), number)] {
            let request = carrier.client.put(format!("{}/carrier/{path}", carrier.base)).json(&body);
            request.send().await.and_then(reqwest::Response::error_for_status).expect("put");
        }
        carrier
    }

    /// Adds a client to a conference.
    async fn add(&self, conference: &str, identity: &str) {
        let path = format!("/2010-04-01/Accounts/{ACCOUNT}/Conferences/{conference}/Participants.json");
        let form = [("From", "+40312345678"), ("To", &format!("client:{identity}"))];
        let request = self.client.post(format!("{}{path}", self.base)).basic_auth(ACCOUNT, Some("token")).form(&form);
        request.send().await.and_then(reqwest::Response::error_for_status).expect("added");
    }

    /// Seconds of processor time so far; Linux counts in hundredths.
    fn cpu(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).expect("Linux");
        let after_name = stat.rsplit_once(')').map(|(_, rest)| rest).expect("a name");
        let ticks = after_name.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<f64>().expect("a number"));
        ticks.sum::<f64>() / 100.0
    }

    /// All packets so far, in both directions.
    async fn packets(&self) -> f64 {
        let truth = self.client.get(format!("{}/carrier/truth", self.base)).send().await.expect("the truth");
        let truth: Value = truth.json().await.expect("JSON");
        let legs = truth["calls"].as_array().expect("calls").iter();
        legs.flat_map(|leg| [&leg["packets_in"], &leg["packets_out"]]).filter_map(Value::as_f64).sum()
    }
}

//! `make bench`: how fast the product is, measured from outside on real processes.
//!
//! Prints a table and writes `target/bench/floor.json`. `SWITCHYARD_BIN` and `CARRIER_BIN` name the programs,
//! `BENCH_SITE` the built pages, `BENCH_POSTGRES` a PostgreSQL server on which databases can be made and `BENCH_POSTGRES_SOCKET` the
//! same by its Unix socket (left out: not measured).
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on should stop")]
#![expect(unreachable_pub, reason = "a benchmark publishes nothing")]
#![expect(clippy::cast_precision_loss, reason = "figures are rounded for people anyway")]

#[path = "load/feed.rs"]
mod feed;
#[path = "load/process.rs"]
mod process;
#[path = "load/report.rs"]
mod report;
#[path = "load/webhook.rs"]
mod webhook;

use std::time::Duration;

use self::{
    process::{Database, Product},
    report::{Report, median},
};

/// How long each load lasts.
const LOAD: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() {
    // `cargo test --benches` and `cargo nextest` start benchmarks with arguments of their own: measuring is not testing.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let mut report = Report::default();
    for database in Database::all() {
        start(&database, &mut report).await;
        webhooks(&database, &mut report).await;
        for readers in [100, 1000] {
            dashboards(&database, readers, &mut report).await;
        }
    }
    first_load(&mut report);
    report.print();
    report.write(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bench/floor.json"));
}

/// Start to ready, and memory when nothing happens.
async fn start(database: &Database, report: &mut Report) {
    let mut times = Vec::new();
    let mut memory = Vec::new();
    let mut stage = process::Stage::new(database).await;
    // The first start makes the tables and the demo's people.
    stage.product().await;
    for _ in 0..10 {
        let product = stage.served().await;
        times.push(product.ready_after.as_secs_f64() * 1000.0);
        tokio::time::sleep(Duration::from_millis(500)).await;
        memory.push(product.memory_mb());
    }
    let name = database.name();
    report.add(&format!("start to ready, {name}"), median(&mut times), "ms", "under 50");
    report.add(&format!("memory idle, {name}"), median(&mut memory), "MB", "under 25");
}

/// Signed webhooks with a durable write.
async fn webhooks(database: &Database, report: &mut Report) {
    let mut stage = process::Stage::new(database).await;
    let product = stage.product().await;
    product.nobody_takes_calls().await;
    let name = database.name();

    let before = product.cpu();
    let steady = webhook::at_rate(product, 500, LOAD).await;
    let cpu = (product.cpu() - before) / LOAD.as_secs_f64() * 100.0;
    report.add(&format!("webhook at 500/s, p50, {name}"), steady.percentile(50.0), "ms", "");
    report.add(&format!("webhook at 500/s, p99, {name}"), steady.percentile(99.0), "ms", "under 5");
    report.add(&format!("webhook at 500/s, CPU of one core, {name}"), cpu, "%", "");
    report.add(&format!("webhook at 500/s, failed, {name}"), steady.failed as f64, "", "0");

    let most = webhook::as_fast_as_possible(product, 64, LOAD).await;
    let goal = if name == "SQLite" { "15,000" } else { "12,000" };
    report.add(&format!("most webhooks, {name}"), most.answered() as f64 / LOAD.as_secs_f64(), "/s", goal);
    report.add(&format!("most webhooks, failed, {name}"), most.failed as f64, "", "0");
}

/// From a webhook that was sent to the news of it at every dashboard.
async fn dashboards(database: &Database, readers: usize, report: &mut Report) {
    let mut stage = process::Stage::new(database).await;
    let product: &Product = stage.product().await;
    product.nobody_takes_calls().await;
    let name = database.name();

    let session = product.sign_in("cristina").await;
    let listening = feed::listen(product, &session, readers).await;
    let memory = product.memory_mb();
    let before = product.cpu();
    let calls = webhook::arrivals(product, 50, LOAD).await;
    let seen = listening.collect(&calls).await;
    let cpu = (product.cpu() - before) / LOAD.as_secs_f64() * 100.0;
    let of = format!("to all of {readers} dashboards, {name}");
    let goal = if readers == 1000 { "under 15" } else { "" };
    report.add(&format!("{of}: p50"), seen.percentile(50.0), "ms", "");
    report.add(&format!("{of}: p99"), seen.percentile(99.0), "ms", goal);
    report.add(&format!("{of}: last reader, p99"), seen.last_reader_percentile(99.0), "ms", "");
    report.add(&format!("{of}: missing"), seen.missing as f64, "", "0");
    report.add(&format!("{of}: CPU of one core"), cpu, "%", "");
    report.add(&format!("{of}: memory"), memory, "MB", "");
}

/// What a browser loads first.
fn first_load(report: &mut Report) {
    let folder = std::env::var("BENCH_SITE").unwrap_or_else(|_| "target/site".into());
    let mut total = 0.0;
    for file in ["switchyard.wasm", "switchyard.js", "switchyard.css"] {
        // Without compressed files this is a development build, whose size says nothing.
        let Ok(compressed) = std::fs::metadata(format!("{folder}/pkg/{file}.br")) else { return };
        let kb = compressed.len() as f64 / 1000.0;
        report.add(&format!("first load, {file}, brotli"), kb, "kB", "");
        total += kb;
    }
    report.add("first load, all, brotli", total, "kB", "at most 200");
}

//! How fast a store appends: `cargo run --release -p server --example append_rate -- sqlite:///tmp/rate.db`
//!
//! One writer, as there is one for each floor, and batches of 1, 64 and 512 events with an effect for every eighth.
//! Then eight floors at once. The database should be an empty one on the disk that is to be measured.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context;
use futures::future::try_join_all;
use switchyard::{
    call::OfferReason,
    floor::{Effect, EffectKind, Event, Recorded},
    id::{CallId, LegId, WorkspaceId},
    ports::{Batch, Store},
    time::Timestamp,
};

const HOW_LONG: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let url = std::env::args().nth(1).context("which database?")?;
    let store = server::store::open(&url).await?;
    for size in [1, 64, 512] {
        report(
            &format!("1 floor,  batches of {size:3}"),
            size,
            append(&store, &format!("batches of {size}"), size).await?,
        );
    }
    for size in [1, 64] {
        let floors: Vec<_> = (0..8).map(|floor| format!("floor {floor}, batches of {size}")).collect();
        let appends = try_join_all(floors.iter().map(|floor| append(&store, floor, size))).await?;
        report(&format!("8 floors, batches of {size:3}"), size, appends.iter().sum());
    }
    Ok(())
}

fn report(what: &str, size: u64, appends: u64) {
    let per_second = |count: u64| count / HOW_LONG.as_secs();
    println!("{what}: {:6} appends/s, {:6} events/s", per_second(appends), per_second(appends * size));
}

/// Appends for a while; answers how often.
async fn append(store: &Arc<dyn Store>, workspace: &str, size: u64) -> anyhow::Result<u64> {
    let workspace = WorkspaceId::from(workspace);
    let mut version = store.load(&workspace).await?.events.last().map_or(0, |last| last.version);
    let started = Instant::now();
    let mut appends = 0;
    while started.elapsed() < HOW_LONG {
        let mut batch = Batch::default();
        for version in version + 1..=version + size {
            batch.events.push(offered(version));
            if version % 8 == 0 {
                batch.effects.push(Effect { call: call(version), kind: EffectKind::Hold });
            }
        }
        store.append(&workspace, version, &batch).await?;
        version += size;
        appends += 1;
    }
    Ok(appends)
}

fn call(version: u64) -> CallId {
    format!("CA{version:032x}").into()
}

/// An event of the usual size.
fn offered(version: u64) -> Recorded {
    let event = Event::Offered {
        call: call(version),
        agent: "01980c9e-7a44-7cc1-9f5e-000000000001".into(),
        leg: LegId(1),
        reason: OfferReason::Routed,
        by: None,
    };
    Recorded { version, at: Timestamp(1_800_000_000_000), event }
}

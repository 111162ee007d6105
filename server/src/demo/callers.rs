//! People who ring the salon now and then, wait, talk and hang up.

use std::time::Duration;

use rand::{RngExt, seq::IndexedRandom};
use serde_json::json;
use tokio::time::sleep;

use super::{
    Carrier, WORKSPACE,
    salon::{CONTACTS, numbers},
};
use crate::state::Deps;

/// So many callers at once, so that a visitor can follow what happens.
const AT_ONCE: usize = 5;

/// Rings until the process ends.
pub async fn call_now_and_then(deps: Deps, carrier: Carrier) {
    let floor = deps.floor(&WORKSPACE.into());
    loop {
        let numbers = floor
            .snapshot()
            .await
            .map(|floor| floor.calls.values().map(|call| call.caller.number.clone()).collect::<Vec<_>>());
        if let Ok(busy) = numbers
            && busy.len() < AT_ONCE
            && let Err(error) = ring(&carrier, &busy).await
        {
            tracing::warn!(%error, "a demo caller did not get through");
        }
        let pause = rand::rng().random_range(6_000..18_000);
        sleep(Duration::from_millis(pause)).await;
    }
}

/// Somebody rings who is not on the line already.
async fn ring(carrier: &Carrier, busy: &[String]) -> anyhow::Result<()> {
    let (from, to, behaviour) = {
        let mut rng = rand::rng();
        let stranger = format!("+4072{:07}", rng.random_range(0..10_000_000));
        let free: Vec<_> = CONTACTS.iter().filter(|(number, _)| !busy.iter().any(|b| b == number)).collect();
        let known = free.choose(&mut rng).filter(|_| rng.random_bool(0.7));
        let from = known.map_or(stranger, |(number, _)| (*number).to_owned());
        let to = numbers().choose(&mut rng).map(|number| number.number.clone()).unwrap_or_default();
        let behaviour = json!({
            "hangs_up_after_ms": rng.random_range(120_000..400_000),
            "hangs_up_after_answer_ms": rng.random_range(25_000..90_000),
        });
        (from, to, behaviour)
    };
    carrier.call(&from, &to, behaviour).await
}

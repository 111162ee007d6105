//! Whether somebody knows the password: counted, and the same answer in the same time for accounts that do not exist.

use std::{net::IpAddr, time::Duration};

use switchyard::{ports::StoreError, time::Timestamp};

use super::{address::network, hash, password::verify_password};
use crate::state::Deps;

/// Tries are counted over this time: those since the last success per account, and all per address, behind which there
/// may be a whole office.
pub(crate) const WINDOW: Duration = Duration::from_mins(15);
const TRIES_PER_ACCOUNT: u32 = 5;
const TRIES_PER_ADDRESS: u32 = 100;

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Address or password are wrong.
    Wrong,
    /// Too many tries.
    Throttled,
}

/// Whether this is the password of whoever signs in with `email`, asked from `address`.
pub(crate) async fn verify(
    deps: &Deps,
    email: &str,
    password: String,
    address: Option<IpAddr>,
) -> Result<Result<(), Refused>, StoreError> {
    let now = deps.clock.now();
    let since = Timestamp(now.0 - i64::try_from(WINDOW.as_millis()).unwrap_or(i64::MAX));
    let by_account = hash(&format!("account:{email}"));
    let by_network = address.map(|address| hash(&format!("address:{}", network(address))));
    let counted = [(Some(&by_account), TRIES_PER_ACCOUNT), (by_network.as_ref(), TRIES_PER_ADDRESS)];
    let counted = counted.into_iter().filter_map(|(key, most)| Some((key?, most)));
    // Whoever has tried too often is told so, and counts no further: they cost nothing, and can try again when it has been a while.
    for (key, most) in counted.clone() {
        if deps.store.failures(key, since).await? >= most {
            return Ok(Err(Refused::Throttled));
        }
    }
    // Counted before the password is looked at: many attempts at once must not all pass the count.
    let mut throttled = false;
    for (key, most) in counted {
        throttled |= deps.store.note_failure(key, now, since).await? > most;
    }
    if throttled {
        return Ok(Err(Refused::Throttled));
    }
    let known = deps.store.password(email).await?;
    if verify_password(password, known).await {
        deps.store.clear_failures(&by_account).await?;
        return Ok(Ok(()));
    }
    Ok(Err(Refused::Wrong))
}

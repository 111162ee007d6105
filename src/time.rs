//! Moments, as milliseconds since 1970 (UTC). Time zones are for the edges.

use serde::{Deserialize, Serialize};

/// A moment in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment and `seconds` more.
    #[must_use]
    pub fn plus_secs(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(i64::from(seconds) * 1000))
    }

    /// Milliseconds from `earlier` until this moment; 0 when `earlier` is the later one.
    pub fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).max(0)
    }
}

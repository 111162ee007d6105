//! Whether what the page shows is true now.

use std::time::Duration;

/// How long nothing may be heard before the connection counts as lost.
pub(crate) const SILENCE: Duration = Duration::from_secs(25);

/// The connection to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// The page came from the server and is not yet connected.
    Connecting,
    /// What is shown is true now.
    Live,
    /// The connection was lost and is being restored.
    Reconnecting,
    /// There is no network, or the server has not answered for a while.
    Offline,
}

impl Link {
    /// The value of `data-link`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Reconnecting => "reconnecting",
            Self::Offline => "offline",
        }
    }

    /// The state after `failures` attempts in a row that did not get through.
    pub(crate) fn lost(failures: u32, online: bool) -> Self {
        if !online || failures >= 3 { Self::Offline } else { Self::Reconnecting }
    }
}

/// How long to wait before attempt number `attempt`. `chance` is between 0 and 1: a thousand pages do not come back in
/// the same moment.
pub(crate) fn patience(attempt: u32, chance: f64) -> Duration {
    let most = 500_u32.saturating_mul(2_u32.saturating_pow(attempt.min(5)));
    Duration::from_millis(u64::from(most / 2))
        + Duration::from_millis(u64::from(most / 2)).mul_f64(chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_grows_and_ends() {
        assert_eq!(patience(0, 1.0), Duration::from_millis(500));
        assert_eq!(patience(3, 0.0), Duration::from_secs(2));
        assert_eq!(patience(99, 1.0), Duration::from_secs(16));
    }

    #[test]
    fn a_page_without_network_is_offline_at_once() {
        assert_eq!(Link::lost(0, false), Link::Offline);
        assert_eq!(Link::lost(1, true), Link::Reconnecting);
        assert_eq!(Link::lost(3, true), Link::Offline);
    }
}

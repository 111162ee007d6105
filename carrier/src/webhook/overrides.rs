//! Connection overrides: the fragment of a webhook's URL says how hard to try (Twilio: Webhooks connection overrides).

use std::time::Duration;

use super::attempt::{Answer, Trouble};

/// Twilio never waits longer than this when it processes a call.
const CEILING: u64 = 15_000;

/// How hard to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Overrides {
    /// `ct`
    pub(super) connect: Duration,
    /// `rt`: for the first byte, and between bytes.
    pub(super) read: Duration,
    /// `tt`: with all retries.
    pub(super) total: Duration,
    /// `rc`
    pub(super) retries: u32,
    /// `rp`
    policy: Vec<String>,
}

impl Default for Overrides {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            read: Duration::from_millis(CEILING),
            total: Duration::from_millis(CEILING),
            retries: 1,
            policy: vec!["ct".to_owned()],
        }
    }
}

impl Overrides {
    /// Reads `…#rc=2&rp=ct,5xx&rt=5000`; what is out of range or unknown is ignored.
    pub(super) fn of(url: &str) -> Self {
        let mut all = Self::default();
        let Some((_, fragment)) = url.split_once('#') else { return all };
        for (key, value) in fragment.split('&').filter_map(|pair| pair.split_once('=')) {
            let ms = |most: u64| value.parse().ok().filter(|ms| (100..=most).contains(ms)).map(Duration::from_millis);
            match key {
                "ct" => all.connect = ms(10_000).unwrap_or(all.connect),
                "rt" => all.read = ms(CEILING).unwrap_or(all.read),
                "tt" => all.total = ms(CEILING).unwrap_or(all.total),
                "rc" => all.retries = value.parse().ok().filter(|count| *count <= 5).unwrap_or(all.retries),
                "rp" => all.policy = value.split(',').map(str::to_owned).collect(),
                _ => {}
            }
        }
        all
    }

    /// Whether such an outcome is tried again. A response that broke off is not.
    pub(super) fn retries_on(&self, result: &Result<Answer, Trouble>) -> bool {
        let reason = match result {
            Ok(answer) if (400..500).contains(&answer.status) => "4xx",
            Ok(answer) if answer.status >= 500 => "5xx",
            Err(Trouble::Connect) => "ct",
            Err(Trouble::TimedOut) => "rt",
            Ok(_) | Err(Trouble::BadUrl | Trouble::TooManyRedirects | Trouble::BrokenOff) => return false,
        };
        self.policy.iter().any(|one| one == reason || one == "all")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_default_only_a_failed_connection_is_tried_again_once() {
        let plain = Overrides::of("http://x/y?z=1");
        assert_eq!(plain, Overrides::default());
        assert!(plain.retries_on(&Err(Trouble::Connect)));
        assert!(!plain.retries_on(&Err(Trouble::TimedOut)));
    }

    #[test]
    fn the_fragment_says_otherwise_within_limits() {
        let eager = Overrides::of("http://x/#rc=2&rp=all&rt=500&ct=99&tt=20000");
        assert_eq!(eager.retries, 2);
        assert_eq!(eager.read, Duration::from_millis(500));
        assert_eq!(eager.connect, Duration::from_secs(5));
        assert_eq!(eager.total, Duration::from_secs(15));
        assert!(eager.retries_on(&Err(Trouble::TimedOut)));
        assert!(!eager.retries_on(&Err(Trouble::BrokenOff)));
    }
}

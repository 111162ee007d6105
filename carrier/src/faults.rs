//! Seeded misfortune: status callbacks that come late, twice, in the wrong order or never, and a REST API that fails.

use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};

/// How bad it is. Every chance is between 0 and 1; everything that is not given is off.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Misfortune {
    /// The same seed meets the same requests with the same misfortune.
    pub(crate) seed: u64,
    /// A status callback starts this much later: at least and at most, in milliseconds.
    pub(crate) delay_ms: [u64; 2],
    /// The chance that a status callback is sent twice.
    pub(crate) double: f64,
    /// The chance that a status callback is overtaken by later ones.
    pub(crate) reorder: f64,
    /// The chance that a status callback is not sent.
    pub(crate) lose: f64,
    /// The chance that REST answers 500 or 503: one half of those before, the other half after the request was done.
    pub(crate) rest_error: f64,
    /// REST takes this much longer: at least and at most, in milliseconds.
    pub(crate) rest_slow_ms: [u64; 2],
    /// The chance that REST answers 429 without doing anything.
    pub(crate) rest_429: f64,
}

impl Misfortune {
    /// Says what is wrong with it, if anything.
    pub(crate) fn check(&self) -> Result<(), String> {
        let chances = [self.double, self.reorder, self.lose, self.rest_error, self.rest_429];
        if !chances.iter().all(|chance| (0.0..=1.0).contains(chance)) {
            return Err("a chance must be between 0 and 1".to_owned());
        }
        if self.delay_ms[0] > self.delay_ms[1] || self.rest_slow_ms[0] > self.rest_slow_ms[1] {
            return Err("a range must not begin after its end".to_owned());
        }
        Ok(())
    }
}

/// What happens to one status callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fate {
    pub(crate) lost: bool,
    pub(crate) copies: u32,
    pub(crate) delay_ms: u64,
    /// How long it is held aside while later ones go ahead.
    pub(crate) overtaken_ms: Option<u64>,
}

/// What happens to one REST request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RestFate {
    pub(crate) slow_ms: u64,
    pub(crate) failure: Option<RestFailure>,
}

/// How a REST request fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RestFailure {
    /// 429: nothing was done.
    TooMany,
    /// This status: nothing was done.
    Before(u16),
    /// This status, although all was done.
    After(u16),
}

/// Misfortune with its dice.
#[derive(Debug)]
pub(crate) struct Faults {
    pub(crate) misfortune: Misfortune,
    rng: StdRng,
}

impl Default for Faults {
    fn default() -> Self {
        Self::new(Misfortune::default())
    }
}

impl Faults {
    pub(crate) fn new(misfortune: Misfortune) -> Self {
        let rng = StdRng::seed_from_u64(misfortune.seed);
        Self { misfortune, rng }
    }

    /// Every die is thrown every time, so that changing one chance doesn't change the others' luck.
    pub(crate) fn fate(&mut self) -> Fate {
        let Misfortune { delay_ms: [least, most], double, reorder, lose, .. } = self.misfortune;
        let overtaken = self.rng.random_range(100..=600);
        Fate {
            lost: self.rng.random_bool(lose),
            copies: if self.rng.random_bool(double) { 2 } else { 1 },
            delay_ms: self.rng.random_range(least..=most),
            overtaken_ms: self.rng.random_bool(reorder).then_some(overtaken),
        }
    }

    pub(crate) fn rest_fate(&mut self) -> RestFate {
        let Misfortune { rest_error, rest_slow_ms: [least, most], rest_429, .. } = self.misfortune;
        let status = if self.rng.random_bool(0.5) { 500 } else { 503 };
        let late = self.rng.random_bool(0.5);
        let slow_ms = self.rng.random_range(least..=most);
        let (too_many, error) = (self.rng.random_bool(rest_429), self.rng.random_bool(rest_error));
        let failure = match (too_many, error, late) {
            (true, _, _) => Some(RestFailure::TooMany),
            (false, true, false) => Some(RestFailure::Before(status)),
            (false, true, true) => Some(RestFailure::After(status)),
            (false, false, _) => None,
        };
        RestFate { slow_ms, failure }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_misfortune_nothing_happens() {
        let mut faults = Faults::default();
        for _ in 0..100 {
            assert_eq!(faults.fate(), Fate { lost: false, copies: 1, delay_ms: 0, overtaken_ms: None });
            assert_eq!(faults.rest_fate(), RestFate { slow_ms: 0, failure: None });
        }
    }

    #[test]
    fn the_same_seed_brings_the_same_fate() {
        let bad =
            Misfortune { seed: 3, delay_ms: [0, 500], double: 0.3, reorder: 0.3, lose: 0.3, ..Misfortune::default() };
        let fates = |misfortune: &Misfortune| {
            let mut faults = Faults::new(misfortune.clone());
            (0..50).map(|_| faults.fate()).collect::<Vec<_>>()
        };
        assert_eq!(fates(&bad), fates(&bad));
        assert!(fates(&bad).iter().any(|fate| fate.lost) && fates(&bad).iter().any(|fate| fate.copies == 2));
        assert_ne!(fates(&bad), fates(&Misfortune { seed: 4, ..bad }));
    }

    #[test]
    fn failing_requests_fail_before_and_after_they_were_done() {
        let mut faults = Faults::new(Misfortune { rest_error: 1.0, ..Misfortune::default() });
        let failures: Vec<_> = (0..50).filter_map(|_| faults.rest_fate().failure).collect();
        assert_eq!(failures.len(), 50);
        assert!(failures.contains(&RestFailure::Before(500)) && failures.contains(&RestFailure::After(503)));
    }
}

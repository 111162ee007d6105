//! Folding what the feed brings: doubles are skipped, gaps are noticed. Pure.

use switchyard::floor::{Floor, Recorded};

/// What came of some events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    /// Nothing new.
    Nothing,
    /// The floor is newer now.
    Applied,
    /// Events are missing before these: a snapshot is needed.
    Gap,
}

/// Folds events into the floor, up to the first gap.
pub(crate) fn fold(floor: &mut Floor, events: &[Recorded]) -> Fold {
    let mut fold = Fold::Nothing;
    for recorded in events {
        if recorded.version <= floor.version {
            continue;
        }
        if recorded.version > floor.version + 1 {
            return Fold::Gap;
        }
        floor.evolve(recorded);
        fold = Fold::Applied;
    }
    fold
}

#[cfg(test)]
mod tests {
    use switchyard::{
        floor::{Event, Settings},
        time::Timestamp,
    };

    use super::*;

    fn event(version: u64) -> Recorded {
        Recorded { version, at: Timestamp(1), event: Event::Configured(Settings::default()) }
    }

    #[test]
    fn doubles_are_skipped_and_gaps_noticed() {
        let mut floor = Floor::default();
        assert_eq!(fold(&mut floor, &[event(1), event(2)]), Fold::Applied);
        assert_eq!(fold(&mut floor, &[event(1), event(2)]), Fold::Nothing);
        assert_eq!(fold(&mut floor, &[event(2), event(3)]), Fold::Applied);
        assert_eq!(fold(&mut floor, &[event(5)]), Fold::Gap);
        assert_eq!(floor.version, 3);
    }
}

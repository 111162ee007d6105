//! How long each workspace keeps its history and its audit log, as its administrators choose.

use crate::{audit::Change, people::Fault};

/// The longest time in days for which something is kept, when it is not for ever: a hundred years.
const MOST_DAYS: u32 = 36_500;
/// The shortest time in days for which the audit log is kept: whoever did something cannot choose that it is gone at once.
const LEAST_AUDIT_DAYS: u32 = 90;

/// For how many days things are kept; `None` is for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// The history of calls.
    pub calls: Option<u32>,
    /// The audit log.
    pub audit: Option<u32>,
}

impl Retention {
    /// What was typed for the history and for the log. Nothing is for ever.
    ///
    /// # Errors
    /// Every field that cannot be taken.
    pub fn typed(calls: &str, audit: &str) -> Result<Self, Vec<Fault>> {
        let read = |typed: &str, least: u32, fault: Fault| match typed.trim() {
            "" => Ok(None),
            typed => typed.parse().ok().filter(|days| (least..=MOST_DAYS).contains(days)).map(Some).ok_or(fault),
        };
        match (read(calls, 1, Fault::DaysUnfit), read(audit, LEAST_AUDIT_DAYS, Fault::AuditDaysUnfit)) {
            (Ok(calls), Ok(audit)) => Ok(Self { calls, audit }),
            (calls, audit) => Err([calls.err(), audit.err()].into_iter().flatten().collect()),
        }
    }

    /// What is different in `after`, by the names of the form's fields.
    pub fn changes(self, after: Self) -> Vec<Change> {
        [("days", self.calls, after.calls), ("audit_days", self.audit, after.audit)]
            .into_iter()
            .filter(|(_, before, after)| before != after)
            .map(|(what, before, after)| {
                let [before, after] = [before, after].map(|days| days.map(|days| days.to_string()));
                Change::new(what, before.as_deref(), after.as_deref())
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_numbers_within_bounds_or_nothing() {
        assert_eq!(Retention::typed("", " "), Ok(Retention::default()));
        assert_eq!(Retention::typed(" 30 ", "90"), Ok(Retention { calls: Some(30), audit: Some(90) }));
        assert_eq!(Retention::typed("1", "36500"), Ok(Retention { calls: Some(1), audit: Some(36_500) }));
        for wrong in ["0", "-1", "soon", "36501", "1.5"] {
            let both = Err(vec![Fault::DaysUnfit, Fault::AuditDaysUnfit]);
            assert_eq!(Retention::typed(wrong, wrong), both, "{wrong}");
        }
        assert_eq!(Retention::typed("89", "89"), Err(vec![Fault::AuditDaysUnfit]));
    }

    #[test]
    fn what_was_changed_is_named() {
        let before = Retention { calls: Some(30), audit: None };
        assert_eq!(before.changes(before), []);
        let after = Retention { calls: None, audit: Some(365) };
        let changes = [Change::new("days", Some("30"), None), Change::new("audit_days", None, Some("365"))];
        assert_eq!(before.changes(after), changes);
    }
}

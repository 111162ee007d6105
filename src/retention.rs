//! How long each workspace keeps what it keeps, as its administrators choose: each kind for a time of its own.

use crate::{audit::Change, people::Fault};

/// The longest time in days for which something is kept, when it is not for ever: a hundred years.
const MOST_DAYS: u32 = 36_500;
/// The shortest time in days for which the audit log is kept: whoever did something cannot choose that it is gone at once.
const LEAST_AUDIT_DAYS: u32 = 90;
/// The longest time in days for which deliveries are kept. Whoever was told has the data; here they only show that they were.
const MOST_DELIVERY_DAYS: u32 = 365;
/// The shortest: a delivery must not go while it is still tried, which takes three days where the receiver asks for long pauses.
const LEAST_DELIVERY_DAYS: u32 = 4;
/// How long deliveries are kept by a workspace that has not chosen.
const DELIVERY_DAYS: u32 = 30;

/// For how many days things are kept; `None` is for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The history of calls.
    pub calls: Option<u32>,
    /// Messages that callers left; `None` is as long as the calls in which they were left. Never longer than these:
    /// [`Self::messages_kept`].
    pub messages: Option<u32>,
    /// The audit log.
    pub audit: Option<u32>,
    /// Deliveries of webhooks, with what was sent.
    pub deliveries: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { calls: None, messages: None, audit: None, deliveries: DELIVERY_DAYS }
    }
}

impl Retention {
    /// What was typed into the form's fields. Nothing is for ever, and for messages as long as the history.
    ///
    /// # Errors
    /// Every field that cannot be taken.
    pub fn typed<'a>(field: impl Fn(&str) -> &'a str) -> Result<Self, Vec<Fault>> {
        let days = |typed: &str, least: u32, most: u32, fault: Fault| {
            typed.parse().ok().filter(|days| (least..=most).contains(days)).ok_or(fault)
        };
        let read = |name: &str, least: u32, fault: Fault| match field(name).trim() {
            "" => Ok(None),
            typed => days(typed, least, MOST_DAYS, fault).map(Some),
        };
        let calls = read("days", 1, Fault::DaysUnfit);
        let longest = calls.ok().flatten();
        let messages = read("message_days", 1, Fault::MessageDaysUnfit).and_then(|days| {
            let too_long = days.zip(longest).is_some_and(|(days, longest)| days > longest);
            if too_long { Err(Fault::MessageDaysUnfit) } else { Ok(days) }
        });
        let audit = read("audit_days", LEAST_AUDIT_DAYS, Fault::AuditDaysUnfit);
        let deliveries =
            days(field("delivery_days").trim(), LEAST_DELIVERY_DAYS, MOST_DELIVERY_DAYS, Fault::DeliveryDaysUnfit);
        match (calls, messages, audit, deliveries) {
            (Ok(calls), Ok(messages), Ok(audit), Ok(deliveries)) => Ok(Self { calls, messages, audit, deliveries }),
            (calls, messages, audit, deliveries) => {
                Err([calls.err(), messages.err(), audit.err(), deliveries.err()].into_iter().flatten().collect())
            }
        }
    }

    /// As it stands in the form's fields, by their names.
    pub fn fields(self) -> [(&'static str, String); 4] {
        self.days().map(|(name, days)| (name, days.map(|days| days.to_string()).unwrap_or_default()))
    }

    fn days(self) -> [(&'static str, Option<u32>); 4] {
        [
            ("days", self.calls),
            ("message_days", self.messages),
            ("audit_days", self.audit),
            ("delivery_days", Some(self.deliveries)),
        ]
    }

    /// For how many days messages are kept: without its call nobody knows any more what one was about.
    pub fn messages_kept(self) -> Option<u32> {
        [self.messages, self.calls].into_iter().flatten().min()
    }

    /// What is different in `after`, by the names of the form's fields.
    pub fn changes(self, after: Self) -> Vec<Change> {
        self.days()
            .into_iter()
            .zip(after.days())
            .filter(|((_, before), (_, after))| before != after)
            .map(|((what, before), (_, after))| {
                let [before, after] = [before, after].map(|days| days.map(|days| days.to_string()));
                Change::new(what, before.as_deref(), after.as_deref())
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(days: &str, message_days: &str, audit_days: &str, delivery_days: &str) -> Result<Retention, Vec<Fault>> {
        let fields = [
            ("days", days),
            ("message_days", message_days),
            ("audit_days", audit_days),
            ("delivery_days", delivery_days),
        ];
        Retention::typed(|name| fields.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| *value))
    }

    #[test]
    fn days_are_numbers_within_bounds_or_nothing() {
        assert_eq!(typed("", "", " ", "30"), Ok(Retention::default()));
        let chosen = Retention { calls: Some(30), messages: Some(7), audit: Some(90), deliveries: 365 };
        assert_eq!(typed(" 30 ", "7", "90", " 365 "), Ok(chosen));
        assert_eq!(typed("1", "1", "36500", "4").map(|kept| kept.audit), Ok(Some(36_500)));
        for wrong in ["0", "-1", "soon", "36501", "1.5"] {
            let all = [Fault::DaysUnfit, Fault::MessageDaysUnfit, Fault::AuditDaysUnfit, Fault::DeliveryDaysUnfit];
            assert_eq!(typed(wrong, wrong, wrong, wrong), Err(all.into()), "{wrong}");
        }
        assert_eq!(typed("89", "89", "89", "89"), Err(vec![Fault::AuditDaysUnfit]));
        for wrong in ["", "3", "366"] {
            assert_eq!(typed("", "", "", wrong), Err(vec![Fault::DeliveryDaysUnfit]), "{wrong}");
        }
    }

    #[test]
    fn messages_are_never_kept_longer_than_the_calls_in_which_they_were_left() {
        assert_eq!(typed("30", "31", "", "30"), Err(vec![Fault::MessageDaysUnfit]));
        assert_eq!(typed("", "31", "", "30").map(Retention::messages_kept), Ok(Some(31)));
        for (calls, messages, kept) in [
            (None, None, None),
            (Some(30), None, Some(30)),
            (Some(30), Some(7), Some(7)),
            (Some(7), Some(30), Some(7)),
            (None, Some(7), Some(7)),
        ] {
            assert_eq!(Retention { calls, messages, ..Retention::default() }.messages_kept(), kept);
        }
    }

    #[test]
    fn what_was_changed_is_named() {
        let before = Retention { calls: Some(30), ..Retention::default() };
        assert_eq!(before.changes(before), []);
        let after = Retention { calls: None, messages: Some(7), audit: Some(365), deliveries: 7 };
        let changes = [
            Change::new("days", Some("30"), None),
            Change::new("message_days", None, Some("7")),
            Change::new("audit_days", None, Some("365")),
            Change::new("delivery_days", Some("30"), Some("7")),
        ];
        assert_eq!(before.changes(after), changes);
        let fields = after.fields();
        assert_eq!(
            Retention::typed(|name| fields.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value)),
            Ok(after)
        );
    }
}

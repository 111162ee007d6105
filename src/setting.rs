//! A floor's settings one by one, as forms and the audit log name them.

use crate::{audit::Change, floor::Settings, people::Fault};

/// One of a floor's [`Settings`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// [`Settings::ring_secs`].
    Ring,
    /// [`Settings::wrap_up_secs`].
    WrapUp,
    /// [`Settings::missed_limit`].
    Missed,
    /// [`Settings::rejoin_secs`].
    Rejoin,
    /// [`Settings::slots`].
    Slots,
    /// [`Settings::park_secs`].
    Park,
    /// [`Settings::recall_secs`].
    Recall,
    /// [`Settings::dials_per_agent`].
    DialsPerAgent,
    /// [`Settings::dials_per_floor`].
    DialsPerFloor,
}

impl Setting {
    /// Every one, in the order of the form.
    pub const ALL: [Self; 9] = [
        Self::Ring,
        Self::WrapUp,
        Self::Missed,
        Self::Rejoin,
        Self::Slots,
        Self::Park,
        Self::Recall,
        Self::DialsPerAgent,
        Self::DialsPerFloor,
    ];

    /// Its field in the form, and its name in the audit log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ring => "ring_secs",
            Self::WrapUp => "wrap_up_secs",
            Self::Missed => "missed_limit",
            Self::Rejoin => "rejoin_secs",
            Self::Slots => "slots",
            Self::Park => "park_secs",
            Self::Recall => "recall_secs",
            Self::DialsPerAgent => "dials_per_agent",
            Self::DialsPerFloor => "dials_per_floor",
        }
    }

    /// The least and the most that it can be. Nobody reaches a phone in less than five seconds, and the carrier rings for
    /// ten minutes at most.
    pub fn bounds(self) -> (u32, u32) {
        match self {
            Self::Ring | Self::Recall | Self::Rejoin => (5, 120),
            Self::WrapUp => (0, 600),
            Self::Missed => (0, 20),
            Self::Slots => (1, 99),
            Self::Park => (10, 3600),
            Self::DialsPerAgent => (0, 1000),
            Self::DialsPerFloor => (0, 10_000),
        }
    }
}

impl Settings {
    /// What one of them is.
    pub fn get(&self, setting: Setting) -> u32 {
        match setting {
            Setting::Ring => self.ring_secs,
            Setting::WrapUp => self.wrap_up_secs,
            Setting::Missed => self.missed_limit.into(),
            Setting::Rejoin => self.rejoin_secs,
            Setting::Slots => self.slots.into(),
            Setting::Park => self.park_secs,
            Setting::Recall => self.recall_secs,
            Setting::DialsPerAgent => self.dials_per_agent,
            Setting::DialsPerFloor => self.dials_per_floor,
        }
    }

    /// What was typed into the form; `field` answers what stands in the field of a name.
    ///
    /// # Errors
    /// Every field that is no whole number within its bounds.
    pub fn typed<'a>(field: impl Fn(&str) -> &'a str) -> Result<Self, Vec<Fault>> {
        let mut settings = Self::default();
        let wrong: Vec<Fault> = Setting::ALL
            .into_iter()
            .filter(|setting| {
                let (least, most) = setting.bounds();
                let typed = field(setting.name()).trim().parse().ok();
                let taken = typed.filter(|number| (least..=most).contains(number));
                taken.is_none_or(|number| settings.set(*setting, number).is_none())
            })
            .map(Fault::SettingUnfit)
            .collect();
        if wrong.is_empty() { Ok(settings) } else { Err(wrong) }
    }

    /// `None` where it does not fit, which no number within the bounds does.
    fn set(&mut self, setting: Setting, number: u32) -> Option<()> {
        match setting {
            Setting::Ring => self.ring_secs = number,
            Setting::WrapUp => self.wrap_up_secs = number,
            Setting::Missed => self.missed_limit = number.try_into().ok()?,
            Setting::Rejoin => self.rejoin_secs = number,
            Setting::Slots => self.slots = number.try_into().ok()?,
            Setting::Park => self.park_secs = number,
            Setting::Recall => self.recall_secs = number,
            Setting::DialsPerAgent => self.dials_per_agent = number,
            Setting::DialsPerFloor => self.dials_per_floor = number,
        }
        Some(())
    }

    /// What is different in `after`.
    pub fn changes(&self, after: &Self) -> Vec<Change> {
        Setting::ALL
            .into_iter()
            .map(|setting| (setting.name(), self.get(setting), after.get(setting)))
            .filter(|(_, before, after)| before != after)
            .map(|(what, before, after)| Change::new(what, Some(&before.to_string()), Some(&after.to_string())))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A form in which everything is as it is at first, but for some fields.
    fn typed(fields: &[(&'static str, &'static str)]) -> Result<Settings, Vec<Fault>> {
        let known = Setting::ALL.map(|setting| (setting.name(), Settings::default().get(setting).to_string()));
        Settings::typed(|name| {
            let typed = fields.iter().find(|(field, _)| *field == name).map(|(_, value)| *value);
            typed.unwrap_or_else(|| known.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value))
        })
    }

    #[test]
    fn a_form_that_was_not_touched_changes_nothing() {
        assert_eq!(typed(&[]), Ok(Settings::default()));
        assert_eq!(Settings::default().changes(&Settings::default()), []);
    }

    #[test]
    fn what_was_changed_is_named_as_it_was_and_as_it_is() {
        let after = Settings { slots: 99, wrap_up_secs: 0, ..Settings::default() };
        assert_eq!(typed(&[("slots", " 99 "), ("wrap_up_secs", "0")]).as_ref(), Ok(&after));
        let changes =
            [Change::new("wrap_up_secs", Some("15"), Some("0")), Change::new("slots", Some("10"), Some("99"))];
        assert_eq!(Settings::default().changes(&after), changes);
    }

    #[test]
    fn each_has_its_bounds_and_all_that_is_wrong_is_said_at_once() {
        for setting in Setting::ALL {
            let (least, most) = setting.bounds();
            for (number, fits) in
                [(Some(least), true), (Some(most), true), (least.checked_sub(1), false), (Some(most + 1), false)]
            {
                let Some(number) = number else { continue };
                let taken =
                    Settings::typed(|name| if name == setting.name() { number.to_string().leak() } else { "20" });
                assert_eq!(taken.is_ok(), fits, "{setting:?} {number}");
            }
        }
        let wrong = typed(&[("ring_secs", ""), ("slots", "0"), ("park_secs", "soon"), ("recall_secs", "7.5")]);
        let faults = [Setting::Ring, Setting::Slots, Setting::Park, Setting::Recall].map(Fault::SettingUnfit);
        assert_eq!(wrong, Err(faults.into()));
    }
}

//! Weekly opening hours. Pure: the edges know which day and minute it is where a workspace is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The minutes of a day.
const DAY: u16 = 24 * 60;
/// The zone of countries that are not in the table.
const NOWHERE: &str = "UTC";
/// Where most people of a country live who share its time, by IANA's names. A workspace can choose another.
const ZONES: [(&str, &str); 35] = [
    ("AT", "Europe/Vienna"),
    ("BE", "Europe/Brussels"),
    ("BG", "Europe/Sofia"),
    ("CA", "America/Toronto"),
    ("CH", "Europe/Zurich"),
    ("CY", "Asia/Nicosia"),
    ("CZ", "Europe/Prague"),
    ("DE", "Europe/Berlin"),
    ("DK", "Europe/Copenhagen"),
    ("EE", "Europe/Tallinn"),
    ("ES", "Europe/Madrid"),
    ("FI", "Europe/Helsinki"),
    ("FR", "Europe/Paris"),
    ("GB", "Europe/London"),
    ("GR", "Europe/Athens"),
    ("HR", "Europe/Zagreb"),
    ("HU", "Europe/Budapest"),
    ("IE", "Europe/Dublin"),
    ("IT", "Europe/Rome"),
    ("LT", "Europe/Vilnius"),
    ("LU", "Europe/Luxembourg"),
    ("LV", "Europe/Riga"),
    ("MD", "Europe/Chisinau"),
    ("MT", "Europe/Malta"),
    ("NL", "Europe/Amsterdam"),
    ("NO", "Europe/Oslo"),
    ("PL", "Europe/Warsaw"),
    ("PT", "Europe/Lisbon"),
    ("RO", "Europe/Bucharest"),
    ("RS", "Europe/Belgrade"),
    ("SE", "Europe/Stockholm"),
    ("SI", "Europe/Ljubljana"),
    ("SK", "Europe/Bratislava"),
    ("UA", "Europe/Kyiv"),
    ("US", "America/New_York"),
];

/// The time zone of a country, by ISO 3166-1.
pub fn zone_of(country: &str) -> &'static str {
    ZONES.iter().find(|(known, _)| *known == country).map_or(NOWHERE, |(_, zone)| zone)
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Day {
    /// The week.
    pub const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    /// Its name in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Monday => "mon",
            Self::Tuesday => "tue",
            Self::Wednesday => "wed",
            Self::Thursday => "thu",
            Self::Friday => "fri",
            Self::Saturday => "sat",
            Self::Sunday => "sun",
        }
    }
}

/// From one minute of a day until another, which is not part of it and may be midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first minute.
    pub from: u16,
    /// The minute after the last.
    pub to: u16,
}

/// When a number is open in each week: the spans of each day, Monday's first. A day without any is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours(pub [Vec<Span>; 7]);

impl Hours {
    /// The spans of a day.
    pub fn on(&self, day: Day) -> &[Span] {
        &self.0[day as usize]
    }

    /// Whether it is open at this minute of a day.
    pub fn is_open(&self, day: Day, minute: u16) -> bool {
        self.on(day).iter().any(|span| (span.from..span.to).contains(&minute))
    }

    /// Days that follow each other and have the same hours, each group with its first and last day; closed ones are left out.
    pub fn groups(&self) -> Vec<(Day, Day, &[Span])> {
        let mut groups: Vec<(Day, Day, &[Span])> = Vec::new();
        for day in Day::ALL {
            let spans = self.on(day);
            match groups.last_mut() {
                Some((_, last, same)) if *last as usize + 1 == day as usize && *same == spans => *last = day,
                _ if spans.is_empty() => {}
                _ => groups.push((day, day, spans)),
            }
        }
        groups
    }
}

/// In short, for the log: `mon–fri 09:00–17:00; sat 10:00–14:00`.
impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = self.groups().into_iter().map(|(first, last, spans)| {
            let days =
                if first == last { first.code().to_owned() } else { format!("{}–{}", first.code(), last.code()) };
            spans.iter().fold(days, |days, span| format!("{days} {}–{}", clock(span.from), clock(span.to)))
        });
        f.write_str(&groups.collect::<Vec<_>>().join("; "))
    }
}

/// The spans of a day as they were typed: up to two, each as `09:00` and `17:00`. What is empty is left out, and midnight
/// as an end is the day's. `None` when these are no hours.
pub fn spans(typed: [(&str, &str); 2]) -> Option<Vec<Span>> {
    let mut spans: Vec<Span> = Vec::new();
    for (from, to) in typed {
        if from.is_empty() && to.is_empty() {
            continue;
        }
        let (from, to) = (minute(from)?, minute(to)?);
        let span = Span { from, to: if to == 0 { DAY } else { to } };
        if span.from >= span.to || spans.last().is_some_and(|before| before.to > span.from) {
            return None;
        }
        spans.push(span);
    }
    Some(spans)
}

/// The minute of a day that `09:30` is. Browsers may add seconds.
fn minute(typed: &str) -> Option<u16> {
    let mut parts = typed.split(':');
    let mut next = |limit: u16| -> Option<u16> {
        let part = parts.next()?;
        part.parse().ok().filter(|value| part.len() == 2 && *value < limit)
    };
    Some(next(24)? * 60 + next(60)?)
}

/// A minute of a day as `09:30`; the day's end is `24:00`.
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

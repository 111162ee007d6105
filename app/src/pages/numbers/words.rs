//! Who answers a number and when, in the reader's language.

use switchyard::{
    hours::{Day, Hours, Span, clock},
    numbers::Number,
    people::{Account, Standing},
};

use crate::{lang::Lang, say};

/// Who answers a number; `None` when nobody does who is still here.
pub(super) fn answered_by(lang: Lang, number: &Number, everyone: &[Account]) -> Option<String> {
    if number.answered_by.is_none() {
        return Some(say!(lang, numbers.everybody).to_owned());
    }
    let is_here = |account: &&Account| account.standing() != Standing::Deactivated && number.names(&account.profile.id);
    let names: Vec<&str> = everyone.iter().filter(is_here).map(|account| account.profile.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// When a number is open.
pub(super) fn hours(lang: Lang, hours: Option<&Hours>) -> String {
    let Some(hours) = hours else { return say!(lang, numbers.always).to_owned() };
    let group = |(first, last, spans): (Day, Day, &[Span])| {
        let spans: Vec<_> = spans.iter().map(|span| format!("{}–{}", clock(span.from), clock(span.to))).collect();
        let spans = spans.join(", ");
        if first == last {
            format!("{} {spans}", short(lang, first))
        } else {
            format!("{}–{} {spans}", short(lang, first), short(lang, last))
        }
    };
    let groups: Vec<_> = hours.groups().into_iter().map(group).collect();
    if groups.is_empty() { say!(lang, numbers.closed).to_owned() } else { groups.join("; ") }
}

/// A day of the week.
pub(super) fn day(lang: Lang, day: Day) -> &'static str {
    match day {
        Day::Monday => say!(lang, day.mon),
        Day::Tuesday => say!(lang, day.tue),
        Day::Wednesday => say!(lang, day.wed),
        Day::Thursday => say!(lang, day.thu),
        Day::Friday => say!(lang, day.fri),
        Day::Saturday => say!(lang, day.sat),
        Day::Sunday => say!(lang, day.sun),
    }
}

fn short(lang: Lang, day: Day) -> &'static str {
    match day {
        Day::Monday => say!(lang, day.mon_short),
        Day::Tuesday => say!(lang, day.tue_short),
        Day::Wednesday => say!(lang, day.wed_short),
        Day::Thursday => say!(lang, day.thu_short),
        Day::Friday => say!(lang, day.fri_short),
        Day::Saturday => say!(lang, day.sat_short),
        Day::Sunday => say!(lang, day.sun_short),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_said_briefly() {
        let mut week = Hours::default();
        assert_eq!(
            (hours(Lang::En, None), hours(Lang::En, Some(&week))),
            ("Always open".into(), "Always closed".into())
        );
        for n in 0..5 {
            week.0[n] = vec![Span { from: 540, to: 720 }, Span { from: 780, to: 1440 }];
        }
        week.0[5] = vec![Span { from: 600, to: 840 }];
        assert_eq!(hours(Lang::En, Some(&week)), "Mon–Fri 09:00–12:00, 13:00–24:00; Sat 10:00–14:00");
        assert_eq!(hours(Lang::Ro, Some(&week)), "lu–vi 09:00–12:00, 13:00–24:00; sâ 10:00–14:00");
    }
}

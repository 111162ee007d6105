//! What holds of opening hours and of the numbers that are shown.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use proptest::{prelude::*, sample::subsequence};
use switchyard::{
    hours::{Day, Hours, Span, clock, spans},
    id::AgentId,
    numbers::{Number, lines, shown},
};

/// Up to two spans of a day, as somebody would type them.
fn any_spans() -> impl Strategy<Value = Vec<Span>> {
    (subsequence((0_u16..=1440).collect::<Vec<_>>(), 4), 0_usize..=2)
        .prop_map(|(at, count)| at.chunks(2).take(count).map(|pair| Span { from: pair[0], to: pair[1] }).collect())
}

fn any_hours() -> impl Strategy<Value = Hours> {
    prop::array::uniform7(any_spans()).prop_map(Hours)
}

fn typed(minute: u16) -> String {
    clock(minute % 1440)
}

proptest! {
    /// What was saved is what the form shows, and what is typed again.
    #[test]
    fn hours_are_read_as_they_are_written(day in any_spans()) {
        let texts: Vec<_> = day.iter().map(|span| (typed(span.from), typed(span.to))).collect();
        let of = |n: usize| texts.get(n).map_or(("", ""), |(from, to)| (from.as_str(), to.as_str()));
        prop_assert_eq!(spans([of(0), of(1)]), Some(day));
    }

    /// Open is every minute of a span, and no other; groups are the whole week but its closed days.
    #[test]
    fn it_is_open_within_the_spans(hours in any_hours(), minute in 0_u16..1440) {
        for day in Day::ALL {
            let open = hours.on(day).iter().any(|span| span.from <= minute && minute < span.to);
            prop_assert_eq!(hours.is_open(day, minute), open);
            let grouped = hours.groups().into_iter().filter(|(first, last, spans)| {
                (*first as usize..=*last as usize).contains(&(day as usize)) && *spans == hours.on(day)
            });
            prop_assert_eq!(grouped.count(), usize::from(!hours.on(day).is_empty()));
        }
    }
}

#[test]
fn what_are_no_hours_is_refused() {
    for wrong in [
        [("09:00", "09:00"), ("", "")],
        [("17:00", "09:00"), ("", "")],
        [("09:00", ""), ("", "")],
        [("", "17:00"), ("", "")],
        [("09:00", "13:00"), ("12:59", "17:00")],
        [("14:00", "17:00"), ("09:00", "12:00")],
        [("9", "17:00"), ("", "")],
        [("24:00", "25:00"), ("", "")],
        [("09:60", "17:00"), ("", "")],
    ] {
        assert_eq!(spans(wrong), None, "{wrong:?}");
    }
    assert_eq!(spans([("", ""), ("22:00", "00:00")]), Some(vec![Span { from: 1320, to: 1440 }]));
    assert_eq!(spans([("09:00:00", "12:00"), ("12:00", "13:00")]).unwrap().len(), 2);
}

#[test]
fn days_with_the_same_hours_are_said_together() {
    let (day, short) = (vec![Span { from: 540, to: 1020 }], vec![Span { from: 600, to: 840 }]);
    let mut hours = Hours::default();
    for n in [0, 1, 3, 4] {
        hours.0[n].clone_from(&day);
    }
    hours.0[5].clone_from(&short);
    let groups: Vec<_> = hours.groups().into_iter().map(|(first, last, _)| (first, last)).collect();
    assert_eq!(groups, [(Day::Monday, Day::Tuesday), (Day::Thursday, Day::Friday), (Day::Saturday, Day::Saturday)]);
    assert_eq!((clock(545), clock(1440)), ("09:05".to_owned(), "24:00".to_owned()));
}

#[test]
fn people_show_the_number_they_chose_or_answer_or_the_default() {
    let (ana, dan): (AgentId, AgentId) = ("ana".into(), "dan".into());
    let here = |number: &str| Number { rings_here: true, ..Number::named(number, number) };
    let numbers = [
        here("+401"),
        Number { answered_by: Some([ana.clone()].into()), ..here("+402") },
        Number { is_default: true, ..here("+403") },
        Number { answered_by: Some([dan.clone()].into()), ..Number::named("+404", "elsewhere") },
    ];
    let sees = |numbers: &[Number], agent, chosen| shown(numbers, agent, chosen).map(|number| number.number.clone());
    assert_eq!(sees(&numbers, &ana, None).as_deref(), Some("+402"), "the one that they answer");
    assert_eq!(sees(&numbers, &ana, Some("+401")).as_deref(), Some("+401"), "what they chose comes first");
    assert_eq!(sees(&numbers, &ana, Some("+404")).as_deref(), Some("+402"), "unless it does not ring here");
    assert_eq!(sees(&numbers, &dan, None).as_deref(), Some("+403"), "theirs does not ring here: the default");
    assert_eq!(sees(&numbers[..2], &dan, None).as_deref(), Some("+401"), "without a default the first");
    assert_eq!(sees(&numbers[3..], &dan, None), None);
    assert_eq!(lines(&numbers).keys().collect::<Vec<_>>(), ["+402", "+404"], "everybody answers the others");
}

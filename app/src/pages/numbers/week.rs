//! The opening hours of a week, as a form.

use leptos::prelude::*;
use switchyard::hours::{Day, Hours, Span, clock};

use super::words;
use crate::{
    form::{GroupFault, Typed, group_is_wrong},
    lang::use_lang,
    say,
};

/// What is suggested to whoever begins: usual office hours.
const USUAL: Span = Span { from: 9 * 60, to: 17 * 60 };

/// Seven days with two times each. Without hours of its own a number gets a suggestion, which counts once it is saved.
#[component]
pub(super) fn Week(hours: Option<Hours>) -> impl IntoView {
    let lang = use_lang();
    let suggested = || {
        let mut usual = Hours::default();
        usual.0[..5].fill(vec![USUAL]);
        usual
    };
    let hours = hours.unwrap_or_else(suggested);
    let days = Day::ALL.map(|day| view! { <OneDay day spans=hours.on(day).to_vec() /> }).collect_view();
    view! {
        <div class="week" role="group" aria-label=say!(lang, numbers.week)>
            <p class="quiet">{say!(lang, numbers.week_hint)}</p>
            {days}
        </div>
    }
}

#[component]
fn OneDay(day: Day, spans: Vec<Span>) -> impl IntoView {
    let lang = use_lang();
    let name = words::day(lang, day);
    let typed = Typed::current();
    let (wrong, explained) = group_is_wrong(day.code());
    let at =
        |n: usize, bound: fn(&Span) -> u16| spans.get(n).map(|span| clock(bound(span) % (24 * 60))).unwrap_or_default();
    let field = |suffix: &str, label: String, known: String| {
        let field = format!("{}-{suffix}", day.code());
        let value = typed.value(&field, known);
        view! {
            <input
                type="time"
                name=field
                value=value
                aria-label=label
                aria-invalid=wrong
                aria-describedby=explained.clone()
            />
        }
    };
    let span = |first, second| view! { <span class="span">{first}<span aria-hidden="true">"–"</span>{second}</span> };
    view! {
        <div class="week-day">
            <span class="week-name">{name}</span>
            {span(
                field("from", say!(lang, numbers.opens, day = name), at(0, |span| span.from)),
                field("to", say!(lang, numbers.closes, day = name), at(0, |span| span.to)),
            )}
            {span(
                field("from-2", say!(lang, numbers.opens_again, day = name), at(1, |span| span.from)),
                field("to-2", say!(lang, numbers.closes_again, day = name), at(1, |span| span.to)),
            )}
            <GroupFault name=day.code() />
        </div>
    }
}

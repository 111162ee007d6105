//! What the last comparison with Twilio found, side by side, and the way back from each.

use leptos::{
    either::{Either, EitherOf3},
    prelude::*,
};
use switchyard::drift::{Difference, Findings, Problem, Subject};

use super::words::{field, problem};
use crate::{
    lang::{Lang, use_lang},
    say,
    ui::{
        icon::{Icon, icon},
        moment::Moment,
    },
};

/// Whether all is well, and what is not.
#[component]
pub(super) fn State(findings: Option<Findings>) -> impl IntoView {
    let lang = use_lang();
    let right = findings.as_ref().is_none_or(Findings::is_right);
    let at = findings.as_ref().map(|findings| findings.at);
    let summary = match &findings {
        None => say!(lang, twilio.unchecked).to_owned(),
        Some(findings) if findings.is_right() => say!(lang, twilio.right).to_owned(),
        Some(findings) if !findings.is_known() => say!(lang, twilio.unknown).to_owned(),
        Some(findings) => {
            let count = findings.problems.len() + findings.differences.len();
            if count == 1 { say!(lang, twilio.one_wrong).to_owned() } else { say!(lang, twilio.wrong, count = count) }
        }
    };
    let repairable = findings.as_ref().is_some_and(can_repair);
    view! {
        <section class="panel" aria-labelledby="state">
            <h2 id="state">{say!(lang, twilio.state)}</h2>
            <p class="verdict" data-right=right.to_string()>
                {icon(if right { Icon::CHECK } else { Icon::WARNING })} <span>{summary}</span>
            </p>
            {at.map(|at| view! { <p class="quiet">{say!(lang, twilio.checked)}" "<Moment at /></p> })}
            {findings.map(|findings| view! {
                <Problems lang problems=findings.problems />
                <Differences lang differences=findings.differences />
            })}
            <div class="actions">
                {repairable.then(|| view! {
                    <form method="post" action="/settings/twilio/repair">
                        <button class="button primary">{say!(lang, twilio.repair_all)}</button>
                    </form>
                })}
                <form method="post" action="/settings/twilio/check">
                    <button class="button">{say!(lang, twilio.check)}</button>
                </form>
            </div>
        </section>
    }
}

/// Whether setting everything up anew would help.
fn can_repair(findings: &Findings) -> bool {
    let helps = |problem: &Problem| matches!(problem, Problem::ApplicationGone | Problem::AddressChanged { .. });
    findings.problems.iter().any(|(problem, _)| helps(problem)) || findings.differences.iter().any(|one| one.repairable)
}

#[component]
fn Problems(lang: Lang, problems: Vec<(Problem, switchyard::time::Timestamp)>) -> impl IntoView {
    let items = problems.into_iter().map(|(found, since)| {
        let way_back = match &found {
            Problem::KeyRevoked { .. } | Problem::NoKey => EitherOf3::A(view! {
                <form method="post" action="/settings/twilio/key"><button class="button">{say!(lang, twilio.new_key)}</button></form>
            }),
            Problem::NumberGone { number } => EitherOf3::B(view! {
                <form method="post" action="/settings/twilio/forget">
                    <input type="hidden" name="number" value=number.clone() />
                    <button class="button">{say!(lang, twilio.forget)}</button>
                </form>
            }),
            _ => EitherOf3::C(()),
        };
        view! {
            <li class="problem">
                <span>
                    <span class="cell-main">{problem(lang, &found)}</span>
                    <span class="quiet cell-sub">{say!(lang, twilio.since)}" "<Moment at=since /></span>
                </span>
                {way_back}
            </li>
        }
    });
    let items = items.collect_view();
    (!items.is_empty()).then(|| view! { <ul class="problems">{items}</ul> })
}

#[component]
fn Differences(lang: Lang, differences: Vec<Difference>) -> impl IntoView {
    let items = differences.into_iter().map(|one| item(lang, one)).collect_view();
    (!items.is_empty()).then(|| view! { <ul class="problems" aria-label=say!(lang, twilio.differences)>{items}</ul> })
}

/// One property, ours and theirs side by side.
fn item(lang: Lang, one: Difference) -> impl IntoView {
    let (subject, key) = match &one.subject {
        Subject::Application => (say!(lang, twilio.the_application).to_owned(), String::new()),
        Subject::Number(number) => (number.clone(), number.clone()),
    };
    let name = field(lang, &one.field).map_or_else(|| one.field.clone(), str::to_owned);
    let label = say!(lang, twilio.repair_one, what = name.clone(), subject = subject.clone());
    let side = |name: &'static str, value: String| {
        let value = if value.is_empty() { say!(lang, twilio.unset).to_owned() } else { value };
        view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
    };
    let repair = if one.repairable {
        Either::Left(view! {
            <form method="post" action="/settings/twilio/repair">
                <input type="hidden" name="number" value=key />
                <input type="hidden" name="field" value=one.field.clone() />
                <button class="button" aria-label=label>{say!(lang, twilio.repair)}</button>
            </form>
        })
    } else {
        Either::Right(view! { <span class="quiet">{say!(lang, twilio.at_twilio)}</span> })
    };
    view! {
        <li class="problem difference">
            <span>
                <span class="cell-main">{name}</span>
                <span class="quiet cell-sub digits">{subject}</span>
                <span class="quiet cell-sub">{say!(lang, twilio.since)}" "<Moment at=one.since /></span>
            </span>
            <dl class="sides">{side(say!(lang, twilio.ours), one.ours)}{side(say!(lang, twilio.theirs), one.theirs)}</dl>
            {repair}
        </li>
    }
}

//! What the last comparison with Twilio found, side by side, and the way back from each.

use leptos::{either::EitherOf3, prelude::*};
use switchyard::{
    drift::{Difference, Findings, Problem, Subject, Unseen},
    time::Timestamp,
};

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
                <NotSeen lang unseen=findings.unseen />
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
fn Problems(lang: Lang, problems: Vec<(Problem, Timestamp)>) -> impl IntoView {
    let items = problems.into_iter().map(|(found, since)| {
        let way_back = match &found {
            // There is nothing left to lose: it is not asked before.
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
                {since_when(lang, &found, since)}
                {way_back}
            </li>
        }
    });
    let items = items.collect_view();
    (!items.is_empty()).then(|| view! { <ul class="problems">{items}</ul> })
}

/// What is wrong, and since when.
fn since_when(lang: Lang, found: &Problem, since: Timestamp) -> impl IntoView + use<> {
    view! {
        <span>
            <span class="cell-main">{problem(lang, found)}</span>
            <span class="quiet cell-sub">{say!(lang, twilio.since)}" "<Moment at=since /></span>
        </span>
    }
}

#[component]
fn Differences(lang: Lang, differences: Vec<Difference>) -> impl IntoView {
    let items = differences.into_iter().map(|one| item(lang, one)).collect_view();
    (!items.is_empty()).then(|| view! { <ul class="problems" aria-label=say!(lang, twilio.differences)>{items}</ul> })
}

/// What was known of what could not be looked at this time. There is no way back from here: Twilio would not let us.
#[component]
fn NotSeen(lang: Lang, unseen: Unseen) -> impl IntoView {
    let problems = unseen.problems.into_iter().map(|(found, since)| {
        view! {
            <li class="problem">
                {since_when(lang, &found, since)}
            </li>
        }
    });
    let problems = problems.collect_view();
    let differences = unseen.differences.into_iter().map(|one| side_by_side(lang, one, ())).collect_view();
    (!problems.is_empty() || !differences.is_empty()).then(|| {
        view! {
            <p class="quiet" id="unseen">{say!(lang, twilio.unseen)}</p>
            <ul class="problems" aria-labelledby="unseen">{problems}{differences}</ul>
        }
    })
}

/// One property that differs, and what can be done about it.
fn item(lang: Lang, one: Difference) -> impl IntoView {
    let (subject, key) = named(lang, &one.subject);
    let what = name(lang, &one);
    let way_back = if one.repairable {
        let label = say!(lang, twilio.repair_one, what = what, subject = subject);
        EitherOf3::A(view! {
            <form method="post" action="/settings/twilio/repair">
                <input type="hidden" name="number" value=key />
                <input type="hidden" name="field" value=one.field.clone() />
                <button class="button" aria-label=label>{say!(lang, twilio.repair)}</button>
            </form>
        })
    } else if one.acceptable {
        let label = say!(lang, twilio.accept_one, what = what, subject = subject);
        EitherOf3::B(view! {
            <form method="post" action="/settings/twilio/accept">
                <input type="hidden" name="number" value=key />
                <input type="hidden" name="field" value=one.field.clone() />
                <input type="hidden" name="seen" value=one.theirs.clone() />
                <button class="button" aria-label=label>{say!(lang, twilio.accept)}</button>
            </form>
        })
    } else {
        EitherOf3::C(view! { <span class="quiet">{say!(lang, twilio.at_twilio)}</span> })
    };
    side_by_side(lang, one, way_back)
}

/// What something is called, and its name in forms.
fn named(lang: Lang, subject: &Subject) -> (String, String) {
    match subject {
        Subject::Application => (say!(lang, twilio.the_application).to_owned(), String::new()),
        Subject::Number(number) => (number.clone(), number.clone()),
    }
}

fn name(lang: Lang, one: &Difference) -> String {
    field(lang, &one.field).map_or_else(|| one.field.clone(), str::to_owned)
}

/// One property, ours and theirs side by side.
fn side_by_side(lang: Lang, one: Difference, way_back: impl IntoView) -> impl IntoView {
    let (subject, _) = named(lang, &one.subject);
    let what = name(lang, &one);
    let side = |name: &'static str, value: String| {
        let value = if value.is_empty() { say!(lang, twilio.unset).to_owned() } else { value };
        view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
    };
    view! {
        <li class="problem difference">
            <span>
                <span class="cell-main">{what}</span>
                <span class="quiet cell-sub digits">{subject}</span>
                <span class="quiet cell-sub">{say!(lang, twilio.since)}" "<Moment at=one.since /></span>
            </span>
            <dl class="sides">{side(say!(lang, twilio.ours), one.ours)}{side(say!(lang, twilio.theirs), one.theirs)}</dl>
            {way_back}
        </li>
    }
}

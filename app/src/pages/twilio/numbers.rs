//! Which numbers of the account come here.

use leptos::{either::Either, prelude::*};

use crate::{
    api::twilio::NumberView,
    lang::{Lang, use_lang},
    say,
};

/// The account's numbers, each with a box to tick.
#[component]
pub(super) fn Numbers(numbers: Option<Vec<NumberView>>) -> impl IntoView {
    let lang = use_lang();
    let content = match numbers {
        None => Either::Left(view! { <p class="quiet">{say!(lang, twilio.numbers_unknown)}</p> }),
        Some(numbers) if numbers.is_empty() => {
            Either::Left(view! { <p class="quiet">{say!(lang, twilio.numbers_none)}</p> })
        }
        Some(numbers) => {
            let any = numbers.iter().any(|number| number.connected);
            let boxes = numbers.into_iter().map(|number| choice(lang, number)).collect_view();
            Either::Right(view! {
                <form method="post" action="/settings/twilio/numbers" class="setup">
                    <fieldset class="choices">
                        <legend class="sr-only">{say!(lang, twilio.numbers)}</legend>
                        {boxes}
                    </fieldset>
                    <div class="actions">
                        <button class="button primary">{say!(lang, twilio.numbers_save)}</button>
                        {any.then(|| view! {
                            <button class="button" formaction="/settings/twilio/restore">{say!(lang, twilio.restore)}</button>
                        })}
                    </div>
                </form>
            })
        }
    };
    view! {
        <section class="panel" aria-labelledby="numbers">
            <h2 id="numbers">{say!(lang, twilio.numbers)}</h2>
            <p class="quiet">{say!(lang, twilio.numbers_more)}</p>
            {content}
        </section>
    }
}

fn choice(lang: Lang, number: NumberView) -> impl IntoView {
    let where_to = match (number.connected, number.elsewhere) {
        (true, _) => say!(lang, twilio.here).to_owned(),
        (false, Some(elsewhere)) => say!(lang, twilio.elsewhere, address = elsewhere),
        (false, None) => say!(lang, twilio.nowhere).to_owned(),
    };
    let texts = (!number.texts).then(|| say!(lang, twilio.no_texts));
    let label = (number.label != number.number).then_some(number.label);
    view! {
        <label class="choice">
            <input type="checkbox" name="number" value=number.number.clone() checked=number.connected />
            <span class="choice-what">
                <span class="digits choice-name">{number.number}</span>
                {label.map(|label| view! { " " <span>{label}</span> })}
                <span class="quiet cell-sub">{where_to}{texts.map(|texts| format!(" · {texts}"))}</span>
            </span>
        </label>
    }
}

//! `/settings/numbers/{number}`: what a number is called, who answers it, and when.

use leptos::prelude::*;
use switchyard::{
    numbers::Number,
    people::{Account, Standing as Place},
};

use super::{Standing, of_one, path_of, week::Week};
use crate::{
    api::numbers::Numbers,
    form::{Field, FormNews, GroupFault, Typed, group_is_wrong},
    lang::use_lang,
    say,
    ui::icon::{Icon, icon},
};

/// A number.
#[component]
pub(crate) fn NumberPage() -> impl IntoView {
    of_one(say!(use_lang(), numbers.title), |numbers, number| view! { <One numbers number /> }.into_any())
}

#[component]
fn One(numbers: Numbers, number: Number) -> impl IntoView {
    let lang = use_lang();
    let path = path_of(&number);
    let typed = Typed::current();
    let is_default = typed.ticked("answers", "default", number.is_default);
    view! {
        <header class="person-head">
            <h1>{number.label.clone()}</h1>
            <span class="digits quiet">{switchyard::phone::readable(&number.number)}</span>
            <Standing state=numbers.state(&number) />
        </header>
        <FormNews />
        <form method="post" action=path.clone() class="panel number-form">
            <h2>{say!(lang, numbers.about)}</h2>
            <Field name="name" label=say!(lang, numbers.name) known=number.label.clone() hint=say!(lang, numbers.name_hint) />
            <Answers number=&number everyone=numbers.everyone />
            <Open number=&number />
            <label class="check">
                <input type="checkbox" name="default" value="yes" checked=is_default />
                <span>{say!(lang, numbers.default_choice)}</span>
            </label>
            <p class="form-end"><button class="button primary">{say!(lang, numbers.save)}</button></p>
        </form>
        <section class="panel">
            <h2>{say!(lang, numbers.release)}</h2>
            <p class="quiet">{say!(lang, numbers.release_more)}</p>
            <p><a href=format!("{path}/release") class="button grave">{icon(Icon::WARNING)}{say!(lang, numbers.release)}</a></p>
        </section>
    }
}

/// Who answers it: everybody, or those who are ticked.
#[component]
fn Answers<'a>(number: &'a Number, everyone: Vec<Account>) -> impl IntoView + use<> {
    let lang = use_lang();
    let typed = Typed::current();
    let known = if number.answered_by.is_some() { "chosen" } else { "everybody" };
    let chosen = typed.value("answers", known.to_owned()) == "chosen";
    let (wrong, explained) = group_is_wrong("answers");
    let here = everyone.into_iter().filter(|account| account.standing() != Place::Deactivated);
    let people = here
        .map(|account| {
            let name = format!("agent-{}", account.profile.id);
            let ticked = typed.ticked("answers", &name, number.names(&account.profile.id));
            view! {
                <label class="check">
                    <input type="checkbox" name=name value="yes" checked=ticked aria-invalid=wrong />
                    <span>{account.profile.name}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="group" aria-describedby="answers-more">
            <legend>{say!(lang, numbers.answered_by)}</legend>
            <p class="quiet" id="answers-more">{say!(lang, numbers.answers_hint)}</p>
            <label class="check">
                <input type="radio" name="answers" value="everybody" checked=!chosen />
                <span>{say!(lang, numbers.everybody_choice)}</span>
            </label>
            <label class="check">
                <input type="radio" name="answers" value="chosen" checked=chosen data-opens="" />
                <span>{say!(lang, numbers.chosen_choice)}</span>
            </label>
            <div class="opened ticks" role="group" aria-label=say!(lang, numbers.people) aria-describedby=explained>{people}</div>
            <GroupFault name="answers" />
        </fieldset>
    }
}

/// When it is open: always, or at the week's hours.
#[component]
fn Open<'a>(number: &'a Number) -> impl IntoView + use<> {
    let lang = use_lang();
    let known = if number.hours.is_some() { "weekly" } else { "always" };
    let weekly = Typed::current().value("open", known.to_owned()) == "weekly";
    view! {
        <fieldset class="group" aria-describedby="open-more">
            <legend>{say!(lang, numbers.hours)}</legend>
            <p class="quiet" id="open-more">{say!(lang, numbers.hours_hint)}</p>
            <label class="check">
                <input type="radio" name="open" value="always" checked=!weekly />
                <span>{say!(lang, numbers.always_choice)}</span>
            </label>
            <label class="check">
                <input type="radio" name="open" value="weekly" checked=weekly data-opens="" />
                <span>{say!(lang, numbers.weekly_choice)}</span>
            </label>
            <div class="opened"><Week hours=number.hours.clone() /></div>
        </fieldset>
    }
}

//! Which numbers somebody answers, and which one is shown when they call.

use leptos::prelude::*;
use switchyard::{
    numbers::{Number, shown},
    people::Account,
};

use crate::{
    form::{Choice, GroupFault, Typed, group_is_wrong},
    lang::{Lang, use_lang},
    say,
};

/// The form. Numbers that everybody answers are named, and changed on their own pages.
#[component]
pub(super) fn Calls<'a>(account: Account, numbers: &'a [Number]) -> impl IntoView + use<> {
    let lang = use_lang();
    let agent = &account.profile.id;
    let (_, explained) = group_is_wrong("answers");
    let automatic = shown(numbers, agent, None)
        .map_or_else(|| say!(lang, person.caller_id_none).to_owned(), |number| number.label.clone());
    let automatic = (String::new(), say!(lang, person.caller_id_auto, line = automatic));
    let here = numbers.iter().filter(|number| number.rings_here);
    let lines = here.map(|number| (number.number.clone(), name(number)));
    let options = std::iter::once(automatic).chain(lines).collect();
    let none = numbers.is_empty().then(|| view! { <p class="quiet">{say!(lang, person.answers_none)}</p> });
    let ticks = numbers.iter().map(|number| tick(lang, number, number.names(agent))).collect_view();
    view! {
        <form method="post" action=format!("/people/{agent}/calls") class="panel number-form">
            <h2>{say!(lang, person.calls)}</h2>
            <fieldset class="group" aria-describedby=explained>
                <legend>{say!(lang, person.answers)}</legend>
                <p class="quiet">{say!(lang, person.answers_hint)}</p>
                {none}
                {ticks}
                <GroupFault name="answers" />
            </fieldset>
            <Choice
                name="caller_id"
                label=say!(lang, person.caller_id)
                options=options
                known=account.caller_id.unwrap_or_default()
                hint=say!(lang, person.caller_id_hint)
            />
            <p class="form-end"><button class="button primary">{say!(lang, person.save)}</button></p>
        </form>
    }
}

fn tick(lang: Lang, number: &Number, known: bool) -> impl IntoView + use<> {
    let field = format!("answers-{}", number.number);
    let everybody = number.answered_by.is_none();
    // The field that the form always has says whether it was sent.
    let ticked = everybody || Typed::current().ticked("caller_id", &field, known);
    view! {
        <label class="check">
            <input type="checkbox" name=field value="yes" checked=ticked disabled=everybody />
            <span>
                {name(number)}
                {everybody.then(|| view! { <span class="quiet">{format!(" · {}", say!(lang, person.answers_everybody))}</span> })}
            </span>
        </label>
    }
}

/// A number as people know it.
fn name(number: &Number) -> String {
    let digits = switchyard::phone::readable(&number.number);
    if number.label == number.number { digits } else { format!("{} ({digits})", number.label) }
}

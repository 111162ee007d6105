//! `/settings/numbers/{number}/release`: what is lost with a number, before it is given back.

use leptos::prelude::*;
use switchyard::numbers::Number;

use super::{of_one, path_of};
use crate::{
    api::request,
    lang::use_lang,
    pages::twilio::words::outcome,
    say,
    ui::icon::{Icon, icon},
};

/// The last question.
#[component]
pub(crate) fn ReleasePage() -> impl IntoView {
    of_one(say!(use_lang(), numbers.release), |_, number| view! { <Release number /> }.into_any())
}

#[component]
fn Release(number: Number) -> impl IntoView {
    let lang = use_lang();
    let path = path_of(&number);
    let action = format!("{path}/release");
    let why = request::query("error").map(|word| {
        let words = outcome::error(lang, &word, &request::query("code").unwrap_or_default());
        view! { <p class="form-error" role="alert">{icon(Icon::WARNING)} <span>{words}</span></p> }
    });
    let lost =
        [say!(lang, numbers.release_calls), say!(lang, numbers.release_lost), say!(lang, numbers.release_settings)];
    view! {
        {why}
        <section class="panel">
            <h1>{say!(lang, numbers.release_title, number = switchyard::phone::readable(&number.number))}</h1>
            <p>{number.label}</p>
            <ul class="lost">{lost.map(|what| view! { <li>{what}</li> }).collect_view()}</ul>
            <form method="post" action=action class="actions">
                <button class="button grave">{icon(Icon::WARNING)}{say!(lang, numbers.release_do)}</button>
                <a href=path class="button">{say!(lang, numbers.release_keep)}</a>
            </form>
        </section>
    }
}

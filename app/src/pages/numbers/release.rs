//! `/settings/numbers/{number}/release`: what is lost with a number, before it is given back.

use leptos::{either::EitherOf3, prelude::*};
use leptos_router::hooks::use_params_map;
use switchyard::numbers::Number;

use super::{Back, Failed, path_of};
use crate::{
    api::{numbers::numbers, request},
    lang::use_lang,
    pages::{
        not_found::Missing,
        settings::{SettingsPage, Tab},
        sign_in,
        twilio::words::outcome,
    },
    say,
    ui::icon::{Icon, icon},
};

/// The last question.
#[component]
pub(crate) fn ReleasePage() -> impl IntoView {
    let lang = use_lang();
    let digits = use_params_map().with_untracked(|params| params.get("number")).unwrap_or_default();
    sign_in::require("/settings/numbers");
    view! {
        <SettingsPage title=say!(lang, numbers.release) here=Tab::Numbers>
            <Back />
            <Suspense>
                {Suspend::new(async move {
                    let numbers = match numbers().await {
                        Ok(Some(numbers)) => numbers,
                        other => return EitherOf3::A(view! { <Failed denied=other.is_ok() /> }),
                    };
                    match numbers.find(&digits).cloned() {
                        Some(number) => EitherOf3::B(view! { <Release number /> }),
                        None => EitherOf3::C(view! { <Missing /> }),
                    }
                })}
            </Suspense>
        </SettingsPage>
    }
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

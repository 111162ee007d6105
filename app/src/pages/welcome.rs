//! `/welcome`: the first workspace and its owner, by whoever has the code that the server printed. Gone afterwards.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::not_found::NotFound;
use crate::{
    api::people::is_founded,
    form::{Choice, Field, FormNews},
    lang::{LANGUAGES, code, use_lang},
    say,
    ui::{
        country::countries,
        mark::Mark,
        switches::{LanguageSwitch, ThemeSwitch},
    },
};

/// The first run.
#[component]
pub(crate) fn WelcomePage() -> impl IntoView {
    let known = use_params_map().with_untracked(|params| params.get("code")).unwrap_or_default();
    view! {
        <Suspense>
            {Suspend::new(async move {
                if is_founded().await {
                    Either::Left(view! { <NotFound /> })
                } else {
                    Either::Right(view! { <Welcome known /> })
                }
            })}
        </Suspense>
    }
}

#[component]
fn Welcome(known: String) -> impl IntoView {
    let lang = use_lang();
    let country = if lang == crate::lang::Lang::Ro { "RO" } else { "GB" };
    let languages = LANGUAGES.map(|(lang, _, name)| (code(lang).to_owned(), name.to_owned()));
    view! {
        <Title text=say!(lang, welcome.title) />
        <div class="page centred">
            <div class="corner"><ThemeSwitch /><LanguageSwitch /></div>
            <main class="sign-in wide">
                <header>
                    <span class="brand large"><Mark /><span class="brand-name">{say!(lang, product)}</span></span>
                    <h1>{say!(lang, welcome.title)}</h1>
                    <p class="quiet">{say!(lang, welcome.lead)}</p>
                </header>
                <FormNews />
                <form method="post" action="/welcome" class="panel fields">
                    <Field name="code" label=say!(lang, welcome.code) known=known hint=say!(lang, welcome.code_hint) />
                    <h2>{say!(lang, welcome.workspace)}</h2>
                    <Field name="workspace" label=say!(lang, welcome.workspace_name) autocomplete="organization" />
                    <Choice
                        name="country"
                        label=say!(lang, welcome.country)
                        options=countries(lang)
                        known=country
                        hint=say!(lang, welcome.country_hint)
                    />
                    <Choice name="language" label=say!(lang, welcome.language) options=languages.into() known=code(lang) />
                    <h2>{say!(lang, welcome.you)}</h2>
                    <Field name="name" label=say!(lang, welcome.name) autocomplete="name" />
                    <Field name="email" label=say!(lang, sign_in.email) kind="email" autocomplete="username" />
                    <Field
                        name="password"
                        label=say!(lang, sign_in.password)
                        kind="password"
                        autocomplete="new-password"
                        hint=say!(lang, password.hint)
                    />
                    <button class="button primary wide">{say!(lang, welcome.submit)}</button>
                </form>
            </main>
        </div>
    }
}

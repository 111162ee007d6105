//! `/profile`: what people change of themselves.

use leptos::{either::Either, prelude::*};
use switchyard::people::{Account, Language};

use super::{
    person::{FallbackFields, languages},
    settings::{SettingsPage, Tab},
};
use crate::{
    api::people::own_account,
    form::{Choice, Field, FormNews},
    lang::use_lang,
    say, words,
};

/// The profile.
#[component]
pub(crate) fn ProfilePage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/profile");
    view! {
        <SettingsPage title=say!(lang, profile.title) here=Tab::Profile>
            <Suspense>
                {Suspend::new(async move {
                    match own_account().await {
                        Ok(account) => Either::Left(view! { <Profile account /> }),
                        Err(_) => Either::Right(view! { <p class="form-error" role="alert">{say!(lang, fault.unavailable)}</p> }),
                    }
                })}
            </Suspense>
        </SettingsPage>
    }
}

#[component]
fn Profile(account: Account) -> impl IntoView {
    let lang = use_lang();
    let Account { profile, email, language, fallback, .. } = account;
    let role = words::role(lang, profile.role);
    let language = language.map(Language::code).unwrap_or_default();
    view! {
        <h1>{say!(lang, profile.title)}</h1>
        <p class="quiet">{say!(lang, profile.lead, email = email, role = role, extension = profile.extension)}</p>
        <FormNews />
        <form method="post" action="/profile" class="panel fields">
            <h2>{say!(lang, profile.about)}</h2>
            <Field name="name" label=say!(lang, people.name) known=profile.name.clone() autocomplete="name" />
            <Choice
                name="language"
                label=say!(lang, person.language)
                options=languages(say!(lang, profile.language_browser))
                known=language
            />
            <FallbackFields known=&fallback own=true />
            <p class="form-end"><button class="button primary">{say!(lang, person.save)}</button></p>
        </form>
        <form method="post" action="/profile/password" class="panel fields">
            <h2>{say!(lang, profile.password)}</h2>
            <p class="quiet">{say!(lang, profile.password_more)}</p>
            <input type="hidden" autocomplete="username" value=email />
            <Field name="current" label=say!(lang, profile.current) kind="password" autocomplete="current-password" />
            <Field
                name="password"
                label=say!(lang, profile.new)
                kind="password"
                autocomplete="new-password"
                hint=say!(lang, password.hint)
            />
            <p class="form-end"><button class="button primary">{say!(lang, profile.change)}</button></p>
        </form>
        <section class="panel">
            <h2>{say!(lang, profile.everywhere)}</h2>
            <p class="quiet">{say!(lang, profile.everywhere_more)}</p>
            <form method="post" action="/profile/sign-out-everywhere">
                <button class="button grave">{say!(lang, profile.everywhere)}</button>
            </form>
        </section>
    }
}

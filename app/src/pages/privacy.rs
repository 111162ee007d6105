//! `/settings/privacy`: what is kept of one person is given out as a file, and erased.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use switchyard::people::{Account, Standing};

use super::{
    denied::for_whoever_may,
    settings::{SettingsPage, Tab},
};
use crate::{
    api::privacy::{PrivacyView, privacy},
    form::{Check, Choice, Field, FormNews},
    lang::use_lang,
    say,
    ui::icon::{Icon, icon},
};

/// The page.
#[component]
pub(crate) fn PrivacyPage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/settings/privacy");
    let number = use_query_map().with_untracked(|query| query.get("number")).unwrap_or_default();
    view! {
        <SettingsPage title=say!(lang, privacy.title) here=Tab::Privacy>
            <Suspense>
                {Suspend::new(async move {
                    for_whoever_may(privacy().await, say!(lang, people.failed), move |view| view! { <Privacy view number /> })
                })}
            </Suspense>
        </SettingsPage>
    }
}

#[component]
fn Privacy(view: PrivacyView, number: String) -> impl IntoView {
    let lang = use_lang();
    let PrivacyView { people, undeleted, retention } = view;
    let [calls, messages, audit, deliveries] = retention.fields().map(|(_, days)| days);
    let people = people.into_iter().map(|account| (account.profile.id.to_string(), named(lang, &account)));
    let nobody = (String::new(), say!(lang, privacy.choose).to_owned());
    let people: Vec<_> = std::iter::once(nobody).chain(people).collect();
    view! {
        <h1>{say!(lang, privacy.title)}</h1>
        <p class="quiet">{say!(lang, privacy.lead)}</p>
        <FormNews />
        {(undeleted.here > 0).then(|| warning(say!(lang, privacy.undeleted, count = undeleted.here)))}
        {(undeleted.elsewhere > 0).then(|| warning(say!(lang, privacy.undeleted_elsewhere, count = undeleted.elsewhere)))}
        <form method="post" action="/settings/privacy/retention" class="panel fields">
            <h2>{say!(lang, privacy.kept)}</h2>
            <p class="quiet">{say!(lang, privacy.kept_more)}</p>
            <Field name="days" label=say!(lang, privacy.days) known=calls inputmode="numeric" hint=say!(lang, privacy.days_hint) required=false />
            <Field name="message_days" label=say!(lang, privacy.message_days) known=messages inputmode="numeric" hint=say!(lang, privacy.message_days_hint) required=false />
            <Field name="audit_days" label=say!(lang, privacy.audit_days) known=audit inputmode="numeric" hint=say!(lang, privacy.audit_days_hint) required=false />
            <Field name="delivery_days" label=say!(lang, privacy.delivery_days) known=deliveries inputmode="numeric" hint=say!(lang, privacy.delivery_days_hint) />
            <p class="form-end"><button class="button">{say!(lang, person.save)}</button></p>
        </form>
        <form method="post" action="/settings/privacy/contact/export" class="panel fields">
            <h2>{say!(lang, privacy.outside)}</h2>
            <p class="quiet">{say!(lang, privacy.outside_more)}</p>
            <Field name="number" label=say!(lang, contacts.number) kind="tel" known=number hint=say!(lang, contacts.number_hint) />
            <Check name="sure" label=say!(lang, privacy.sure) hint=say!(lang, privacy.sure_more) />
            <p class="form-end">
                <button class="button">{say!(lang, privacy.export)}</button>
                <button class="button grave" formaction="/settings/privacy/contact/erase">{icon(Icon::WARNING)} {say!(lang, privacy.erase)}</button>
            </p>
        </form>
        <form method="post" action="/settings/privacy/person/export" class="panel fields">
            <h2>{say!(lang, privacy.inside)}</h2>
            <p class="quiet">{say!(lang, privacy.inside_more)}</p>
            <Choice name="agent" label=say!(lang, privacy.person) options=people known="" />
            <Check name="sure_person" label=say!(lang, privacy.sure) hint=say!(lang, privacy.sure_person_more) />
            <p class="form-end">
                <button class="button">{say!(lang, privacy.export)}</button>
                <button class="button grave" formaction="/settings/privacy/person/erase">{icon(Icon::WARNING)} {say!(lang, privacy.erase)}</button>
            </p>
        </form>
    }
}

fn warning(words: String) -> impl IntoView {
    view! { <p class="form-warning" role="status">{icon(Icon::WARNING)} <span>{words}</span></p> }
}

fn named(lang: crate::lang::Lang, account: &Account) -> String {
    let name = &account.profile.name;
    match account.standing() {
        Standing::Deactivated => format!("{name} ({})", say!(lang, people.deactivated)),
        Standing::Active | Standing::Invited => name.clone(),
    }
}

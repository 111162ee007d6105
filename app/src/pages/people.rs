//! `/people`: everyone in the workspace. Supervisors read it; admins and owners change it.

use leptos::prelude::*;
use switchyard::{
    agent::Role,
    people::{Account, Fallback, Standing},
    rights::Right,
};

use super::{
    denied::for_whoever_may,
    settings::{SettingsPage, Tab},
};
use crate::{
    api::people::{Staff, staff},
    form::FormNews,
    lang::{Lang, use_lang},
    say,
    ui::{avatar::avatar, table::Table},
    words,
};

/// The list.
#[component]
pub(crate) fn PeoplePage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/people");
    view! {
        <SettingsPage title=say!(lang, people.title) here=Tab::People>
            <FormNews />
            <Suspense>
                {Suspend::new(async move {
                    for_whoever_may(staff(Right::SeePeople).await, say!(lang, people.failed), |staff| view! { <People staff /> })
                })}
            </Suspense>
        </SettingsPage>
    }
}

#[component]
fn People(staff: Staff) -> impl IntoView {
    let lang = use_lang();
    let mine = staff.session.role;
    let rows = staff.everyone.iter().map(|account| row(lang, account, mine)).collect_view();
    let heads = [
        say!(lang, people.name),
        say!(lang, people.extension),
        say!(lang, people.role),
        say!(lang, person.fallback),
        say!(lang, people.state),
    ];
    view! {
        <div class="settings-head">
            <div>
                <h1>{say!(lang, people.title)}</h1>
                <p class="quiet">{say!(lang, people.lead)}</p>
            </div>
            {mine.may(Right::ManagePeople).then(|| view! { <a href="/people/new" class="button primary">{say!(lang, people.add)}</a> })}
        </div>
        <Table label=say!(lang, people.title) heads>{rows}</Table>
    }
}

fn row(lang: Lang, account: &Account, mine: Role) -> impl IntoView + use<> {
    let profile = &account.profile;
    let (key, state) = standing(lang, account);
    let name = profile.name.clone();
    let erased = account.is_erased();
    let name = if erased {
        view! { <span class="cell-main">{say!(lang, call.erased)}</span> }.into_any()
    } else if mine.may_manage(profile.role) {
        let label = say!(lang, people.edit, name = name);
        view! { <a href=format!("/people/{}", profile.id) class="cell-main" aria-label=label>{name}</a> }.into_any()
    } else {
        view! { <span class="cell-main">{name}</span> }.into_any()
    };
    let fallback = match &account.fallback {
        Fallback::Nowhere => "–",
        Fallback::Voicemail => say!(lang, person.voicemail),
        Fallback::Mobile(_) => say!(lang, person.mobile),
    };
    view! {
        <tr data-standing=key>
            <th scope="row">
                <span class="cell-person">
                    {avatar(profile.id.as_str(), &profile.name)}
                    <span class="cell-who">{name}<span class="quiet cell-sub">{(!erased).then(|| account.email.clone())}</span></span>
                </span>
            </th>
            <td data-label=say!(lang, people.extension) class="digits">{(!erased).then(|| profile.extension.clone())}</td>
            <td>{words::role(lang, profile.role)}</td>
            <td data-label=say!(lang, person.fallback)>{fallback}</td>
            <td><span class="standing" data-standing=key>{state}</span></td>
        </tr>
    }
}

/// Whether somebody belongs here, for styles and in words.
pub(super) fn standing(lang: Lang, account: &Account) -> (&'static str, &'static str) {
    match account.standing() {
        Standing::Active => ("active", say!(lang, people.active)),
        Standing::Invited => ("invited", say!(lang, people.invited)),
        Standing::Deactivated => ("deactivated", say!(lang, people.deactivated)),
    }
}

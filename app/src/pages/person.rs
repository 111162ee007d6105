//! `/people/new` and `/people/{agent}`: what is known of somebody, their way in, their numbers, and their leaving.

mod calls;
mod fallback;

use leptos::{
    either::{Either, EitherOf4},
    prelude::*,
};
use leptos_router::hooks::use_params_map;
use switchyard::{
    agent::Role,
    numbers::Number,
    people::{self, Account, LINK_DAYS, Language, Standing},
    rights::Right,
};

use self::calls::Calls;
pub(super) use self::fallback::FallbackFields;
use super::{
    denied::Denied,
    not_found::Missing,
    people::standing,
    settings::{SettingsPage, Tab},
};
use crate::{
    api::{
        numbers::numbers,
        people::{Staff, is_shared, staff},
    },
    form::{Choice, Field, FormNews, Typed},
    lang::{LANGUAGES, code, use_lang},
    say,
    ui::{
        avatar::avatar,
        icon::{Icon, icon},
    },
    words,
};

/// Somebody new.
#[component]
pub(crate) fn NewPersonPage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/people/new");
    view! {
        <SettingsPage title=say!(lang, person.add_title) here=Tab::People>
            <Back />
            <Suspense>
                {Suspend::new(async move {
                    match staff(Right::ManagePeople).await {
                        Ok(Some(staff)) => Either::Left(view! {
                            <h1>{say!(lang, person.add_title)}</h1>
                            <p class="quiet">{say!(lang, person.add_lead)}</p>
                            <FormNews />
                            <Form staff=&staff account=None shared=false />
                        }),
                        other => Either::Right(view! { <Failed denied=other.is_ok() /> }),
                    }
                })}
            </Suspense>
        </SettingsPage>
    }
}

/// Somebody who is there.
#[component]
pub(crate) fn PersonPage() -> impl IntoView {
    let lang = use_lang();
    let agent = use_params_map().with_untracked(|params| params.get("agent")).unwrap_or_default();
    super::sign_in::require("/people");
    view! {
        <SettingsPage title=say!(lang, people.title) here=Tab::People>
            <Back />
            <Suspense>
                {Suspend::new(async move {
                    let staff = match staff(Right::ManagePeople).await {
                        Ok(Some(staff)) => staff,
                        other => return EitherOf4::A(view! { <Failed denied=other.is_ok() /> }),
                    };
                    let Some(account) = staff.person(&agent).filter(|account| !account.is_erased()).cloned() else {
                        return EitherOf4::B(view! { <Missing /> });
                    };
                    if !staff.session.role.may_manage(account.profile.role) {
                        return EitherOf4::C(view! { <Denied /> });
                    }
                    let shared = is_shared(&account).await;
                    let numbers = numbers().await.ok().flatten().map(|numbers| numbers.all);
                    EitherOf4::D(view! { <Person staff account shared numbers /> })
                })}
            </Suspense>
        </SettingsPage>
    }
}

#[component]
fn Back() -> impl IntoView {
    let lang = use_lang();
    view! { <p><a href="/people" class="back">{say!(lang, person.back)}</a></p> }
}

#[component]
fn Failed(denied: bool) -> impl IntoView {
    let lang = use_lang();
    if denied {
        return view! { <Denied /> }.into_any();
    }
    view! { <p class="form-error" role="alert">{say!(lang, people.failed)}</p> }.into_any()
}

#[component]
fn Person(staff: Staff, account: Account, shared: bool, numbers: Option<Vec<Number>>) -> impl IntoView {
    let lang = use_lang();
    let (key, state) = standing(lang, &account);
    // One's own password is changed in one's profile, and nobody deactivates themselves.
    let other = staff.session.agent != account.profile.id;
    view! {
        <header class="person-head">
            {avatar(account.profile.id.as_str(), &account.profile.name)}
            <h1>{account.profile.name.clone()}</h1>
            <span class="standing" data-standing=key>{state}</span>
        </header>
        <FormNews />
        {other.then(|| view! { <WayIn account=account.clone() shared /> })}
        <Form staff=&staff account=Some(account.clone()) shared />
        {numbers.map(|numbers| view! { <Calls account=account.clone() numbers=&numbers /> })}
        {other.then(|| view! { <Leaving account /> })}
    }
}

/// What is known of somebody, or of somebody new.
#[component]
fn Form<'a>(staff: &'a Staff, account: Option<Account>, shared: bool) -> impl IntoView + use<> {
    let lang = use_lang();
    let mine = staff.session.role;
    let free = people::free_extension(&staff.everyone, &staff.plan);
    let hint = say!(lang, person.extension_hint, free = free);
    let is_new = account.is_none();
    let action = account.as_ref().map_or("/people/new".to_owned(), |account| format!("/people/{}", account.profile.id));
    let known = |of: fn(&Account) -> String| account.as_ref().map(of).unwrap_or_default();
    let extension = account.as_ref().map_or(free.clone(), |account| account.profile.extension.clone());
    let role = account.as_ref().map_or(Role::Agent, |account| account.profile.role);
    let roles = Role::ALL.into_iter().filter(|role| mine.may_manage(*role));
    let roles = roles.map(|role| (role.code().to_owned(), words::role(lang, role).to_owned())).collect();
    let fallback = account.as_ref().map(|account| account.fallback.clone()).unwrap_or_default();
    let email_hint = if shared { say!(lang, person.shared) } else { say!(lang, person.email_hint) };
    view! {
        <form method="post" action=action class="panel fields">
            <h2>{say!(lang, person.about)}</h2>
            <Field name="name" label=say!(lang, people.name) known=known(|account| account.profile.name.clone()) />
            <Field
                name="email"
                label=say!(lang, people.email)
                kind="email"
                known=known(|account| account.email.clone())
                hint=email_hint
                readonly=shared
            />
            <Field name="extension" label=say!(lang, people.extension) known=extension hint=hint inputmode="numeric" />
            <Choice name="role" label=say!(lang, people.role) options=roles known=role.code() />
            <Choice
                name="language"
                label=say!(lang, person.language)
                options=languages(say!(lang, person.language_browser))
                known=known(|account| account.language.map(Language::code).unwrap_or_default().to_owned())
            />
            <FallbackFields known=&fallback />
            <p class="form-end">
                <button class="button primary">{if is_new { say!(lang, person.add) } else { say!(lang, person.save) }}</button>
            </p>
        </form>
    }
}

/// The languages to choose from; `browser` is what stands for none.
pub(super) fn languages(browser: &str) -> Vec<(String, String)> {
    let named = LANGUAGES.map(|(lang, _, name)| (code(lang).to_owned(), name.to_owned()));
    std::iter::once((String::new(), browser.to_owned())).chain(named).collect()
}

/// The link that is handed over, or the way to one.
#[component]
fn WayIn(account: Account, shared: bool) -> impl IntoView {
    let lang = use_lang();
    let (more, button) = match account.standing() {
        Standing::Invited => (say!(lang, person.invite_more), say!(lang, person.invite)),
        Standing::Active if shared => return None,
        Standing::Active => (say!(lang, person.reset_more), say!(lang, person.reset)),
        Standing::Deactivated => return None,
    };
    let name = account.profile.name;
    let made = Typed::current().link().map(|link| {
        view! {
            <div class="made-link" role="status">
                <label for="made-link">{say!(lang, person.link_ready, name = name)}</label>
                <input id="made-link" type="text" readonly value=link aria-describedby="made-link-more" />
                <p class="quiet" id="made-link-more">{say!(lang, person.link_more, days = LINK_DAYS)}</p>
            </div>
        }
    });
    let primary = account.joined.is_none() && made.is_none();
    Some(view! {
        <section class="panel">
            <h2>{say!(lang, person.link)}</h2>
            <p class="quiet">{more}</p>
            {made}
            <form method="post" action=format!("/people/{}/link", account.profile.id)>
                <button class="button" class:primary=primary>{button}</button>
            </form>
        </section>
    })
}

#[component]
fn Leaving(account: Account) -> impl IntoView {
    let lang = use_lang();
    let gone = account.standing() == Standing::Deactivated;
    let (deed, more, button) = if gone {
        ("reactivate", say!(lang, person.reactivate_more), say!(lang, person.reactivate))
    } else {
        ("deactivate", say!(lang, person.deactivate_more), say!(lang, person.deactivate))
    };
    view! {
        <section class="panel">
            <h2>{say!(lang, person.leave)}</h2>
            <p class="quiet">{more}</p>
            <form method="post" action=format!("/people/{}/{deed}", account.profile.id)>
                <button class="button" class:grave=!gone>{(!gone).then(|| icon(Icon::WARNING))}{button}</button>
            </form>
        </section>
    }
}

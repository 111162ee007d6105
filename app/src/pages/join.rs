//! `/join/{token}`: where a link leads that was handed over. Somebody new says their name and chooses a password; somebody
//! who forgot theirs chooses another.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    api::{
        people::{Invitation, invitation},
        request,
    },
    form::{Field, FormNews},
    lang::use_lang,
    say,
    ui::{
        icon::{Icon, icon},
        mark::Mark,
        switches::{LanguageSwitch, ThemeSwitch},
    },
};

/// The page of a link.
#[component]
pub(crate) fn JoinPage() -> impl IntoView {
    let lang = use_lang();
    let token = use_params_map().with_untracked(|params| params.get("token")).unwrap_or_default();
    view! {
        <Title text=say!(lang, join.title) />
        <div class="page centred">
            <div class="corner"><ThemeSwitch /><LanguageSwitch /></div>
            <Suspense>
                {Suspend::new(async move {
                    match invitation(&token).await {
                        Ok(Some(invitation)) => Either::Left(view! { <Join invitation token /> }),
                        answer => Either::Right(view! { <Over unavailable=answer.is_err() /> }),
                    }
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn Join(invitation: Invitation, token: String) -> impl IntoView {
    let lang = use_lang();
    let Invitation { account, workspace, known } = invitation;
    let is_new = account.joined.is_none();
    let knows = known && is_new;
    let (title, lead, button) = if is_new {
        let lead = say!(lang, join.lead, workspace = workspace, email = account.email);
        (say!(lang, join.title), lead, say!(lang, join.submit))
    } else {
        (say!(lang, join.reset_title), say!(lang, join.reset_lead, email = account.email), say!(lang, join.reset))
    };
    let (complete, hint) =
        if knows { ("current-password", say!(lang, join.known)) } else { ("new-password", say!(lang, password.hint)) };
    view! {
        <main class="sign-in">
            <header>
                <span class="brand large"><Mark /><span class="brand-name">{say!(lang, product)}</span></span>
            </header>
            <form method="post" action=format!("/join/{token}") class="panel">
                <h1>{title}</h1>
                <p class="quiet">{lead}</p>
                <FormNews />
                <input type="hidden" autocomplete="username" value=account.email.clone() />
                {is_new.then(|| view! { <Field name="name" label=say!(lang, welcome.name) known=account.profile.name.clone() autocomplete="name" /> })}
                <Field name="password" label=say!(lang, sign_in.password) kind="password" autocomplete=complete hint=hint />
                <button class="button primary wide">{button}</button>
            </form>
        </main>
    }
}

#[component]
fn Over(unavailable: bool) -> impl IntoView {
    let lang = use_lang();
    if unavailable {
        request::set_status(axum::http::StatusCode::SERVICE_UNAVAILABLE);
        return view! { <main class="notice"><p role="alert">{say!(lang, sign_in.unavailable)}</p></main> }.into_any();
    }
    request::set_status(axum::http::StatusCode::NOT_FOUND);
    view! {
        <main class="notice">
            <span class="notice-icon">{icon(Icon::WARNING)}</span>
            <h1>{say!(lang, join.over)}</h1>
            <p>{say!(lang, join.over_more)}</p>
            <a class="button primary" href="/">{say!(lang, missing.back)}</a>
        </main>
    }
    .into_any()
}

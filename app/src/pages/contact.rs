//! `/contacts/new` and `/contacts/{contact}`: what is known of somebody outside, and their calls.

use leptos::{either::EitherOf3, prelude::*};
use leptos_router::hooks::{use_params_map, use_query_map};
use switchyard::{contacts::Contact, history::Bookmark, id::ContactId};

use super::{
    calls::{Column, table},
    contacts::{dial_link, encoded},
    frame::{Frame, Here},
    not_found::Missing,
};
use crate::{
    api::contacts::{ContactView, contact},
    form::{Field, FormNews, Lines},
    lang::use_lang,
    say,
    ui::{
        avatar::avatar,
        icon::{Icon, icon},
    },
};

/// Somebody new, whose number may be known from a call.
#[component]
pub(crate) fn NewContactPage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/contacts/new");
    let number = use_query_map().with_untracked(|query| query.get("number")).unwrap_or_default();
    view! {
        <Frame title=say!(lang, contacts.add) here=Here::Contacts class="settings">
            <Back />
            <h1>{say!(lang, contacts.add)}</h1>
            <FormNews />
            <Form contact=None number />
        </Frame>
    }
}

/// Somebody who is known.
#[component]
pub(crate) fn ContactPage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/contacts");
    let id = use_params_map().with_untracked(|params| params.get("contact")).unwrap_or_default();
    let below: Option<Bookmark> = use_query_map().with_untracked(|query| query.get("below")?.parse().ok());
    view! {
        <Frame title=say!(lang, contacts.title) here=Here::Contacts class="settings">
            <Back />
            <Suspense>
                {Suspend::new(async move {
                    match contact(&ContactId::from(id), below.as_ref()).await {
                        Ok(Some(view)) => EitherOf3::A(view! { <Known view first=below.is_none() /> }),
                        Ok(None) => EitherOf3::B(view! { <Missing /> }),
                        Err(_) => EitherOf3::C(view! { <p class="form-error" role="alert">{say!(lang, contacts.failed)}</p> }),
                    }
                })}
            </Suspense>
        </Frame>
    }
}

#[component]
fn Back() -> impl IntoView {
    let lang = use_lang();
    view! { <p><a href="/contacts" class="back">{say!(lang, contacts.back)}</a></p> }
}

#[component]
fn Known(view: ContactView, first: bool) -> impl IntoView {
    let lang = use_lang();
    let ContactView { contact, calls, private } = view;
    let privacy = private.then(|| format!("/settings/privacy?number={}", encoded(&contact.number)));
    let path = format!("/contacts/{}", contact.id);
    view! {
        <header class="person-head">
            {avatar(contact.id.as_str(), &contact.name)}
            <div>
                <h1>{contact.name.clone()}</h1>
                <p class="digits">{dial_link(lang, &contact.number)}</p>
            </div>
        </header>
        <FormNews />
        <Form number=contact.number.clone() contact=Some(contact) />
        <section class="calls-of" aria-labelledby="calls-of">
            <h2 id="calls-of">{say!(lang, contacts.calls)}</h2>
            {if calls.calls.is_empty() {
                view! { <p class="quiet">{say!(lang, contacts.no_calls)}</p> }.into_any()
            } else {
                table(lang, &calls, Column::Ended, &path, first).into_any()
            }}
        </section>
        <section class="panel">
            <h2>{say!(lang, contacts.remove)}</h2>
            <p class="quiet">{say!(lang, contacts.remove_more)}</p>
            <form method="post" action=format!("{path}/remove")>
                <button class="button grave">{icon(Icon::WARNING)} {say!(lang, contacts.remove)}</button>
            </form>
            {privacy.map(|privacy| view! { <p><a href=privacy class="add-link">{say!(lang, contacts.privacy)}</a></p> })}
        </section>
    }
}

/// What is known of somebody, or of somebody new.
#[component]
fn Form(contact: Option<Contact>, number: String) -> impl IntoView {
    let lang = use_lang();
    let is_new = contact.is_none();
    let (action, name, note) = contact.map_or_else(
        || ("/contacts/new".to_owned(), String::new(), String::new()),
        |contact| (format!("/contacts/{}", contact.id), contact.name, contact.note),
    );
    view! {
        <form method="post" action=action class="panel fields">
            <h2>{say!(lang, person.about)}</h2>
            <Field name="name" label=say!(lang, contacts.name) known=name />
            <Field name="number" label=say!(lang, contacts.number) kind="tel" known=number hint=say!(lang, contacts.number_hint) />
            <Lines name="note" label=say!(lang, contacts.note) known=note />
            <p class="form-end">
                <button class="button primary">{if is_new { say!(lang, person.add) } else { say!(lang, person.save) }}</button>
            </p>
        </form>
    }
}

//! The frame of the pages beside the floor: what was, whom one knows, and the line on top that the settings have, too.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::{people::workspace_names, voicemail::new_messages},
    board::{SignOut, new_count},
    lang::use_lang,
    say,
    ui::{
        icon::{Icon, icon},
        mark::Mark,
        switches::{LanguageSwitch, ThemeSwitch, WorkspaceSwitch},
    },
};

/// The pages that have this frame.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Here {
    /// `/calls`.
    History,
    /// `/voicemail`.
    Messages,
    /// `/contacts` and below.
    Contacts,
    /// The pages of settings, which have a frame of their own with the same line on top.
    Settings,
}

/// A page in the frame.
#[component]
pub(crate) fn Frame(
    /// Its title.
    title: &'static str,
    /// Which page it is, or belongs to.
    here: Here,
    /// The style of its main part.
    #[prop(default = "history")]
    class: &'static str,
    /// What is on it.
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title />
        <div class="page">
            <Top here />
            <main class=class>{children()}</main>
        </div>
    }
}

/// The line on top: which workspace this is, the ways to its other pages, to other workspaces, and out.
#[component]
pub(super) fn Top(here: Here) -> impl IntoView {
    let lang = use_lang();
    view! {
        <header class="top">
            <a href="/" class="brand"><Mark /><span class="brand-name">{say!(lang, product)}</span></a>
            <Suspense>{Suspend::new(async move { view! { <WorkspaceSwitch workspaces=workspace_names().await /> } })}</Suspense>
            <span class="spacer"></span>
            <Ways here />
            <SignOut lang />
        </header>
    }
    // Erased: what the pages around it are made of would be too deep for the compiler.
    .into_any()
}

/// The ways from one page to the others.
#[component]
fn Ways(here: Here) -> impl IntoView {
    let lang = use_lang();
    let ways = [
        ("/", Icon::PHONE, say!(lang, nav.floor), None),
        ("/calls", Icon::HISTORY, say!(lang, nav.history), Some(Here::History)),
        ("/voicemail", Icon::VOICEMAIL, say!(lang, nav.messages), Some(Here::Messages)),
        ("/contacts", Icon::CONTACT, say!(lang, nav.contacts), Some(Here::Contacts)),
        ("/profile", Icon::GEAR, say!(lang, nav.settings), Some(Here::Settings)),
    ];
    let ways = ways.map(|(path, shape, words, page)| {
        let current = (page == Some(here)).then_some(if here == Here::Settings { "true" } else { "page" });
        let count = (page == Some(Here::Messages)).then(|| {
            view! { <Suspense>{Suspend::new(async move { new_count(lang, new_messages().await) })}</Suspense> }
        });
        view! { <a href=path class="icon-button labelled" aria-current=current>{icon(shape)}<span>{words}</span>{count}</a> }
    });
    view! {
        <nav class="top-nav" aria-label=say!(lang, nav.main)>
            {ways.collect_view()}
            <ThemeSwitch />
            <LanguageSwitch />
        </nav>
    }
}

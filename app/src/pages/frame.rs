//! The frame of the pages beside the floor: what was, and whom one knows.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    board::SignOut,
    lang::use_lang,
    say,
    ui::{
        icon::{Icon, icon},
        mark::Mark,
        switches::{LanguageSwitch, ThemeSwitch},
    },
};

/// The pages that have this frame.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Here {
    /// `/calls`.
    History,
    /// `/contacts` and below.
    Contacts,
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
    let lang = use_lang();
    let ways = [
        ("/", Icon::PHONE, say!(lang, nav.floor), None),
        ("/calls", Icon::HISTORY, say!(lang, nav.history), Some(Here::History)),
        ("/contacts", Icon::CONTACT, say!(lang, nav.contacts), Some(Here::Contacts)),
        ("/profile", Icon::GEAR, say!(lang, nav.settings), None),
    ];
    let ways = ways.map(|(path, shape, words, page)| {
        let current = (page == Some(here)).then_some("page");
        view! { <a href=path class="icon-button labelled" aria-current=current>{icon(shape)}<span>{words}</span></a> }
    });
    view! {
        <Title text=title />
        <div class="page">
            <header class="top">
                <a href="/" class="brand"><Mark /><span class="brand-name">{say!(lang, product)}</span></a>
                <span class="spacer"></span>
                <nav class="top-nav" aria-label=say!(lang, nav.main)>
                    {ways.collect_view()}
                    <ThemeSwitch />
                    <LanguageSwitch />
                </nav>
                <SignOut lang />
            </header>
            <main class=class>{children()}</main>
        </div>
    }
}

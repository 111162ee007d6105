//! The switches for language and theme, on every page.

use leptos::prelude::*;

use crate::{
    lang::{LANGUAGES, code, use_lang},
    say,
    theme::{self, Theme},
    ui::icon::{Icon, icon},
};

/// Links to this page in the other languages. Plain links: they work before the page is hydrated, and the page that
/// comes is whole.
#[component]
pub(crate) fn LanguageSwitch() -> impl IntoView {
    let current = use_lang();
    view! {
        <nav class="languages" aria-label=say!(current, nav.language)>
            {LANGUAGES
                .map(|(lang, short, name)| {
                    let here = (lang == current).then_some("true");
                    view! {
                        <a href=format!("?lang={}", code(lang)) rel="external nofollow" lang=short title=name aria-current=here>
                            <span aria-hidden="true">{short.to_uppercase()}</span>
                            <span class="sr-only">{name}</span>
                        </a>
                    }
                })
                .collect_view()}
        </nav>
    }
}

/// The reader's workspaces, by id and name, the present one first; nothing for those who have only one. It opens and works
/// without scripts.
#[component]
pub(crate) fn WorkspaceSwitch(workspaces: Vec<(String, String)>) -> impl IntoView {
    let lang = use_lang();
    let mut workspaces = workspaces.into_iter();
    let (_, present) = workspaces.next()?;
    let others = workspaces
        .map(|(id, name)| {
            let words = say!(lang, nav.switch_to, name = name);
            view! { <button class="menu-item" name="workspace" value=id>{words}</button> }
        })
        .collect::<Vec<_>>();
    (!others.is_empty()).then(|| {
        view! {
            <details class="workspaces">
                <summary class="icon-button">
                    <span class="sr-only">{say!(lang, nav.workspace)}": "</span>
                    <span class="workspace-name">{present}</span>
                </summary>
                <form method="post" action="/switch" class="workspace-list">{others}</form>
            </details>
        }
    })
}

/// Finds the switch of the theme.
#[cfg(feature = "hydrate")]
pub(crate) const THEME: &str = "[data-part=theme]";

/// Goes round from the system's theme to light to dark. Which of the shapes is seen is the style's affair; the words of
/// all three are there for the one listener that serves every page.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let lang = use_lang();
    let words = |theme: Theme| match theme {
        Theme::Auto => say!(lang, nav.theme_auto),
        Theme::Light => say!(lang, nav.theme_light),
        Theme::Dark => say!(lang, nav.theme_dark),
    };
    let now = words(theme::detect());
    view! {
        <button
            type="button"
            class="icon-button theme-switch"
            data-part="theme"
            title=now
            aria-label=now
            data-auto=words(Theme::Auto)
            data-light=words(Theme::Light)
            data-dark=words(Theme::Dark)
        >
            {icon(Icon::HALF)}
            {icon(Icon::SUN)}
            {icon(Icon::MOON)}
        </button>
    }
}

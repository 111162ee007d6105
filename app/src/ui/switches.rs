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

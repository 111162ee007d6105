//! The switches for language and theme, on every page.

use leptos::prelude::*;

use crate::{
    lang::{LANGUAGES, code, use_lang},
    say,
    theme::{self, Theme},
    ui::icon::{Icon, live_icon},
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

/// Goes round from the system's theme to light to dark.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let lang = use_lang();
    let theme = RwSignal::new(theme::detect());
    let words = move || match theme.get() {
        Theme::Auto => say!(lang, nav.theme_auto),
        Theme::Light => say!(lang, nav.theme_light),
        Theme::Dark => say!(lang, nav.theme_dark),
    };
    let turn = move |_| {
        theme.update(|theme| *theme = theme.next());
        theme::apply(theme.get_untracked());
    };
    let shape = move || match theme.get() {
        Theme::Auto => Icon::HALF,
        Theme::Light => Icon::SUN,
        Theme::Dark => Icon::MOON,
    };
    view! {
        <button type="button" class="icon-button" title=words aria-label=words on:click=turn>
            {live_icon(shape)}
        </button>
    }
}

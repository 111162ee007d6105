//! Light, dark, or as the system has it: kept in a cookie, so that the server renders it and nothing flashes.

#[cfg(not(feature = "ssr"))]
use leptos::prelude::*;

const COOKIE: &str = "theme";

/// How the page looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The value of the cookie and of `data-theme`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What the switch goes to next.
    #[cfg(feature = "hydrate")]
    pub(crate) fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

/// The theme of the page that is being rendered.
#[cfg(feature = "ssr")]
pub(crate) fn detect() -> Theme {
    crate::api::request::cookie(COOKIE).map(|value| Theme::parse(&value)).unwrap_or_default()
}

/// The theme that the server has rendered.
#[cfg(not(feature = "ssr"))]
pub(crate) fn detect() -> Theme {
    let html = document().document_element();
    html.and_then(|html| html.get_attribute("data-theme")).map(|value| Theme::parse(&value)).unwrap_or_default()
}

/// Changes the theme of this page and of those to come.
#[cfg(feature = "hydrate")]
pub(crate) fn apply(theme: Theme) {
    if let Some(html) = document().document_element() {
        let _ = html.set_attribute("data-theme", theme.as_str());
    }
    crate::ui::browser::set_cookie(COOKIE, theme.as_str());
}

//! The language of a page. The server chooses it (a cookie, else what the browser accepts) and writes it on `<html>`;
//! the browser reads it there. It stays the same until the page is loaded again, so no text has to be reactive.

use leptos::prelude::*;

/// The languages that Switchyard speaks.
pub(crate) type Lang = crate::i18n::Locale;

/// Every language with its own name, for the switch.
pub(crate) const LANGUAGES: [(Lang, &str, &str); 2] = [(Lang::en, "en", "English"), (Lang::ro, "ro", "Română")];

/// The name of the cookie that remembers the choice.
#[cfg(feature = "ssr")]
const COOKIE: &str = "lang";

/// The language of this page.
pub(crate) fn use_lang() -> Lang {
    use_context::<Lang>().unwrap_or_default()
}

/// The code for `<html lang>` and for `Intl`.
pub(crate) fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::en => "en",
        Lang::ro => "ro",
    }
}

fn parse(code: &str) -> Option<Lang> {
    let primary = code.trim().split(['-', ';']).next()?;
    LANGUAGES.iter().find(|(_, known, _)| primary.eq_ignore_ascii_case(known)).map(|(lang, ..)| *lang)
}

/// Finds out the language of the page that is being rendered.
#[cfg(feature = "ssr")]
pub(crate) fn detect() -> Lang {
    use crate::api::request;
    request::cookie(COOKIE)
        .and_then(|code| parse(&code))
        .or_else(|| request::header("accept-language")?.split(',').find_map(parse))
        .unwrap_or_default()
}

/// Finds out the language of the page that the server has rendered.
#[cfg(not(feature = "ssr"))]
pub(crate) fn detect() -> Lang {
    document()
        .document_element()
        .and_then(|html| html.get_attribute("lang"))
        .and_then(|code| parse(&code))
        .unwrap_or_default()
}

/// A choice made with `?lang=…`: remembers it and sends the reader to the page's clean address. Works without
/// WebAssembly.
#[cfg(feature = "ssr")]
pub(crate) fn accept_choice() {
    use crate::api::request;
    let Some(chosen) = request::query("lang").and_then(|code| parse(&code)) else { return };
    request::set_cookie(COOKIE, code(chosen));
    request::redirect(&request::path());
}

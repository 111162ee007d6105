//! The language of a page. The server chooses it (a cookie, else what the browser accepts) and writes it on `<html>`;
//! the browser reads it there. It stays the same until the page is loaded again, so no text has to be reactive.

use std::fmt::{Display, Write as _};

use leptos::prelude::*;

/// The languages that Switchyard speaks, in the order of `build.rs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lang {
    /// English.
    #[default]
    En,
    /// Romanian.
    Ro,
}

/// The words of `locales/*.json`; `say!` is the way to them.
#[expect(non_camel_case_types, reason = "generated: a sentence with gaps is a struct with the name of its key")]
#[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "the words of pages that stay on the server"))]
pub(crate) mod keys {
    use std::fmt::Display;

    use super::{Lang, fill};

    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

/// Puts values into the gaps of a sentence: `{0}` is the first.
fn fill(sentence: &str, values: &[&dyn Display]) -> String {
    let mut out = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some((before, gap)) = rest.split_once('{') {
        out.push_str(before);
        let (number, after) = gap.split_once('}').unwrap_or((gap, ""));
        if let Some(value) = number.parse().ok().and_then(|number: usize| values.get(number)) {
            // Writing into a string does not fail.
            let _ = write!(out, "{value}");
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Every language with its own name, for the switch.
pub(crate) const LANGUAGES: [(Lang, &str, &str); 2] = [(Lang::En, "en", "English"), (Lang::Ro, "ro", "Română")];

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
        Lang::En => "en",
        Lang::Ro => "ro",
    }
}

/// The language that an account says.
#[cfg(feature = "ssr")]
pub(crate) fn of(language: switchyard::people::Language) -> Lang {
    match language {
        switchyard::people::Language::En => Lang::En,
        switchyard::people::Language::Ro => Lang::Ro,
    }
}

/// The cookie that makes pages speak this language.
#[cfg(feature = "ssr")]
pub fn language_cookie(language: switchyard::people::Language) -> String {
    crate::api::request::choice(COOKIE, code(of(language)))
}

/// The cookie that remembers a choice made with `?lang=…` in a query.
#[cfg(feature = "ssr")]
pub fn chosen_language(query: &str) -> Option<String> {
    let mut choices = query.split('&').filter_map(|pair| pair.strip_prefix("lang="));
    Some(crate::api::request::choice(COOKIE, code(choices.find_map(parse)?)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say;

    #[test]
    fn sentences_are_filled_in_any_order() {
        let over = |lang| say!(lang, drag.over_agent, name = "Ana", status = "liber", place = 2, count = 5);
        assert_eq!(over(Lang::En), "Over Ana, liber. 2 of 5.");
        assert_eq!(over(Lang::Ro), "Peste Ana, liber. 2 din 5.");
        assert_eq!(say!(Lang::Ro, floor.title), "Sală");
    }

    #[test]
    fn languages_are_recognised_by_their_primary_code() {
        assert_eq!(parse("ro-RO"), Some(Lang::Ro));
        assert_eq!(parse(" EN;q=0.8"), Some(Lang::En));
        assert_eq!(parse("de"), None);
    }
}

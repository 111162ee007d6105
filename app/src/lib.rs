//! The pages of Switchyard: rendered on the server, hydrated in the browser.
//!
//! `api` is what a page may ask of the server, `live` keeps the browser's floor up to date, `board` is the floor on
//! which calls are dragged, `ui` holds the small parts that every page is made of, and `words` puts what the rules say
//! into the reader's language.

#![expect(unreachable_pub, reason = "the component macro makes its properties public, whatever the component is")]

pub mod api;
pub mod board;
mod lang;
mod live;
mod pages;
mod shell;
mod theme;
mod ui;
mod words;

/// Puts a key of `locales/*.json` into words: `say!(lang, floor.title)`, `say!(lang, call.with, who = "Ana")`.
macro_rules! say {
    ($lang:expr, $key:ident) => { $crate::lang::keys::$key($lang) };
    ($lang:expr, $group:ident . $key:ident) => { $crate::lang::keys::$group::$key($lang) };
    ($lang:expr, $group:ident . $key:ident, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::lang::keys::$group::$key { $($name: &$value),+ }.say($lang)
    };
}
pub(crate) use say;

pub use api::demo::DemoAccount;
#[cfg(feature = "ssr")]
pub use api::visit::Visit;
pub use shell::{App, shell};

//! The pages of Switchyard: rendered on the server, hydrated in the browser.
//!
//! `api` is what a page may ask of the server, `live` keeps the browser's floor up to date, `board` is the floor on
//! which calls are dragged, `ui` holds the small parts that every page is made of, and `words` puts what the rules say
//! into the reader's language.

pub mod api;
pub mod board;
mod lang;
mod live;
mod pages;
mod shell;
mod theme;
mod ui;
mod words;

#[expect(
    deprecated,
    missing_docs,
    clippy::pedantic,
    unreachable_pub,
    reason = "generated; the build script that replaces this macro pulls in the whole of ICU's data generator"
)]
mod generated {
    leptos_i18n::load_locales!();
}
pub(crate) use generated::i18n;

/// Puts a key of `locales/*.json` into words: `say!(lang, floor.title)`, `say!(lang, call.with, who = "Ana")`.
macro_rules! say {
    ($lang:expr, $($key:tt)*) => { $crate::i18n::td_string!($lang, $($key)*) };
}
pub(crate) use say;

#[cfg(feature = "ssr")]
pub use api::visit::Visit;
pub use api::demo::DemoAccount;
pub use shell::{App, shell};

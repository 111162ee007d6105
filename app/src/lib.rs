//! The pages of Switchyard: rendered on the server, hydrated in the browser.
//!
//! `api` is what a page may ask of the server, `live` keeps the browser's floor up to date, `board` is the floor on
//! which calls are dragged, `phone` is how they are heard and spoken, `ui` holds the small parts that every page is made of, and `words` puts what the rules say
//! into the reader's language.
//!
//! Pages are whole when they leave the server, and links lead from one to the next. Only the board comes to life in the
//! browser (see `entry`): the router, the other pages and everything that waits for data stay on the server, which is
//! what keeps the WebAssembly small.

#![expect(unreachable_pub, reason = "the component macro makes its properties public, whatever the component is")]

pub mod api;
pub mod board;
#[cfg(feature = "hydrate")]
mod entry;
#[cfg(feature = "ssr")]
mod form;
mod lang;
mod live;
#[cfg(feature = "ssr")]
mod pages;
pub mod phone;
#[cfg(feature = "ssr")]
mod policy;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod spoken;
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
pub use api::{numbers, twilio, visit::Visit};
#[cfg(feature = "hydrate")]
pub use entry::hydrate;
#[cfg(feature = "ssr")]
pub use form::{Typed, in_english};
#[cfg(feature = "ssr")]
pub use lang::{chosen_language, language_cookie};
#[cfg(feature = "ssr")]
pub use shell::{App, shell};

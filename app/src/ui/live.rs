//! Text that changes. Each closure in a view would get machinery of its own; wrapped as signals of a few types they share
//! it, which is a fifth of the WebAssembly.

use leptos::prelude::*;

/// A word that changes.
pub(crate) fn word(words: impl Fn() -> &'static str + Send + Sync + 'static) -> Signal<&'static str> {
    Signal::derive(words)
}

/// A sentence or a figure that changes.
pub(crate) fn text(words: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(words)
}

/// Something that is true or not.
pub(crate) fn truth(is: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(is)
}

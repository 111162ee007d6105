//! What callers are told by a voice, in the language of the workspace.

use switchyard::people::Language;

use crate::{lang, say};

/// The number is closed.
pub fn closed(language: Language) -> &'static str {
    say!(lang::of(language), spoken.closed)
}

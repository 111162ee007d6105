//! A person's initials on a colour of their own.

use leptos::prelude::*;

/// How many colours there are; `tokens.css` says which.
const HUES: u32 = 8;

/// The first letters of the first and the last word of a name; the style writes them large.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).collect()
}

/// The same colour for the same person, everywhere.
fn hue(key: &str) -> u32 {
    // FNV-1a; its low bits alone would be those of the last letters.
    let hash = key.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash >> 13) % HUES
}

/// An avatar. The name stands beside it, so it says nothing to screen readers.
pub(crate) fn avatar(key: &str, name: &str) -> impl IntoView + use<> {
    view! { <span class="avatar" data-hue=hue(key).to_string() aria-hidden="true">{initials(name)}</span> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_first_and_last_name() {
        assert_eq!(initials("Ana Maria Popescu"), "AP");
        assert_eq!(initials("Șerban"), "Ș");
        assert_eq!(initials("  "), "");
    }
}

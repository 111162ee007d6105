//! Twilio's identifiers: two capital letters and 32 hexadecimal digits.

use rand::{Rng, rngs::StdRng};

/// A fresh identifier with the given prefix, such as `CA` for a call.
pub(crate) fn fresh(prefix: &str, rng: &mut StdRng) -> String {
    format!("{prefix}{:016x}{:016x}", rng.next_u64(), rng.next_u64())
}

/// Whether `text` is an identifier with that prefix.
pub(crate) fn is(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn a_fresh_sid_is_one_of_its_kind_only() {
        let sid = fresh("CA", &mut StdRng::seed_from_u64(7));
        assert!(is("CA", &sid));
        assert!(!is("CF", &sid));
        assert!(!is("CA", "CA12"));
    }
}

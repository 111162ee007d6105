//! Emergency numbers, by country. None is called from here, and nobody is given one as their extension. Whoever has one
//! from before that was looked at keeps it until it is changed.
//!
//! `emergency.txt` has a line for each set of countries by ISO 3166-1; `x` is any digit. It is made from libphonenumber
//! 9.0.43 (`ShortNumberMetadata.xml`, the numbers of `emergency` with two to six digits).

/// Mobile phones take these for emergency calls in every country (3GPP TS 22.101, 10.1.1).
const EVERYWHERE: [&str; 2] = ["112", "911"];
/// The others.
const BY_COUNTRY: &str = include_str!("emergency.txt");

/// The emergency numbers of a country. Of one that is not known they are those of every country.
pub(crate) fn numbers(country: &str) -> Vec<&'static str> {
    let lines = BY_COUNTRY.lines().filter_map(|line| line.split_once(": "));
    let own = lines.filter(|(countries, _)| countries.split(' ').any(|known| known == country));
    EVERYWHERE.into_iter().chain(own.flat_map(|(_, numbers)| numbers.split(' '))).collect()
}

/// Whether what somebody typed is one of these numbers.
pub(crate) fn is_one_of(numbers: &[&str], typed: &str) -> bool {
    let digits: Vec<u8> = typed.bytes().filter(u8::is_ascii_digit).collect();
    let fits = |number: &&str| {
        number.len() == digits.len()
            && number.bytes().zip(&digits).all(|(known, digit)| matches!(known, b'x') || known == *digit)
    };
    numbers.iter().any(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_country_has_its_own_and_those_of_all() {
        for (country, own, none) in [
            ("RO", "112", "999"),
            ("GB", "999", "101"),
            ("UA", "101", "104"),
            ("DE", "110", "115"),
            ("CZ", "157", "160"),
            ("US", "911", "999"),
            ("AT", "144", "101"),
        ] {
            let numbers = numbers(country);
            for known in [own, "112", "911"] {
                assert!(is_one_of(&numbers, known), "{country} {known}");
            }
            assert!(!is_one_of(&numbers, none), "{country} {none}");
        }
        assert_eq!(numbers("ZZ"), EVERYWHERE);
    }

    #[test]
    fn however_it_is_typed_and_only_as_a_whole() {
        let numbers = numbers("GB");
        for typed in ["999", " 9 9 9 ", "9-9-9", "(999)"] {
            assert!(is_one_of(&numbers, typed), "{typed}");
        }
        for typed in ["", "99", "9999", "+44 20 7946 0999"] {
            assert!(!is_one_of(&numbers, typed), "{typed}");
        }
    }

    #[test]
    fn every_line_can_be_read() {
        for line in BY_COUNTRY.lines() {
            let (countries, numbers) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
            assert!(countries.split(' ').all(|code| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())));
            let is_number = |number: &str| {
                (2..=6).contains(&number.len()) && number.bytes().all(|byte| byte == b'x' || byte.is_ascii_digit())
            };
            assert!(numbers.split(' ').all(is_number), "{line}");
        }
    }
}

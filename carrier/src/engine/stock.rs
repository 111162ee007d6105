//! Numbers that nobody has yet: what there is to buy, what it costs, and what the law wants to see (Twilio:
//! `AvailablePhoneNumbers`, Phone Number Pricing). The numbers are of ranges kept for fiction where a country has one.

use super::{ApiError, Engine, Kind, Number};

/// How many numbers of each range there are.
const OF_EACH: u64 = 60;

/// A range of numbers.
#[derive(Debug)]
pub(crate) struct Range {
    pub(crate) country: &'static str,
    pub(crate) country_name: &'static str,
    pub(crate) kind: Kind,
    prefix: &'static str,
    /// How many digits follow.
    digits: u32,
    pub(crate) locality: &'static str,
    pub(crate) region: &'static str,
    pub(crate) address_requirements: &'static str,
    /// Documents must have been handed in and approved: a bundle.
    pub(crate) documents: bool,
    pub(crate) sms: bool,
    /// US dollars a month.
    pub(crate) price: &'static str,
}

#[rustfmt::skip]
pub(crate) const RANGES: &[Range] = &[
    Range { country: "RO", country_name: "Romania", kind: Kind::Local, prefix: "+4031229", digits: 4, locality: "București", region: "B", address_requirements: "local", documents: true, sms: false, price: "1.00" },
    Range { country: "RO", country_name: "Romania", kind: Kind::Local, prefix: "+4036440", digits: 4, locality: "Cluj-Napoca", region: "CJ", address_requirements: "local", documents: true, sms: false, price: "1.00" },
    Range { country: "RO", country_name: "Romania", kind: Kind::TollFree, prefix: "+40800801", digits: 3, locality: "", region: "", address_requirements: "any", documents: true, sms: false, price: "25.00" },
    Range { country: "US", country_name: "United States", kind: Kind::Local, prefix: "+1415555", digits: 4, locality: "San Francisco", region: "CA", address_requirements: "none", documents: false, sms: true, price: "1.15" },
    Range { country: "US", country_name: "United States", kind: Kind::Local, prefix: "+1212555", digits: 4, locality: "New York", region: "NY", address_requirements: "none", documents: false, sms: true, price: "1.15" },
    Range { country: "US", country_name: "United States", kind: Kind::TollFree, prefix: "+1800555", digits: 4, locality: "", region: "", address_requirements: "none", documents: false, sms: true, price: "2.15" },
    Range { country: "GB", country_name: "United Kingdom", kind: Kind::Local, prefix: "+4420794600", digits: 2, locality: "London", region: "", address_requirements: "any", documents: false, sms: false, price: "1.15" },
    Range { country: "GB", country_name: "United Kingdom", kind: Kind::Mobile, prefix: "+447700900", digits: 3, locality: "", region: "", address_requirements: "any", documents: false, sms: true, price: "1.15" },
];

impl Range {
    fn numbers(&self) -> impl Iterator<Item = String> {
        let all = 10_u64.pow(self.digits);
        let width = self.digits as usize;
        // Spread over the range, each once: 7919 is prime to any power of ten.
        (0..OF_EACH.min(all)).map(move |n| format!("{}{:0width$}", self.prefix, (n * 7_919 + 13) % all))
    }
}

impl Engine {
    /// The numbers of a country and kind that can be bought, each with its range.
    pub(crate) fn stock(&self, country: &str, kind: Kind) -> Vec<(String, &'static Range)> {
        let ranges = RANGES.iter().filter(|range| range.country == country && range.kind == kind);
        let all = ranges.flat_map(|range| range.numbers().map(move |number| (number, range)));
        all.filter(|(number, _)| !self.directory.numbers.contains_key(number)).collect()
    }

    /// An account buys a number, with the address and the bundle that are given for it.
    pub(crate) fn buy(
        &mut self,
        account: &str,
        e164: &str,
        address: &str,
        bundle: &str,
    ) -> Result<&mut Number, ApiError> {
        let mut ranges = RANGES.iter();
        let range = ranges.find(|range| range.numbers().any(|number| number == e164));
        let range = range
            .filter(|_| !self.directory.numbers.contains_key(e164))
            .ok_or_else(|| ApiError::bad(21422, format!("{e164} is not available.")))?;
        if range.documents && bundle.is_empty() {
            return Err(ApiError::bad(21649, "Bundle required: a regulatory bundle must be given for this number"));
        }
        if range.address_requirements != "none" && address.is_empty() && bundle.is_empty() {
            return Err(ApiError::bad(21631, format!("Phone number {e164} requires an address")));
        }
        let number = self.put_number(account, e164);
        number.kind = range.kind;
        number.sms = range.sms;
        number.address_requirements = range.address_requirements;
        address.clone_into(&mut number.address);
        bundle.clone_into(&mut number.bundle);
        Ok(number)
    }
}

/// Whether a number has this pattern somewhere: digits, letters as on a keypad, and `*` for any digit. `None` if it is no
/// pattern (Twilio: `Contains`).
pub(crate) fn contains(number: &str, pattern: &str) -> Option<bool> {
    let key = |letter: char| match letter.to_ascii_lowercase() {
        digit @ '0'..='9' => Some(Some(digit)),
        '*' => Some(None),
        'a'..='c' => Some(Some('2')),
        'd'..='f' => Some(Some('3')),
        'g'..='i' => Some(Some('4')),
        'j'..='l' => Some(Some('5')),
        'm'..='o' => Some(Some('6')),
        'p'..='s' => Some(Some('7')),
        't'..='v' => Some(Some('8')),
        'w'..='z' => Some(Some('9')),
        _ => None,
    };
    let pattern: Vec<Option<char>> = pattern.trim_start_matches('+').chars().map(key).collect::<Option<_>>()?;
    if pattern.len() < 2 {
        return None;
    }
    let digits: Vec<char> = number.trim_start_matches('+').chars().collect();
    let fits = |window: &[char]| {
        window.iter().zip(&pattern).all(|(digit, wanted)| wanted.is_none_or(|wanted| wanted == *digit))
    };
    Some(digits.windows(pattern.len()).any(fits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::is_e164;

    #[test]
    fn every_range_has_numbers_each_once() {
        for range in RANGES {
            let mut numbers: Vec<String> = range.numbers().collect();
            assert!(numbers.iter().all(|number| is_e164(number)), "{range:?}");
            numbers.sort();
            let all = numbers.len();
            numbers.dedup();
            assert_eq!((numbers.len(), all >= 50), (all, true), "{range:?}");
        }
    }

    #[test]
    fn patterns_are_digits_letters_and_stars() {
        assert_eq!(contains("+14155550123", "4155"), Some(true));
        assert_eq!(contains("+14155550123", "+1415*******"), Some(true));
        assert_eq!(contains("+14155555464", "KING"), Some(true));
        assert_eq!(contains("+14155550123", "999"), Some(false));
        assert_eq!(contains("+14155550123", "5"), None);
        assert_eq!(contains("+14155550123", "4 5"), None);
    }
}

//! Numbers as people type them, made into E.164. On the server only: the world's numbering plans are too large for a page.

use std::str::FromStr;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, Region};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::emergency;

/// The plan that ten digits without anything before them are tried in when they make no number at home.
const NORTH_AMERICA: Region = Region::US;

/// Why a number cannot be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum NumberError {
    /// It is not a number that could exist.
    #[error("this is not a phone number")]
    NotANumber,
    /// The workspace does not call that country.
    #[error("calls to this country are not allowed")]
    CountryNotAllowed,
}

/// Where a workspace is, and which countries it calls.
#[derive(Clone, Debug)]
pub struct DialPlan {
    home: Region,
    allowed: Vec<Region>,
    /// Those of `home`.
    emergency: Vec<&'static str>,
}

impl DialPlan {
    /// `home` and `allowed` are countries by ISO 3166-1 (`RO`). National forms are those of `home`.
    ///
    /// # Errors
    /// The name of a country that is not one.
    pub fn new<'a>(home: &'a str, allowed: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        // Two letters that are no country's make a region too, one without a code to call it by.
        let known = |region: &Region| PHONE_NUMBER_UTIL.get_country_code_for_region(*region).is_some();
        let region = |code: &str| Region::from_str(code).ok().filter(known).ok_or_else(|| code.to_owned());
        Ok(Self {
            emergency: emergency::numbers(home),
            home: region(home)?,
            allowed: allowed.into_iter().map(region).collect::<Result<_, _>>()?,
        })
    }

    /// Whether this is an emergency number at home: nobody is given it as an extension, and it is not called from here.
    pub fn is_emergency(&self, typed: &str) -> bool {
        emergency::is_one_of(&self.emergency, typed)
    }

    /// The number that somebody typed, in E.164, wherever it is.
    ///
    /// # Errors
    /// It is no number.
    pub fn number(&self, typed: &str) -> Result<String, NumberError> {
        Ok(self.read(typed)?.format_as(PhoneNumberFormat::E164).into_owned())
    }

    /// The number that somebody typed, in E.164, if it may be called.
    ///
    /// # Errors
    /// It is no number, or in a country that is not called.
    pub fn dialable(&self, typed: &str) -> Result<String, NumberError> {
        let number = self.read(typed)?;
        // Several countries share +1, and some of them are expensive: the number decides, and its code only when it is
        // in no known range.
        let country =
            number.get_region_code().or_else(|| PHONE_NUMBER_UTIL.get_region_for_country_code(number.country_code));
        if !country.is_some_and(|country| self.allowed.contains(&country)) {
            return Err(NumberError::CountryNotAllowed);
        }
        Ok(number.format_as(PhoneNumberFormat::E164).into_owned())
    }

    fn read(&self, typed: &str) -> Result<PhoneNumber, NumberError> {
        [self.home, NORTH_AMERICA]
            .into_iter()
            .filter(|region| *region == self.home || typed.bytes().filter(u8::is_ascii_digit).count() == 10)
            .filter_map(|region| PHONE_NUMBER_UTIL.parse(typed, Some(region)).ok())
            .find(|number| PHONE_NUMBER_UTIL.is_possible_number(number))
            .ok_or(NumberError::NotANumber)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn salon() -> DialPlan {
        DialPlan::new("RO", ["RO", "MD", "US"]).unwrap_or_else(|code| panic!("{code}"))
    }

    #[test]
    fn every_form_that_people_type_is_the_same_number() {
        for typed in ["0722 111 222", "0722-111-222", "+40722111222", "0040 722 111 222", "(0722) 111222", "722111222"]
        {
            assert_eq!(salon().dialable(typed).as_deref(), Ok("+40722111222"), "{typed}");
        }
        for typed in ["555-123-4567", "(555) 123-4567", "5551234567", "+15551234567", "+1 555 123 4567"] {
            assert_eq!(salon().dialable(typed).as_deref(), Ok("+15551234567"), "{typed}");
        }
        assert_eq!(salon().dialable("+373 69 123 456").as_deref(), Ok("+37369123456"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for typed in ["", "hello", "12", "+", "+999123456789", "0722 111 22233344455", "112"] {
            assert_eq!(salon().dialable(typed), Err(NumberError::NotANumber), "{typed}");
        }
    }

    #[test]
    fn countries_that_are_not_called_are_refused() {
        for abroad in ["+442079460018", "+18765551234"] {
            assert_eq!(salon().dialable(abroad), Err(NumberError::CountryNotAllowed), "{abroad}");
            assert_eq!(salon().number(abroad).as_deref(), Ok(abroad), "who calls from there can be known");
        }
        for none in ["ZZZ", "ZZ", "XX"] {
            assert_eq!(DialPlan::new("RO", [none]).map(|_| ()), Err(none.to_owned()));
        }
    }
}

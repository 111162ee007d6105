//! What people are told by a voice, in a language that they speak.

use switchyard::{call::Caller, people::Language};

use crate::{
    lang::{self, Lang},
    say,
};

/// The number is closed.
pub fn closed(language: Language) -> &'static str {
    say!(lang::of(language), spoken.closed)
}

/// Somebody is not here, and a message can be left for them.
pub fn not_here(language: Language, name: Option<&str>) -> String {
    let lang = lang::of(language);
    match name {
        Some(name) => say!(lang, spoken.not_here, name = name),
        None => say!(lang, spoken.nobody_here).to_owned(),
    }
}

/// They said nothing.
pub fn no_message(language: Language) -> &'static str {
    say!(lang::of(language), spoken.no_message)
}

/// They left a message.
pub fn thanks(language: Language) -> &'static str {
    say!(lang::of(language), spoken.thanks)
}

/// A call comes to the mobile phone of somebody who is not here.
pub fn take_call(language: Language, company: &str, caller: &Caller) -> String {
    let lang = lang::of(language);
    say!(lang, spoken.take_call, company = company, who = who(lang, caller))
}

/// Their name, else their number, digit by digit.
fn who(lang: Lang, caller: &Caller) -> String {
    let digits = || caller.number.chars().filter(char::is_ascii_digit).map(String::from).collect::<Vec<_>>();
    match &caller.name {
        Some(name) if !name.is_empty() => name.clone(),
        _ if caller.number.starts_with('+') => digits().join(" "),
        _ => say!(lang, spoken.withheld).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_calls_is_said_by_name_or_digit_by_digit() {
        let from = |number: &str, name: Option<&str>| {
            let caller = Caller { number: number.into(), name: name.map(Into::into) };
            take_call(Language::En, "Salon", &caller)
        };
        assert!(from("+40722111222", Some("Ioana")).contains("Ioana"));
        assert!(from("+40722111222", None).contains("4 0 7 2 2 1 1 1 2 2 2"));
        assert!(from("anonymous", None).contains("withheld"));
        let caller = Caller { number: "anonymous".into(), name: None };
        assert!(take_call(Language::Ro, "Salon", &caller).contains("Apăsați 1"));
    }
}

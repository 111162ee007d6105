//! What is set up at the carrier and differs from how it should be: what was found, since when, and whether we can put it
//! right. The words of the carrier itself are looked after elsewhere.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::time::Timestamp;

/// Something at the carrier that we look after.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The application through which calls come to us.
    Application,
    /// A number, E.164.
    Number(String),
}

/// What is looked at, in this order: each only with what the one before gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The account: whether it works.
    Account,
    /// Its API key.
    Key,
    /// The application.
    Application,
    /// The numbers.
    Numbers,
}

impl Subject {
    fn part(&self) -> Part {
        match self {
            Self::Application => Part::Application,
            Self::Number(_) => Part::Numbers,
        }
    }
}

/// A property that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Of what.
    pub subject: Subject,
    /// Which, by the carrier's name.
    pub field: String,
    /// As it should be; empty for unset.
    pub ours: String,
    /// As it is; empty for unset.
    pub theirs: String,
    /// When it was first found.
    pub since: Timestamp,
    /// Whether we can put it right.
    pub repairable: bool,
    /// Whether it is for the workspace to say that it is right as it is.
    #[serde(default)]
    pub acceptable: bool,
}

/// What is wrong besides properties. Each has its own way back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// It cannot be reached: nothing is known.
    #[error("it cannot be reached")]
    Unreachable,
    /// It said something that we do not understand.
    #[error("it refused to answer ({code}): {message}")]
    Refused {
        /// Its code.
        code: u32,
        /// Its words.
        message: String,
    },
    /// Our own secrets for it cannot be opened: the key that they are sealed with is not there.
    #[error("the stored credentials cannot be opened: the key that they are sealed with is not there")]
    Sealed,
    /// The auth token is not the account's any more.
    #[error("the auth token is no longer accepted")]
    TokenRefused,
    /// The account is suspended.
    #[error("the account is suspended")]
    Suspended,
    /// The account is closed.
    #[error("the account is closed")]
    Closed,
    /// There is no API key: pages cannot be phones.
    #[error("there is no API key")]
    NoKey,
    /// The API key was revoked.
    #[error("the API key {key} was revoked")]
    KeyRevoked {
        /// Its name.
        key: String,
    },
    /// The application is not there.
    #[error("the application is gone")]
    ApplicationGone,
    /// A number is not the account's any more.
    #[error("{number} is no longer the account's")]
    NumberGone {
        /// E.164.
        number: String,
    },
    /// We are reached elsewhere than it was told.
    #[error("it was told to reach us at {from}, and we are at {to}")]
    AddressChanged {
        /// Where it was told.
        from: String,
        /// Where it is.
        to: String,
    },
}

impl Problem {
    /// Reads what is wrong as it is written where it is noted. `None` for what is none, or says more than that.
    pub fn read(text: &str) -> Option<Self> {
        let known =
            [Self::Sealed, Self::TokenRefused, Self::Suspended, Self::Closed, Self::NoKey, Self::ApplicationGone];
        if let Some(problem) = known.into_iter().find(|problem| problem.to_string() == text) {
            return Some(problem);
        }
        let key = text.strip_prefix("the API key ").and_then(|rest| rest.strip_suffix(" was revoked"));
        let number = || text.strip_suffix(" is no longer the account's");
        let addresses =
            || text.strip_prefix("it was told to reach us at ").and_then(|rest| rest.split_once(", and we are at "));
        let revoked = key.map(|key| Self::KeyRevoked { key: key.to_owned() });
        revoked
            .or_else(|| number().map(|number| Self::NumberGone { number: number.to_owned() }))
            .or_else(|| addresses().map(|(from, to)| Self::AddressChanged { from: from.to_owned(), to: to.to_owned() }))
    }

    /// What must be looked at to know of it. `None` for what shows otherwise, each time anew.
    fn part(&self) -> Option<Part> {
        match self {
            Self::Unreachable | Self::Refused { .. } | Self::Sealed | Self::AddressChanged { .. } => None,
            Self::TokenRefused | Self::Suspended | Self::Closed => Some(Part::Account),
            Self::NoKey | Self::KeyRevoked { .. } => Some(Part::Key),
            Self::ApplicationGone => Some(Part::Application),
            Self::NumberGone { .. } => Some(Part::Numbers),
        }
    }
}

/// What was known before, of what cannot be looked at now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unseen {
    /// What was wrong besides properties, each with when it was first found.
    pub problems: Vec<(Problem, Timestamp)>,
    /// The properties that differed.
    pub differences: Vec<Difference>,
}

/// What a comparison found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// When.
    pub at: Timestamp,
    /// What is wrong besides properties, each with when it was first found.
    pub problems: Vec<(Problem, Timestamp)>,
    /// The properties that differ.
    pub differences: Vec<Difference>,
    /// What is known from before, and could not be looked at.
    #[serde(default)]
    pub unseen: Unseen,
}

impl Findings {
    /// Nothing is wrong.
    pub fn is_right(&self) -> bool {
        self.problems.is_empty() && self.differences.is_empty()
    }

    /// Whether the carrier could be asked at all.
    pub fn is_known(&self) -> bool {
        !self.problems.iter().any(|(problem, _)| matches!(problem, Problem::Unreachable | Problem::Refused { .. }))
    }

    /// Whether something is known to be wrong, now or before; that the carrier cannot be asked is nothing.
    pub fn knows_of_something(&self) -> bool {
        let found = |problem: &Problem| !matches!(problem, Problem::Unreachable | Problem::Refused { .. });
        self.known_problems().any(|(problem, _)| found(problem)) || self.known_differences().next().is_some()
    }

    /// What is wrong besides properties, as far as is known: what could not be looked at is taken to be as it was.
    pub fn known_problems(&self) -> impl Iterator<Item = &(Problem, Timestamp)> {
        self.problems.iter().chain(&self.unseen.problems)
    }

    /// The properties that differ, as far as is known.
    pub fn known_differences(&self) -> impl Iterator<Item = &Difference> {
        self.differences.iter().chain(&self.unseen.differences)
    }

    /// Puts the findings together: what the comparison before has found already is as old as that.
    pub fn new(at: Timestamp, problems: Vec<Problem>, mut differences: Vec<Difference>, before: Option<&Self>) -> Self {
        let known = |problem: &Problem| {
            let mut all = before?.known_problems();
            all.find(|(known, _)| known == problem).map(|(_, since)| *since)
        };
        let problems = problems.into_iter().map(|problem| {
            let since = known(&problem).unwrap_or(at);
            (problem, since)
        });
        for new in &mut differences {
            let same = |old: &&Difference| {
                (&old.subject, &old.field, &old.ours, &old.theirs) == (&new.subject, &new.field, &new.ours, &new.theirs)
            };
            new.since = before.and_then(|before| before.known_differences().find(same)).map_or(at, |old| old.since);
        }
        Self { at, problems: problems.collect(), differences, unseen: Unseen::default() }
    }

    /// The comparison came no further than this: of it, and of what comes after it, what was known before is kept.
    #[must_use]
    pub fn unseen_from(mut self, part: Part, before: &Self) -> Self {
        let problems = before.known_problems().filter(|(problem, _)| problem.part() >= Some(part));
        let differences = before.known_differences().filter(|one| one.subject.part() >= part);
        self.unseen = Unseen { problems: problems.cloned().collect(), differences: differences.cloned().collect() };
        self
    }

    /// Forgets what was known of numbers that are not looked after any more.
    pub fn keep_numbers(&mut self, is_kept: impl Fn(&str) -> bool) {
        let strays = |one: &Difference| matches!(&one.subject, Subject::Number(number) if !is_kept(number));
        let gone = |problem: &Problem| matches!(problem, Problem::NumberGone { number } if !is_kept(number));
        for problems in [&mut self.problems, &mut self.unseen.problems] {
            problems.retain(|(problem, _)| !gone(problem));
        }
        for differences in [&mut self.differences, &mut self.unseen.differences] {
            differences.retain(|one| !strays(one));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_read_again() {
        let [key, number, from, to] =
            ["SK1", "+40312345678", "https://a.example", "https://b.example"].map(str::to_owned);
        for problem in [
            Problem::Sealed,
            Problem::TokenRefused,
            Problem::Suspended,
            Problem::Closed,
            Problem::NoKey,
            Problem::KeyRevoked { key },
            Problem::ApplicationGone,
            Problem::NumberGone { number },
            Problem::AddressChanged { from, to },
        ] {
            assert_eq!(Problem::read(&problem.to_string()), Some(problem));
        }
        assert_eq!(Problem::read("it rains"), None);
    }
}

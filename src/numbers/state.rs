//! How a number is at the carrier.

use super::Number;
use crate::drift::{Difference, Findings, Problem, Subject};

/// How a number is at the carrier, as far as the last comparison knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It rings here.
    Rings,
    /// It should, and something differs.
    Differs,
    /// It is not the account's any more.
    Gone,
    /// No number of the account rings: it is suspended.
    Suspended,
    /// The same, and the account is closed.
    Closed,
    /// Twilio's calls are not believed: what it signs with is not known here.
    TokenRefused,
    /// The same: our own secrets cannot be opened.
    Sealed,
    /// It was not chosen to ring here.
    Elsewhere,
}

impl State {
    /// In a word, for machines.
    pub fn code(self) -> &'static str {
        match self {
            Self::Rings => "rings",
            Self::Differs => "differs",
            Self::Gone => "gone",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
            Self::TokenRefused => "token_refused",
            Self::Sealed => "sealed",
            Self::Elsewhere => "elsewhere",
        }
    }
}

impl Number {
    /// How it is at the carrier, by what the last comparison found.
    pub fn state(&self, findings: Option<&Findings>) -> State {
        if !self.rings_here {
            return State::Elsewhere;
        }
        let problems = || findings.into_iter().flat_map(Findings::known_problems).map(|(problem, _)| problem);
        let of_all = problems().find_map(|problem| match problem {
            Problem::Suspended => Some(State::Suspended),
            Problem::Closed => Some(State::Closed),
            Problem::TokenRefused => Some(State::TokenRefused),
            Problem::Sealed => Some(State::Sealed),
            _ => None,
        });
        if let Some(state) = of_all {
            return state;
        }
        // Calls to all of them go where the application says.
        let is_its = |one: &Difference| match &one.subject {
            Subject::Application => one.field.starts_with("voice_"),
            Subject::Number(known) => *known == self.number,
        };
        let mut differences = findings.into_iter().flat_map(Findings::known_differences);
        if problems().any(|problem| matches!(problem, Problem::NumberGone { number } if *number == self.number)) {
            State::Gone
        } else if differences.any(is_its) || problems().any(|one| *one == Problem::ApplicationGone) {
            State::Differs
        } else {
            State::Rings
        }
    }
}

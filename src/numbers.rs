//! The numbers of a workspace: who answers each, when, and which one people see who are called.

mod state;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use self::state::State;

use crate::{call::Line, floor::Lines, hours::Hours, id::AgentId};

/// A number of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number {
    /// E.164.
    pub number: String,
    /// What the workspace calls it.
    pub label: String,
    /// Who answers its calls; `None` is everybody.
    pub answered_by: Option<BTreeSet<AgentId>>,
    /// When it is open; `None` is always.
    pub hours: Option<Hours>,
    /// Whether it is the one that is shown by those who have none of their own.
    pub is_default: bool,
    /// Whether its calls come to us.
    pub rings_here: bool,
}

impl Number {
    /// A number that everybody answers at any time.
    pub fn named(number: impl Into<String>, label: impl Into<String>) -> Self {
        let (number, label) = (number.into(), label.into());
        Self { number, label, answered_by: None, hours: None, is_default: false, rings_here: false }
    }

    /// Whether it names this person among those who answer it.
    pub fn names(&self, agent: &AgentId) -> bool {
        self.answered_by.as_ref().is_some_and(|agents| agents.contains(agent))
    }

    /// As calls carry it.
    pub fn line(&self) -> Line {
        Line { number: self.number.clone(), label: self.label.clone() }
    }
}

/// What the floor knows of them.
pub fn lines(numbers: &[Number]) -> Lines {
    numbers.iter().filter_map(|number| Some((number.number.clone(), number.answered_by.clone()?))).collect()
}

/// The number that whoever this person calls sees: the one they chose, else the first that names them among those who
/// answer it, else the default, else the first. Only numbers that ring here: somebody may call back.
pub fn shown<'a>(numbers: &'a [Number], agent: &AgentId, chosen: Option<&str>) -> Option<&'a Number> {
    let here = || numbers.iter().filter(|number| number.rings_here);
    here()
        .find(|number| Some(number.number.as_str()) == chosen)
        .or_else(|| here().find(|number| number.names(agent)))
        .or_else(|| here().find(|number| number.is_default))
        .or_else(|| here().next())
}

//! Tokens with which programs use the API: each acts for whoever made it, within its scopes, until it is revoked or they
//! are deactivated.

use serde::{Deserialize, Serialize};

use crate::{id::AgentId, time::Timestamp};

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Reads who belongs to the workspace.
    #[serde(rename = "people:read")]
    PeopleRead,
    /// Invites, changes and deactivates agents and supervisors. It lets nobody in.
    #[serde(rename = "people:write")]
    PeopleWrite,
    /// Makes links by which agents and supervisors come in or get a new password: whoever has the token can come in as them.
    #[serde(rename = "people:link")]
    PeopleLink,
    /// Reads the workspace's numbers.
    #[serde(rename = "numbers:read")]
    NumbersRead,
    /// Reads the history, and the calls that are live.
    #[serde(rename = "calls:read")]
    CallsRead,
    /// Reads what everybody is doing.
    #[serde(rename = "presence:read")]
    PresenceRead,
    /// Says for others whether they take calls.
    #[serde(rename = "presence:write")]
    PresenceWrite,
}

impl Scope {
    /// Every scope, as pages list them.
    pub const ALL: [Self; 7] = [
        Self::PeopleRead,
        Self::PeopleWrite,
        Self::PeopleLink,
        Self::NumbersRead,
        Self::CallsRead,
        Self::PresenceRead,
        Self::PresenceWrite,
    ];

    /// As it is stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::PeopleRead => "people:read",
            Self::PeopleWrite => "people:write",
            Self::PeopleLink => "people:link",
            Self::NumbersRead => "numbers:read",
            Self::CallsRead => "calls:read",
            Self::PresenceRead => "presence:read",
            Self::PresenceWrite => "presence:write",
        }
    }

    /// The scope with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }
}

/// A token, as its workspace knows it. Itself it is shown once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// By which it is revoked.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// Who made it: it acts for them.
    pub by: AgentId,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last used, give or take a minute.
    pub used: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
}

impl ApiToken {
    /// Whether it may be used for this.
    pub fn may(&self, scope: Scope) -> bool {
        self.revoked.is_none() && self.scopes.contains(&scope)
    }
}

/// Scopes as they are stored: their codes, separated by spaces.
pub fn scopes_to_text(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(" ")
}

/// Scopes as they were stored; those that this version does not know are none.
pub fn scopes_from_text(text: &str) -> Vec<Scope> {
    text.split(' ').filter_map(Scope::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_stored_and_read() {
        assert_eq!(scopes_from_text(&scopes_to_text(&Scope::ALL)), Scope::ALL);
        assert_eq!(scopes_from_text(""), []);
        assert_eq!(scopes_from_text("calls:read calls:fly"), [Scope::CallsRead]);
        for scope in Scope::ALL {
            assert_eq!(serde_json::to_value(scope).ok(), Some(scope.code().into()));
        }
    }
}

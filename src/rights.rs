//! Who may do what. Each role may do all that the one below it may.

use crate::agent::Role;

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Moves every call, and says for others whether they take calls.
    Supervise,
    /// Listens to the messages that were left for others, and deletes them.
    HearMessages,
    /// Reads the list of people.
    SeePeople,
    /// Invites, changes and deactivates people, up to their own role.
    ManagePeople,
    /// Connects the workspace with its carrier, and chooses its numbers.
    SetUp,
    /// Reads what was done by others who may.
    ReadLog,
    /// Gives out and erases what is kept of one person.
    Privacy,
}

impl Role {
    /// Every role, from the lowest to the highest.
    pub const ALL: [Self; 4] = [Self::Agent, Self::Supervisor, Self::Admin, Self::Owner];

    /// As it is stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// Whether somebody of this role has a right.
    pub fn may(self, right: Right) -> bool {
        self >= match right {
            Right::Supervise | Right::HearMessages | Right::SeePeople => Self::Supervisor,
            Right::ManagePeople | Right::SetUp | Right::ReadLog | Right::Privacy => Self::Admin,
        }
    }

    /// Whether somebody of this role may change somebody of that role, or give it to somebody.
    pub fn may_manage(self, other: Self) -> bool {
        self.may(Right::ManagePeople) && other <= self
    }

    /// Whether programs look after people of this role. Not after those who let others in or set up: whoever came by a token
    /// could become one of them, and would still be one when it is revoked.
    pub fn is_for_programs(self) -> bool {
        !self.may(Right::ManagePeople) && !self.may(Right::SetUp)
    }
}

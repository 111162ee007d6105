//! Names of things. Made at the edges (never in the domain), opaque inside, cheap to clone.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as it is stored and sent.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.into())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A company on this installation. Every table, key and public address carries one.
    WorkspaceId,
    /// A person (or, later, an assistant) who can take calls.
    AgentId,
    /// Somebody outside whom the workspace knows by name.
    ContactId,
    /// A conversation with somebody outside. Named after the carrier's name of the first leg, so that a
    /// webhook delivered twice names the same call.
    CallId,
    /// The carrier's own name of a leg, needed to end it.
    LegRef,
    /// The carrier's own name of a message that was recorded.
    RecordingId,
    /// The carrier's own name of the room in which a call's legs meet.
    RoomRef,
}

/// A leg that was made for a call: 1 for the first agent that the call was offered to, and so on; those of people outside
/// who are added count with them. The caller's own leg has no number: it is the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LegId(pub u32);

impl fmt::Display for LegId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A place in the parking lot, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slot(pub u8);

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

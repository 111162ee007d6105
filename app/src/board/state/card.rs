//! What a call's card shows.

use switchyard::call::Call;

use crate::board::moves::Move;

/// What can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asking {
    /// A move.
    Move(Move),
    /// Somebody outside to be added, by what they are called.
    Add(String),
}

/// Something that was asked for and is not yet to be seen on the floor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// What.
    pub(crate) what: Asking,
    /// The version of the floor that shows it, once the server has said it.
    pub(crate) version: Option<u64>,
}

/// What a call's card shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Card {
    /// The call as it is; as it was when it has ended.
    pub(crate) call: Call,
    /// What was asked for.
    pub(crate) asked: Option<Asked>,
    /// Why what was asked for did not happen, in words.
    pub(crate) trouble: Option<String>,
    /// The call is over; the card goes as soon as nothing is dragged.
    pub(crate) ended: bool,
}

impl Card {
    pub(crate) fn new(call: Call) -> Self {
        Self { call, asked: None, trouble: None, ended: false }
    }
}

//! Who exists: accounts, their numbers, and the scripted phones and clients of the outside world.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    Account, Application, Deed, Engine, Number, Sends, Status,
    call::{Direction, Far},
};

/// Everything that stays when calls are reset.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    pub(crate) accounts: BTreeMap<String, Account>,
    /// By number.
    pub(crate) numbers: BTreeMap<String, Number>,
    /// By identity. A client that is neither here nor among the real ones is not registered.
    pub(crate) clients: BTreeMap<String, Script>,
    /// Real clients that are registered at present, by account and identity: calls go to them, not to a script.
    pub(crate) registered: BTreeSet<(String, String)>,
    /// TwiML applications, by SID.
    pub(crate) applications: BTreeMap<String, Application>,
    /// By number. A phone that is not here answers as [`Script::default`] says.
    pub(crate) phones: BTreeMap<String, Script>,
}

/// How a scripted phone or client takes a call.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Script {
    pub(crate) answers: Answers,
    /// How long it rings before it answers, declines or is found busy.
    pub(crate) after_ms: u32,
    /// From the answer.
    pub(crate) hangs_up_after_ms: Option<u32>,
    /// From the first moment with another unheld party in a conference or a bridged call.
    pub(crate) hangs_up_after_answer_ms: Option<u32>,
    /// Keys pressed, counted from the answer.
    pub(crate) digits: Vec<Press>,
    /// What it says from the answer on.
    pub(crate) sends: Sends,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            answers: Answers::AfterMs,
            after_ms: 800,
            hangs_up_after_ms: None,
            hangs_up_after_answer_ms: None,
            digits: Vec::new(),
            sends: Sends::default(),
        }
    }
}

/// Whether and how a scripted endpoint takes a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answers {
    /// After `after_ms`.
    AfterMs,
    /// It rings until somebody gives up, or until told to by hand.
    Never,
    /// Declines after `after_ms`.
    Rejects,
    /// Is busy.
    Busy,
    /// Cannot be reached at all.
    Unregistered,
}

/// What somebody who called does by themselves.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Behaviour {
    /// From the beginning of the call.
    pub(crate) hangs_up_after_ms: Option<u32>,
    /// From the first moment in a conference with another unheld participant (or bridged to somebody).
    pub(crate) hangs_up_after_answer_ms: Option<u32>,
    /// Keys pressed, counted from the beginning of the call.
    pub(crate) digits: Vec<Press>,
    /// What they say.
    pub(crate) sends: Sends,
}

/// Keys pressed at some moment. A key is only heard while something gathers, as in a real call.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Press {
    pub(crate) after_ms: u32,
    pub(crate) digits: String,
}

impl Engine {
    /// The leg to an endpoint for which a deed makes sense: the one named, or else the newest.
    pub(crate) fn leg_to(&self, to: &str, sid: Option<&str>, deed: &Deed) -> Option<String> {
        let mut legs = self.calls.newest().filter(|call| {
            let fits = match deed {
                // Only a real client itself can answer: audio comes with it.
                Deed::Answers => call.status == Status::Ringing && call.far != Far::Client,
                Deed::Rejects | Deed::IsBusy => call.status == Status::Ringing,
                Deed::HangsUp | Deed::Presses(_) => !call.status.ended(),
            };
            fits && call.to == to && call.direction != Direction::Inbound && sid.is_none_or(|sid| sid == call.sid)
        });
        legs.next().map(|call| call.sid.clone())
    }
}

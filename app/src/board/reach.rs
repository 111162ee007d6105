//! Reaching a colleague, by dragging them onto one's own card or with the button on theirs: whoever has a call adds them
//! to it, everyone else calls them. Contacts are called in the same ways, by whoever has no call.

use switchyard::{
    floor::{Floor, Intent, Refusal, Target},
    id::{AgentId, CallId},
};

use super::{
    moves::{Move, may},
    state::Board,
};
use crate::{api::AskError, phone, say};

/// What reaching a colleague would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// They are called.
    Call,
    /// They are added to this call, which the reader has.
    Add(CallId),
}

/// What it would do now.
///
/// # Errors
/// Why it is not possible.
pub fn reach(floor: &Floor, me: &AgentId, colleague: &AgentId) -> Result<Reach, Refusal> {
    let Some(call) = floor.calls.values().find(|call| call.talking_to() == Some(me)).map(|call| &call.id) else {
        return floor.may_call(me, colleague).map(|()| Reach::Call);
    };
    let invite = Intent::Invite { call: call.clone(), agent: colleague.clone() };
    // The time plays no part in what people may ask for.
    may(floor, me, invite, switchyard::time::Timestamp::default()).map(|()| Reach::Add(call.clone()))
}

impl Board {
    /// What reaching a colleague would do now, as far as this page knows.
    pub(crate) fn may_reach(self, colleague: &AgentId) -> Result<Reach, Refusal> {
        let me = self.me();
        self.with_floor(|floor| reach(floor, &me, colleague))
    }

    /// What the button on a colleague's card does, in words.
    pub(crate) fn reach_words(self, colleague: &AgentId, reach: &Reach) -> String {
        let name = self.name(colleague);
        match reach {
            Reach::Call => say!(self.lang, phone.call_colleague, name = name),
            Reach::Add(_) => say!(self.lang, moves.invite, name = name),
        }
    }

    /// Calls a colleague, or adds them to the reader's call.
    pub(crate) fn reach(self, colleague: &AgentId) {
        match self.may_reach(colleague) {
            Ok(Reach::Add(call)) => self.act(&call, Move::Invite(colleague.clone())),
            Ok(Reach::Call) => {
                let extension = self.with_floor(|floor| Some(floor.agents.get(colleague)?.profile.extension.clone()));
                phone::dial(self, extension.unwrap_or_default());
            }
            Err(refusal) => self.speech.warn(self.unreachable(colleague, refusal)),
        }
    }

    /// Whether somebody outside could be called now, as far as this page knows.
    pub(crate) fn may_call_outside(self) -> Result<(), Refusal> {
        let (me, now) = (self.me(), self.moment());
        self.with_floor(|floor| floor.may_dial(&me, now))
    }

    /// Calls somebody outside.
    pub(crate) fn call_outside(self, number: &str) {
        match self.may_call_outside() {
            Ok(()) => phone::dial(self, number.to_owned()),
            Err(refusal) => self.speech.warn(self.not_callable(refusal)),
        }
    }

    /// Why somebody outside cannot be called now. Only colleagues can be added to a call.
    pub(crate) fn not_callable(self, refusal: Refusal) -> String {
        match refusal {
            Refusal::OnACall => say!(self.lang, contacts.on_a_call).to_owned(),
            refusal => self.why_not(&AskError::Refused(refusal), None, None),
        }
    }

    /// Why a colleague cannot be reached now.
    pub(crate) fn unreachable(self, colleague: &AgentId, refusal: Refusal) -> String {
        self.why_not(&AskError::Refused(refusal), None, Some(&Target::Agent(colleague.clone())))
    }
}

//! Reaching a colleague or somebody outside, by dragging them onto one's own card or with the button on theirs: whoever has
//! a call adds them to it, everyone else calls them.

use switchyard::{
    floor::{Floor, Intent, Refusal, Target},
    id::{AgentId, CallId},
    time::Timestamp,
};

use super::{
    moves::{Move, may},
    state::Board,
};
use crate::{api::AskError, phone, say};

/// What reaching somebody would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// They are called.
    Call,
    /// They are added to this call, which the reader has.
    Add(CallId),
}

/// The call that the reader has.
pub fn own_call<'a>(floor: &'a Floor, me: &AgentId) -> Option<&'a CallId> {
    floor.calls.values().find(|call| call.talking_to() == Some(me)).map(|call| &call.id)
}

/// What reaching a colleague would do now.
///
/// # Errors
/// Why it is not possible.
pub fn reach(floor: &Floor, me: &AgentId, colleague: &AgentId) -> Result<Reach, Refusal> {
    let Some(call) = own_call(floor, me) else {
        return floor.may_call(me, colleague).map(|()| Reach::Call);
    };
    let invite = Intent::Invite { call: call.clone(), agent: colleague.clone() };
    // The time plays no part in what people may ask for.
    may(floor, me, invite, Timestamp::default()).map(|()| Reach::Add(call.clone()))
}

/// What reaching somebody outside, E.164, would do now.
///
/// # Errors
/// Why it is not possible.
pub fn reach_outside(floor: &Floor, me: &AgentId, number: &str, now: Timestamp) -> Result<Reach, Refusal> {
    match own_call(floor, me) {
        Some(call) => floor.may_add(me, call, number, now).map(|()| Reach::Add(call.clone())),
        None => floor.may_dial(me, now).map(|()| Reach::Call),
    }
}

impl Board {
    /// What reaching a colleague would do now, as far as this page knows.
    pub(crate) fn may_reach(self, colleague: &AgentId) -> Result<Reach, Refusal> {
        let me = self.me();
        self.with_floor(|floor| reach(floor, &me, colleague))
    }

    /// What the button on somebody's card does, in words.
    pub(crate) fn reach_words(self, name: &str, reach: &Reach) -> String {
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

    /// What reaching somebody outside would do now, as far as this page knows.
    pub(crate) fn may_reach_outside(self, number: &str) -> Result<Reach, Refusal> {
        let (me, now) = (self.me(), self.moment());
        self.with_floor(|floor| reach_outside(floor, &me, number, now))
    }

    /// Calls somebody outside, or adds them to the reader's call. `who` is what they are called here.
    pub(crate) fn reach_contact(self, number: &str, who: &str) {
        match self.may_reach_outside(number) {
            Ok(Reach::Add(call)) => self.add(&call, number.to_owned(), who.to_owned()),
            Ok(Reach::Call) => phone::dial(self, number.to_owned()),
            Err(refusal) => self.speech.warn(self.not_callable(refusal)),
        }
    }

    /// Why somebody outside cannot be called or added now.
    pub(crate) fn not_callable(self, refusal: Refusal) -> String {
        match refusal {
            Refusal::OnACall => say!(self.lang, contacts.on_a_call).to_owned(),
            Refusal::AlreadyThere => say!(self.lang, contacts.in_call).to_owned(),
            refusal => self.why_not(&AskError::Refused(refusal), None, None),
        }
    }

    /// Why a colleague cannot be reached now.
    pub(crate) fn unreachable(self, colleague: &AgentId, refusal: Refusal) -> String {
        self.why_not(&AskError::Refused(refusal), None, Some(&Target::Agent(colleague.clone())))
    }
}

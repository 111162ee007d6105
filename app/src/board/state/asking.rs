//! Asking the floor for something, and what the page shows until the answer is there.

use std::{future::Future, pin::Pin};

use leptos::{prelude::*, task::spawn_local};
use switchyard::{
    agent::Presence,
    floor::{Intent, Target, Way},
    id::{AgentId, CallId},
};

use super::{Asked, Asking, Board, Card};
use crate::{
    api::{AskError, remote::ask},
    board::{glide, moves::Move},
    phone::{dial, said},
    say,
    ui::browser,
    words::{self, About},
};

/// The version of the floor that shows what was asked for, or why there is none, in words.
type Answer = Pin<Box<dyn Future<Output = Result<u64, String>>>>;

impl Board {
    /// Does something with a call: every drop, menu item and button ends up here.
    pub(crate) fn act(self, call: &CallId, what: Move) {
        let intent = what.intent(&self.me(), call);
        let asked = call.clone();
        let answer = async move {
            let answer = ask(intent.clone()).await;
            answer.map_err(|error| {
                if !self.is_there() {
                    return String::new();
                }
                let to = match &intent {
                    Intent::MoveCall { to, .. } => Some(to),
                    _ => None,
                };
                leave_if_signed_out(&error);
                self.why_not(&error, Some(&asked), to)
            })
        };
        self.wait_for(call, Asking::Move(what), Box::pin(answer));
    }

    /// Calls somebody outside into a call that the reader has. `who` is what they are called here.
    pub(crate) fn add(self, call: &CallId, to: String, who: String) {
        let asked = call.clone();
        let answer = async move {
            let answer = dial::add(self, &asked, &to).await;
            answer.map_err(|trouble| said::trouble(self.lang, &trouble))
        };
        self.wait_for(call, Asking::Add(who), Box::pin(answer));
    }

    fn wait_for(self, call: &CallId, what: Asking, answer: Answer) {
        self.change_card(call, |card| {
            card.asked = Some(Asked { what: what.clone(), version: None });
            card.trouble = None;
        });
        // Before it is asked: then it is known where the call goes.
        let done = self.done(call, &what);
        let call = call.clone();
        spawn_local(async move {
            let answer = answer.await;
            if !self.is_there() {
                return;
            }
            match answer {
                Ok(version) => {
                    let shown = self.with_floor(|floor| floor.version >= version);
                    self.change_card(&call, |card| {
                        if let Some(asked) = card.asked.take_if(|asked| asked.what == what) {
                            card.asked = (!shown).then_some(Asked { version: Some(version), ..asked });
                        }
                    });
                    self.speech.say(done);
                }
                Err(why) => self.complain(&call, why),
            }
        });
    }

    /// Says on a call's card, and aloud, why it is not where somebody wanted it.
    pub(crate) fn complain(self, call: &CallId, why: String) {
        self.speech.warn(say!(self.lang, failed.call, call = self.call_with(call), why = why.clone()));
        self.change_card(call, |card| {
            card.asked = None;
            card.trouble = Some(why.clone());
        });
        glide::spring_back(call);
        let call = call.clone();
        let forget = move || {
            if self.is_there() {
                self.change_card(&call, |card| {
                    card.trouble.take_if(|trouble| *trouble == why);
                });
            }
        };
        set_timeout(forget, std::time::Duration::from_secs(8));
    }

    /// Asks for something that is not about a call.
    pub(crate) fn request(self, intent: Intent, done: String) {
        spawn_local(async move {
            let answer = ask(intent).await;
            if !self.is_there() {
                return;
            }
            match answer {
                Ok(_) => self.speech.say(done),
                Err(error) => {
                    self.speech.warn(self.why_not(&error, None, None));
                    leave_if_signed_out(&error);
                }
            }
        });
    }

    /// Sets somebody's presence.
    pub(crate) fn set_presence(self, agent: AgentId, presence: Presence) {
        let status = words::presence(self.lang, presence);
        let done = say!(self.lang, done.presence, name = self.name(&agent), status = status);
        self.request(Intent::SetPresence { agent, presence }, done);
    }

    /// Ends the time after a call.
    pub(crate) fn finish_wrap_up(self) {
        self.request(Intent::FinishWrapUp, say!(self.lang, done.ready).to_owned());
    }

    /// Why a call may not go there, in words.
    pub(crate) fn why_not(self, error: &AskError, call: Option<&CallId>, to: Option<&Target>) -> String {
        let me = self.me();
        self.with_floor(|floor| words::ask_error(self.lang, floor, error, About { me: &me, call, to }))
    }

    fn change_card(self, call: &CallId, change: impl FnOnce(&mut Card)) {
        if let Some(card) = self.card(call) {
            card.update(change);
        }
    }

    fn done(self, call: &CallId, what: &Asking) -> String {
        let lang = self.lang;
        let call = self.call_with(call);
        let what = match what {
            Asking::Add(who) => return say!(lang, done.transfer, call = call, name = who),
            Asking::Move(what) => what,
        };
        match what {
            Move::PickUp | Move::Retrieve => say!(lang, done.take, call = call),
            Move::Transfer(agent) | Move::Give(agent) if self.way_to(agent) == Some(Way::Voicemail) => {
                say!(lang, done.voicemail, call = call, name = self.name(agent))
            }
            Move::Transfer(agent) | Move::Give(agent) if self.way_to(agent) == Some(Way::Mobile) => {
                say!(lang, done.mobile, call = call, name = self.name(agent))
            }
            Move::Transfer(agent) | Move::Invite(agent) => {
                say!(lang, done.transfer, call = call, name = self.name(agent))
            }
            Move::Give(agent) => say!(lang, done.give, call = call, name = self.name(agent)),
            Move::Park => say!(lang, done.park, call = call),
            Move::ParkIn(slot) => say!(lang, done.park_in, call = call, slot = slot.0),
            Move::Queue => say!(lang, done.queue, call = call),
            Move::Cancel => say!(lang, done.cancel, call = call),
            Move::Hold => say!(lang, done.hold, call = call),
            Move::Resume => say!(lang, done.resume, call = call),
            Move::Dismiss(agent) => say!(lang, done.dismiss, call = call, name = self.name(agent)),
            Move::Remove(_, who) => say!(lang, done.dismiss, call = call, name = words::who(lang, who)),
            Move::HangUp => say!(lang, done.hang_up, call = call),
        }
    }
}

fn leave_if_signed_out(error: &AskError) {
    if *error == AskError::SignedOut {
        browser::leave_for("/sign-in?next=/");
    }
}

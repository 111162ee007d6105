//! `<Gather>`: keys pressed by the far end (Twilio: TwiML Gather).

use std::collections::VecDeque;

use super::{Activity, Engine, Sound, Timer};
use crate::{
    time::Millis,
    twiml::{Gather, Verb},
};

/// A `<Gather>` under way.
#[derive(Debug)]
pub(crate) struct Gathering {
    gather: Gather,
    /// What is still to be said; a key cuts it off.
    prompts: VecDeque<Verb>,
    keys: String,
}

impl Engine {
    pub(super) fn gather(&mut self, sid: &str, gather: Gather) -> bool {
        self.answer(sid);
        if let Some(call) = self.calls.get_mut(sid) {
            let prompts = gather.prompts.clone().into();
            call.enter(Activity::Gathering(Box::new(Gathering { gather, prompts, keys: String::new() })));
        }
        self.prompt(sid);
        true
    }

    /// Says the next thing, or listens for as long as it may take.
    fn prompt(&mut self, sid: &str) {
        let Some(gathering) = self.gathering(sid) else { return };
        let prompt = gathering.prompts.front().cloned();
        let timeout = Millis::from(gathering.gather.timeout) * 1000;
        let base = self.calls.get(sid).and_then(|call| call.run.as_ref()).and_then(|run| run.base.as_ref());
        let sound = prompt.as_ref().and_then(|verb| Sound::of(verb, base));
        let piece = self.piece(sound);
        let ms = match prompt {
            Some(verb) => self.length(&verb),
            None => Some(self.scaled(timeout)),
        };
        if let Some(call) = self.calls.get_mut(sid) {
            call.epoch += 1;
            call.piece = piece;
            let epoch = call.epoch;
            if let Some(ms) = ms {
                self.after(ms, Timer::Verb { call: sid.to_owned(), epoch });
            }
        }
    }

    /// A prompt is over, or the time to press a key.
    pub(super) fn gather_goes_on(&mut self, sid: &str) {
        let Some(gathering) = self.gathering(sid) else { return };
        if gathering.prompts.pop_front().is_some() {
            self.prompt(sid);
        } else {
            self.gather_over(sid, None);
        }
    }

    pub(super) fn gathered(&mut self, sid: &str, key: char) {
        let Some(gathering) = self.gathering(sid).filter(|gathering| gathering.gather.digits) else { return };
        gathering.prompts.clear();
        if gathering.gather.finish_on == Some(key) {
            self.gather_over(sid, Some(key));
            return;
        }
        gathering.keys.push(key);
        if gathering.gather.count.is_some_and(|count| gathering.keys.len() >= count) {
            self.gather_over(sid, None);
        } else {
            self.prompt(sid);
        }
    }

    fn gather_over(&mut self, sid: &str, finished_on: Option<char>) {
        let Some(call) = self.calls.get_mut(sid) else { return };
        let base = call.run.as_ref().and_then(|run| run.base.clone());
        let (_, activity) = call.enter(Activity::Idle);
        let Activity::Gathering(gathering) = activity else { return };
        let Gathering { gather, keys, .. } = *gathering;
        if keys.is_empty() && !gather.even_if_empty {
            self.step(sid);
            return;
        }
        let mut extra = vec![("Digits".to_owned(), keys)];
        if self.quirks.gather_sends_finished_on_key {
            extra.push(("FinishedOnKey".to_owned(), finished_on.map(String::from).unwrap_or_default()));
        }
        if let Some(action) = gather.action.or(base) {
            self.load(sid, &action, extra, false);
        } else {
            self.notice(11100, "Invalid URL format: Gather has no action and no current document", sid, None);
            self.step(sid);
        }
    }

    fn gathering(&mut self, sid: &str) -> Option<&mut Gathering> {
        match &mut self.calls.get_mut(sid)?.activity {
            Activity::Gathering(gathering) => Some(gathering),
            _ => None,
        }
    }
}

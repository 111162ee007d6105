//! Runs TwiML: one verb after another, until one takes its time.

use std::collections::VecDeque;

use super::{Action, Activity, Engine, Hook, Sound, Status, Timer, music::Kind};
use crate::{
    time::Millis,
    twiml::{self, Method, Verb},
};

/// What Twilio says before it hangs up on a call whose document cannot be had.
const APPLICATION_ERROR: &str = "We are sorry. An application error has occurred. Goodbye.";

/// A document while it is run.
#[derive(Debug)]
pub(crate) struct Run {
    /// Where it came from, which relative URLs go from; nothing for TwiML given through REST.
    pub(super) base: Option<Hook>,
    /// What is still to be done.
    pub(super) verbs: VecDeque<Verb>,
    /// Nothing was done yet.
    pub(super) first: bool,
    /// It is played to somebody who was dialled, before they are connected.
    pub(super) screening: bool,
}

/// Why TwiML was asked for.
#[derive(Debug)]
pub(super) enum Purpose {
    /// To run it.
    Document { call: String, epoch: u64, hook: Hook, screening: bool, fallback: bool },
    /// Because Twilio does, although it then ignores the answer.
    Ghost,
    /// Before a participant is let into a conference in which it will wait.
    Wait { call: String, conference: String },
    /// To play it to a participant.
    Music { call: String, conference: String, turn: u64, kind: Kind },
    /// To play it into a conference.
    Announcement { conference: String, turn: u64 },
    /// Because a text message came in.
    Text { message: String, url: String, fallback: Option<Hook> },
}

/// The answer to a request for TwiML.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// Without parameters, in lower case.
    pub(crate) content_type: Option<String>,
    pub(crate) body: String,
    /// Where it came from in the end, after redirects.
    pub(crate) url: String,
}

/// Why there is no TwiML (Twilio: Error and Warning Dictionary, 11xxx and 12xxx).
#[derive(Debug, Clone, thiserror::Error)]
#[error("{code}: {message}")]
pub(crate) struct Failure {
    pub(crate) code: u32,
    pub(crate) message: String,
}

impl Engine {
    /// Lets a call wait for a document, with `extra` parameters besides those of the call.
    pub(super) fn load(&mut self, sid: &str, hook: &Hook, extra: Vec<(String, String)>, screening: bool) {
        let Some(call) = self.calls.get_mut(sid).filter(|call| call.ended.is_none()) else { return };
        let hook = resolve(call.run.as_ref().and_then(|run| run.base.as_ref()), hook);
        let (epoch, _) = call.enter(Activity::Fetching);
        let purpose = Purpose::Document { call: sid.to_owned(), epoch, hook: hook.clone(), screening, fallback: false };
        self.ask(sid, &hook, extra, purpose);
    }

    /// Asks for TwiML about a call.
    pub(super) fn ask(&mut self, sid: &str, hook: &Hook, extra: Vec<(String, String)>, purpose: Purpose) {
        let Some(account) = self.calls.get(sid).map(|call| call.account.clone()) else { return };
        let mut params = self.base(sid);
        params.0.extend(extra);
        let request = self.request(&account, sid, hook, params.0);
        let ticket = self.serial();
        self.fetches.insert(ticket, purpose);
        self.actions.push(Action::Fetch { ticket, request });
    }

    pub(super) fn arrived(&mut self, purpose: Purpose, answer: Result<Reply, Failure>) {
        match purpose {
            Purpose::Document { call, epoch, hook, screening, fallback } => {
                let current =
                    self.calls.get(&call).is_some_and(|c| c.epoch == epoch && matches!(c.activity, Activity::Fetching));
                if !current {
                    return;
                }
                let base =
                    answer.as_ref().map_or(hook.clone(), |reply| Hook { url: reply.url.clone(), method: hook.method });
                match answer.and_then(|reply| self.document(&call, &hook.url, &reply)) {
                    Ok(verbs) => {
                        self.begin(&call, Run { base: Some(base), verbs: verbs.into(), first: true, screening });
                    }
                    Err(failure) => self.document_failed(&call, &hook, &failure, screening, fallback),
                }
            }
            Purpose::Ghost => {}
            Purpose::Wait { call, conference } => self.wait_arrived(&call, &conference, answer),
            Purpose::Music { call, conference, turn, kind } => {
                self.music_arrived(&call, &conference, turn, kind, answer);
            }
            Purpose::Announcement { conference, turn } => self.announcement_arrived(&conference, turn, answer),
            Purpose::Text { message, url, fallback } => self.text_told(&message, &url, fallback, answer),
        }
    }

    /// Makes verbs of an answer (Twilio: TwiML for Programmable Voice, "Twilio understands MIME types").
    pub(super) fn document(&mut self, sid: &str, url: &str, reply: &Reply) -> Result<Vec<Verb>, Failure> {
        let fail = |code, message: &str| Err(Failure { code, message: message.to_owned() });
        let spoken = |text: &str| vec![Verb::Say { text: text.to_owned(), language: None, times: 1 }, Verb::Hangup];
        let kind = reply.content_type.as_deref().unwrap_or_default();
        let plain = kind == "text/plain";
        if kind.starts_with("audio/") {
            return Ok(vec![Verb::Play { url: Some(reply.url.clone()), digits: None, times: 1 }, Verb::Hangup]);
        }
        if !plain && !matches!(kind, "text/xml" | "application/xml" | "text/html") {
            return fail(12300, "Invalid Content-Type: attempted to use a Content-Type that is not supported");
        }
        if reply.body.trim().is_empty() {
            return fail(11770, "Empty TwiML response body");
        }
        match twiml::parse(&reply.body) {
            Ok(document) => {
                for warning in document.warnings {
                    self.notice(warning.code, warning.message, sid, Some(url));
                }
                Ok(document.verbs)
            }
            Err(_) if plain => Ok(spoken(&reply.body)),
            Err(error) => fail(12100, &format!("Document parse failure: {error}")),
        }
    }

    fn document_failed(&mut self, sid: &str, hook: &Hook, failure: &Failure, screening: bool, was_fallback: bool) {
        self.notice(failure.code, &failure.message, sid, Some(&hook.url));
        let Some(call) = self.calls.get_mut(sid) else { return };
        if let Some(fallback) = call.fallback.clone().filter(|_| !was_fallback && !screening) {
            let extra = if self.quirks.fallback_explains {
                vec![("ErrorCode".to_owned(), failure.code.to_string()), ("ErrorUrl".to_owned(), hook.url.clone())]
            } else {
                Vec::new()
            };
            let (epoch, _) = call.enter(Activity::Fetching);
            let purpose =
                Purpose::Document { call: sid.to_owned(), epoch, hook: fallback.clone(), screening, fallback: true };
            self.ask(sid, &fallback, extra, purpose);
            return;
        }
        let verbs = if screening { vec![Verb::Hangup] } else { sorry() };
        self.begin(sid, Run { base: Some(hook.clone()), verbs: verbs.into(), first: true, screening });
    }

    /// Runs TwiML that was given through REST.
    pub(super) fn run_inline(&mut self, sid: &str, xml: &str) {
        let reply = Reply { content_type: Some("text/xml".to_owned()), body: xml.to_owned(), url: String::new() };
        let verbs = self.document(sid, "", &reply).unwrap_or_else(|failure| {
            self.notice(failure.code, &failure.message, sid, None);
            sorry()
        });
        self.begin(sid, Run { base: None, verbs: verbs.into(), first: true, screening: false });
    }

    fn begin(&mut self, sid: &str, run: Run) {
        if let Some(call) = self.calls.get_mut(sid) {
            call.run = Some(run);
            call.enter(Activity::Idle);
        }
        self.step(sid);
    }

    /// Goes on with the document, until a verb takes its time or nothing is left.
    pub(super) fn step(&mut self, sid: &str) {
        loop {
            let Some(call) = self.calls.get_mut(sid).filter(|call| call.ended.is_none()) else { return };
            call.enter(Activity::Idle);
            let Some(run) = call.run.as_mut() else { return };
            let (first, screening) = (std::mem::replace(&mut run.first, false), run.screening);
            match run.verbs.pop_front() {
                Some(verb) => {
                    if self.perform(sid, verb, first, screening) {
                        return;
                    }
                }
                None if screening => return self.screened(sid),
                None => return self.end(sid, Status::Completed),
            }
        }
    }

    /// Does one verb; true if the document has to wait.
    fn perform(&mut self, sid: &str, verb: Verb, first: bool, screening: bool) -> bool {
        match verb {
            Verb::Say { .. } | Verb::Play { .. } => {
                self.answer(sid);
                self.talk(sid, &verb)
            }
            // A call that begins with a pause keeps ringing.
            Verb::Pause { .. } => self.talk(sid, &verb),
            Verb::Gather(gather) => self.gather(sid, gather),
            Verb::Record(record) => self.take(sid, record),
            Verb::Redirect { url, method } => self.redirect(sid, url, method),
            Verb::Reject { busy } => {
                let rings = self.calls.get(sid).is_some_and(|call| call.status == Status::Ringing);
                self.end(
                    sid,
                    match (rings && first, busy) {
                        (true, true) => Status::Busy,
                        (true, false) => Status::NoAnswer,
                        (false, _) => Status::Completed,
                    },
                );
                true
            }
            Verb::Hangup => {
                self.end(sid, Status::Completed);
                true
            }
            Verb::Dial(_) if screening => {
                self.notice(13201, "Dial: Cannot Dial out from a Dial Call Segment", sid, None);
                self.end(sid, Status::Completed);
                true
            }
            Verb::Dial(dial) => {
                self.dial(sid, dial, first);
                true
            }
            Verb::Unsupported(name) => {
                self.notice(0, format!("<{name}> is not supported here"), sid, None);
                false
            }
        }
    }

    fn redirect(&mut self, sid: &str, url: Option<String>, method: Method) -> bool {
        let base = self.calls.get(sid).and_then(|call| call.run.as_ref()).and_then(|run| run.base.clone());
        match (url, base) {
            (Some(url), _) => self.load(sid, &Hook { url, method }, Vec::new(), false),
            (None, Some(base)) => self.load(sid, &Hook { url: base.url, method }, Vec::new(), false),
            (None, None) => {
                self.notice(11100, "Invalid URL format: there is no current document to redirect to", sid, None);
                return false;
            }
        }
        true
    }

    fn talk(&mut self, sid: &str, verb: &Verb) -> bool {
        let length = self.length(verb);
        if length == Some(0) {
            return false;
        }
        let base = self.calls.get(sid).and_then(|call| call.run.as_ref()).and_then(|run| run.base.as_ref());
        let sound = Sound::of(verb, base);
        let piece = self.piece(sound);
        let Some(call) = self.calls.get_mut(sid) else { return true };
        let (epoch, _) = call.enter(Activity::Talking);
        call.piece = piece;
        // Repeated without end, only an update or the far end goes on from here.
        if let Some(ms) = length {
            self.after(ms, Timer::Verb { call: sid.to_owned(), epoch });
        }
        true
    }

    /// How long Say, Play or Pause takes; `None` if it never ends.
    pub(super) fn length(&self, verb: &Verb) -> Option<Millis> {
        let once = |ms: Millis, times: u32| (times > 0).then(|| ms * Millis::from(times));
        let ms = match verb {
            Verb::Say { text, times, .. } => {
                let characters = Millis::try_from(text.chars().count()).unwrap_or(Millis::MAX / 1000);
                once(characters * self.quirks.say_ms_per_char, *times)?
            }
            Verb::Play { digits: Some(digits), times, .. } => {
                let keys = Millis::try_from(digits.len()).unwrap_or(Millis::MAX / 1000);
                once(keys * 500, *times)?
            }
            Verb::Play { digits: None, times, .. } => once(self.quirks.play_ms, *times)?,
            Verb::Pause { seconds } => Millis::from(*seconds) * 1000,
            _ => 0,
        };
        Some(self.scaled(ms))
    }

    /// The timer of a verb ran out.
    pub(super) fn verb_over(&mut self, sid: &str, epoch: u64) {
        let Some(call) = self.calls.get(sid).filter(|call| call.epoch == epoch && call.ended.is_none()) else { return };
        match &call.activity {
            Activity::Talking => self.step(sid),
            Activity::Gathering(_) => self.gather_goes_on(sid),
            Activity::Recording(_) => self.take_goes_on(sid),
            Activity::Dialing(_) | Activity::Meeting { .. } => self.dial_limit(sid),
            Activity::Idle | Activity::Fetching | Activity::Bridged => {}
        }
    }
}

/// What Twilio says and does when a document cannot be had.
fn sorry() -> Vec<Verb> {
    vec![Verb::Say { text: APPLICATION_ERROR.to_owned(), language: None, times: 1 }, Verb::Hangup]
}

/// An absolute URL stays as it was written, byte for byte; a relative one goes from where the document came from.
pub(super) fn resolve(base: Option<&Hook>, hook: &Hook) -> Hook {
    let absolute = hook.url.starts_with("http://") || hook.url.starts_with("https://");
    let url = match base {
        Some(base) if !absolute => url::Url::parse(&base.url)
            .and_then(|base| base.join(&hook.url))
            .map_or_else(|_| hook.url.clone(), String::from),
        _ => hook.url.clone(),
    };
    Hook { url, method: hook.method }
}

//! `<Record>`: a beep, and then the far end speaks (Twilio: TwiML Record).

use serde_json::{Value, json};

use super::{
    Activity, Engine, Hook, Recording, Sound, Timer,
    params::Params,
    run::{Purpose, resolve},
};
use crate::{
    time::{Millis, rfc2822},
    twiml::Record,
};

/// How long the beep is.
const BEEP: Millis = 500;

/// How long after its end a recording is told to be ready.
const READY: Millis = 1_000;

/// A `<Record>` under way.
#[derive(Debug)]
pub(crate) struct Taking {
    record: Record,
    /// The recording that comes of it.
    sid: String,
    /// When the beep was over.
    since: Option<Millis>,
    /// The first and the last moment at which something was heard.
    spoken: Option<(Millis, Millis)>,
    /// Something is heard now.
    speaks: bool,
}

impl Taking {
    /// The recording for which the far end's voice is to be kept, once the beep is over.
    pub(super) fn listens(&self) -> Option<&str> {
        self.since.map(|_| &*self.sid)
    }

    /// What `truth` says of it, once the beep is over.
    pub(crate) fn tell(&self, now: Millis) -> Value {
        let spoken = self.spoken.map(|(first, _)| now - first);
        self.listens().map_or(Value::Null, |sid| json!({ "sid": sid, "spoken_ms": spoken }))
    }
}

impl Engine {
    pub(super) fn take(&mut self, sid: &str, record: Record) -> bool {
        self.answer(sid);
        let piece = self.piece(record.beep.then_some(Sound::Beep));
        let beep = if record.beep { self.scaled(BEEP) } else { 0 };
        let recording = self.sid("RE");
        let Some(call) = self.calls.get_mut(sid) else { return true };
        let taking = Taking { record, sid: recording, since: None, spoken: None, speaks: false };
        let (epoch, _) = call.enter(Activity::Recording(Box::new(taking)));
        call.piece = piece;
        self.after(beep, Timer::Verb { call: sid.to_owned(), epoch });
        true
    }

    /// The beep is over, or the silence was long enough, or there was as much as there may be.
    pub(super) fn take_goes_on(&mut self, sid: &str) {
        let now = self.now;
        let Some(taking) = self.taking(sid) else { return };
        if taking.since.is_some() {
            return self.take_over(sid, None);
        }
        taking.since = Some(now);
        let asked = taking.record.events.iter().any(|event| event == "in-progress");
        let (hook, recording) = (taking.record.status.clone(), taking.sid.clone());
        if let Some(hook) = hook.filter(|_| asked) {
            self.tell_of_take(sid, &hook, &recording, "in-progress", None, now);
        }
        self.take_listens(sid);
    }

    /// The far end begins or ceases to be heard, as whoever has the audio says.
    pub(crate) fn voice(&mut self, sid: &str, speaks: bool) {
        let now = self.now;
        let Some(taking) = self.taking(sid).filter(|taking| taking.since.is_some()) else { return };
        let first = taking.spoken.map_or(now, |(first, _)| first);
        taking.spoken = Some((first, now));
        taking.speaks = speaks;
        self.take_listens(sid);
    }

    /// Waits for the end of the silence, and for the longest that it may take.
    fn take_listens(&mut self, sid: &str) {
        let Some(taking) = self.taking(sid) else { return };
        let Some(since) = taking.since else { return };
        let quiet = (!taking.speaks).then(|| taking.spoken.map_or(since, |(_, last)| last));
        let (longest, timeout) = (taking.record.longest, taking.record.timeout);
        let most = since + self.scaled(Millis::from(longest) * 1000);
        let due = quiet.map_or(most, |quiet| most.min(quiet + self.scaled(Millis::from(timeout) * 1000)));
        let Some(call) = self.calls.get_mut(sid) else { return };
        call.epoch += 1;
        call.piece = None;
        let epoch = call.epoch;
        self.after(due - self.now, Timer::Verb { call: sid.to_owned(), epoch });
    }

    pub(super) fn take_key(&mut self, sid: &str, key: char) {
        let ends = |taking: &mut Taking| taking.since.is_some() && taking.record.finish_on.contains(key);
        if self.taking(sid).is_some_and(ends) {
            self.take_over(sid, Some(key));
        }
    }

    /// Enough was said: the action tells how to go on. When nothing was, the next verb does.
    fn take_over(&mut self, sid: &str, key: Option<char>) {
        let Some(call) = self.calls.get_mut(sid) else { return };
        let base = call.run.as_ref().and_then(|run| run.base.clone());
        let (_, activity) = call.enter(Activity::Idle);
        let Activity::Recording(taking) = activity else { return };
        let action = taking.record.action.clone().or(base);
        match (self.keep_take(sid, *taking, key.map(String::from).unwrap_or_default()), action) {
            (Some(extra), Some(action)) => self.load(sid, &action, extra, false),
            (Some(_), None) => {
                self.notice(11100, "Invalid URL format: Record has no action and no current document", sid, None);
                self.step(sid);
            }
            (None, _) => self.step(sid),
        }
    }

    /// The far end hung up, or the call got new TwiML, while it was recorded. After a hang-up the action is requested in vain.
    pub(super) fn take_broke_off(&mut self, sid: &str, taking: Taking) {
        let call = self.calls.get(sid);
        let over = call.is_some_and(|call| call.ended.is_some());
        let base = call.and_then(|call| call.run.as_ref()).and_then(|run| run.base.clone());
        let action = taking.record.action.clone().map(|action| resolve(base.as_ref(), &action)).or(base);
        let kept = self.keep_take(sid, taking, "hangup".to_owned());
        if let (Some(extra), Some(action)) = (kept.filter(|_| over), action) {
            self.ask(sid, &action, extra, Purpose::Ghost);
        }
    }

    /// Makes a recording of what was said, and answers what the action is told. `None` if it was nothing.
    fn keep_take(&mut self, sid: &str, taking: Taking, digits: String) -> Option<Vec<(String, String)>> {
        let Taking { record, sid: recording, since, spoken, speaks } = taking;
        let now = self.now;
        let length = match (since, spoken) {
            (Some(_), Some((first, last))) if record.trim => {
                if speaks {
                    now - first
                } else {
                    last - first
                }
            }
            (Some(since), _) if !record.trim => now - since,
            _ => 0,
        };
        let call = self.calls.get(sid)?;
        let (account, base) = (call.account.clone(), call.run.as_ref().and_then(|run| run.base.clone()));
        let status = record.status.as_ref().map(|hook| resolve(base.as_ref(), hook));
        let wants = |event: &str| record.events.iter().any(|one| one == event);
        if length <= 0 {
            if let Some(hook) = status.filter(|_| since.is_some() && wants("absent")) {
                self.tell_of_take(sid, &hook, &recording, "absent", None, now);
            }
            return None;
        }
        let seconds = u32::try_from((length + 999) / 1000).unwrap_or(u32::MAX);
        let callback = status.filter(|_| wants("completed"));
        let url = recording_url(&account, &recording);
        self.recordings.insert(
            recording.clone(),
            Recording {
                sid: recording.clone(),
                account,
                call: sid.to_owned(),
                created: since.unwrap_or(now),
                seconds,
                source: "RecordVerb",
                trimmed: record.trim,
                callback,
            },
        );
        self.after(self.scaled(READY), Timer::Recorded(recording.clone()));
        let mut extra = Params::default();
        extra.put("RecordingUrl", url);
        extra.put("RecordingDuration", seconds.to_string());
        extra.put("RecordingSid", recording);
        extra.put("Digits", digits);
        Some(extra.0)
    }

    /// A recording is ready.
    pub(super) fn take_ready(&mut self, recording: &str) {
        let Some(found) = self.recordings.get(recording) else { return };
        let (call, seconds, since, hook) = (found.call.clone(), found.seconds, found.created, found.callback.clone());
        if let Some(hook) = hook {
            self.tell_of_take(&call, &hook, recording, "completed", Some(seconds), since);
        }
    }

    /// Twilio: Record, recordingStatusCallback.
    fn tell_of_take(
        &mut self,
        sid: &str,
        hook: &Hook,
        recording: &str,
        status: &str,
        seconds: Option<u32>,
        since: Millis,
    ) {
        // The call itself may be forgotten by now.
        let known = self.recordings.get(recording).map(|recording| recording.account.clone());
        let call = self.calls.get(sid);
        let Some(account) = known.or_else(|| call.map(|call| call.account.clone())) else { return };
        let base = call.and_then(|call| call.run.as_ref()).and_then(|run| run.base.as_ref());
        let hook = resolve(base, hook);
        let mut params = Params::default();
        params.put("AccountSid", &account);
        params.put("CallSid", sid);
        params.put("RecordingSid", recording);
        params.put("RecordingUrl", recording_url(&account, recording));
        params.put("RecordingStatus", status);
        params.put_some("RecordingDuration", seconds.map(|seconds| seconds.to_string()));
        params.put("RecordingChannels", "1");
        params.put("RecordingStartTime", rfc2822(since));
        params.put("RecordingSource", "RecordVerb");
        let request = self.request(&account, sid, &hook, params.0);
        self.actions.push(super::Action::Notify(request));
    }

    fn taking(&mut self, sid: &str) -> Option<&mut Taking> {
        match &mut self.calls.get_mut(sid)?.activity {
            Activity::Recording(taking) => Some(taking),
            _ => None,
        }
    }
}

/// Without an ending it is the sound itself.
fn recording_url(account: &str, recording: &str) -> String {
    format!("https://api.twilio.com/2010-04-01/Accounts/{account}/Recordings/{recording}")
}

//! Changing a live call (Twilio: Call resource, "Update a Call resource").

use super::{Activity, ApiError, Callback, Engine, Hook, Status, Timer, call::Direction, words::Left};
use crate::time::Millis;

/// What is to be changed.
#[derive(Debug, Default)]
pub(crate) struct CallUpdate {
    /// `Completed` or `Canceled`.
    pub(crate) status: Option<Status>,
    pub(crate) url: Option<Hook>,
    /// Counts only without `url`.
    pub(crate) twiml: Option<String>,
    pub(crate) fallback: Option<Hook>,
    pub(crate) callback: Option<Hook>,
    pub(crate) time_limit: Option<u32>,
}

impl Engine {
    /// Changes a call, if its state allows it (otherwise 21220).
    pub(crate) fn update_call(&mut self, sid: &str, update: CallUpdate) -> Result<(), ApiError> {
        let call = self.calls.get_mut(sid).ok_or_else(ApiError::missing)?;
        if call.status.ended() {
            return Err(ApiError::bad(21220, "Invalid call state: the call has already ended"));
        }
        let answered = call.answered.is_some();
        // To Twilio a leg that rings in somebody's Dial is in progress, and so is any call that came in.
        let waiting = !answered && call.direction == Direction::OutboundApi;
        let redirects = update.url.is_some() || update.twiml.is_some();
        match update.status {
            Some(Status::Canceled) if !waiting => {
                return Err(ApiError::bad(21220, "Call is in-progress. Cannot cancel."));
            }
            None if redirects && !answered && call.direction != Direction::Inbound => {
                return Err(ApiError::bad(21220, "Call is not in-progress. Cannot redirect."));
            }
            _ => {}
        }
        call.updated = self.now;
        if let Some(fallback) = update.fallback {
            call.fallback = Some(fallback);
        }
        if let Some(hook) = update.callback {
            let events = call.callback.take().map_or_else(|| vec!["completed".to_owned()], |callback| callback.events);
            call.callback = Some(Callback { hook, events });
        }
        if let Some(seconds) = update.time_limit {
            call.time_limit = Some(seconds);
            if let Some(from) = call.answered {
                let left = from + self.scaled(Millis::from(seconds) * 1000) - self.now;
                self.after(left, Timer::Limit(sid.to_owned()));
            }
        }
        if update.status.is_some() {
            let unanswered_out = !answered && self.calls.get(sid).is_some_and(|c| c.direction != Direction::Inbound);
            let status = if unanswered_out { Status::Canceled } else { update.status.unwrap_or(Status::Completed) };
            let left = if self.quirks.completed_call_leaves_as_updated { Left::UpdatedViaApi } else { Left::HungUp };
            self.end_as(sid, status, left);
        } else if let Some(url) = update.url {
            if update.twiml.is_some() {
                self.notice(32019, "Both Url and Twiml were given; Twiml is ignored", sid, None);
            }
            self.interrupt(sid);
            self.load(sid, &url, Vec::new(), false);
        } else if let Some(twiml) = update.twiml {
            self.interrupt(sid);
            self.run_inline(sid, &twiml);
        }
        Ok(())
    }

    /// Forgets a call that is over (otherwise 20009).
    pub(crate) fn delete_call(&mut self, sid: &str) -> Result<(), ApiError> {
        let call = self.calls.get(sid).ok_or_else(ApiError::missing)?;
        if !call.status.ended() {
            return Err(ApiError::bad(20009, "Call cannot be deleted before it is completed"));
        }
        self.calls.remove(sid);
        Ok(())
    }

    /// New TwiML takes a call over: what it was doing is given up.
    fn interrupt(&mut self, sid: &str) {
        self.child_taken(sid);
        let Some(call) = self.calls.get_mut(sid) else { return };
        let (_, activity) = call.enter(Activity::Idle);
        self.stop(sid, activity, Left::UpdatedViaApi, true);
        if let Some(call) = self.calls.get_mut(sid) {
            call.run = None;
        }
    }
}

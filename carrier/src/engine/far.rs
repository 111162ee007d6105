//! What the people and programs at the far ends do: answer, decline, press keys, hang up.
//!
//! A real client that is connected to this program does the same through the same doors.

use super::{
    Action, Activity, Engine, Status, Timer,
    call::{Direction, Far},
};

/// Something that a far end does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Deed {
    Answers,
    /// Declines a ringing call.
    Rejects,
    /// Turns out to be busy.
    IsBusy,
    Presses(String),
    HangsUp,
}

impl Engine {
    /// Lets the far end of a leg do something. What makes no sense any more is ignored, as in life.
    pub(crate) fn far(&mut self, sid: &str, deed: &Deed) {
        let Some(call) = self.calls.get(sid) else { return };
        let rings_there = call.status == Status::Ringing && call.direction != Direction::Inbound;
        match deed {
            Deed::Answers if rings_there => self.answered(sid),
            Deed::Rejects if rings_there => {
                if let Some(call) = self.calls.get_mut(sid) {
                    call.declined = true;
                }
                self.end(sid, self.quirks.declined);
            }
            Deed::IsBusy if rings_there => self.end(sid, Status::Busy),
            Deed::Presses(digits) => {
                if let Some(call) = self.calls.get_mut(sid) {
                    call.pressed.push_str(digits);
                }
                self.actions.push(Action::Press { call: sid.to_owned(), digits: digits.clone() });
                digits.chars().for_each(|key| self.pressed(sid, key));
            }
            Deed::HangsUp => self.far_hangs_up(sid),
            Deed::Answers | Deed::Rejects | Deed::IsBusy => {}
        }
    }

    fn far_hangs_up(&mut self, sid: &str) {
        let Some(call) = self.calls.get(sid) else { return };
        match (call.status, call.direction) {
            (Status::InProgress, _) => self.end(sid, Status::Completed),
            (Status::Ringing, Direction::Inbound) => self.end(sid, self.quirks.caller_gave_up),
            (Status::Ringing, _) => self.end(sid, self.quirks.declined),
            _ => {}
        }
    }

    /// The other leg of a call to one of the network's own numbers.
    pub(super) fn peer(&self, sid: &str) -> Option<String> {
        match &self.calls.get(sid)?.far {
            Far::Leg(peer) => Some(peer.clone()),
            Far::Caller | Far::Endpoint | Far::Client => None,
        }
    }

    fn pressed(&mut self, sid: &str, key: char) {
        let Some(call) = self.calls.get(sid) else { return };
        match &call.activity {
            Activity::Gathering(_) => self.gathered(sid, key),
            Activity::Recording(_) => self.take_key(sid, key),
            Activity::Dialing(dialing) if key == '*' && dialing.dial.hangup_on_star => self.star(sid),
            Activity::Meeting { dial: Some(dial), .. } if key == '*' && dial.hangup_on_star => self.star(sid),
            _ => {}
        }
    }

    /// Somebody has company: if they were to hang up some time after that, the time runs from the first such moment.
    pub(super) fn has_company(&mut self, sid: &str) {
        let Some(call) = self.calls.get_mut(sid) else { return };
        if let Some(ms) = call.leaves_after.take() {
            self.after(ms.into(), Timer::Far(sid.to_owned(), Deed::HangsUp));
        }
    }
}

//! The life of the phone. Pure: it knows no page and no SDK, is told what happens, and says what to do.
//!
//! The laws, to which the tests hold it: nobody talks on two lines; a line is answered at most once; a phone that is off has
//! no lines; what the reader asked for is done, or said to be impossible; a call whose line broke is come back to by itself.

use super::{
    news::{ABSENT_MILLIS, Alarm, Ask, Click, Input, REGISTER_MILLIS, REJOIN_MILLIS, Said, Step, TROUBLE_MILLIS},
    state::{Handset, Phone, Trouble},
};

impl Phone {
    /// What happens next.
    pub fn step(&mut self, input: Input) -> Vec<Step> {
        let mut steps = Vec::new();
        match input {
            Input::Click(click) => self.clicked(click, &mut steps),
            Input::Owned => {
                self.owner = true;
                self.forget_lines();
                self.start(&mut steps);
            }
            Input::Restored => {
                self.owner = false;
                self.forget_lines();
                steps.push(Step::Stop);
                if self.on {
                    self.handset = Handset::Starting;
                    steps.push(Step::Claim);
                }
            }
            Input::Mirrored(phone) if !self.owner => {
                let (mine, wanted) = (std::mem::take(&mut self.mine), self.wanted.take());
                *self = Self { mine, ..phone };
                if self.on {
                    steps.push(Step::Claim);
                }
                // The phone is another tab's: that one calls.
                steps.extend(wanted.map(|number| Step::Pass(Click::Dial(number))));
            }
            Input::Registering => self.wait(Alarm::Register, REGISTER_MILLIS, &mut steps),
            Input::Registered => self.registered(&mut steps),
            Input::Unregistered if self.handset == Handset::Ready => {
                self.handset = Handset::Reconnecting;
                self.wait(Alarm::Absent, ABSENT_MILLIS, &mut steps);
            }
            Input::Mirrored(_) | Input::Unregistered => {}
            Input::Failed(trouble) => self.failed(trouble, &mut steps),
            Input::Dead => {
                self.forget_lines();
                steps.push(Step::Stop);
                self.start(&mut steps);
            }
            Input::Rang(alarm, serial) => self.rang(alarm, serial, &mut steps),
            Input::Floor(mine) => self.mine = mine,
            Input::MayDial(number, who) => {
                if self.dialing && self.can_dial() {
                    steps.push(Step::Connect(number, who));
                } else {
                    self.dialing = false;
                }
            }
            Input::MayNotDial(trouble) => {
                self.dialing = false;
                self.complain(trouble, &mut steps);
            }
            Input::NotReached(_, trouble) => self.complain(trouble, &mut steps),
            Input::Done(ask) => self.done(&ask, &mut steps),
            Input::Refused(ask, why) => self.refused(&ask, why, &mut steps),
            line => self.line_input(line, &mut steps),
        }
        self.come_back(&mut steps);
        steps
    }

    /// Whatever the lines were about goes with them.
    fn forget_lines(&mut self) {
        self.lines.clear();
        self.next = None;
        self.dialing = false;
    }

    pub(super) fn start(&mut self, steps: &mut Vec<Step>) {
        if !self.on || !self.owner {
            return;
        }
        self.handset = Handset::Starting;
        steps.push(Step::Start);
    }

    fn registered(&mut self, steps: &mut Vec<Step>) {
        if !self.on {
            return;
        }
        let first = self.handset != Handset::Reconnecting;
        self.handset = Handset::Ready;
        self.present = true;
        self.failures = 0;
        self.trouble = None;
        if first {
            steps.push(Step::Say(Said::Ready));
        }
        if std::mem::take(&mut self.available) {
            steps.push(Step::Ask(Ask::Available));
        }
        // A call that was lost comes first.
        if let Some(number) = self.wanted.take().filter(|_| self.broken().is_none()) {
            self.clicked(Click::Dial(number), steps);
        }
    }

    fn failed(&mut self, trouble: Trouble, steps: &mut Vec<Step>) {
        if !self.on || self.current().is_some() {
            // As long as somebody talks, nothing is torn down: the SDK restores what it can by itself.
            return;
        }
        self.forget_lines();
        self.wanted = None;
        self.handset = Handset::Failed;
        self.failures += 1;
        steps.push(Step::Stop);
        if trouble.passes() {
            let patience = 1_000_u32.saturating_mul(2_u32.saturating_pow(self.failures.min(5) - 1)).min(15_000);
            self.wait(Alarm::Restart, patience, steps);
        } else {
            self.present = false;
        }
        self.trouble = Some(trouble);
    }

    fn rang(&mut self, alarm: Alarm, serial: u32, steps: &mut Vec<Step>) {
        if alarm != Alarm::Rejoin && serial != self.serial {
            return;
        }
        match alarm {
            Alarm::Register if self.handset == Handset::Starting => self.failed(Trouble::NotRegistered, steps),
            Alarm::Restart if self.handset == Handset::Failed => self.start(steps),
            Alarm::Absent if self.handset == Handset::Reconnecting && self.current().is_none() => {
                self.present = false;
                self.failed(Trouble::NoConnection, steps);
            }
            Alarm::Rejoin => self.rejoining = None,
            Alarm::Forget if self.handset != Handset::Failed => self.trouble = None,
            _ => {}
        }
    }

    /// Sets the clock. What was waited for before is not listened to any more, unless it is about a call.
    pub(super) fn wait(&mut self, alarm: Alarm, millis: u32, steps: &mut Vec<Step>) {
        if alarm != Alarm::Rejoin {
            self.serial = self.serial.wrapping_add(1);
        }
        steps.push(Step::Wait(alarm, millis, self.serial));
    }

    pub(super) fn complain(&mut self, trouble: Trouble, steps: &mut Vec<Step>) {
        self.trouble = Some(trouble);
        if self.handset == Handset::Ready {
            self.wait(Alarm::Forget, TROUBLE_MILLIS, steps);
        }
    }

    pub(super) fn can_dial(&self) -> bool {
        self.handset == Handset::Ready && self.lines.is_empty()
    }

    /// A call whose line broke is come back to by itself, as soon as this page can.
    fn come_back(&mut self, steps: &mut Vec<Step>) {
        let Some(broken) = self.broken().filter(|mine| !mine.offered) else {
            if self.broken().is_none() {
                self.rejoining = None;
            }
            return;
        };
        if self.owner && self.handset == Handset::Ready && self.rejoining.is_none() && self.current().is_none() {
            let call = broken.call.clone();
            self.rejoining = Some(call.clone());
            steps.push(Step::Ask(Ask::Rejoin(call)));
            self.wait(Alarm::Rejoin, REJOIN_MILLIS, steps);
        }
    }
}

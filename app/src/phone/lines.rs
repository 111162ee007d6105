//! The part of the phone's life that is about its lines: a call comes, is answered, opens, breaks and ends.

use super::{
    news::{ABSENT_MILLIS, Alarm, Ask, Input, Invite, Said, Step},
    state::{Handset, Line, Phase, Phone, Trouble},
};

impl Phone {
    pub(super) fn line_input(&mut self, input: Input, steps: &mut Vec<Step>) {
        match input {
            Input::Invited(invite) => self.invited(invite, steps),
            Input::Placed(key, who) => {
                let line = Line { phase: Phase::Connecting, ..Line::new(key, who) };
                self.lines.push(line);
                self.dialing = false;
            }
            Input::Named(key, call) => {
                if let Some(line) = self.line_mut(key) {
                    line.call.get_or_insert(call);
                }
            }
            Input::Opened(key, call) => {
                let Some(line) = self.line_mut(key).filter(|line| line.phase != Phase::Ringing) else { return };
                line.phase = Phase::Open;
                line.call = line.call.take().or(call);
                steps.push(Step::Say(Said::Talking(line.who.clone())));
            }
            Input::Shaky(key, shaky) => {
                if let Some(line) = self.line_mut(key) {
                    line.shaky = shaky;
                }
            }
            Input::Sounds(key, warning, on) => {
                if let Some(line) = self.line_mut(key) {
                    line.warnings.retain(|known| *known != warning);
                    if on {
                        line.warnings.push(warning);
                    }
                }
            }
            Input::LineFailed(_, trouble) => self.complain(trouble, steps),
            Input::Ended(key) => self.ended(key, steps),
            _ => {}
        }
    }

    fn invited(&mut self, invite: Invite, steps: &mut Vec<Step>) {
        let Invite { key, call, who, line, auto } = invite;
        if !self.on || self.line(key).is_some() {
            return;
        }
        let idle = self.current().is_none() && !self.dialing;
        let line = Line { call, line, ..Line::new(key, who.clone()) };
        self.lines.push(line);
        if auto && idle {
            self.accept(key, steps);
        } else {
            steps.push(Step::Say(Said::Incoming(who)));
        }
    }

    fn accept(&mut self, key: u32, steps: &mut Vec<Step>) {
        if let Some(line) = self.line_mut(key).filter(|line| line.phase == Phase::Ringing) {
            line.phase = Phase::Connecting;
            steps.push(Step::Accept(key));
        }
    }

    /// Answers what rings. The SDK hangs up a call when another is answered, so whoever the reader is talking to is
    /// parked first, where they hear music and are not forgotten, or left to the colleagues who are with them.
    pub(super) fn answer(&mut self, steps: &mut Vec<Step>) {
        let Some(key) = self.ringing().map(|line| line.key) else { return };
        match self.current() {
            // A call that is just being placed comes first.
            None if self.dialing => {}
            None => self.accept(key, steps),
            Some(Line { call: Some(call), .. }) if self.fact(call).is_some() => {
                let guests = self.fact(call).is_some_and(|mine| mine.guests);
                steps.push(Step::Ask(if guests { Ask::HangUp(call.clone()) } else { Ask::Park(call.clone()) }));
                self.next = Some(key);
            }
            Some(line) => {
                steps.push(Step::Disconnect(line.key));
                self.next = Some(key);
            }
        }
    }

    fn ended(&mut self, key: u32, steps: &mut Vec<Step>) {
        let Some(at) = self.lines.iter().position(|line| line.key == key) else { return };
        let line = self.lines.remove(at);
        if self.next == Some(key) {
            self.next = None;
        }
        if line.phase != Phase::Ringing {
            steps.push(Step::Say(Said::Ended(line.who)));
            if self.handset == Handset::Reconnecting {
                self.wait(Alarm::Absent, ABSENT_MILLIS, steps);
            }
        }
        if self.current().is_none()
            && let Some(next) = self.next.take()
        {
            self.accept(next, steps);
        }
    }

    pub(super) fn done(&mut self, ask: &Ask, steps: &mut Vec<Step>) {
        if let Ask::HangUp(call) = ask {
            let line = self.lines.iter().find(|line| line.call.as_ref() == Some(call));
            steps.extend(line.map(|line| Step::Disconnect(line.key)));
        }
    }

    pub(super) fn refused(&mut self, ask: &Ask, why: Option<String>, steps: &mut Vec<Step>) {
        match (ask, why) {
            // What is no longer on the floor can only be in the phone.
            (Ask::HangUp(_), None) => self.done(ask, steps),
            (Ask::Rejoin(_), _) => {}
            (ask, why) => {
                if matches!(ask, Ask::Park(_) | Ask::HangUp(_)) {
                    self.next = None;
                }
                if let Some(why) = why {
                    self.complain(Trouble::Refused(why), steps);
                }
            }
        }
    }

    /// Whether somebody should hear that a call rings.
    pub fn rings(&self) -> bool {
        self.owner && self.handset != Handset::Off && self.ringing().is_some()
    }
}

impl Line {
    fn new(key: u32, who: String) -> Self {
        Self {
            key,
            call: None,
            who,
            line: String::new(),
            phase: Phase::Ringing,
            muted: false,
            shaky: false,
            warnings: Vec::new(),
        }
    }
}

//! The part of the phone's life that is about what the reader does.

use switchyard::call::Outside;

use super::{
    news::{Ask, Click, Said, Step},
    state::{Handset, Line, Phase, Phone, Trouble},
};

impl Phone {
    pub(super) fn clicked(&mut self, click: Click, steps: &mut Vec<Step>) {
        if self.handset == Handset::Ready {
            self.trouble = None;
        }
        match click {
            Click::On { available } => {
                self.available |= available;
                match self.handset {
                    Handset::Off | Handset::Failed if self.owner => {
                        self.on = true;
                        self.trouble = None;
                        self.start(steps);
                    }
                    Handset::Off | Handset::Failed => {
                        self.on = true;
                        self.trouble = None;
                        self.handset = Handset::Starting;
                        steps.push(Step::Claim);
                    }
                    Handset::Ready if std::mem::take(&mut self.available) => steps.push(Step::Ask(Ask::Available)),
                    _ => {}
                }
            }
            Click::Off if self.lines.is_empty() => {
                let owner = self.owner;
                let mine = std::mem::take(&mut self.mine);
                *self = Self { owner, mine, serial: self.serial.wrapping_add(1), ..Self::default() };
                steps.push(Step::Stop);
            }
            Click::Answer => self.answer(steps),
            Click::Decline => {
                if let Some(key) = self.ringing().map(|line| line.key) {
                    self.lines.retain(|line| line.key != key);
                    steps.push(Step::Reject(key));
                }
            }
            Click::Mute => {
                let Some(key) = self.current().map(|line| line.key) else { return };
                if let Some(line) = self.line_mut(key) {
                    line.muted = !line.muted;
                    let muted = line.muted;
                    steps.extend([Step::Mute(key, muted), Step::Say(Said::Muted(muted))]);
                }
            }
            Click::Hold => {
                let known = self.current().and_then(|line| self.fact(line.call.as_ref()?));
                if let Some(mine) = known.filter(|mine| mine.has_it && mine.outside == Outside::Connected) {
                    let call = mine.call.clone();
                    steps.push(Step::Ask(if mine.held { Ask::Resume(call) } else { Ask::Hold(call) }));
                }
            }
            Click::HangUp => match self.current() {
                Some(Line { call: Some(call), .. }) if self.fact(call).is_some() => {
                    steps.push(Step::Ask(Ask::HangUp(call.clone())));
                }
                Some(line) => steps.push(Step::Disconnect(line.key)),
                None => {}
            },
            Click::Rejoin => {
                self.rejoining = None;
                if !self.on {
                    self.clicked(Click::On { available: false }, steps);
                }
            }
            Click::Digits(digits) => {
                if let Some(line) = self.current().filter(|line| line.phase == Phase::Open) {
                    steps.push(Step::Digits(line.key, digits));
                }
            }
            Click::Dial(number) => {
                if self.can_dial() && !self.dialing {
                    self.dialing = true;
                    steps.push(Step::Prepare(number));
                } else if self.handset == Handset::Starting {
                    self.wanted = Some(number);
                } else if self.current().is_some() {
                    self.complain(Trouble::OnACall, steps);
                } else if self.handset == Handset::Off {
                    self.complain(Trouble::SwitchedOff, steps);
                }
            }
            Click::Off => {}
        }
    }
}

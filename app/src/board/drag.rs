//! The life of one drag, by pointer or by keyboard. Pure: it knows no page, is told what happens, and says what to do.
//!
//! The laws, to which the tests hold it: every way leads back to rest; a card is dropped only on a target that was legal
//! at that moment; while one hand holds a card, no other hand can do anything to it.

use switchyard::{
    floor::Target,
    id::{AgentId, CallId},
};

/// How far a mouse or a pen must go before a press becomes a drag, in pixels.
pub const SLIP: f64 = 4.0;
/// How far a finger may wander while it is held down, in pixels. Beyond it the finger scrolls.
pub const WANDER: f64 = 10.0;
/// How long a finger must be held down, in milliseconds.
pub const HOLD_MILLIS: u64 = 220;

/// What can be picked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A call.
    Call(CallId),
    /// A colleague, to be called or added to a call.
    Agent(AgentId),
    /// Somebody outside, by their number, to be called.
    Contact(String),
}

/// A place on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

impl Point {
    /// How far it is to another point.
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// What a person drags with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// Goes at once.
    Mouse,
    /// Goes at once.
    Pen,
    /// Must be held down first: otherwise it scrolls.
    Touch,
}

/// Which hand holds a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// A pointer, by the browser's number.
    Pointer(i32),
    /// The keyboard.
    Keyboard,
}

/// Where a drag is in its life.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Drag {
    /// Nothing is dragged.
    #[default]
    Rest,
    /// A pointer is down on a card; it may become a click, a scroll or a drag.
    Pressed {
        /// Which pointer.
        pointer: i32,
        /// What it is.
        device: Device,
        /// On which card.
        piece: Piece,
        /// Where it went down.
        at: Point,
    },
    /// The card is in hand.
    Lifted {
        /// Whose.
        hand: Hand,
        /// Which card.
        piece: Piece,
        /// What it is held over.
        over: Option<Target>,
    },
    /// The card was let go and flies to where it belongs.
    Settling {
        /// Which card.
        piece: Piece,
    },
}

/// What happens to a drag.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A pointer goes down on a card.
    Press {
        /// Which pointer.
        pointer: i32,
        /// What it is.
        device: Device,
        /// On which card.
        piece: Piece,
        /// Where.
        at: Point,
    },
    /// A pointer moves.
    Travel {
        /// Which pointer.
        pointer: i32,
        /// Where to.
        at: Point,
    },
    /// A finger has been held down long enough.
    Held {
        /// Which pointer.
        pointer: i32,
    },
    /// What is under the pointer, or what the arrow keys chose.
    Over(Option<Target>),
    /// A pointer goes up.
    Release {
        /// Which pointer.
        pointer: i32,
    },
    /// The browser took the pointer away.
    Lost {
        /// Which pointer.
        pointer: i32,
    },
    /// The keyboard picks a card up.
    Take(Piece),
    /// The keyboard drops it.
    Put,
    /// Escape, or the window lost the focus.
    Cancel,
    /// The call ended or somebody else moved it, or the colleague left.
    Gone(Piece),
    /// The card has arrived.
    Settled,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Nothing.
    Nothing,
    /// Watch this press: start the clock if it is a finger's.
    Watch(Device),
    /// The press is over and was no drag.
    Forget,
    /// The card is in hand: show it.
    Lift(Piece),
    /// The card is held over something else than before.
    Hover(Option<Target>),
    /// Ask the floor for this.
    Drop(Piece, Target),
    /// The card was let go over a target where it cannot go: it springs back.
    Refuse(Piece, Target),
    /// The card goes back to where it was.
    Return(Piece),
    /// The card is no longer ours to hold: let go of it.
    Vanish(Piece),
    /// Everything is at rest.
    Rest,
}

impl Drag {
    /// The card in hand.
    pub fn lifted(&self) -> Option<&Piece> {
        match self {
            Self::Lifted { piece, .. } => Some(piece),
            _ => None,
        }
    }

    /// The hand that holds a card.
    pub fn hand(&self) -> Option<Hand> {
        match self {
            Self::Lifted { hand, .. } => Some(*hand),
            _ => None,
        }
    }

    /// What the card in hand is over.
    pub fn over(&self) -> Option<&Target> {
        match self {
            Self::Lifted { over, .. } => over.as_ref(),
            _ => None,
        }
    }

    /// Goes on. `legal` says whether a piece may be dropped on a target at this moment.
    pub fn step(&mut self, input: Input, legal: impl FnOnce(&Piece, &Target) -> bool) -> Step {
        match (std::mem::take(self), input) {
            (Self::Rest | Self::Settling { .. }, Input::Press { pointer, device, piece, at }) => {
                *self = Self::Pressed { pointer, device, piece, at };
                Step::Watch(device)
            }
            (Self::Rest | Self::Settling { .. }, Input::Take(piece)) => self.lift(Hand::Keyboard, piece),
            (Self::Settling { .. }, Input::Settled) => Step::Rest,
            (Self::Pressed { pointer, device, piece, at: start }, input) => {
                self.pressed(pointer, device, piece, start, input)
            }
            (Self::Lifted { hand, piece, over }, input) => self.in_hand(hand, piece, over, input, legal),
            (same, _) => {
                *self = same;
                Step::Nothing
            }
        }
    }

    fn pressed(&mut self, pointer: i32, device: Device, piece: Piece, start: Point, input: Input) -> Step {
        match input {
            Input::Travel { pointer: p, at } if p == pointer => match device {
                Device::Mouse | Device::Pen if start.distance(at) >= SLIP => {
                    return self.lift(Hand::Pointer(pointer), piece);
                }
                Device::Touch if start.distance(at) > WANDER => return Step::Forget,
                _ => {}
            },
            Input::Held { pointer: p } if p == pointer && device == Device::Touch => {
                return self.lift(Hand::Pointer(pointer), piece);
            }
            Input::Release { pointer: p } | Input::Lost { pointer: p } if p == pointer => return Step::Forget,
            Input::Cancel => return Step::Forget,
            Input::Gone(gone) if gone == piece => return Step::Forget,
            _ => {}
        }
        *self = Self::Pressed { pointer, device, piece, at: start };
        Step::Nothing
    }

    fn in_hand(
        &mut self,
        hand: Hand,
        piece: Piece,
        over: Option<Target>,
        input: Input,
        legal: impl FnOnce(&Piece, &Target) -> bool,
    ) -> Step {
        let mine = |pointer: i32| hand == Hand::Pointer(pointer);
        match input {
            Input::Over(next) if next != over => {
                *self = Self::Lifted { hand, piece, over: next.clone() };
                Step::Hover(next)
            }
            Input::Release { pointer } if mine(pointer) => self.let_go(piece, over, legal),
            Input::Put if hand == Hand::Keyboard => self.let_go(piece, over, legal),
            Input::Lost { pointer } if mine(pointer) => self.settle(piece, Step::Return),
            Input::Cancel => self.settle(piece, Step::Return),
            Input::Gone(gone) if gone == piece => self.settle(piece, Step::Vanish),
            _ => {
                *self = Self::Lifted { hand, piece, over };
                Step::Nothing
            }
        }
    }

    fn lift(&mut self, hand: Hand, piece: Piece) -> Step {
        *self = Self::Lifted { hand, piece: piece.clone(), over: None };
        Step::Lift(piece)
    }

    fn let_go(&mut self, piece: Piece, over: Option<Target>, legal: impl FnOnce(&Piece, &Target) -> bool) -> Step {
        match over {
            Some(to) if legal(&piece, &to) => self.settle(piece, |piece| Step::Drop(piece, to)),
            Some(to) => self.settle(piece, |piece| Step::Refuse(piece, to)),
            None => self.settle(piece, Step::Return),
        }
    }

    fn settle(&mut self, piece: Piece, step: impl FnOnce(Piece) -> Step) -> Step {
        *self = Self::Settling { piece: piece.clone() };
        step(piece)
    }
}

#[cfg(test)]
mod tests;

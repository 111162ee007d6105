//! Mixing: what one leg hears is everybody who speaks in its room except itself, with what is played on top.
//!
//! A room is added up once, and each leg takes its own voice out again, so that the work grows with the legs and not
//! with the pairs of them. Silence is `None` and costs next to nothing.

/// Samples per second.
pub const RATE: usize = 8_000;

/// Samples in a frame of 20 ms.
pub const SAMPLES: usize = 160;

/// 20 ms of sound, linear.
pub type Frame = [i16; SAMPLES];

/// Everybody in a room, added up.
#[derive(Debug, Clone)]
pub struct Sum {
    total: [i32; SAMPLES],
    speakers: usize,
}

impl Sum {
    /// Adds up those who are heard; `None` if nobody is.
    pub fn of<'a>(voices: impl Iterator<Item = &'a Frame>) -> Option<Self> {
        let mut sum: Option<Self> = None;
        for voice in voices {
            let sum = sum.get_or_insert(Self { total: [0; SAMPLES], speakers: 0 });
            sum.speakers += 1;
            add(&mut sum.total, voice);
        }
        sum
    }

    /// The room as one of its speakers hears it.
    fn without(&self, own: &Frame) -> Option<[i32; SAMPLES]> {
        (self.speakers > 1).then(|| {
            let mut rest = self.total;
            rest.iter_mut().zip(own).for_each(|(sum, sample)| *sum -= i32::from(*sample));
            rest
        })
    }
}

/// What a leg hears: its room, without its own voice if that is part of it, and whatever else it is let hear.
pub fn hear<'a>(room: Option<&Sum>, own: Option<&Frame>, others: impl Iterator<Item = &'a Frame>) -> Option<Frame> {
    let mut total = room.and_then(|room| match own {
        Some(own) => room.without(own),
        None => Some(room.total),
    });
    for other in others {
        add(total.get_or_insert([0; SAMPLES]), other);
    }
    let total = total?;
    let mut frame = [0; SAMPLES];
    frame.iter_mut().zip(total).for_each(|(sample, sum)| *sample = clip(sum));
    Some(frame)
}

fn add(total: &mut [i32; SAMPLES], frame: &Frame) {
    total.iter_mut().zip(frame).for_each(|(sum, sample)| *sum += i32::from(*sample));
}

#[expect(clippy::cast_possible_truncation, reason = "it was clamped to what fits")]
fn clip(sum: i32) -> i16 {
    sum.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_hears_themselves() {
        let (a, b, c) = ([100; SAMPLES], [20; SAMPLES], [3; SAMPLES]);
        let sum = Sum::of([&a, &b].into_iter()).expect("speakers");
        assert_eq!(hear(Some(&sum), Some(&a), std::iter::empty()), Some(b));
        assert_eq!(hear(Some(&sum), None, [&c].into_iter()), Some([123; SAMPLES]));
        let alone = Sum::of([&a].into_iter()).expect("a speaker");
        assert_eq!(hear(Some(&alone), Some(&a), std::iter::empty()), None);
        assert_eq!(hear(None, None, std::iter::empty()), None);
    }

    #[test]
    fn what_is_too_loud_is_clipped() {
        let loud = [30_000; SAMPLES];
        let sum = Sum::of([&loud, &loud].into_iter());
        assert_eq!(hear(sum.as_ref(), None, std::iter::empty()), Some([i16::MAX; SAMPLES]));
    }
}

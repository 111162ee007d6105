//! What comes from the wire in packets, put in order and taken out in frames.

use std::collections::VecDeque;

use super::mulaw;
use crate::mixer::{Frame, SAMPLES};

/// So much is gathered before the first frame is taken: two frames, which is more than a local network needs.
const AHEAD: usize = 2 * SAMPLES;

/// More than this is delay that helps nobody: it is cut to [`AHEAD`].
const MOST: usize = 10 * SAMPLES;

/// The buffer between the wire and the mixer.
#[derive(Debug, Default)]
pub(crate) struct Jitter {
    samples: VecDeque<i16>,
    /// The RTP time of the sample that comes next at the back.
    next: Option<u32>,
    flowing: bool,
}

impl Jitter {
    /// A packet of µ-law samples came, with its RTP time.
    pub(crate) fn push(&mut self, time: u32, payload: &[u8]) {
        let payload = &payload[..payload.len().min(MOST)];
        let length = u32::try_from(payload.len()).unwrap_or(0);
        let most = i32::try_from(MOST).unwrap_or(i32::MAX);
        let lead = self.next.map_or(0, |next| time.wrapping_sub(next).cast_signed());
        if lead >= 0 || lead < -most {
            // A short gap is silence, so that what follows is in its place; a long one begins anew.
            let gap = usize::try_from(lead).unwrap_or(0);
            if gap > 0 && gap <= MOST && !self.samples.is_empty() {
                self.samples.extend(std::iter::repeat_n(0, gap));
            }
            self.samples.extend(payload.iter().map(|byte| mulaw::decode(*byte)));
            self.next = Some(time.wrapping_add(length));
        } else {
            // It was overtaken: it goes where it belongs, if that was not taken out yet.
            let back = usize::try_from(-lead).unwrap_or(usize::MAX);
            if let Some(start) = self.samples.len().checked_sub(back) {
                for (place, byte) in self.samples.range_mut(start..).zip(payload) {
                    *place = mulaw::decode(*byte);
                }
            }
        }
        if self.samples.len() > MOST {
            self.samples.drain(..self.samples.len() - AHEAD);
        }
    }

    /// The next 20 ms; `None` while nothing comes.
    pub(crate) fn pop(&mut self) -> Option<Frame> {
        if !self.flowing && self.samples.len() < AHEAD {
            return None;
        }
        self.flowing = self.samples.len() >= SAMPLES;
        if !self.flowing {
            return None;
        }
        let mut frame = [0; SAMPLES];
        for (place, sample) in frame.iter_mut().zip(self.samples.drain(..SAMPLES)) {
            *place = sample;
        }
        Some(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(sample: i16) -> Vec<u8> {
        vec![mulaw::encode(sample); SAMPLES]
    }

    fn comes(jitter: &mut Jitter, sample: i16) -> bool {
        jitter.pop().is_some_and(|frame| frame.iter().all(|one| (one - sample).abs() <= 8))
    }

    #[test]
    fn packets_are_put_in_order() {
        let mut jitter = Jitter::default();
        jitter.push(1_000, &packet(100));
        assert_eq!(jitter.pop(), None);
        jitter.push(1_160, &packet(200));
        // One is lost for a while.
        jitter.push(1_480, &packet(400));
        assert!(comes(&mut jitter, 100));
        jitter.push(1_320, &packet(300));
        for sample in [200, 300, 400] {
            assert!(comes(&mut jitter, sample), "{sample}");
        }
        assert_eq!(jitter.pop(), None);
    }

    #[test]
    fn delay_does_not_grow() {
        let mut jitter = Jitter::default();
        for index in 0..100 {
            jitter.push(index * 160, &packet(100));
        }
        assert!(jitter.samples.len() <= MOST);
        jitter.push(u32::MAX, &[0xff; 10_000]);
        jitter.push(5, &[]);
        assert!(jitter.samples.len() <= 2 * MOST);
    }
}

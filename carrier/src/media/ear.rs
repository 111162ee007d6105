//! What a leg heard: its level and tone at present, and the last minutes of it.

use std::collections::VecDeque;

use super::{mulaw, pitch::WINDOW};
use crate::mixer::{Frame, SAMPLES};

/// Two minutes of frames are kept, less where many legs share the memory.
pub(crate) const KEPT: usize = 2 * 60 * 50;

/// A stretch of what was heard.
#[derive(Debug)]
enum Stretch {
    /// So many frames.
    Silence(usize),
    Sound(Box<[u8; SAMPLES]>),
}

/// The ear of one leg.
#[derive(Debug, Default)]
pub(crate) struct Ear {
    stretches: VecDeque<Stretch>,
    frames: usize,
    /// Frames since the last one that was not silent.
    quiet_for: Option<usize>,
}

impl Ear {
    /// It hears 20 ms, and forgets what is older than `kept` frames.
    pub(crate) fn hear(&mut self, frame: Option<&Frame>, kept: usize) {
        match (frame, self.stretches.back_mut()) {
            (Some(frame), _) => self.stretches.push_back(Stretch::Sound(Box::new(frame.map(mulaw::encode)))),
            (None, Some(Stretch::Silence(count))) => *count += 1,
            (None, _) => self.stretches.push_back(Stretch::Silence(1)),
        }
        self.frames += 1;
        let loud = frame.is_some_and(|frame| frame.iter().any(|sample| sample.unsigned_abs() > 64));
        self.quiet_for = if loud { Some(0) } else { self.quiet_for.map(|frames| frames + 1) };
        while self.frames > kept.clamp(1, KEPT) {
            match self.stretches.front_mut() {
                Some(Stretch::Silence(count)) if *count > 1 => *count -= 1,
                _ => drop(self.stretches.pop_front()),
            }
            self.frames -= 1;
        }
    }

    /// The last half second, backwards, as long as it was not all silent; and how many milliseconds ago something was
    /// heard at all.
    pub(crate) fn last(&self) -> (Vec<i16>, Option<usize>) {
        let ago = self.quiet_for.map(|frames| frames * 20);
        if self.quiet_for.is_none_or(|frames| frames * SAMPLES > WINDOW) {
            return (Vec::new(), ago);
        }
        let mut samples: Vec<i16> = Vec::with_capacity(WINDOW + SAMPLES);
        for stretch in self.stretches.iter().rev() {
            match stretch {
                Stretch::Silence(count) => {
                    samples.extend(std::iter::repeat_n(0, (count * SAMPLES).min(WINDOW)));
                }
                Stretch::Sound(bytes) => samples.extend(bytes.iter().rev().map(|byte| mulaw::decode(*byte))),
            }
            if samples.len() >= WINDOW {
                break;
            }
        }
        samples.truncate(WINDOW);
        (samples, ago)
    }

    /// All that is kept, as µ-law.
    pub(crate) fn recording(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.frames * SAMPLES);
        for stretch in &self.stretches {
            match stretch {
                Stretch::Silence(count) => bytes.extend(std::iter::repeat_n(mulaw::SILENCE, count * SAMPLES)),
                Stretch::Sound(sound) => bytes.extend_from_slice(&sound[..]),
            }
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{pitch, tone::Oscillator};

    #[test]
    fn it_knows_the_tone_and_forgets_in_time() {
        let (mut ear, mut tone) = (Ear::default(), Oscillator::new(440.0));
        assert_eq!(ear.last(), (Vec::new(), None));
        for _ in 0..40 {
            ear.hear(Some(&tone.next()), 100);
        }
        let (samples, ago) = ear.last();
        assert!((pitch::listen(&samples).and_then(|pitch| pitch.tone).expect("a tone") - 440.0).abs() < 0.5);
        assert_eq!(ago, Some(0));
        for _ in 0..80 {
            ear.hear(None, 100);
        }
        assert_eq!(ear.last(), (Vec::new(), Some(1_600)));
        let recording = ear.recording();
        assert_eq!(recording.len(), 100 * SAMPLES);
        let (sound, silence) = recording.split_at(20 * SAMPLES);
        assert!(silence.iter().all(|byte| *byte == mulaw::SILENCE));
        assert!(sound.chunks(SAMPLES).all(|frame| frame.iter().any(|byte| *byte != mulaw::SILENCE)));
    }
}

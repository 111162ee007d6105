//! What the far end of a leg says while it is recorded.

use std::collections::{HashMap, VecDeque};

use super::mulaw;
use crate::mixer::{Frame, SAMPLES};

/// All that was recorded takes no more memory than this; the oldest makes room.
const MEMORY: usize = 64 * 1024 * 1024;

/// Louder than this is a voice, of 32767: a microphone is never quite silent.
const VOICE: u16 = 300;

/// Frames of silence after which nobody speaks any more: there are pauses between words.
const PAUSE: usize = 15;

/// One recording: µ-law, with the frames of the first and the last sound.
#[derive(Debug, Default)]
struct Take {
    bytes: Vec<u8>,
    spoken: Option<(usize, usize)>,
    speaks: bool,
}

/// All of them, by SID.
#[derive(Debug, Default)]
pub(super) struct Takes {
    kept: HashMap<String, Take>,
    /// The oldest first.
    order: VecDeque<String>,
    size: usize,
}

impl Takes {
    /// 20 ms more. Answers whether somebody speaks, when that has just changed.
    pub(super) fn hear(&mut self, sid: &str, voice: Option<&Frame>) -> Option<bool> {
        if !self.kept.contains_key(sid) {
            self.order.push_back(sid.to_owned());
            self.kept.insert(sid.to_owned(), Take::default());
        }
        self.size += SAMPLES;
        while self.size > MEMORY && self.order.front().is_some_and(|oldest| oldest != sid) {
            if let Some(oldest) = self.order.pop_front() {
                self.forget(&oldest);
            }
        }
        let take = self.kept.get_mut(sid)?;
        let frame = take.bytes.len() / SAMPLES;
        match voice {
            Some(voice) => take.bytes.extend(voice.iter().map(|sample| mulaw::encode(*sample))),
            None => take.bytes.extend([mulaw::SILENCE; SAMPLES]),
        }
        if voice.is_some_and(|voice| voice.iter().any(|sample| sample.unsigned_abs() > VOICE)) {
            take.spoken = Some((take.spoken.map_or(frame, |(first, _)| first), frame));
        }
        let speaks = take.spoken.is_some_and(|(_, last)| frame - last < PAUSE);
        (std::mem::replace(&mut take.speaks, speaks) != speaks).then_some(speaks)
    }

    /// The sound of one; with `trimmed` without the silence at both ends.
    pub(super) fn sound(&self, sid: &str, trimmed: bool) -> Option<Vec<i16>> {
        let take = self.kept.get(sid)?;
        let bytes = match take.spoken {
            Some((first, last)) if trimmed => take.bytes.get(first * SAMPLES..(last + 1) * SAMPLES)?,
            _ => &take.bytes,
        };
        Some(bytes.iter().map(|byte| mulaw::decode(*byte)).collect())
    }

    pub(super) fn forget(&mut self, sid: &str) {
        if let Some(take) = self.kept.remove(sid) {
            self.size -= take.bytes.len();
            self.order.retain(|one| one != sid);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tone::Oscillator, *};

    #[test]
    fn what_is_said_is_kept_and_the_silence_around_it_is_not() {
        let (mut takes, mut tone) = (Takes::default(), Oscillator::new(440.0));
        let mut changes = Vec::new();
        for frame in 0..100_usize {
            let voice = (20..60).contains(&frame).then(|| tone.next());
            changes.extend(takes.hear("RE1", voice.as_ref()).map(|speaks| (frame, speaks)));
        }
        assert_eq!(changes, [(20, true), (59 + PAUSE, false)]);
        let sound = takes.sound("RE1", true).expect("a recording");
        assert_eq!((sound.len(), takes.sound("RE1", false).expect("all").len()), (40 * SAMPLES, 100 * SAMPLES));
        let pitch = super::super::pitch::listen(&sound[..4_000]).and_then(|pitch| pitch.tone).expect("a tone");
        assert!((pitch - 440.0).abs() < 1.0, "{pitch}");
        takes.forget("RE1");
        assert!(takes.sound("RE1", true).is_none() && takes.size == 0);
    }

    #[test]
    fn noise_is_no_voice() {
        let mut takes = Takes::default();
        assert!((0..50).all(|_| takes.hear("RE1", Some(&[200; SAMPLES])).is_none()));
    }
}

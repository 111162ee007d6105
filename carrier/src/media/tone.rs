//! Tones: steady ones, keys, and those with which the network says how things stand.

use std::{f32::consts::TAU, sync::Arc};

use crate::mixer::{Frame, RATE, SAMPLES};

/// A steady tone that goes on from frame to frame without a click.
#[derive(Debug, Clone)]
pub(crate) struct Oscillator {
    hertz: f32,
    /// In turns, from 0 to 1.
    phase: f32,
}

/// How loud scripted people's tones are, of 32767: −10 dBFS.
const LOUD: f32 = 10_362.0;

/// How loud the network's tones are: about −16 dBFS.
const SOFT: f32 = 5_000.0;

#[expect(clippy::cast_precision_loss, reason = "8000")]
const PER_SECOND: f32 = RATE as f32;

impl Oscillator {
    pub(crate) fn new(hertz: f32) -> Self {
        Self { hertz, phase: 0.0 }
    }

    pub(crate) fn hertz(&self) -> f32 {
        self.hertz
    }

    pub(crate) fn next(&mut self) -> Frame {
        let step = self.hertz / PER_SECOND;
        let mut frame = [0; SAMPLES];
        for sample in &mut frame {
            *sample = to_sample(LOUD * (self.phase * TAU).sin());
            self.phase = (self.phase + step).fract();
        }
        frame
    }
}

/// A loud value as a sample.
#[expect(clippy::cast_possible_truncation, reason = "it saturates")]
pub(crate) fn to_sample(value: f32) -> i16 {
    value as i16
}

/// The ringing tone of most of Europe, Romania too: 425 Hz, a second of it and four of silence (ITU-T E.180).
pub(crate) fn ringback() -> Arc<[i16]> {
    [tones(&[425.0], 1_000, SOFT), silence(4_000)].concat().into()
}

/// The busy tone: 425 Hz, half a second of it and half of silence.
pub(crate) fn busy() -> Arc<[i16]> {
    [tones(&[425.0], 500, SOFT), silence(500)].concat().into()
}

/// What begins a recording.
pub(crate) fn beep() -> Arc<[i16]> {
    tones(&[1_400.0], 500, SOFT).into()
}

/// Keys as they sound (ITU-T Q.23), each with a pause after it; `w` is half a second of silence, `W` a whole one.
pub(crate) fn keys(digits: &str, on_ms: usize, off_ms: usize) -> Vec<i16> {
    let mut sound = Vec::new();
    for digit in digits.chars() {
        match (digit, pair(digit)) {
            (_, Some(pair)) => {
                sound.extend(tones(&pair, on_ms, SOFT));
                sound.extend(silence(off_ms));
            }
            ('w', None) => sound.extend(silence(500)),
            ('W', None) => sound.extend(silence(1_000)),
            (_, None) => {}
        }
    }
    sound
}

/// The two tones of a key.
fn pair(key: char) -> Option<[f32; 2]> {
    let place = "123A456B789C*0#D".find(key.to_ascii_uppercase())?;
    Some([[697.0, 770.0, 852.0, 941.0][place / 4], [1209.0, 1336.0, 1477.0, 1633.0][place % 4]])
}

pub(crate) fn silence(ms: usize) -> Vec<i16> {
    vec![0; ms * RATE / 1000]
}

/// Several tones together for some time, each so loud, fading in and out over 5 ms.
pub(crate) fn tones(hertz: &[f32], ms: usize, loud: f32) -> Vec<i16> {
    let count = ms * RATE / 1000;
    let fade = 5 * RATE / 1000;
    (0..count)
        .map(|at| {
            let seconds = real(at) / PER_SECOND;
            let edge = real(at.min(count - at).min(fade)) / real(fade);
            let sum: f32 = hertz.iter().map(|hertz| (hertz * seconds * TAU).sin()).sum();
            to_sample(edge * loud * sum)
        })
        .collect()
}

/// A small count as a number with a fraction.
#[expect(clippy::cast_precision_loss, reason = "counts of samples are small")]
pub(crate) fn real(count: usize) -> f32 {
    count as f32
}

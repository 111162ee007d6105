//! Music for those who wait, where an account names none: made here, and nobody else's.

use std::{f32::consts::TAU, sync::Arc};

use super::tone::{real, to_sample};
use crate::mixer::RATE;

/// The four chords that it goes round and round, as steps above the A below middle C.
const CHORDS: [[f32; 3]; 4] = [[3.0, 7.0, 10.0], [0.0, 3.0, 7.0], [5.0, 8.0, 12.0], [-2.0, 2.0, 5.0]];

/// A melody over them, eight notes to a chord; a negative one is a rest.
const MELODY: [f32; 32] = [
    15.0, -1.0, 19.0, 22.0, -1.0, 19.0, 15.0, -1.0, 12.0, -1.0, 15.0, 19.0, -1.0, 15.0, 12.0, -1.0, //
    17.0, -1.0, 20.0, 24.0, -1.0, 20.0, 17.0, -1.0, 14.0, -1.0, 17.0, 22.0, 19.0, 17.0, 14.0, -1.0,
];

/// Samples of one note of the melody: three tenths of a second.
const NOTE: usize = RATE * 3 / 10;

/// All of it, a little less than ten seconds, which can be repeated without a seam.
pub(super) fn tune() -> Arc<[i16]> {
    let length = NOTE * MELODY.len();
    let mut sound = vec![0.0_f32; length];
    for (index, note) in MELODY.iter().enumerate() {
        let start = index * NOTE;
        if *note >= 0.0 {
            pluck(&mut sound, start, *note, NOTE * 3, 2_600.0);
        }
        if index % 8 == 0 {
            for step in CHORDS[index / 8] {
                pluck(&mut sound, start, step, NOTE * 8, 1_500.0);
            }
        }
    }
    sound.into_iter().map(to_sample).collect()
}

/// Adds a note that fades; what is left of it at the end sounds on at the beginning.
fn pluck(sound: &mut [f32], start: usize, step: f32, length: usize, loud: f32) {
    let hertz = 220.0 * (step / 12.0).exp2();
    let count = sound.len();
    for at in 0..length {
        let seconds = real(at) / real(RATE);
        let attack = (real(at) / 80.0).min(1.0);
        let decay = (-3.0 * real(at) / real(length)).exp() * (1.0 - real(at) / real(length));
        let wave = (TAU * hertz * seconds).sin() + 0.25 * (2.0 * TAU * hertz * seconds).sin();
        sound[(start + at) % count] += loud * attack * decay * wave;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_neither_silent_nor_clipped() {
        let tune = tune();
        let loudest = tune.iter().map(|sample| sample.unsigned_abs()).max().expect("samples");
        assert!((4_000..32_000).contains(&loudest), "{loudest}");
    }
}

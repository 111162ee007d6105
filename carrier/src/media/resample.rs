//! From any number of samples per second to a telephone's 8000.

use std::f32::consts::PI;

use super::{
    loader::Recording,
    tone::{real, to_sample},
};
use crate::mixer::RATE;

/// Zero crossings of the filter on either side: enough that what a telephone cannot carry does not come back as noise.
const LOBES: usize = 8;

/// The same sound with 8000 samples per second.
pub(super) fn to_telephone(recording: &Recording) -> Vec<i16> {
    let from = usize::try_from(recording.rate).unwrap_or(RATE).max(1);
    if from == RATE {
        return recording.samples.clone();
    }
    let count = recording.samples.len() * RATE / from;
    // What is above half of the lower of both rates is cut off.
    let cut = (real(RATE) / real(from)).min(1.0);
    let reach = (real(LOBES) / cut).ceil();
    (0..count)
        .map(|at| {
            // Computed without loss also for long files: the whole part first.
            let whole = at * from / RATE;
            let part = real(at * from % RATE) / real(RATE);
            let (mut sum, mut weight) = (0.0_f32, 0.0_f32);
            let mut offset = -reach;
            while offset <= reach {
                let distance = offset - part;
                let gain = windowed(distance * cut, reach * cut);
                let place = if offset < 0.0 { whole.checked_sub(steps(-offset)) } else { Some(whole + steps(offset)) };
                if let Some(sample) = place.and_then(|place| recording.samples.get(place)) {
                    sum += gain * f32::from(*sample);
                }
                weight += gain;
                offset += 1.0;
            }
            to_sample(sum / weight)
        })
        .collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number, not negative")]
fn steps(offset: f32) -> usize {
    offset as usize
}

/// The ideal filter, faded out by a Hann window.
fn windowed(at: f32, reach: f32) -> f32 {
    if at.abs() < 1e-6 {
        return 1.0;
    }
    if at.abs() >= reach {
        return 0.0;
    }
    (PI * at).sin() / (PI * at) * (0.5 + 0.5 * (PI * at / reach).cos())
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use super::*;
    use crate::media::pitch;

    fn tone(hertz: f32, rate: u32) -> Recording {
        let samples =
            (0..rate).map(|at| to_sample(8_000.0 * (TAU * hertz * real(at as usize) / real(rate as usize)).sin()));
        Recording { rate, samples: samples.collect() }
    }

    #[test]
    fn tones_keep_their_pitch_and_loudness() {
        for rate in [8_000, 11_025, 16_000, 22_050, 44_100, 48_000] {
            let samples = to_telephone(&tone(1_000.0, rate));
            assert_eq!(samples.len(), RATE, "{rate}");
            let pitch = pitch::listen(&samples[..pitch::WINDOW]).expect("a sound");
            assert!((pitch.tone.expect("a tone") - 1_000.0).abs() < 0.5, "{rate}: {pitch:?}");
            assert!((pitch.level + 15.3).abs() < 0.5, "{rate}: {pitch:?}");
        }
    }

    #[test]
    fn what_a_telephone_cannot_carry_is_cut_off() {
        let samples = to_telephone(&tone(7_000.0, 44_100));
        assert_eq!(pitch::listen(&samples[500..500 + pitch::WINDOW]).and_then(|pitch| pitch.tone), None);
    }
}

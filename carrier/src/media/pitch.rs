//! Which tone is heard, and how loud: a Fourier transform over the last half second.

use std::f32::consts::PI;

use super::tone::real;
use crate::mixer::RATE;

/// So many samples are looked at, about half a second.
pub(crate) const WINDOW: usize = 4_096;

/// What was heard.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pitch {
    /// The one clear tone, in hertz.
    pub(crate) tone: Option<f32>,
    /// All clear tones, the strongest first.
    pub(crate) tones: Vec<f32>,
    /// The effective value in dB, of which full scale is 0 (dBFS).
    pub(crate) level: f32,
}

/// At most so many tones are told apart.
const TONES: usize = 4;

/// Below this it is silence.
const QUIETEST_DBFS: f32 = -60.0;

/// Listens to samples; `None` is silence.
pub(crate) fn listen(samples: &[i16]) -> Option<Pitch> {
    let energy: f32 = samples.iter().map(|sample| (f32::from(*sample) / 32_768.0).powi(2)).sum();
    let level = 10.0 * (energy / real(samples.len().max(1))).log10();
    if level < QUIETEST_DBFS || samples.is_empty() {
        return None;
    }
    let mut bins: Vec<(f32, f32)> = (0..WINDOW)
        .map(|at| {
            let sample = samples.get(at).map_or(0.0, |sample| f32::from(*sample));
            let length = real(samples.len().min(WINDOW));
            // Hann's window keeps a tone between two bins from leaking into all the others.
            let window = if real(at) < length { 0.5 - 0.5 * (2.0 * PI * real(at) / length).cos() } else { 0.0 };
            (sample * window, 0.0)
        })
        .collect();
    transform(&mut bins);
    let power: Vec<f32> = bins[..WINDOW / 2].iter().map(|(re, im)| re * re + im * im).collect();
    let tones = peaks(&power);
    let clear = tones.first().filter(|_| tones.len() == 1).map(|(tone, _)| *tone);
    Some(Pitch { tone: clear, tones: tones.into_iter().map(|(tone, _)| tone).collect(), level })
}

/// The tones that hold a good part of all power, with that part.
fn peaks(power: &[f32]) -> Vec<(f32, f32)> {
    const WIDTH: usize = 4;
    let mut left = power.to_vec();
    let total: f32 = left[WIDTH..].iter().sum();
    let mut found: Vec<(f32, f32)> = Vec::new();
    while found.len() < TONES {
        let strongest = (WIDTH..left.len() - WIDTH).max_by(|a, b| left[*a].total_cmp(&left[*b]));
        let Some(bin) = strongest.filter(|bin| left[*bin] > 0.0) else { break };
        let part: f32 = left[bin - WIDTH..=bin + WIDTH].iter().sum::<f32>() / total;
        let enough = found.first().map_or(0.15, |(_, first)| (first / 20.0).max(0.02));
        if part < enough {
            break;
        }
        // The logarithm of Hann's main lobe is nearly a parabola, whose top is the tone.
        let [before, at, after] = [bin - 1, bin, bin + 1].map(|bin| left[bin].max(f32::MIN_POSITIVE).ln());
        let curve = before - 2.0 * at + after;
        let shift = if curve < 0.0 { (0.5 * (before - after) / curve).clamp(-0.5, 0.5) } else { 0.0 };
        found.push(((real(bin) + shift) * real(RATE) / real(WINDOW), part));
        left[bin - WIDTH..=bin + WIDTH].fill(0.0);
    }
    // Noise has peaks as well, and speech: what is told holds most of what there is.
    let sum: f32 = found.iter().map(|(_, part)| part).sum();
    if sum > 0.6 { found } else { Vec::new() }
}

/// The fast Fourier transform in place, after Cooley and Tukey; the length is a power of two.
fn transform(bins: &mut [(f32, f32)]) {
    let count = bins.len();
    let mut reversed = 0;
    for at in 1..count {
        let mut bit = count >> 1;
        while reversed & bit != 0 {
            reversed ^= bit;
            bit >>= 1;
        }
        reversed |= bit;
        if at < reversed {
            bins.swap(at, reversed);
        }
    }
    let mut length = 2;
    while length <= count {
        let turns: Vec<(f32, f32)> = (0..length / 2)
            .map(|at| {
                let angle = -2.0 * PI * real(at) / real(length);
                (angle.cos(), angle.sin())
            })
            .collect();
        for block in bins.chunks_exact_mut(length) {
            let (even, odd) = block.split_at_mut(length / 2);
            for ((a, b), (c, s)) in even.iter_mut().zip(odd).zip(&turns) {
                let turned = (b.0 * c - b.1 * s, b.0 * s + b.1 * c);
                *b = (a.0 - turned.0, a.1 - turned.1);
                *a = (a.0 + turned.0, a.1 + turned.1);
            }
        }
        length *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::tone;

    #[test]
    fn a_tone_is_told_to_a_fraction_of_a_hertz() {
        for hertz in [100.0, 425.0, 440.0, 700.3, 999.0, 1_633.0, 3_100.0] {
            let pitch = listen(&tone::tones(&[hertz], 512, 3_000.0)).expect("a sound");
            assert!((pitch.tone.expect("a tone") - hertz).abs() < 0.3, "{hertz}: {pitch:?}");
            assert!((pitch.level + 23.8).abs() < 0.5, "{pitch:?}");
        }
    }

    #[test]
    fn two_tones_are_two() {
        let pitch = listen(&tone::tones(&[440.0, 700.0], 512, 3_000.0)).expect("a sound");
        assert_eq!(pitch.tone, None);
        let mut tones: Vec<f32> = pitch.tones.iter().map(|tone| tone.round()).collect();
        tones.sort_by(f32::total_cmp);
        assert_eq!(tones, [440.0, 700.0]);
    }

    #[test]
    fn silence_and_noise_have_no_tone() {
        assert_eq!(listen(&[0; WINDOW]), None);
        assert_eq!(listen(&[]), None);
        let mut seed = 1_u32;
        let noise: Vec<i16> = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            i16::try_from(seed >> 18).expect("14 bits")
        })
        .take(WINDOW)
        .map(|sample| sample - 8_192)
        .collect();
        assert!(listen(&noise).expect("a sound").tones.is_empty());
    }
}

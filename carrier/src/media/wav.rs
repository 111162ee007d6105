//! WAV files: read with PCM or µ-law samples, written with µ-law (RIFF/WAVE, formats 1 and 7).

use super::{loader::Recording, mulaw};

/// The sound of a file, its channels made one. `None` if it is none that is understood.
pub(super) fn read(file: &[u8]) -> Option<Recording> {
    if file.get(8..12)? != b"WAVE" {
        return None;
    }
    let (mut at, mut format) = (12, None);
    while let Some(header) = file.get(at..at + 8) {
        let length = usize::try_from(u32::from_le_bytes(*header.last_chunk::<4>()?)).ok()?;
        let end = (at + 8).saturating_add(length).min(file.len());
        let body = &file[at + 8..end];
        match &header[..4] {
            b"fmt " => format = Some(Format::read(body)?),
            // Programs that write to a pipe don't know the length: then all that follows is sound.
            b"data" => return format?.decode(body),
            _ => {}
        }
        at = end + length % 2;
    }
    None
}

struct Format {
    kind: u16,
    channels: usize,
    rate: u32,
    bits: u16,
}

impl Format {
    fn read(body: &[u8]) -> Option<Self> {
        let short = |at: usize| Some(u16::from_le_bytes(*body.get(at..at + 2)?.first_chunk()?));
        let rate = u32::from_le_bytes(*body.get(4..8)?.first_chunk()?);
        // Format 65534 names the real one later on.
        let kind = if short(0)? == 0xfffe { short(24)? } else { short(0)? };
        let channels = usize::from(short(2)?);
        let fits = (1..=8).contains(&channels) && (1_000..=384_000).contains(&rate);
        fits.then_some(Self { kind, channels, rate, bits: short(14)? })
    }

    fn decode(&self, body: &[u8]) -> Option<Recording> {
        let samples: Vec<i16> = match (self.kind, self.bits) {
            (1, 16) => body.as_chunks::<2>().0.iter().map(|bytes| i16::from_le_bytes(*bytes)).collect(),
            (1, 8) => body.iter().map(|byte| (i16::from(*byte) - 128) * 256).collect(),
            (7, 8) => body.iter().map(|byte| mulaw::decode(*byte)).collect(),
            _ => return None,
        };
        Some(Recording { rate: self.rate, samples: one_channel(&samples, self.channels) })
    }
}

/// The mean of all channels.
pub(super) fn one_channel(samples: &[i16], channels: usize) -> Vec<i16> {
    let count = i32::try_from(channels.max(1)).unwrap_or(1);
    let mean = |frame: &[i16]| frame.iter().map(|sample| i32::from(*sample)).sum::<i32>() / count;
    samples.chunks_exact(channels.max(1)).map(|frame| i16::try_from(mean(frame)).unwrap_or(0)).collect()
}

/// A file of µ-law samples, 8000 per second.
pub(crate) fn write(samples: &[u8]) -> Vec<u8> {
    let length = u32::try_from(samples.len()).unwrap_or(u32::MAX - 100);
    let mut file = Vec::with_capacity(samples.len() + 60);
    file.extend(b"RIFF");
    file.extend((length + 50).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(18_u32.to_le_bytes());
    for part in [7_u16, 1] {
        file.extend(part.to_le_bytes());
    }
    for part in [8_000_u32, 8_000] {
        file.extend(part.to_le_bytes());
    }
    for part in [1_u16, 8, 0] {
        file.extend(part.to_le_bytes());
    }
    file.extend(b"fact");
    file.extend(4_u32.to_le_bytes());
    file.extend(length.to_le_bytes());
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend(samples);
    if length % 2 == 1 {
        file.push(0);
    }
    file
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let bytes: Vec<u8> = (0..=255).collect();
        let recording = read(&write(&bytes)).expect("a file");
        assert_eq!(recording.rate, 8_000);
        assert_eq!(recording.samples, bytes.iter().map(|byte| mulaw::decode(*byte)).collect::<Vec<_>>());
    }

    #[test]
    fn two_channels_become_one() {
        let mut file = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0".to_vec();
        file.extend(44_100_u32.to_le_bytes());
        file.extend([0; 4]);
        file.extend(b"\x04\0\x10\0LIST\x03\0\0\0abc\0data\xff\xff\xff\xff");
        for sample in [100_i16, 300, -100, 100] {
            file.extend(sample.to_le_bytes());
        }
        assert_eq!(read(&file), Some(Recording { rate: 44_100, samples: vec![200, 0] }));
    }

    proptest! {
        #[test]
        fn nonsense_is_no_sound_and_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            read(&bytes);
            read(&[b"RIFF\0\0\0\0WAVEfmt ".as_slice(), &bytes].concat());
        }
    }
}

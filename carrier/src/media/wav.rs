//! WAV files: read and written with PCM or µ-law samples (RIFF/WAVE, formats 1 and 7).

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

/// A file of linear samples, 16 bits each, 8000 per second.
pub(crate) fn write_linear(samples: &[i16]) -> Vec<u8> {
    let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    file(&[(b"fmt ", &format(1, 2)), (b"data", &bytes)])
}

/// A file of µ-law samples, 8000 per second.
pub(crate) fn write(samples: &[u8]) -> Vec<u8> {
    let count = length(samples).to_le_bytes();
    let format = [format(7, 1), vec![0; 2]].concat();
    file(&[(b"fmt ", &format), (b"fact", &count), (b"data", samples)])
}

/// One channel of samples of so many bytes, 8000 per second.
fn format(code: u16, width: u16) -> Vec<u8> {
    let mut format = Vec::with_capacity(18);
    format.extend(code.to_le_bytes());
    format.extend(1_u16.to_le_bytes());
    format.extend(8_000_u32.to_le_bytes());
    format.extend((8_000 * u32::from(width)).to_le_bytes());
    format.extend(width.to_le_bytes());
    format.extend((8 * width).to_le_bytes());
    format
}

/// A file of chunks, each of which begins at an even byte.
fn file(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut all = b"WAVE".to_vec();
    for (name, chunk) in chunks {
        all.extend(*name);
        all.extend(length(chunk).to_le_bytes());
        all.extend(*chunk);
        if chunk.len() % 2 == 1 {
            all.push(0);
        }
    }
    [&b"RIFF"[..], &length(&all).to_le_bytes(), &all].concat()
}

/// Nothing here comes near what a file can hold.
fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
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
    fn linear_samples_can_be_read_too() {
        let samples = vec![0, 1, -1, i16::MAX, i16::MIN];
        assert_eq!(read(&write_linear(&samples)), Some(Recording { rate: 8_000, samples }));
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

//! MP3 files, by `symphonia`.

use std::io::Cursor;

use symphonia::core::{
    audio::SampleBuffer, codecs::DecoderOptions, errors::Error, formats::FormatOptions, io::MediaSourceStream,
    meta::MetadataOptions, probe::Hint,
};

use super::{loader::Recording, wav::one_channel};

/// The sound of a file, its channels made one. `None` if it is none that is understood.
pub(super) fn read(file: Vec<u8>) -> Option<Recording> {
    let stream =
        MediaSourceStream::new(Box::new(Cursor::new(file)), symphonia::core::io::MediaSourceStreamOptions::default());
    let mut hint = Hint::new();
    hint.with_extension("mp3");
    let probed = symphonia::default::get_probe()
        .format(&hint, stream, &FormatOptions::default(), &MetadataOptions::default())
        .ok()?;
    let mut format = probed.format;
    let track = format.default_track()?;
    let (id, rate) = (track.id, track.codec_params.sample_rate?);
    let mut decoder = symphonia::default::get_codecs().make(&track.codec_params, &DecoderOptions::default()).ok()?;
    let mut samples = Vec::new();
    while let Ok(packet) = format.next_packet() {
        if packet.track_id() != id {
            continue;
        }
        match decoder.decode(&packet) {
            Ok(sound) => {
                let spec = *sound.spec();
                let capacity = u64::try_from(sound.capacity()).ok()?;
                let mut buffer = SampleBuffer::<i16>::new(capacity, spec);
                buffer.copy_interleaved_ref(sound);
                samples.extend(one_channel(buffer.samples(), spec.channels.count()));
            }
            Err(Error::DecodeError(_)) => {}
            Err(_) => break,
        }
    }
    (!samples.is_empty()).then_some(Recording { rate, samples })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_file_is_decoded() {
        // Empty frames of 128 kbit/s, 44100 samples per second and two channels: each is 1152 samples of silence.
        let frame = [&[0xff, 0xfb, 0x90, 0x00][..], &[0; 413]].concat();
        let sound = read(frame.repeat(20)).expect("a sound");
        assert_eq!(sound.rate, 44_100);
        assert!((18..=20).contains(&(sound.samples.len() / 1_152)), "{}", sound.samples.len());
        assert!(sound.samples.iter().all(|sample| *sample == 0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn nonsense_is_no_sound_and_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            prop_assert!(read([&[0xff, 0xfb, 0x90, 0x00], &bytes[..]].concat()).is_none_or(|sound| sound.rate > 0));
        }
    }
}

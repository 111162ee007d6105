//! Speech: by `espeak-ng` where that is installed, otherwise tones that differ with the text and take as long as it.

use std::{process::Stdio, time::Duration};

use tokio::{io::AsyncWriteExt, process::Command, time::timeout};

use super::{
    loader::Recording,
    tone::{real, silence, tones},
    wav,
};
use crate::mixer::RATE;

/// Longer texts are cut.
const LONGEST: usize = 4_000;

/// Speech that takes longer is given up, and hummed.
const PATIENCE: Duration = Duration::from_secs(10);

/// The languages that `espeak-ng` tells apart by region as well.
const REGIONAL: &[&str] = &["en-gb", "en-us", "es-419", "fr-be", "fr-ch", "pt-br"];

/// A text as sound.
pub(super) async fn say(text: &str, language: Option<&str>) -> Recording {
    let text: String = text.chars().take(LONGEST).collect();
    let spoken = timeout(PATIENCE, speak(&text, &voice(language))).await.ok().flatten();
    spoken.unwrap_or_else(|| Recording { rate: 8_000, samples: hum(&text) })
}

/// What `espeak-ng` calls a language: `ro-RO` is `ro` to it.
fn voice(language: Option<&str>) -> String {
    let language = language.unwrap_or("en-US").to_ascii_lowercase();
    let regional = REGIONAL.contains(&language.as_str());
    let name = if regional { language.as_str() } else { language.split('-').next().unwrap_or("en") };
    // It becomes an argument of a program: letters only, or it is English.
    let fits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if fits { name.to_owned() } else { "en".to_owned() }
}

async fn speak(text: &str, voice: &str) -> Option<Recording> {
    let mut child = Command::new("espeak-ng")
        .args(["--stdin", "--stdout", "-v", voice])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    input.write_all(text.as_bytes()).await.ok()?;
    drop(input);
    let output = child.wait_with_output().await.ok()?;
    wav::read(&output.stdout).filter(|_| output.status.success())
}

/// One note for each letter, higher later in the alphabet: 60 ms each, as the engine reckons.
fn hum(text: &str) -> Vec<i16> {
    let mut samples = Vec::with_capacity(text.len() * 60 * RATE / 1000);
    for letter in text.chars() {
        if letter.is_alphanumeric() {
            let step = real(usize::try_from(u32::from(letter.to_ascii_lowercase()) % 24).unwrap_or(0));
            samples.extend(tones(&[330.0 * (step / 12.0).exp2()], 60, 4_000.0));
        } else {
            samples.extend(silence(60));
        }
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_named_as_the_program_knows_them() {
        for (language, name) in
            [(Some("ro-RO"), "ro"), (Some("en-GB"), "en-gb"), (None, "en-us"), (Some("de"), "de"), (Some("../x"), "en")]
        {
            assert_eq!(voice(language), name);
        }
    }

    #[tokio::test]
    async fn longer_texts_take_longer() {
        let (short, long) = (say("Hello", None).await, say("Hello and good bye to everybody", Some("ro-RO")).await);
        assert!(short.samples.len() > 800 && long.samples.len() > 2 * short.samples.len());
        assert!(long.samples.iter().any(|sample| sample.unsigned_abs() > 1_000));
    }
}

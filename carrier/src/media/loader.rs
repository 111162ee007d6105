//! Gets files and speech, with limits on their size and on how long that may take.

use std::{sync::Arc, time::Duration};

use reqwest::{Client, header::CONTENT_TYPE};

use super::{library::Trouble, mp3, resample, speech, wav};
use crate::engine::Sound;

/// Longer files are not fetched.
const LARGEST: usize = 8 * 1024 * 1024;

/// A file that takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(15);

/// Sounds longer than this are cut: ten minutes.
const LONGEST: usize = 600 * crate::mixer::RATE;

/// Gets sounds.
#[derive(Debug)]
pub(super) struct Loader {
    client: Client,
}

/// Sound as it was in its file: one channel.
#[derive(Debug, PartialEq)]
pub(super) struct Recording {
    /// Samples per second.
    pub(super) rate: u32,
    pub(super) samples: Vec<i16>,
}

impl Loader {
    pub(super) fn new() -> Result<Self, reqwest::Error> {
        let client = Client::builder().no_proxy().connect_timeout(Duration::from_secs(5)).timeout(PATIENCE).build()?;
        Ok(Self { client })
    }

    /// The samples of a file or of a text.
    pub(super) async fn load(&self, sound: &Sound) -> Result<Arc<[i16]>, Trouble> {
        let recording = match sound {
            Sound::Play { url, .. } => self.fetch(url).await?,
            Sound::Say { text, language, .. } => speech::say(text, language.as_deref()).await,
            Sound::Keys { .. } | Sound::Music | Sound::Ringback | Sound::Busy | Sound::Beep => return Ok(Arc::new([])),
        };
        let samples = tokio::task::spawn_blocking(move || resample::to_telephone(&recording)).await;
        let mut samples = samples.unwrap_or_default();
        samples.truncate(LONGEST);
        Ok(samples.into())
    }

    async fn fetch(&self, url: &str) -> Result<Recording, Trouble> {
        let trouble = |code, message: String| Trouble { code, message };
        let failed = |error: reqwest::Error| {
            let code = if error.is_connect() { 11205 } else { 11200 };
            trouble(code, format!("the file cannot be fetched: {}", error.without_url()))
        };
        let mut response = self.client.get(url).send().await.map_err(failed)?;
        if !response.status().is_success() {
            return Err(trouble(11200, format!("Got HTTP {} response to {url}", response.status().as_u16())));
        }
        let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let known = kind.is_empty() || kind.starts_with("audio/") || kind == "application/octet-stream";
        if !known {
            return Err(trouble(12300, format!("Invalid Content-Type: {kind} cannot be played")));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST {
                return Err(trouble(11750, format!("the file is larger than {LARGEST} bytes")));
            }
        }
        let decoded = tokio::task::spawn_blocking(move || decode(&kind, body)).await;
        decoded.ok().flatten().ok_or_else(|| trouble(12400, format!("{url} is no audio that can be played")))
    }
}

/// Samples of a file, whatever it says that it is.
fn decode(kind: &str, body: Vec<u8>) -> Option<Recording> {
    if body.starts_with(b"RIFF") {
        return wav::read(&body);
    }
    if kind.ends_with("basic") {
        let samples = body.iter().map(|byte| super::mulaw::decode(*byte)).collect();
        return Some(Recording { rate: 8_000, samples });
    }
    mp3::read(body)
}

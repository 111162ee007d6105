//! Something that is being played to a leg, or said by a scripted one.

use std::{sync::Arc, time::Duration};

use super::{
    library::{Library, Shelf},
    studio::Report,
};
use crate::{
    engine::Sound,
    mixer::{Frame, RATE, SAMPLES},
};

/// Between two times of a scripted person's text.
const PAUSE: usize = RATE;

/// One sound on its way through.
#[derive(Debug)]
pub(super) struct Player {
    /// The piece that it plays.
    pub(super) piece: u64,
    pub(super) sound: Sound,
    /// Samples of silence between two times.
    pause: usize,
    playing: Option<Arc<[i16]>>,
    at: usize,
    /// How many times it has been played.
    played: u32,
    over: bool,
}

impl Player {
    pub(super) fn new(piece: u64, sound: Sound) -> Self {
        Self { piece, sound, pause: 0, playing: None, at: 0, played: 0, over: false }
    }

    /// What a scripted person says, with a pause before it is said again.
    pub(super) fn pausing(sound: Sound) -> Self {
        Self { pause: PAUSE, ..Self::new(0, sound) }
    }

    /// The next 20 ms; `None` while it is not to be had, and when it is over.
    pub(super) fn next(&mut self, library: &mut Library, call: &str, reports: &mut Vec<Report>) -> Option<Frame> {
        if self.over {
            return None;
        }
        if self.playing.is_none() {
            match library.find(&self.sound) {
                Shelf::Ready(samples) => {
                    let micros = u64::try_from(samples.len()).unwrap_or(0) * 125;
                    if self.piece != 0 {
                        reports.push(Report::Lasts { piece: self.piece, length: Duration::from_micros(micros) });
                    }
                    self.over = samples.is_empty();
                    self.playing = Some(samples);
                }
                Shelf::Wanted => reports.push(Report::Wanted(self.sound.clone())),
                Shelf::Coming => {}
                Shelf::Missing(trouble) => {
                    let url = if let Sound::Play { url, .. } = &self.sound { url.clone() } else { String::new() };
                    reports.push(Report::Unheard { call: call.to_owned(), trouble, url });
                    self.over = true;
                }
            }
        }
        self.take()
    }

    fn take(&mut self) -> Option<Frame> {
        let samples = self.playing.as_ref().filter(|_| !self.over)?;
        let mut frame = [0; SAMPLES];
        for place in &mut frame {
            if self.at >= samples.len() + self.pause {
                self.at = 0;
                self.played += 1;
                let times = match &self.sound {
                    Sound::Say { times, .. } | Sound::Play { times, .. } | Sound::Keys { times, .. } => *times,
                    Sound::Beep => 1,
                    Sound::Music | Sound::Ringback | Sound::Busy => 0,
                };
                if times != 0 && self.played >= times {
                    self.over = true;
                    break;
                }
            }
            *place = samples.get(self.at).copied().unwrap_or(0);
            self.at += 1;
        }
        Some(frame)
    }
}

//! Sounds that can be played: made here, or fetched once and kept.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{tone, tune};
use crate::engine::Sound;

/// All fetched sounds together take no more memory than this.
const MEMORY: usize = 32 * 1024 * 1024;

/// What could not be had is asked for again after this long.
const AGAIN: Duration = Duration::from_secs(5);

/// Why a sound cannot be had, as the debugger numbers it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub(crate) struct Trouble {
    pub(crate) code: u32,
    pub(crate) message: String,
}

/// What there is of a sound.
#[derive(Debug)]
pub(super) enum Shelf {
    Ready(Arc<[i16]>),
    /// Nobody has asked for it yet; now somebody has.
    Wanted,
    Coming,
    Missing(Trouble),
}

#[derive(Debug)]
enum Entry {
    Coming,
    Ready { samples: Arc<[i16]>, used: Instant },
    Missing { trouble: Trouble, since: Instant },
}

/// The sounds by what they are, once each.
#[derive(Debug, Default)]
pub(super) struct Library {
    entries: HashMap<Sound, Entry>,
    ringback: Option<Arc<[i16]>>,
    music: Option<Arc<[i16]>>,
}

/// The sound as it is kept: once, however often it is to be played.
fn once(sound: &Sound) -> Sound {
    match sound.clone() {
        Sound::Say { text, language, .. } => Sound::Say { text, language, times: 1 },
        Sound::Play { url, .. } => Sound::Play { url, times: 1 },
        other => other,
    }
}

impl Library {
    pub(super) fn find(&mut self, sound: &Sound) -> Shelf {
        match sound {
            Sound::Ringback => return Shelf::Ready(self.ringback.get_or_insert_with(tone::ringback).clone()),
            Sound::Busy => return Shelf::Ready(tone::busy()),
            Sound::Beep => return Shelf::Ready(tone::beep()),
            Sound::Music => return Shelf::Ready(self.music.get_or_insert_with(tune::tune).clone()),
            Sound::Keys { digits, .. } => return Shelf::Ready(tone::keys(digits, 250, 250).into()),
            Sound::Say { .. } | Sound::Play { .. } => {}
        }
        let key = once(sound);
        match self.entries.get_mut(&key) {
            Some(Entry::Ready { samples, used }) => {
                *used = Instant::now();
                Shelf::Ready(Arc::clone(samples))
            }
            Some(Entry::Coming) => Shelf::Coming,
            Some(Entry::Missing { trouble, since }) if since.elapsed() < AGAIN => Shelf::Missing(trouble.clone()),
            Some(Entry::Missing { .. }) | None => {
                self.entries.insert(key, Entry::Coming);
                Shelf::Wanted
            }
        }
    }

    /// A sound came, or did not. What was not used for longest makes room.
    pub(super) fn put(&mut self, sound: &Sound, loaded: Result<Arc<[i16]>, Trouble>) {
        let now = Instant::now();
        let entry = match loaded {
            Ok(samples) => Entry::Ready { samples, used: now },
            Err(trouble) => Entry::Missing { trouble, since: now },
        };
        self.entries.insert(once(sound), entry);
        let size = |entry: &Entry| if let Entry::Ready { samples, .. } = entry { samples.len() * 2 } else { 0 };
        while self.entries.values().map(size).sum::<usize>() > MEMORY {
            let oldest = self.entries.iter().filter_map(|(key, entry)| match entry {
                Entry::Ready { used, .. } => Some((*used, key)),
                _ => None,
            });
            let Some(key) = oldest.min_by_key(|(used, _)| *used).map(|(_, key)| key.clone()) else { return };
            self.entries.remove(&key);
        }
    }
}

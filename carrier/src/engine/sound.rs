//! What can be heard besides people: speech, files, keys, music and the tones of the network.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Activity, Engine, Hook, Timer, run::resolve};
use crate::{
    time::Millis,
    twiml::{Method, Verb},
};

/// Something to be heard.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Sound {
    /// `times` 0 is without end, here and below.
    Say { text: String, language: Option<String>, times: u32 },
    /// A file, by its absolute URL.
    Play { url: String, times: u32 },
    /// Keys as a telephone sounds them; `w` is a pause.
    Keys { digits: String, times: u32 },
    /// The music that plays where an account names none.
    Music,
    /// Somebody is being rung.
    Ringback,
    /// Somebody was found busy.
    Busy,
    /// What is said from now on is recorded.
    Beep,
}

impl Sound {
    /// What a verb makes heard, if it does; `base` is where the document came from.
    pub(super) fn of(verb: &Verb, base: Option<&Hook>) -> Option<Self> {
        match verb {
            Verb::Say { text, language, times } => {
                Some(Self::Say { text: text.clone(), language: language.clone(), times: *times })
            }
            Verb::Play { digits: Some(digits), times, .. } => {
                Some(Self::Keys { digits: digits.clone(), times: *times })
            }
            Verb::Play { url: Some(url), times, .. } => {
                let hook = resolve(base, &Hook { url: url.clone(), method: Method::Get });
                Some(Self::Play { url: hook.url, times: *times })
            }
            _ => None,
        }
    }

    fn times(&self) -> u32 {
        match self {
            Self::Say { times, .. } | Self::Play { times, .. } | Self::Keys { times, .. } => *times,
            Self::Beep => 1,
            Self::Music | Self::Ringback | Self::Busy => 0,
        }
    }
}

/// A sound that began at some moment and has not been replaced yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Tells it from the same sound at another time.
    pub(crate) id: u64,
    pub(crate) sound: Sound,
    pub(super) since: Millis,
}

/// What a scripted far end says while it is connected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sends {
    /// A steady tone, in hertz.
    Tone(f32),
    /// A text, again and again.
    Say(String),
    /// Nothing; `false` is nothing, too.
    Silence(bool),
}

impl Default for Sends {
    fn default() -> Self {
        Self::Silence(true)
    }
}

impl Engine {
    /// A sound that begins now.
    pub(super) fn piece(&mut self, sound: Option<Sound>) -> Option<Piece> {
        let sound = sound?;
        Some(Piece { id: self.serial(), sound, since: self.now })
    }

    /// The audio of a piece is known now, and how long it takes once. What waits for its end waits for as long as that;
    /// where time is sped up, guesses stay, since audio is heard as fast as it is.
    pub(crate) fn lasts(&mut self, piece: u64, once: Duration) {
        if self.pace.speed != 1 {
            return;
        }
        let once = Millis::try_from(once.as_millis()).unwrap_or(Millis::MAX / 1000);
        let now = self.now;
        let left = |piece: &Piece| match piece.sound.times() {
            0 => None,
            times => Some(piece.since + once.saturating_mul(times.into()) - now),
        };
        let of_call = self.calls.newest().find_map(|call| {
            call.piece.as_ref().filter(|one| one.id == piece).map(|one| (call.sid.clone(), left(one)))
        });
        if let Some((sid, left)) = of_call {
            let Some(call) = self.calls.get_mut(&sid) else { return };
            if let (Some(left), Activity::Talking | Activity::Gathering(_)) = (left, &call.activity) {
                // The guess is void, as after any change of activity.
                call.epoch += 1;
                let epoch = call.epoch;
                self.after(left, Timer::Verb { call: sid, epoch });
            }
            return;
        }
        let turn = self.serial();
        let conferences: Vec<String> =
            self.conferences.newest().filter(|c| c.ending.is_none()).map(|c| c.sid.clone()).collect();
        for sid in conferences {
            let Some(conference) = self.conferences.get_mut(&sid) else { continue };
            let music = conference.members.iter_mut().find_map(|member| {
                let music = member.music.as_mut()?;
                let left = left(music.playing.piece.as_ref().filter(|one| one.id == piece)?)?;
                music.turn = turn;
                Some((left, Timer::Music { call: member.call.clone(), turn }))
            });
            let announcement = || {
                conference.announcements.iter_mut().find_map(|one| {
                    let left = left(one.playing.piece.as_ref().filter(|one| one.id == piece)?)?;
                    one.turn = turn;
                    Some((left, Timer::Announcement { conference: sid.clone(), turn }))
                })
            };
            if let Some((left, timer)) = music.or_else(announcement) {
                return self.after(left, timer);
            }
        }
    }

    /// The audio of a piece cannot be had: that goes into the debugger, and silence takes its place.
    pub(crate) fn unheard(&mut self, call: &str, code: u32, message: &str, url: &str) {
        self.notice(code, message, call, Some(url));
    }
}

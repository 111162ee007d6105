//! All legs with what they say, what they hear and what they heard.

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    ear::{Ear, KEPT},
    library::{Library, Trouble},
    peer::{Kit, Outcome, Peer},
    player::Player,
    take::Takes,
    tone::{self, Oscillator},
};
use crate::{
    engine::{Audio, Sends, Sound, Voice},
    mixer::{self, Frame, SAMPLES, Sum},
};

/// All that was heard together takes no more memory than this.
const MEMORY: usize = 64 * 1024 * 1024;

/// A wire this young may belong to a call that is not known here yet.
const NEW: Duration = Duration::from_secs(1);

/// What legs heard that are over is kept for so many of them.
const OVER: usize = 500;

/// All of it.
#[derive(Debug)]
pub(crate) struct Studio {
    pub(super) kit: Kit,
    audio: Audio,
    legs: HashMap<String, Leg>,
    /// Those that are over, the oldest first.
    over: VecDeque<String>,
    pub(super) peers: HashMap<String, Peer>,
    /// Whose wire a datagram came from last time.
    pub(super) senders: HashMap<SocketAddr, String>,
    pub(super) transmits: Vec<(SocketAddr, Vec<u8>)>,
    library: Library,
    takes: Takes,
}

/// One leg.
#[derive(Debug, Default)]
struct Leg {
    ear: Ear,
    players: Vec<Player>,
    tone: Option<Oscillator>,
    speech: Option<Player>,
    /// Keys that sound instead of the voice.
    keys: VecDeque<i16>,
    /// What it heard last.
    heard: Option<Frame>,
    packets: (u64, u64),
}

/// What the engine should know.
#[derive(Debug)]
pub(super) enum Report {
    Pressed { call: String, keys: String },
    Speaks { call: String, speaks: bool },
    Lasts { piece: u64, length: Duration },
    Unheard { call: String, trouble: Trouble, url: String },
    Wanted(Sound),
}

/// What `truth` says of a leg.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) packets_in: u64,
    pub(crate) packets_out: u64,
    /// The last half second, to be listened to by whoever has the time.
    pub(crate) samples: Vec<i16>,
    /// Milliseconds since anything was heard.
    pub(crate) ago: Option<usize>,
}

impl Studio {
    pub(super) fn new(kit: Kit) -> Self {
        Self {
            kit,
            audio: Audio::default(),
            legs: HashMap::new(),
            over: VecDeque::new(),
            peers: HashMap::new(),
            senders: HashMap::new(),
            transmits: Vec::new(),
            library: Library::default(),
            takes: Takes::default(),
        }
    }

    /// From now on they hear each other like this.
    pub(super) fn arrange(&mut self, audio: Audio) {
        let now = Instant::now();
        let before = std::mem::replace(&mut self.audio, audio);
        let alive: std::collections::HashSet<&str> = self.audio.lines.iter().map(|line| line.call.as_str()).collect();
        let gone: Vec<String> =
            before.lines.into_iter().map(|line| line.call).filter(|call| !alive.contains(call.as_str())).collect();
        // A call that was over before it was seen here leaves its wire behind; one that is as new as that may not have been
        // seen yet.
        let stray = self.peers.iter().filter(|(call, peer)| !alive.contains(call.as_str()) && peer.since + NEW < now);
        let stray: Vec<String> = stray.map(|(call, _)| call.clone()).collect();
        for call in stray {
            self.close(&call, now);
        }
        for call in gone {
            self.close(&call, now);
            if let Some(leg) = self.legs.get_mut(&call) {
                *leg = Leg { ear: std::mem::take(&mut leg.ear), packets: leg.packets, ..Leg::default() };
                self.over.push_back(call);
            }
        }
        while self.over.len() > OVER {
            if let Some(call) = self.over.pop_front() {
                self.legs.remove(&call);
            }
        }
        for line in &self.audio.lines {
            let leg = self.legs.entry(line.call.clone()).or_default();
            leg.players.retain(|player| line.hears.pieces.iter().any(|piece| piece.id == player.piece));
            for piece in &line.hears.pieces {
                if !leg.players.iter().any(|player| player.piece == piece.id) {
                    leg.players.push(Player::new(piece.id, piece.sound.clone()));
                }
            }
            match &line.voice {
                Voice::Script(Sends::Tone(hertz)) => {
                    if leg.tone.as_ref().is_none_or(|tone| tone.hertz().to_bits() != hertz.to_bits()) {
                        leg.tone = Some(Oscillator::new(*hertz));
                    }
                }
                Voice::Script(Sends::Say(text)) => {
                    let sound = Sound::Say { text: text.clone(), language: None, times: 0 };
                    if leg.speech.as_ref().is_none_or(|speech| speech.sound != sound) {
                        leg.speech = Some(Player::pausing(sound));
                    }
                }
                Voice::Script(_) => (leg.tone, leg.speech) = (None, None),
                Voice::Client | Voice::Leg(_) => {}
            }
        }
    }

    /// 20 ms go by.
    pub(super) fn tick(&mut self, now: Instant) -> Vec<Report> {
        let mut reports = Vec::new();
        let voices = self.voices(&mut reports);
        let sums: Vec<Option<Sum>> = self
            .audio
            .rooms
            .iter()
            .map(|room| Sum::of(room.iter().filter_map(|place| voices.get(*place)?.as_ref())))
            .collect();
        let mut speaks_in = vec![None; voices.len()];
        for (room, speakers) in self.audio.rooms.iter().enumerate() {
            for place in speakers {
                speaks_in[*place] = Some(room);
            }
        }
        let kept = (MEMORY / SAMPLES / self.legs.len().max(1)).clamp(50, KEPT);
        for (place, line) in self.audio.lines.iter().enumerate() {
            if let Some(recording) = &line.records
                && let Some(speaks) = self.takes.hear(recording, voices[place].as_ref())
            {
                reports.push(Report::Speaks { call: line.call.clone(), speaks });
            }
            let Some(leg) = self.legs.get_mut(&line.call) else { continue };
            let played: Vec<Frame> = leg
                .players
                .iter_mut()
                .filter_map(|player| player.next(&mut self.library, &line.call, &mut reports))
                .collect();
            let room = line.hears.room;
            let own = voices[place].as_ref().filter(|_| room.is_some() && speaks_in[place] == room);
            let whispers = line.hears.whispers.iter().filter_map(|place| voices.get(*place)?.as_ref());
            let sum = room.and_then(|room| sums.get(room)?.as_ref());
            leg.heard = mixer::hear(sum, own, played.iter().chain(whispers));
            leg.ear.hear(leg.heard.as_ref(), kept);
            if let Some(peer) = self.peers.get_mut(&line.call) {
                let mut outcome = Outcome::default();
                peer.tick(leg.heard.as_ref(), now, &mut outcome);
                leg.packets = (peer.packets_in, peer.packets_out);
                outcome.hand_over(&line.call, &mut self.transmits, &mut reports);
            }
        }
        reports
    }

    /// What everybody says in these 20 ms, in the order of the lines.
    fn voices(&mut self, reports: &mut Vec<Report>) -> Vec<Option<Frame>> {
        let heard = |call: &str, legs: &HashMap<String, Leg>| legs.get(call).and_then(|leg| leg.heard);
        let mut voices = Vec::with_capacity(self.audio.lines.len());
        for line in &self.audio.lines {
            let other = match &line.voice {
                Voice::Leg(other) => heard(other, &self.legs),
                _ => None,
            };
            let Some(leg) = self.legs.get_mut(&line.call) else {
                voices.push(None);
                continue;
            };
            let voice = match &line.voice {
                Voice::Leg(_) => other,
                Voice::Client => self.peers.get_mut(&line.call).and_then(|peer| peer.jitter.pop()),
                Voice::Script(_) => leg.tone.as_mut().map(Oscillator::next).or_else(|| {
                    leg.speech.as_mut().and_then(|speech| speech.next(&mut self.library, &line.call, reports))
                }),
            };
            voices.push(if leg.keys.is_empty() { voice } else { Some(leg.next_key()) });
        }
        voices
    }

    /// Somebody presses keys, which the others hear.
    pub(crate) fn press(&mut self, call: &str, digits: &str) {
        if let Some(leg) = self.legs.get_mut(call) {
            leg.keys.extend(tone::keys(digits, 120, 60));
        }
    }

    pub(super) fn loaded(&mut self, sound: &Sound, loaded: Result<Arc<[i16]>, Trouble>) {
        self.library.put(sound, loaded);
    }

    pub(super) fn take_transmits(&mut self) -> Vec<(SocketAddr, Vec<u8>)> {
        std::mem::take(&mut self.transmits)
    }

    /// What a leg hears and heard.
    pub(crate) fn heard(&self, call: &str) -> Heard {
        let Some(leg) = self.legs.get(call) else { return Heard::default() };
        let (samples, ago) = leg.ear.last();
        Heard { packets_in: leg.packets.0, packets_out: leg.packets.1, samples, ago }
    }

    /// How many wires there are.
    pub(crate) fn wires(&self) -> usize {
        self.peers.len()
    }

    /// What a leg heard, as far as it is kept: µ-law.
    pub(crate) fn recording(&self, call: &str) -> Option<Vec<u8>> {
        self.legs.get(call).map(|leg| leg.ear.recording())
    }

    /// The sound of a recording, if it has any.
    pub(crate) fn take(&self, recording: &str, trimmed: bool) -> Option<Vec<i16>> {
        self.takes.sound(recording, trimmed)
    }

    /// A recording is deleted.
    pub(crate) fn forget_take(&mut self, recording: &str) {
        self.takes.forget(recording);
    }

    /// Forgets everything but what can be played.
    pub(crate) fn reset(&mut self) {
        let calls: Vec<String> = self.peers.keys().cloned().collect();
        for call in calls {
            self.close(&call, Instant::now());
        }
        self.audio = Audio::default();
        self.takes = Takes::default();
        self.legs.clear();
        self.over.clear();
    }
}

impl Leg {
    fn next_key(&mut self) -> Frame {
        let mut frame = [0; SAMPLES];
        let count = self.keys.len().min(SAMPLES);
        frame.iter_mut().zip(self.keys.drain(..count)).for_each(|(place, sample)| *place = sample);
        frame
    }
}

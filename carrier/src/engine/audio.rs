//! Who hears whom and what, as a function of the network's state (Twilio: TwiML Conference, Conference Participant
//! resource, TwiML Dial).

use std::collections::HashMap;

use super::{
    Activity, Call, Conference, ConferenceStatus, Engine, Member, Piece, Plan, Sends, Sound, Status,
    call::{Direction, Far},
};

/// The whole of it, at one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Audio {
    /// The legs that live.
    pub(crate) lines: Vec<Line>,
    /// Who speaks in each room, by their places in `lines`: a conference, or two legs that are connected.
    pub(crate) rooms: Vec<Vec<usize>>,
}

/// One leg.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) call: String,
    pub(crate) voice: Voice,
    pub(crate) hears: Hears,
    /// The recording in which its voice is kept.
    pub(crate) records: Option<String>,
}

/// Where the voice of a leg's far end comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Voice {
    /// From a script; silence until the leg is answered.
    Script(Sends),
    /// From a real client.
    Client,
    /// From the other end of the wire, which is another leg: its voice is what that one hears.
    Leg(String),
}

/// What a leg hears: all of it together.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Hears {
    /// Everybody who speaks in this room, except itself.
    pub(crate) room: Option<usize>,
    /// Those who speak to nobody else, by their places in [`Audio::lines`].
    pub(crate) whispers: Vec<usize>,
    pub(crate) pieces: Vec<Piece>,
}

/// The sounds that last as long as a state does have numbers beyond all serial ones.
const MUSIC: u64 = u64::MAX;
const RINGBACK: u64 = u64::MAX - 1;
const BUSY: u64 = u64::MAX - 2;

fn lasting(id: u64, sound: Sound) -> Piece {
    Piece { id, sound, since: 0 }
}

impl Engine {
    /// Who hears what at this moment.
    pub(crate) fn audio(&self) -> Audio {
        let live: Vec<&Call> = self.calls.newest().filter(|call| !call.status.ended()).collect();
        let places: HashMap<&str, usize> =
            live.iter().enumerate().map(|(place, call)| (call.sid.as_str(), place)).collect();
        let mut audio = Audio {
            lines: live
                .iter()
                .map(|call| Line {
                    call: call.sid.clone(),
                    voice: voice(call),
                    hears: own(call),
                    records: records(call),
                })
                .collect(),
            rooms: Vec::new(),
        };
        for call in &live {
            if let Activity::Dialing(dialing) = &call.activity {
                self.hear_dialing(&mut audio, &places, call, dialing.connected(), dialing.children());
            }
        }
        for conference in self.conferences.newest().filter(|conference| conference.ending.is_none()) {
            self.hear_conference(&mut audio, &places, conference);
        }
        audio
    }

    /// Connected, both hear each other; until then, whoever dialled hears it ring.
    fn hear_dialing(
        &self,
        audio: &mut Audio,
        places: &HashMap<&str, usize>,
        call: &Call,
        connected: Option<&str>,
        children: &[String],
    ) {
        let Some(&caller) = places.get(call.sid.as_str()) else { return };
        match connected.and_then(|child| places.get(child)) {
            Some(&child) => {
                let room = Some(audio.rooms.len());
                audio.rooms.push(vec![caller, child]);
                audio.lines[caller].hears.room = room;
                audio.lines[child].hears.room = room;
            }
            None if connected.is_none() && children.iter().any(|child| self.rings(child)) => {
                audio.lines[caller].hears.pieces = vec![lasting(RINGBACK, Sound::Ringback)];
            }
            None => {}
        }
    }

    /// To whoever called, a leg rings until it is connected, also while something is said to it first.
    fn rings(&self, sid: &str) -> bool {
        self.calls.get(sid).is_some_and(|call| matches!(call.status, Status::Ringing | Status::InProgress))
    }

    fn hear_conference(&self, audio: &mut Audio, places: &HashMap<&str, usize>, conference: &Conference) {
        let started = conference.status == ConferenceStatus::InProgress;
        let inside = || {
            let members = conference.members.iter().filter(|member| member.connected);
            members.filter_map(|member| Some((*places.get(member.call.as_str())?, member)))
        };
        let room = audio.rooms.len();
        let speaks = |member: &Member| started && !member.hold && !member.muted;
        audio.rooms.push(inside().filter(|(_, m)| speaks(m) && !m.coaching).map(|(place, _)| place).collect());
        let rings = conference.expected.iter().any(|expected| {
            let leg = self.calls.get(&expected.call).filter(|leg| leg.status == Status::Ringing);
            leg.is_some_and(|leg| matches!(&leg.plan, Some(Plan::Join(join)) if join.early_media) && is_number(&leg.to))
        });
        let progress = if rings {
            Some(lasting(RINGBACK, Sound::Ringback))
        } else {
            (self.now < conference.busy_until).then(|| lasting(BUSY, Sound::Busy))
        };
        for (place, member) in inside() {
            let hears = &mut audio.lines[place].hears;
            let announcements = conference.announcements.iter().filter(|one| match one.call.as_deref() {
                Some(call) => call == member.call,
                None => !member.hold,
            });
            hears.pieces = announcements.filter_map(|one| one.playing.piece.clone()).collect();
            let announced = !hears.pieces.is_empty();
            if member.hold || !started {
                if !announced {
                    hears.pieces.extend(progress.clone().filter(|_| !member.hold).or_else(|| music(member)));
                }
                continue;
            }
            hears.room = Some(room);
            let coaches =
                inside().filter(|(_, m)| speaks(m) && m.coaching && m.coach.as_deref() == Some(&*member.call));
            hears.whispers = coaches.map(|(place, _)| place).collect();
            // Whoever is left alone may have been given music again.
            hears.pieces.extend(member.music.as_ref().and_then(|music| music.playing.piece.clone()));
            hears.pieces.extend(progress.clone());
        }
    }
}

/// What plays to somebody who waits or is on hold.
fn music(member: &Member) -> Option<Piece> {
    match (&member.music, &member.wait) {
        (Some(music), _) => music.playing.piece.clone(),
        // An empty `waitUrl` is silence.
        (None, Some(wait)) if !member.hold && wait.url.is_empty() => None,
        (None, _) => Some(lasting(MUSIC, Sound::Music)),
    }
}

/// What a leg hears by itself, whatever others do.
fn own(call: &Call) -> Hears {
    let outside = matches!(call.far, Far::Caller) || (call.far == Far::Client && call.application.is_none());
    let network_rings = call.status == Status::Ringing && call.direction == Direction::Inbound && outside;
    let pieces = match &call.piece {
        Some(piece) => vec![piece.clone()],
        // The caller's own network lets them hear that it rings.
        None if network_rings => vec![lasting(RINGBACK, Sound::Ringback)],
        None => Vec::new(),
    };
    Hears { pieces, ..Hears::default() }
}

fn records(call: &Call) -> Option<String> {
    match &call.activity {
        Activity::Recording(taking) => taking.listens().map(str::to_owned),
        _ => None,
    }
}

fn voice(call: &Call) -> Voice {
    let silent = call.status != Status::InProgress && call.direction != Direction::Inbound;
    match &call.far {
        Far::Client => Voice::Client,
        Far::Leg(other) => Voice::Leg(other.clone()),
        Far::Caller | Far::Endpoint if silent => Voice::Script(Sends::default()),
        Far::Caller | Far::Endpoint => Voice::Script(call.sends.clone()),
    }
}

fn is_number(to: &str) -> bool {
    !to.starts_with("client:")
}

//! What participants hear while they wait or are on hold: `waitUrl` and `HoldUrl` (Twilio: TwiML Conference, waitUrl).

use std::collections::VecDeque;

use super::{
    ConferenceStatus, Engine, Hook, Piece, Sound, Timer,
    run::{Failure, Purpose, Reply, resolve},
};
use crate::twiml::Verb;

/// Why something is played to a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Wait,
    Hold,
}

/// A document that is played to a participant.
#[derive(Debug)]
pub(super) struct Music {
    kind: Kind,
    pub(super) playing: Playing,
    /// Tells this music from what was played before.
    pub(super) turn: u64,
}

/// What is still to be heard, and where it came from.
#[derive(Debug)]
pub(super) struct Playing {
    pub(super) base: Hook,
    pub(super) verbs: VecDeque<Verb>,
    /// What is heard at present; nothing during a pause and at the end.
    pub(super) piece: Option<Piece>,
}

impl Playing {
    /// Nothing yet: the document is being asked for.
    pub(super) fn awaited(base: Hook) -> Self {
        Self { base, verbs: VecDeque::new(), piece: None }
    }
}

impl Engine {
    /// A document of which only Say, Play, Pause and Redirect may be made (otherwise 13238).
    pub(super) fn music_document(&mut self, sid: &str, url: &str, reply: &Reply) -> Result<Playing, Failure> {
        let mut verbs: VecDeque<Verb> = self.document(sid, url, reply)?.into();
        // Audio files and plain text hang up when they are a call's document, and end here.
        if !matches!(reply.content_type.as_deref(), Some("text/xml" | "application/xml" | "text/html")) {
            verbs.retain(|verb| *verb != Verb::Hangup);
        }
        let fits = |verb: &Verb| {
            matches!(verb, Verb::Say { .. } | Verb::Play { .. } | Verb::Pause { .. } | Verb::Redirect { .. })
        };
        if !verbs.iter().all(fits) {
            return Err(Failure {
                code: 13238,
                message: "Dial->Conference: Verb not supported by waitUrl, holdUrl or announceUrl".to_owned(),
            });
        }
        Ok(Playing { verbs, ..Playing::awaited(Hook { url: reply.url.clone(), method: crate::twiml::Method::Post }) })
    }

    /// Asks for something to play to a participant; without a URL it is Twilio's own music, which nobody is asked for.
    pub(super) fn ask_music(&mut self, target: &str, sid: &str, kind: Kind, hook: Option<Hook>) {
        let turn = self.serial();
        let Some(member) = self.conferences.get_mut(target).and_then(|c| c.member_mut(sid)) else { return };
        let Some(hook) = hook.filter(|hook| !hook.url.is_empty()) else {
            member.music = None;
            return;
        };
        member.music = Some(Music { kind, playing: Playing::awaited(hook.clone()), turn });
        let purpose = Purpose::Music { call: sid.to_owned(), conference: target.to_owned(), turn, kind };
        self.ask(sid, &hook, Vec::new(), purpose);
    }

    pub(super) fn music_arrived(
        &mut self,
        sid: &str,
        target: &str,
        turn: u64,
        kind: Kind,
        answer: Result<Reply, Failure>,
    ) {
        let Some(music) = self.music(target, sid).filter(|music| music.turn == turn) else { return };
        let url = music.playing.base.url.clone();
        match answer.and_then(|reply| self.music_document(sid, &url, &reply)) {
            Ok(playing) => self.play(target, sid, kind, playing),
            Err(failure) => self.notice(failure.code, &failure.message, sid, Some(&url)),
        }
    }

    /// Plays a document to a participant.
    pub(super) fn play(&mut self, target: &str, sid: &str, kind: Kind, playing: Playing) {
        let turn = self.serial();
        if let Some(member) = self.conferences.get_mut(target).and_then(|c| c.member_mut(sid)) {
            member.music = Some(Music { kind, playing, turn });
        }
        self.next_piece(target, sid);
    }

    fn next_piece(&mut self, target: &str, sid: &str) {
        loop {
            let Some(music) = self.music(target, sid) else { return };
            let (kind, turn, base) = (music.kind, music.turn, music.playing.base.clone());
            // At the end there is silence.
            music.playing.piece = None;
            let Some(verb) = music.playing.verbs.pop_front() else { return };
            if let Verb::Redirect { url, method } = verb {
                let hook = url.map_or(base.clone(), |url| resolve(Some(&base), &Hook { url, method }));
                return self.ask_music(target, sid, kind, Some(Hook { method, ..hook }));
            }
            let length = self.length(&verb);
            if length == Some(0) {
                continue;
            }
            let piece = self.piece(Sound::of(&verb, Some(&base)));
            if let Some(music) = self.music(target, sid) {
                music.playing.piece = piece;
            }
            if let Some(ms) = length {
                self.after(ms, Timer::Music { call: sid.to_owned(), turn });
            }
            return;
        }
    }

    /// A piece is over, unless something else is played by now.
    pub(super) fn music_over(&mut self, sid: &str, turn: u64) {
        let Some(target) = self.calls.get(sid).and_then(|call| call.conference()).map(str::to_owned) else { return };
        if self.music(&target, sid).is_some_and(|music| music.turn == turn) {
            self.next_piece(&target, sid);
        }
    }

    /// Who is left alone waits again, where that is how it goes.
    pub(super) fn wait_again(&mut self, target: &str) {
        let Some(conference) = self.conferences.get(target) else { return };
        let [member] = &conference.members[..] else { return };
        if member.connected && !member.hold && conference.status == ConferenceStatus::InProgress {
            let (sid, wait) = (member.call.clone(), member.wait.clone());
            self.ask_music(target, &sid, Kind::Wait, wait);
        }
    }

    fn music(&mut self, target: &str, sid: &str) -> Option<&mut Music> {
        self.conferences.get_mut(target)?.member_mut(sid)?.music.as_mut()
    }
}

//! `AnnounceUrl`: something is played into a conference, or to one participant (Twilio: Conference resource).

use super::{
    Engine, Hook, Sound, Timer,
    music::Playing,
    run::{Failure, Purpose, Reply, resolve},
    words::Event,
};
use crate::twiml::Verb;

/// An announcement under way.
#[derive(Debug)]
pub(super) struct Announcement {
    /// To whom; nobody in particular hears it alone.
    pub(super) call: Option<String>,
    /// As it was given.
    url: String,
    pub(super) playing: Playing,
    pub(super) turn: u64,
}

impl Engine {
    /// Asks for an announcement. An earlier one to the same ears is cut off.
    pub(super) fn announce(&mut self, target: &str, call: Option<&str>, hook: &Hook) {
        let turn = self.serial();
        let Some(conference) = self.conferences.get_mut(target) else { return };
        let about = call.map(str::to_owned).or_else(|| conference.members.first().map(|member| member.call.clone()));
        let Some(about) = about else { return };
        conference.announcements.retain(|one| one.call.as_deref() != call);
        conference.announcements.push(Announcement {
            call: call.map(str::to_owned),
            url: hook.url.clone(),
            playing: Playing::awaited(hook.clone()),
            turn,
        });
        self.ask(&about, hook, Vec::new(), Purpose::Announcement { conference: target.to_owned(), turn });
    }

    pub(super) fn announcement_arrived(&mut self, target: &str, turn: u64, answer: Result<Reply, Failure>) {
        let Some(announcement) = self.announcement(target, turn) else { return };
        let url = announcement.playing.base.url.clone();
        let about = announcement.call.clone().unwrap_or_default();
        match answer.and_then(|reply| self.music_document(&about, &url, &reply)) {
            Ok(playing) => {
                if let Some(announcement) = self.announcement(target, turn) {
                    announcement.playing = playing;
                }
                self.announcement_over(target, turn);
            }
            Err(failure) => {
                self.notice(failure.code, &failure.message, &about, Some(&url));
                let why = vec![("ReasonAnnouncementFailed".to_owned(), failure.message)];
                self.announced(target, turn, Event::AnnouncementFail, why);
            }
        }
    }

    /// A piece of an announcement is over: the next one follows, or it is done.
    pub(super) fn announcement_over(&mut self, target: &str, turn: u64) {
        loop {
            let Some(announcement) = self.announcement(target, turn) else { return };
            let base = announcement.playing.base.clone();
            match announcement.playing.verbs.pop_front() {
                None => return self.announced(target, turn, Event::AnnouncementEnd, Vec::new()),
                Some(Verb::Redirect { url, method }) => {
                    let call = announcement.call.clone();
                    let hook = url.map_or(base.clone(), |url| resolve(Some(&base), &Hook { url, method }));
                    return self.announce(target, call.as_deref(), &Hook { method, ..hook });
                }
                Some(verb) => {
                    let length = self.length(&verb);
                    if length == Some(0) {
                        continue;
                    }
                    let piece = self.piece(Sound::of(&verb, Some(&base)));
                    if let Some(announcement) = self.announcement(target, turn) {
                        announcement.playing.piece = piece;
                    }
                    if let Some(ms) = length {
                        self.after(ms, Timer::Announcement { conference: target.to_owned(), turn });
                    }
                    return;
                }
            }
        }
    }

    fn announced(&mut self, target: &str, turn: u64, event: Event, mut extra: Vec<(String, String)>) {
        let Some(conference) = self.conferences.get_mut(target) else { return };
        let Some(at) = conference.announcements.iter().position(|one| one.turn == turn) else { return };
        let announcement = conference.announcements.remove(at);
        extra.push(("AnnounceUrl".to_owned(), announcement.url));
        self.emit(target, event, announcement.call.as_deref(), extra);
    }

    fn announcement(&mut self, target: &str, turn: u64) -> Option<&mut Announcement> {
        self.conferences.get_mut(target)?.announcements.iter_mut().find(|one| one.turn == turn)
    }
}

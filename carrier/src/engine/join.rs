//! How a leg gets into a conference: by TwiML, or because REST added it (Twilio: TwiML Conference, Participant resource).

use super::{
    Activity, Engine, Hook, Status, Timer,
    call::Plan,
    conference::{Conference, ConferenceStatus, Member},
    dial::Outcome,
    music::Kind,
    run::{Failure, Purpose, Reply},
    words::{Event, Left},
};
use crate::{
    time::Millis,
    twiml::{Dial, Room},
};

/// Twilio's cap on participants.
pub(crate) const MOST_PARTICIPANTS: usize = 250;

/// For so long those in a conference hear that a telephone was busy which they were adding.
const BUSY_MS: Millis = 3_000;

/// Who wants to get into which conference, and how.
#[expect(clippy::struct_excessive_bools, reason = "Twilio's participant is a set of independent switches")]
#[derive(Debug, Clone)]
pub(crate) struct Join {
    /// The name of the conference, which is made if there is none.
    pub(crate) name: String,
    /// For a leg that REST added: the conference that waits for it.
    pub(crate) expected_in: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) muted: bool,
    pub(crate) start_on_enter: bool,
    pub(crate) end_on_exit: bool,
    /// `None`: Twilio's music; an empty URL: silence.
    pub(crate) wait: Option<Hook>,
    pub(crate) max: usize,
    pub(crate) coaching: bool,
    pub(crate) coach: Option<String>,
    /// Those who are in hear it ring meanwhile, if it is a telephone that rings.
    pub(crate) early_media: bool,
    pub(crate) callback: Option<ConferenceCallback>,
}

/// Where a conference reports to, and what.
#[derive(Debug, Clone)]
pub(crate) struct ConferenceCallback {
    pub(crate) hook: Hook,
    pub(crate) events: Vec<String>,
}

impl Join {
    pub(super) fn from_room(room: &Room, resolve: impl Fn(&Hook) -> Hook) -> Self {
        Self {
            name: room.name.clone(),
            expected_in: None,
            label: room.label.clone(),
            muted: room.muted,
            start_on_enter: room.start_on_enter,
            end_on_exit: room.end_on_exit,
            wait: room.wait.as_ref().map(|hook| if hook.url.is_empty() { hook.clone() } else { resolve(hook) }),
            max: room.max,
            coaching: room.coach.is_some(),
            coach: room.coach.clone(),
            early_media: false,
            callback: room
                .status
                .as_ref()
                .map(|hook| ConferenceCallback { hook: resolve(hook), events: room.events.clone() }),
        }
    }
}

/// Why somebody is not let into a conference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("Participant label is in use by another participant")]
    LabelTaken,
    #[error("Participant label invalid (max 128 chars, not CallSid, no '/')")]
    LabelInvalid,
    #[error("Max participants limit reached")]
    Full,
    #[error("Participant to be whispered is not present in the conference")]
    CoachAbsent,
}

impl Refusal {
    /// The code in the debugger when TwiML asked for it.
    pub(super) fn twiml_code(self) -> u32 {
        match self {
            Self::LabelTaken => 16025,
            Self::LabelInvalid => 16023,
            Self::Full => 16020,
            Self::CoachAbsent => 13240,
        }
    }

    /// The code of the error when REST asked for it.
    pub(super) fn rest_code(self) -> u32 {
        match self {
            Self::LabelTaken => 16026,
            Self::LabelInvalid => 16024,
            Self::Full => 16020,
            Self::CoachAbsent => 16028,
        }
    }
}

/// Whether a label is one (Twilio: errors 16023 and 16024).
pub(super) fn label_is_valid(label: &str) -> bool {
    label.chars().count() <= 128
        && !crate::sid::is("CA", label)
        && !label.contains('/')
        && !label.to_ascii_lowercase().contains("%2f")
}

/// Whether somebody may join a conference; `call` is not counted itself if the conference already waits for it.
/// Without a conference, it would be a new one.
pub(super) fn admits(conference: Option<&Conference>, join: &Join, call: Option<&str>) -> Result<(), Refusal> {
    let members = || conference.into_iter().flat_map(|c| &c.members);
    let others = || {
        let present = members().map(|m| (m.call.as_str(), m.label.as_deref()));
        let expected = conference.into_iter().flat_map(|c| &c.expected).map(|e| (e.call.as_str(), e.label.as_deref()));
        present.chain(expected).filter(|(sid, _)| Some(*sid) != call)
    };
    if join.label.as_deref().is_some_and(|label| !label_is_valid(label)) {
        return Err(Refusal::LabelInvalid);
    }
    if join.label.is_some() && others().any(|(_, label)| label == join.label.as_deref()) {
        return Err(Refusal::LabelTaken);
    }
    if others().count() >= conference.map_or(MOST_PARTICIPANTS, |c| c.max.min(MOST_PARTICIPANTS)) {
        return Err(Refusal::Full);
    }
    let present = |coached: &str| members().any(|m| m.connected && m.call == coached && Some(coached) != call);
    match join.coach.as_deref() {
        Some(coached) if join.coaching && !present(coached) => Err(Refusal::CoachAbsent),
        _ => Ok(()),
    }
}

impl Engine {
    /// The conference of that name that is not over.
    pub(super) fn active(&self, account: &str, name: &str) -> Option<&Conference> {
        self.conferences.newest().find(|c| c.account == account && c.name == name && c.ending.is_none())
    }

    /// The conference of that name, made if there is none. Who makes it sets its status callback and its size.
    pub(super) fn active_or_new(&mut self, account: &str, join: &Join) -> String {
        if let Some(conference) = self.active(account, &join.name) {
            return conference.sid.clone();
        }
        let sid = self.sid("CF");
        let conference = Conference::new(&sid, account, join, self.quirks.first_conference_sequence, self.now);
        self.conferences.insert(sid.clone(), conference);
        sid
    }

    /// Brings a leg into a conference. Somebody who will have to wait is let in once their `waitUrl` has answered.
    pub(super) fn meet(&mut self, sid: &str, join: Join, dial: Option<Box<Dial>>) -> Result<(), Refusal> {
        let Some(account) = self.calls.get(sid).map(|call| call.account.clone()) else { return Ok(()) };
        let expected_in = join.expected_in.as_deref();
        let still_there = expected_in.and_then(|c| self.conferences.get(c)).filter(|c| c.ending.is_none());
        let existing = still_there.or_else(|| self.active(&account, &join.name));
        admits(existing, &join, Some(sid))?;
        let target = existing.map(|conference| conference.sid.clone());
        if let Some(expecting) = expected_in.and_then(|c| self.conferences.get_mut(c)) {
            expecting.expected.retain(|expected| expected.call != sid);
        }
        let target = target.unwrap_or_else(|| self.active_or_new(&account, &join));
        let now = self.now;
        let Some(conference) = self.conferences.get_mut(&target) else { return Ok(()) };
        let member = Member::new(sid, &join, dial.is_none(), now);
        let waits = conference.status == ConferenceStatus::Init && !conference.would_start_with(&member);
        conference.members.push(member);
        if let Some(call) = self.calls.get_mut(sid) {
            call.enter(Activity::Meeting { conference: target.clone(), dial });
        }
        match join.wait.filter(|hook| waits && !hook.url.is_empty()) {
            Some(wait) => self.ask(sid, &wait, Vec::new(), Purpose::Wait { call: sid.to_owned(), conference: target }),
            None => self.joined(&target, sid),
        }
        Ok(())
    }

    /// A leg that REST added was answered.
    pub(super) fn meet_as_planned(&mut self, sid: &str, join: Join) {
        if let Err(refusal) = self.meet(sid, join.clone(), None) {
            self.notice(refusal.rest_code(), refusal.to_string(), sid, None);
            // The plan is put back, so that ending the leg reports that it could not be added.
            if let Some(call) = self.calls.get_mut(sid) {
                call.plan = Some(Plan::Join(Box::new(join)));
            }
            self.end(sid, Status::Failed);
        }
    }

    /// The `waitUrl` of somebody who wants to get in has answered.
    pub(super) fn wait_arrived(&mut self, sid: &str, target: &str, answer: Result<Reply, Failure>) {
        let Some(conference) = self.conferences.get(target) else { return };
        let Some(member) = conference.member(sid).filter(|member| !member.connected) else { return };
        let hook = member.wait.clone().unwrap_or(Hook { url: String::new(), method: crate::twiml::Method::Post });
        match answer.and_then(|reply| self.music_document(sid, &hook.url, &reply)) {
            Ok(run) => {
                self.joined(target, sid);
                let waits = self.conferences.get(target).is_some_and(|c| c.status == ConferenceStatus::Init);
                if waits {
                    self.play(target, sid, Kind::Wait, run);
                }
            }
            Err(failure) => {
                self.notice(failure.code, &failure.message, sid, Some(&hook.url));
                self.turned_away(sid, target);
            }
        }
    }

    /// Somebody whose `waitUrl` failed does not get in.
    fn turned_away(&mut self, sid: &str, target: &str) {
        let Some(call) = self.calls.get_mut(sid) else { return };
        let (_, activity) = call.enter(Activity::Idle);
        let added = matches!(activity, Activity::Meeting { dial: None, .. });
        let member = self.conferences.get_mut(target).and_then(|c| c.take(sid));
        if let (Some(member), true) = (&member, added) {
            self.emit_left(target, member, Left::AddFailed);
        }
        if let Activity::Meeting { dial: Some(dial), .. } = activity {
            self.dial_over(sid, *dial, &Outcome::failed());
        } else {
            self.end(sid, Status::Completed);
        }
        self.settle(target, None, false);
    }

    /// Somebody is in: the others learn it, and the conference may start.
    fn joined(&mut self, target: &str, sid: &str) {
        let now = self.now;
        let Some(conference) = self.conferences.get_mut(target) else { return };
        conference.updated = now;
        let Some(member) = conference.member_mut(sid) else { return };
        member.connected = true;
        member.joined = now;
        member.updated = now;
        self.emit(target, Event::Join, Some(sid), Vec::new());
        self.start_if_due(target);
        self.company(target);
    }

    /// A leg that REST added was never answered: the conference that waited for it is told.
    pub(super) fn add_failed(&mut self, sid: &str, join: &Join) {
        let Some(target) = join.expected_in.as_deref() else { return };
        let busy = self.calls.get(sid).is_some_and(|leg| leg.status == Status::Busy && !leg.to.starts_with("client:"));
        let busy_until = self.now + BUSY_MS;
        let Some(conference) = self.conferences.get_mut(target) else { return };
        conference.expected.retain(|expected| expected.call != sid);
        if busy && join.early_media {
            conference.busy_until = busy_until;
        }
        if conference.ending.is_some() {
            return;
        }
        let member = Member::new(sid, join, true, self.now);
        self.emit_left(target, &member, Left::AddFailed);
        if busy && join.early_media {
            self.after(BUSY_MS, Timer::Hush);
        }
        if self.quirks.unjoined_conference_ends {
            self.settle(target, None, false);
        }
    }
}

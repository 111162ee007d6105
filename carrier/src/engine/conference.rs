//! The rules of a conference: when it starts and ends, who is told what, and who leaves why (Twilio: TwiML Conference).

use super::{
    Activity, Engine, Hook, Join, Status,
    announce::Announcement,
    dial::Outcome,
    join::ConferenceCallback,
    music::Music,
    params::Params,
    words::{Ended, Event, Left},
};
use crate::time::{Millis, rfc2822};

/// The state of a conference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConferenceStatus {
    /// Made, and not started: nobody hears anybody.
    Init,
    InProgress,
    Completed,
}

impl ConferenceStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
        }
    }
}

/// A conference of an account.
#[derive(Debug)]
pub(crate) struct Conference {
    pub(crate) sid: String,
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) status: ConferenceStatus,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
    /// The number of the next status callback.
    sequence: u64,
    callback: Option<ConferenceCallback>,
    pub(crate) max: usize,
    /// Those who are in or on the way in, in the order of their coming.
    pub(crate) members: Vec<Member>,
    /// Legs that REST added and that still ring.
    pub(crate) expected: Vec<Expected>,
    pub(crate) ending: Option<Ending>,
    pub(super) announcements: Vec<Announcement>,
    /// Until when those who are in hear that a telephone was busy.
    pub(super) busy_until: Millis,
}

/// A leg that REST added and that was not answered yet.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) call: String,
    pub(crate) label: Option<String>,
}

/// Somebody in a conference.
#[expect(clippy::struct_excessive_bools, reason = "Twilio's participant is a set of independent switches")]
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) call: String,
    pub(crate) label: Option<String>,
    /// False while the `waitUrl` is asked.
    pub(crate) connected: bool,
    pub(crate) muted: bool,
    pub(crate) hold: bool,
    pub(crate) coaching: bool,
    pub(crate) coach: Option<String>,
    pub(crate) start_on_enter: bool,
    pub(crate) end_on_exit: bool,
    /// REST added it; its leg has no document to go back to.
    pub(crate) added: bool,
    pub(crate) wait: Option<Hook>,
    pub(crate) joined: Millis,
    pub(crate) updated: Millis,
    pub(super) music: Option<Music>,
}

impl Member {
    pub(super) fn new(call: &str, join: &Join, added: bool, now: Millis) -> Self {
        Self {
            call: call.to_owned(),
            label: join.label.clone(),
            connected: false,
            muted: join.muted,
            hold: false,
            coaching: join.coaching,
            coach: join.coach.clone(),
            start_on_enter: join.start_on_enter,
            end_on_exit: join.end_on_exit,
            added,
            wait: join.wait.clone(),
            joined: now,
            updated: now,
            music: None,
        }
    }
}

/// How a conference ended.
#[derive(Debug, Clone)]
pub(crate) struct Ending {
    pub(crate) reason: Ended,
    pub(crate) call: Option<String>,
}

impl Conference {
    pub(super) fn new(sid: &str, account: &str, join: &Join, sequence: u64, now: Millis) -> Self {
        Self {
            sid: sid.to_owned(),
            account: account.to_owned(),
            name: join.name.clone(),
            status: ConferenceStatus::Init,
            created: now,
            updated: now,
            sequence,
            callback: join.callback.clone(),
            max: join.max,
            members: Vec::new(),
            expected: Vec::new(),
            ending: None,
            announcements: Vec::new(),
            busy_until: 0,
        }
    }

    pub(crate) fn member(&self, call: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.call == call)
    }

    pub(super) fn member_mut(&mut self, call: &str) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.call == call)
    }

    pub(super) fn take(&mut self, call: &str) -> Option<Member> {
        let at = self.members.iter().position(|member| member.call == call)?;
        Some(self.members.remove(at))
    }

    /// Two are needed, and one of those who may start it.
    fn can_start<'a>(members: impl Iterator<Item = &'a Member>) -> bool {
        let (count, starters) = members
            .fold((0, 0), |(count, starters), member| (count + 1, starters + usize::from(member.start_on_enter)));
        count >= 2 && starters >= 1
    }

    pub(super) fn would_start_with(&self, newcomer: &Member) -> bool {
        Self::can_start(self.members.iter().filter(|member| member.connected).chain([newcomer]))
    }
}

impl Engine {
    /// Starts a conference whose time has come: waiting is over.
    pub(super) fn start_if_due(&mut self, target: &str) {
        let now = self.now;
        let Some(conference) = self.conferences.get_mut(target) else { return };
        let due = conference.status == ConferenceStatus::Init
            && Conference::can_start(conference.members.iter().filter(|member| member.connected));
        if due {
            conference.status = ConferenceStatus::InProgress;
            conference.updated = now;
            for member in conference.members.iter_mut().filter(|member| !member.hold) {
                member.music = None;
            }
            self.emit(target, Event::Start, None, Vec::new());
        }
    }

    /// Whoever has company now may have been waiting for it.
    pub(super) fn company(&mut self, target: &str) {
        let Some(conference) = self.conferences.get(target) else { return };
        let connected = || conference.members.iter().filter(|member| member.connected);
        let lucky: Vec<String> = connected()
            .filter(|one| connected().any(|other| other.call != one.call && !other.hold))
            .map(|one| one.call.clone())
            .collect();
        for call in lucky {
            self.has_company(&call);
        }
    }

    /// Takes a leg out of a conference; what becomes of the leg is the caller's to say.
    pub(super) fn leave(&mut self, sid: &str, target: &str, left: Left, kicked: bool) {
        let now = self.now;
        let Some(conference) = self.conferences.get_mut(target) else { return };
        let Some(member) = conference.take(sid) else { return };
        conference.updated = now;
        if conference.ending.is_some() {
            return;
        }
        if member.connected {
            self.emit_left(target, &member, left);
        } else if member.added {
            self.emit_left(target, &member, Left::AddFailed);
        }
        self.settle(target, Some((&member, member.connected && member.end_on_exit)), kicked);
    }

    /// Ends a conference that somebody's leaving ends. `gone` is who, and whether that was to end it.
    pub(super) fn settle(&mut self, target: &str, gone: Option<(&Member, bool)>, kicked: bool) {
        let Some(conference) = self.conferences.get(target).filter(|c| c.ending.is_none()) else { return };
        let nobody_in = conference.members.is_empty();
        let nobody_coming = conference.expected.is_empty();
        let by = gone.map(|(member, _)| (member.call.clone(), member.label.clone()));
        if gone.is_some_and(|(_, ends)| ends) {
            let reason = if kicked { Ended::EnderKicked } else { Ended::EnderLeft };
            self.end_conference(target, reason, by, Left::ModeratorEnded);
        } else if nobody_in && (gone.is_some_and(|(member, _)| member.connected) || nobody_coming) {
            let reason = if kicked { Ended::LastKicked } else { Ended::LastLeft };
            self.end_conference(target, reason, by, Left::HungUp);
        } else if self.quirks.wait_music_for_the_last {
            self.wait_again(target);
        }
    }

    /// Ends a conference. Those who are still in it go on with their documents; legs that were added hang up, and legs
    /// that were added and still ring go on ringing.
    pub(super) fn end_conference(
        &mut self,
        target: &str,
        reason: Ended,
        by: Option<(String, Option<String>)>,
        left: Left,
    ) {
        let now = self.now;
        let Some(conference) = self.conferences.get_mut(target).filter(|c| c.ending.is_none()) else { return };
        let members = std::mem::take(&mut conference.members);
        conference.announcements.clear();
        conference.status = ConferenceStatus::Completed;
        conference.updated = now;
        let (call, label) = by.unzip();
        let label = label.flatten();
        conference.ending = Some(Ending { reason, call: call.clone() });
        for member in &members {
            self.emit_left(target, member, if member.connected { left } else { Left::AddFailed });
        }
        let mut extra = Params::default();
        extra.put_some("CallSidEndingConference", call);
        extra.put_some("ParticipantLabelEndingConference", label);
        extra.put("ReasonConferenceEnded", reason.as_str());
        extra.put("Reason", reason.told());
        self.emit(target, Event::End, None, extra.0);
        for member in members {
            self.release(&member.call);
        }
    }

    /// A leg is out of its conference: it goes on with its document, or hangs up if it has none.
    pub(super) fn release(&mut self, sid: &str) {
        let Some(call) = self.calls.get_mut(sid) else { return };
        if !matches!(call.activity, Activity::Meeting { .. }) {
            return;
        }
        let (_, activity) = call.enter(Activity::Idle);
        match activity {
            Activity::Meeting { dial: Some(dial), .. } => self.dial_over(sid, *dial, &Outcome::conference()),
            _ => self.end(sid, Status::Completed),
        }
    }

    /// Reports that somebody left.
    pub(super) fn emit_left(&mut self, target: &str, member: &Member, left: Left) {
        let mut extra = member_params(member);
        let status = self.calls.get(&member.call).map_or("completed", |call| call.status.as_str());
        extra.put("ParticipantCallStatus", status);
        extra.put("ReasonParticipantLeft", left.as_str());
        self.emit(target, Event::Leave, None, extra.0);
    }

    /// Sends a status callback, if the conference was made with one and it asks for this.
    pub(super) fn emit(&mut self, target: &str, event: Event, about: Option<&str>, extra: Vec<(String, String)>) {
        let (name, word) = event.names();
        let Some(conference) = self.conferences.get(target) else { return };
        let Some(callback) = conference.callback.as_ref().filter(|c| c.events.iter().any(|one| one == word)) else {
            return;
        };
        let mut params = Params::default();
        params.put("ConferenceSid", &conference.sid);
        params.put("FriendlyName", &conference.name);
        params.put("AccountSid", &conference.account);
        params.put("SequenceNumber", conference.sequence.to_string());
        params.put("Timestamp", rfc2822(self.now));
        params.put("StatusCallbackEvent", name);
        if let Some(member) = about.and_then(|call| conference.member(call)) {
            params.0.extend(member_params(member).0);
        }
        params.0.extend(extra);
        let request = self.request(&conference.account, target, &callback.hook, params.0);
        self.actions.push(super::Action::Notify(request));
        if let Some(conference) = self.conferences.get_mut(target) {
            conference.sequence += 1;
        }
    }
}

fn member_params(member: &Member) -> Params {
    let mut params = Params::default();
    params.put("CallSid", &member.call);
    params.put("Muted", member.muted.to_string());
    params.put("Hold", member.hold.to_string());
    params.put("Coaching", member.coaching.to_string());
    params.put("EndConferenceOnExit", member.end_on_exit.to_string());
    params.put("StartConferenceOnEnter", member.start_on_enter.to_string());
    params.put_some("ParticipantLabel", member.label.as_deref());
    params.put_some("CallSidToCoach", member.coach.as_deref());
    params
}

//! The Participants and Conferences resources: adding, changing and removing whoever is in a conference
//! (Twilio: Conference Participant resource).

use super::{
    Activity, ApiError, Conference, ConferenceStatus, Engine, Hook, Join, Member, Outbound, Plan, Status,
    conference::Expected,
    join::{Refusal, admits},
    music::Kind,
    words::{Ended, Event, Left},
};
use crate::{sid, time::Millis};

/// What is to be changed about a participant; `None` leaves it as it is.
#[derive(Debug, Default)]
pub(crate) struct MemberUpdate {
    pub(crate) muted: Option<bool>,
    pub(crate) hold: Option<bool>,
    pub(crate) hold_music: Option<Hook>,
    pub(crate) announce: Option<Hook>,
    pub(crate) wait: Option<Hook>,
    pub(crate) beep_on_exit: Option<bool>,
    pub(crate) end_on_exit: Option<bool>,
    pub(crate) coaching: Option<bool>,
    pub(crate) coach: Option<String>,
}

/// A participant as REST shows it.
#[expect(clippy::struct_excessive_bools, reason = "Twilio's participant is a set of independent switches")]
#[derive(Debug)]
pub(crate) struct ParticipantView {
    pub(crate) call: String,
    pub(crate) conference: String,
    pub(crate) label: Option<String>,
    pub(crate) muted: bool,
    pub(crate) hold: bool,
    pub(crate) coaching: bool,
    pub(crate) coach: Option<String>,
    pub(crate) start_on_enter: bool,
    pub(crate) end_on_exit: bool,
    pub(crate) status: &'static str,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
    /// Milliseconds; only in the answer to adding it.
    pub(crate) queue_ms: Option<Millis>,
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self::bad(refusal.rest_code(), refusal.to_string())
    }
}

impl Engine {
    /// Adds a participant by calling it. A conference that is named and not there is made; one given by its SID must live.
    pub(crate) fn add_participant(
        &mut self,
        key: &str,
        outbound: Outbound,
        join: Join,
    ) -> Result<ParticipantView, ApiError> {
        self.check_from(&outbound)?;
        let account = outbound.account.clone();
        let mut join = join;
        if sid::is("CF", key) {
            let conference = self.conference(&account, key)?;
            if conference.ending.is_some() {
                return Err(ApiError::bad(16022, "Conference has completed"));
            }
            join.name.clone_from(&conference.name);
        }
        admits(self.active(&account, &join.name), &join, None)?;
        let target = self.active_or_new(&account, &join);
        join.expected_in = Some(target.clone());
        let call = self.place_outbound(outbound, Plan::Join(Box::new(join.clone())));
        if let Some(conference) = self.conferences.get_mut(&target) {
            conference.expected.push(Expected { call: call.clone(), label: join.label.clone() });
        }
        let queue_ms = self.calls.get(&call).map(|call| call.queue_ms);
        let member = Member::new(&call, &join, true, self.now);
        Ok(ParticipantView { queue_ms, ..view(&target, &member, "queued") })
    }

    /// Those who are in a conference or on the way in, in the order of their coming.
    pub(crate) fn participants(&self, account: &str, conference: &str) -> Result<Vec<ParticipantView>, ApiError> {
        let conference = self.conference(account, conference)?;
        Ok(conference.members.iter().map(|member| view(&conference.sid, member, member_status(member))).collect())
    }

    /// One participant, by the SID of its call or its label.
    pub(crate) fn participant(&self, account: &str, conference: &str, key: &str) -> Result<ParticipantView, ApiError> {
        let conference = self.conference(account, conference)?;
        if let Some(member) = find(conference, key) {
            return Ok(view(&conference.sid, member, member_status(member)));
        }
        let call = self.expected(conference, key).and_then(|sid| self.calls.get(sid)).ok_or_else(ApiError::missing)?;
        let Some(Plan::Join(join)) = &call.plan else { return Err(ApiError::missing()) };
        let member = Member::new(&call.sid, join, true, call.created);
        let status = if call.status == Status::Queued { "queued" } else { "ringing" };
        Ok(view(&conference.sid, &member, status))
    }

    /// A leg that still rings for a conference, where such ones can be addressed.
    fn expected<'a>(&self, conference: &'a Conference, key: &str) -> Option<&'a str> {
        let found = conference.expected.iter().find(|one| one.call == key || one.label.as_deref() == Some(key));
        found.filter(|_| self.quirks.ringing_participants_addressable).map(|one| one.call.as_str())
    }

    /// Changes a participant, and tells it.
    pub(crate) fn update_participant(
        &mut self,
        account: &str,
        conference: &str,
        key: &str,
        update: MemberUpdate,
    ) -> Result<ParticipantView, ApiError> {
        let room = self.conference(account, conference)?;
        let (target, started) = (room.sid.clone(), room.status == ConferenceStatus::InProgress);
        let member = find(room, key).ok_or_else(ApiError::missing)?;
        if update.announce.is_some() && !started && self.quirks.announce_needs_start {
            return Err(ApiError::bad(16001, "Conference is not bridged"));
        }
        let coach = update.coach.as_deref().or(member.coach.as_deref());
        let coaching = update.coaching.unwrap_or(if update.coach.is_some() { true } else { member.coaching });
        if coaching && (update.coaching.is_some() || update.coach.is_some()) {
            let coached =
                coach.and_then(|sid| room.member(sid)).filter(|other| other.connected && other.call != member.call);
            match coached {
                None => return Err(Refusal::CoachAbsent.into()),
                Some(coached) if coached.hold => {
                    return Err(ApiError::bad(16027, "Participant to be coached is on hold"));
                }
                Some(_) => {}
            }
        }
        let sid = member.call.clone();
        self.change(&target, &sid, update, coaching);
        self.participant(account, &target, &sid)
    }

    fn change(&mut self, target: &str, sid: &str, update: MemberUpdate, coaching: bool) {
        let (now, frozen) = (self.now, self.quirks.hold_freezes_end_on_exit);
        let Some(member) = self.conferences.get_mut(target).and_then(|c| c.member_mut(sid)) else { return };
        member.updated = now;
        let was_held = member.hold;
        let mut events = Vec::new();
        if let Some(muted) = update.muted.filter(|muted| *muted != member.muted) {
            member.muted = muted;
            events.push(if muted { Event::Mute } else { Event::Unmute });
        }
        if let Some(hold) = update.hold.filter(|hold| *hold != member.hold) {
            member.hold = hold;
            events.push(if hold { Event::Hold } else { Event::Unhold });
        }
        let mut modified = false;
        // On hold this is accepted and does nothing.
        if let Some(end) = update.end_on_exit.filter(|end| *end != member.end_on_exit && !(was_held && frozen)) {
            member.end_on_exit = end;
            modified = true;
        }
        let coach = if coaching { update.coach.or_else(|| member.coach.clone()) } else { member.coach.clone() };
        if coaching != member.coaching || coach != member.coach {
            member.coaching = coaching;
            member.coach = coach;
            modified = true;
        }
        if let Some(wait) = update.wait {
            modified |= member.wait.as_ref() != Some(&wait);
            member.wait = Some(wait);
        }
        let hold = member.hold;
        let wait = member.wait.clone();
        if modified || update.beep_on_exit.is_some() {
            events.push(Event::Modify);
        }
        for event in events {
            self.emit(target, event, Some(sid), Vec::new());
        }
        if hold && (!was_held || update.hold_music.is_some()) {
            self.ask_music(target, sid, Kind::Hold, update.hold_music);
        } else if was_held && !hold {
            let waits = self.conferences.get(target).is_some_and(|c| c.status == ConferenceStatus::Init);
            self.ask_music(target, sid, Kind::Wait, wait.filter(|_| waits));
            self.company(target);
        }
        if let Some(hook) = update.announce {
            self.announce(target, Some(sid), &hook);
        }
    }

    /// Removes a participant. Its leg goes on with its document, or hangs up if it was added.
    pub(crate) fn kick(&mut self, account: &str, conference: &str, key: &str) -> Result<(), ApiError> {
        let room = self.conference(account, conference)?;
        let target = room.sid.clone();
        if let Some(member) = find(room, key) {
            let sid = member.call.clone();
            self.leave(&sid, &target, Left::UpdatedViaApi, true);
            self.release(&sid);
            return Ok(());
        }
        let ringing = self.expected(room, key).ok_or_else(ApiError::missing)?.to_owned();
        self.end(&ringing, Status::Canceled);
        Ok(())
    }

    /// Ends a conference for everybody.
    pub(crate) fn complete_conference(&mut self, account: &str, conference: &str) -> Result<(), ApiError> {
        let target = self.live(account, conference)?;
        self.end_conference(&target, Ended::ViaApi, None, Left::ConferenceEndedViaApi);
        Ok(())
    }

    /// Plays something to everybody.
    pub(crate) fn announce_to_all(&mut self, account: &str, conference: &str, hook: &Hook) -> Result<(), ApiError> {
        let target = self.live(account, conference)?;
        let started = self.conferences.get(&target).is_some_and(|c| c.status == ConferenceStatus::InProgress);
        if !started && self.quirks.announce_needs_start {
            return Err(ApiError::bad(16001, "Conference is not bridged"));
        }
        self.announce(&target, None, hook);
        Ok(())
    }

    /// A conference of an account, by its SID.
    pub(crate) fn conference(&self, account: &str, key: &str) -> Result<&Conference, ApiError> {
        self.conferences.get(key).filter(|conference| conference.account == account).ok_or_else(ApiError::missing)
    }

    fn live(&self, account: &str, key: &str) -> Result<String, ApiError> {
        let conference = self.conference(account, key)?;
        if conference.ending.is_some() {
            return Err(ApiError::bad(16022, "Conference has completed"));
        }
        Ok(conference.sid.clone())
    }

    /// Whether a leg is in a conference and heard there.
    pub(crate) fn member_of(&self, call: &super::Call) -> Option<&Member> {
        match &call.activity {
            Activity::Meeting { conference, .. } => self.conferences.get(conference)?.member(&call.sid),
            _ => None,
        }
    }
}

fn find<'a>(conference: &'a Conference, key: &str) -> Option<&'a Member> {
    conference.members.iter().find(|member| member.call == key || member.label.as_deref() == Some(key))
}

fn member_status(member: &Member) -> &'static str {
    if member.connected { "connected" } else { "connecting" }
}

fn view(conference: &str, member: &Member, status: &'static str) -> ParticipantView {
    ParticipantView {
        call: member.call.clone(),
        conference: conference.to_owned(),
        label: member.label.clone(),
        muted: member.muted,
        hold: member.hold,
        coaching: member.coaching,
        coach: member.coach.clone(),
        start_on_enter: member.start_on_enter,
        end_on_exit: member.end_on_exit,
        status,
        created: member.joined,
        updated: member.updated,
        queue_ms: None,
    }
}

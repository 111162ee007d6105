//! What the carrier says. Observations come late, twice and in any order; the carrier owns the truth about calls, so
//! none is refused, and one that says nothing new changes nothing.

use super::{
    super::{Command, EffectKind, Event, Floor, LegNews, OfferEnd},
    added::{added_gone, added_left},
    device::broke,
    dial::{further, gone},
    guests::{guest_leaves, lost, put_down, uninvited},
    moves::{park_now, set_aside},
    voicemail::{left, let_go as released, voicemail_began, voicemail_failed},
};
use crate::{
    call::{Call, Direction, Failure, Leg, LegEnd, LegState, OfferReason, Outside, Pending, Place, Via},
    history::HungUpBy,
    id::{CallId, LegId, LegRef},
};

impl Floor {
    pub(super) fn decide_observation(&self, observation: &Command) -> Vec<Event> {
        match observation {
            Command::ObserveCall { call, caller, line } => {
                if self.knows(call) {
                    return Vec::new();
                }
                vec![Event::Arrived { call: call.clone(), caller: caller.clone(), line: line.clone() }]
            }
            Command::ObserveClosed { call, caller, line } => {
                if self.knows(call) {
                    return Vec::new();
                }
                vec![Event::TurnedAway { call: call.clone(), caller: caller.clone(), line: line.clone() }]
            }
            Command::ObserveRoom { call, room } => self.on(call, |call| {
                // Whoever is in the room has answered.
                let mut events = further(call, Outside::Connected, None);
                if call.room.as_ref() != Some(room) {
                    events.push(Event::RoomOpened { call: call.id.clone(), room: room.clone() });
                }
                events
            }),
            Command::ObserveDevice { agent, news } => self.decide_device(agent, *news),
            Command::ObserveOutside { call, news, reference } => self.decide_outside(call, news, reference.as_ref()),
            Command::ObserveHeld { call } => self.on(call, |call| match &call.pending {
                Some(Pending::Park { slot, by, .. }) if call.held => park_now(call, *slot, by),
                _ => Vec::new(),
            }),
            Command::CompareHold { call, held } => self.on(call, |call| compare_hold(call, *held)),
            Command::ObserveVoicemail { call, agent } => self.on(call, |call| voicemail_began(call, agent)),
            Command::ObserveMessage { call, agent } => self.decide_message(call, agent),
            Command::ObserveLeft { call, room } => self.on(call, |call| left(call, room)),
            Command::ObserveEnd { call } => {
                self.on(call, |call| vec![Event::Ended { call: call.id.clone(), by: ended_by(call, HungUpBy::Caller) }])
            }
            Command::ObserveLeg { call, leg, news, reference } => match self.calls.get(call) {
                Some(call) => self.decide_leg(call, *leg, news, reference.as_ref()),
                None => self.decide_late_leg(call, *leg, news, reference.as_ref()),
            },
            Command::ObserveFailure { call, effect, failure } => {
                self.on(call, |call| self.decide_failure(call, effect, failure))
            }
            _ => Vec::new(),
        }
    }

    fn knows(&self, call: &CallId) -> bool {
        self.calls.contains_key(call) || self.ended(call).is_some()
    }

    fn on(&self, call: &CallId, decide: impl FnOnce(&Call) -> Vec<Event>) -> Vec<Event> {
        self.calls.get(call).map(decide).unwrap_or_default()
    }

    fn decide_leg(&self, call: &Call, id: LegId, news: &LegNews, reference: Option<&LegRef>) -> Vec<Event> {
        let Some(leg) = call.leg(id) else { return Vec::new() };
        let state = state_of(news);
        let new_reference = reference.filter(|_| leg.reference.is_none());
        // A mobile phone that was called twice, because nobody learned of the first time: the other call is no news of this.
        let other = leg.reference.is_some() && reference.is_some_and(|said| leg.reference.as_ref() != Some(said));
        if (other && leg.via == Via::Mobile)
            || leg.state == LegState::Gone
            || (state <= leg.state && new_reference.is_none())
        {
            return Vec::new();
        }
        let mut events = vec![Event::LegMoved {
            call: call.id.clone(),
            leg: id,
            state: state.max(leg.state),
            reference: new_reference.cloned(),
        }];
        if state > leg.state {
            events.extend(match news {
                LegNews::Dialing | LegNews::Ringing => let_go(call, leg),
                LegNews::Joined if !self.wants(&call.id, id) => intruded(call),
                LegNews::Joined => self.answered(call, leg),
                LegNews::Gone(end) => self.decide_leg_gone(call, leg, *end),
            });
        }
        events
    }

    fn answered(&self, call: &Call, leg: &Leg) -> Vec<Event> {
        let Some(offer) = call.offer.as_ref().filter(|offer| offer.leg == leg.id) else { return Vec::new() };
        let agent = &offer.agent;
        let mut events = set_aside(self, agent, &call.id);
        if offer.reason == OfferReason::Invited {
            events.push(Event::GuestJoined { call: call.id.clone(), agent: agent.clone(), leg: leg.id });
            return events;
        }
        events.extend(let_go(call, leg));
        events.push(Event::Answered { call: call.id.clone(), agent: agent.clone(), leg: leg.id });
        // Whoever comes back to a caller whom they had put on hold finds them on hold.
        if call.held && !(call.stays_held && offer.reason == OfferReason::Rejoined) {
            events.push(Event::CallerResumed { call: call.id.clone() });
        }
        events
    }

    fn decide_leg_gone(&self, call: &Call, leg: &Leg, end: LegEnd) -> Vec<Event> {
        if let Place::Agent { agent, leg: talking } = &call.place
            && *talking == leg.id
        {
            if let Some(Pending::Park { slot, by, .. }) = &call.pending {
                return park_now(call, *slot, by);
            }
            // Their room ended because the caller left it for the voicemail: that is letting go.
            if matches!(call.pending, Some(Pending::Voicemail { .. })) {
                return released(call).into_iter().collect();
            }
            if call.broken.is_some() {
                return Vec::new();
            }
            if call.outside != Outside::Connected {
                let by = ended_by(call, HungUpBy::Agent(agent.clone()));
                return vec![Event::Ended { call: call.id.clone(), by }];
            }
            let mut events: Vec<_> = uninvited(call).into_iter().collect();
            let moving = call.offer.is_some() && events.is_empty();
            events.extend(match moving {
                // The one who transfers left before the colleague's phone rang: that is letting go.
                true => {
                    vec![Event::Released { call: call.id.clone(), agent: agent.clone(), leg: leg.id, wrap_up: true }]
                }
                false if call.pending.is_none() && self.has_page(call, agent, leg.id) => broke(call, agent, leg.id),
                false if call.pending.is_none() && call.is_mobile(leg.id) => put_down(call, agent, leg.id),
                false => lost(call, agent, leg.id, call.held),
            });
            return events;
        }
        if let Some(guest) = call.guests.iter().find(|guest| guest.leg == leg.id) {
            return guest_leaves(call, &guest.agent);
        }
        if call.added(leg.id).is_some() {
            return vec![added_gone(call, leg, end)];
        }
        match &call.offer {
            Some(offer) if offer.leg == leg.id && end == LegEnd::Completed && offer.reason == OfferReason::Invited => {
                let mut events = self.answered(call, leg);
                events.push(Event::GuestLeft { call: call.id.clone(), agent: offer.agent.clone(), leg: leg.id });
                events
            }
            // It was connected and is over already: the news of the answer is late.
            Some(offer) if offer.leg == leg.id && end == LegEnd::Completed => {
                let mut events = self.answered(call, leg);
                events.extend(if call.is_mobile(leg.id) {
                    put_down(call, &offer.agent, leg.id)
                } else {
                    lost(call, &offer.agent, leg.id, false)
                });
                events
            }
            Some(offer) if offer.leg == leg.id => self.offer_over(call, offer, OfferEnd::Failed(end.into())),
            _ => Vec::new(),
        }
    }

    /// News of a leg of a call that is over. One that still comes through must be ended; one that had talked puts the
    /// history right.
    fn decide_late_leg(&self, call: &CallId, id: LegId, news: &LegNews, reference: Option<&LegRef>) -> Vec<Event> {
        let Some((ended, leg)) = self.ended(call).zip(self.leg(call, id)).filter(|(_, leg)| leg.state < LegState::Gone)
        else {
            return Vec::new();
        };
        let state = state_of(news);
        let new_reference = reference.filter(|_| leg.reference.is_none());
        match (news, &leg.agent) {
            // In a call that we placed, whether it was answered is what the news of the person outside say.
            (LegNews::Gone(LegEnd::Completed), Some(agent))
                if ended.record.answered.is_none() && ended.record.direction == Direction::Inbound =>
            {
                vec![Event::AnswerNoted { call: call.clone(), agent: agent.clone(), leg: id }]
            }
            _ if state > leg.state || new_reference.is_some() => vec![Event::LegMoved {
                call: call.clone(),
                leg: id,
                state: state.max(leg.state),
                reference: new_reference.cloned(),
            }],
            _ => Vec::new(),
        }
    }

    fn decide_failure(&self, call: &Call, effect: &EffectKind, failure: &Failure) -> Vec<Event> {
        let failed = || vec![Event::MoveFailed { call: call.id.clone(), failure: failure.clone() }];
        match (effect, &call.pending, &call.offer) {
            // The leg is not taken for gone: a request that seemed to fail may have got through, and is then ended.
            (EffectKind::Ring { leg, .. }, _, Some(offer)) if offer.leg == *leg => {
                self.offer_over(call, offer, OfferEnd::Failed(failure.clone()))
            }
            (EffectKind::Add { leg }, _, _) if call.added(*leg).is_some() && !call.is_joined(*leg) => {
                vec![added_left(call, *leg, Some(failure.clone()))]
            }
            (EffectKind::Dial, _, _) if call.outside != Outside::Connected => gone(call, LegEnd::Unreachable),
            (EffectKind::Hold, Some(Pending::Park { .. }), _) => {
                let mut events = vec![Event::CallerResumed { call: call.id.clone() }];
                events.extend(failed());
                events
            }
            // The caller could not be put on hold for a transfer: the one who talks goes on talking.
            (EffectKind::Hold, _, Some(offer))
                if offer.reason == OfferReason::Transferred && call.talking_to().is_some() =>
            {
                self.offer_over(call, offer, OfferEnd::Failed(failure.clone()))
            }
            (EffectKind::Voicemail { agent }, Some(Pending::Voicemail { agent: to, .. }), _) if agent == to => {
                voicemail_failed(call, failure.clone())
            }
            (EffectKind::HangUp, Some(Pending::HangUp { .. }), _) => hang_up_failed(call, failure.clone()),
            (EffectKind::Resume, _, _) if call.talking_to().is_some() => failed(),
            _ => Vec::new(),
        }
    }
}

/// Who ended a call: whoever asked for it, else `other`.
pub(super) fn ended_by(call: &Call, other: HungUpBy) -> HungUpBy {
    match &call.pending {
        Some(Pending::HangUp { by, .. }) => HungUpBy::Agent(by.clone()),
        _ => other,
    }
}

fn state_of(news: &LegNews) -> LegState {
    match news {
        LegNews::Dialing => LegState::Dialing,
        LegNews::Ringing => LegState::Ringing,
        LegNews::Joined => LegState::Joined,
        LegNews::Gone(_) => LegState::Gone,
    }
}

/// The colleague's phone is on its way: the one who transfers is free.
fn let_go(call: &Call, leg: &Leg) -> Vec<Event> {
    match (&call.place, &call.offer) {
        (Place::Agent { agent, leg: talking }, Some(offer))
            if offer.leg == leg.id && !matches!(offer.reason, OfferReason::Rejoined | OfferReason::Invited) =>
        {
            vec![Event::Released { call: call.id.clone(), agent: agent.clone(), leg: *talking, wrap_up: true }]
        }
        _ => Vec::new(),
    }
}

/// An agent whose ring was over came into the room: they are sent out again, and the caller hears music meanwhile.
fn intruded(call: &Call) -> Vec<Event> {
    let alone = call.talking_to().is_none() && !call.held && !matches!(call.place, Place::Voicemail { .. });
    alone.then(|| Event::CallerHeld { call: call.id.clone() }).into_iter().collect()
}

/// The carrier says otherwise than the floor whether the caller is on hold: it is asked again.
fn compare_hold(call: &Call, held: bool) -> Vec<Event> {
    let elsewhere = matches!(call.place, Place::Voicemail { .. });
    if call.pending.is_some() || call.offer.is_some() || elsewhere {
        return Vec::new();
    }
    let id = || call.id.clone();
    match (call.talking_to(), held) {
        (Some(_), true) if !call.held => vec![Event::CallerResumed { call: id() }],
        (None, true) if !call.held => vec![Event::CallerHeld { call: id() }],
        (_, false) if call.held => vec![Event::CallerHeld { call: id() }],
        _ => Vec::new(),
    }
}

/// The call goes on; whoever talks must hear the caller, whom a park that was overtaken may have put on hold.
pub(super) fn hang_up_failed(call: &Call, failure: Failure) -> Vec<Event> {
    let mut events = vec![Event::MoveFailed { call: call.id.clone(), failure }];
    if call.held && call.talking_to().is_some() && call.broken.is_none() {
        events.push(Event::CallerResumed { call: call.id.clone() });
    }
    events.extend(left_alone(call));
    events
}

/// Whoever had talked to them is gone, and what was to become of them did not: they hear music.
pub(super) fn left_alone(call: &Call) -> Option<Event> {
    let alone = call.place == Place::Queue && call.answered.is_some() && !call.held;
    alone.then(|| Event::CallerHeld { call: call.id.clone() })
}

//! What the carrier says. Observations come late, twice and in any order; the carrier owns the truth about calls, so
//! none is refused, and one that says nothing new changes nothing.

use super::{
    super::{Command, EffectKind, Event, Floor, LegNews, OfferEnd},
    moves::park_now,
};
use crate::{
    call::{Call, Failure, Leg, LegEnd, LegState, OfferReason, Pending, Place},
    history::HungUpBy,
    id::{CallId, LegId, LegRef},
};

impl Floor {
    pub(super) fn decide_observation(&self, observation: &Command) -> Vec<Event> {
        match observation {
            Command::ObserveCall { call, caller, line } => {
                if self.calls.contains_key(call) || self.ended(call).is_some() {
                    return Vec::new();
                }
                vec![Event::Arrived { call: call.clone(), caller: caller.clone(), line: line.clone() }]
            }
            Command::ObserveRoom { call, room } => self.on(call, |call| {
                if call.room.as_ref() == Some(room) {
                    return Vec::new();
                }
                vec![Event::RoomOpened { call: call.id.clone(), room: room.clone() }]
            }),
            Command::ObserveHeld { call } => self.on(call, |call| match &call.pending {
                Some(Pending::Park { slot, by, .. }) if call.held => park_now(call, *slot, by),
                _ => Vec::new(),
            }),
            Command::ObserveEnd { call } => self.on(call, |call| {
                let by = match &call.pending {
                    Some(Pending::HangUp { by, .. }) => HungUpBy::Agent(by.clone()),
                    _ => HungUpBy::Caller,
                };
                vec![Event::Ended { call: call.id.clone(), by }]
            }),
            Command::ObserveLeg { call, leg, news, reference } => match self.calls.get(call) {
                Some(call) => self.decide_leg(call, *leg, news, reference.as_ref()),
                None => self.decide_late_leg(call, *leg, news),
            },
            Command::ObserveFailure { call, effect, failure } => {
                self.on(call, |call| self.decide_failure(call, effect, failure))
            }
            _ => Vec::new(),
        }
    }

    fn on(&self, call: &CallId, decide: impl FnOnce(&Call) -> Vec<Event>) -> Vec<Event> {
        self.calls.get(call).map(decide).unwrap_or_default()
    }

    fn decide_leg(&self, call: &Call, id: LegId, news: &LegNews, reference: Option<&LegRef>) -> Vec<Event> {
        let Some(leg) = call.leg(id) else { return Vec::new() };
        let state = state_of(news);
        let new_reference = reference.filter(|_| leg.reference.is_none());
        if leg.state == LegState::Gone || (state <= leg.state && new_reference.is_none()) {
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
                LegNews::Joined => answered(call, leg),
                LegNews::Gone(end) => self.decide_leg_gone(call, leg, *end),
            });
        }
        events
    }

    fn decide_leg_gone(&self, call: &Call, leg: &Leg, end: LegEnd) -> Vec<Event> {
        if matches!(&call.place, Place::Agent { leg: talking, .. } if *talking == leg.id) {
            return match &call.offer {
                // The one who transfers left before the colleague's phone rang: that is letting go.
                Some(_) => vec![Event::Released {
                    call: call.id.clone(),
                    agent: leg.agent.clone(),
                    leg: leg.id,
                    wrap_up: true,
                }],
                None => lost(call, leg, call.held),
            };
        }
        match &call.offer {
            // It was connected and is over already: the news of the answer is late.
            Some(offer) if offer.leg == leg.id && end == LegEnd::Completed => {
                let mut events = answered(call, leg);
                events.extend(lost(call, leg, false));
                events
            }
            Some(offer) if offer.leg == leg.id => self.offer_over(call, offer, OfferEnd::Failed(end.into())),
            _ => Vec::new(),
        }
    }

    /// News of a leg of a call that is over: if it says that the agent had answered, the history is put right.
    fn decide_late_leg(&self, call: &CallId, leg: LegId, news: &LegNews) -> Vec<Event> {
        let talked = matches!(news, LegNews::Joined | LegNews::Gone(LegEnd::Completed));
        let Some(leg) = self.leg(call, leg).filter(|leg| talked && leg.state < LegState::Joined) else {
            return Vec::new();
        };
        vec![Event::AnswerNoted { call: call.clone(), agent: leg.agent.clone(), leg: leg.id }]
    }

    fn decide_failure(&self, call: &Call, effect: &EffectKind, failure: &Failure) -> Vec<Event> {
        let failed = || vec![Event::MoveFailed { call: call.id.clone(), failure: failure.clone() }];
        match (effect, &call.pending, &call.offer) {
            (EffectKind::Ring { leg, .. }, _, Some(offer)) if offer.leg == *leg => {
                let gone = Event::LegMoved { call: call.id.clone(), leg: *leg, state: LegState::Gone, reference: None };
                let mut events = vec![gone];
                events.extend(self.offer_over(call, offer, OfferEnd::Failed(failure.clone())));
                events
            }
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
            (EffectKind::HangUp, Some(Pending::HangUp { .. }), _) => failed(),
            (EffectKind::Resume, _, _) if call.talking_to().is_some() => failed(),
            _ => Vec::new(),
        }
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
        (Place::Agent { agent, leg: talking }, Some(offer)) if offer.leg == leg.id => {
            vec![Event::Released { call: call.id.clone(), agent: agent.clone(), leg: *talking, wrap_up: true }]
        }
        _ => Vec::new(),
    }
}

/// The caller is alone: they hear music until the next agent answers.
fn lost(call: &Call, leg: &Leg, held: bool) -> Vec<Event> {
    let mut events = vec![Event::AgentLost { call: call.id.clone(), agent: leg.agent.clone(), leg: leg.id }];
    if !held {
        events.push(Event::CallerHeld { call: call.id.clone() });
    }
    events
}

fn answered(call: &Call, leg: &Leg) -> Vec<Event> {
    if call.offer.as_ref().is_none_or(|offer| offer.leg != leg.id) {
        return Vec::new();
    }
    let mut events = let_go(call, leg);
    events.push(Event::Answered { call: call.id.clone(), agent: leg.agent.clone(), leg: leg.id });
    if call.held {
        events.push(Event::CallerResumed { call: call.id.clone() });
    }
    events
}

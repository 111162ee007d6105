//! What programs elsewhere are told of an event. Its type follows from the floor before it, where an offer still says why
//! somebody was rung; the call is told as it is after it.

use super::{Command, Event, Floor, Intent, Recorded};
use crate::{
    call::{Call, LegState, Offer, OfferReason, Outside, Pending, Place},
    history::HungUpBy,
    id::{AgentId, CallId},
    webhooks::{EventType, LiveCall, Message, PastCall, Told},
};

/// An event that is to be told.
pub(super) struct Notable {
    event: EventType,
    call: CallId,
    agent: Option<AgentId>,
    by: Option<AgentId>,
}

impl Floor {
    /// Whether an event, which is not folded in yet, is to be told. `command` is what made it happen, unless the queue did;
    /// `then` is what happens next at the same moment.
    pub(super) fn notable(&self, event: &Event, command: Option<&Command>, then: &[Event]) -> Option<Notable> {
        let asked = match command {
            Some(Command::Ask { by, intent }) => Some((by, intent)),
            _ => None,
        };
        let whoever = || asked.map(|(by, _)| by.clone());
        let told = |event, call: &CallId, agent: Option<&AgentId>, by: Option<AgentId>| {
            Some(Notable { event, call: call.clone(), agent: agent.cloned(), by })
        };
        match event {
            Event::Arrived { call, .. } => told(EventType::Arrived, call, None, None),
            Event::Dialed { call, agent, .. } => told(EventType::Dialed, call, Some(agent), Some(agent.clone())),
            // An agent whose line broke comes back to a call that they have.
            Event::Offered { reason: OfferReason::Rejoined, .. } => None,
            Event::Offered { call, agent, by, .. } => told(EventType::Ringing, call, Some(agent), by.clone()),
            Event::Answered { call, agent, .. } => {
                let offer = self.calls.get(call)?.offer.as_ref();
                told(answer(offer)?, call, Some(agent), offer.and_then(|offer| offer.by.clone()))
            }
            Event::OutsideMoved { call, state: Outside::Connected, .. } => {
                let known = self.calls.get(call).filter(|call| call.outside != Outside::Connected)?;
                told(EventType::Answered, call, known.talking_to(), None)
            }
            // Callers are held for many reasons of the floor's own; it is news when somebody asked for it.
            Event::CallerHeld { call } if matches!(asked, Some((_, Intent::Hold { .. }))) => {
                told(EventType::Held, call, self.calls.get(call).and_then(Call::talking_to), whoever())
            }
            Event::CallerResumed { call } if matches!(asked, Some((_, Intent::Resume { .. }))) => {
                told(EventType::Resumed, call, self.calls.get(call).and_then(Call::talking_to), whoever())
            }
            Event::Parked { call, by, .. } => told(EventType::Parked, call, None, Some(by.clone())),
            Event::Requeued { call, by } => told(EventType::Queued, call, None, by.clone()),
            Event::AgentLost { call, agent, .. } if is_left(call, then) => {
                let known = self.calls.get(call).filter(|call| !is_promised(call));
                known.and_then(|_| told(EventType::Queued, call, Some(agent), None))
            }
            // A call that is on its way to somebody waits for nobody else, until they are no longer rung.
            Event::Released { call, agent, .. } if is_left(call, then) => {
                let known = self.calls.get(call).filter(|call| call.offer.is_none() && !is_promised(call));
                known.and_then(|_| told(EventType::Queued, call, Some(agent), None))
            }
            Event::OfferEnded { call, .. } if is_left(call, then) => {
                let known = self.calls.get(call).filter(|call| is_let_go(call) && !is_promised(call));
                known.and_then(|_| told(EventType::Queued, call, None, whoever()))
            }
            Event::GuestJoined { call, agent, .. } => {
                let by = self.calls.get(call).and_then(|call| call.offer.as_ref()?.by.clone());
                told(EventType::Joined, call, Some(agent), by)
            }
            Event::GuestLeft { call, agent, .. } => told(EventType::Left, call, Some(agent), whoever()),
            // Somebody outside has no name among us: the call says by number who is in it.
            Event::LegMoved { call, leg, state: LegState::Joined, .. } => {
                let known = self.calls.get(call).filter(|call| call.added(*leg).is_some() && !call.is_joined(*leg));
                known.and_then(|_| told(EventType::Joined, call, None, None))
            }
            Event::AddedLeft { call, leg, .. } => {
                let known = self.calls.get(call).filter(|call| call.is_joined(*leg));
                known.and_then(|_| told(EventType::Left, call, None, whoever()))
            }
            // Whoever was let go of on the way to a voicemail that they do not get to, or to be hung up, waits after all.
            Event::MoveFailed { call, .. } if is_left(call, then) => {
                let known = self.calls.get(call).filter(|call| is_promised(call));
                let let_go = known.is_some_and(|call| call.place == Place::Queue && call.answered.is_some());
                if let_go { told(EventType::Queued, call, None, None) } else { None }
            }
            Event::VoicemailBegan { call, agent } => {
                let by = match &self.calls.get(call)?.pending {
                    Some(Pending::Voicemail { by, .. }) => by.clone(),
                    _ => None,
                };
                told(EventType::Voicemail, call, Some(agent), by)
            }
            Event::MessageLeft { call, agent } => told(EventType::MessageLeft, call, Some(agent), None),
            Event::TookOver { call, agent, .. } => told(EventType::Transferred, call, Some(agent), whoever()),
            Event::Ended { call, by } => {
                let by = match by {
                    HungUpBy::Agent(agent) => Some(agent.clone()),
                    HungUpBy::Caller => None,
                };
                told(EventType::Ended, call, self.calls.get(call)?.handled_by.as_ref(), by)
            }
            Event::TurnedAway { call, .. } => told(EventType::Ended, call, None, None),
            Event::AnswerNoted { call, agent, .. } => told(EventType::Corrected, call, Some(agent), None),
            _ => None,
        }
    }

    /// The message, now that the event is folded in.
    pub(super) fn tell(&self, notable: Notable, recorded: &Recorded) -> Option<Message> {
        let call = match self.calls.get(&notable.call) {
            Some(call) => Told::Live(LiveCall::from(call)),
            None => Told::Past(PastCall::from(&self.ended(&notable.call)?.record)),
        };
        let Notable { event, agent, by, .. } = notable;
        Some(Message { event, sequence: recorded.version, at: recorded.at, agent, by, call })
    }
}

/// Whether nothing that happens at the same moment says otherwise of a call which an agent has no more: somebody has it then,
/// or is rung for it, it is parked, or is told of as one that waits anyway.
fn is_left(left: &CallId, then: &[Event]) -> bool {
    !then.iter().any(|event| match event {
        Event::Answered { call, .. }
        | Event::TookOver { call, .. }
        | Event::Offered { call, .. }
        | Event::ParkRequested { call, .. }
        | Event::Parked { call, .. }
        | Event::Requeued { call, .. }
        | Event::VoicemailRequested { call, .. }
        | Event::VoicemailBegan { call, .. }
        | Event::Ended { call, .. } => call == left,
        _ => false,
    })
}

/// Whether somebody is rung for a call which the one who transfers it has let go of.
fn is_let_go(call: &Call) -> bool {
    let transfer = |offer: &Offer| matches!(offer.reason, OfferReason::Transferred | OfferReason::Returned);
    call.place == Place::Queue && call.offer.as_ref().is_some_and(transfer)
}

/// Whether it waits for nobody: it is being ended, or on its way to a voicemail.
fn is_promised(call: &Call) -> bool {
    matches!(call.pending, Some(Pending::HangUp { .. } | Pending::Voicemail { .. }))
}

/// What an agent's answer is, by why they were rung.
fn answer(offer: Option<&Offer>) -> Option<EventType> {
    match offer?.reason {
        OfferReason::Routed | OfferReason::Picked | OfferReason::Returned => Some(EventType::Answered),
        OfferReason::Transferred => Some(EventType::Transferred),
        OfferReason::Retrieved | OfferReason::Recalled => Some(EventType::Retrieved),
        OfferReason::Rejoined | OfferReason::Invited => None,
    }
}

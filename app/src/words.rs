//! What the rules say, in the reader's language and with people's names.

use switchyard::{
    agent::{Presence, Role, Status},
    call::{Call, Caller, Failure, Notice, OfferReason, Place},
    floor::{Floor, Refusal, Target},
    history::ERASED,
    id::{AgentId, CallId},
    phone,
};

use crate::{api::AskError, lang::Lang, say};

/// The person outside: their name, else their number.
pub(crate) fn who(lang: Lang, caller: &Caller) -> String {
    match &caller.name {
        Some(name) if !name.is_empty() => name.clone(),
        _ => number(lang, caller),
    }
}

/// The number of the person outside, readable.
pub(crate) fn number(lang: Lang, caller: &Caller) -> String {
    if caller.number == ERASED {
        say!(lang, call.erased).to_owned()
    } else if caller.number.starts_with('+') {
        phone::readable(&caller.number)
    } else if caller.number.bytes().any(|byte| byte.is_ascii_digit()) {
        caller.number.clone()
    } else {
        say!(lang, call.withheld).to_owned()
    }
}

/// `Call with …`.
pub(crate) fn call_with(lang: Lang, caller: &Caller) -> String {
    say!(lang, call.with, who = who(lang, caller))
}

/// An agent's name.
pub(crate) fn name<'a>(lang: Lang, floor: &'a Floor, agent: &AgentId) -> &'a str {
    floor.agents.get(agent).map_or(say!(lang, refusal.somebody), |agent| &agent.profile.name)
}

/// A status, as a label.
pub(crate) fn status(lang: Lang, status: Status) -> &'static str {
    match status {
        Status::Available => say!(lang, status.available),
        Status::Away => say!(lang, status.away),
        Status::Offline => say!(lang, status.offline),
        Status::Ringing => say!(lang, status.ringing),
        Status::OnCall => say!(lang, status.on_call),
        Status::WrapUp => say!(lang, status.wrap_up),
    }
}

/// A status, in the middle of a sentence.
pub(crate) fn status_inside(lang: Lang, status: Status) -> &'static str {
    match status {
        Status::Available => say!(lang, over_status.available),
        Status::Away => say!(lang, over_status.away),
        Status::Offline => say!(lang, over_status.offline),
        Status::Ringing => say!(lang, over_status.ringing),
        Status::OnCall => say!(lang, over_status.on_call),
        Status::WrapUp => say!(lang, over_status.wrap_up),
    }
}

/// What somebody is in the workspace.
pub(crate) fn role(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Agent => say!(lang, role.agent),
        Role::Supervisor => say!(lang, role.supervisor),
        Role::Admin => say!(lang, role.admin),
        Role::Owner => say!(lang, role.owner),
    }
}

/// A presence, as a label.
pub(crate) fn presence(lang: Lang, presence: Presence) -> &'static str {
    status(
        lang,
        match presence {
            Presence::Available => Status::Available,
            Presence::Away => Status::Away,
            Presence::Offline => Status::Offline,
        },
    )
}

/// Why an agent is being rung.
pub(crate) fn reason(lang: Lang, floor: &Floor, call: &Call) -> Option<String> {
    let offer = call.offer.as_ref()?;
    let by = offer.by.as_ref().map(|by| name(lang, floor, by));
    let slot = match call.place {
        Place::Slot { slot, .. } => Some(slot.0),
        _ => None,
    };
    Some(match (offer.reason, by, slot) {
        (OfferReason::Routed, ..) => say!(lang, reason.routed).to_owned(),
        (OfferReason::Picked, Some(name), _) => say!(lang, reason.picked, name = name),
        (OfferReason::Picked, None, _) => say!(lang, reason.picked_plain).to_owned(),
        (OfferReason::Transferred, Some(name), _) => say!(lang, reason.transferred, name = name),
        (OfferReason::Transferred, None, _) => say!(lang, reason.transferred_plain).to_owned(),
        (OfferReason::Retrieved, Some(name), Some(slot)) => say!(lang, reason.retrieved, slot = slot, name = name),
        (OfferReason::Retrieved, _, slot) => say!(lang, reason.retrieved_plain, slot = slot.unwrap_or_default()),
        (OfferReason::Recalled, _, Some(slot)) => say!(lang, reason.recalled, slot = slot),
        (OfferReason::Recalled, _, None) => say!(lang, reason.recalled_plain).to_owned(),
        (OfferReason::Returned, ..) => say!(lang, reason.returned).to_owned(),
        (OfferReason::Rejoined, ..) => say!(lang, reason.rejoined).to_owned(),
        (OfferReason::Invited, Some(name), _) => say!(lang, reason.invited, name = name),
        (OfferReason::Invited, None, _) => say!(lang, reason.invited_plain).to_owned(),
    })
}

/// What went wrong with a call.
pub(crate) fn notice(lang: Lang, floor: &Floor, notice: &Notice) -> String {
    let by = notice.agent.as_ref().map(|agent| name(lang, floor, agent));
    let outside = notice.added.as_ref().map(|caller| who(lang, caller));
    let by = outside.as_deref().or(by);
    match (&notice.failure, by) {
        (Failure::NoAnswer, Some(name)) => say!(lang, failure.no_answer_by, name = name),
        (Failure::NoAnswer, None) => say!(lang, failure.no_answer).to_owned(),
        (Failure::Declined, Some(name)) => say!(lang, failure.declined_by, name = name),
        (Failure::Declined, None) => say!(lang, failure.declined).to_owned(),
        (Failure::Busy, Some(name)) => say!(lang, failure.busy_by, name = name),
        (Failure::Busy, None) => say!(lang, failure.busy).to_owned(),
        (Failure::Unreachable, Some(name)) if outside.is_some() => say!(lang, failure.wrong_number, name = name),
        (Failure::Unreachable, Some(name)) => say!(lang, failure.unreachable_by, name = name),
        (Failure::Unreachable, None) => say!(lang, failure.unreachable).to_owned(),
        (Failure::NoMobile, by) => say!(lang, failure.no_mobile, name = by.unwrap_or(say!(lang, refusal.somebody))),
        (Failure::CarrierDown, _) => say!(lang, failure.carrier_down).to_owned(),
        (Failure::Unconfirmed, _) => say!(lang, failure.unconfirmed).to_owned(),
        (Failure::CarrierRefused { code, message }, _) => {
            say!(lang, failure.carrier_refused, message = message.clone(), code = *code)
        }
    }
}

/// What a refusal is about: who asks, and for which call to go where.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    /// Who asks.
    pub(crate) me: &'a AgentId,
    /// Which call.
    pub(crate) call: Option<&'a CallId>,
    /// Where to.
    pub(crate) to: Option<&'a Target>,
}

/// Why the floor says no.
pub(crate) fn refusal(lang: Lang, floor: &Floor, refusal: &Refusal, about: About<'_>) -> String {
    let to = match about.to {
        Some(Target::Agent(agent)) => Some(agent),
        _ => None,
    };
    let myself = to == Some(about.me);
    let name_of =
        |agent: Option<&AgentId>| agent.map_or(say!(lang, refusal.somebody), |agent| name(lang, floor, agent));
    match refusal {
        Refusal::CallGone => say!(lang, refusal.call_gone).to_owned(),
        Refusal::NotYours => {
            let owner = about.call.and_then(|call| floor.calls.get(call)?.talking_to());
            match owner {
                Some(owner) => say!(lang, refusal.not_yours_of, name = name_of(Some(owner))),
                None => say!(lang, refusal.not_yours).to_owned(),
            }
        }
        Refusal::NotAllowed => say!(lang, refusal.not_allowed).to_owned(),
        Refusal::NotReady => say!(lang, refusal.not_ready).to_owned(),
        Refusal::AlreadyThere => say!(lang, refusal.already_there).to_owned(),
        Refusal::AlreadyMoving { to: Some(agent) } => {
            say!(lang, refusal.already_moving_to, name = name_of(Some(agent)))
        }
        Refusal::AlreadyMoving { to: None } => say!(lang, refusal.already_moving).to_owned(),
        Refusal::Ending => say!(lang, refusal.ending).to_owned(),
        Refusal::LeavingMessage => say!(lang, refusal.leaving_message).to_owned(),
        Refusal::Internal => say!(lang, refusal.internal).to_owned(),
        Refusal::HasGuests => say!(lang, refusal.has_guests).to_owned(),
        Refusal::Adding => say!(lang, refusal.adding).to_owned(),
        Refusal::OnHold => say!(lang, refusal.on_hold).to_owned(),
        Refusal::Yourself => say!(lang, refusal.yourself).to_owned(),
        Refusal::OnACall => say!(lang, refusal.you_busy).to_owned(),
        Refusal::NoSuchSlot => say!(lang, refusal.no_such_slot).to_owned(),
        Refusal::SlotTaken { slot } => say!(lang, refusal.slot_taken, slot = slot.0),
        Refusal::LotFull => say!(lang, refusal.lot_full).to_owned(),
        Refusal::NoSuchAgent => say!(lang, refusal.no_such_agent).to_owned(),
        Refusal::AgentOffline if myself => say!(lang, refusal.you_offline).to_owned(),
        Refusal::AgentOffline => say!(lang, refusal.agent_offline, name = name_of(to)),
        Refusal::AgentAway => say!(lang, refusal.agent_away, name = name_of(to)),
        Refusal::AgentBusy if myself => say!(lang, refusal.you_busy).to_owned(),
        Refusal::AgentBusy => say!(lang, refusal.agent_busy, name = name_of(to)),
        Refusal::AgentRinging if myself => say!(lang, refusal.you_ringing).to_owned(),
        Refusal::AgentRinging => say!(lang, refusal.agent_ringing, name = name_of(to)),
        Refusal::AgentWrappingUp => say!(lang, refusal.agent_wrapping_up, name = name_of(to)),
        Refusal::NotTalking => say!(lang, refusal.not_talking).to_owned(),
        Refusal::NotBroken => say!(lang, refusal.not_broken).to_owned(),
        Refusal::TooManyCalls { retry_secs } => {
            say!(lang, refusal.too_many_calls, minutes = retry_secs.div_ceil(60))
        }
        Refusal::NothingToCancel => say!(lang, refusal.nothing_to_cancel).to_owned(),
    }
}

/// Why something that was asked did not happen.
pub(crate) fn ask_error(lang: Lang, floor: &Floor, error: &AskError, about: About<'_>) -> String {
    match error {
        AskError::Refused(why) => refusal(lang, floor, why, about),
        AskError::Unavailable => say!(lang, ask_error.unavailable).to_owned(),
        AskError::SignedOut => say!(lang, ask_error.signed_out).to_owned(),
        AskError::Network => say!(lang, ask_error.network).to_owned(),
        AskError::Broken(_) => say!(lang, ask_error.broken).to_owned(),
    }
}

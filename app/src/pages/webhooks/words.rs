//! Endpoints and deliveries in words.

use leptos::prelude::*;
use switchyard::webhooks::{Endpoint, EventType, Off, State, Trouble};

use crate::{lang::Lang, say};

/// What happened.
pub(crate) fn event(lang: Lang, event: EventType) -> &'static str {
    match event {
        EventType::Arrived => say!(lang, webhooks.arrived),
        EventType::Dialed => say!(lang, webhooks.dialed),
        EventType::Ringing => say!(lang, webhooks.ringing),
        EventType::Answered => say!(lang, webhooks.answered),
        EventType::Held => say!(lang, webhooks.held),
        EventType::Resumed => say!(lang, webhooks.resumed),
        EventType::Parked => say!(lang, webhooks.parked),
        EventType::Retrieved => say!(lang, webhooks.retrieved),
        EventType::Transferred => say!(lang, webhooks.transferred),
        EventType::Queued => say!(lang, webhooks.queued),
        EventType::Joined => say!(lang, webhooks.joined),
        EventType::Left => say!(lang, webhooks.left),
        EventType::Voicemail => say!(lang, webhooks.voicemail),
        EventType::MessageLeft => say!(lang, webhooks.message_left),
        EventType::Ended => say!(lang, webhooks.ended),
        EventType::Corrected => say!(lang, webhooks.corrected),
        EventType::Test => say!(lang, webhooks.tested),
    }
}

/// Whether an endpoint is on, as a label.
pub(super) fn standing(lang: Lang, endpoint: &Endpoint) -> impl IntoView + use<> {
    let (standing, words) = match (endpoint.off, endpoint.failing) {
        (Some(_), _) => ("off", say!(lang, webhooks.off)),
        (None, Some(_)) => ("failed", say!(lang, webhooks.failing)),
        (None, None) => ("active", say!(lang, webhooks.on)),
    };
    view! { <span class="standing" data-standing=standing>{words}</span> }
}

/// Why an endpoint is off, or that it fails.
pub(super) fn why(lang: Lang, endpoint: &Endpoint) -> Option<&'static str> {
    match (endpoint.off, endpoint.failing) {
        (Some((_, Off::Asked)), _) => Some(say!(lang, webhooks.off_asked)),
        (Some((_, Off::Gone)), _) => Some(say!(lang, webhooks.off_gone)),
        (Some((_, Off::Failing)), _) => Some(say!(lang, webhooks.off_failing)),
        (None, Some(_)) => Some(say!(lang, webhooks.failing_more)),
        (None, None) => None,
    }
}

/// How a delivery stands, as a label.
pub(super) fn state(lang: Lang, state: State) -> impl IntoView {
    let (standing, words) = match state {
        State::Waiting => ("invited", say!(lang, webhooks.waiting)),
        State::Delivered => ("active", say!(lang, webhooks.delivered)),
        State::Failed => ("failed", say!(lang, webhooks.not_delivered)),
    };
    view! { <span class="standing" data-standing=standing>{words}</span> }
}

/// How an attempt ended.
pub(super) fn trouble(lang: Lang, trouble: Option<Trouble>) -> &'static str {
    match trouble {
        None => say!(lang, webhooks.delivered),
        Some(Trouble::Refused) => say!(lang, webhooks.trouble_refused),
        Some(Trouble::Redirected) => say!(lang, webhooks.trouble_redirected),
        Some(Trouble::Late) => say!(lang, webhooks.trouble_late),
        Some(Trouble::UnknownName) => say!(lang, webhooks.trouble_unknown_name),
        Some(Trouble::Closed) => say!(lang, webhooks.trouble_closed),
        Some(Trouble::Distrusted) => say!(lang, webhooks.trouble_distrusted),
        Some(Trouble::Unreachable) => say!(lang, webhooks.trouble_unreachable),
        Some(Trouble::Private) => say!(lang, webhooks.trouble_private),
        Some(Trouble::Unsigned) => say!(lang, webhooks.trouble_unsigned),
    }
}

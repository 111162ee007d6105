//! What a call's card says at the moment.

use switchyard::{
    call::{Added, Call, LegState, Offer, OfferReason, Outside, Pending, Place},
    floor::{Floor, Intent, Refusal},
    id::{AgentId, LegId},
    time::Timestamp,
};

use crate::{
    board::{
        moves::{self, Move},
        state::{Asking, Board, Card},
    },
    lang::Lang,
    say,
    ui::{
        icon::Icon,
        timer::{Limits, Since},
    },
    words,
};

/// What is drawn of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// For the colours.
    pub(super) state: &'static str,
    /// The shape that goes with the colour.
    pub(super) icon: Icon,
    /// What it is doing.
    pub(super) words: String,
    /// What the timer counts.
    pub(super) since: Since,
    /// What is one click away.
    pub(super) buttons: Vec<Move>,
    /// Who was added from outside.
    pub(super) added: Vec<Other>,
    /// What went wrong.
    pub(super) trouble: Option<String>,
}

/// What is drawn of somebody outside who was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Other {
    /// Their leg.
    pub(super) leg: LegId,
    /// Their name or number.
    pub(super) who: String,
    /// How far they are.
    pub(super) words: &'static str,
    /// How they are sent out again, if the reader may do that.
    pub(super) remove: Option<Move>,
}

/// Reads a card.
pub(super) fn facts(board: Board, card: &Card) -> Facts {
    let me = board.me();
    board.with_floor(|floor| {
        let lang = board.lang;
        let call = &card.call;
        let (state, icon, words) = doing(lang, floor, card);
        let since = since(lang, floor, card);
        let trouble = card.trouble.clone().or_else(|| call.trouble().map(|notice| words::notice(lang, floor, notice)));
        let others = if card.ended { &[][..] } else { &call.added[..] };
        let added = others.iter().map(|added| other(lang, floor, &me, call, added)).collect();
        Facts { state, icon, words, since, buttons: buttons(floor, &me, card), added, trouble }
    })
}

fn doing(lang: Lang, floor: &Floor, card: &Card) -> (&'static str, Icon, String) {
    let call = &card.call;
    let name = |agent: &AgentId| words::name(lang, floor, agent);
    if card.ended {
        return ("ended", Icon::HANG_UP, say!(lang, call.ended).to_owned());
    }
    if let Some(asked) = &card.asked {
        return ("moving", Icon::ARROW, asked_for(lang, floor, &asked.what));
    }
    if call.broken.is_some() && call.pending.is_none() {
        return ("lost", Icon::WARNING, say!(lang, call.broken).to_owned());
    }
    match (&call.offer, &call.pending, &call.place) {
        (_, Some(Pending::HangUp { .. }), _) => ("moving", Icon::HANG_UP, say!(lang, call.ending).to_owned()),
        (_, Some(Pending::Voicemail { agent, .. }), _) => {
            ("moving", Icon::VOICEMAIL, say!(lang, call.moving_voicemail, name = name(agent)))
        }
        (_, Some(Pending::Park { slot, .. }), _) => ("moving", Icon::PARK, say!(lang, call.moving_slot, slot = slot.0)),
        (Some(Offer { reason: OfferReason::Invited, agent, .. }), ..) => {
            ("talking", Icon::PHONE, say!(lang, call.adding, name = name(agent)))
        }
        (Some(offer), ..) => ("ringing", Icon::BELL, ringing(lang, floor, call, offer)),
        (None, None, Place::Queue) if call.room.is_none() => {
            ("connecting", Icon::PHONE, say!(lang, call.connecting).to_owned())
        }
        (None, None, Place::Queue) => ("waiting", Icon::PAUSE, say!(lang, call.waiting).to_owned()),
        (None, None, Place::Voicemail { .. }) => ("voicemail", Icon::VOICEMAIL, say!(lang, call.voicemail).to_owned()),
        (None, None, Place::Slot { by, .. }) => ("parked", Icon::PARK, say!(lang, call.parked, name = name(by))),
        (None, None, Place::Agent { .. }) if call.outside == Outside::Dialing => {
            ("ringing", Icon::PHONE, say!(lang, call.calling).to_owned())
        }
        (None, None, Place::Agent { .. }) if call.outside == Outside::Ringing => {
            ("ringing", Icon::BELL, say!(lang, call.callee_rings).to_owned())
        }
        (None, None, Place::Agent { .. }) if call.held => ("held", Icon::PAUSE, say!(lang, call.held).to_owned()),
        (None, None, Place::Agent { .. }) => ("talking", Icon::PHONE, talking(lang, floor, call)),
    }
}

/// `Talking, with Mihai Ionescu, Sofia Lazăr`
fn talking(lang: Lang, floor: &Floor, call: &Call) -> String {
    let guests = call.guests.iter().map(|guest| words::name(lang, floor, &guest.agent).to_owned());
    let added = call.added.iter().filter(|added| call.is_joined(added.leg)).map(|added| words::who(lang, &added.who));
    let names: Vec<_> = guests.chain(added).collect();
    if names.is_empty() {
        let mobile = matches!(&call.place, Place::Agent { leg, .. } if call.is_mobile(*leg));
        return if mobile { say!(lang, call.talking_mobile) } else { say!(lang, call.talking) }.to_owned();
    }
    say!(lang, call.with_guests, names = names.join(", "))
}

fn other(lang: Lang, floor: &Floor, me: &AgentId, call: &Call, added: &Added) -> Other {
    let words = match call.leg(added.leg).map(|leg| leg.state) {
        Some(LegState::Joined) if call.held => say!(lang, call.held),
        Some(LegState::Joined) => say!(lang, call.in_call),
        Some(LegState::Ringing) => say!(lang, call.callee_rings),
        _ => say!(lang, call.calling),
    };
    let remove = Move::Remove(added.leg, added.who.clone());
    let may = moves::may(floor, me, remove.intent(me, &call.id), Timestamp::default()).is_ok();
    Other { leg: added.leg, who: words::who(lang, &added.who), words, remove: may.then_some(remove) }
}

fn asked_for(lang: Lang, floor: &Floor, what: &Asking) -> String {
    let what = match what {
        Asking::Add(who) => return say!(lang, call.adding, name = who),
        Asking::Move(what) => what,
    };
    match what {
        Move::HangUp => say!(lang, call.ending).to_owned(),
        Move::ParkIn(slot) => say!(lang, call.moving_slot, slot = slot.0),
        Move::Park => say!(lang, call.moving_lot).to_owned(),
        Move::Transfer(agent) | Move::Give(agent) => {
            say!(lang, call.moving_agent, name = words::name(lang, floor, agent))
        }
        Move::Queue => say!(lang, call.moving_queue).to_owned(),
        Move::Invite(agent) => say!(lang, call.adding, name = words::name(lang, floor, agent)),
        Move::PickUp
        | Move::Retrieve
        | Move::Cancel
        | Move::Hold
        | Move::Resume
        | Move::Dismiss(_)
        | Move::Remove(..) => say!(lang, call.moving).to_owned(),
    }
}

/// `Ringing: transferred by Ana, moving…`
fn ringing(lang: Lang, floor: &Floor, call: &Call, offer: &Offer) -> String {
    let mobile = call.is_mobile(offer.leg);
    let mut words = if mobile { say!(lang, call.ringing_mobile) } else { say!(lang, call.ringing) }.to_owned();
    if let Some(reason) = words::reason(lang, floor, call) {
        words = format!("{words}: {reason}");
    }
    if offer.by.is_some() {
        words = format!("{words}, {}", say!(lang, call.moving));
    }
    words
}

/// What the caller lives through, not what the system does: whoever waits for the first time waits since they called.
fn since(lang: Lang, floor: &Floor, card: &Card) -> Since {
    let call = &card.call;
    let (when, what, limits) = match (&call.place, &call.offer) {
        _ if card.ended => (None, "", Limits::NONE),
        (Place::Queue, _) => (Some(call.waits_since()), say!(lang, call.wait_for), Limits::WAIT),
        (Place::Slot { .. }, _) => {
            (Some(call.place_since), say!(lang, call.park_for), Limits::park(floor.settings.park_secs))
        }
        (Place::Voicemail { .. }, _) => (Some(call.place_since), say!(lang, call.speak_for), Limits::NONE),
        (Place::Agent { .. }, Some(offer)) if offer.reason != OfferReason::Invited => {
            (Some(offer.since), say!(lang, call.ring_for), Limits::NONE)
        }
        (Place::Agent { .. }, _) => (Some(call.place_since), say!(lang, call.talk_for), Limits::TALK),
    };
    Since { when, what, limits }
}

fn buttons(floor: &Floor, me: &AgentId, card: &Card) -> Vec<Move> {
    let call = &card.call;
    if card.ended || card.asked.is_some() || call.pending.is_some() {
        return Vec::new();
    }
    match (&call.offer, &call.place) {
        (Some(offer), _) if offer.by.is_some() => {
            let cancel = Intent::CancelMove { call: call.id.clone() };
            // The time plays no part in what people may ask for.
            let mine = moves::may(floor, me, cancel, Timestamp::default()).is_ok();
            if mine { vec![Move::Cancel] } else { Vec::new() }
        }
        (None, Place::Queue) => vec![Move::PickUp],
        (None, Place::Slot { .. }) => vec![Move::Retrieve],
        (None, Place::Agent { agent, .. }) if agent == me => {
            let park = moves::may(floor, me, Move::Park.intent(me, &call.id), Timestamp::default());
            let park = (!matches!(park, Err(Refusal::Internal | Refusal::HasGuests))).then_some(Move::Park);
            park.into_iter().chain([Move::HangUp]).collect()
        }
        _ => Vec::new(),
    }
}

//! Between the floor and the phone: what the floor says of the reader's calls, and what is asked of it.

use switchyard::{
    call::{Call, LegEnd, Outside},
    floor::{Event, Floor, Intent, Recorded, Target},
    id::{AgentId, CallId},
};

use super::{
    news::Ask,
    state::{Mine, Trouble},
};

/// The calls that are the reader's, that they are in, or that ring at them.
pub(super) fn mine(floor: &Floor, me: &AgentId) -> Vec<Mine> {
    let calls = floor.calls.values().filter(|call| call.is_in(me) || call.rings_at(me));
    calls.map(|call| fact(call, me)).collect()
}

fn fact(call: &Call, me: &AgentId) -> Mine {
    let has_it = call.talking_to() == Some(me);
    let joined = call.guest(me).map_or(call.place_since, |guest| guest.since);
    Mine {
        call: call.id.clone(),
        has_it,
        guests: has_it && !call.guests.is_empty(),
        // A caller is on hold during a move, too; that is not the agent's doing.
        held: has_it && call.held && call.broken.is_none() && call.offer.is_none() && call.pending.is_none(),
        broken: call.broken.is_some() && has_it,
        offered: call.rings_at(me),
        // Whoever was called themselves is not waiting for anybody.
        outside: if has_it { call.outside } else { Outside::Connected },
        since: call.offer.as_ref().filter(|offer| offer.agent == *me).map_or(joined, |offer| offer.since),
    }
}

/// Who did not get into a call that was placed, and why.
pub(super) fn not_reached(events: &[Recorded]) -> Option<(CallId, Trouble)> {
    events.iter().find_map(|recorded| match &recorded.event {
        Event::OutsideMoved { call, state: Outside::Gone(end), .. } => Some((call.clone(), why(*end)?)),
        _ => None,
    })
}

fn why(end: LegEnd) -> Option<Trouble> {
    match end {
        LegEnd::NoAnswer => Some(Trouble::Unanswered),
        LegEnd::Busy => Some(Trouble::Busy),
        LegEnd::Declined => Some(Trouble::Declined),
        LegEnd::Unreachable => Some(Trouble::WrongNumber),
        LegEnd::Completed | LegEnd::Canceled => None,
    }
}

/// What is asked of the floor.
pub(super) fn intent(ask: &Ask) -> Intent {
    match ask {
        Ask::Hold(call) => Intent::Hold { call: call.clone() },
        Ask::Resume(call) => Intent::Resume { call: call.clone() },
        Ask::Rejoin(call) => Intent::Rejoin { call: call.clone() },
        Ask::Park(call) => Intent::MoveCall { call: call.clone(), to: Target::Slot(None) },
        Ask::HangUp(call) => Intent::HangUp { call: call.clone() },
        // The board asks for it, and says that it did.
        Ask::Available => Intent::FinishWrapUp,
    }
}

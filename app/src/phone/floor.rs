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

/// The calls that are the reader's, or ring at them.
pub(super) fn mine(floor: &Floor, me: &AgentId) -> Vec<Mine> {
    let offered = |call: &Call| call.offer.as_ref().is_some_and(|offer| offer.agent == *me);
    let calls = floor.calls.values().filter(|call| call.talking_to() == Some(me) || offered(call));
    let mine = |call: &Call| Mine {
        call: call.id.clone(),
        // A caller is on hold during a move, too; that is not the agent's doing.
        held: call.held && call.broken.is_none() && call.offer.is_none() && call.pending.is_none(),
        broken: call.broken.is_some() && call.talking_to() == Some(me),
        offered: offered(call),
        outside: call.outside,
        since: call.offer.as_ref().filter(|offer| offer.agent == *me).map_or(call.place_since, |offer| offer.since),
    };
    calls.map(mine).collect()
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

//! The events that an endpoint can be told of.

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventType {
    /// Somebody calls one of our numbers.
    Arrived,
    /// One of us places a call.
    Dialed,
    /// An agent is rung.
    Ringing,
    /// Somebody has answered: an agent, or whoever was called.
    Answered,
    /// The person outside was put on hold.
    Held,
    /// They were taken off hold.
    Resumed,
    /// The call is in a slot of the parking lot.
    Parked,
    /// It was taken out of its slot, and an agent has it.
    Retrieved,
    /// Another agent has it than before.
    Transferred,
    /// It waits in the line again.
    Queued,
    /// Somebody who was added, a colleague or somebody outside, is in the call.
    Joined,
    /// They are out of it again.
    Left,
    /// They are in the voicemail of one of us, and are asked to leave a message.
    Voicemail,
    /// Somebody outside has left one of us a message. The call may be over by then.
    MessageLeft,
    /// The call is over. Each call is told of so once.
    Ended,
    /// Late news say of a call that is over that it had been answered.
    Corrected,
    /// An admin tries an endpoint. It is chosen by nobody, and sent to the one that is tried.
    Test,
}

impl EventType {
    /// Those that an endpoint can choose, as pages list them.
    pub const ALL: [Self; 16] = [
        Self::Arrived,
        Self::Dialed,
        Self::Ringing,
        Self::Answered,
        Self::Held,
        Self::Resumed,
        Self::Parked,
        Self::Retrieved,
        Self::Transferred,
        Self::Queued,
        Self::Joined,
        Self::Left,
        Self::Voicemail,
        Self::MessageLeft,
        Self::Ended,
        Self::Corrected,
    ];

    /// As it is stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::Arrived => "call.arrived",
            Self::Dialed => "call.dialed",
            Self::Ringing => "call.ringing",
            Self::Answered => "call.answered",
            Self::Held => "call.held",
            Self::Resumed => "call.resumed",
            Self::Parked => "call.parked",
            Self::Retrieved => "call.retrieved",
            Self::Transferred => "call.transferred",
            Self::Queued => "call.queued",
            Self::Joined => "call.joined",
            Self::Left => "call.left",
            Self::Voicemail => "call.voicemail",
            Self::MessageLeft => "message.left",
            Self::Ended => "call.ended",
            Self::Corrected => "call.corrected",
            Self::Test => "test",
        }
    }

    /// The event with this code, if an endpoint can choose it.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.code() == code)
    }
}

/// Events as they are stored: their codes, separated by spaces.
pub fn events_to_text(events: &[EventType]) -> String {
    events.iter().map(|event| event.code()).collect::<Vec<_>>().join(" ")
}

/// Events as they were stored; those that this version does not know are none.
pub fn events_from_text(text: &str) -> Vec<EventType> {
    text.split(' ').filter_map(EventType::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_stored_and_read() {
        assert_eq!(events_from_text(&events_to_text(&EventType::ALL)), EventType::ALL);
        assert_eq!(events_from_text(""), []);
        assert_eq!(events_from_text("call.ended call.sung test"), [EventType::Ended]);
        // The store looks for a code between spaces.
        assert!(EventType::ALL.iter().all(|event| !event.code().contains([' ', '%', '_'])));
    }
}

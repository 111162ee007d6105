//! The words in which Twilio tells what happens in a conference, and why (Twilio: TwiML Conference, statusCallback).

/// Why a conference ended; Twilio writes it with hyphens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    ViaApi,
    LastKicked,
    LastLeft,
    EnderKicked,
    EnderLeft,
}

impl Ended {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::ViaApi => "conference-ended-via-api",
            Self::LastKicked => "last-participant-kicked",
            Self::LastLeft => "last-participant-left",
            Self::EnderKicked => "participant-with-end-conference-on-exit-kicked",
            Self::EnderLeft => "participant-with-end-conference-on-exit-left",
        }
    }

    /// For people.
    pub(super) fn told(self) -> &'static str {
        match self {
            Self::ViaApi => "Conference ended via API",
            Self::LastKicked => "Last participant kicked",
            Self::LastLeft => "Last participant left",
            Self::EnderKicked => "Participant with endConferenceOnExit kicked",
            Self::EnderLeft => "Participant with endConferenceOnExit left",
        }
    }
}

/// Why somebody left; Twilio writes it with underscores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    ConferenceEndedViaApi,
    ModeratorEnded,
    UpdatedViaApi,
    HungUp,
    AddFailed,
}

impl Left {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::ConferenceEndedViaApi => "conference_ended_via_api",
            Self::ModeratorEnded => "moderator_ended_conference",
            Self::UpdatedViaApi => "participant_updated_via_api",
            Self::HungUp => "participant_hung_up",
            Self::AddFailed => "participant_add_failed",
        }
    }
}

/// What a conference reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    Start,
    End,
    Join,
    Leave,
    Mute,
    Unmute,
    Hold,
    Unhold,
    Modify,
    AnnouncementEnd,
    AnnouncementFail,
}

impl Event {
    /// The value of `StatusCallbackEvent`, and the word that asks for it.
    pub(super) fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Start => ("conference-start", "start"),
            Self::End => ("conference-end", "end"),
            Self::Join => ("participant-join", "join"),
            Self::Leave => ("participant-leave", "leave"),
            Self::Mute => ("participant-mute", "mute"),
            Self::Unmute => ("participant-unmute", "mute"),
            Self::Hold => ("participant-hold", "hold"),
            Self::Unhold => ("participant-unhold", "hold"),
            Self::Modify => ("participant-modify", "modify"),
            Self::AnnouncementEnd => ("announcement-end", "announcement"),
            Self::AnnouncementFail => ("announcement-fail", "announcement"),
        }
    }
}

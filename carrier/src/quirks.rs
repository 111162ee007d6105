//! The behaviours of Twilio that its documentation does not settle, one switch each.
//!
//! A later check against a real account changes a default here, not the tests of those who rely on it.

use crate::engine::Status;

/// Switches for undocumented or only observed behaviour. `Quirks::default()` is the best guess for each.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Clone)]
pub struct Quirks {
    /// How a leg to a client that is not registered ends: `no-answer` (default) or `failed`.
    pub unregistered_client: Status,
    /// How a leg ends whose far end declines it: `busy` (default) or `no-answer`.
    pub declined: Status,
    /// The `SipResponseCode` of a leg whose far end declines it (default 603, as SIP has it; busy is 486).
    pub declined_sip_code: &'static str,
    /// How an inbound call ends whose caller gives up before it was answered (default `no-answer`).
    pub caller_gave_up: Status,
    /// The action URL of a `<Dial>` is requested when its caller hangs up; the answer is ignored (default true).
    pub dial_action_after_hangup: bool,
    /// A participant whose call is completed through the Calls resource leaves with
    /// `participant_updated_via_api` (default) and not with `participant_hung_up`.
    pub completed_call_leaves_as_updated: bool,
    /// `EndConferenceOnExit` of a participant on hold is accepted and silently not changed (default true).
    pub hold_freezes_end_on_exit: bool,
    /// A participant that still rings can be fetched, updated and removed through the Participants resource
    /// (default false: only joining and joined ones exist there, and the Calls resource is the way to cancel).
    pub ringing_participants_addressable: bool,
    /// A conference that was created by adding a participant ends, with its event, when the only leg it waited for
    /// fails (default true); otherwise it stays in `init`.
    pub unjoined_conference_ends: bool,
    /// The `waitUrl` plays again for whoever is left alone in a conference that had started (default false).
    pub wait_music_for_the_last: bool,
    /// An update that would play something into a conference that has not started is refused with 16001 (default true).
    pub announce_needs_start: bool,
    /// `SequenceNumber` of a conference's first status callback (default 1).
    pub first_conference_sequence: u64,
    /// A first request of a webhook carries `I-Twilio-Idempotency-Token` too, not only its retries (default true).
    pub idempotency_token_on_first: bool,
    /// `ErrorCode` and `ErrorUrl` are added to requests of a fallback URL (default true).
    pub fallback_explains: bool,
    /// The `User-Agent` of webhooks.
    pub user_agent: &'static str,
    /// `FinishedOnKey` is sent to the action URL of a `<Gather>` (default true).
    pub gather_sends_finished_on_key: bool,
    /// A call to a client may come from a number that the account does not own (default false: 21210).
    pub foreign_number_to_client: bool,
    /// An account that is suspended can still be fetched (default true); everything else of it is refused with 20005.
    pub suspended_account_can_be_read: bool,
    /// What the SDK is told of a token that a restricted key signed (default 20160, the error whose page names the case; those
    /// that the SDK's own pages name do not).
    pub restricted_key_token: u32,
    /// One of several registrations that declines a call ends it at all of them, as a decline in SIP does (default true).
    pub one_decline_ends_all: bool,
    /// How long a `<Play>` of a file is taken to last, in milliseconds, until its audio is known.
    pub play_ms: i64,
    /// How long `<Say>` is taken to last per character, in milliseconds, until its audio is known.
    pub say_ms_per_char: i64,
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            unregistered_client: Status::NoAnswer,
            declined: Status::Busy,
            declined_sip_code: "603",
            caller_gave_up: Status::NoAnswer,
            dial_action_after_hangup: true,
            completed_call_leaves_as_updated: true,
            hold_freezes_end_on_exit: true,
            ringing_participants_addressable: false,
            unjoined_conference_ends: true,
            wait_music_for_the_last: false,
            announce_needs_start: true,
            first_conference_sequence: 1,
            idempotency_token_on_first: true,
            fallback_explains: true,
            user_agent: "TwilioProxy/1.1",
            gather_sends_finished_on_key: true,
            foreign_number_to_client: false,
            suspended_account_can_be_read: true,
            restricted_key_token: 20160,
            one_decline_ends_all: true,
            play_ms: 5_000,
            say_ms_per_char: 60,
        }
    }
}

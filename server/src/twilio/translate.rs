//! From Twilio's callbacks to observations. Pure: what a callback says, not what is to be done about it.

use switchyard::{
    call::{Caller, LegEnd, Line},
    floor::{Command, LegNews},
    id::{CallId, LegId, LegRef, RecordingId, RoomRef},
    phone::is_e164,
};

use super::webhook::{Signed, WebhookError};
use crate::urls::{CALLER_LABEL, added_of_label, leg_of_label};

/// What the network of somebody who declines answers (RFC 3261, 21.6.2). Twilio's status is `busy` all the same.
const DECLINED: &str = "603";

/// Somebody calls one of our numbers (Twilio: TwiML Voice request parameters). `name` is the contact's, if known. Outside
/// the number's hours it is not `open`.
pub fn inbound(request: &Signed, name: Option<String>, line: Line, open: bool) -> Result<Command, WebhookError> {
    let call = CallId::from(request.require("CallSid")?);
    let caller = Caller { number: caller_number(request), name };
    Ok(if open { Command::ObserveCall { call, caller, line } } else { Command::ObserveClosed { call, caller, line } })
}

/// Who calls: E.164, or `anonymous` for everything that carriers write when the number is withheld.
pub fn caller_number(request: &Signed) -> String {
    request.field("From").filter(|from| is_e164(from)).unwrap_or("anonymous").to_owned()
}

/// The status of the caller's own call, or of a leg that our URL named (Twilio: Call status callbacks).
pub fn status(request: &Signed) -> Result<Option<Command>, WebhookError> {
    let sid = request.require("CallSid")?;
    let status = request.require("CallStatus")?;
    Ok(match (request.call(), request.leg()) {
        (Some(call), Some(leg)) => {
            let news = news(request, status);
            let news = if request.is_mobile() { news.map(outside_the_room) } else { news };
            news.map(|news| Command::ObserveLeg { call, leg, news, reference: Some(sid.into()) })
        }
        // The leg of an agent who placed a call has the call's own name.
        _ if is_agent(request) => is_over(status).then(|| own_leg(sid, talked(request))),
        _ => is_over(status).then(|| Command::ObserveEnd { call: sid.into() }),
    })
}

/// Whether one of our agents calls from a page.
pub fn is_agent(request: &Signed) -> bool {
    request.field("From").is_some_and(|from| from.starts_with("client:"))
}

/// The first leg of a call that an agent placed is their own.
fn own_leg(call: &str, talked: bool) -> Command {
    let end = if talked { LegEnd::Completed } else { LegEnd::Canceled };
    Command::ObserveLeg { call: call.into(), leg: LegId(1), news: LegNews::Gone(end), reference: None }
}

/// An agent who placed a call left its conference (Twilio: Dial, `action`).
pub fn own_leg_over(request: &Signed) -> Result<Option<Command>, WebhookError> {
    let sid = request.require("CallSid")?;
    Ok(is_agent(request).then(|| own_leg(sid, true)))
}

/// The status of the person whom an agent called (Twilio: Participant, `StatusCallback`).
pub fn outside(request: &Signed) -> Result<Option<Command>, WebhookError> {
    let call = request.call().ok_or(WebhookError::Malformed("callId"))?;
    let news = news(request, request.require("CallStatus")?);
    let reference = Some(LegRef::from(request.require("CallSid")?));
    Ok(news.map(|news| Command::ObserveOutside { call, news, reference }))
}

/// What a status callback says of a leg. It alone tells who declines from who is on the phone.
fn news(request: &Signed, status: &str) -> Option<LegNews> {
    match status {
        "busy" if request.field("SipResponseCode") == Some(DECLINED) => Some(LegNews::Gone(LegEnd::Declined)),
        status => leg_news(status, talked(request)),
    }
}

fn talked(request: &Signed) -> bool {
    request.field("CallDuration").is_some_and(|seconds| seconds != "0")
}

/// Whether a call with this status is over for good.
pub fn is_over(status: &str) -> bool {
    matches!(status, "completed" | "busy" | "failed" | "no-answer" | "canceled")
}

/// What a status says about a leg. `talked`: it lasted for at least a second.
pub fn leg_news(status: &str, talked: bool) -> Option<LegNews> {
    Some(match status {
        "queued" | "initiated" => LegNews::Dialing,
        "ringing" => LegNews::Ringing,
        "in-progress" => LegNews::Joined,
        // Ended by us while it rang.
        "completed" if !talked => LegNews::Gone(LegEnd::Canceled),
        "completed" => LegNews::Gone(LegEnd::Completed),
        "no-answer" => LegNews::Gone(LegEnd::NoAnswer),
        "busy" => LegNews::Gone(LegEnd::Busy),
        "canceled" => LegNews::Gone(LegEnd::Canceled),
        "failed" => LegNews::Gone(LegEnd::Unreachable),
        _ => return None,
    })
}

/// What somebody left after the beep: the recording and its length in seconds (Twilio: Record, `action` and
/// `recordingStatusCallback`). Nothing is no message.
pub fn recording(request: &Signed) -> Option<(RecordingId, u32)> {
    let seconds = request.field("RecordingDuration")?.parse().ok().filter(|seconds| *seconds > 0)?;
    let recording = request.field("RecordingSid").filter(|sid| is_recording(sid))?;
    // Twilio tells of what is not to be had, too.
    let there = request.field("RecordingStatus").is_none_or(|status| status == "completed");
    there.then(|| (recording.into(), seconds))
}

/// Whether this is Twilio's name of a recording: what comes from it becomes part of addresses.
fn is_recording(sid: &str) -> bool {
    sid.strip_prefix("RE").is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// What the status of a mobile phone says of its leg: as long as the conference does not say that they are in it, somebody
/// who answers is on the way, and somebody who hangs up did not take the call.
pub fn outside_the_room(news: LegNews) -> LegNews {
    match news {
        LegNews::Joined => LegNews::Ringing,
        LegNews::Gone(LegEnd::Completed) => LegNews::Gone(LegEnd::NoAnswer),
        news => news,
    }
}

/// What happens in a call's conference (Twilio: Conference status callbacks).
pub fn conference(request: &Signed) -> Result<Option<Command>, WebhookError> {
    let call = request.call().ok_or(WebhookError::Malformed("call"))?;
    let event = request.require("StatusCallbackEvent")?;
    let room = RoomRef::from(request.require("ConferenceSid")?);
    if event == "conference-end" {
        // Any other reason leaves the caller with Twilio, which asks for what comes after the conference.
        let caller_left =
            request.field("ReasonConferenceEnded") == Some("participant-with-end-conference-on-exit-left");
        return Ok(caller_left.then_some(Command::ObserveLeft { call, room }));
    }
    let label = request.field("ParticipantLabel").unwrap_or_default();
    Ok(match leg_of_label(label) {
        Some(leg) => participant(request, event, call, leg, added_of_label(label).is_some()),
        None if label == CALLER_LABEL => match event {
            "participant-join" => Some(Command::ObserveRoom { call, room }),
            "participant-hold" => Some(Command::ObserveHeld { call }),
            "participant-leave" if request.field("ReasonParticipantLeft") == Some("participant_hung_up") => {
                Some(Command::ObserveLeft { call, room })
            }
            _ => None,
        },
        None => None,
    })
}

fn participant(request: &Signed, event: &str, call: CallId, leg: LegId, is_added: bool) -> Option<Command> {
    let news = match event {
        "participant-join" => LegNews::Joined,
        "participant-leave" => match request.field("ReasonParticipantLeft")? {
            // Why somebody outside did not get in is what their status callback knows.
            "participant_add_failed" if is_added => return None,
            "participant_add_failed" => leg_news(request.field("ParticipantCallStatus").unwrap_or("failed"), false)?,
            "participant_hung_up" | "participant_updated_via_api" => LegNews::Gone(LegEnd::Completed),
            // The caller left and took the conference along: their own news says so.
            _ => return None,
        },
        _ => return None,
    };
    Some(Command::ObserveLeg { call, leg, news, reference: request.field("CallSid").map(LegRef::from) })
}

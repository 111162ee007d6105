//! What the SDK says of the device and of its calls, in the phone's words.

use leptos::prelude::*;
use switchyard::id::CallId;
use wasm_bindgen::JsCast;

use super::{
    devices, hands, levels,
    news::{Input, Invite},
    power,
    sdk::{self, Call, Device},
    socket,
    state::{Handset, Trouble, Warning},
};
use crate::board::Board;

/// Listens to the device of one attempt to connect.
pub(super) fn watch_device(board: Board, device: &Device, attempt: u32) {
    if let Some(audio) = device.audio() {
        // The page rings: it knows what was asked for, and where to ring.
        audio.incoming(false);
        audio.outgoing(false);
    }
    device.hear("registered", move |_, _| {
        devices::apply_speaker();
        // Where the carrier is reached, we are.
        socket::hurry();
        hands::if_current(board, attempt, Input::Registered);
    });
    device.hear("unregistered", move |_, _| hands::if_current(board, attempt, Input::Unregistered));
    device.hear("tokenWillExpire", move |_, _| power::renew(attempt, 10));
    device.hear("error", move |error, _| failed(board, attempt, Trouble::of_code(sdk::code(&error))));
    device.hear("incoming", move |call, _| {
        let call: Call = call.unchecked_into();
        let key = hands::keep(&call);
        watch(board, &call, key);
        hands::if_current(board, attempt, Input::Invited(invite(board, &call, key)));
    });
}

fn invite(board: Board, call: &Call, key: u32) -> Invite {
    let who = match call.said("who") {
        said if said.is_empty() => call.from(),
        said => said,
    };
    let call_id = Some(call.said("call")).filter(|id| !id.is_empty()).map(CallId::from);
    // The floor knows the caller better than the parameters of a call can say it: the number is readable, too.
    let me = board.me();
    let known = call_id.as_ref().and_then(|id| {
        board.with_call(id, |floor, call| match (call.talking_to(), &call.colleague) {
            // A colleague calls, and the reader is in the place of the person outside.
            (Some(host), Some(colleague)) if *colleague == me => crate::words::name(board.lang, floor, host).to_owned(),
            _ => crate::words::who(board.lang, &call.caller),
        })
    });
    Invite {
        key,
        call: call_id,
        who: known.unwrap_or(who),
        line: call.said("line"),
        auto: call.said("auto") == "1" || call.said("rejoin") == "1",
    }
}

fn failed(board: Board, attempt: u32, trouble: Trouble) {
    let (handset, talking) = board.phone().state.with_untracked(|phone| (phone.handset, phone.current().is_some()));
    match trouble {
        // A token that ran out while the computer slept, for instance.
        Trouble::TokenRefused if talking => power::renew(attempt, 3),
        Trouble::TokenRefused if handset != Handset::Starting => hands::if_current(board, attempt, Input::Dead),
        // Connections are restored by the SDK itself, and the phone has a clock of its own.
        Trouble::NoConnection | Trouble::LineLost => {}
        trouble if handset == Handset::Starting => hands::if_current(board, attempt, Input::Failed(trouble)),
        _ => {}
    }
}

/// Listens to a call.
pub(super) fn watch(board: Board, call: &Call, key: u32) {
    let tell = move |input: Input| hands::tell(board, input);
    let ended = move || {
        hands::forget(key);
        levels::silence();
        devices::let_go();
        hands::tell(board, Input::Ended(key));
    };
    let (named, opened, failing, closing) = (call.clone(), call.clone(), call.clone(), call.clone());
    call.hear("ringing", move |_, _| {
        if let Some(sid) = named.sid() {
            tell(Input::Named(key, sid.into()));
        }
    });
    call.hear("accept", move |_, _| tell(Input::Opened(key, opened.sid().map(CallId::from))));
    for event in ["disconnect", "cancel", "reject"] {
        call.hear(event, move |_, _| ended());
    }
    call.hear("error", move |error, _| {
        let trouble = Trouble::of_code(sdk::code(&error));
        // While it is being restored, the line says so itself.
        if !matches!(trouble, Trouble::NoConnection) || failing.status() == "closed" {
            tell(Input::LineFailed(key, trouble));
        }
        if failing.status() == "closed" {
            ended();
        }
    });
    call.hear("reconnecting", move |_, _| tell(Input::Shaky(key, true)));
    call.hear("reconnected", move |_, _| {
        socket::hurry();
        tell(Input::Shaky(key, false));
    });
    call.hear("transportClose", move |_, _| {
        // A call that cannot be restored stays in the SDK for ever: only a new device is free again.
        if closing.status() == "closed" {
            tell(Input::Dead);
        }
    });
    call.hear("warning", move |name, _| {
        if let Some(warning) = warning(&name.as_string().unwrap_or_default()) {
            tell(Input::Sounds(key, warning, true));
        }
    });
    call.hear("warning-cleared", move |name, _| {
        if let Some(warning) = warning(&name.as_string().unwrap_or_default()) {
            tell(Input::Sounds(key, warning, false));
        }
    });
    call.hear("volume", |microphone, speaker| {
        levels::show(levels::MICROPHONE, microphone.as_f64().unwrap_or_default());
        levels::show(levels::SPEAKER, speaker.as_f64().unwrap_or_default());
    });
}

fn warning(name: &str) -> Option<Warning> {
    Some(match name {
        "high-rtt" | "high-jitter" | "low-mos" => Warning::Slow,
        "high-packet-loss" | "high-packets-lost-fraction" => Warning::Loss,
        "low-bytes-received" | "ice-connectivity-lost" => Warning::Deaf,
        "low-bytes-sent" => Warning::Dumb,
        "constant-audio-input-level" => Warning::SilentMic,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_of_the_sdk_have_words() {
        assert_eq!(warning("low-mos"), Some(Warning::Slow));
        assert_eq!(warning("something-new"), None);
    }
}

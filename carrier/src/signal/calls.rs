//! What an SDK asks for, done.
//!
//! Everything happens under the engine's lock, so that no call changes meanwhile.

use std::{sync::Arc, time::Duration};

use rand::Rng;
use serde_json::json;
use url::form_urlencoded;

use super::{
    board::{ClientLeg, State},
    session::{error, listen},
    token::Bearer,
    wire::{Incoming, Payload},
};
use crate::{
    engine::{ClientCall, Deed, Engine},
    network::Network,
};

/// A message that a client sends may be this long.
const LONGEST_MESSAGE: usize = 10 * 1024;

/// Does what a message asks for.
pub(super) fn handle(network: &Arc<Network>, id: u64, message: Incoming) {
    let Incoming { kind, payload } = message;
    if kind == "listen" {
        return listen(network, id, &payload);
    }
    let bearer = network.board.state().sockets.get(&id).and_then(|socket| socket.bearer.clone());
    let Some(bearer) = bearer else {
        return error(network, id, 31204, "JWT is invalid: nobody listens yet");
    };
    network.with(|engine| {
        let mut state = network.board.state();
        let ask = Ask { network, engine, state: &mut state, id, bearer: &bearer, payload: &payload };
        match kind.as_str() {
            "register" => ask.register(),
            "invite" if payload.reconnect.is_some() => ask.reconnect(),
            "invite" => ask.invite(),
            "answer" => ask.answer(),
            "reject" => ask.leave(&Deed::Rejects),
            "hangup" => ask.leave(&Deed::HangsUp),
            "dtmf" => ask.press(),
            "message" => ask.message(),
            "reinvite" => ask.reinvite(),
            other => tracing::debug!(other, "an unknown kind of message"),
        }
    });
}

/// A fresh secret that brings a call back.
pub(super) fn secret() -> String {
    let mut rng = rand::rng();
    format!("{:016x}{:016x}", rng.next_u64(), rng.next_u64())
}

/// One request, with all that it takes to do it.
pub(super) struct Ask<'a> {
    pub(super) network: &'a Arc<Network>,
    pub(super) engine: &'a mut Engine,
    pub(super) state: &'a mut State,
    pub(super) id: u64,
    pub(super) bearer: &'a Bearer,
    pub(super) payload: &'a Payload,
}

impl Ask<'_> {
    /// A call that the client makes.
    fn invite(self) {
        let temporary = &self.payload.callsid;
        let refuse = |state: &State, code: u32, text: &str| {
            let payload = json!({ "callsid": temporary, "error": { "code": code, "message": text } });
            state.send(self.id, "hangup", &payload);
        };
        if self.bearer.expires * 1000 <= crate::time::now() {
            return refuse(self.state, 31205, "JWT token expired");
        }
        let Some(application) = self.bearer.application.clone() else {
            return refuse(self.state, 31204, "JWT is invalid: no outgoing calls");
        };
        let (peer, answer) = match self.network.media.studio().answer(&self.payload.sdp) {
            Ok(wire) => wire,
            Err(trouble) => return refuse(self.state, 31000, &trouble.to_string()),
        };
        // The SDK encodes names and values; a form's parser undoes both.
        let params = form_urlencoded::parse(self.payload.twilio.params.as_bytes()).into_owned().collect();
        let call = ClientCall {
            account: self.bearer.account.clone(),
            identity: self.bearer.identity.clone(),
            application,
            params,
            token_params: self.bearer.params.clone(),
        };
        let call = match self.engine.client_calls(call) {
            Ok(call) => call,
            Err(trouble) => return refuse(self.state, 31000, &trouble.message),
        };
        self.network.media.studio().connect(&call, peer);
        let leg = ClientLeg {
            account: self.bearer.account.clone(),
            identity: self.bearer.identity.clone(),
            socket: Some(self.id),
            forks: Vec::new(),
            ringing: false,
            temporary: Some(temporary.clone()),
            reconnect: secret(),
            closing: false,
            lost: None,
            patience: Duration::ZERO,
            messages: Vec::new(),
        };
        self.state.legs.insert(call.clone(), leg);
        self.state.send(self.id, "ringing", &json!({ "callsid": call, "sdp": answer }));
    }

    /// A call to the client is accepted; the other places where it rings are told.
    fn answer(mut self) {
        let call = &self.payload.callsid;
        let Some(leg) = self.leg(call) else { return };
        if !leg.ringing {
            self.state.send(self.id, "hangup", &json!({ "callsid": call }));
            return;
        }
        if let Err(trouble) = self.network.media.studio().accept(call, &self.payload.sdp) {
            let payload = json!({ "callsid": call, "error": { "code": 31000, "message": trouble.to_string() } });
            self.state.send(self.id, "hangup", &payload);
            return self.engine.far(call, &Deed::HangsUp);
        }
        let Some(leg) = self.state.legs.get_mut(call) else { return };
        leg.ringing = false;
        leg.socket = Some(self.id);
        if let Some(leg) = self.state.legs.get(call) {
            self.state.withdraw(call, leg, Some(self.id));
        }
        self.engine.far(call, &Deed::Answers);
    }

    /// The client declines or hangs up.
    fn leave(self, deed: &Deed) {
        let Some(call) = self.state.leg_of(self.id, &self.payload.callsid) else { return };
        if let Some(leg) = self.state.legs.get_mut(&call) {
            leg.closing = leg.socket == Some(self.id);
            leg.forks.retain(|fork| *fork != self.id);
            if *deed == Deed::Rejects && !self.engine.quirks.one_decline_ends_all && !leg.forks.is_empty() {
                return;
            }
        }
        self.engine.far(&call, deed);
    }

    /// Keys that could not be sent with the audio.
    fn press(self) {
        if let Some(call) = self.state.leg_of(self.id, &self.payload.callsid) {
            let keys: String = self.payload.dtmf.chars().filter(|key| "0123456789*#ABCD".contains(*key)).collect();
            self.engine.far(&call, &Deed::Presses(keys));
        }
    }

    /// A message about a call, which is kept for whoever asks.
    fn message(mut self) {
        let Payload { callsid, content, contenttype, messagetype, voiceeventsid, .. } = self.payload;
        let trouble = if content.to_string().len() > LONGEST_MESSAGE {
            Some((31212, "Call Message Event Payload too large"))
        } else if messagetype != "user-defined-message" || contenttype != "application/json" {
            Some((31210, "Call Message Event Type Invalid"))
        } else {
            None
        };
        let about = json!({ "callsid": callsid, "voiceeventsid": voiceeventsid });
        let Some(leg) = self.leg(callsid).filter(|_| trouble.is_none()) else {
            let (code, text) = trouble.unwrap_or((31210, "there is no such call"));
            let mut payload = about;
            payload["error"] = json!({ "code": code, "message": text });
            self.state.send(self.id, "error", &payload);
            return;
        };
        leg.heard_of(json!({ "voice_event_sid": voiceeventsid, "content": content }));
        let mut payload = about;
        payload["acktype"] = json!("message");
        self.state.send(self.id, "ack", &payload);
    }

    /// The wire is dead, and the client wants to try another way.
    fn reinvite(mut self) {
        let call = &self.payload.callsid;
        if self.leg(call).is_none() {
            return;
        }
        match self.network.media.studio().reoffered(call, &self.payload.sdp) {
            Ok(answer) => drop(self.state.send(self.id, "answer", &json!({ "callsid": call, "sdp": answer }))),
            Err(trouble) => tracing::debug!(%trouble, call, "a wire cannot be changed"),
        }
    }

    /// A call is taken up again: by its client after the socket was lost, or by another one that was given the token.
    fn reconnect(self) {
        let call = &self.payload.callsid;
        let account = &self.bearer.account;
        let known = self.state.legs.get(call).filter(|leg| {
            leg.account == *account && Some(&leg.reconnect) == self.payload.reconnect.as_ref() && !leg.ringing
        });
        if known.is_none() {
            let payload = json!({ "callsid": call, "error": { "code": 31209, "message": "Unknown reconnect token" } });
            self.state.send(self.id, "hangup", &payload);
            return;
        }
        let mut reply = json!({ "callsid": call });
        if !self.network.media.studio().is_of(call, &self.payload.sdp) {
            let wire = self.network.media.studio().answer(&self.payload.sdp);
            let (peer, answer) = match wire {
                Ok(wire) => wire,
                Err(trouble) => {
                    let payload =
                        json!({ "callsid": call, "error": { "code": 31000, "message": trouble.to_string() } });
                    self.state.send(self.id, "hangup", &payload);
                    return;
                }
            };
            self.network.media.studio().connect(call, peer);
            reply["sdp"] = json!(answer);
        }
        let Some(leg) = self.state.legs.get_mut(call) else { return };
        let before = leg.socket.replace(self.id).filter(|before| *before != self.id);
        leg.identity.clone_from(&self.bearer.identity);
        leg.lost = None;
        reply["reconnect"] = json!(leg.reconnect);
        if let Some(before) = before.filter(|_| reply.get("sdp").is_some()) {
            self.state.send(before, "cancel", &json!({ "callsid": call }));
        }
        self.state.send(self.id, "answer", &reply);
    }

    /// A leg that is this client's.
    fn leg(&mut self, call: &str) -> Option<&mut ClientLeg> {
        let leg = self.state.legs.get_mut(call)?;
        (leg.account == self.bearer.account && leg.identity == self.bearer.identity).then_some(leg)
    }
}

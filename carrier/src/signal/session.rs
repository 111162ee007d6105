//! Who a socket speaks for, whether calls come to it, and what becomes of its calls when it is gone.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{
    board::State,
    calls::Ask,
    token::{self, Bearer},
    wire::Payload,
};
use crate::{engine::Engine, network::Network, time};

/// The SDK never asks for more, in seconds.
const LONGEST_PATIENCE: u64 = 30;

pub(super) fn error(network: &Arc<Network>, id: u64, code: u32, text: &str) {
    let payload = json!({ "error": { "code": code, "message": text } });
    network.board.state().send(id, "error", &payload);
}

/// Somebody says who they are.
pub(super) fn listen(network: &Arc<Network>, id: u64, payload: &Payload) {
    let now = time::now();
    let checked = network.look(|engine| {
        let checked = token::check(&payload.token, &engine.directory, now);
        checked.map_err(|refused| (refused.code(&engine.quirks), refused.to_string()))
    });
    let bearer = match checked {
        Ok(bearer) => bearer,
        Err((code, text)) => return error(network, id, code, &text),
    };
    let connected = json!({
        "region": "US_EAST_VIRGINIA",
        "edge": "ashburn",
        "home": "us1",
        "gateway": "carrier",
        "token": {
            "accountSid": bearer.account,
            "applicationSid": bearer.application,
            "identity": bearer.identity,
            "ttl": (bearer.expires - now / 1000).max(0),
        },
    });
    network.with(|engine| {
        let mut state = network.board.state();
        let Some(socket) = state.sockets.get_mut(&id) else { return };
        socket.patience = Duration::from_secs(payload.reconnect_timeout.min(LONGEST_PATIENCE));
        // Somebody else's token ends what was registered before.
        let before = socket.bearer.replace(bearer.clone());
        if let Some(before) = before.filter(|b| b.identity != bearer.identity || b.account != bearer.account) {
            socket.registered = None;
            tell_registered(engine, &state, &before);
        }
        state.send(id, "connected", &connected);
    });
}

/// A socket is gone; its calls wait for it to come back.
pub(super) fn lost(network: &Arc<Network>, id: u64) {
    network.with(|engine| {
        let mut state = network.board.state();
        let gone = state.sockets.remove(&id);
        for leg in state.legs.values_mut() {
            leg.forks.retain(|fork| *fork != id);
            if leg.socket == Some(id) {
                leg.socket = None;
                leg.lost = Some(Instant::now());
                leg.patience = gone.as_ref().map_or(Duration::ZERO, |socket| socket.patience);
            }
        }
        if let Some(bearer) = gone.and_then(|socket| socket.bearer) {
            tell_registered(engine, &state, &bearer);
        }
    });
}

fn tell_registered(engine: &mut Engine, state: &State, bearer: &Bearer) {
    let any = state.registrations(&bearer.account, &bearer.identity).next().is_some();
    engine.set_registered(&bearer.account, &bearer.identity, any);
}

impl Ask<'_> {
    /// Calls come here from now on, or do not any more.
    pub(super) fn register(self) {
        let wants = self.payload.media.audio;
        let refused = if self.bearer.expires * 1000 <= time::now() {
            Some((31205, "JWT token expired"))
        } else if self.bearer.incoming {
            None
        } else {
            Some((31204, "JWT is invalid: no incoming calls"))
        };
        match refused.filter(|_| wants) {
            None if wants => self.state.register(self.id),
            _ => {
                if let Some(socket) = self.state.sockets.get_mut(&self.id) {
                    socket.registered = None;
                }
            }
        }
        if let Some((code, message)) = refused.filter(|_| wants) {
            self.state.send(self.id, "error", &json!({ "error": { "code": code, "message": message } }));
        } else {
            self.state.send(self.id, if wants { "ready" } else { "offline" }, &json!({}));
        }
        tell_registered(self.engine, self.state, self.bearer);
    }
}

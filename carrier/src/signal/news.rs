//! What clients are told of their legs, and the end of those that nobody came back for.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    board::{Board, ClientLeg},
    calls::secret,
    wire,
};
use crate::{
    engine::{Call, Deed, Engine, News, Status, is_e164},
    network::Network,
};

/// A lost socket may come back this long after what its client asked for, as long as audio still comes.
const GRACE: Duration = Duration::from_secs(30);

/// If audio stopped as well, this long is enough: the SDK is back within three seconds.
const SHORT_GRACE: Duration = Duration::from_secs(5);

impl Board {
    /// Tells the client at the far end of a leg. This is done while the engine is held.
    pub(crate) fn tell(&self, network: &Network, engine: &Engine, call: &str, news: News) {
        match (news, engine.calls.get(call)) {
            (News::Rings, Some(leg)) => self.ring(network, engine, leg),
            (News::Answered, _) => {
                let reconnect = self.state().legs.get(call).map(|leg| leg.reconnect.clone());
                if let Some(reconnect) = reconnect {
                    self.send(call, "answer", &json!({ "callsid": call, "reconnect": reconnect }));
                }
            }
            (News::Over(status), _) => self.over(call, status),
            (News::Rings, None) => {}
        }
    }

    /// Rings wherever that identity is registered: all get the same offer, and one may take it.
    fn ring(&self, network: &Network, engine: &Engine, call: &Call) {
        let Some(identity) = call.to.strip_prefix("client:") else { return };
        let offer = match network.media.studio().offer(&call.sid) {
            Ok(offer) => offer,
            Err(trouble) => return tracing::warn!(%trouble, "there is no wire to a client"),
        };
        let mut state = self.state();
        let forks: Vec<u64> = state.registrations(&call.account, identity).collect();
        let leg = ClientLeg {
            account: call.account.clone(),
            identity: identity.to_owned(),
            socket: None,
            forks: forks.clone(),
            ringing: true,
            temporary: None,
            reconnect: secret(),
            closing: false,
            lost: None,
            patience: Duration::ZERO,
            messages: Vec::new(),
        };
        let payload = json!({
            "callsid": call.sid,
            "sdp": offer,
            "reconnect": leg.reconnect,
            "parameters": parameters(engine, call),
        });
        state.legs.insert(call.sid.clone(), leg);
        for fork in forks {
            state.send(fork, "invite", &payload);
        }
    }

    fn over(&self, call: &str, status: Status) {
        let mut state = self.state();
        let Some(leg) = state.legs.remove(call) else { return };
        if leg.ringing {
            state.withdraw(call, &leg, None);
        } else if let (Some(socket), false) = (leg.socket, leg.closing) {
            let mut payload = json!({ "callsid": call });
            if let Some((code, message)) = trouble(status) {
                payload["error"] = json!({ "code": code, "message": message });
            }
            state.send(socket, "hangup", &payload);
        }
    }

    /// Ends legs that nobody came back for, for as long as it is awaited.
    pub(crate) async fn run(network: Arc<Network>) {
        let mut ticks = tokio::time::interval(Duration::from_millis(500));
        loop {
            ticks.tick().await;
            let now = Instant::now();
            let given_up: Vec<String> = {
                let state = network.board.state();
                let lost = state.legs.iter().filter_map(|(call, leg)| Some((call, leg.patience, leg.lost?)));
                let waited = lost.map(|(call, patience, lost)| (call, patience, now.duration_since(lost)));
                let silent = |call: &str| network.media.studio().silent_for(call).is_none_or(|long| long > SHORT_GRACE);
                waited
                    .filter(|(call, patience, waited)| {
                        *waited > *patience + GRACE || (*waited > (*patience).max(SHORT_GRACE) && silent(call))
                    })
                    .map(|(call, ..)| call.clone())
                    .collect()
            };
            for call in given_up {
                network.with(|engine| engine.far(&call, &Deed::HangsUp));
            }
        }
    }
}

/// What a client is told when a call that it made did not come about.
fn trouble(status: Status) -> Option<(u32, &'static str)> {
    match status {
        Status::Busy => Some((31486, "Busy")),
        Status::NoAnswer => Some((31603, "Decline")),
        Status::Failed => Some((31005, "Connection error")),
        Status::Completed | Status::Canceled | Status::Queued | Status::Ringing | Status::InProgress => None,
    }
}

/// What the SDK shows as a call's parameters.
fn parameters(engine: &Engine, call: &Call) -> Value {
    let mut parameters = json!({
        "CallSid": call.sid,
        "AccountSid": call.account,
        "ApiVersion": "2010-04-01",
        "From": call.from,
        "To": call.to,
    });
    if !call.params.is_empty() {
        parameters["Params"] = json!(wire::custom(&call.params));
    }
    // A number is vouched for where the account that shows it owns it (STIR/SHAKEN, attestation A).
    let owned = engine.directory.numbers.get(&call.from).is_some_and(|number| number.account == call.account);
    if owned {
        parameters["StirStatus"] = json!("TN-Validation-Passed-A");
    } else if is_e164(&call.from) {
        parameters["StirStatus"] = json!("TN-Validation-Passed-C");
    }
    parameters
}

//! Who is connected, who is registered, and which leg belongs to whom.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use super::{token::Bearer, wire};
use crate::webhook::lock;

/// So many registrations an identity has at most; a further one removes the oldest.
const REGISTRATIONS: usize = 10;

/// Messages that are kept for each leg.
const MESSAGES: usize = 100;

/// All of it. Whoever owns the engine's lock may take this one, never the other way round.
#[derive(Debug, Default)]
pub(crate) struct Board(Mutex<State>);

#[derive(Debug, Default)]
pub(super) struct State {
    /// By number; the highest is the newest.
    pub(super) sockets: BTreeMap<u64, Socket>,
    /// By the SID of the call.
    pub(super) legs: HashMap<String, ClientLeg>,
    serial: u64,
}

/// An identity that is registered.
#[derive(Debug, Serialize)]
pub(crate) struct Registered {
    account: String,
    identity: String,
    /// How often.
    registrations: usize,
    /// When the last of its tokens runs out, in seconds since the Unix epoch.
    expires: i64,
}

/// A connection of an SDK.
#[derive(Debug)]
pub(super) struct Socket {
    pub(super) out: UnboundedSender<String>,
    /// Nobody before its token was found good.
    pub(super) bearer: Option<Bearer>,
    /// When it registered, as a number; nothing while it is not registered.
    pub(super) registered: Option<u64>,
    /// How long calls are to be kept when it is lost.
    pub(super) patience: Duration,
}

/// The signalling of one leg.
#[derive(Debug)]
pub(super) struct ClientLeg {
    pub(super) account: String,
    pub(super) identity: String,
    /// The socket that has it; nothing while it rings, or is lost.
    pub(super) socket: Option<u64>,
    /// Those that it rings at.
    pub(super) forks: Vec<u64>,
    /// A call to the client that was not answered.
    pub(super) ringing: bool,
    /// What the SDK calls it until it knows the SID.
    pub(super) temporary: Option<String>,
    /// Brings it back on another socket.
    pub(super) reconnect: String,
    /// Its client hung up, and needs not be told.
    pub(super) closing: bool,
    pub(super) lost: Option<Instant>,
    pub(super) patience: Duration,
    /// What the client sent, the newest last.
    pub(super) messages: Vec<Value>,
}

impl Board {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0)
    }

    /// Sends something to whoever has a leg; false if nobody has.
    pub(crate) fn send(&self, call: &str, kind: &str, payload: &Value) -> bool {
        let state = self.state();
        state.legs.get(call).and_then(|leg| leg.socket).is_some_and(|socket| state.send(socket, kind, payload))
    }

    /// The messages that the client at a leg sent.
    pub(crate) fn messages(&self, call: &str) -> Option<Vec<Value>> {
        self.state().legs.get(call).map(|leg| leg.messages.clone())
    }

    /// The identities that are registered.
    pub(crate) fn registered(&self) -> Vec<Registered> {
        let mut found: BTreeMap<(String, String), Registered> = BTreeMap::new();
        let state = self.state();
        for bearer in state.sockets.values().filter(|s| s.registered.is_some()).filter_map(|s| s.bearer.as_ref()) {
            let (account, identity) = (bearer.account.clone(), bearer.identity.clone());
            let new =
                || Registered { account: account.clone(), identity: identity.clone(), registrations: 0, expires: 0 };
            let one = found.entry((account.clone(), identity.clone())).or_insert_with(new);
            one.registrations += 1;
            one.expires = one.expires.max(bearer.expires);
        }
        found.into_values().collect()
    }

    /// Legs are forgotten; sockets stay.
    pub(crate) fn reset(&self) {
        self.state().legs.clear();
    }
}

impl State {
    pub(super) fn serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// The registered sockets of an identity.
    pub(super) fn registrations(&self, account: &str, identity: &str) -> impl Iterator<Item = u64> {
        self.sockets.iter().filter_map(move |(id, socket)| {
            let bearer = socket.bearer.as_ref()?;
            let is = bearer.account == account && bearer.identity == identity && bearer.incoming;
            (is && socket.registered.is_some()).then_some(*id)
        })
    }

    /// Registers a socket, and drops the oldest registration if there are too many.
    pub(super) fn register(&mut self, id: u64) {
        let serial = self.serial();
        let Some(socket) = self.sockets.get_mut(&id) else { return };
        socket.registered.get_or_insert(serial);
        let Some(bearer) = socket.bearer.clone() else { return };
        let mut all: Vec<(u64, u64)> = self
            .registrations(&bearer.account, &bearer.identity)
            .filter_map(|id| Some((self.sockets.get(&id)?.registered?, id)))
            .collect();
        all.sort_unstable();
        for (_, oldest) in all.iter().take(all.len().saturating_sub(REGISTRATIONS)) {
            if let Some(socket) = self.sockets.get_mut(oldest) {
                socket.registered = None;
            }
        }
    }

    /// A call to a client rings no more, except at `taker`. Sockets that broke and came back meanwhile still ring, although
    /// they were not invited.
    pub(super) fn withdraw(&self, call: &str, leg: &ClientLeg, taker: Option<u64>) {
        let payload = json!({ "callsid": call });
        let registered = self.registrations(&leg.account, &leg.identity);
        let all: BTreeSet<u64> = registered.chain(leg.forks.iter().copied()).collect();
        for socket in all.into_iter().filter(|socket| Some(*socket) != taker) {
            self.send(socket, "cancel", &payload);
        }
    }

    pub(super) fn send(&self, socket: u64, kind: &str, payload: &Value) -> bool {
        self.sockets.get(&socket).is_some_and(|socket| socket.out.send(wire::message(kind, payload)).is_ok())
    }

    /// The leg that a socket may mean by a name: a SID, or what the SDK called it first.
    pub(super) fn leg_of(&self, socket: u64, name: &str) -> Option<String> {
        let bearer = self.sockets.get(&socket)?.bearer.as_ref()?;
        let own = |leg: &ClientLeg| leg.account == bearer.account && leg.identity == bearer.identity;
        if let Some(leg) = self.legs.get(name) {
            return own(leg).then(|| name.to_owned());
        }
        let named = |leg: &ClientLeg| leg.temporary.as_deref() == Some(name) && leg.socket == Some(socket);
        self.legs.iter().find(|(_, leg)| named(leg)).map(|(call, _)| call.clone())
    }
}

impl ClientLeg {
    pub(super) fn heard_of(&mut self, message: Value) {
        if self.messages.len() == MESSAGES {
            self.messages.remove(0);
        }
        self.messages.push(message);
    }
}

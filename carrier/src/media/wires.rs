//! The studio's wires: made, changed and closed, and what comes over them.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use str0m::{Input, net::Receive};

use super::{
    peer::{Outcome, Peer, WireError},
    studio::{Report, Studio},
};

impl Studio {
    /// A datagram came.
    pub(super) fn receive(&mut self, from: SocketAddr, datagram: &[u8], now: Instant) -> Vec<Report> {
        let Ok(contents) = datagram.try_into() else { return Vec::new() };
        let destination = self.kit.address;
        let input =
            Input::Receive(now, Receive { proto: str0m::net::Protocol::Udp, source: from, destination, contents });
        let known =
            self.senders.get(&from).filter(|call| self.peers.get(*call).is_some_and(|peer| peer.accepts(&input)));
        let call = known
            .cloned()
            .or_else(|| self.peers.iter().find(|(_, peer)| peer.accepts(&input)).map(|(call, _)| call.clone()));
        let mut reports = Vec::new();
        if let Some((call, peer)) = call.and_then(|call| self.peers.get_mut(&call).map(|peer| (call, peer))) {
            let mut outcome = Outcome::default();
            peer.handle(input, now, &mut outcome);
            outcome.hand_over(&call, &mut self.transmits, &mut reports);
            self.senders.insert(from, call);
        }
        reports
    }

    /// A wire for a leg, offered to its client.
    pub(crate) fn offer(&mut self, call: &str) -> Result<String, WireError> {
        let (peer, offer) = Peer::offering(&self.kit, Instant::now())?;
        self.peers.insert(call.to_owned(), peer);
        Ok(offer)
    }

    /// The client took it.
    pub(crate) fn accept(&mut self, call: &str, answer: &str) -> Result<(), WireError> {
        self.peers.get_mut(call).ok_or(WireError::NotAwaited)?.accept(answer)
    }

    /// A wire that a client offers, for the leg that `act` makes of it.
    pub(crate) fn answer(&mut self, offer: &str) -> Result<(Peer, String), WireError> {
        Peer::answering(&self.kit, offer, Instant::now())
    }

    /// A leg's wire from now on; one that it had is closed.
    pub(crate) fn connect(&mut self, call: &str, peer: Peer) {
        self.close(call, Instant::now());
        self.peers.insert(call.to_owned(), peer);
    }

    /// The client wants its wire changed.
    pub(crate) fn reoffered(&mut self, call: &str, offer: &str) -> Result<String, WireError> {
        self.peers.get_mut(call).ok_or(WireError::NotAwaited)?.reoffered(offer)
    }

    /// Whether a description comes from the client at a leg's wire.
    pub(crate) fn is_of(&self, call: &str, sdp: &str) -> bool {
        self.peers.get(call).is_some_and(|peer| peer.is_of(sdp))
    }

    /// How long nothing has come over a leg's wire.
    pub(crate) fn silent_for(&self, call: &str) -> Option<Duration> {
        self.peers.get(call).map(|peer| peer.last_packet.elapsed())
    }

    pub(super) fn close(&mut self, call: &str, now: Instant) {
        if let Some(mut peer) = self.peers.remove(call) {
            let mut outcome = Outcome::default();
            peer.close(now, &mut outcome);
            self.transmits.append(&mut outcome.transmits);
            self.senders.retain(|_, of| of != call);
        }
    }
}

impl Outcome {
    /// Hands on what is to be sent, and what the engine should know.
    pub(super) fn hand_over(
        mut self,
        call: &str,
        transmits: &mut Vec<(SocketAddr, Vec<u8>)>,
        reports: &mut Vec<Report>,
    ) {
        transmits.append(&mut self.transmits);
        if !self.keys.is_empty() {
            reports.push(Report::Pressed { call: call.to_owned(), keys: self.keys });
        }
    }
}

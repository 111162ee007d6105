//! The wire to one real client: ICE, DTLS and SRTP by `str0m`, µ-law and telephone events both ways.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use str0m::{
    Candidate, Event, Input, Output, Rtc, RtcConfig,
    change::{SdpAnswer, SdpOffer, SdpPendingOffer},
    config::DtlsCert,
    crypto::CryptoProvider,
    format::{Codec, FormatParams},
    media::{Direction, Frequency, MediaKind, Mid, Pt},
    net::Protocol,
    rtp::{RtpPacket, RtpWrite},
};

use super::{jitter::Jitter, keypress::Keypad, mulaw};
use crate::mixer::{Frame, SAMPLES};

/// What all wires have in common.
#[derive(Debug, Clone)]
pub(crate) struct Kit {
    /// The only candidate.
    pub(crate) address: SocketAddr,
    crypto: Arc<CryptoProvider>,
    certificate: DtlsCert,
}

/// Why a wire cannot be had, or not be changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WireError {
    #[error("{0}")]
    Rtc(#[from] str0m::RtcError),
    #[error("the description cannot be read: {0}")]
    Sdp(String),
    #[error("no audio is offered, or not in PCMU")]
    NoAudio,
    #[error("nothing was offered that this could answer")]
    NotAwaited,
    #[error("there is no certificate: {0}")]
    Certificate(String),
    #[error("the address is no candidate: {0}")]
    Candidate(String),
}

impl Kit {
    /// One certificate serves all wires of a process: making one takes longer than everything else.
    pub(crate) fn new(address: SocketAddr) -> Result<Self, WireError> {
        let crypto = Arc::new(str0m::crypto::from_feature_flags());
        let made = crypto.dtls_provider.generate_certificate();
        let certificate = made.ok_or_else(|| WireError::Certificate("it could not be made".to_owned()))?;
        Ok(Self { address, crypto, certificate })
    }
}

/// A wire.
#[derive(Debug)]
pub(crate) struct Peer {
    rtc: Rtc,
    mid: Option<Mid>,
    pending: Option<SdpPendingOffer>,
    /// What the client is known by, through ICE restarts too.
    fingerprint: Option<String>,
    pub(crate) jitter: Jitter,
    keypad: Keypad,
    sequence: u64,
    time: u32,
    pub(crate) packets_in: u64,
    pub(crate) packets_out: u64,
    pub(crate) last_packet: Instant,
    pub(crate) connected: bool,
    /// When it was made.
    pub(crate) since: Instant,
    /// When `str0m` wants to be looked after.
    timeout: Instant,
}

/// What a packet led to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) transmits: Vec<(SocketAddr, Vec<u8>)>,
    pub(crate) keys: String,
}

impl Peer {
    fn new(kit: &Kit, now: Instant) -> Result<Self, WireError> {
        let mut config = RtcConfig::new()
            .set_crypto_provider(Arc::clone(&kit.crypto))
            .set_dtls_cert(kit.certificate.clone())
            .clear_codecs()
            .clear_extension_map()
            .enable_pcmu(true, false)
            .set_rtp_mode(true);
        // Keys 0 to 9, *, #, A to D (RFC 4733).
        let keys = FormatParams::parse_line("0-16");
        config.codec_config().add_config(101.into(), None, Codec::Tele, Frequency::EIGHT_KHZ, None, keys);
        let mut rtc = config.build(now);
        let candidate = Candidate::host(kit.address, Protocol::Udp).map_err(|e| WireError::Candidate(e.to_string()))?;
        rtc.add_local_candidate(candidate);
        Ok(Self {
            rtc,
            mid: None,
            pending: None,
            fingerprint: None,
            jitter: Jitter::default(),
            keypad: Keypad::default(),
            sequence: 0,
            time: 0,
            packets_in: 0,
            packets_out: 0,
            last_packet: now,
            connected: false,
            since: now,
            timeout: now,
        })
    }

    /// A wire that is offered to a client, and the offer.
    pub(crate) fn offering(kit: &Kit, now: Instant) -> Result<(Self, String), WireError> {
        let mut peer = Self::new(kit, now)?;
        let mut change = peer.rtc.sdp_api();
        let mid = change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
        let (offer, pending) = change.apply().ok_or(WireError::NoAudio)?;
        peer.mid = Some(mid);
        peer.pending = Some(pending);
        Ok((peer, offer.to_sdp_string()))
    }

    /// The client took the offer.
    pub(crate) fn accept(&mut self, answer: &str) -> Result<(), WireError> {
        let pending = self.pending.take().ok_or(WireError::NotAwaited)?;
        let read = SdpAnswer::from_sdp_string(answer).map_err(|error| WireError::Sdp(error.to_string()))?;
        self.rtc.sdp_api().accept_answer(pending, read)?;
        self.fingerprint = fingerprint(answer);
        self.has_codec()
    }

    /// A wire that a client offered, and the answer.
    pub(crate) fn answering(kit: &Kit, offer: &str, now: Instant) -> Result<(Self, String), WireError> {
        let mut peer = Self::new(kit, now)?;
        let answer = peer.reoffered(offer)?;
        Ok((peer, answer))
    }

    /// The client offers to change the wire, as it does to get a dead one going again.
    pub(crate) fn reoffered(&mut self, offer: &str) -> Result<String, WireError> {
        let read = SdpOffer::from_sdp_string(offer).map_err(|error| WireError::Sdp(error.to_string()))?;
        let audio = read.media_lines.iter().find(|line| line.typ.to_string() == "audio");
        let Some(audio) = audio else { return Err(WireError::NoAudio) };
        let mid = audio.mid();
        let answer = self.rtc.sdp_api().accept_offer(read)?;
        self.mid = Some(mid);
        self.fingerprint = fingerprint(offer);
        self.has_codec()?;
        Ok(answer.to_sdp_string())
    }

    /// Whether a description comes from the client at the other end.
    pub(crate) fn is_of(&self, sdp: &str) -> bool {
        self.fingerprint.is_some() && self.fingerprint == fingerprint(sdp)
    }

    fn has_codec(&self) -> Result<(), WireError> {
        let media = self.mid.and_then(|mid| self.rtc.media(mid));
        let speaks = media.is_some_and(|media| media.remote_pts().contains(&self.payload_type(Codec::PCMU)));
        if speaks { Ok(()) } else { Err(WireError::NoAudio) }
    }

    fn payload_type(&self, codec: Codec) -> Pt {
        let found = self.rtc.codec_config().find(|params| params.spec().codec == codec);
        found.map_or_else(|| 0.into(), str0m::format::PayloadParams::pt)
    }

    /// Whether a datagram is for this wire.
    pub(crate) fn accepts(&self, input: &Input<'_>) -> bool {
        self.rtc.accepts(input)
    }

    /// Gives it a datagram, or the time.
    pub(crate) fn handle(&mut self, input: Input<'_>, now: Instant, outcome: &mut Outcome) {
        if let Err(error) = self.rtc.handle_input(input) {
            tracing::debug!(%error, "a packet was not understood");
        }
        self.poll(now, outcome);
    }

    /// Looks after it if it is time, and lets it hear 20 ms.
    pub(crate) fn tick(&mut self, heard: Option<&Frame>, now: Instant, outcome: &mut Outcome) {
        if let (Some(mid), true) = (self.mid, self.connected) {
            let pt = self.payload_type(Codec::PCMU);
            let payload = heard.map_or_else(|| vec![mulaw::SILENCE; SAMPLES], |f| f.map(mulaw::encode).to_vec());
            let write = RtpWrite::new(pt, self.sequence.into(), self.time, now, payload);
            if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(mid, None) {
                stream.write_rtp(write);
                self.packets_out += 1;
            }
            self.sequence += 1;
            self.time = self.time.wrapping_add(160);
            self.handle(Input::Timeout(now), now, outcome);
        } else if now >= self.timeout {
            self.handle(Input::Timeout(now), now, outcome);
        }
    }

    fn poll(&mut self, now: Instant, outcome: &mut Outcome) {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    self.timeout = at;
                    return;
                }
                Ok(Output::Transmit(transmit)) => {
                    outcome.transmits.push((transmit.destination, transmit.contents.to_vec()));
                }
                Ok(Output::Event(Event::Connected)) => self.connected = true,
                Ok(Output::Event(Event::RtpPacket(packet))) => self.received(&packet, now, outcome),
                Ok(Output::Event(_)) => {}
                Err(error) => {
                    tracing::debug!(%error, "a wire broke");
                    self.timeout = now + std::time::Duration::from_secs(1);
                    return;
                }
            }
        }
    }

    fn received(&mut self, packet: &RtpPacket, now: Instant, outcome: &mut Outcome) {
        self.packets_in += 1;
        self.last_packet = now;
        let codec = self.rtc.codec_config().find(|params| params.pt() == packet.header.payload_type);
        match codec.map(|params| params.spec().codec) {
            Some(Codec::PCMU) => self.jitter.push(packet.header.timestamp, &packet.payload),
            Some(Codec::Tele) => outcome.keys.extend(self.keypad.event(packet.header.timestamp, &packet.payload)),
            _ => {}
        }
    }

    /// Ends it, with what is to be sent about that.
    pub(crate) fn close(&mut self, now: Instant, outcome: &mut Outcome) {
        if self.rtc.close().is_ok() {
            self.poll(now, outcome);
        }
    }
}

/// The fingerprint of the certificate in a description.
fn fingerprint(sdp: &str) -> Option<String> {
    sdp.lines().find_map(|line| line.trim().strip_prefix("a=fingerprint:")).map(str::to_ascii_lowercase)
}

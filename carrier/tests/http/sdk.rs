//! A client of our own at the other end of signalling and audio: what Twilio's SDK does, and what it never would.

use std::{
    collections::VecDeque,
    f32::consts::TAU,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::{SinkExt, StreamExt};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use str0m::{
    Candidate, Event, Input, Output, Rtc, RtcConfig,
    change::{SdpAnswer, SdpOffer, SdpPendingOffer},
    format::{Codec, FormatParams},
    media::{Direction, Frequency, MediaKind, Mid},
    net::{Protocol, Receive},
    rtp::RtpWrite,
};
use tokio::{
    net::{TcpStream, UdpSocket},
    sync::mpsc,
    task::JoinHandle,
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub(crate) const KEY: &str = "SK00000000000000000000000000000001";
pub(crate) const SECRET: &str = "the secret of the key";
pub(crate) const APPLICATION: &str = "AP00000000000000000000000000000001";

/// No message takes longer, unless it does not come at all.
const PATIENCE: Duration = Duration::from_secs(10);

/// An access token for somebody.
pub(crate) fn token(identity: &str) -> String {
    token_of(ACCOUNT, (KEY, SECRET), identity)
}

/// An access token for somebody of an account, signed with a key.
pub(crate) fn token_of(account: &str, (key, secret): (&str, &str), identity: &str) -> String {
    let now = std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_secs();
    let header = json!({ "alg": "HS256", "typ": "JWT", "cty": "twilio-fpa;v=1" });
    let voice = json!({ "incoming": { "allow": true }, "outgoing": { "application_sid": APPLICATION } });
    let grants = json!({ "identity": identity, "voice": voice });
    let claims = json!({ "iss": key, "sub": account, "iat": now, "exp": now + 3600, "grants": grants });
    let body = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(body.as_bytes());
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// The signalling.
pub(crate) struct Sdk {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Sdk {
    /// A socket on which nothing was said yet; `base` is the carrier's URL.
    pub(crate) async fn connect(base: &str) -> Self {
        let (socket, _) = connect_async(format!("{}/signal", base.replace("http", "ws"))).await.expect("a socket");
        Self { socket }
    }

    /// Somebody who is registered.
    pub(crate) async fn registered(base: &str, identity: &str) -> Self {
        let mut sdk = Self::listening(base, identity, 0).await;
        sdk.say("register", &json!({ "media": { "audio": true } })).await;
        sdk.hears("ready").await;
        sdk
    }

    /// Somebody whose token was found good.
    pub(crate) async fn listening(base: &str, identity: &str, reconnect_timeout: u64) -> Self {
        let mut sdk = Self::connect(base).await;
        let listen = json!({ "token": token(identity), "browserinfo": {}, "reconnectTimeout": reconnect_timeout });
        sdk.say("listen", &listen).await;
        let connected = sdk.hears("connected").await;
        assert_eq!(connected["token"]["identity"], identity);
        sdk
    }

    pub(crate) async fn say(&mut self, kind: &str, payload: &Value) {
        self.send(json!({ "payload": payload, "type": kind, "version": "1.6" }).to_string()).await;
    }

    /// Sends a frame as it is.
    pub(crate) async fn send(&mut self, text: String) {
        self.socket.send(Message::Text(text.into())).await.expect("an open socket");
    }

    /// The next message; beats are answered on the way.
    pub(crate) async fn next(&mut self) -> (String, Value) {
        // Beats go on for ever: they are no reason to wait on.
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let next = tokio::time::timeout_at(deadline, self.socket.next()).await.expect("a message in time");
            let Message::Text(text) = next.expect("an open socket").expect("a frame") else { continue };
            if text.trim().is_empty() {
                self.send("\n".to_owned()).await;
                continue;
            }
            let mut message: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(message["version"], "1.6");
            return (message["type"].as_str().expect("a type").to_owned(), message["payload"].take());
        }
    }

    /// The next message, which must be of that kind.
    pub(crate) async fn hears(&mut self, kind: &str) -> Value {
        let (found, payload) = self.next().await;
        assert_eq!(found, kind, "{payload}");
        payload
    }

    /// Takes the call that comes next, and talks.
    pub(crate) async fn takes_call(&mut self, hertz: f32) -> (String, Wire) {
        let invite = self.hears("invite").await;
        let call = invite["callsid"].as_str().expect("a SID").to_owned();
        let (wire, answer) = Wire::answering(invite["sdp"].as_str().expect("an offer"), hertz).await;
        self.say("answer", &json!({ "callsid": call, "sdp": answer })).await;
        (call, wire)
    }
}

enum Command {
    Accept(String),
    /// A fresh offer for the same wire, by new addresses and names.
    Restart(tokio::sync::oneshot::Sender<String>),
    Press(u8),
}

/// A wire with a microphone that hears a tone, and an ear.
pub(crate) struct Wire {
    commands: mpsc::UnboundedSender<Command>,
    heard: Arc<Mutex<VecDeque<i16>>>,
    hertz: Arc<AtomicU32>,
    task: JoinHandle<()>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Wire {
    /// A wire that is offered, and the offer.
    pub(crate) async fn offering(hertz: f32) -> (Self, String) {
        let mut end = End::new().await;
        let offer = end.offer();
        (Self::run(end, hertz), offer)
    }

    pub(crate) async fn answering(offer: &str, hertz: f32) -> (Self, String) {
        let mut end = End::new().await;
        let offer = SdpOffer::from_sdp_string(offer).expect("an offer");
        end.mid = Some(offer.media_lines[0].mid());
        let answer = end.rtc.sdp_api().accept_offer(offer).expect("a good offer").to_sdp_string();
        (Self::run(end, hertz), answer)
    }

    pub(crate) fn accept(&self, answer: &str) {
        self.commands.send(Command::Accept(answer.to_owned())).expect("a wire");
    }

    pub(crate) async fn restart(&self) -> String {
        let (reply, offer) = tokio::sync::oneshot::channel();
        self.commands.send(Command::Restart(reply)).expect("a wire");
        offer.await.expect("an offer")
    }

    /// Presses a key, by the number of its event.
    pub(crate) fn press(&self, event: u8) {
        self.commands.send(Command::Press(event)).expect("a wire");
    }

    /// What the microphone hears from now on; 0 is silence.
    pub(crate) fn sing(&self, hertz: f32) {
        self.hertz.store(hertz.to_bits(), Ordering::Relaxed);
    }

    /// The tone of the last half second, by its zero crossings; `None` while there is silence.
    pub(crate) fn tone(&self) -> Option<f32> {
        let heard = self.heard.lock().expect("no panic");
        let crossings: Vec<f32> = (1_u16..)
            .zip(heard.iter().zip(heard.iter().skip(1)))
            .filter(|(_, (before, after))| **before < 0 && **after >= 0)
            .map(|(at, (before, after))| f32::from(at) - f32::from(*after) / (f32::from(*after) - f32::from(*before)))
            .collect();
        let [first, .., last] = crossings[..] else { return None };
        let turns = f32::from(u16::try_from(crossings.len() - 1).expect("half a second of them"));
        (heard.len() == LISTENED).then(|| turns / (last - first) * 8_000.0)
    }

    /// Waits until a tone is heard, to a hertz.
    pub(crate) async fn hears(&self, hertz: f32) {
        let deadline = Instant::now() + PATIENCE;
        while self.tone().is_none_or(|tone| (tone - hertz).abs() > 1.0) {
            assert!(Instant::now() < deadline, "{hertz} Hz is not heard but {:?}", self.tone());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn run(end: End, hertz: f32) -> Self {
        let (commands, inbox) = mpsc::unbounded_channel();
        let heard = Arc::new(Mutex::new(VecDeque::new()));
        let hertz = Arc::new(AtomicU32::new(hertz.to_bits()));
        let task = tokio::spawn(end.run(inbox, heard.clone(), hertz.clone()));
        Self { commands, heard, hertz, task }
    }
}

/// Samples that are listened to.
const LISTENED: usize = 4_000;

/// The end of a wire.
struct End {
    rtc: Rtc,
    socket: UdpSocket,
    mid: Option<Mid>,
    pending: Option<SdpPendingOffer>,
    connected: bool,
    phase: f32,
    sequence: u64,
    time: u32,
    /// A key on its way: the event, when it began, and packets still to be sent.
    key: Option<(u8, u32, u16)>,
}

impl End {
    async fn new() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
        let crypto = Arc::new(str0m::crypto::from_feature_flags());
        let mut config =
            RtcConfig::new().set_crypto_provider(crypto).clear_codecs().enable_pcmu(true, false).set_rtp_mode(true);
        let keys = FormatParams::parse_line("0-16");
        config.codec_config().add_config(126.into(), None, Codec::Tele, Frequency::EIGHT_KHZ, None, keys);
        let mut rtc = config.build(Instant::now());
        let address = socket.local_addr().expect("an address");
        rtc.add_local_candidate(Candidate::host(address, Protocol::Udp).expect("a candidate"));
        let (phase, sequence, time) = (0.0, 0, 0);
        Self { rtc, socket, mid: None, pending: None, connected: false, phase, sequence, time, key: None }
    }

    fn offer(&mut self) -> String {
        let mut change = self.rtc.sdp_api();
        self.mid = Some(change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None));
        let (offer, pending) = change.apply().expect("a change");
        self.pending = Some(pending);
        offer.to_sdp_string()
    }

    async fn run(
        mut self,
        mut inbox: mpsc::UnboundedReceiver<Command>,
        heard: Arc<Mutex<VecDeque<i16>>>,
        hertz: Arc<AtomicU32>,
    ) {
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        let mut buffer = vec![0; 2_048];
        let local = self.socket.local_addr().expect("an address");
        loop {
            tokio::select! {
                _ = ticks.tick() => {
                    self.speak(f32::from_bits(hertz.load(Ordering::Relaxed)));
                    self.rtc.handle_input(Input::Timeout(Instant::now())).expect("it lives");
                }
                received = self.socket.recv_from(&mut buffer) => {
                    let (length, source) = received.expect("a datagram");
                    let contents = buffer[..length].try_into().expect("a packet");
                    let receive = Receive { proto: Protocol::Udp, source, destination: local, contents };
                    self.rtc.handle_input(Input::Receive(Instant::now(), receive)).expect("it lives");
                }
                command = inbox.recv() => match command {
                    None => return,
                    Some(Command::Accept(answer)) => {
                        let pending = self.pending.take().expect("an offer");
                        let answer = SdpAnswer::from_sdp_string(&answer).expect("an answer");
                        self.rtc.sdp_api().accept_answer(pending, answer).expect("a good answer");
                    }
                    Some(Command::Restart(reply)) => {
                        let mut change = self.rtc.sdp_api();
                        change.ice_restart(true);
                        let (offer, pending) = change.apply().expect("a change");
                        self.pending = Some(pending);
                        let _ = reply.send(offer.to_sdp_string());
                    }
                    Some(Command::Press(event)) => self.key = Some((event, self.time, 8)),
                },
            }
            self.poll(&heard).await;
        }
    }

    async fn poll(&mut self, heard: &Mutex<VecDeque<i16>>) {
        loop {
            match self.rtc.poll_output().expect("it lives") {
                Output::Timeout(_) => return,
                Output::Transmit(transmit) => {
                    let _ = self.socket.send_to(&transmit.contents, transmit.destination).await;
                }
                Output::Event(Event::Connected) => self.connected = true,
                Output::Event(Event::RtpPacket(packet)) => {
                    let mut heard = heard.lock().expect("no panic");
                    heard.extend(packet.payload.iter().map(|byte| decode(*byte)));
                    let surplus = heard.len().saturating_sub(LISTENED);
                    heard.drain(..surplus);
                }
                Output::Event(_) => {}
            }
        }
    }

    fn speak(&mut self, hertz: f32) {
        let Some(mid) = self.mid.filter(|_| self.connected) else { return };
        // The number that stands for keys is agreed upon with each wire.
        let keys = self.rtc.codec_config().find(|params| params.spec().codec == Codec::Tele);
        let keys = keys.map(str0m::format::PayloadParams::pt);
        let (pt, time, payload) = match &mut self.key {
            // Three packets say that it is over, all with the time at which it began (RFC 4733).
            Some((event, began, left)) => {
                let end = if *left <= 3 { 0x80 } else { 0 };
                let length = (160 * (9 - *left)).to_be_bytes();
                let packet = (keys.expect("keys"), *began, vec![*event, end | 0x0a, length[0], length[1]]);
                *left -= 1;
                if *left == 0 {
                    self.key = None;
                }
                packet
            }
            None => (0.into(), self.time, self.tone(hertz)),
        };
        self.sequence += 1;
        self.time = self.time.wrapping_add(160);
        let mut direct = self.rtc.direct_api();
        let stream = direct.stream_tx_by_mid(mid, None).expect("a stream");
        stream.write_rtp(RtpWrite::new(pt, self.sequence.into(), time, Instant::now(), payload));
    }

    #[expect(clippy::cast_possible_truncation, reason = "it is no louder than 8000")]
    fn tone(&mut self, hertz: f32) -> Vec<u8> {
        let step = hertz / 8_000.0;
        let sample = |phase: f32| if hertz > 0.0 { encode((8_000.0 * (phase * TAU).sin()) as i16) } else { 0xff };
        (0..160)
            .map(|_| {
                self.phase = (self.phase + step).fract();
                sample(self.phase)
            })
            .collect()
    }
}

/// Where the segments of µ-law begin, after the tables of G.711 and not after the carrier's code.
const STARTS: [i16; 8] = [0, 132, 396, 924, 1_980, 4_092, 8_316, 16_764];

fn decode(byte: u8) -> i16 {
    let bits = !byte;
    let segment = usize::from(bits >> 4 & 7);
    let magnitude = STARTS[segment] + (i16::from(bits & 15) << (segment + 3));
    if bits & 0x80 == 0 { magnitude } else { -magnitude }
}

fn encode(sample: i16) -> u8 {
    let magnitude = sample.saturating_abs().min(32_000);
    let segment = STARTS.iter().rposition(|start| *start <= magnitude).unwrap_or(0);
    let step = ((magnitude - STARTS[segment]) >> (segment + 3)).min(15);
    let sign = if sample < 0 { 0x80 } else { 0 };
    let bits = usize::from(step.unsigned_abs()) | segment << 4;
    !(u8::try_from(bits).expect("seven bits") | sign)
}

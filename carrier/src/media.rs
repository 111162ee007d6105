//! Audio as it is: wires to real clients, what is played, who hears whom, and what everybody heard.
//!
//! All state is in the [`Studio`], which is handled in one place at a time and never waits. Whoever owns the engine's
//! lock may take the studio's, never the other way round.

mod ear;
mod jitter;
mod keypress;
mod library;
mod loader;
mod mp3;
mod mulaw;
mod peer;
mod pitch;
mod player;
mod resample;
mod speech;
mod studio;
mod take;
mod tone;
mod tune;
mod wav;
mod wires;

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

use tokio::{
    net::UdpSocket,
    time::{MissedTickBehavior, interval},
};

pub(crate) use peer::WireError;
pub(crate) use pitch::listen;
pub(crate) use studio::Studio;
pub(crate) use wav::{write as wav, write_linear as linear_wav};

use crate::{engine::Deed, network::Network, webhook::lock};
use loader::Loader;
use peer::Kit;
use studio::Report;

/// The length of a frame.
const FRAME: Duration = Duration::from_millis(20);

/// Frames that are later than this are not made up for.
const LATE: Duration = Duration::from_millis(500);

/// So many datagrams are taken before others get their turn.
const BURST: usize = 256;

/// The audio of a network.
#[derive(Debug)]
pub(crate) struct Media {
    studio: Mutex<Studio>,
    socket: UdpSocket,
    loader: Loader,
}

/// Why there can be no audio.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MediaError {
    #[error("no UDP port is to be had")]
    Socket(#[from] std::io::Error),
    #[error(transparent)]
    Wire(#[from] WireError),
    #[error("files cannot be fetched")]
    Http(#[from] reqwest::Error),
}

impl Media {
    /// One UDP port on 127.0.0.1 is enough for all wires: ICE's names and then addresses tell them apart.
    pub(crate) async fn new() -> Result<Self, MediaError> {
        let socket = UdpSocket::bind("127.0.0.1:0").await?;
        let kit = Kit::new(socket.local_addr()?)?;
        Ok(Self { studio: Mutex::new(Studio::new(kit)), socket, loader: Loader::new()? })
    }

    /// The studio. What it wants sent is sent by [`Media::with`].
    pub(crate) fn studio(&self) -> MutexGuard<'_, Studio> {
        lock(&self.studio)
    }

    /// Does something in the studio, and sends what comes of it.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Studio) -> T) -> T {
        let (done, transmits) = {
            let mut studio = self.studio();
            (act(&mut studio), studio.take_transmits())
        };
        for (to, datagram) in transmits {
            // A datagram that the system has no room for is lost, as datagrams are.
            let _ = self.socket.try_send_to(&datagram, to);
        }
        done
    }

    /// Carries audio, for as long as it is awaited.
    pub(crate) async fn run(self: Arc<Self>, network: Arc<Network>) {
        let mut ticks = interval(FRAME);
        // Late ticks are made up for, so that audio keeps its pace.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut seen = None;
        let mut buffer = vec![0_u8; 2_048];
        loop {
            tokio::select! {
                biased;
                due = ticks.tick() => {
                    // Whoever slept does not make up for that.
                    if due.elapsed() > LATE {
                        ticks.reset();
                    }
                    let changes = network.changes();
                    if seen != Some(changes) {
                        seen = Some(changes);
                        let audio = network.look(crate::engine::Engine::audio);
                        self.studio().arrange(audio);
                    }
                    let reports = self.with(|studio| studio.tick(Instant::now()));
                    self.act_on(&network, reports);
                }
                received = self.socket.recv_from(&mut buffer) => {
                    if let Ok((length, from)) = received {
                        let mut reports = self.with(|studio| studio.receive(from, &buffer[..length], Instant::now()));
                        for _ in 0..BURST {
                            let Ok((length, from)) = self.socket.try_recv_from(&mut buffer) else { break };
                            reports.extend(self.with(|studio| studio.receive(from, &buffer[..length], Instant::now())));
                        }
                        self.act_on(&network, reports);
                    }
                }
            }
        }
    }

    fn act_on(self: &Arc<Self>, network: &Arc<Network>, reports: Vec<Report>) {
        for report in reports {
            match report {
                Report::Pressed { call, keys } => {
                    network.with(|engine| engine.far(&call, &Deed::Presses(keys)));
                }
                Report::Speaks { call, speaks } => network.with(|engine| engine.voice(&call, speaks)),
                Report::Lasts { piece, length } => network.with(|engine| engine.lasts(piece, length)),
                Report::Unheard { call, trouble, url } => {
                    network.with(|engine| engine.unheard(&call, trouble.code, &trouble.message, &url));
                }
                Report::Wanted(sound) => {
                    let media = Arc::clone(self);
                    tokio::spawn(async move {
                        let loaded = media.loader.load(&sound).await;
                        media.studio().loaded(&sound, loaded);
                    });
                }
            }
        }
    }
}

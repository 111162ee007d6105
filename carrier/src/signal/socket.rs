//! One connection of an SDK: frames in, frames out, and the beat that keeps it alive.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    response::Response,
};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use super::{
    board::Socket,
    calls, session,
    wire::{self, Incoming},
};
use crate::network::Network;

/// The SDK gives a socket up that was silent for 15 seconds.
const BEAT: Duration = Duration::from_secs(5);

/// The SDK answers every beat: one that does not is gone.
const SILENCE: Duration = Duration::from_secs(20);

/// Longer frames are no signalling.
const LONGEST: usize = 256 * 1024;

/// Lets an SDK in.
pub(super) async fn connect(State(network): State<Arc<Network>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.max_message_size(LONGEST).on_upgrade(move |socket| serve(network, socket))
}

async fn serve(network: Arc<Network>, mut socket: WebSocket) {
    let (out, mut outgoing) = mpsc::unbounded_channel();
    let id = {
        let mut state = network.board.state();
        let id = state.serial();
        let patience = Duration::ZERO;
        state.sockets.insert(id, Socket { out, bearer: None, registered: None, patience });
        id
    };
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut dead = Instant::now() + SILENCE;
    loop {
        let sent = tokio::select! {
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    dead = Instant::now() + SILENCE;
                    receive(&network, id, &text);
                    Ok(())
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => Ok(()),
            },
            message = outgoing.recv() => match message {
                Some(text) => socket.send(Message::Text(text.into())).await,
                None => break,
            },
            _ = beat.tick() => socket.send(Message::Text("\n".into())).await,
            () = sleep_until(dead) => break,
        };
        if sent.is_err() {
            break;
        }
    }
    session::lost(&network, id);
}

fn receive(network: &Arc<Network>, id: u64, text: &str) {
    // The SDK's answer to a beat.
    if text.trim().is_empty() {
        return;
    }
    tracing::trace!(id, text, "signalling");
    if let Ok(message) = serde_json::from_str::<Incoming>(text) {
        calls::handle(network, id, message);
    } else if let Some(socket) = network.board.state().sockets.get(&id) {
        let _ = socket.out.send(wire::error(31100, "Malformed request"));
    }
}

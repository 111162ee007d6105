//! Connecting the phone: a microphone that may be used, a token, the SDK, the registration.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use super::{
    calls, hands, load,
    news::Input,
    sdk::{self, Device},
    state::Trouble,
};
use crate::board::Board;

/// Connects the phone: this may take a while, and may be overtaken by another attempt.
pub(super) fn start(board: Board) {
    hands::stop();
    let attempt = hands::attempt();
    spawn_local(async move {
        if let Err(trouble) = set_up(board, attempt).await
            && hands::is_current(attempt)
        {
            hands::tell(board, Input::Failed(trouble));
        }
    });
}

/// Everything that a phone needs. The browser opens the microphone while the rest is fetched.
async fn set_up(board: Board, attempt: u32) -> Result<(), Trouble> {
    let microphone = load::ask_microphone(None)?;
    let granted = load::grant().await;
    let loaded = match &granted {
        Ok(grant) => load::sdk(grant.edge.as_ref()).await,
        Err(_) => Ok(()),
    };
    let stream = load::microphone_given(microphone).await;
    if let Ok(stream) = &stream {
        // It was only tried: it is open during calls alone.
        load::close(stream);
    }
    let grant = granted?;
    loaded?;
    stream?;
    if !hands::is_current(attempt) {
        return Ok(());
    }
    let device = Device::new(&grant.token, &load::options(grant.edge.as_ref())).map_err(|_| Trouble::Unsupported)?;
    hands::use_device(&device);
    calls::watch_device(board, &device, attempt);
    hands::tell(board, Input::Registering);
    // What fails is heard as an event; a promise that is never settled is what the clock is for.
    let registered = JsFuture::from(device.register()).await;
    registered.map(|_| ()).map_err(|error| Trouble::of_code(sdk::code(&error)))
}

/// A new token for the device that is there.
pub(super) fn renew(attempt: u32, tries: u32) {
    spawn_local(async move {
        match load::grant().await {
            Ok(grant) if hands::is_current(attempt) => {
                if let Some(device) = hands::device() {
                    let _ = device.update_token(&grant.token);
                }
            }
            Err(Trouble::NoConnection | Trouble::Unavailable) if tries > 0 && hands::is_current(attempt) => {
                set_timeout(move || renew(attempt, tries - 1), std::time::Duration::from_secs(4));
            }
            _ => {}
        }
    });
}

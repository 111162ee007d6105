//! Pages that are phones: their access tokens, and the sockets by which we know that they are there. The carrier notices
//! minutes later that a page is gone; its socket says so at once.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Extension, Json,
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde::Serialize;
use switchyard::{
    agent::Device,
    floor::{Command, DeviceNews},
    id::{AgentId, WorkspaceId},
};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::{
    auth::{SignedIn, Watch},
    limits::TooMany,
    state::Deps,
    twilio::{access_token, sites::Edge},
    urls::client_identity,
};

/// How often a page is asked whether it is there. It has as long to answer.
const PING: Duration = Duration::from_secs(5);
/// After so many of these a page's session is looked at again.
const LOOK_AGAIN: u32 = 12;
/// How long to wait before what the database did not take is told again.
const AGAIN: Duration = Duration::from_secs(1);
/// So many pages of one person are phones at once. While one tab hands over to another there are two.
const MOST_PAGES: u32 = 20;
/// A page sends nothing but `off`.
const MESSAGE_LIMIT: usize = 64;

#[derive(Serialize)]
struct Answer {
    token: String,
    identity: String,
    /// Seconds.
    expires_in: u32,
    /// Where to register, when it is not Twilio.
    edge: Option<Edge>,
}

/// `POST /api/token`: an access token for the person who is signed in.
pub async fn token(State(deps): State<Deps>, Extension(SignedIn(session)): Extension<SignedIn>) -> Response {
    let Some(session) = session else { return (StatusCode::UNAUTHORIZED, "sign in first").into_response() };
    if let Err(too_many) = deps.limits.token(&session) {
        return too_many.into_response();
    }
    let tenant = deps.tenants.of(&session.workspace).await;
    let Some((tenant, voice)) = tenant.as_ref().and_then(|tenant| Some((tenant, tenant.voice.as_ref()?))) else {
        return (StatusCode::CONFLICT, "this workspace has no carrier yet").into_response();
    };
    let identity = client_identity(&session.workspace, &session.agent);
    let issued = access_token::issue(&voice.key, &tenant.account, &voice.application, &identity, deps.clock.now());
    match issued {
        Ok(token) => {
            let answer = Answer { token, identity, expires_in: access_token::LIFETIME_SECS, edge: voice.edge.clone() };
            ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(answer)).into_response()
        }
        Err(error) => {
            tracing::error!(workspace = %tenant.workspace, %error, "an access token cannot be signed");
            (StatusCode::INTERNAL_SERVER_ERROR, "the token cannot be made").into_response()
        }
    }
}

/// `GET /api/device`: the socket of a page that is a phone. `off` switches it off; when it breaks, it is lost.
pub async fn device(
    State(deps): State<Deps>,
    Extension(SignedIn(session)): Extension<SignedIn>,
    headers: HeaderMap,
    socket: WebSocketUpgrade,
) -> Response {
    let Some(session) = session else { return (StatusCode::UNAUTHORIZED, "sign in first").into_response() };
    let page = (session.workspace.clone(), session.agent.clone());
    if deps.phones.count(&page) >= MOST_PAGES {
        return TooMany(PING).into_response();
    }
    let mut watch = Watch::of(&deps, &session, &headers);
    socket.max_message_size(MESSAGE_LIMIT).on_upgrade(async move |socket| {
        deps.phones.came(&page);
        tell(&deps, &page, DeviceNews::Lost).await;
        let off = stays(socket, &mut watch).await;
        deps.phones.went(&page);
        tell(&deps, &page, if off { DeviceNews::Off } else { DeviceNews::Lost }).await;
    })
}

/// Waits until the page is gone; answers whether it was switched off.
async fn stays(mut socket: WebSocket, watch: &mut Watch) -> bool {
    let mut pings = interval(PING);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut unanswered, mut pinged) = (0, 0_u32);
    loop {
        tokio::select! {
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) if text.as_str() == "off" => return true,
                Some(Ok(Message::Close(_)) | Err(_)) | None => return false,
                Some(Ok(_)) => unanswered = 0,
            },
            // Whoever was signed out is not there any more, and the page does not come back.
            () = watch.over() => return false,
            _ = pings.tick() => {
                unanswered += 1;
                // It may also have expired, which nobody says.
                pinged += 1;
                if pinged % LOOK_AGAIN == 0 && watch.is_over().await {
                    return false;
                }
                // A network that swallows everything must not hold us up either.
                let sent = timeout(PING, socket.send(Message::Ping(Bytes::new()))).await;
                if unanswered > 1 || !matches!(sent, Ok(Ok(()))) {
                    return false;
                }
            }
        }
    }
}

/// Tells the floor whether a page of this person is here, or else how the last one `went`. One that goes and one that
/// comes may do so in the same moment: whoever speaks last looks whether it is still so.
async fn tell(deps: &Deps, page: &Page, went: DeviceNews) {
    let (workspace, agent) = page;
    loop {
        let open = deps.phones.is_open(page);
        let news = if open { DeviceNews::Here } else { went };
        let told = deps.floor(workspace).send(Command::ObserveDevice { agent: agent.clone(), news }).await;
        if told.is_err() {
            tracing::warn!(%workspace, %agent, "the database is away: a page's coming or going is told again");
            sleep(AGAIN).await;
        } else if deps.phones.is_open(page) == open {
            return;
        }
    }
}

type Page = (WorkspaceId, AgentId);

/// How many sockets each person has open.
#[derive(Default)]
pub struct Phones {
    open: Mutex<HashMap<Page, u32>>,
}

impl Phones {
    fn came(&self, page: &Page) {
        // The map is sound even if another thread panicked while it held the lock.
        *self.open.lock().unwrap_or_else(PoisonError::into_inner).entry(page.clone()).or_default() += 1;
    }

    fn went(&self, page: &Page) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(page) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.remove(page);
            }
        }
    }

    fn is_open(&self, page: &Page) -> bool {
        self.count(page) > 0
    }

    fn count(&self, page: &Page) -> u32 {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).get(page).copied().unwrap_or_default()
    }
}

/// After a start nobody's page is connected to this process: those that come back do so within seconds.
pub async fn forget_pages(deps: Deps) {
    for tenant in deps.tenants.all().await {
        let Ok(floor) = deps.floor(&tenant.workspace).snapshot().await else { continue };
        for (agent, _) in floor.agents.iter().filter(|(_, agent)| agent.device == Device::Here) {
            tell(&deps, &(tenant.workspace.clone(), agent.clone()), DeviceNews::Lost).await;
        }
    }
}

//! Listening to messages, and deleting them. The sound goes through here, so that only those hear it who may.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use switchyard::{
    audit::Deed,
    id::RecordingId,
    ports::{Session, StoreError},
    voicemail::{VoiceMessage, may_hear},
};

use super::part;
use crate::{auth::Colleague, privacy, state::Deps};

/// The page.
const PATH: &str = "/voicemail";

/// The addresses of the forms lead back to their page.
pub async fn back() -> Redirect {
    Redirect::to(PATH)
}

/// Why there is nothing to be heard.
pub enum Trouble {
    /// There is no such message, for this person.
    Missing,
    /// It cannot be had from Twilio now.
    Carrier,
    /// The database is down.
    Store,
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a message cannot be read");
        Self::Store
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        match self {
            Self::Missing => (StatusCode::NOT_FOUND, "there is no such message").into_response(),
            Self::Carrier => (StatusCode::BAD_GATEWAY, "Twilio does not have it just now").into_response(),
            Self::Store => (StatusCode::SERVICE_UNAVAILABLE, "try again in a moment").into_response(),
        }
    }
}

/// `GET /voicemail/{recording}/audio`, whole or a part of it: Safari plays nothing that it cannot ask for in parts. For whom
/// it was left, it is not new any more.
pub async fn audio(
    State(deps): State<Deps>,
    Colleague(session): Colleague,
    Path(recording): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let message = find(&deps, &session, recording).await?;
    let tenant = deps.tenants.of(&session.workspace).await;
    // What is in an account that was connected before cannot be had.
    let tenant = tenant.filter(|tenant| tenant.account == message.account).ok_or(Trouble::Carrier)?;
    let sound = tenant.client.sound(message.recording.as_str()).await.map_err(|error| {
        tracing::warn!(recording = %message.recording, %error, "a message cannot be played");
        Trouble::Carrier
    })?;
    if message.agent == session.agent {
        deps.store.message_heard(&session.workspace, &message.recording, deps.clock.now()).await?;
    }
    let asked = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let mut answer = part::answer(sound, asked);
    // It was asked for as this; what it says of itself is not passed on.
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("audio/wav"));
    Ok(answer)
}

/// `POST /voicemail/{recording}/heard`: by whoever it was left for. To them it stays new, whoever else hears it.
pub async fn heard(
    State(deps): State<Deps>,
    Colleague(session): Colleague,
    Path(recording): Path<String>,
) -> Result<Redirect, Trouble> {
    let message = find(&deps, &session, recording).await?;
    if message.agent != session.agent {
        return Err(Trouble::Missing);
    }
    deps.store.message_heard(&session.workspace, &message.recording, deps.clock.now()).await?;
    Ok(list_of(&session, &message, "saved"))
}

/// `POST /voicemail/{recording}/delete`: here at once, at Twilio as soon as it can be reached.
pub async fn remove(
    State(deps): State<Deps>,
    Colleague(session): Colleague,
    Path(recording): Path<String>,
) -> Result<Redirect, Trouble> {
    let message = find(&deps, &session, recording).await?;
    let removed = deps.store.remove_message(&session.workspace, &message.recording, deps.clock.now()).await?;
    // What people do with their own messages is nobody's business.
    if removed && message.agent != session.agent {
        match deps.store.account(&session.workspace, &message.agent).await? {
            Some(account) => deps.note(&session, Deed::MessageDeleted, &account, Vec::new()).await,
            None => deps.note(&session, Deed::MessageDeleted, "", Vec::new()).await,
        }
    }
    let list = list_of(&session, &message, "removed");
    // Nobody waits for Twilio, where more may be left to delete than this.
    tokio::spawn(async move { privacy::finish(deps.desk(), Some(&session.workspace)).await });
    Ok(list)
}

/// The list that somebody was at, which says what was done.
fn list_of(session: &Session, message: &VoiceMessage, done: &str) -> Redirect {
    let whose = if message.agent == session.agent { "" } else { "&of=all" };
    Redirect::to(&format!("{PATH}?done={done}{whose}"))
}

/// Of messages that somebody may not hear they are not told that there are any.
async fn find(deps: &Deps, session: &Session, recording: String) -> Result<VoiceMessage, Trouble> {
    let message = deps.store.message(&session.workspace, &RecordingId::from(recording)).await?;
    message.filter(|message| may_hear(&session.agent, session.role, &message.agent)).ok_or(Trouble::Missing)
}

//! Giving a number back.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use switchyard::ports::Session;

use super::{path_of, staff};
use crate::{settings::Allowed, state::Deps, twilio::setup::SetupError};

/// `POST /settings/numbers/{number}/release`: somebody has seen what is lost.
pub async fn release(State(deps): State<Deps>, Allowed(session): Allowed, Path(digits): Path<String>) -> Response {
    match give_back(&deps, &session, &digits).await {
        Ok(true) => Redirect::to("/settings/numbers?done=released").into_response(),
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::warn!(workspace = %session.workspace, digits, %error, "not released");
            let (path, word, code) = (path_of(&digits), error.word(), error.code());
            Redirect::to(&format!("{path}/release?error={word}&code={code}")).into_response()
        }
    }
}

/// Answers whether the workspace has such a number.
async fn give_back(deps: &Deps, session: &Session, digits: &str) -> Result<bool, SetupError> {
    let workspace = &session.workspace;
    let numbers = deps.store.numbers(workspace).await?;
    let Some(known) = numbers.iter().find(|known| known.number.strip_prefix('+') == Some(digits)) else {
        return Ok(false);
    };
    deps.setup.acting(session).release(workspace, &known.number).await?;
    // Nobody else is held up while Twilio is asked.
    let _turn = deps.people.lock().await;
    // Whoever changed it meanwhile brought it back.
    deps.store.remove_number(workspace, &known.number).await?;
    staff(deps, workspace).await?;
    tracing::info!(%workspace, number = known.number, "released");
    Ok(true)
}

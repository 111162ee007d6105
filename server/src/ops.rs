//! For those who run the binary: is it alive, can it work.

use axum::{extract::State, http::StatusCode};

use crate::state::Deps;

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "ok"
}

/// `GET /readyz`: the database answers too.
pub async fn ready(State(deps): State<Deps>) -> (StatusCode, &'static str) {
    match deps.store.workspaces().await {
        Ok(_) => (StatusCode::OK, "ready"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database cannot be reached")
        }
    }
}

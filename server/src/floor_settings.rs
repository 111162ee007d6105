//! The form of the floor's settings.

use axum::{
    Form,
    extract::State,
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use switchyard::{
    audit::Deed,
    floor::{Command, Refusal, Settings},
    people::Fault,
    ports::Session,
    service::Rejected,
};

use crate::{
    forms::{Fields, again, field},
    settings::Allowed,
    state::Deps,
};

/// Where the page is.
const PAGE: &str = "/settings/floor";

/// `POST /settings/floor`.
pub async fn save(State(deps): State<Deps>, Allowed(session): Allowed, parts: Parts, Form(fields): Fields) -> Response {
    let saved = async {
        let settings = Settings::typed(|name| field(&fields, name))?;
        configure(&deps, &session, settings).await.map_err(|fault| vec![fault])
    };
    match saved.await {
        Ok(()) => Redirect::to(&format!("{PAGE}?done=saved")).into_response(),
        Err(faults) => again(&deps, parts, PAGE, fields, faults).await,
    }
}

async fn configure(deps: &Deps, session: &Session, settings: Settings) -> Result<(), Fault> {
    let floor = deps.floor(&session.workspace);
    let before = floor.snapshot().await.map_err(|_| Fault::Unavailable)?;
    floor.send(Command::Configure(settings.clone())).await.map_err(|rejected| match rejected {
        Rejected::Refused(Refusal::SlotTaken { .. }) => Fault::SlotInUse,
        _ => Fault::Unavailable,
    })?;
    let changes = before.settings.changes(&settings);
    if !changes.is_empty() {
        deps.note(session, Deed::FloorConfigured, "", changes).await;
    }
    Ok(())
}

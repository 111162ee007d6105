//! What the page about the floor's settings shows.

use switchyard::{floor::Settings, rights::Right};

use super::{AskError, visit::Visit};

/// How the floor behaves. `Ok(None)` for those who may not choose that.
pub(crate) async fn rules() -> Result<Option<Settings>, AskError> {
    let (visit, session) = Visit::signed_in()?;
    if !session.role.may(Right::SetUp) {
        return Ok(None);
    }
    let floor = visit.floors.of(&session.workspace).snapshot().await.map_err(|_| AskError::Unavailable)?;
    Ok(Some(floor.settings.clone()))
}

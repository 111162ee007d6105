//! What the privacy page shows.

use switchyard::{people::Account, ports::Undeleted, retention::Retention, rights::Right};

use super::{AskError, people::staff, visit::Visit};

/// Whose data can be handled, and what is still to be done.
pub(crate) struct PrivacyView {
    /// Everyone whom whoever looks may change, but those who were erased.
    pub(crate) people: Vec<Account>,
    /// How many calls, recordings and text messages are still to be deleted at the carrier.
    pub(crate) undeleted: Undeleted,
    /// How long things are kept.
    pub(crate) retention: Retention,
}

/// `Ok(None)` for those who may not handle personal data.
pub(crate) async fn privacy() -> Result<Option<PrivacyView>, AskError> {
    let Some(staff) = staff(Right::Privacy).await? else { return Ok(None) };
    let (visit, session) = Visit::signed_in()?;
    let unavailable = |_| AskError::Unavailable;
    let undeleted = visit.store.undeleted_of(&session.workspace).await.map_err(unavailable)?;
    let retention = visit.store.retention(&session.workspace).await.map_err(unavailable)?;
    let mine = session.role;
    let may = |account: &Account| mine.may_manage(account.profile.role) && !account.is_erased();
    Ok(Some(PrivacyView { people: staff.everyone.into_iter().filter(may).collect(), undeleted, retention }))
}

//! Whom the workspace knows outside.

use leptos::{prelude::*, server_fn::codec::Json};

#[cfg(feature = "ssr")]
pub(crate) use self::pages::{ContactView, ContactsView, contact, contacts};
use super::AskError;

/// How many contacts the floor shows at once.
pub(crate) const FOUND: u8 = 6;

/// The first contacts with these words in their names or numbers: of each the name and the number. One more than is shown
/// says whether there are others.
#[server(prefix = "/api/fn", endpoint = "find_contacts", input = Json, output = Json)]
pub async fn find_contacts(
    /// As it was typed.
    words: String,
) -> Result<Vec<[String; 2]>, AskError> {
    use switchyard::contacts::Search;
    let (visit, session) = super::visit::Visit::signed_in()?;
    let found = visit.store.contacts(&session.workspace, &Search::of(&words), None, u32::from(FOUND) + 1).await;
    let found = found.map_err(|_| AskError::Unavailable.answered())?;
    Ok(found.into_iter().map(|contact| [contact.name, contact.number]).collect())
}

/// For pages that stay on the server.
#[cfg(feature = "ssr")]
mod pages {
    use switchyard::{
        contacts::{Contact, Search},
        history::Bookmark,
        id::ContactId,
        rights::Right,
    };

    use crate::api::{
        AskError,
        calls::{CallsView, with_names},
        visit::Visit,
    };

    /// How many contacts a page shows.
    const PAGE: u32 = 50;

    /// A page of the contacts.
    pub(crate) struct ContactsView {
        /// By name.
        pub(crate) contacts: Vec<Contact>,
        /// The page after this one follows this contact; `None` on the last page.
        pub(crate) next: Option<ContactId>,
    }

    /// The contacts with these words in their names or numbers, or those of them that follow one.
    pub(crate) async fn contacts(words: &str, after: Option<&ContactId>) -> Result<ContactsView, AskError> {
        let (visit, session) = Visit::signed_in()?;
        // One more than is shown says whether there is another page.
        let found = visit.store.contacts(&session.workspace, &Search::of(words), after, PAGE + 1).await;
        let mut contacts = found.map_err(|_| AskError::Unavailable)?;
        let more = contacts.len() > PAGE as usize;
        contacts.truncate(PAGE as usize);
        let next = contacts.last().filter(|_| more).map(|contact| contact.id.clone());
        Ok(ContactsView { contacts, next })
    }

    /// A contact, and a page of their calls.
    pub(crate) struct ContactView {
        /// Who.
        pub(crate) contact: Contact,
        /// The newest first.
        pub(crate) calls: CallsView,
        /// Whether whoever looks may give out and erase what is kept of them.
        pub(crate) private: bool,
    }

    /// Somebody, and their calls, or those below a place in the history. `None` when nobody here has this id.
    pub(crate) async fn contact(id: &ContactId, below: Option<&Bookmark>) -> Result<Option<ContactView>, AskError> {
        let (visit, session) = Visit::signed_in()?;
        let unavailable = |_| AskError::Unavailable;
        let (store, workspace) = (&visit.store, &session.workspace);
        let Some(contact) = store.contact(workspace, id).await.map_err(unavailable)? else { return Ok(None) };
        let calls = store.calls_with(workspace, &contact.number, below, CallsView::LIMIT).await.map_err(unavailable)?;
        let private = session.role.may(Right::Privacy);
        Ok(Some(ContactView { private, calls: with_names(&visit, &session, calls, Some(&contact)).await?, contact }))
    }
}

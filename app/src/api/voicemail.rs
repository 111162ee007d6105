//! Messages that callers left, for pages that stay on the server.

use std::collections::BTreeMap;

use switchyard::{
    history::Bookmark,
    id::{AgentId, ContactId},
    phone::is_e164,
    rights::Right,
    voicemail::VoiceMessage,
};

use super::{AskError, visit::Visit};

/// How many messages a page shows.
const PAGE: u32 = 50;

/// A page of messages.
pub(crate) struct MessagesView {
    /// The newest first.
    pub(crate) messages: Vec<VoiceMessage>,
    /// The names of everyone in the workspace.
    pub(crate) names: BTreeMap<AgentId, String>,
    /// Who has the numbers of these messages, as far as they are known: their ids and names.
    pub(crate) contacts: BTreeMap<String, (ContactId, String)>,
    /// The page after this one begins below this place; `None` on the last page.
    pub(crate) older: Option<Bookmark>,
    /// Whether the reader may see everybody's.
    pub(crate) may_see_all: bool,
    /// Whether these are everybody's.
    pub(crate) all: bool,
}

/// The reader's own messages, or everybody's if that is what is wanted and the reader may; or those below a place in the list.
pub(crate) async fn messages(all: bool, below: Option<&Bookmark>) -> Result<MessagesView, AskError> {
    let (visit, session) = Visit::signed_in()?;
    let unavailable = |_| AskError::Unavailable;
    let (store, workspace) = (&visit.store, &session.workspace);
    let may_see_all = session.role.may(Right::HearMessages);
    let all = all && may_see_all;
    let whose = (!all).then_some(&session.agent);
    // One more than is shown says whether there is another page.
    let mut messages = store.messages(workspace, whose, below, PAGE + 1).await.map_err(unavailable)?;
    let more = messages.len() > PAGE as usize;
    messages.truncate(PAGE as usize);
    let mut contacts = BTreeMap::new();
    for VoiceMessage { number, .. } in messages.iter().filter(|message| is_e164(&message.number)) {
        if !contacts.contains_key(number)
            && let Some(contact) = store.contact_with(workspace, number).await.map_err(unavailable)?
        {
            contacts.insert(number.clone(), (contact.id, contact.name));
        }
    }
    let accounts = store.accounts(workspace).await.map_err(unavailable)?;
    let last = messages.last().filter(|_| more);
    Ok(MessagesView {
        older: last.map(VoiceMessage::bookmark),
        names: accounts.into_iter().map(|account| (account.profile.id, account.profile.name)).collect(),
        contacts,
        may_see_all,
        all,
        messages,
    })
}

/// How many messages for the reader are new. When that is not known, the page is shown all the same.
pub(crate) async fn new_messages() -> u32 {
    let Ok((visit, session)) = Visit::signed_in() else { return 0 };
    visit.store.new_messages(&session.workspace, &session.agent).await.unwrap_or(0)
}

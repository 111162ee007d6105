//! Messages that callers left, for pages that stay on the server.

use std::collections::BTreeMap;

use switchyard::{
    history::Bookmark,
    id::{AgentId, CallId, ContactId},
    phone::is_e164,
    rights::Right,
    voicemail::{VoiceMessage, may_hear},
};

use super::{AskError, visit::Visit};

/// How many messages a page shows.
const PAGE: u32 = 50;

/// Which messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// The reader's own.
    Own,
    /// Everybody's, if the reader may.
    All,
    /// Those of one call, as far as the reader may hear them.
    Call(CallId),
}

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
    /// Which these are.
    pub(crate) which: Which,
    /// Who reads them.
    pub(crate) reader: AgentId,
}

/// The newest messages, or those below a place in the list. Of one call they are all there.
pub(crate) async fn messages(which: Which, below: Option<&Bookmark>) -> Result<MessagesView, AskError> {
    let (visit, session) = Visit::signed_in()?;
    let unavailable = |_| AskError::Unavailable;
    let (store, workspace) = (&visit.store, &session.workspace);
    let may_see_all = session.role.may(Right::HearMessages);
    let which = if which == Which::All && !may_see_all { Which::Own } else { which };
    // One more than is shown says whether there is another page.
    let messages = match &which {
        Which::Own => store.messages(workspace, Some(&session.agent), below, PAGE + 1).await,
        Which::All => store.messages(workspace, None, below, PAGE + 1).await,
        Which::Call(call) => store.messages_in(workspace, call).await,
    };
    let mut messages = messages.map_err(unavailable)?;
    messages.retain(|message| may_hear(&session.agent, session.role, &message.agent));
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
        which,
        reader: session.agent,
        messages,
    })
}

/// How many messages for the reader are new. When that is not known, the page is shown all the same.
pub(crate) async fn new_messages() -> u32 {
    let Ok((visit, session)) = Visit::signed_in() else { return 0 };
    visit.store.new_messages(&session.workspace, &session.agent).await.unwrap_or(0)
}

//! `/contacts`: whom the workspace knows outside, by name, a page at a time. Searching and paging are links.

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;
use switchyard::{contacts::Contact, id::ContactId, phone::readable};

use super::frame::{Frame, Here};
use crate::{
    api::contacts::{ContactsView, contacts},
    form::FormNews,
    lang::{Lang, use_lang},
    say,
    ui::{
        avatar::avatar,
        table::{Pages, Table},
    },
};

/// The list.
#[component]
pub(crate) fn ContactsPage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/contacts");
    let (words, after) = use_query_map().with_untracked(|query| (query.get("q"), query.get("after")));
    let words = words.unwrap_or_default().trim().to_owned();
    let after = after.map(ContactId::from);
    view! {
        <Frame title=say!(lang, contacts.title) here=Here::Contacts class="settings">
            <div class="settings-head">
                <div>
                    <h1>{say!(lang, contacts.title)}</h1>
                    <p class="quiet">{say!(lang, contacts.lead)}</p>
                </div>
                <a href="/contacts/new" class="button primary">{say!(lang, contacts.add)}</a>
            </div>
            <FormNews />
            <form method="get" action="/contacts" role="search" class="search">
                <label class="sr-only" for="search">{say!(lang, contacts.search)}</label>
                <input id="search" type="search" name="q" value=words.clone() placeholder=say!(lang, contacts.search) autocomplete="off" />
                <button class="button">{say!(lang, contacts.find)}</button>
            </form>
            <Suspense>
                {Suspend::new(async move {
                    match contacts(&words, after.as_ref()).await {
                        Ok(view) => Either::Left(view! { <Found view words first=after.is_none() /> }),
                        Err(_) => Either::Right(view! { <p class="form-error" role="alert">{say!(lang, contacts.failed)}</p> }),
                    }
                })}
            </Suspense>
        </Frame>
    }
}

#[component]
fn Found(view: ContactsView, words: String, first: bool) -> impl IntoView {
    let lang = use_lang();
    if view.contacts.is_empty() {
        let (title, more) = if words.is_empty() {
            (say!(lang, contacts.empty), say!(lang, contacts.empty_more))
        } else {
            (say!(lang, contacts.none), say!(lang, contacts.none_more))
        };
        return Either::Left(view! { <div class="empty"><p>{title}</p><p class="quiet">{more}</p></div> });
    }
    let here = |after: Option<&ContactId>| {
        let mut query = vec![("q", words.as_str())];
        query.extend(after.map(|after| ("after", after.as_str())));
        let query = query.into_iter().filter(|(_, value)| !value.is_empty());
        let query = query.map(|(name, value)| format!("{name}={}", encoded(value)));
        format!("/contacts?{}", query.collect::<Vec<_>>().join("&"))
    };
    let start = (!first).then(|| (here(None), say!(lang, contacts.start)));
    let next = view.next.as_ref().map(|next| (here(Some(next)), say!(lang, contacts.more)));
    let heads = [say!(lang, contacts.name), say!(lang, contacts.note)];
    let rows = view.contacts.iter().map(|contact| row(lang, contact)).collect_view();
    Either::Right(view! {
        <Table label=say!(lang, contacts.title) heads>{rows}</Table>
        <Pages label=say!(lang, contacts.title) first=start next />
    })
}

fn row(lang: Lang, contact: &Contact) -> impl IntoView + use<> {
    let first_line = contact.note.lines().next().unwrap_or_default().to_owned();
    view! {
        <tr>
            <th scope="row">
                <span class="cell-person">
                    {avatar(contact.id.as_str(), &contact.name)}
                    <span class="cell-who">
                        <a href=format!("/contacts/{}", contact.id) class="cell-main">{contact.name.clone()}</a>
                        <span class="quiet digits cell-sub">{dial_link(lang, &contact.number)}</span>
                    </span>
                </span>
            </th>
            <td class="cell-note">{first_line}</td>
        </tr>
    }
}

/// A number in E.164 that leads to the phone, where this click calls it.
pub(super) fn dial_link(lang: Lang, number: &str) -> impl IntoView + use<> {
    let words = readable(number);
    let name = say!(lang, phone.call_colleague, name = words.clone());
    view! { <a href=format!("/?dial={}", encoded(number)) class="dial-link" aria-label=name>{words}</a> }
}

/// A value as it stands in the query of an address.
pub(super) fn encoded(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    value.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn what_is_not_plain_is_encoded() {
        assert_eq!(encoded("+40 ș&=a"), "%2B40%20%C8%99%26%3Da");
    }
}

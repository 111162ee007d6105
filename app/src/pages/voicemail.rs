//! `/voicemail`: messages that callers left, the newest first, a page at a time. Whoever may hears everybody's. Listening is the
//! browser's own player; the rest are links and plain forms.

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;
use switchyard::{call::Caller, history::Bookmark, phone::is_e164, voicemail::VoiceMessage};

use super::{
    contacts::dial_link,
    frame::{Frame, Here},
};
use crate::{
    api::voicemail::{MessagesView, messages},
    form::FormNews,
    lang::{Lang, use_lang},
    say,
    ui::{
        icon::{Icon, icon},
        moment::Moment,
        table::{Pages, Table},
        timer::clock_face,
    },
    words,
};

/// The list.
#[component]
pub(crate) fn VoicemailPage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/voicemail");
    let (all, below) = use_query_map().with_untracked(|query| {
        (query.get("of").as_deref() == Some("all"), query.get("below").and_then(|below| below.parse::<Bookmark>().ok()))
    });
    view! {
        <Frame title=say!(lang, voicemail.title) here=Here::Messages>
            <h1>{say!(lang, voicemail.title)}</h1>
            <p class="quiet">{say!(lang, voicemail.lead)}</p>
            <FormNews />
            <Suspense>
                {Suspend::new(async move {
                    match messages(all, below.as_ref()).await {
                        Ok(view) => Either::Left(view! { <Messages view first=below.is_none() /> }),
                        Err(_) => Either::Right(view! { <p class="form-error" role="alert">{say!(lang, voicemail.failed)}</p> }),
                    }
                })}
            </Suspense>
        </Frame>
    }
}

#[component]
fn Messages(view: MessagesView, first: bool) -> impl IntoView {
    let lang = use_lang();
    let tabs = view.may_see_all.then(|| {
        let ways = [
            ("/voicemail", say!(lang, voicemail.own), false),
            ("/voicemail?of=all", say!(lang, voicemail.everybody), true),
        ];
        let ways = ways.map(|(path, words, all)| {
            view! { <a href=path aria-current=(all == view.all).then_some("page")>{words}</a> }
        });
        view! { <nav class="tabs" aria-label=say!(lang, voicemail.whose)>{ways.collect_view()}</nav> }
    });
    if view.messages.is_empty() {
        let more = if view.all { say!(lang, voicemail.empty_all) } else { say!(lang, voicemail.empty_more) };
        return Either::Left(view! {
            {tabs}
            <div class="empty">
                <p>{say!(lang, voicemail.empty)}</p>
                <p class="quiet">{more}</p>
            </div>
        });
    }
    let path = if view.all { "/voicemail?of=all" } else { "/voicemail" };
    let newest = (!first).then(|| (path.to_owned(), say!(lang, voicemail.newest)));
    let joint = if view.all { '&' } else { '?' };
    let older = view.older.as_ref().map(|older| (format!("{path}{joint}below={older}"), say!(lang, voicemail.older)));
    let whom = view.all.then_some(say!(lang, voicemail.whom));
    let others = [say!(lang, voicemail.when), say!(lang, voicemail.length), say!(lang, voicemail.message)];
    let heads: Vec<_> = [say!(lang, voicemail.from)].into_iter().chain(whom).chain(others).collect();
    let rows = view.messages.iter().map(|message| row(lang, message, &view)).collect_view();
    Either::Right(view! {
        {tabs}
        <Table label=say!(lang, voicemail.title) heads class="messages">{rows}</Table>
        <Pages label=say!(lang, voicemail.title) first=newest next=older />
    })
}

fn row(lang: Lang, message: &VoiceMessage, view: &MessagesView) -> impl IntoView + use<> {
    let known = view.contacts.get(&message.number);
    let who = known.map_or_else(
        || words::who(lang, &Caller { number: message.number.clone(), name: None }),
        |(_, name)| name.clone(),
    );
    let whom = view.all.then(|| {
        let name = view.names.get(&message.agent).filter(|name| !name.is_empty()).cloned();
        view! { <td>{name.unwrap_or_else(|| say!(lang, call.erased).to_owned())}</td> }
    });
    let at = |deed: &str| format!("/voicemail/{}/{deed}", message.recording);
    let (standing, standing_words) = match message.heard {
        None => ("invited", say!(lang, voicemail.fresh)),
        Some(_) => ("", say!(lang, voicemail.heard)),
    };
    let mark = (message.heard.is_none() && !view.all).then(|| {
        view! {
            <form method="post" action=at("heard")>
                <button class="button" aria-label=say!(lang, voicemail.mark_of, who = who)>{say!(lang, voicemail.mark)}</button>
            </form>
        }
    });
    view! {
        <tr data-message=message.recording.to_string()>
            <th scope="row">
                {caller(lang, message, view, &who)}
                <span class="standing" data-standing=standing>{standing_words}</span>
            </th>
            {whom}
            <td><Moment at=message.at /></td>
            <td class="digits">{clock_face(i64::from(message.seconds) * 1000)}</td>
            <td>
                <div class="message">
                    <audio controls preload="none" src=at("audio") aria-label=say!(lang, voicemail.play_of, who = who)></audio>
                    {mark}
                    <form method="post" action=at("delete")>
                        <button class="button grave" aria-label=say!(lang, voicemail.delete_of, who = who)>
                            {icon(Icon::CLOSE)} {say!(lang, voicemail.delete)}
                        </button>
                    </form>
                </div>
            </td>
        </tr>
    }
}

/// Who left it: as they are known now, with the way to call them back.
fn caller(lang: Lang, message: &VoiceMessage, view: &MessagesView, who: &str) -> impl IntoView + use<> {
    if !is_e164(&message.number) {
        return Either::Left(view! { <span class="cell-main">{who.to_owned()}</span> });
    }
    let known = view.contacts.get(&message.number).map(|(id, name)| {
        view! { <a href=format!("/contacts/{id}") class="cell-main">{name.clone()}</a> }
    });
    let line = if known.is_some() { "quiet digits cell-sub" } else { "digits cell-main" };
    Either::Right(view! {
        {known}
        <span class=line>{dial_link(lang, &message.number)}</span>
    })
}

//! `/voicemail`: messages that callers left, the newest first, a page at a time. Whoever may hears everybody's. Listening is the
//! browser's own player; the rest are links and plain forms.

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;
use switchyard::{call::Caller, history::Bookmark, phone::is_e164, voicemail::VoiceMessage};

use super::{
    contacts::{dial_link, encoded},
    frame::{Frame, Here},
};
use crate::{
    api::voicemail::{MessagesView, Which, messages},
    form::FormNews,
    lang::{Lang, use_lang},
    say,
    ui::{
        icon::{Icon, icon},
        moment::Moment,
        player::{MARK, STANDING},
        table::{Pages, Table},
        timer::clock_face,
    },
    words,
};

/// The list.
#[component]
pub(crate) fn VoicemailPage() -> impl IntoView {
    let lang = use_lang();
    let (which, below) = use_query_map().with_untracked(|query| {
        let which = match (query.get("call"), query.get("of").as_deref()) {
            (Some(call), _) => Which::Call(call.into()),
            (None, Some("all")) => Which::All,
            (None, _) => Which::Own,
        };
        (which, query.get("below").and_then(|below| below.parse::<Bookmark>().ok()))
    });
    // A link to one call's messages leads there after the sign-in too.
    let next = match &which {
        Which::Own => "/voicemail".to_owned(),
        Which::All => encoded("/voicemail?of=all"),
        Which::Call(call) => encoded(&format!("/voicemail?call={}", encoded(call.as_str()))),
    };
    super::sign_in::require(&next);
    view! {
        <Frame title=say!(lang, voicemail.title) here=Here::Messages>
            <h1>{say!(lang, voicemail.title)}</h1>
            <p class="quiet">{say!(lang, voicemail.lead)}</p>
            <FormNews />
            <Suspense>
                {Suspend::new(async move {
                    match messages(which, below.as_ref()).await {
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
    let of_call = matches!(view.which, Which::Call(_));
    // From one call there must be a way to the others, for whoever has but one list too.
    let tabs = (view.may_see_all || of_call).then(|| {
        let own = Some(("/voicemail", say!(lang, voicemail.own), Which::Own));
        let all = view.may_see_all.then(|| ("/voicemail?of=all", say!(lang, voicemail.everybody), Which::All));
        let ways = own.into_iter().chain(all).map(|(path, words, which)| {
            view! { <a href=path aria-current=(which == view.which).then_some("page")>{words}</a> }
        });
        let here = of_call.then(|| view! { <span aria-current="page">{say!(lang, voicemail.one_call)}</span> });
        view! { <nav class="tabs" aria-label=say!(lang, voicemail.whose)>{ways.collect_view()} {here}</nav> }
    });
    if view.messages.is_empty() {
        let own = view.which == Which::Own;
        let more = match view.which {
            Which::Own => say!(lang, voicemail.empty_more),
            Which::All => say!(lang, voicemail.empty_all),
            Which::Call(_) => say!(lang, voicemail.empty_call),
        };
        return Either::Left(view! {
            {tabs}
            <div class="empty">
                <p>{say!(lang, voicemail.empty)}</p>
                <p class="quiet">{more}</p>
                {own.then(|| view! { <p><a href="/profile" class="button">{say!(lang, nav.profile)}</a></p> })}
            </div>
        });
    }
    let (path, joint) = if view.which == Which::All { ("/voicemail?of=all", '&') } else { ("/voicemail", '?') };
    let newest = (!first).then(|| (path.to_owned(), say!(lang, voicemail.newest)));
    let older = view.older.as_ref().map(|older| (format!("{path}{joint}below={older}"), say!(lang, voicemail.older)));
    let whom = (view.which != Which::Own).then_some(say!(lang, voicemail.whom));
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
    let whom = (view.which != Which::Own).then(|| {
        let name = view.names.get(&message.agent).filter(|name| !name.is_empty()).cloned();
        view! { <td data-label=say!(lang, voicemail.whom)>{name.unwrap_or_else(|| say!(lang, call.erased).to_owned())}</td> }
    });
    let at = |deed: &str| format!("/voicemail/{}/{deed}", message.recording);
    let (standing, standing_words) = match message.heard {
        None => ("invited", say!(lang, voicemail.fresh)),
        Some(_) => ("", say!(lang, voicemail.heard)),
    };
    let back = is_e164(&message.number).then(|| {
        let name = say!(lang, voicemail.back_to, who = who);
        view! {
            <a href=format!("/?dial={}", encoded(&message.number)) class="button" aria-label=name>
                {icon(Icon::PHONE)} {say!(lang, voicemail.back)}
            </a>
        }
    });
    // To its owner it is not new any more once it plays: the page says so at once.
    let fresh = message.heard.is_none() && message.agent == view.reader;
    let mark = fresh.then(|| {
        view! {
            <form method="post" action=at("heard") data-part=MARK>
                <button class="button" aria-label=say!(lang, voicemail.mark_of, who = who)>{say!(lang, voicemail.mark)}</button>
            </form>
        }
    });
    view! {
        <tr data-message=message.recording.to_string()>
            <th scope="row">
                {caller(lang, message, view, &who)}
                <span class="standing" data-part=STANDING data-standing=standing>{standing_words}</span>
            </th>
            {whom}
            <td data-label=say!(lang, voicemail.when)><Moment at=message.at /></td>
            <td data-label=say!(lang, voicemail.length) class="digits">{clock_face(i64::from(message.seconds) * 1000)}</td>
            <td class="whole">
                <div class="message">
                    <audio
                        controls
                        preload="none"
                        src=at("audio")
                        aria-label=say!(lang, voicemail.play_of, who = who)
                        data-heard=fresh.then_some(say!(lang, voicemail.heard))
                    ></audio>
                    {back}
                    {mark}
                    <details class="ask">
                        <summary class="button" aria-label=say!(lang, voicemail.delete_of, who = who)>
                            {icon(Icon::CLOSE)} {say!(lang, voicemail.delete)}
                        </summary>
                        <form method="post" action=at("delete")>
                            <span>{say!(lang, voicemail.sure)}</span>
                            <button class="button grave" aria-label=say!(lang, voicemail.sure_of, who = who)>
                                {say!(lang, voicemail.delete)}
                            </button>
                        </form>
                    </details>
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

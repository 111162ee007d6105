//! The calm line on top: what this is, whether it is true now, the figures, and the reader.

use leptos::prelude::*;
use switchyard::rights::Right;

use super::state::Board;
use crate::{
    lang::Lang,
    live::Link,
    say,
    ui::{
        avatar::avatar,
        icon::{Icon, icon},
        live::{text, word},
        mark::Mark,
        switches::{LanguageSwitch, ThemeSwitch, WorkspaceSwitch},
        timer::{Limits, Since, timer},
    },
};

/// The header of the board.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let board = Board::expect();
    let lang = board.lang;
    let me = board.profile();
    let title = say!(lang, nav.signed_in, name = me.name);
    let signed_in = say!(lang, nav.signed_in, name = me.name);
    let new_messages = board.new_messages();
    view! {
        <header class="top">
            <span class="brand"><Mark /><span class="brand-name">{say!(lang, product)}</span></span>
            <WorkspaceSwitch workspaces=me.workspaces.clone() />
            <LinkBadge />
            <Figures />
            <nav class="top-nav" aria-label=say!(lang, nav.main)>
                <a href="/calls" class="icon-button labelled">{icon(Icon::HISTORY)}<span>{say!(lang, nav.history)}</span></a>
                <a href="/voicemail" class="icon-button labelled">
                    {icon(Icon::VOICEMAIL)}<span>{say!(lang, nav.messages)}</span>
                    {move || new_count(lang, new_messages.get())}
                </a>
                <a href="/contacts" class="icon-button labelled wide-only">{icon(Icon::CONTACT)}<span>{say!(lang, nav.contacts)}</span></a>
                {board.may(Right::SetUp).then(|| view! {
                    <a href="/profile" class="icon-button labelled">{icon(Icon::GEAR)}<span>{say!(lang, nav.settings)}</span></a>
                })}
                <button
                    type="button"
                    class="icon-button wide-only"
                    aria-label=say!(lang, nav.help)
                    title=say!(lang, nav.help)
                    on:click=move |_| board.help.set(true)
                >
                    {icon(Icon::HELP)}
                </button>
                <ThemeSwitch />
                <LanguageSwitch />
            </nav>
            <a href="/profile" class="who-am-i" title=title>
                {avatar(me.agent.as_str(), &me.name)}
                <span class="who-name" aria-hidden="true">{me.name.clone()}</span>
                <span class="sr-only">{signed_in}". "{say!(lang, nav.profile)}</span>
            </a>
            <SignOut lang />
        </header>
    }
}

/// How many messages are new, beside the way to them.
pub(crate) fn new_count(lang: Lang, count: u32) -> Option<impl IntoView> {
    (count > 0).then(|| {
        let words = say!(lang, nav.new_messages, count = count);
        view! { <b class="count" aria-hidden="true" data-part="new">{count}</b> <span class="sr-only" data-part="new">" "{words}</span> }
    })
}

/// Signs out. A plain form: it works before the page is hydrated, and nothing is left of the page.
#[component]
pub(crate) fn SignOut(lang: Lang) -> impl IntoView {
    view! {
        <form method="post" action="/sign-out" class="sign-out">
            <button class="icon-button" aria-label=say!(lang, nav.sign_out) title=say!(lang, nav.sign_out)>
                {icon(Icon::LEAVE)}
            </button>
        </form>
    }
}

#[component]
fn LinkBadge() -> impl IntoView {
    let board = Board::expect();
    let lang = board.lang;
    let words = word(move || match board.link.get() {
        Link::Connecting => say!(lang, link.connecting),
        Link::Live => say!(lang, link.live),
        Link::Reconnecting => say!(lang, link.reconnecting),
        Link::Offline => say!(lang, link.offline),
    });
    view! {
        <span class="link" data-link=word(move || board.link.get().as_str())>
            <span class="link-dot" aria-hidden="true"></span>
            {words}
        </span>
    }
}

#[component]
fn Figures() -> impl IntoView {
    let board = Board::expect();
    let lang = board.lang;
    let counts = board.counts;
    let longest = move || Since { when: counts.read().longest, what: "", limits: Limits::WAIT };
    view! {
        <dl class="figures" aria-label=say!(lang, count.summary)>
            <div>
                <dt>{say!(lang, count.waiting)}</dt>
                <dd class="digits" data-figure="waiting">{text(move || counts.read().waiting.to_string())}</dd>
            </div>
            <div>
                <dt>{say!(lang, count.longest)}</dt>
                <dd class="digits" data-figure="longest">
                    {timer(longest)}
                    {word(move || if counts.read().longest.is_none() { "–" } else { "" })}
                </dd>
            </div>
            <div>
                <dt>{say!(lang, count.on_call)}</dt>
                <dd class="digits" data-figure="on-call">{text(move || counts.read().on_call.to_string())}</dd>
            </div>
            <div>
                <dt>{say!(lang, count.parked)}</dt>
                <dd class="digits" data-figure="parked">{text(move || counts.read().parked.to_string())}</dd>
            </div>
        </dl>
    }
}

/// Says in so many words that what is shown may not be true.
#[component]
pub(crate) fn LinkBanner() -> impl IntoView {
    let board = Board::expect();
    let lang = board.lang;
    move || {
        let words = match board.link.get() {
            Link::Connecting | Link::Live => return None,
            Link::Reconnecting => say!(lang, link.stale),
            Link::Offline => say!(lang, link.offline_more),
        };
        Some(
            view! { <p class="banner" data-link=board.link.get_untracked().as_str()>{icon(Icon::WARNING)} <span>{words}</span></p> },
        )
    }
}

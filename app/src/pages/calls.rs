//! `/calls`: calls that are over, the newest first, a page at a time. The pages are links: they work without WebAssembly.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use switchyard::{
    history::{Bookmark, CallRecord, HungUpBy, Outcome},
    phone,
};

use crate::{
    api::calls::{CallsView, load_calls},
    board::SignOut,
    lang::{Lang, use_lang},
    say,
    ui::{
        icon::{Icon, icon},
        mark::Mark,
        moment::Moment,
        switches::{LanguageSwitch, ThemeSwitch},
        timer::clock_face,
    },
    words,
};

/// The history.
#[component]
pub(crate) fn CallsPage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/calls");
    let query = use_query_map();
    let below: Option<Bookmark> = query.with_untracked(|query| query.get("below")?.parse().ok());
    let first = below.is_none();
    view! {
        <Title text=say!(lang, history.title) />
        <div class="page">
            <header class="top">
                <a href="/" class="brand"><Mark /><span class="brand-name">{say!(lang, product)}</span></a>
                <span class="spacer"></span>
                <nav class="top-nav" aria-label=say!(lang, nav.main)>
                    <a href="/" class="icon-button labelled">{icon(Icon::PHONE)}<span>{say!(lang, nav.floor)}</span></a>
                    <a href="/profile" class="icon-button labelled">{icon(Icon::GEAR)}<span>{say!(lang, nav.settings)}</span></a>
                    <ThemeSwitch />
                    <LanguageSwitch />
                </nav>
                <SignOut lang />
            </header>
            <main class="history">
                <h1>{say!(lang, history.title)}</h1>
                <p class="quiet">{say!(lang, history.lead)}</p>
                <Suspense>
                    {Suspend::new(async move {
                        match load_calls(below).await {
                            Ok(view) => Either::Left(view! { <Calls view first /> }),
                            Err(_) => Either::Right(view! { <p class="form-error" role="alert">{say!(lang, history.failed)}</p> }),
                        }
                    })}
                </Suspense>
            </main>
        </div>
    }
}

#[component]
fn Calls(view: CallsView, first: bool) -> impl IntoView {
    let lang = use_lang();
    if view.calls.is_empty() {
        return Either::Left(view! {
            <div class="empty">
                <p>{say!(lang, history.empty)}</p>
                <p class="quiet">{say!(lang, history.empty_more)}</p>
            </div>
        });
    }
    let heads = [
        say!(lang, history.caller),
        say!(lang, history.line),
        say!(lang, history.began),
        say!(lang, history.waited),
        say!(lang, history.talked),
        say!(lang, history.agent),
        say!(lang, history.outcome),
    ];
    let older = view.older.as_ref().map(|older| format!("/calls?below={older}"));
    let rows = view.calls.iter().map(|call| row(lang, call, &view)).collect_view();
    Either::Right(view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=say!(lang, history.title)>
            <table>
                <thead><tr>{heads.map(|head| view! { <th scope="col">{head}</th> }).collect_view()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <nav class="pages" aria-label=say!(lang, history.title)>
            {(!first).then(|| view! { <a href="/calls" class="button">{say!(lang, history.newest)}</a> })}
            {older.map(|older| view! { <a href=older class="button">{say!(lang, history.older)}</a> })}
        </nav>
    })
}

/// A number that leads to the phone, where one click calls it.
fn dial_link(lang: Lang, call: &CallRecord, words: String) -> impl IntoView + use<> {
    let Some(digits) = call.caller.number.strip_prefix('+').filter(|_| phone::is_e164(&call.caller.number)) else {
        return Either::Left(words);
    };
    let name = say!(lang, phone.call_colleague, name = words.clone());
    Either::Right(view! { <a href=format!("/?dial=%2B{digits}") class="dial-link" aria-label=name>{words}</a> })
}

fn row(lang: Lang, call: &CallRecord, view: &CallsView) -> impl IntoView + use<> {
    let name = |agent| view.names.get(agent).cloned().unwrap_or_else(|| say!(lang, refusal.somebody).to_owned());
    let waited = clock_face(call.answered.unwrap_or(call.ended).millis_since(call.arrived));
    let talked = call.answered.map_or_else(|| "–".to_owned(), |answered| clock_face(call.ended.millis_since(answered)));
    let agent = call.agent.as_ref().map_or_else(|| "–".to_owned(), name);
    let (key, shape, outcome) = match call.outcome {
        Outcome::Answered => ("answered", Icon::CHECK, say!(lang, history.answered)),
        Outcome::Abandoned => ("abandoned", Icon::WARNING, say!(lang, history.abandoned)),
        Outcome::Closed => ("closed", Icon::WARNING, say!(lang, history.closed)),
        Outcome::Unanswered => ("unanswered", Icon::WARNING, say!(lang, history.unanswered)),
        Outcome::Busy => ("busy", Icon::WARNING, say!(lang, history.busy)),
        Outcome::Declined => ("declined", Icon::WARNING, say!(lang, history.declined)),
        Outcome::Failed => ("failed", Icon::WARNING, say!(lang, history.failed_call)),
        Outcome::Canceled => ("canceled", Icon::WARNING, say!(lang, history.canceled)),
    };
    let by = match &call.hung_up_by {
        // They were told that it is closed, and that was all.
        _ if call.outcome == Outcome::Closed => String::new(),
        HungUpBy::Caller => say!(lang, history.by_caller).to_owned(),
        HungUpBy::Agent(agent) => say!(lang, history.by_agent, name = name(agent)),
    };
    let who = words::who(lang, &call.caller);
    let number = call.caller.name.is_some().then(|| words::number(lang, &call.caller));
    view! {
        <tr>
            <th scope="row">
                {match number {
                    None => dial_link(lang, call, who).into_any(),
                    Some(number) => view! {
                        <span class="cell-main">{who}</span>
                        <span class="quiet digits cell-sub">{dial_link(lang, call, number)}</span>
                    }.into_any(),
                }}
            </th>
            <td>{call.line.label.clone()}</td>
            <td><Moment at=call.arrived /></td>
            <td class="digits">{waited}</td>
            <td class="digits">{talked}</td>
            <td>{agent}</td>
            <td>
                <span class="outcome" data-outcome=key>{icon(shape)} <span>{outcome}</span></span>
                <span class="quiet cell-sub">{by}</span>
            </td>
        </tr>
    }
}

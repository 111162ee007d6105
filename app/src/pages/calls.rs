//! `/calls`: calls that are over, the last that ended first, a page at a time. The pages are links: they work without WebAssembly.

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;
use switchyard::{
    call::Direction,
    history::{Bookmark, CallRecord, HungUpBy, Outcome},
    phone,
};

use super::{
    contacts::{dial_link, encoded},
    frame::{Frame, Here},
};
use crate::{
    api::calls::{CallsView, load_calls},
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

/// The history.
#[component]
pub(crate) fn CallsPage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/calls");
    let query = use_query_map();
    let below: Option<Bookmark> = query.with_untracked(|query| query.get("below")?.parse().ok());
    let first = below.is_none();
    view! {
        <Frame title=say!(lang, history.title) here=Here::History>
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
        </Frame>
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
    Either::Right(table(lang, &view, Column::Caller, "/calls", first))
}

/// What the rows of a table of calls begin with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// Who it was.
    Caller,
    /// When it was: who it was is known.
    Ended,
}

/// A page of calls, and the ways to the others from the page at `path`.
pub(super) fn table(lang: Lang, view: &CallsView, column: Column, path: &str, first: bool) -> impl IntoView + use<> {
    let caller = (column == Column::Caller).then_some(say!(lang, history.caller));
    let others = [
        say!(lang, history.line),
        say!(lang, history.waited),
        say!(lang, history.talked),
        say!(lang, history.agent),
        say!(lang, history.outcome),
    ];
    let heads: Vec<_> = caller.into_iter().chain([say!(lang, history.ended)]).chain(others).collect();
    let newest = (!first).then(|| (path.to_owned(), say!(lang, history.newest)));
    let older = view.older.as_ref().map(|older| (format!("{path}?below={older}"), say!(lang, history.older)));
    let rows = view.calls.iter().map(|call| row(lang, call, view, column)).collect_view();
    view! {
        <Table label=say!(lang, history.title) heads>{rows}</Table>
        <Pages label=say!(lang, history.title) first=newest next=older />
    }
}

/// Who it was: as they are known now, else as they were known then. Whoever is not known can be added.
fn who(lang: Lang, call: &CallRecord, view: &CallsView) -> impl IntoView + use<> {
    let number = &call.caller.number;
    if !phone::is_e164(number) {
        let who = words::who(lang, &call.caller);
        let sub = call.caller.name.is_some().then(|| words::number(lang, &call.caller));
        return Either::Left(view! {
            <span class="cell-main">{who}</span>
            {sub.map(|sub| view! { <span class="quiet digits cell-sub">{sub}</span> })}
        });
    }
    let known = view.contacts.get(number).map(|(id, name)| {
        view! { <a href=format!("/contacts/{id}") class="cell-main">{name.clone()}</a> }
    });
    let then = known.is_none().then(|| call.caller.name.clone()).flatten();
    let named = known.is_some() || then.is_some();
    let line = if named { "quiet digits cell-sub" } else { "digits cell-main" };
    let add = known.is_none().then(|| {
        let words = say!(lang, contacts.add_call);
        let name = say!(lang, contacts.add_number, number = phone::readable(number));
        view! { <a href=format!("/contacts/new?number={}", encoded(number)) class="cell-sub add-link" aria-label=name>{words}</a> }
    });
    Either::Right(view! {
        {known}
        {then.map(|name| view! { <span class="cell-main">{name}</span> })}
        <span class=line>{dial_link(lang, number)}</span>
        {add}
    })
}

fn row(lang: Lang, call: &CallRecord, view: &CallsView, column: Column) -> impl IntoView + use<> {
    let name = |agent| match view.names.get(agent) {
        Some(name) if name.is_empty() => say!(lang, call.erased).to_owned(),
        Some(name) => name.clone(),
        None => say!(lang, refusal.somebody).to_owned(),
    };
    let waited = clock_face(call.waited());
    let talked = call.talked().map_or_else(|| "–".to_owned(), clock_face);
    let agent = call.agent.as_ref().map_or_else(|| "–".to_owned(), name);
    let (key, shape, outcome) = match call.outcome {
        Outcome::Answered => ("answered", Icon::CHECK, say!(lang, history.answered)),
        // Nobody gave up waiting: who ended it stands below.
        Outcome::Abandoned if call.hung_up_by != HungUpBy::Caller => {
            let words = match &call.voicemail {
                Some(_) => say!(lang, history.ended_voicemail),
                None => say!(lang, history.ended_waiting),
            };
            ("ended", Icon::HANG_UP, words)
        }
        Outcome::Abandoned => ("abandoned", Icon::WARNING, say!(lang, history.abandoned)),
        Outcome::Voicemail => ("voicemail", Icon::VOICEMAIL, say!(lang, history.voicemail)),
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
    let voicemail = call.voicemail.as_ref().map(|voicemail| {
        view! { <span class="quiet cell-sub">{say!(lang, history.voicemail_of, name = name(&voicemail.agent))}</span> }
    });
    let listen = view.messages.contains(&call.call).then(|| {
        let path = format!("/voicemail?call={}", encoded(call.call.as_str()));
        view! { <a href=path class="cell-sub add-link">{say!(lang, history.listen)}</a> }
    });
    // The calls are in the order of their ends: that comes first.
    let when = view! {
        <Moment at=call.ended />
        <span class="quiet cell-sub">{say!(lang, history.began)} ": " <Moment at=call.arrived /></span>
    };
    let direction = match call.direction {
        Direction::Inbound => None,
        Direction::Outbound => Some(say!(lang, history.outgoing)),
        Direction::Internal => Some(say!(lang, history.between)),
    };
    let direction = direction.map(|words| view! { <span class="quiet cell-sub">{words}</span> });
    let head = match column {
        Column::Caller => Either::Left(
            view! { <th scope="row">{who(lang, call, view)} {direction}</th><td class="whole">{when}</td> },
        ),
        Column::Ended => Either::Right(view! { <th scope="row">{when} {direction}</th> }),
    };
    view! {
        <tr>
            {head}
            <td data-label=say!(lang, history.line)>{call.line.label.clone()}</td>
            <td data-label=say!(lang, history.waited) class="digits">{waited}</td>
            <td data-label=say!(lang, history.talked) class="digits">{talked}</td>
            <td data-label=say!(lang, history.agent)>{agent}</td>
            <td class="whole">
                <span class="outcome" data-outcome=key>{icon(shape)} <span>{outcome}</span></span>
                <span class="quiet cell-sub">{by}</span>
                {voicemail}
                {listen}
            </td>
        </tr>
    }
}

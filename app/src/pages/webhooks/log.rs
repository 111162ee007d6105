//! What was sent to an endpoint, how that went, and sending it again.

use leptos::prelude::*;
use switchyard::webhooks::{Attempt, Delivery, State};

use super::words;
use crate::{
    lang::Lang,
    say,
    ui::{
        moment::Moment,
        table::{Pages, Table},
    },
};

/// A page of deliveries, the newest first, and the ways to the others from the page at `path`. They can be sent again while
/// the endpoint is switched on.
pub(super) fn log(
    lang: Lang,
    deliveries: Vec<Delivery>,
    older: Option<i64>,
    first: bool,
    path: &str,
    is_on: bool,
) -> impl IntoView + use<> {
    let empty = deliveries.is_empty();
    let items = deliveries.into_iter().map(|one| item(lang, one, path, is_on)).collect_view();
    let newest = (!first).then(|| (format!("{path}#deliveries"), say!(lang, webhooks.newest)));
    let older = older.map(|older| (format!("{path}?below={older}#deliveries"), say!(lang, webhooks.older)));
    view! {
        <section class="deliveries" id="deliveries" aria-labelledby="deliveries-title">
            <h2 id="deliveries-title">{say!(lang, webhooks.deliveries)}</h2>
            <p class="quiet">{say!(lang, webhooks.deliveries_more)}</p>
            {empty.then(|| view! { <div class="empty"><p>{say!(lang, webhooks.deliveries_none)}</p></div> })}
            {(!empty).then(|| view! { <ol class="delivery-list">{items}</ol> })}
            <Pages label=say!(lang, webhooks.deliveries) first=newest next=older />
        </section>
    }
}

fn item(lang: Lang, delivery: Delivery, path: &str, is_on: bool) -> impl IntoView + use<> {
    let Delivery { id, message, event, body, created, state, due, attempts } = delivery;
    let again = is_on.then(|| {
        let name = say!(lang, webhooks.again_this, event = event.clone());
        view! {
            <form method="post" action=format!("{path}/deliveries/{id}/again")>
                <button class="button" aria-label=name>{say!(lang, webhooks.again)}</button>
            </form>
        }
    });
    let next = (state == State::Waiting)
        .then(|| view! { <p>{say!(lang, webhooks.next_try)} ": " <Moment at=due seconds=true /></p> });
    // What keeps it from being delivered is seen without opening it.
    let why = attempts.last().filter(|last| last.trouble.is_some()).map(|last| {
        let (status, words) = (status(last), words::trouble(lang, last.trouble));
        view! { <span class="why"><span class="digits">{status}</span> {words}</span> }
    });
    let none = attempts.is_empty().then(|| view! { <p class="quiet">{say!(lang, webhooks.attempts_none)}</p> });
    let heads = [say!(lang, webhooks.when), say!(lang, webhooks.answer), say!(lang, webhooks.took)];
    let table = (!attempts.is_empty()).then(|| {
        let rows = attempts.iter().map(|one| attempt(lang, one)).collect_view();
        view! { <Table label=say!(lang, webhooks.attempts) heads>{rows}</Table> }
    });
    view! {
        <li>
            <details class="delivery">
                <summary>
                    <code>{event}</code>
                    {words::state(lang, state)}
                    {why}
                    <span class="quiet"><Moment at=created /></span>
                </summary>
                {next}
                {none}
                {table}
                <p class="quiet"><code>{message}</code></p>
                <h3>{say!(lang, webhooks.body)}</h3>
                <pre>{body}</pre>
                {again}
            </details>
        </li>
    }
}

/// The status of the answer, if there was one, with the room that it needs.
fn status(attempt: &Attempt) -> String {
    attempt.status.map(|status| format!("{status} ")).unwrap_or_default()
}

fn attempt(lang: Lang, attempt: &Attempt) -> impl IntoView + use<> {
    let status = status(attempt);
    let said = (!attempt.said.is_empty()).then(|| view! { <span class="quiet said">{attempt.said.clone()}</span> });
    view! {
        <tr>
            <td><Moment at=attempt.at seconds=true /></td>
            <td><span class="digits">{status}</span> {words::trouble(lang, attempt.trouble)} {said}</td>
            <td class="digits">{format!("{} ms", attempt.took)}</td>
        </tr>
    }
}

//! `/settings/webhooks/{endpoint}`: one of them, what can be done with it, and what was sent to it.

use leptos::{either::EitherOf4, prelude::*};
use leptos_router::hooks::{use_params_map, use_query_map};
use switchyard::{
    rights::Right,
    webhooks::{Delivery, Endpoint},
};

use super::{Form, MadeSecret, log::log, words};
use crate::{
    api::{AskError, visit::Visit},
    form::{Check, FormNews},
    lang::use_lang,
    pages::{
        denied::Denied,
        not_found::Missing,
        settings::{SettingsPage, Tab},
        sign_in,
    },
    say,
    ui::icon::{Icon, icon},
};

/// How many deliveries a page shows.
const SHOWN: u32 = 20;

/// An endpoint, a page of what was sent to it, and the number below which the next page begins.
type Page = (Endpoint, Vec<Delivery>, Option<i64>);

enum Seen {
    One(Box<Page>),
    Nothing,
    Denied,
}

/// One of them.
#[component]
pub(crate) fn WebhookPage() -> impl IntoView {
    let lang = use_lang();
    sign_in::require("/settings/webhooks");
    let id = use_params_map().with_untracked(|params| params.get("endpoint")).unwrap_or_default();
    let below: Option<i64> = use_query_map().with_untracked(|query| query.get("below")?.parse().ok());
    view! {
        <SettingsPage title=say!(lang, webhooks.title) here=Tab::Webhooks>
            <p><a href="/settings/webhooks" class="back">{say!(lang, webhooks.back)}</a></p>
            <Suspense>
                {Suspend::new(async move {
                    match look(&id, below).await {
                        Ok(Seen::One(view)) => EitherOf4::A(view! { <One view first=below.is_none() /> }),
                        Ok(Seen::Nothing) => EitherOf4::B(view! { <Missing /> }),
                        Ok(Seen::Denied) => EitherOf4::C(view! { <Denied /> }),
                        Err(_) => EitherOf4::D(view! { <p class="form-error" role="alert">{say!(lang, webhooks.failed)}</p> }),
                    }
                })}
            </Suspense>
        </SettingsPage>
    }
}

async fn look(id: &str, below: Option<i64>) -> Result<Seen, AskError> {
    let (visit, session) = Visit::signed_in()?;
    if !session.role.may(Right::SetUp) {
        return Ok(Seen::Denied);
    }
    let unavailable = |_| AskError::Unavailable.answered();
    let endpoint = visit.store.endpoint(&session.workspace, id).await.map_err(unavailable)?;
    let Some(endpoint) = endpoint else { return Ok(Seen::Nothing) };
    // One more than is shown says whether there is another page.
    let read = visit.store.deliveries(&session.workspace, id, below, SHOWN + 1).await;
    let mut deliveries = read.map_err(unavailable)?;
    let more = deliveries.len() > SHOWN as usize;
    deliveries.truncate(SHOWN as usize);
    let older = deliveries.last().filter(|_| more).map(|delivery| delivery.id);
    Ok(Seen::One(Box::new((endpoint, deliveries, older))))
}

#[component]
fn One(view: Box<Page>, first: bool) -> impl IntoView {
    let lang = use_lang();
    let (endpoint, deliveries, older) = *view;
    let path = format!("/settings/webhooks/{}", endpoint.id);
    let is_on = endpoint.off.is_none();
    let why = words::why(lang, &endpoint);
    view! {
        <div class="settings-head">
            <div>
                <h1>{endpoint.name.clone()}</h1>
                <p class="quiet cell-url">{endpoint.url.clone()}</p>
            </div>
            {words::standing(lang, &endpoint)}
        </div>
        <FormNews />
        <MadeSecret />
        {why.map(|why| view! { <p class="form-warning" role="status">{icon(Icon::WARNING)} <span>{why}</span></p> })}
        <div class="actions">
            {is_on.then(|| view! {
                <form method="post" action=format!("{path}/test")><button class="button">{say!(lang, webhooks.test)}</button></form>
            })}
            <form method="post" action=format!("{path}/switch")>
                {(!is_on).then(|| view! { <input type="hidden" name="on" value="yes" /> })}
                <button class="button">{if is_on { say!(lang, webhooks.switch_off) } else { say!(lang, webhooks.switch_on) }}</button>
            </form>
        </div>
        {log(lang, deliveries, older, first, &path, is_on)}
        <Form endpoint=Some(endpoint) />
        <section class="panel">
            <h2>{say!(lang, webhooks.secret)}</h2>
            <p class="quiet">{say!(lang, webhooks.new_secret_more)}</p>
            <form method="post" action=format!("{path}/secret")>
                <button class="button">{say!(lang, webhooks.new_secret)}</button>
            </form>
        </section>
        <form method="post" action=format!("{path}/remove") class="panel">
            <h2>{say!(lang, webhooks.remove)}</h2>
            <p class="quiet">{say!(lang, webhooks.remove_more)}</p>
            <Check name="sure" label=say!(lang, webhooks.remove_sure) hint=say!(lang, webhooks.remove_sure_more) />
            <p class="form-end"><button class="button grave">{icon(Icon::WARNING)} {say!(lang, webhooks.remove)}</button></p>
        </form>
    }
}

//! `/settings/webhooks`: programs elsewhere that are told what happens to calls.

mod log;
pub(crate) mod one;
pub(crate) mod words;

use leptos::prelude::*;
use switchyard::{
    rights::Right,
    webhooks::{Endpoint, EventType, events_to_text},
};

use super::{
    denied::for_whoever_may,
    settings::{SettingsPage, Tab},
};
use crate::{
    api::{AskError, visit::Visit},
    form::{Field, FormNews, GroupFault, Typed, group_is_wrong},
    lang::{Lang, use_lang},
    say,
    ui::table::Table,
};

/// All of them.
#[component]
pub(crate) fn WebhooksPage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/settings/webhooks");
    view! {
        <SettingsPage title=say!(lang, webhooks.title) here=Tab::Webhooks>
            <FormNews />
            <Suspense>
                {Suspend::new(async move {
                    for_whoever_may(endpoints().await, say!(lang, webhooks.failed), |endpoints| view! { <List endpoints /> })
                })}
            </Suspense>
        </SettingsPage>
    }
}

/// What whoever asks may see; `None` is nothing.
async fn endpoints() -> Result<Option<Vec<Endpoint>>, AskError> {
    let (visit, session) = Visit::signed_in()?;
    if !session.role.may(Right::SetUp) {
        return Ok(None);
    }
    let endpoints = visit.store.endpoints(&session.workspace).await;
    endpoints.map(Some).map_err(|_| AskError::Unavailable.answered())
}

#[component]
fn List(endpoints: Vec<Endpoint>) -> impl IntoView {
    let lang = use_lang();
    let heads = [say!(lang, webhooks.name), say!(lang, webhooks.events), say!(lang, webhooks.state)];
    let empty = endpoints.is_empty();
    let rows = endpoints.iter().map(|endpoint| row(lang, endpoint)).collect_view();
    view! {
        <div class="settings-head">
            <div>
                <h1>{say!(lang, webhooks.title)}</h1>
                <p class="quiet">{say!(lang, webhooks.lead)}</p>
            </div>
            <a href="/api/docs#webhooks" class="button">{say!(lang, webhooks.docs)}</a>
        </div>
        <MadeSecret />
        {empty.then(|| view! {
            <div class="empty">
                <p>{say!(lang, webhooks.empty)}</p>
                <p class="quiet">{say!(lang, webhooks.empty_more)}</p>
            </div>
        })}
        {(!empty).then(|| view! { <Table label=say!(lang, webhooks.title) heads>{rows}</Table> })}
        <Form endpoint=None />
    }
}

fn row(lang: Lang, endpoint: &Endpoint) -> impl IntoView + use<> {
    view! {
        <tr>
            <th scope="row">
                <span class="cell-who">
                    <a href=format!("/settings/webhooks/{}", endpoint.id) class="cell-main">{endpoint.name.clone()}</a>
                    <span class="quiet cell-sub cell-url">{endpoint.url.clone()}</span>
                </span>
            </th>
            <td class="whole"><code>{events_to_text(&endpoint.events)}</code></td>
            <td>{words::standing(lang, endpoint)}</td>
        </tr>
    }
}

/// A secret that was just made, this once.
#[component]
fn MadeSecret() -> impl IntoView {
    let lang = use_lang();
    Typed::current().link().map(|secret| {
        view! {
            <div class="made-link" role="status">
                <label for="made-secret">{say!(lang, webhooks.made_secret)}</label>
                <input id="made-secret" readonly value=secret class="digits" />
                <p class="quiet">{say!(lang, webhooks.made_more)}</p>
            </div>
        }
    })
}

/// What is to be told, and where to; of a new one, or of one that is there.
#[component]
fn Form(endpoint: Option<Endpoint>) -> impl IntoView {
    let lang = use_lang();
    let typed = Typed::current();
    let wrong = group_is_wrong("events");
    let is_new = endpoint.is_none();
    // What most want to know of a call is how it went.
    let (action, name, url, events) = endpoint.map_or_else(
        || ("/settings/webhooks".to_owned(), String::new(), String::new(), vec![EventType::Ended]),
        |known| (format!("/settings/webhooks/{}", known.id), known.name, known.url, known.events),
    );
    let private = Visit::current().is_ok_and(|visit| visit.private_webhooks);
    let hint = if private { say!(lang, webhooks.url_hint_private) } else { say!(lang, webhooks.url_hint) };
    let boxes = EventType::ALL.map(|event| {
        let field = format!("event-{}", event.code());
        let ticked = typed.ticked("url", &field, events.contains(&event));
        view! {
            <label class="tick">
                <input
                    type="checkbox"
                    name=field
                    value="yes"
                    checked=ticked
                    aria-invalid=wrong.0
                    aria-describedby=wrong.1.clone()
                />
                <span>{words::event(lang, event)} " " <code class="quiet">{event.code()}</code></span>
            </label>
        }
    });
    view! {
        <form method="post" action=action class="panel fields">
            <h2>{if is_new { say!(lang, webhooks.add_title) } else { say!(lang, webhooks.about) }}</h2>
            <Field name="name" label=say!(lang, webhooks.name) known=name hint=say!(lang, webhooks.name_hint) />
            <Field name="url" label=say!(lang, webhooks.url) known=url inputmode="url" hint />
            <fieldset class="ticks in-columns">
                <legend>{say!(lang, webhooks.events)}</legend>
                {boxes.collect_view()}
                <GroupFault name="events" />
            </fieldset>
            <p class="form-end">
                <button class="button primary">{if is_new { say!(lang, webhooks.add_title) } else { say!(lang, person.save) }}</button>
            </p>
        </form>
    }
}

//! The forms of the pages with endpoints. Secrets are shown once, on the answer itself.

use std::collections::BTreeMap;

use axum::{
    Form,
    extract::{Path, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use serde_json::Value;
use switchyard::{
    audit::{Change, Deed, Known, between},
    people::{self, Fault},
    ports::{Session, StoreError},
    webhooks::{Endpoint, EventType, MOST_ENDPOINTS, Off, Secrets, events_to_text, test_payload},
};

use super::{
    address::{self, host},
    secret,
};
use crate::{
    forms::{Fields, again as once_more, field, once},
    people::{new_id, trouble},
    settings::Allowed,
    state::Deps,
    vault::Field,
};

/// The page with all of them.
const PATH: &str = "/settings/webhooks";

/// The page of one.
fn path_of(id: &str) -> String {
    format!("{PATH}/{id}")
}

/// `GET` of the address of a form leads to its page.
pub async fn back(Path(id): Path<String>) -> Redirect {
    Redirect::to(&path_of(&id))
}

/// The same for a form about one delivery.
pub async fn home(Path((id, _)): Path<(String, String)>) -> Redirect {
    Redirect::to(&path_of(&id))
}

/// `POST /settings/webhooks`: a new endpoint, with its secret.
pub async fn add(State(deps): State<Deps>, Allowed(session): Allowed, parts: Parts, Form(fields): Fields) -> Response {
    match make(&deps, &session, &fields).await {
        Ok(secret) => once(&deps, parts, PATH, secret).await,
        Err(faults) => once_more(&deps, parts, PATH, fields, faults).await,
    }
}

async fn make(deps: &Deps, session: &Session, fields: &BTreeMap<String, String>) -> Result<String, Vec<Fault>> {
    let workspace = &session.workspace;
    let (name, url, events) = read(deps, fields)?;
    let known = deps.store.endpoints(workspace).await.map_err(|error| vec![trouble(&error)])?;
    if known.len() >= MOST_ENDPOINTS {
        return Err(vec![Fault::TooManyEndpoints]);
    }
    let secret = secret::make();
    let sealed = deps.tenants.seal(workspace, Field::WebhookSecret, &secret).map_err(|error| vec![locked(&error)])?;
    let endpoint = Endpoint {
        id: new_id(),
        name,
        url,
        events,
        secrets: Secrets { now: sealed, before: None },
        created: deps.clock.now(),
        off: None,
        failing: None,
    };
    deps.store.add_endpoint(workspace, &endpoint).await.map_err(|error| vec![trouble(&error)])?;
    deps.note(session, Deed::WebhookAdded, &host(&endpoint.url), between(None, Some(&told(&endpoint)))).await;
    Ok(secret.expose().to_owned())
}

/// `POST /settings/webhooks/{endpoint}`.
pub async fn edit(
    State(deps): State<Deps>,
    Path(id): Path<String>,
    Allowed(session): Allowed,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let known = match deps.store.endpoint(&session.workspace, &id).await {
        Ok(Some(known)) => known,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => return once_more(&deps, parts, &path_of(&id), fields, vec![trouble(&error)]).await,
    };
    let saved = async {
        let (name, url, events) = read(&deps, &fields)?;
        let endpoint = Endpoint { name, url, events, ..known.clone() };
        let there = deps.store.change_endpoint(&session.workspace, &endpoint).await;
        there.map(|there| (there, endpoint)).map_err(|error| vec![trouble(&error)])
    };
    match saved.await {
        Ok((true, endpoint)) => {
            let changes = between(Some(&told(&known)), Some(&told(&endpoint)));
            if !changes.is_empty() {
                deps.note(&session, Deed::WebhookChanged, &host(&endpoint.url), changes).await;
            }
            Redirect::to(&format!("{}?done=saved", path_of(&id))).into_response()
        }
        Ok((false, _)) => StatusCode::NOT_FOUND.into_response(),
        Err(faults) => once_more(&deps, parts, &path_of(&id), fields, faults).await,
    }
}

/// What a form says of an endpoint, or all its faults at once.
fn read(deps: &Deps, fields: &BTreeMap<String, String>) -> Result<(String, String, Vec<EventType>), Vec<Fault>> {
    let name = people::name(field(fields, "name"));
    let url = address::read(field(fields, "url"), deps.webhooks.reaches_private());
    let ticked = |event: &EventType| !field(fields, &format!("event-{}", event.code())).is_empty();
    let events: Vec<EventType> = EventType::ALL.into_iter().filter(ticked).collect();
    let none = events.is_empty().then_some(Fault::EventsMissing);
    match (name, url, none) {
        (Ok(name), Ok(url), None) => Ok((name, url.into(), events)),
        (name, url, none) => Err([name.err(), url.err(), none].into_iter().flatten().collect()),
    }
}

/// What the audit log is told of an endpoint.
fn told(endpoint: &Endpoint) -> Known<3> {
    [
        ("name", Some(endpoint.name.clone())),
        ("url", Some(host(&endpoint.url))),
        ("events", Some(events_to_text(&endpoint.events))),
    ]
}

/// `POST /settings/webhooks/{endpoint}/switch`: off, or with `on` on again.
pub async fn switch(
    State(deps): State<Deps>,
    Path(id): Path<String>,
    Allowed(session): Allowed,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let on = !field(&fields, "on").is_empty();
    let off = (!on).then(|| (deps.clock.now(), Off::Asked));
    let done = async |known: &Endpoint| {
        if deps.store.switch_endpoint(&session.workspace, &id, off).await? {
            let deed = if on { Deed::WebhookSwitchedOn } else { Deed::WebhookSwitchedOff };
            let states = if on { ("off", "on") } else { ("on", "off") };
            let change = Change::new("state", Some(states.0), Some(states.1));
            deps.note(&session, deed, &host(&known.url), vec![change]).await;
        }
        Ok(format!("{}?done=saved", path_of(&id)))
    };
    answer(&deps, &session, &id, parts, done).await
}

/// `POST /settings/webhooks/{endpoint}/secret`: a new one; for a day messages are signed with both.
pub async fn renew(
    State(deps): State<Deps>,
    Path(id): Path<String>,
    Allowed(session): Allowed,
    parts: Parts,
) -> Response {
    let workspace = &session.workspace;
    let renewed = async {
        let Some(known) = deps.store.endpoint(workspace, &id).await.map_err(|error| trouble(&error))? else {
            return Ok(None);
        };
        let (secret, secrets) = secret::renewed(&deps.tenants.vault, workspace, &known.secrets, deps.clock.now())
            .map_err(|error| locked(&error))?;
        let put = deps.store.put_secrets(workspace, &id, &known.secrets, &secrets).await;
        // Somebody else was faster: theirs counts, and nobody is shown one that does not.
        if !put.map_err(|error| trouble(&error))? {
            return Err(Fault::Unavailable);
        }
        deps.note(&session, Deed::WebhookSecretReplaced, &host(&known.url), Vec::new()).await;
        Ok(Some(secret.expose().to_owned()))
    };
    match renewed.await {
        Ok(Some(secret)) => once(&deps, parts, &path_of(&id), secret).await,
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => once_more(&deps, parts, &path_of(&id), BTreeMap::new(), vec![fault]).await,
    }
}

/// `POST /settings/webhooks/{endpoint}/test`: a message that says nothing but that it came.
pub async fn test(
    State(deps): State<Deps>,
    Path(id): Path<String>,
    Allowed(session): Allowed,
    parts: Parts,
) -> Response {
    let done = async |known: &Endpoint| {
        let (workspace, now) = (&session.workspace, deps.clock.now());
        let body: Value = test_payload(workspace, &session.agent, now);
        let (message, event) = (format!("msg_{workspace}_test_{}", new_id()), EventType::Test.code());
        let added = deps.store.add_delivery(workspace, &id, &message, event, &body.to_string(), now).await?;
        if added {
            deps.note(&session, Deed::WebhookTested, &host(&known.url), Vec::new()).await;
        }
        Ok(said(&id, added, "sent"))
    };
    answer(&deps, &session, &id, parts, done).await
}

/// `POST /settings/webhooks/{endpoint}/deliveries/{delivery}/again`.
pub async fn again(
    State(deps): State<Deps>,
    Path((id, delivery)): Path<(String, String)>,
    Allowed(session): Allowed,
    parts: Parts,
) -> Response {
    let Ok(number) = delivery.parse() else { return StatusCode::NOT_FOUND.into_response() };
    let done = async |known: &Endpoint| {
        let sent = deps.store.send_again(&session.workspace, &id, number, deps.clock.now()).await?;
        if sent {
            deps.note(&session, Deed::WebhookSentAgain, &host(&known.url), Vec::new()).await;
        }
        Ok(said(&id, sent, "sent"))
    };
    answer(&deps, &session, &id, parts, done).await
}

/// `POST /settings/webhooks/{endpoint}/remove`: with its deliveries, if it is meant.
pub async fn remove(
    State(deps): State<Deps>,
    Path(id): Path<String>,
    Allowed(session): Allowed,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    if field(&fields, "sure").is_empty() {
        return match deps.store.endpoint(&session.workspace, &id).await {
            Ok(None) => StatusCode::NOT_FOUND.into_response(),
            _ => once_more(&deps, parts, &path_of(&id), fields, vec![Fault::NotSure]).await,
        };
    }
    let done = async |known: &Endpoint| {
        if deps.store.remove_endpoint(&session.workspace, &id).await? {
            deps.note(&session, Deed::WebhookRemoved, &host(&known.url), between(Some(&told(known)), None)).await;
        }
        Ok(format!("{PATH}?done=removed"))
    };
    answer(&deps, &session, &id, parts, done).await
}

/// Does something with an endpoint that is there, and leads to where `act` says.
async fn answer(
    deps: &Deps,
    session: &Session,
    id: &str,
    parts: Parts,
    act: impl AsyncFnOnce(&Endpoint) -> Result<String, StoreError>,
) -> Response {
    let done = async {
        let Some(known) = deps.store.endpoint(&session.workspace, id).await? else { return Ok(None) };
        act(&known).await.map(Some)
    };
    match done.await {
        Ok(Some(to)) => Redirect::to(&to).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => once_more(deps, parts, &path_of(id), BTreeMap::new(), vec![trouble(&error)]).await,
    }
}

/// Back to an endpoint's page, which says what was done if it was.
fn said(id: &str, done: bool, word: &str) -> String {
    if done { format!("{}?done={word}", path_of(id)) } else { path_of(id) }
}

/// A secret cannot be sealed: whoever runs the server is told why.
fn locked(error: &crate::vault::VaultError) -> Fault {
    tracing::error!(%error, "the secret of an endpoint cannot be sealed");
    Fault::Unavailable
}

//! The forms of the privacy page.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    Form,
    extract::State,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use serde_json::Value;
use switchyard::{
    audit::{Actor, Deed},
    contacts,
    id::WorkspaceId,
    people::{Account, Fault, Standing},
    ports::Session,
    rights::Right,
};
use tokio::time::timeout;

use super::{PrivacyError, erase, erase_number, finish, of_number, of_person};
use crate::{
    auth::Colleague,
    forms::{Fields, again, field},
    people::{plan, trouble},
    retention,
    state::Deps,
};

/// Where the page is.
const PAGE: &str = "/settings/privacy";

/// So long whoever erases somebody waits for Twilio.
const FINISHED_IN: Duration = Duration::from_secs(10);

/// What came of a form.
enum Done {
    /// A file with this name.
    File(String, Value),
    /// The page says so.
    Back(&'static str),
}

/// The addresses of the forms lead back to their page.
pub async fn back() -> Redirect {
    Redirect::to(PAGE)
}

/// `POST /settings/privacy/retention`: how long each kind of things is kept.
pub async fn retain(
    State(deps): State<Deps>,
    Colleague(session): Colleague,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let done = async |session: &Session| {
        let by = Actor::Person { id: session.agent.clone(), name: session.name.clone() };
        retention::choose(&deps.setup, &session.workspace, by, &fields).await?;
        Ok(Done::Back("saved"))
    };
    answer(&deps, session, parts, &fields, done).await
}

/// `POST /settings/privacy/contact/export`: everything about a number, as a file.
pub async fn export_contact(
    State(deps): State<Deps>,
    Colleague(session): Colleague,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let done = async |session: &Session| {
        let number = number(&deps, session, &fields).await?;
        let data = of_number(deps.desk(), &session.workspace, &number).await.map_err(|error| trouble(&error))?;
        deps.note(session, Deed::DataExported, &number, Vec::new()).await;
        Ok(Done::File(number.trim_start_matches('+').to_owned(), data))
    };
    answer(&deps, session, parts, &fields, done).await
}

/// `POST /settings/privacy/contact/erase`.
pub async fn erase_contact(
    State(deps): State<Deps>,
    Colleague(session): Colleague,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let done = async |session: &Session| {
        let number = number(&deps, session, &fields).await?;
        sure(&fields, "sure", Fault::NotSure)?;
        let workspace = &session.workspace;
        erase_number(deps.desk(), workspace, &number).await.map_err(refused)?;
        // Whom it was about is what nobody is to know any more. It is done, however long Twilio takes.
        deps.note(session, Deed::ContactErased, "", Vec::new()).await;
        finished(&deps, workspace).await
    };
    answer(&deps, session, parts, &fields, done).await
}

/// Tells whether all of it is erased, at Twilio too. Nobody waits for what else is deleted there, which may be much.
async fn finished(deps: &Deps, workspace: &WorkspaceId) -> Result<Done, Vec<Fault>> {
    let finishing = {
        let (deps, workspace) = (deps.clone(), workspace.clone());
        tokio::spawn(async move { finish(deps.desk(), Some(&workspace)).await })
    };
    if timeout(FINISHED_IN, finishing).await.is_err() {
        return Ok(Done::Back("erasing"));
    }
    let left = deps.store.undeleted_of(workspace).await.map_err(|error| vec![trouble(&error)])?;
    Ok(Done::Back(if left.here == 0 { "erased" } else { "erasing" }))
}

/// `POST /settings/privacy/person/export`: everything about somebody in the workspace, as a file.
pub async fn export_person(
    State(deps): State<Deps>,
    Colleague(session): Colleague,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let done = async |session: &Session| {
        let account = person(&deps, session, &fields).await?;
        let data = of_person(deps.desk(), &account).await.map_err(|error| trouble(&error))?;
        deps.note(session, Deed::DataExported, &account, Vec::new()).await;
        Ok(Done::File(account.profile.id.to_string(), data))
    };
    answer(&deps, session, parts, &fields, done).await
}

/// `POST /settings/privacy/person/erase`: of somebody who was deactivated.
pub async fn erase_person(
    State(deps): State<Deps>,
    Colleague(session): Colleague,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let done = async |session: &Session| {
        let account = person(&deps, session, &fields).await?;
        if account.standing() != Standing::Deactivated {
            return Err(Fault::StillHere.into());
        }
        sure(&fields, "sure_person", Fault::NotSureOfPerson)?;
        erase(deps.desk(), &account).await.map_err(refused)?;
        deps.note(session, Deed::PersonErased, "", Vec::new()).await;
        finished(&deps, &session.workspace).await
    };
    answer(&deps, session, parts, &fields, done).await
}

async fn answer(
    deps: &Deps,
    session: Session,
    parts: Parts,
    fields: &BTreeMap<String, String>,
    act: impl AsyncFnOnce(&Session) -> Result<Done, Vec<Fault>>,
) -> Response {
    if !session.role.may(Right::Privacy) {
        return (StatusCode::FORBIDDEN, "only owners and admins handle personal data").into_response();
    }
    match act(&session).await {
        Ok(Done::Back(done)) => Redirect::to(&format!("{PAGE}?done={done}")).into_response(),
        Ok(Done::File(name, data)) => {
            let file = format!("attachment; filename=\"switchyard-{name}.json\"");
            let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, file)];
            (headers, format!("{data:#}\n")).into_response()
        }
        Err(faults) => again(deps, parts, PAGE, fields.clone(), faults).await,
    }
}

async fn number(deps: &Deps, session: &Session, fields: &BTreeMap<String, String>) -> Result<String, Fault> {
    contacts::number(field(fields, "number"), &plan(&deps.setup, &session.workspace).await?)
}

/// The person who was chosen, if whoever asks may change them.
async fn person(deps: &Deps, session: &Session, fields: &BTreeMap<String, String>) -> Result<Account, Fault> {
    let chosen = field(fields, "agent").into();
    let account = deps.store.account(&session.workspace, &chosen).await.map_err(|error| trouble(&error))?;
    let account = account.filter(|account| !account.is_erased()).ok_or(Fault::NobodyChosen)?;
    if session.role.may_manage(account.profile.role) { Ok(account) } else { Err(Fault::NotAllowed) }
}

/// What cannot be undone is said twice.
fn sure(fields: &BTreeMap<String, String>, name: &str, fault: Fault) -> Result<(), Fault> {
    if field(fields, name).is_empty() { Err(fault) } else { Ok(()) }
}

fn refused(error: PrivacyError) -> Fault {
    match error {
        PrivacyError::Calling => Fault::StillCalling,
        PrivacyError::Active => Fault::StillHere,
        PrivacyError::Ours => Fault::NumberOurs,
        PrivacyError::Unasked => Fault::CarrierAway,
        PrivacyError::Carrier(error) => {
            tracing::warn!(%error, "nobody was erased, because Twilio was not reached");
            Fault::CarrierAway
        }
        PrivacyError::Store(error) => trouble(&error),
    }
}

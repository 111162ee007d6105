//! Adding, changing and removing contacts. Everybody in the workspace may: whoever talks to somebody knows them best.

use std::collections::BTreeMap;

use axum::{
    Form,
    extract::{Path, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use switchyard::{
    contacts::{self, Contact},
    id::ContactId,
    people::{self, Fault},
    ports::{Session, StoreError},
};

use crate::{
    auth::Colleague,
    forms::{Fields, again, field},
    people::{new_id, plan, trouble},
    state::Deps,
};

/// Where a contact's own page is.
fn path_of(contact: &ContactId) -> String {
    format!("/contacts/{contact}")
}

/// Whoever comes to the address of a form gets the page with it.
pub async fn back(Path(contact): Path<String>) -> Redirect {
    Redirect::to(&path_of(&contact.into()))
}

/// `POST /contacts/new`.
pub async fn add(
    State(deps): State<Deps>,
    Colleague(session): Colleague,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let added = async {
        let contact = said(&deps, &session, new_id().into(), &fields).await?;
        deps.store.add_contact(&contact).await.map_err(|error| vec![refused(&error)])?;
        Ok(contact.id)
    };
    match added.await {
        Ok(contact) => Redirect::to(&format!("{}?done=saved", path_of(&contact))).into_response(),
        Err(faults) => again(&deps, parts, "/contacts/new", fields, faults).await,
    }
}

/// `POST /contacts/{contact}`.
pub async fn edit(
    State(deps): State<Deps>,
    Path(contact): Path<String>,
    Colleague(session): Colleague,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let id = ContactId::from(contact);
    let changed = async {
        let contact = said(&deps, &session, id.clone(), &fields).await?;
        deps.store.change_contact(&contact).await.map_err(|error| vec![refused(&error)])
    };
    match changed.await {
        Ok(true) => Redirect::to(&format!("{}?done=saved", path_of(&id))).into_response(),
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        Err(faults) => again(&deps, parts, &path_of(&id), fields, faults).await,
    }
}

/// `POST /contacts/{contact}/remove`: their calls stay in the history.
pub async fn remove(
    State(deps): State<Deps>,
    Path(contact): Path<String>,
    Colleague(session): Colleague,
    parts: Parts,
) -> Response {
    let id = ContactId::from(contact);
    match deps.store.remove_contact(&session.workspace, &id).await {
        Ok(true) => Redirect::to("/contacts?done=removed").into_response(),
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => again(&deps, parts, &path_of(&id), BTreeMap::new(), vec![trouble(&error)]).await,
    }
}

/// What a form says of a contact, or all its faults at once.
async fn said(
    deps: &Deps,
    session: &Session,
    id: ContactId,
    fields: &BTreeMap<String, String>,
) -> Result<Contact, Vec<Fault>> {
    let plan = plan(&deps.setup, &session.workspace).await.map_err(|fault| vec![fault])?;
    let typed = |name| field(fields, name);
    let (name, number, note) =
        (people::name(typed("name")), contacts::number(typed("number"), &plan), contacts::note(typed("note")));
    match (name, number, note) {
        (Ok(name), Ok(number), Ok(note)) => {
            Ok(Contact { workspace: session.workspace.clone(), id, number, name, note })
        }
        (name, number, note) => Err([name.err(), number.err(), note.err()].into_iter().flatten().collect()),
    }
}

fn refused(error: &StoreError) -> Fault {
    match error {
        StoreError::Taken => Fault::NumberTaken,
        error => trouble(error),
    }
}
